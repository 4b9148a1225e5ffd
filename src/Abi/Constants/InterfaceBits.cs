namespace Cashew.Abi;

/// <summary>Flags of a network interface.</summary>
/// <source>netdevice(7)</source>
public static class InterfaceBits
{
    public const uint IFF_UP = 1;
    public const uint IFF_BROADCAST = 2;
    public const uint IFF_DEBUG = 4;
    public const uint IFF_LOOPBACK = 8;
    public const uint IFF_POINTOPOINT = 0x10;
    public const uint IFF_NOTRAILERS = 0x20;
    public const uint IFF_RUNNING = 0x40;
    public const uint IFF_NOARP = 0x80;
    public const uint IFF_PROMISC = 0x100;
    public const uint IFF_ALLMULTI = 0x200;
    public const uint IFF_MULTICAST = 0x1000;
    public const uint IFNAMSIZ = 0x10;
}
