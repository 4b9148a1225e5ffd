using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Where the threads of a process that dumps core come together: all but the one that writes wait here on
/// their way out, with their registers saved, until it is done.
/// </summary>
/// <locking>The process's signal lock; the list is made long enough beforehand.</locking>
internal sealed class CoreRendezvous(Process process)
{
    private readonly Process _process = process;
    private readonly WaitQueue _changes = new();
    private int _arrivedCount;
    private bool _isDone;

    /// <summary>A thread that is to exit waits; its state is that of its last moment in user mode.</summary>
    internal void Attend(UserThread thread)
    {
        using (SpinLock.Guard guard = _process.SignalState.Lock.Acquire())
        {
            if (_isDone) return;
            thread.SignalState.IsAtRendezvous = true;
            _arrivedCount++;
        }

        _changes.WakeAll();
        DoneCondition condition = new(this);
        _ = Sleep.Until(_changes, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
    }

    /// <summary>Waits until every other thread is here, or has gone on its own.</summary>
    internal void WaitForOthers()
    {
        AllCondition condition = new(this);
        _ = Sleep.Until(_changes, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
    }

    /// <summary>A thread is exiting by itself.</summary>
    internal void NoteExit() => _changes.WakeAll();

    /// <summary>All may go.</summary>
    internal void End()
    {
        using (SpinLock.Guard guard = _process.SignalState.Lock.Acquire()) _isDone = true;
        _changes.WakeAll();
    }

    /// <summary>Those who wait. They stay as long as <see cref="End"/> is not called.</summary>
    internal List<UserThread> List(UserThread writer)
    {
        List<UserThread> threads = new(_arrivedCount + 1) { writer };
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        for (UserThread? thread = _process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            // Within the capacity: nothing is allocated under the lock.
            if (thread.SignalState.IsAtRendezvous) threads.Add(thread);
        }

        return threads;
    }

    private readonly struct DoneCondition(CoreRendezvous rendezvous) : ISleepCondition
    {
        public bool IsMet() => System.Threading.Volatile.Read(ref rendezvous._isDone);
    }

    private readonly struct AllCondition(CoreRendezvous rendezvous) : ISleepCondition
    {
        public bool IsMet()
        {
            using SpinLock.Guard guard = rendezvous._process.SignalState.Lock.Acquire();
            return rendezvous._arrivedCount + 1 >= rendezvous._process.LiveThreadCount;
        }
    }
}
