using System;

namespace Cashew.Tasks;

/// <summary>
/// The fair class: earliest eligible virtual deadline first. Each thread is owed a share of the processor in
/// proportion to its weight; one that has had no more than its share is eligible, and among those the one
/// whose request is due first runs. Protected by the run queue's lock.
/// </summary>
/// <source>
/// Stoica and Abdel-Wahab, "Earliest Eligible Virtual Deadline First" (1995); nice weights: sched(7), a
/// factor of 1.25 a step. The tree is a treap: Aragon and Seidel, "Randomized search trees" (1989).
/// </source>
internal sealed class FairQueue
{
    internal const long NiceZeroWeight = 1024;

    /// <summary>What a thread asks for at a time.</summary>
    internal const long SliceNs = 3_000_000;

    private const long IdleWeight = 3;
    private const int LeastNice = -20;

    private SchedulingEntity? _root;
    private SchedulingEntity? _running;
    private long _base;        // virtual times are summed relative to this, so that the products stay small
    private long _weightedSum; // of weight * (virtual time - base), over queued and running
    private long _totalWeight;
    private uint _random = 0x9E37_79B9;

    /// <summary>Queued ones, without the running.</summary>
    internal int Count { get; private set; }

    /// <summary>Of the queued and the running.</summary>
    internal long TotalWeight => _totalWeight;

    /// <summary>The virtual time at which everybody would have had exactly their share.</summary>
    internal long Average => _totalWeight == 0 ? _base : _base + _weightedSum / _totalWeight;

    internal SchedulingEntity? Root => _root;

    private static ReadOnlySpan<int> NiceWeights =>
    [
        88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
        9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
        1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
        110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
    ];

    internal static long WeightOf(SchedulingPolicy policy, int nice) =>
        policy == SchedulingPolicy.Idle ? IdleWeight : NiceWeights[nice - LeastNice];

    /// <summary>A thread becomes runnable: its lag is kept, so that sleeping neither earns nor loses
    /// time.</summary>
    internal void Enqueue(SchedulingEntity entity)
    {
        entity.VirtualTime = Average - Setback(entity);
        entity.VirtualDeadline = entity.VirtualTime + ToVirtual(SliceNs, entity.Weight);
        Account(entity, 1);
        Insert(entity);
    }

    /// <summary>A queued thread leaves (its policy or weight changes).</summary>
    internal void Dequeue(SchedulingEntity entity)
    {
        entity.Lag = Average - entity.VirtualTime;
        Remove(entity);
        Account(entity, -1);
    }

    /// <summary>Takes the thread to run next out of the tree; it stays in the accounts.</summary>
    internal SchedulingEntity TakeNext()
    {
        long average = Average;
        SchedulingEntity? found = null;
        SchedulingEntity? node = _root;
        while (node is not null)
        {
            if (node.Left is not null && node.Left.LeastVirtualTime <= average)
            {
                node = node.Left; // somebody eligible there is due earlier
            }
            else if (node.VirtualTime <= average)
            {
                found = node;
                break;
            }
            else
            {
                node = node.Right;
            }
        }

        // Rounding can leave nobody exactly eligible; then the first deadline will do.
        found ??= First();
        Remove(found);
        _running = found;
        return found;
    }

    /// <summary>The running thread has had some time.</summary>
    internal void Charge(long nanoseconds)
    {
        if (_running is null)
        {
            return;
        }

        long delta = ToVirtual(nanoseconds, _running.Weight);
        _running.VirtualTime += delta;
        _weightedSum += delta * _running.Weight;
        Rebase();
    }

    /// <summary>Back into the tree: its time was up, or it yielded.</summary>
    internal void PutBack(SchedulingEntity entity, bool gaveUp)
    {
        _running = null;
        if (gaveUp)
        {
            Forfeit(entity);
        }

        if (gaveUp || entity.VirtualTime >= entity.VirtualDeadline)
        {
            entity.VirtualDeadline = entity.VirtualTime + ToVirtual(SliceNs, entity.Weight);
            if (gaveUp && _root is not null)
            {
                // sched_yield(2): behind all that wait now.
                entity.VirtualDeadline = Math.Max(entity.VirtualDeadline, Last().VirtualDeadline + 1);
            }
        }

        Insert(entity);
    }

    /// <summary>The running thread blocks or changes class.</summary>
    internal void Leave(SchedulingEntity entity)
    {
        _running = null;
        entity.Lag = Average - entity.VirtualTime;
        Account(entity, -1);
    }

    /// <summary>The running thread comes from another class.</summary>
    internal void JoinRunning(SchedulingEntity entity)
    {
        entity.VirtualTime = Average - Setback(entity);
        entity.VirtualDeadline = entity.VirtualTime + ToVirtual(SliceNs, entity.Weight);
        Account(entity, 1);
        _running = entity;
    }

    /// <summary>Should this one, just queued, take over from the running one?</summary>
    internal bool IsUrgent(SchedulingEntity entity) =>
        _running is not null && entity.VirtualTime <= Average && entity.VirtualDeadline < _running.VirtualDeadline;

    /// <summary>Real time the running thread may go on before its request is served.</summary>
    internal long LeftOfSlice()
    {
        if (_running is null)
        {
            return SliceNs;
        }

        long left = (_running.VirtualDeadline - _running.VirtualTime) * _running.Weight / NiceZeroWeight;
        const long ShortestNs = 100_000;
        return Math.Clamp(left, ShortestNs, SliceNs);
    }

