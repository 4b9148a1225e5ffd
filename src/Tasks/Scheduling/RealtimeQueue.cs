using System.Numerics;

namespace Cashew.Tasks;

/// <summary>The real-time class: 99 priorities, first come first served in each. Protected by the run queue's
/// lock.</summary>
/// <source>sched(7).</source>
internal sealed class RealtimeQueue
{
    /// <summary>Turns of SCHED_RR.</summary>
    internal const long TurnNs = 100_000_000;

    private const int Levels = 100;

    private readonly RealtimeLink?[] _first = new RealtimeLink?[Levels];
    private readonly RealtimeLink?[] _last = new RealtimeLink?[Levels];
    private ulong _lowLevels;  // which of levels 0..63 are occupied
    private ulong _highLevels; // and of 64..99

    /// <summary>The highest priority that waits; zero when none does.</summary>
    internal int HighestPriority =>
        _highLevels != 0 ? 127 - BitOperations.LeadingZeroCount(_highLevels)
        : _lowLevels != 0 ? 63 - BitOperations.LeadingZeroCount(_lowLevels)
        : 0;

    internal void Add(RealtimeLink link, int priority, bool atFront)
    {
        RealtimeLink? first = _first[priority];
        link.IsQueued = true;
        if (first is null)
        {
            _first[priority] = link;
            _last[priority] = link;
            Mark(priority, isOccupied: true);
        }
        else if (atFront)
        {
            link.Next = first;
            first.Previous = link;
            _first[priority] = link;
        }
        else
        {
            RealtimeLink last = _last[priority]!;
            last.Next = link;
            link.Previous = last;
            _last[priority] = link;
        }
    }

    internal void Remove(RealtimeLink link, int priority)
    {
        if (link.Previous is not null)
        {
            link.Previous.Next = link.Next;
        }
        else
        {
            _first[priority] = link.Next;
        }

        if (link.Next is not null)
        {
            link.Next.Previous = link.Previous;
        }
        else
        {
            _last[priority] = link.Previous;
        }

        link.Next = null;
        link.Previous = null;
        link.IsQueued = false;
        if (_first[priority] is null)
        {
            Mark(priority, isOccupied: false);
        }
    }

    internal Thread TakeNext()
    {
        int priority = HighestPriority;
        RealtimeLink link = _first[priority]!;
        Remove(link, priority);
        return link.Thread;
    }

    private void Mark(int priority, bool isOccupied)
    {
        ref ulong word = ref priority < 64 ? ref _lowLevels : ref _highLevels;
        ulong bit = 1UL << (priority & 63);
        word = isOccupied ? word | bit : word & ~bit;
    }
}
