using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The time that a process or a thread has had on processors, as a clock.</summary>
/// <source>clock_getres(2), clock_getcpuclockid(3), pthread_getcpuclockid(3).</source>
public readonly struct CpuClock
{
    /// <summary>How often timers by processor time look when little is left, so that a sleeping process is
    /// not asked every microsecond: the tick of a kernel with 250 a second.</summary>
    public static readonly Nanoseconds Resolution = Nanoseconds.FromMilliseconds(4);

    // A clock of processor time is a negative number: the complement of an id, and three bits.
    private const int KindMask = 3;
    private const int ThreadBit = 4;
    private const int IdShift = 3;

    // Kinds: user and system time, user time, and time on a processor, which is the sum, too, but exact.
    private const int UserKind = 1;
    private const int ExactKind = 2;
    private const int DescriptorKind = 3;

    private const int OwnProcess = ~0 << IdShift | ExactKind;
    private const int OwnThread = ~0 << IdShift | ThreadBit | ExactKind;

    private readonly Process _process;
    private readonly UserThread? _thread;

    private CpuClock(Process process, UserThread? thread, int number)
    {
        _process = process;
        _thread = thread;
        Number = number;
    }

    /// <summary>The negative number it goes by.</summary>
    public int Number { get; }

    public bool IsOfThread => _thread is not null;

    /// <summary>Counts nanoseconds; the others count ticks.</summary>
    public bool IsExact => Kind == ExactKind;

    private int Kind => Number & KindMask;

    /// <summary>Whether such a number is a descriptor's: there are no clocks of that kind.</summary>
    public static bool IsDescriptor(int id) => id < 0 && (id & (KindMask | ThreadBit)) == DescriptorKind;

    /// <summary>False when there is no such clock, process or thread, which is EINVAL.</summary>
    public static bool TryFind(UserThread caller, int id, CpuClockUse use, out CpuClock clock)
    {
        clock = default;
        if (id == ClockId.CLOCK_PROCESS_CPUTIME_ID) id = OwnProcess;
        if (id == ClockId.CLOCK_THREAD_CPUTIME_ID) id = OwnThread;
        if (id >= 0 || (id & KindMask) == DescriptorKind) return false;

        int target = ~(id >> IdShift);
        if ((id & ThreadBit) != 0)
        {
            UserThread? thread = target == 0 ? caller : ProcessTree.FindThread(target);
            if (thread is null || !ReferenceEquals(thread.Process, caller.Process)) return false;
            clock = new CpuClock(thread.Process, thread, id);
            return true;
        }

        bool isOwn = target == 0 || (use == CpuClockUse.Reading && target == caller.Id);
        Process? process = isOwn ? caller.Process : PidTable.Find(target)?.Process;
        if (process is null) return false;
        clock = new CpuClock(process, null, id);
        return true;
    }

    /// <summary>Whether the thread would wait for its own time to pass, which it does not while it
    /// waits.</summary>
    public bool IsOf(UserThread thread) => ReferenceEquals(_thread, thread);

    /// <summary>False once whose time it is has ended.</summary>
    /// <locking>Takes the signal lock of the process.</locking>
    public bool TryRead(out Nanoseconds now)
    {
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        return TryReadLocked(out now);
    }

    /// <inheritdoc cref="TryRead"/>
    /// <locking>The signal lock of the process is held.</locking>
    internal bool TryReadLocked(out Nanoseconds now)
    {
        bool isGone = _thread is null ? _process.State == ProcessState.Reaped : !ReferenceEquals(_thread.Pid.Thread, _thread);
        ResourceUsage usage = _thread is null ? ProcessAccounting.OfProcessLocked(_process) : ResourceUsage.Of(_thread);
        now = Kind == UserKind ? usage.UserTime : usage.CpuTime;
        return !isGone;
    }

    internal bool IsOf(Process process) => ReferenceEquals(_process, process);

    /// <summary>How long it takes at least until so much of the time has passed: as many threads may run at
    /// once as there are processors.</summary>
    public Nanoseconds LeastDelay(Nanoseconds remaining)
    {
        long parallel = _thread is null ? long.Max(1, long.Min(_process.ThreadCount, Cpu.Count)) : 1;
        Nanoseconds delay = new(remaining.Value / parallel);
        return delay < Resolution ? Resolution : delay;
    }
}
