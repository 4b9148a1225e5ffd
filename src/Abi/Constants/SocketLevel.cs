namespace Cashew.Abi;

/// <summary>Levels of setsockopt(2) and IP protocol numbers.</summary>
/// <source>socket(7), ip(7)</source>
public static class SocketLevel
{
    public const int SOL_SOCKET = 1;
    public const int SOL_IP = 0;
    public const int SOL_TCP = 6;
    public const int SOL_UDP = 17;
    public const int SOL_IPV6 = 41;
    public const int SOL_RAW = 255;
    public const int SOL_PACKET = 263;
    public const int SOL_NETLINK = 270;
    public const int IPPROTO_IP = 0;
    public const int IPPROTO_ICMP = 1;
    public const int IPPROTO_TCP = 6;
    public const int IPPROTO_UDP = 17;
    public const int IPPROTO_IPV6 = 41;
    public const int IPPROTO_ICMPV6 = 58;
    public const int IPPROTO_RAW = 255;
}
