using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>The signal state that the threads of a process share, and the lock for all of it.</summary>
public sealed class ProcessSignals
{
    private SignalActions _actions;

    internal ProcessSignals(SignalActions actions) => _actions = actions;

    /// <summary>Protects this object, every thread's <see cref="ThreadSignals"/>, and the list of threads.
    /// </summary>
    internal SpinLock Lock { get; } = new(LockRank.Signals);

    internal SignalQueue Queue;

    /// <summary>Read without a lock; replaced only by an exec, while no other thread is left.</summary>
    public SignalActions Actions
    {
        get => Volatile.Read(ref _actions);
        internal set => Volatile.Write(ref _actions, value);
    }

    /// <summary>Signals whose default action would end the process do nothing to it: init.</summary>
    internal bool IsProtected;

    // The end.

    /// <summary>All threads are to exit, with <see cref="GroupExitStatus"/>.</summary>
    public bool IsGroupExiting { get; internal set; }

    internal WaitStatus GroupExitStatus;

    /// <summary>While a core file is written: where the other threads wait.</summary>
    internal CoreRendezvous? Rendezvous;

    /// <summary>The process as a whole is ending, rather than shedding threads for an exec.</summary>
    public bool IsEnding => IsGroupExiting && Survivor is null;

    /// <summary>During an exec with other threads alive: the one that stays.</summary>
    internal UserThread? Survivor;

    /// <summary>Where the survivor waits for the others to be gone.</summary>
    internal WaitQueue ThreadEnds { get; } = new();

    // Job control.

    /// <summary>The signal that stopped the process, for wait4(2); 0 when it runs.</summary>
    internal int StopSignal;

    /// <summary>Threads that have yet to stop before the process counts as stopped.</summary>
    internal int StopCount;

    internal bool IsStopped;

    /// <summary>A stop that no wait has reported, and a continuation likewise.</summary>
    internal bool IsStopUnreported;
    internal bool IsContinueUnreported;

    /// <summary>What a thread of the process is to tell the parent when it next passes by.</summary>
    internal StopNotice Notice;

    /// <summary>Where stopped threads sleep.</summary>
    internal WaitQueue Stopped { get; } = new();

    /// <summary>Where signals that arrive are told of, for signalfd(2); null as long as nobody has
    /// asked.</summary>
    internal WaitQueue? Arrivals { get; private set; }

    internal WaitQueue GetArrivals()
    {
        WaitQueue made = new();
        using SpinLock.Guard guard = Lock.Acquire();
        return Arrivals ??= made;
    }

    public SignalSet Pending => Queue.Pending;
}
