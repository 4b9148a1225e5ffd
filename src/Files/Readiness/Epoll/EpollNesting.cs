using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Epolls that watch epolls. There is no circle, and no chain longer than a few, so that asking one
/// ends.</summary>
/// <locking>One sleeping lock for all such watches: they are rare.</locking>
/// <source>epoll_ctl(2), ELOOP.</source>
internal static class EpollNesting
{
    /// <summary>Epolls one inside the other, the outermost included.</summary>
    internal const int MaxDepth = 5;

    private static readonly SleepLock s_lock = new(LockRank.EpollNesting);
    private static long s_searches;

    /// <summary>Held while an epoll begins or ends to be watched by an epoll.</summary>
    internal static SleepLock.Guard Acquire() => s_lock.Acquire();

    /// <summary>Whether one may watch the other.</summary>
    /// <errors>ELOOP: the inner one watches the outer, itself or through others; or the chain is too
    /// long.</errors>
    internal static Errno CheckLocked(EpollFile outer, EpollFile inner)
    {
        long search = ++s_searches;
        int below = DepthBelow(inner, search);

        // The outer one has been met on the way down: then it is inside the inner.
        if (outer.LastSearch == search) return Errno.ELOOP;
        return below + DepthAbove(outer, ++s_searches) > MaxDepth ? Errno.ELOOP : Errno.None;
    }

    internal static void AddLocked(EpollItem item)
    {
        item.NextNested = item.Epoll.FirstNested;
        item.Epoll.FirstNested = item;
    }

    internal static void RemoveLocked(EpollItem item)
    {
        ref EpollItem? link = ref item.Epoll.FirstNested;
        while (link is not null && !ReferenceEquals(link, item)) link = ref link.NextNested;
        if (link is not null) link = item.NextNested;
    }

    // Both recursions go as deep as the chains there are, which is checked when they are made; and to each
    // epoll once.

    private static int DepthBelow(EpollFile epoll, long search)
    {
        if (epoll.LastSearch == search) return epoll.FoundDepth;
        epoll.LastSearch = search;
        int deepest = 0;
        for (EpollItem? item = epoll.FirstNested; item is not null; item = item.NextNested)
        {
            deepest = int.Max(deepest, DepthBelow((EpollFile)item.File, search));
        }

        return epoll.FoundDepth = deepest + 1;
    }

    private static int DepthAbove(EpollFile epoll, long search)
    {
        if (epoll.LastSearch == search) return epoll.FoundDepth;
        epoll.LastSearch = search;
        int highest = 0;
        for (EpollItem? item = EpollWatches.FirstOf(epoll); item is not null; item = item.NextWatch)
        {
            highest = int.Max(highest, DepthAbove(item.Epoll, search));
        }

        return epoll.FoundDepth = highest + 1;
    }
}
