using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>How large pipes may be, one and all of a user's.</summary>
/// <source>pipe(7), "/proc files"; fcntl(2), F_SETPIPE_SZ.</source>
public static class PipeLimits
{
    /// <summary>Two: less would keep a writer and a reader from running at once.</summary>
    internal const int FewestSlots = 2;

    private const int PageBytes = UserAddress.PageSizeBytes;

    // Each a word of its own.
    private static long s_maxBytes = 1 << 20;
    private static long s_softPages = 16384;
    private static long s_hardPages;

    /// <summary>What a user without CAP_SYS_RESOURCE may give a pipe, a power of two of pages.</summary>
    public static long MaxBytes
    {
        get => Volatile.Read(ref s_maxBytes);
        set => Volatile.Write(ref s_maxBytes, (long)SlotsFor((ulong)value) * PageBytes);
    }

    /// <summary>Beyond this, a user's new pipes are as small as can be; 0: no limit.</summary>
    public static long SoftPages
    {
        get => Volatile.Read(ref s_softPages);
        set => Volatile.Write(ref s_softPages, value);
    }

    /// <summary>Beyond this, a user gets no new pipes; 0: no limit.</summary>
    public static long HardPages
    {
        get => Volatile.Read(ref s_hardPages);
        set => Volatile.Write(ref s_hardPages, value);
    }

    /// <summary>Pages for so many bytes, at most 2 GiB.</summary>
    internal static int SlotsFor(ulong bytes)
    {
        int slots = 1;
        while ((ulong)slots * PageBytes < bytes) slots *= 2;
        return slots;
    }

    internal static bool IsAboveSoft(long pages) => SoftPages != 0 && pages > SoftPages;

    internal static bool IsAboveHard(long pages) => HardPages != 0 && pages > HardPages;

    internal static bool Binds(Credentials credentials)
        => !credentials.Has(Capability.CAP_SYS_RESOURCE) && !credentials.Has(Capability.CAP_SYS_ADMIN);
}
