using System.Threading;

namespace Cashew.Files;

/// <summary>What /proc/sys/fs/inotify has. The first two are for each user.</summary>
/// <source>inotify(7), "/proc interfaces".</source>
public static class InotifyLimits
{
    private static long s_mostInstances = 128;
    private static long s_mostWatches = 65536;
    private static long s_mostEvents = 16384;

    public static long MostInstances
    {
        get => Volatile.Read(ref s_mostInstances);
        set => Volatile.Write(ref s_mostInstances, value);
    }

    public static long MostWatches
    {
        get => Volatile.Read(ref s_mostWatches);
        set => Volatile.Write(ref s_mostWatches, value);
    }

    /// <summary>Of one queue that is made from now on.</summary>
    public static long MostEvents
    {
        get => Volatile.Read(ref s_mostEvents);
        set => Volatile.Write(ref s_mostEvents, value);
    }
}
