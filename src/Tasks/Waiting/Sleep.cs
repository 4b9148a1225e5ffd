using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>The only place where threads block, and the only loop that waits for a condition.</summary>
public static class Sleep
{
    /// <summary>
    /// From here on a wake-up counts: look at the condition after this, then <see cref="Block"/> or
    /// <see cref="CancelPrepare"/>.
    /// </summary>
    public static void Prepare()
    {
        Thread self = Thread.Current;
        self.WakeReason = WakeReason.Woken;
        // A full barrier: the condition is read after the state is visible.
        Interlocked.Exchange(ref self.StateWord, (int)ThreadState.Preparing);
    }

    /// <summary>The condition holds already.</summary>
    public static void CancelPrepare() => Volatile.Write(ref Thread.Current.StateWord, (int)ThreadState.Runnable);

    /// <summary>
    /// Sleeps until a wake-up (one since <see cref="Prepare"/> counts), the deadline on the monotonic clock,
    /// or a signal that the mode lets through.
    /// </summary>
    public static WakeReason Block(SleepMode mode, Nanoseconds deadline) => Scheduler.Block(mode, deadline);

    /// <summary>Sleeps on a queue until the condition is met; looks at it after every wake-up.</summary>
    /// <returns>Woken when the condition is met, even if the time is up as well.</returns>
    public static WakeReason Until<TCondition>(
        WaitQueue queue, ref TCondition condition, SleepMode mode, Nanoseconds deadline)
        where TCondition : struct, ISleepCondition, allows ref struct =>
        Until(queue, ref condition, mode, deadline, isExclusive: false);

    /// <summary>The same, but one of several such waiters at a time is woken.</summary>
    public static WakeReason UntilExclusive<TCondition>(
        WaitQueue queue, ref TCondition condition, SleepMode mode, Nanoseconds deadline)
        where TCondition : struct, ISleepCondition, allows ref struct =>
        Until(queue, ref condition, mode, deadline, isExclusive: true);

    /// <summary>Sleeps until a point of the monotonic clock; TimedOut is the usual answer.</summary>
    public static WakeReason For(Nanoseconds deadline, SleepMode mode)
    {
        Prepare();
        return Block(mode, deadline);
    }

    /// <summary>Ends a preparation; true when a wake-up has come since <see cref="Prepare"/>.</summary>
    private static bool CancelWokenPrepare() =>
        Interlocked.Exchange(ref Thread.Current.StateWord, (int)ThreadState.Runnable) == (int)ThreadState.Runnable;

    private static WakeReason Until<TCondition>(
        WaitQueue queue, ref TCondition condition, SleepMode mode, Nanoseconds deadline, bool isExclusive)
        where TCondition : struct, ISleepCondition, allows ref struct
    {
        ThreadWaiter waiter = Thread.Current.Waiter;
        waiter.IsExclusive = isExclusive;
        queue.Add(waiter);
        WakeReason reason = WakeReason.Woken;
        bool isNeedlesslyWoken;
        while (true)
        {
            Prepare();
            if (condition.IsMet())
            {
                isNeedlesslyWoken = CancelWokenPrepare();
                reason = WakeReason.Woken;
                break;
            }

            if (reason != WakeReason.Woken)
            {
                isNeedlesslyWoken = CancelWokenPrepare();
                break;
            }

            reason = Block(mode, deadline);
        }

        queue.Remove(waiter);
        if (isExclusive && isNeedlesslyWoken)
        {
            queue.Wake(); // it was meant for the next then
        }

        return reason;
    }
}
