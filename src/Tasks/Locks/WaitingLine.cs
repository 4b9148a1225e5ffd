using System.Threading;

namespace Cashew.Tasks;

/// <summary>
/// Threads that wait for a sleeping lock, first come first served. Made of the threads themselves, since each
/// waits for one lock at most. Protected by the lock's own spin lock.
/// </summary>
internal struct WaitingLine
{
    private Thread? _first; // also looked at without the spin lock
    private Thread? _last;

    internal readonly Thread? First => _first;

    internal readonly bool IsEmpty => Volatile.Read(in _first) is null;

    internal void Add(Thread thread)
    {
        if (_last is null)
        {
            _first = thread;
        }
        else
        {
            _last.NextInLine = thread;
        }

        _last = thread;
    }

    internal void RemoveFirst()
    {
        Thread first = _first!;
        _first = first.NextInLine;
        first.NextInLine = null;
        if (_first is null)
        {
            _last = null;
        }
    }
}
