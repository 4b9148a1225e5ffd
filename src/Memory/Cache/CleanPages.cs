using System.Threading;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>The page caches that hold pages which could be had again, and giving such pages back under
/// pressure.</summary>
internal sealed class CleanPages : Shrinker
{
    private static readonly SpinLock s_lock = new(LockRank.Shrinkers);
    private static PageCache? s_first;
    private static PageCache? s_last;
    private static int s_count;
    private static int s_isRegistered;

    internal static void Add(PageCache cache)
    {
        if (Volatile.Read(ref cache.IsInCleanList)) return;

        using (SpinLock.Guard guard = s_lock.Acquire())
        {
            if (cache.IsInCleanList) return;
            AppendLocked(cache);
        }

        if (Interlocked.Exchange(ref s_isRegistered, 1) == 0) MemoryPressure.Register(new CleanPages());
    }

    internal static void Remove(PageCache cache)
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        if (cache.IsInCleanList) RemoveLocked(cache);
    }

    /// <summary>Goes around the caches, one after the other; the next call goes on where this one
    /// stops.</summary>
    public override int Shrink(int wantedFrames)
    {
        int freed = 0;
        for (int left = Volatile.Read(ref s_count); left > 0 && freed < wantedFrames; left--)
        {
            PageCache? cache = TakeTurn();
            if (cache is null) break;

            // A last page may have been entered, and the cache listed again, while it was closed.
            if (cache.IsClosed) Remove(cache);
            else freed += cache.DropClean(wantedFrames - freed);
        }

        return freed;
    }

    private static PageCache? TakeTurn()
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        PageCache? cache = s_first;
        if (cache is null) return null;

        RemoveLocked(cache);
        AppendLocked(cache);
        return cache;
    }

    private static void AppendLocked(PageCache cache)
    {
        cache.NextClean = null;
        cache.PreviousClean = s_last;
        if (s_last is null) s_first = cache;
        else s_last.NextClean = cache;
        s_last = cache;
        s_count++;
        Volatile.Write(ref cache.IsInCleanList, true);
    }

    private static void RemoveLocked(PageCache cache)
    {
        if (cache.PreviousClean is null) s_first = cache.NextClean;
        else cache.PreviousClean.NextClean = cache.NextClean;
        if (cache.NextClean is null) s_last = cache.PreviousClean;
        else cache.NextClean.PreviousClean = cache.PreviousClean;
        s_count--;
        Volatile.Write(ref cache.IsInCleanList, false);
    }
}
