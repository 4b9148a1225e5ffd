using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Mutual exclusion between processors, and from interrupt handlers, for a few
/// instructions.</summary>
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

    // Locks outlive machines, and a machine that failed leaves them as they were.
    internal bool IsFree => _holder is null || _holder.Machine != Simulation.Current;

    public Guard Acquire()
    {
        Simulation.Current.ChoicePoint();
        bool wereEnabled = Cpu.InterruptsEnabled;
        Cpu.DisableInterrupts();
        Lock();
        return new Guard(this, wereEnabled);
    }

    private void Lock()
    {
        Simulation simulation = Simulation.Current;
        if (simulation.IsEnding)
        {
            return;
        }

        while (!IsFree)
        {
            if (_holder == simulation.Cpu)
            {
                Panic.Stop((string)$"a spin lock of rank {_rank} was taken twice by one processor");
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
            Panic.Stop((string)$"a spin lock of rank {_rank} was released by a processor that does not hold it");
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
