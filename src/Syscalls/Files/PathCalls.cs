using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>What is known about files, and what is done with their names.</summary>
internal static class PathCalls
{
    private const int NoFollow = AtBits.AT_SYMLINK_NOFOLLOW;

    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.stat, "stat",
            static (caller, in a) => StatCalls.InvokeAt(caller, AtBits.AT_FDCWD, a.A0, a.A1, 0));
        table.Add(
            SyscallNumber.lstat, "lstat",
            static (caller, in a) => StatCalls.InvokeAt(caller, AtBits.AT_FDCWD, a.A0, a.A1, NoFollow));
        table.Add(
            SyscallNumber.fstat, "fstat",
            static (caller, in a) => StatCalls.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.newfstatat, "newfstatat",
            static (caller, in a) => StatCalls.InvokeAt(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.statx, "statx",
            static (caller, in a) => StatxCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4),
            "no DIO alignment");
        table.Add(
            SyscallNumber.statfs, "statfs",
            static (caller, in a) => StatfsCalls.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.fstatfs, "fstatfs",
            static (caller, in a) => StatfsCalls.InvokeOpen(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.access, "access",
            static (caller, in a) => Faccessat2.Invoke(caller, AtBits.AT_FDCWD, a.A0, a.A1, 0));
        table.Add(
            SyscallNumber.faccessat, "faccessat",
            static (caller, in a) => Faccessat2.Invoke(caller, a.A0, a.A1, a.A2, 0));
        table.Add(
            SyscallNumber.faccessat2, "faccessat2",
            static (caller, in a) => Faccessat2.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.chmod, "chmod",
            static (caller, in a) => Attributes.Fchmodat2(caller, AtBits.AT_FDCWD, a.A0, a.A1, 0));
        table.Add(
            SyscallNumber.fchmod, "fchmod",
            static (caller, in a) => Attributes.Fchmod(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.fchmodat, "fchmodat",
            static (caller, in a) => Attributes.Fchmodat2(caller, a.A0, a.A1, a.A2, 0));
        table.Add(
            SyscallNumber.fchmodat2, "fchmodat2",
            static (caller, in a) => Attributes.Fchmodat2(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.chown, "chown",
            static (caller, in a) => Attributes.Fchownat(caller, AtBits.AT_FDCWD, a.A0, a.A1, a.A2, 0));
        table.Add(
            SyscallNumber.lchown, "lchown",
            static (caller, in a) => Attributes.Fchownat(caller, AtBits.AT_FDCWD, a.A0, a.A1, a.A2, NoFollow));
        table.Add(
            SyscallNumber.fchown, "fchown",
            static (caller, in a) => Attributes.Fchown(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.fchownat, "fchownat",
            static (caller, in a) => Attributes.Fchownat(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.utime, "utime",
            static (caller, in a) => Utimensat.InvokeSeconds(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.utimes, "utimes",
            static (caller, in a) => Utimensat.InvokeMicroseconds(caller, AtBits.AT_FDCWD, a.A0, a.A1));
        table.Add(
            SyscallNumber.futimesat, "futimesat",
            static (caller, in a) => Utimensat.InvokeMicroseconds(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.utimensat, "utimensat",
            static (caller, in a) => Utimensat.Invoke(caller, a.A0, a.A1, a.A2, a.A3));

        table.Add(
            SyscallNumber.getdents64, "getdents64",
            static (caller, in a) => Getdents64.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.getdents, "getdents",
            static (caller, in a) => Getdents64.InvokeOld(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.ustat, "ustat", static (caller, in a) => StatfsCalls.Ustat(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.name_to_handle_at, "name_to_handle_at",
            static (caller, in a) => FileHandles.NameToHandle(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.open_by_handle_at, "open_by_handle_at",
            static (caller, in a) => FileHandles.Open(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.mkdir, "mkdir",
            static (caller, in a) => Names.Mkdirat(caller, AtBits.AT_FDCWD, a.A0, a.A1));
        table.Add(
            SyscallNumber.mkdirat, "mkdirat",
            static (caller, in a) => Names.Mkdirat(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.mknod, "mknod",
            static (caller, in a) => Names.Mknodat(caller, AtBits.AT_FDCWD, a.A0, a.A1, (uint)a.A2));
        table.Add(
            SyscallNumber.mknodat, "mknodat",
            static (caller, in a) => Names.Mknodat(caller, a.A0, a.A1, a.A2, (uint)a.A3));
        table.Add(
            SyscallNumber.unlink, "unlink",
            static (caller, in a) => Names.Unlinkat(caller, AtBits.AT_FDCWD, a.A0, 0));
        table.Add(
            SyscallNumber.rmdir, "rmdir",
            static (caller, in a) => Names.Unlinkat(caller, AtBits.AT_FDCWD, a.A0, AtBits.AT_REMOVEDIR));
        table.Add(
            SyscallNumber.unlinkat, "unlinkat",
            static (caller, in a) => Names.Unlinkat(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.symlink, "symlink",
            static (caller, in a) => Names.Symlinkat(caller, a.A0, AtBits.AT_FDCWD, a.A1));
        table.Add(
            SyscallNumber.symlinkat, "symlinkat",
            static (caller, in a) => Names.Symlinkat(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.link, "link",
            static (caller, in a) => Names.Linkat(caller, AtBits.AT_FDCWD, a.A0, AtBits.AT_FDCWD, a.A1, 0));
        table.Add(
            SyscallNumber.linkat, "linkat",
            static (caller, in a) => Names.Linkat(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.rename, "rename",
            static (caller, in a) => Names.Renameat2(caller, AtBits.AT_FDCWD, a.A0, AtBits.AT_FDCWD, a.A1, 0));
        table.Add(
            SyscallNumber.renameat, "renameat",
            static (caller, in a) => Names.Renameat2(caller, a.A0, a.A1, a.A2, a.A3, 0));
        table.Add(
            SyscallNumber.renameat2, "renameat2",
            static (caller, in a) => Names.Renameat2(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.readlink, "readlink",
            static (caller, in a) => Names.Readlinkat(caller, AtBits.AT_FDCWD, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.readlinkat, "readlinkat",
            static (caller, in a) => Names.Readlinkat(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(SyscallNumber.chdir, "chdir", static (caller, in a) => Directories.Chdir(caller, a.A0));
        table.Add(SyscallNumber.fchdir, "fchdir", static (caller, in a) => Directories.Fchdir(caller, a.A0));
        table.Add(SyscallNumber.chroot, "chroot", static (caller, in a) => Directories.Chroot(caller, a.A0));
        table.Add(
            SyscallNumber.getcwd, "getcwd",
            static (caller, in a) => Directories.Getcwd(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.umask, "umask",
            static (caller, in a) => caller.Filesystem.ExchangeUmask(a.A0));
    }
}