    private static long ToVirtual(long nanoseconds, long weight) =>
        weight == NiceZeroWeight ? nanoseconds : nanoseconds * NiceZeroWeight / weight;

    /// <summary>
    /// How far before the average one has to join to have its old lag afterwards: the average moves towards
    /// it. The lag is bounded, nobody is owed, or owes, more than two slices.
    /// </summary>
    /// <source>Stoica and Abdel-Wahab, section 3: joining and leaving with a lag.</source>
    private long Setback(SchedulingEntity entity)
    {
        if (_totalWeight == 0)
        {
            return 0; // alone, there is nobody to owe or be owed by
        }

        long limit = 2 * ToVirtual(SliceNs, entity.Weight);
        return Math.Clamp(entity.Lag, -limit, limit) * (_totalWeight + entity.Weight) / _totalWeight;
    }

    private void Account(SchedulingEntity entity, int sign)
    {
        if (_totalWeight == 0 && sign > 0)
        {
            _base = entity.VirtualTime;
            _weightedSum = 0;
        }

        _totalWeight += sign * entity.Weight;
        _weightedSum += sign * entity.Weight * (entity.VirtualTime - _base);
        if (_totalWeight == 0)
        {
            _base = Math.Max(_base, entity.VirtualTime);
            _weightedSum = 0;
        }
    }

    /// <summary>Moves the base along, before the sums grow large.</summary>
    private void Rebase()
    {
        const long Far = 1L << 36; // about a minute of virtual time
        if (_totalWeight == 0)
        {
            return;
        }

        long ahead = _weightedSum / _totalWeight;
        if (ahead is > Far or < -Far)
        {
            _base += ahead;
            _weightedSum -= ahead * _totalWeight;
        }
    }

    /// <summary>
    /// Whoever yields gives up what it is owed: it falls just behind the average of the others, so one of
    /// those runs.
    /// </summary>
    private void Forfeit(SchedulingEntity entity)
    {
        long others = _totalWeight - entity.Weight;
        if (others == 0)
        {
            return;
        }

        long average = _base + (_weightedSum - entity.Weight * (entity.VirtualTime - _base)) / others;
        long lost = average + 1 - entity.VirtualTime;
        if (lost > 0)
        {
            entity.VirtualTime += lost;
            _weightedSum += lost * entity.Weight;
        }
    }

    private SchedulingEntity First()
    {
        SchedulingEntity node = _root!;
        while (node.Left is not null)
        {
            node = node.Left;
        }

        return node;
    }

    private SchedulingEntity Last()
    {
        SchedulingEntity node = _root!;
        while (node.Right is not null)
        {
            node = node.Right;
        }

        return node;
    }

    private void Insert(SchedulingEntity entity)
    {
        // xorshift: any spread will do.
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        entity.TreePriority = _random;
        entity.Left = null;
        entity.Right = null;
        entity.IsQueued = true;
        Update(entity);
        _root = Insert(_root, entity);
        Count++;
    }

    private void Remove(SchedulingEntity entity)
    {
        _root = Remove(_root, entity);
        entity.IsQueued = false;
        Count--;
    }

    // The recursion is as deep as the tree: about twice the logarithm of the number of runnable threads.
    private static SchedulingEntity Insert(SchedulingEntity? node, SchedulingEntity entity)
    {
        if (node is null)
        {
            return entity;
        }

        if (entity.TreePriority > node.TreePriority)
        {
            Split(node, entity.VirtualDeadline, out entity.Left, out entity.Right);
            Update(entity);
            return entity;
        }

        if (entity.VirtualDeadline < node.VirtualDeadline)
        {
            node.Left = Insert(node.Left, entity);
        }
        else
        {
            node.Right = Insert(node.Right, entity);
        }

        Update(node);
        return node;
    }

    /// <summary>Into those due before the deadline, and the rest.</summary>
    private static void Split(
        SchedulingEntity? node, long deadline, out SchedulingEntity? before, out SchedulingEntity? rest)
    {
        if (node is null)
        {
            before = null;
            rest = null;
        }
        else if (node.VirtualDeadline <= deadline)
        {
            Split(node.Right, deadline, out node.Right, out rest);
            Update(node);
            before = node;
        }
        else
        {
            Split(node.Left, deadline, out before, out node.Left);
            Update(node);
            rest = node;
        }
    }

    private static SchedulingEntity? Remove(SchedulingEntity? node, SchedulingEntity entity)
    {
        if (node is null)
        {
            return null;
        }

        if (node == entity)
        {
            return Join(node.Left, node.Right);
        }

        // Equal deadlines may lie on either side.
        if (entity.VirtualDeadline < node.VirtualDeadline)
        {
            node.Left = Remove(node.Left, entity);
        }
        else if (entity.VirtualDeadline > node.VirtualDeadline)
        {
            node.Right = Remove(node.Right, entity);
        }
        else
        {
            node.Left = Remove(node.Left, entity);
            node.Right = Remove(node.Right, entity);
        }

        Update(node);
        return node;
    }

    private static SchedulingEntity? Join(SchedulingEntity? left, SchedulingEntity? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        if (left.TreePriority > right.TreePriority)
        {
            left.Right = Join(left.Right, right);
            Update(left);
            return left;
        }

        right.Left = Join(left, right.Left);
        Update(right);
        return right;
    }

    private static void Update(SchedulingEntity node)
    {
        long least = node.VirtualTime;
        least = node.Left is not null ? Math.Min(least, node.Left.LeastVirtualTime) : least;
        node.LeastVirtualTime = node.Right is not null ? Math.Min(least, node.Right.LeastVirtualTime) : least;
    }
}
