namespace Cashew.Abi;

/// <summary>Flags of memfd_create(2).</summary>
/// <source>memfd_create(2)</source>
public static class MemfdBits
{
    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_ALLOW_SEALING = 2;
    public const uint MFD_HUGETLB = 4;
    public const uint MFD_NOEXEC_SEAL = 8;
    public const uint MFD_EXEC = 16;
}
