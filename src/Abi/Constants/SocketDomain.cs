namespace Cashew.Abi;

/// <summary>Address families.</summary>
/// <source>socket(2)</source>
public static class SocketDomain
{
    public const int AF_UNSPEC = 0;
    public const int AF_UNIX = 1;
    public const int AF_LOCAL = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int AF_NETLINK = 16;
    public const int AF_PACKET = 17;
    public const int AF_VSOCK = 40;
    public const int AF_MAX = 46;
}
