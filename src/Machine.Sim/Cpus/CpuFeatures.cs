using System;

namespace Cashew.Machine;

/// <summary>A processor that no program should depend on.</summary>
/// <source>The bits: Intel SDM volume 2, CPUID.</source>
public static class CpuFeatures
{
    private const uint Fpu = 1;
    private const uint Sse2 = 1 << 26;
    private const uint Xsave = 1 << 26;
    private const uint FsGsBase = 1;
    private const uint NoExecute = 1 << 20;

    public static bool HasNoExecute => true;

    public static bool HasSmep => false;

    public static bool HasSmap => false;

    public static bool HasUmip => false;

    public static bool HasFsGsBase => true;

    public static bool HasXsave => true;

    public static bool HasRdrand => false;

    public static bool HasX2Apic => false;

    public static bool HasTscDeadline => false;

    public static bool HasGlobalPages => false;

    public static bool HasHypervisor => false;

    public static uint HardwareCapabilities => Word(0);

    public static int Family => 6;

    public static int Model => 42;

    public static int Stepping => 1;

    public static uint Word(int index) => index switch
    {
        0 => Fpu | Sse2,
        1 => Xsave,
        2 => FsGsBase,
        4 => NoExecute,
        _ => 0,
    };

    public static void CopyVendor(Span<byte> destination) => "CashewSimCpu"u8.CopyTo(destination);

    public static void CopyBrand(Span<byte> destination)
    {
        const int BrandBytes = 48;
        destination[..BrandBytes].Clear();
        "Cashew simulated processor"u8.CopyTo(destination);
    }

    public static bool TryGetAddressBits(out int physicalBits, out int virtualBits)
    {
        physicalBits = 40;
        virtualBits = 48;
        return true;
    }

    public static bool TryGetCache(int index, out CpuCache cache)
    {
        cache = new CpuCache { Kind = CpuCache.Unified, Level = 1, LineBytes = 64, Partitions = 1, Ways = 8, Sets = 64 };
        return index == 0;
    }
}
