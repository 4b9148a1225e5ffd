using System;

namespace Cashew.Machine;

/// <summary>A processor that no program should depend on.</summary>
public static class CpuFeatures
{
    private const uint Fpu = 1;
    private const uint Sse2 = 1 << 26;

    public static bool HasFsGsBase => true;

    public static bool HasXsave => true;

    public static uint HardwareCapabilities => Word(0);

    public static int Family => 6;

    public static int Model => 42;

    public static int Stepping => 1;

    public static uint Word(int index) => index == 0 ? Fpu | Sse2 : 0;

    public static void CopyVendor(Span<byte> destination) => "CashewSimCpu"u8.CopyTo(destination);

    public static void CopyBrand(Span<byte> destination)
    {
        const int BrandBytes = 48;
        destination[..BrandBytes].Clear();
        "Cashew simulated processor"u8.CopyTo(destination);
    }
}
