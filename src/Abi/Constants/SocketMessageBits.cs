namespace Cashew.Abi;

/// <summary>Flags of send(2) and recv(2).</summary>
/// <source>send(2), recv(2)</source>
public static class SocketMessageBits
{
    public const uint MSG_OOB = 1;
    public const uint MSG_PEEK = 2;
    public const uint MSG_DONTROUTE = 4;
    public const uint MSG_CTRUNC = 8;
    public const uint MSG_PROXY = 0x10;
    public const uint MSG_TRUNC = 0x20;
    public const uint MSG_DONTWAIT = 0x40;
    public const uint MSG_EOR = 0x80;
    public const uint MSG_WAITALL = 0x100;
    public const uint MSG_FIN = 0x200;
    public const uint MSG_SYN = 0x400;
    public const uint MSG_CONFIRM = 0x800;
    public const uint MSG_RST = 0x1000;
    public const uint MSG_ERRQUEUE = 0x2000;
    public const uint MSG_NOSIGNAL = 0x4000;
    public const uint MSG_MORE = 0x8000;
    public const uint MSG_WAITFORONE = 0x10000;
    public const uint MSG_ZEROCOPY = 0x4000000;
    public const uint MSG_FASTOPEN = 0x20000000;
    public const uint MSG_CMSG_COMPAT = 0x80000000;
    public const uint MSG_CMSG_CLOEXEC = 0x40000000;
}
