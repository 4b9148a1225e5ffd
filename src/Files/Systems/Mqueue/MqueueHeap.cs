namespace Cashew.Files.Systems;

/// <summary>The messages of a queue, the next one at the root: the highest priority, and of that the
/// oldest.</summary>
/// <remarks>A binary heap: 65536 messages come and go in 16 steps each. Its array is in pieces, made when
/// they are needed: a whole one would be larger than what the kernel's heap has for certain.</remarks>
/// <locking>The queue's.</locking>
internal sealed class MqueueHeap(int most)
{
    private const int PieceBits = 10;
    private const int PieceLength = 1 << PieceBits;

    private readonly int _most = most;
    private readonly MqueueMessage?[]?[] _pieces = new MqueueMessage?[]?[(most + PieceLength - 1) / PieceLength];
    private ulong _lastOrder;

    internal int Count { get; private set; }

    internal bool IsFull => Count == _most;

    /// <allocation>Perhaps a piece; whoever made the message has asked whether there is memory.</allocation>
    internal void Add(MqueueMessage added)
    {
        _pieces[Count >> PieceBits] ??= new MqueueMessage?[PieceLength];
        added.Order = ++_lastOrder;
        int at = Count++;
        for (int parent = (at - 1) / 2; at > 0 && IsBefore(added, At(parent)!); parent = (at - 1) / 2)
        {
            At(at) = At(parent);
            at = parent;
        }

        At(at) = added;
    }

    /// <summary>The next one; there is one.</summary>
    internal MqueueMessage Take()
    {
        MqueueMessage taken = At(0)!;
        MqueueMessage last = At(--Count)!;
        At(Count) = null;
        if (Count == 0) return taken;

        int at = 0;
        for (int child = 1; child < Count; child = 2 * at + 1)
        {
            if (child + 1 < Count && IsBefore(At(child + 1)!, At(child)!)) child++;
            if (!IsBefore(At(child)!, last)) break;
            At(at) = At(child);
            at = child;
        }

        At(at) = last;
        return taken;
    }

    private ref MqueueMessage? At(int index) => ref _pieces[index >> PieceBits]![index & (PieceLength - 1)];

    private static bool IsBefore(MqueueMessage left, MqueueMessage right) =>
        left.Priority != right.Priority ? left.Priority > right.Priority : left.Order < right.Order;
}
