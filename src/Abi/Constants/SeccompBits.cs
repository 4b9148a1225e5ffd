namespace Cashew.Abi;

/// <summary>Modes, operations and flags of seccomp(2), and what a filter can answer.</summary>
/// <source>seccomp(2)</source>
public static class SeccompBits
{
    public const uint SECCOMP_MODE_DISABLED = 0;
    public const uint SECCOMP_MODE_STRICT = 1;
    public const uint SECCOMP_MODE_FILTER = 2;
    public const uint SECCOMP_SET_MODE_STRICT = 0;
    public const uint SECCOMP_SET_MODE_FILTER = 1;
    public const uint SECCOMP_GET_ACTION_AVAIL = 2;

    public const ulong SECCOMP_FILTER_FLAG_TSYNC = 1;
    public const ulong SECCOMP_FILTER_FLAG_LOG = 2;
    public const ulong SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;
    public const ulong SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 16;

    public const uint SECCOMP_RET_KILL_PROCESS = 0x8000_0000;
    public const uint SECCOMP_RET_KILL_THREAD = 0;
    public const uint SECCOMP_RET_TRAP = 0x0003_0000;
    public const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    public const uint SECCOMP_RET_USER_NOTIF = 0x7fc0_0000;
    public const uint SECCOMP_RET_TRACE = 0x7ff0_0000;
    public const uint SECCOMP_RET_LOG = 0x7ffc_0000;
    public const uint SECCOMP_RET_ALLOW = 0x7fff_0000;
    public const uint SECCOMP_RET_ACTION_FULL = 0xffff_0000;
    public const uint SECCOMP_RET_DATA = 0x0000_ffff;

    /// <summary>Of seccomp_data, for x86-64.</summary>
    public const uint AUDIT_ARCH_X86_64 = 0xC000_003E;
}
