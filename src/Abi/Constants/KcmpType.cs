namespace Cashew.Abi;

/// <summary>What kcmp(2) compares.</summary>
/// <source>kcmp(2)</source>
public static class KcmpType
{
    public const int KCMP_FILE = 0;
    public const int KCMP_VM = 1;
    public const int KCMP_FILES = 2;
    public const int KCMP_FS = 3;
    public const int KCMP_SIGHAND = 4;
    public const int KCMP_IO = 5;
    public const int KCMP_SYSVSEM = 6;
    public const int KCMP_EPOLL_TFD = 7;
}
