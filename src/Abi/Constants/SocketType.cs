namespace Cashew.Abi;

/// <summary>Socket types and creation flags.</summary>
/// <source>socket(2)</source>
public static class SocketType
{
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_RAW = 3;
    public const int SOCK_RDM = 4;
    public const int SOCK_SEQPACKET = 5;
    public const int SOCK_DCCP = 6;
    public const int SOCK_PACKET = 10;
    public const int SOCK_CLOEXEC = 524288;
    public const int SOCK_NONBLOCK = 2048;
}
