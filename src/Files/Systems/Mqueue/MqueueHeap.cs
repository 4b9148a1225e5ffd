namespace Cashew.Files.Systems;

/// <summary>The messages of a queue, the next one at the root: the highest priority, and of that the oldest.</summary>
/// <remarks>A binary heap in an array, as long as there may be messages: 65536 of them come and go in 16 steps each.
/// </remarks>
/// <locking>The queue's.</locking>
internal sealed class MqueueHeap(int most)
{
    private readonly MqueueMessage[] _messages = new MqueueMessage[most];
    private ulong _lastOrder;

    internal int Count { get; private set; }

    internal bool IsFull => Count == _messages.Length;

    internal void Add(MqueueMessage added)
    {
        added.Order = ++_lastOrder;
        int at = Count++;
        for (int parent = (at - 1) / 2; at > 0 && IsBefore(added, _messages[parent]); parent = (at - 1) / 2)
        {
            _messages[at] = _messages[parent];
            at = parent;
        }

        _messages[at] = added;
    }

    /// <summary>The next one; there is one.</summary>
    internal MqueueMessage Take()
    {
        MqueueMessage taken = _messages[0];
        MqueueMessage last = _messages[--Count];
        _messages[Count] = null!;
        if (Count == 0) return taken;

        int at = 0;
        for (int child = 1; child < Count; child = 2 * at + 1)
        {
            if (child + 1 < Count && IsBefore(_messages[child + 1], _messages[child])) child++;
            if (!IsBefore(_messages[child], last)) break;
            _messages[at] = _messages[child];
            at = child;
        }

        _messages[at] = last;
        return taken;
    }

    private static bool IsBefore(MqueueMessage left, MqueueMessage right) =>
        left.Priority != right.Priority ? left.Priority > right.Priority : left.Order < right.Order;
}
