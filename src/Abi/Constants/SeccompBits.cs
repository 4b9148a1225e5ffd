namespace Cashew.Abi;

/// <summary>Modes of seccomp(2).</summary>
/// <source>seccomp(2)</source>
public static class SeccompBits
{
    public const uint SECCOMP_MODE_DISABLED = 0;
    public const uint SECCOMP_MODE_STRICT = 1;
    public const uint SECCOMP_MODE_FILTER = 2;
    public const uint SECCOMP_SET_MODE_STRICT = 0;
    public const uint SECCOMP_SET_MODE_FILTER = 1;
    public const uint SECCOMP_GET_ACTION_AVAIL = 2;
}
