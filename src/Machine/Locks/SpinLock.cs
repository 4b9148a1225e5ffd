using System.Runtime.CompilerServices;
using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// Mutual exclusion between processors, and from interrupt handlers, for a few instructions: interrupts stay
/// off while it is held, and nobody sleeps, allocates or touches user memory meanwhile.
/// </summary>
public sealed class SpinLock
{
    // What Instructions.AcquireSpinLock answers; Layout.h has the same.
    private const int WereEnabled = 1;
    private const int Contended = 2;

    private readonly LockRank _rank;
    private int _holder; // processor + 1, zero when free

    public SpinLock(LockRank rank)
    {
        _rank = rank;
    }

    /// <summary>Held by this processor?</summary>
    public bool IsHeld => Volatile.Read(ref _holder) == Cpu.CurrentId + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // 6 instructions around the routine's 11; 18 as a call
    public Guard Acquire()
    {
        int answer = Instructions.AcquireSpinLock(ref _holder);
        if ((answer & Contended) != 0)
        {
            Spin();
        }

        LockOrder.Entered(_rank);
        return new Guard(this, (answer & WereEnabled) != 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spin()
    {
        int self = Cpu.CurrentId + 1;
        while (Interlocked.CompareExchange(ref _holder, self, 0) != 0)
        {
            if (Volatile.Read(ref _holder) == self)
            {
                Panic.Stop("a spin lock was taken twice by one processor");
            }

            Instructions.Pause();
        }
    }

    private void Release(bool wereEnabled)
    {
        LockOrder.Left(_rank);
        Volatile.Write(ref _holder, 0);
        if (wereEnabled)
        {
            Instructions.EnableInterrupts();
        }
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
