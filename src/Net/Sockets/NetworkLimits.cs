namespace Cashew.Net;

/// <summary>What root may set in /proc/sys/net.</summary>
/// <source>socket(7), "/proc interfaces"; unix(7).</source>
public static class NetworkLimits
{
    // 256 packets of 256 bytes and 576 around each, as Linux reckons it.
    private const int UsualBufferBytes = 212_992;

    /// <summary>wmem_default.</summary>
    public static int DefaultSendBytes { get; set; } = UsualBufferBytes;

    /// <summary>rmem_default.</summary>
    public static int DefaultReceiveBytes { get; set; } = UsualBufferBytes;

    /// <summary>wmem_max: the most that SO_SNDBUF may ask for.</summary>
    public static int MostSendBytes { get; set; } = UsualBufferBytes;

    /// <summary>rmem_max.</summary>
    public static int MostReceiveBytes { get; set; } = UsualBufferBytes;

    /// <summary>somaxconn: the most that listen(2) may ask for.</summary>
    public static int MostPendingConnections { get; set; } = Abi.SocketOption.SOMAXCONN;

    /// <summary>max_dgram_qlen: datagrams on top of the first one that wait in a socket.</summary>
    public static int MostPendingDatagrams { get; set; } = 10;
}
