using System;

namespace Cashew.Machine;

/// <summary>What the boot loader told us, the same whichever protocol it spoke. Filled once, by
/// <see cref="BootLoader"/>.</summary>
public static unsafe class BootInfo
{
    internal const int MaximumRanges = 128;
    internal const int MaximumCommandLineBytes = 4096;

    private static BootModule? s_initramfs;

    internal static BootStorage Storage;

    /// <summary>The kernel's command line, without a final NUL.</summary>
    public static ReadOnlySpan<byte> CommandLine
    {
        get
        {
            fixed (byte* text = Storage.CommandLine)
            {
                // SAFETY: statics of unmanaged type lie in the image and never move.
                return new ReadOnlySpan<byte>(text, Storage.CommandLineLength);
            }
        }
    }

    /// <summary>The loader cut the command line, or it was longer than we keep.</summary>
    public static bool IsCommandLineTruncated => Storage.IsCommandLineTruncated;

    /// <summary>The archive of the first root file system; null when none was given.</summary>
    public static BootModule? Initramfs => s_initramfs;

    /// <summary>All RAM the loader reported, in bytes.</summary>
    public static long MemoryBytes
    {
        get
        {
            ulong total = 0;
            for (int i = 0; i < Storage.RangeCount; i++)
            {
                MemoryRange range = Range(i);
                total += range.IsUsable ? range.End - range.Start : 0;
            }

            return (long)total;
        }
    }

    internal static ulong RsdpAddress => Storage.RsdpAddress;
    internal static int RangeCount => Storage.RangeCount;

    internal static MemoryRange Range(int index)
    {
        fixed (ulong* starts = Storage.Starts)
        fixed (ulong* ends = Storage.Ends)
        fixed (bool* usable = Storage.Usable)
        {
            return new MemoryRange { Start = starts[index], End = ends[index], IsUsable = usable[index] };
        }
    }

    internal static void PublishInitramfs()
    {
        if (Storage.InitramfsLength != 0)
        {
            s_initramfs = new BootModule(Storage.InitramfsStart, (long)Storage.InitramfsLength);
        }
    }

    /// <summary>Fixed room, so that boot can fill it before there is any allocator.</summary>
    internal struct BootStorage
    {
        internal fixed byte CommandLine[MaximumCommandLineBytes];
        internal int CommandLineLength;
        internal bool IsCommandLineTruncated;
        internal fixed ulong Starts[MaximumRanges];
        internal fixed ulong Ends[MaximumRanges];
        internal fixed bool Usable[MaximumRanges];
        internal int RangeCount;
        internal ulong InitramfsStart;
        internal ulong InitramfsLength;
        internal ulong RsdpAddress;
    }
}
