using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>Reading, writing, and what is done with descriptors.</summary>
internal static class FileCalls
{
    private const uint CreatFlags = OpenBits.O_CREAT | OpenBits.O_WRONLY | OpenBits.O_TRUNC;

    internal static void AddTo(SyscallTable table)
    {
        table.Add(SyscallNumber.read, "read", static (caller, in a) => Read.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.write, "write",
            static (caller, in a) => Write.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.pread64, "pread64",
            static (caller, in a) => Read.InvokeAt(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.pwrite64, "pwrite64",
            static (caller, in a) => Write.InvokeAt(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.readv, "readv",
            static (caller, in a) => Read.InvokeVector(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.writev, "writev",
            static (caller, in a) => Write.InvokeVector(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.preadv, "preadv",
            static (caller, in a) => Read.InvokeVectorAt(caller, a.A0, a.A1, a.A2, Positive(a.A3), 0));
        table.Add(
            SyscallNumber.pwritev, "pwritev",
            static (caller, in a) => Write.InvokeVectorAt(caller, a.A0, a.A1, a.A2, Positive(a.A3), 0));
        table.Add(
            SyscallNumber.preadv2, "preadv2",
            static (caller, in a) => Read.InvokeVectorAt(caller, a.A0, a.A1, a.A2, a.A3, a.A5));
        table.Add(
            SyscallNumber.pwritev2, "pwritev2",
            static (caller, in a) => Write.InvokeVectorAt(caller, a.A0, a.A1, a.A2, a.A3, a.A5));
        table.Add(
            SyscallNumber.lseek, "lseek",
            static (caller, in a) => Lseek.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.sendfile, "sendfile",
            static (caller, in a) => Sendfile.Invoke(caller, a.A0, a.A1, a.A2, a.A3),
            "not from a pipe");
        table.Add(
            SyscallNumber.splice, "splice",
            static (caller, in a) => Splice.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.tee, "tee",
            static (caller, in a) => Splice.InvokeTee(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.vmsplice, "vmsplice",
            static (caller, in a) => Splice.InvokeMemory(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.sync_file_range, "sync_file_range",
            static (caller, in a) => Sync.SyncFileRange(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.copy_file_range, "copy_file_range",
            static (caller, in a) => CopyFileRange.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.truncate, "truncate",
            static (caller, in a) => Truncate.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.ftruncate, "ftruncate",
            static (caller, in a) => Truncate.InvokeOpen(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.fallocate, "fallocate",
            static (caller, in a) => Truncate.InvokeAllocate(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(SyscallNumber.fsync, "fsync", static (caller, in a) => Sync.Fsync(caller, a.A0));
        table.Add(SyscallNumber.fdatasync, "fdatasync", static (caller, in a) => Sync.Fsync(caller, a.A0));
        table.Add(SyscallNumber.syncfs, "syncfs", static (caller, in a) => Sync.Syncfs(caller, a.A0));
        table.Add(SyscallNumber.sync, "sync", static (caller, in a) => 0);
        table.Add(
            SyscallNumber.fadvise64, "fadvise64",
            static (caller, in a) => Sync.Fadvise64(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.readahead, "readahead",
            static (caller, in a) => Sync.Readahead(caller, a.A0));

        table.Add(
            SyscallNumber.open, "open",
            static (caller, in a) => Openat.Invoke(caller, AtBits.AT_FDCWD, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.openat, "openat",
            static (caller, in a) => Openat.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.openat2, "openat2",
            static (caller, in a) => Openat2.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.creat, "creat",
            static (caller, in a) => Openat.Invoke(caller, AtBits.AT_FDCWD, a.A0, CreatFlags, a.A1));
        table.Add(SyscallNumber.close, "close", static (caller, in a) => Close.Invoke(caller, a.A0));
        table.Add(
            SyscallNumber.close_range, "close_range",
            static (caller, in a) => Close.InvokeRange(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.dup, "dup", static (caller, in a) => Dup.Invoke(caller, a.A0));
        table.Add(SyscallNumber.dup2, "dup2", static (caller, in a) => Dup.InvokeTo(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.dup3, "dup3",
            static (caller, in a) => Dup.InvokeWithFlags(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.pipe, "pipe", static (caller, in a) => Pipe2.Invoke(caller, a.A0, 0));
        table.Add(
            SyscallNumber.pipe2, "pipe2",
            static (caller, in a) => Pipe2.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.fcntl, "fcntl",
            static (caller, in a) => Fcntl.Invoke(caller, a.A0, a.A1, a.A2),
            "F_SETLEASE is EINVAL, as in a kernel without");
        table.Add(SyscallNumber.flock, "flock", static (caller, in a) => FlockCall.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.ioctl, "ioctl",
            static (caller, in a) => Ioctl.Invoke(caller, a.A0, a.A1, a.A2),
            "of terminals, pipes and files; no FS_IOC_FSGETXATTR");
        table.Add(SyscallNumber.vhangup, "vhangup", static (caller, in a) => Vhangup.Invoke(caller));
        table.Add(SyscallNumber.poll, "poll", static (caller, in a) => Poll.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.ppoll, "ppoll",
            static (caller, in a) => MaskedWait.Ppoll(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.select, "select",
            static (caller, in a) => Select.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.pselect6, "pselect6",
            static (caller, in a) => MaskedWait.Pselect6(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        ReadinessCalls.AddTo(table);
    }

    /// <summary>preadv(2) has no offset that stands for the file's own: the one that does for preadv2 is
    /// invalid.</summary>
    private static long Positive(long offset) => offset < 0 ? -2 : offset;
}
