using System;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Whom a directory of /proc is about: a process as a whole, or one of its threads.</summary>
internal readonly struct Subject
{
    private readonly UserThread? _thread;

    /// <summary>/proc/PID.</summary>
    internal Subject(Process process) => Process = process;

    /// <summary>/proc/PID/task/TID, or /proc/TID, which is about the process and bears the thread's
    /// number.</summary>
    internal Subject(UserThread thread, bool isTask)
    {
        Process = thread.Process;
        _thread = thread;
        IsTask = isTask;
    }

    internal Process Process { get; }

    /// <summary>Times and counts are those of the thread alone.</summary>
    internal bool IsTask { get; }

    internal int Id => _thread?.Id ?? Process.Id;

    /// <summary>The thread whose state, name and masks are shown; null of a zombie.</summary>
    internal UserThread? Thread => _thread ?? Process.Leader;

    /// <summary>The first thread has ended, and others go on.</summary>
    internal bool IsLeaderGone => _thread is null && Process.Pid.Thread is null;

    internal Credentials Credentials => Thread?.Credentials ?? Process.LastCredentials;

    internal CommandName Name => Thread?.Name ?? Process.LastName;

    internal bool IsGone
        => _thread is null
            ? Process.State == ProcessState.Reaped
            : !ReferenceEquals(_thread.Pid.Thread, _thread);

    internal bool IsOwn => ReferenceEquals(UserThread.CurrentOrNone?.Process, Process);

    internal bool IsInspectable(Credentials asker)
        => IsOwn || InspectPermission.CheckForFile(asker, Process) == Abi.Errno.None;

    /// <summary>The memory of the process, kept until it is released; null when there is none any
    /// more.</summary>
    internal AddressSpace? RetainMemory()
    {
        AddressSpace? memory = Process.Memory;
        return memory is not null && memory.TryRetain() ? memory : null;
    }

    /// <summary>Whose files these are: the process's, unless it guards secrets. A process reaches its own in
    /// any case.</summary>
    /// <source>proc(5): root owns the files of a process that is not dumpable.</source>
    internal NewNode Node(uint mode)
    {
        const int plain = 1;
        if (Process.Dumpable != plain && !IsOwn) return new NewNode(mode, 0, 0);
        Credentials credentials = Credentials;
        return new NewNode(mode, credentials.Euid, credentials.Egid);
    }

    /// <summary>The number of one of its files.</summary>
    internal ulong InodeNumber(int slot)
        => (IsTask ? ProcfsNumbers.TaskBit : 0) | (ulong)Id << ProcfsNumbers.IdShift | (uint)slot;
}
