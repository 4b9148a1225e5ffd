using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/PID/task: the threads of a process.</summary>
/// <source>proc_pid_task(5).</source>
internal sealed class TaskDirectory(
    GeneratedFilesystem filesystem, Subject subject, ulong number, in NewNode node)
    : GeneratedDirectory(filesystem, number, node)
{
    private readonly GeneratedFilesystem _filesystem = filesystem;
    private readonly Process _process = subject.Process;

    public override bool CachesName(Inode? found) => false;

    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        if (!ProcfsNames.TryParse(name, out int id)) return false;
        if (ProcessTree.FindThread(id) is not { } thread) return false;
        if (!ReferenceEquals(thread.Process, _process)) return false;
        inode = new ProcessDirectory(_filesystem, new Subject(thread, isTask: true));
        return true;
    }

    /// <summary>In the order of their numbers, so that a position stays one while threads come and
    /// go.</summary>
    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        if (_process.State == ProcessState.Reaped) return Errno.ENOENT;
        Span<byte> name = stackalloc byte[NameRules.MaxNameBytes];
        int from = (int)Math.Max(0, position - FirstChanging);
        while (FindAtOrAfter(from) is { } thread)
        {
            int id = thread.Id;
            int length = ProcfsNames.Format(id, name);
            long next = FirstChanging + id + 1;
            ulong number = new Subject(thread, isTask: true).InodeNumber(ProcfsNumbers.DirectorySlot);
            if (!sink.TryAdd(name[..length], number, InodeType.Directory, next)) return Errno.None;
            position = next;
            from = id + 1;
        }

        return Errno.None;
    }

    private UserThread? FindAtOrAfter(int from)
    {
        UserThread? best = null;
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        for (UserThread? thread = _process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (thread.Id >= from && (best is null || thread.Id < best.Id)) best = thread;
        }

        return best;
    }
}
