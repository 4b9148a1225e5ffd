namespace Cashew.Abi;

/// <summary>Options and identifier kinds of the wait calls.</summary>
/// <source>wait4(2), waitid(2)</source>
public static class WaitBits
{
    public const int WNOHANG = 1;
    public const int WUNTRACED = 2;
    public const int WSTOPPED = 2;
    public const int WEXITED = 4;
    public const int WCONTINUED = 8;
    public const int WNOWAIT = 16777216;
    public const int __WNOTHREAD = 536870912;
    public const int __WALL = 1073741824;
    public const int __WCLONE = int.MinValue;
    public const int P_ALL = 0;
    public const int P_PID = 1;
    public const int P_PGID = 2;
    public const int P_PIDFD = 3;
}
