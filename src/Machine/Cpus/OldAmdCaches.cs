namespace Cashew.Machine;

/// <summary>The caches of AMD's processors before they told as Intel's do.</summary>
/// <source>AMD APM volume 3, CPUID leaves 0x80000005 and 0x80000006.</source>
internal static class OldAmdCaches
{
    private const uint NearLeaf = 0x8000_0005;
    private const uint FarLeaf = 0x8000_0006;
    private const int BytesPerKib = 1024;
    private const int KibPerUnit = 512;

    internal static bool TryGet(int index, out CpuCache cache)
    {
        cache = index switch
        {
            0 => Near(CpuFeatures.Read(NearLeaf, 0).Ecx, CpuCache.Data),
            1 => Near(CpuFeatures.Read(NearLeaf, 0).Edx, CpuCache.Instruction),
            2 => Far(CpuFeatures.Read(FarLeaf, 0).Ecx, 2, (int)(CpuFeatures.Read(FarLeaf, 0).Ecx >> 16)),
            3 => Far(CpuFeatures.Read(FarLeaf, 0).Edx, 3, (int)(CpuFeatures.Read(FarLeaf, 0).Edx >> 18) * KibPerUnit),
            _ => default,
        };
        return cache.Sets > 0;
    }

    private static CpuCache Near(uint word, int kind)
        => Make(kind, 1, (int)(word >> 24), (int)(word >> 16) & 0xFF, (int)word & 0xFF);

    private static CpuCache Far(uint word, int level, int kib)
        => Make(CpuCache.Unified, level, kib, WaysOf((int)(word >> 12) & 0xF), (int)word & 0xFF);

    private static CpuCache Make(int kind, int level, int kib, int ways, int lineBytes)
    {
        if (kib == 0 || ways == 0 || lineBytes == 0) return default;
        return new CpuCache
        {
            Kind = kind, Level = level, LineBytes = lineBytes, Partitions = 1, Ways = ways,
            Sets = kib * BytesPerKib / lineBytes / ways,
        };
    }

    private static int WaysOf(int code) => code switch
    {
        1 or 2 or 4 => code,
        6 => 8,
        8 => 16,
        0xA => 32,
        0xB => 48,
        0xC => 64,
        0xD => 96,
        0xE => 128,
        _ => 0,
    };
}
