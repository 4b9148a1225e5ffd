namespace Cashew.Files;

/// <summary>The items that may be ready, in the order in which they will be looked at.</summary>
/// <locking>The epoll's spin lock.</locking>
internal struct EpollReadyList
{
    private EpollItem? _first;
    private EpollItem? _last;

    internal readonly EpollItem? First => System.Threading.Volatile.Read(in _first);

    /// <summary>To the end; nothing when it is in the list already.</summary>
    internal void Add(EpollItem item)
    {
        if (item.IsListed) return;
        item.IsListed = true;
        item.PreviousReady = _last;
        item.NextReady = null;
        if (_last is null) System.Threading.Volatile.Write(ref _first, item);
        else _last.NextReady = item;
        _last = item;
    }

    /// <summary>Out of the list; nothing when it is not in it.</summary>
    internal void Remove(EpollItem item)
    {
        if (!item.IsListed) return;
        item.IsListed = false;
        if (item.PreviousReady is null) System.Threading.Volatile.Write(ref _first, item.NextReady);
        else item.PreviousReady.NextReady = item.NextReady;
        if (item.NextReady is null) _last = item.PreviousReady;
        else item.NextReady.PreviousReady = item.PreviousReady;
        item.NextReady = null;
        item.PreviousReady = null;
    }
}
