namespace Cashew.Abi;

/// <summary>Codes of arch_prctl(2).</summary>
/// <source>arch_prctl(2)</source>
public static class ArchPrctl
{
    public const int ARCH_SET_GS = 0x1001;
    public const int ARCH_SET_FS = 0x1002;
    public const int ARCH_GET_FS = 0x1003;
    public const int ARCH_GET_GS = 0x1004;
    public const int ARCH_GET_CPUID = 0x1011;
    public const int ARCH_SET_CPUID = 0x1012;
}
