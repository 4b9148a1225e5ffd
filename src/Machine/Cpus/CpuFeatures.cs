namespace Cashew.Machine;

/// <summary>What this processor can do, read once at boot.</summary>
/// <source>Intel SDM volume 2, CPUID; leaf 0x40000000: the hypervisors' convention.</source>
public static unsafe class CpuFeatures
{
    private static CpuidRegisters s_leaf1;
    private static CpuidRegisters s_leaf7;
    private static CpuidRegisters s_extended1;
    private static uint s_maximumLeaf;

    public static bool HasNoExecute => Bit(s_extended1.Edx, 20);
    public static bool HasSmep => Bit(s_leaf7.Ebx, 7);
    public static bool HasSmap => Bit(s_leaf7.Ebx, 20);
    public static bool HasUmip => Bit(s_leaf7.Ecx, 2);
    public static bool HasFsGsBase => Bit(s_leaf7.Ebx, 0);
    public static bool HasXsave => Bit(s_leaf1.Ecx, 26);
    public static bool HasRdrand => Bit(s_leaf1.Ecx, 30);
    public static bool HasX2Apic => Bit(s_leaf1.Ecx, 21);
    public static bool HasTscDeadline => Bit(s_leaf1.Ecx, 24);
    public static bool HasGlobalPages => Bit(s_leaf1.Edx, 13);
    public static bool HasHypervisor => Bit(s_leaf1.Ecx, 31);

    /// <summary>The word that user programs get as AT_HWCAP.</summary>
    public static uint HardwareCapabilities => s_leaf1.Edx;

    public static int Family
    {
        get
        {
            int family = (int)(s_leaf1.Eax >> 8) & 0xF;
            return family == 0xF ? family + ((int)(s_leaf1.Eax >> 20) & 0xFF) : family;
        }
    }

    public static int Model => ((int)(s_leaf1.Eax >> 4) & 0xF) | (((int)(s_leaf1.Eax >> 16) & 0xF) << 4);

    public static int Stepping => (int)s_leaf1.Eax & 0xF;

    /// <summary>The feature words of /proc/cpuinfo: leaf 1 edx and ecx, leaf 7 ebx and ecx, 0x80000001 edx
    /// and ecx.</summary>
    public static uint Word(int index) => index switch
    {
        0 => s_leaf1.Edx,
        1 => s_leaf1.Ecx,
        2 => s_leaf7.Ebx,
        3 => s_leaf7.Ecx,
        4 => s_extended1.Edx,
        5 => s_extended1.Ecx,
        _ => 0,
    };

    /// <summary>Twelve characters, for example GenuineIntel.</summary>
    public static void CopyVendor(System.Span<byte> destination)
    {
        CpuidRegisters leaf = Read(0, 0);
        CopyWord(leaf.Ebx, destination);
        CopyWord(leaf.Edx, destination[4..]);
        CopyWord(leaf.Ecx, destination[8..]);
    }

    /// <summary>48 characters, padded with NULs.</summary>
    public static void CopyBrand(System.Span<byte> destination)
    {
        for (uint i = 0; i < 3; i++)
        {
            CpuidRegisters leaf = Read(0x8000_0002 + i, 0);
            int offset = (int)i * 16;
            CopyWord(leaf.Eax, destination[offset..]);
            CopyWord(leaf.Ebx, destination[(offset + 4)..]);
            CopyWord(leaf.Ecx, destination[(offset + 8)..]);
            CopyWord(leaf.Edx, destination[(offset + 12)..]);
        }
    }

    /// <summary>Bits of addresses, as far as the processor tells.</summary>
    public static bool TryGetAddressBits(out int physicalBits, out int virtualBits)
    {
        const uint Leaf = 0x8000_0008;
        uint sizes = Read(0x8000_0000, 0).Eax >= Leaf ? Read(Leaf, 0).Eax : 0;
        physicalBits = (int)(sizes & 0xFF);
        virtualBits = (int)(sizes >> 8 & 0xFF);
        return sizes != 0;
    }

    /// <summary>One of this processor's caches, the nearest first; false when there are no more.</summary>
    public static bool TryGetCache(int index, out CpuCache cache)
    {
        const uint IntelLeaf = 4;
        const uint AmdLeaf = 0x8000_001D;
        const int TopologyExtensions = 22;
        const uint AmdVendorEnd = 0x444D_4163; // "cAMD"
        bool isAmd = Read(0, 0).Ecx == AmdVendorEnd;
        if (isAmd && !Bit(s_extended1.Ecx, TopologyExtensions)) return OldAmdCaches.TryGet(index, out cache);
        CpuidRegisters leaf = isAmd ? Read(AmdLeaf, (uint)index) : ReadIfPresent(IntelLeaf, (uint)index);
        cache = new CpuCache
        {
            Kind = (int)leaf.Eax & 0x1F,
            Level = (int)(leaf.Eax >> 5) & 0x7,
            LineBytes = ((int)leaf.Ebx & 0xFFF) + 1,
            Partitions = ((int)(leaf.Ebx >> 12) & 0x3FF) + 1,
            Ways = (int)(leaf.Ebx >> 22) + 1,
            Sets = (int)leaf.Ecx + 1,
        };
        return cache.Kind is CpuCache.Data or CpuCache.Instruction or CpuCache.Unified;
    }

    internal static void Detect()
    {
        s_maximumLeaf = Read(0, 0).Eax;
        s_leaf1 = Read(1, 0);
        s_leaf7 = s_maximumLeaf >= 7 ? Read(7, 0) : default;
        s_extended1 = Read(0x8000_0001, 0);
    }

    /// <summary>x86-64-v2: what the compiler was told it may use.</summary>
    internal static bool IsBaselineMet()
    {
        const uint NeededEcx = (1 << 0) | (1 << 9) | (1 << 13) | (1 << 19) | (1 << 20) | (1 << 23);
        const uint NeededEdx = (1 << 24) | (1 << 25) | (1 << 26);
        return (s_leaf1.Ecx & NeededEcx) == NeededEcx && (s_leaf1.Edx & NeededEdx) == NeededEdx;
    }

    /// <summary>A leaf, or zeros: beyond its last leaf a processor answers with that one's data.</summary>
    internal static CpuidRegisters ReadIfPresent(uint leaf, uint subleaf) =>
        leaf <= s_maximumLeaf ? Read(leaf, subleaf) : default;

    internal static CpuidRegisters Read(uint leaf, uint subleaf)
    {
        CpuidRegisters registers;
        Instructions.Cpuid(leaf, subleaf, (uint*)&registers);
        return registers;
    }

    private static bool Bit(uint word, int bit) => ((word >> bit) & 1) != 0;

    private static void CopyWord(uint word, System.Span<byte> destination)
    {
        for (int i = 0; i < sizeof(uint); i++)
        {
            destination[i] = (byte)(word >> (8 * i));
        }
    }
}
