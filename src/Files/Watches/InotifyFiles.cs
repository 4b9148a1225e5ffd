using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>All inotify instances, for the file system that goes.</summary>
internal static class InotifyFiles
{
    private static readonly SleepLock s_lock = new(LockRank.InotifyFiles);
    private static InotifyFile? s_first;

    internal static void Add(InotifyFile file)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        file.NextFile = s_first;
        s_first = file;
    }

    /// <summary>The file keeps its successor, so that who has come as far as this one goes on from
    /// there.</summary>
    internal static void Remove(InotifyFile file)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        ref InotifyFile? link = ref s_first;
        while (link is not null && !ReferenceEquals(link, file)) link = ref link.NextFile;
        if (link is not null) link = file.NextFile;
    }

    internal static InotifyFile? First()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        return s_first;
    }

    internal static InotifyFile? After(InotifyFile file)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        return file.NextFile;
    }
}
