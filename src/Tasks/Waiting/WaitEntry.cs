namespace Cashew.Tasks;

/// <summary>Somebody on a <see cref="WaitQueue"/>: a thread, an epoll item, an asynchronous
/// notification.</summary>
public abstract class WaitEntry
{
    // Links of the queue, protected by its lock.
    internal WaitQueue? Queue;
    internal WaitEntry? Next;
    internal WaitEntry? Previous;

    /// <summary>Events it wants to hear of; zero: all.</summary>
    public uint Interest { get; set; }

    /// <summary>Of the exclusive ones a wake-up reaches only as many as it says.</summary>
    public bool IsExclusive { get; set; }

    public bool IsQueued => Queue is not null;

    /// <summary>
    /// Something happened. Called under the queue's spin lock, perhaps in an interrupt: no allocation, no
    /// sleep.
    /// Returns whether an exclusive entry used the wake-up.
    /// </summary>
    public abstract bool OnWake(uint events);
}
