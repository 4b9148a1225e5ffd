using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>A thread that waits for a message, or with one for room.</summary>
/// <remarks>Whoever brings what it waits for does the whole exchange, under the lock of the queue: nobody
/// else can be faster.
/// </remarks>
internal sealed class MqueueWaiter(MqueueMessage? message)
{
    private readonly WaitQueue _queue = new();
    private bool _isDone;

    /// <summary>The next in line; the lock of the queue.</summary>
    internal MqueueWaiter? Next;

    /// <summary>What is to be sent, or was received.</summary>
    internal MqueueMessage? Message { get; private set; } = message;

    internal int Priority { get; } = Scheduler.EffectivePriorityOf(Tasks.Thread.Current);

    internal bool IsDone => Volatile.Read(ref _isDone);

    internal void Finish(MqueueMessage message)
    {
        Message = message;
        Volatile.Write(ref _isDone, true);
        _queue.WakeAll();
    }

    internal WakeReason Wait(Nanoseconds deadline)
    {
        Condition condition = new(this);
        return Sleep.Until(_queue, ref condition, SleepMode.Interruptible, deadline);
    }

    private readonly struct Condition(MqueueWaiter waiter) : ISleepCondition
    {
        public bool IsMet() => waiter.IsDone;
    }
}
