namespace Cashew.Files.Systems;

/// <summary>Those who wait at one end of a queue: by priority, then by the time of their coming.</summary>
/// <locking>The queue's.</locking>
/// <source>mq_receive(3) and mq_send(3) of POSIX, the option "Priority Scheduling".</source>
internal sealed class MqueueLine
{
    private MqueueWaiter? _first;

    internal bool IsEmpty => _first is null;

    internal void Add(MqueueWaiter added)
    {
        ref MqueueWaiter? link = ref _first;
        while (link is not null && link.Priority >= added.Priority) link = ref link.Next;
        added.Next = link;
        link = added;
    }

    /// <summary>The first one; null without any.</summary>
    internal MqueueWaiter? Take()
    {
        MqueueWaiter? taken = _first;
        if (taken is not null) _first = taken.Next;
        return taken;
    }

    internal void Remove(MqueueWaiter removed)
    {
        ref MqueueWaiter? link = ref _first;
        while (link is not null && !ReferenceEquals(link, removed)) link = ref link.Next;
        if (link is not null) link = removed.Next;
    }
}
