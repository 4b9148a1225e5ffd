using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>One processor's armed timers: a pairing heap by deadline, made of the timers
/// themselves.</summary>
/// <source>Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap", Algorithmica 1 (1986).</source>
[EagerStaticClassConstruction] // interrupt handlers come here
internal sealed class TimerQueue
{
    private static readonly PerCpu<TimerQueue> s_queues = new(static _ => new TimerQueue());

    private readonly SpinLock _lock = new(LockRank.Timer);
    private Timer? _root; // protected by _lock

    internal Timer? Root => _root;

    internal static TimerQueue OfCurrentProcessor => s_queues.Current;

    /// <summary>When the first one goes off.</summary>
    internal Nanoseconds FirstDeadline
    {
        get
        {
            using (_lock.Acquire())
            {
                return _root is null ? Nanoseconds.Max : new Nanoseconds(_root.DeadlineValue);
            }
        }
    }

    internal void Arm(Timer timer, Nanoseconds deadline)
    {
        _ = timer.Cancel();
        bool isFirst;
        using (_lock.Acquire())
        {
            timer.DeadlineValue = deadline.Value;
            timer.Queue = this;
            _root = _root is null ? timer : Meld(_root, timer);
            isFirst = _root == timer;
        }

        if (isFirst)
        {
            Alarm.SetNoLaterThan(deadline);
        }
    }

    internal bool Cancel(Timer timer)
    {
        using (_lock.Acquire())
        {
            if (timer.Queue != this)
            {
                return false;
            }

            RemoveLocked(timer);
            return true;
        }
    }

    /// <summary>Takes a timer whose time has come; null when there is none.</summary>
    internal Timer? TakeExpired(Nanoseconds now)
    {
        using (_lock.Acquire())
        {
            Timer? first = _root;
            if (first is null || first.DeadlineValue > now.Value)
            {
                return null;
            }

            RemoveLocked(first);
            return first;
        }
    }

    private static Timer Meld(Timer left, Timer right)
    {
        // The later one becomes the first child of the earlier one.
        (Timer parent, Timer child) = left.DeadlineValue <= right.DeadlineValue ? (left, right) : (right, left);
        child.Sibling = parent.Child;
        if (parent.Child is not null)
        {
            parent.Child.Previous = child;
        }

        child.Previous = parent;
        parent.Child = child;
        return parent;
    }

    private void RemoveLocked(Timer timer)
    {
        Timer? children = MeldChildren(timer);
        if (timer == _root)
        {
            _root = children;
        }
        else
        {
            // Cut it out of its parent's list of children.
            Timer previous = timer.Previous!;
            if (previous.Child == timer)
            {
                previous.Child = timer.Sibling;
            }
            else
            {
                previous.Sibling = timer.Sibling;
            }

            if (timer.Sibling is not null)
            {
                timer.Sibling.Previous = previous;
            }

            if (children is not null)
            {
                _root = Meld(_root!, children);
            }
        }

        timer.Child = null;
        timer.Sibling = null;
        timer.Previous = null;
        Volatile.Write(ref timer.Queue, null);
    }

    /// <summary>Joins the children of a node: in pairs from the left, then from the right into one.</summary>
    private static Timer? MeldChildren(Timer timer)
    {
        Timer? pairs = null; // linked backwards through Sibling
        Timer? next = timer.Child;
        while (next is not null)
        {
            Timer first = next;
            Timer? second = first.Sibling;
            next = second?.Sibling;
            Detach(first);
            if (second is not null)
            {
                Detach(second);
                first = Meld(first, second);
            }

            first.Sibling = pairs;
            pairs = first;
        }

        Timer? result = null;
        while (pairs is not null)
        {
            Timer current = pairs;
            pairs = current.Sibling;
            Detach(current);
            result = result is null ? current : Meld(result, current);
        }

        return result;
    }

    private static void Detach(Timer timer)
    {
        timer.Sibling = null;
        timer.Previous = null;
    }
}
