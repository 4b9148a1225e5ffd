using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Mutual exclusion between processors, and from interrupt handlers, for a few instructions.</summary>
public sealed class SpinLock
{
    private readonly LockRank _rank;
    private SimulatedCpu? _holder;

    public SpinLock(LockRank rank)
    {
        _rank = rank;
    }

    /// <summary>Held by this processor?</summary>
    public bool IsHeld => _holder == Simulation.Current.Cpu;

    internal bool IsFree => _holder is null;

    public Guard Acquire()
    {
        Simulation.Current.ChoicePoint();
        bool wereEnabled = Cpu.InterruptsEnabled;
        Cpu.DisableInterrupts();
        Lock();
        return new Guard(this, wereEnabled);
    }

    /// <summary>
    /// Takes the lock without a guard, for the one place where who takes it is not who gives it back: the scheduler,
    /// across a switch of threads. Interrupts are off and stay off.
    /// </summary>
    public void Enter()
    {
        if (Cpu.InterruptsEnabled && !Simulation.Current.IsEnding)
        {
            Panic.Stop("a spin lock was entered with interrupts on");
        }

        Simulation.Current.ChoicePoint();
        Lock();
    }

    /// <summary>Gives back what <see cref="Enter"/> took.</summary>
    public void Exit()
    {
        Unlock();
        Simulation.Current.ChoicePoint();
    }

    private void Lock()
    {
        Simulation simulation = Simulation.Current;
        if (simulation.IsEnding)
        {
            return;
        }

        while (_holder is not null)
        {
            if (_holder == simulation.Cpu)
            {
                Panic.Stop($"a spin lock of rank {_rank} was taken twice by one processor");
            }

            simulation.SpinOn(this);
        }

        LockOrder.Entered(_rank);
        _holder = simulation.Cpu;
    }

    private void Unlock()
    {
        if (Simulation.Current.IsEnding)
        {
            return;
        }

        if (!IsHeld)
        {
            Panic.Stop($"a spin lock of rank {_rank} was released by a processor that does not hold it");
        }

        LockOrder.Left(_rank);
        _holder = null;
    }

    private void Release(bool wereEnabled)
    {
        Unlock();
        if (wereEnabled)
        {
            Simulation.Current.Cpu.InterruptsEnabled = true;
        }

        Simulation.Current.ChoicePoint();
    }

    public readonly ref struct Guard
    {
        private readonly SpinLock _lock;
        private readonly bool _wereEnabled;

        internal Guard(SpinLock spinLock, bool wereEnabled)
        {
            _lock = spinLock;
            _wereEnabled = wereEnabled;
        }

        public void Dispose() => _lock.Release(_wereEnabled);
    }
}
