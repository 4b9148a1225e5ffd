using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The three interval timers of a process and its limits of processor time. Most processes use none,
/// so they are made when first asked for.</summary>
/// <source>setitimer(2), getrlimit(2) RLIMIT_CPU and RLIMIT_RTTIME.</source>
public sealed class IntervalTimers
{
    private readonly Process _process;
    private RealTimer? _real;
    private ProcessorTimer? _processor;
    private PosixTimers? _posix;

    internal IntervalTimers(Process process) => _process = process;

    /// <summary>Those of timer_create(2); null as long as there has been none.</summary>
    public PosixTimers? PosixOrNone => Volatile.Read(ref _posix);

    /// <summary>Those of timer_create(2).</summary>
    public PosixTimers Posix
    {
        get
        {
            if (Volatile.Read(ref _posix) is { } existing) return existing;
            PosixTimers made = new(_process);
            return Interlocked.CompareExchange(ref _posix, made, null) ?? made;
        }
    }

    /// <param name="which">One of ITIMER_*.</param>
    public TimerSetting Get(int which) => which switch
    {
        TimerBits.ITIMER_REAL => Volatile.Read(ref _real)?.Get() ?? default,
        _ => Volatile.Read(ref _processor)?.Get(which) ?? default,
    };

    /// <summary>Replaces a timer; returns what it was.</summary>
    public TimerSetting Set(int which, TimerSetting setting) =>
        which == TimerBits.ITIMER_REAL ? Real().Set(setting) : Processor().Set(which, setting);

    /// <summary>The process begins, with the limit of its parent but no timers.</summary>
    internal void Start() => LimitsChanged();

    /// <summary>RLIMIT_CPU or RLIMIT_RTTIME has changed, or a thread is real-time now that was not.</summary>
    internal void LimitsChanged()
    {
        bool isLimited = _process.Limits.Soft(RlimitResource.RLIMIT_CPU) != RlimitResource.RLIM_INFINITY
            || _process.Limits.Soft(RlimitResource.RLIMIT_RTTIME) != RlimitResource.RLIM_INFINITY;
        if (isLimited || Volatile.Read(ref _processor) is not null) Processor().Update();
    }

    /// <summary>The process ends: nothing may expire any more.</summary>
    internal void Cancel()
    {
        Volatile.Read(ref _real)?.Cancel();
        Volatile.Read(ref _processor)?.Cancel();
        PosixOrNone?.DeleteAll();
    }

    /// <summary>Another program begins: the timers of timer_create(2) are gone, and so is what they have
    /// sent.</summary>
    /// <source>execve(2).</source>
    internal void StartProgram(UserThread only)
    {
        if (PosixOrNone is not { } posix) return;
        posix.DeleteAll();
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        _process.SignalState.Queue.RemoveTimers();
        only.SignalState.Queue.RemoveTimers();
        PendingSignals.UpdateLocked(only);
    }

    private RealTimer Real()
    {
        if (Volatile.Read(ref _real) is { } existing) return existing;
        RealTimer made = new(_process);
        return Interlocked.CompareExchange(ref _real, made, null) ?? made;
    }

    private ProcessorTimer Processor()
    {
        if (Volatile.Read(ref _processor) is { } existing) return existing;
        ProcessorTimer made = new(_process);
        return Interlocked.CompareExchange(ref _processor, made, null) ?? made;
    }
}
