namespace Cashew.Abi;

/// <summary>Sizes that programs rely on.</summary>
/// <source>limits.h(0p), path_resolution(7), execve(2)</source>
public static class Limits
{
    public const int NAME_MAX = 255;
    public const int PATH_MAX = 4096;
    public const int PIPE_BUF = 4096;
    public const int IOV_MAX = 1024;
    public const int NGROUPS_MAX = 65536;
    public const int MAX_ARG_STRLEN = 131072;
    public const int MAX_ARG_STRINGS = 2147483647;
    public const int HOST_NAME_MAX = 64;
    public const int TASK_COMM_LEN = 16;
    public const int XATTR_NAME_MAX = 255;
    public const int XATTR_SIZE_MAX = 65536;
    public const int XATTR_LIST_MAX = 65536;
    public const int CLK_TCK = 100;
}
