using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/sysvipc, an object a piece.</summary>
/// <source>proc(5), /proc/sysvipc</source>
internal static class IpcTexts
{
    internal static void AddTo(ProcFilesystem proc)
    {
        proc.AddFile("sysvipc/shm"u8, GeneratedMode.ReadOnly, new SegmentsText());
        proc.AddFile("sysvipc/sem"u8, GeneratedMode.ReadOnly, new SetsText());
        proc.AddFile("sysvipc/msg"u8, GeneratedMode.ReadOnly, new QueuesText());
        AddLimits(proc);
    }

    private static void AddLimits(ProcFilesystem proc)
    {
        proc.AddFile("sys/kernel/shmmax"u8, GeneratedMode.OwnerWrites, new IpcNumber(
            static () => IpcLimits.SegmentBytes, static value => IpcLimits.SegmentBytes = value));
        proc.AddFile("sys/kernel/shmall"u8, GeneratedMode.OwnerWrites, new IpcNumber(
            static () => IpcLimits.SegmentPages, static value => IpcLimits.SegmentPages = value));
        proc.AddFile("sys/kernel/shmmni"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => IpcLimits.Segments, static value => IpcLimits.Segments = (int)value,
            0, IpcLimits.MostObjects));
        proc.AddFile("sys/kernel/sem"u8, GeneratedMode.OwnerWrites, new SemaphoreLimitsText());
        proc.AddFile("sys/kernel/msgmax"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => IpcLimits.MessageBytes, static value => IpcLimits.MessageBytes = (int)value,
            0, int.MaxValue));
        proc.AddFile("sys/kernel/msgmnb"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => IpcLimits.QueueBytes, static value => IpcLimits.QueueBytes = (int)value,
            0, int.MaxValue));
        proc.AddFile("sys/kernel/msgmni"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => IpcLimits.Queues, static value => IpcLimits.Queues = (int)value,
            0, IpcLimits.MostObjects));
    }

    /// <summary>The next object; null at the end. Position 0 is the heading, then the slots.</summary>
    private static T? Next<T>(IpcTable<T> table, ref TextCursor cursor)
        where T : IpcObject
    {
        while (cursor.Position - 1 <= table.HighestSlot)
        {
            if (table.At((int)cursor.Position++ - 1) is { } found) return found;
        }

        cursor.Finish();
        return null;
    }

    private static void AppendName(ByteBuilder text, IpcObject named, in IpcPerm permissions)
    {
        text.Append((long)named.Key, 10).Append((byte)' ').Append((long)named.Id, 10).Append("  "u8);

        // Right-aligned in four columns; the builder would fill octal numbers up with zeros.
        uint mode = permissions.mode;
        text.Pad(mode < 8 ? 3 : mode < 64 ? 2 : mode < 512 ? 1 : 0, (byte)' ').AppendOctal(mode);
    }

    private static void AppendOwners(ByteBuilder text, in IpcPerm permissions)
    {
        text.Append((byte)' ').Append((ulong)permissions.uid, 5).Append((byte)' ').Append((ulong)permissions.gid, 5);
        text.Append((byte)' ').Append((ulong)permissions.cuid, 5);
        text.Append((byte)' ').Append((ulong)permissions.cgid, 5);
    }

    private static void AppendTime(ByteBuilder text, long seconds) => text.Append((byte)' ').Append(seconds, 10);

    private sealed class SegmentsText : FileContents
    {
        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            if (cursor.Position++ == 0)
            {
                text.Append("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid"u8);
                text.Append("  cgid      atime      dtime      ctime                   rss                  swap\n"u8);
                return Errno.None;
            }

            cursor.Position--;
            if (Next(SharedSegments.Table, ref cursor) is not { } segment) return Errno.None;
            segment.Describe(out ShmidDs state);
            AppendName(text, segment, state.shm_perm);
            text.Append((byte)' ').Append(state.shm_segsz, 21).Append((byte)' ').Append((long)state.shm_cpid, 5);
            text.Append((byte)' ').Append((long)state.shm_lpid, 5).Append("  "u8).Append(state.shm_nattch, 5);
            AppendOwners(text, state.shm_perm);
            AppendTime(text, state.shm_atime);
            AppendTime(text, state.shm_dtime);
            AppendTime(text, state.shm_ctime);
            long residentBytes = segment.Memory.PageCount * UserAddress.PageSizeBytes;
            text.Append((byte)' ').Append(residentBytes, 21).Append((byte)' ').Append(0L, 21).Append((byte)'\n');
            return Errno.None;
        }
    }

    private sealed class SetsText : FileContents
    {
        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            if (cursor.Position++ == 0)
            {
                text.Append("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n"u8);
                return Errno.None;
            }

            cursor.Position--;
            if (Next(SemaphoreSets.Table, ref cursor) is not { } set) return Errno.None;
            set.Describe(out SemidDs state);
            AppendName(text, set, state.sem_perm);
            text.Append((byte)' ').Append(state.sem_nsems, 10);
            AppendOwners(text, state.sem_perm);
            AppendTime(text, state.sem_otime);
            AppendTime(text, state.sem_ctime);
            text.Append((byte)'\n');
            return Errno.None;
        }
    }

    private sealed class QueuesText : FileContents
    {
        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            if (cursor.Position++ == 0)
            {
                text.Append("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid"u8);
                text.Append("  cgid      stime      rtime      ctime\n"u8);
                return Errno.None;
            }

            cursor.Position--;
            if (Next(MessageQueues.Table, ref cursor) is not { } queue) return Errno.None;
            queue.Describe(out MsqidDs state);
            AppendName(text, queue, state.msg_perm);
            text.Append("  "u8).Append(state.__msg_cbytes, 10).Append((byte)' ').Append(state.msg_qnum, 10);
            text.Append((byte)' ').Append((long)state.msg_lspid, 5).Append((byte)' ');
            text.Append((long)state.msg_lrpid, 5);
            AppendOwners(text, state.msg_perm);
            AppendTime(text, state.msg_stime);
            AppendTime(text, state.msg_rtime);
            AppendTime(text, state.msg_ctime);
            text.Append((byte)'\n');
            return Errno.None;
        }
    }
}
