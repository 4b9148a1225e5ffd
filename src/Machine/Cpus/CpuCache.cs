namespace Cashew.Machine;

/// <summary>A cache of a processor, as it tells.</summary>
/// <source>Intel SDM volume 2, CPUID leaf 4; AMD APM volume 3, leaf 0x8000001D, which is the same.</source>
public readonly struct CpuCache
{
    public const int Data = 1;
    public const int Instruction = 2;
    public const int Unified = 3;

    private const int BytesPerKib = 1024;

    /// <summary>One of the three above.</summary>
    public int Kind { get; init; }

    public int Level { get; init; }
    public int LineBytes { get; init; }

    /// <summary>Lines that share a tag.</summary>
    public int Partitions { get; init; }

    public int Ways { get; init; }
    public int Sets { get; init; }

    public long SizeKib => (long)LineBytes * Partitions * Ways * Sets / BytesPerKib;
}
