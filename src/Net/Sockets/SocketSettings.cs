using System.Threading;
using Cashew.Abi;

namespace Cashew.Net;

/// <summary>What setsockopt(2) can set at the socket level.</summary>
/// <locking>Single words; the last writer wins, as on Linux.</locking>
/// <source>socket(7).</source>
public sealed class SocketSettings
{
    /// <summary>No less can be set: two small messages with what keeps them.</summary>
    private const int LeastSendBytes = 4608;
    private const int LeastReceiveBytes = 2304;

    private uint _switches;

    public int SendBufferBytes { get; private set; } = NetworkLimits.DefaultSendBytes;
    public int ReceiveBufferBytes { get; private set; } = NetworkLimits.DefaultReceiveBytes;

    /// <summary>Zero: wait without limit.</summary>
    public Machine.Nanoseconds ReceiveTimeout { get; set; }

    /// <inheritdoc cref="ReceiveTimeout"/>
    public Machine.Nanoseconds SendTimeout { get; set; }

    /// <summary>A receive call on a stream waits for so many bytes.</summary>
    public int ReceiveLowWater { get; set; } = 1;

    public int Priority { get; set; }
    public uint Mark { get; set; }
    public Linger Linger { get; set; }
    public int BusyPollMicroseconds { get; set; }

    /// <summary>Where the next MSG_PEEK begins to look; -1: always at the front.</summary>
    public int PeekOffset { get; set; } = -1;

    /// <summary>Options that are on or off, by their number.</summary>
    public bool IsOn(int option) => (Volatile.Read(ref _switches) & Bit(option)) != 0;

    public void Switch(int option, bool isOn)
    {
        if (isOn) _ = Interlocked.Or(ref _switches, Bit(option));
        else _ = Interlocked.And(ref _switches, ~Bit(option));
    }

    /// <summary>Twice what is asked for, because what keeps the bytes counts as well.</summary>
    public void SetSendBuffer(int bytes) => SendBufferBytes = Doubled(bytes, LeastSendBytes);

    /// <inheritdoc cref="SetSendBuffer"/>
    public void SetReceiveBuffer(int bytes) => ReceiveBufferBytes = Doubled(bytes, LeastReceiveBytes);

    private static int Doubled(int bytes, int least)
        => int.Max(int.Clamp(bytes, 0, int.MaxValue / 2) * 2, least);

    // All options that are switches have small numbers, but for these.
    private static uint Bit(int option) => option switch
    {
        SocketOption.SO_RXQ_OVFL => 1u << 0,
        SocketOption.SO_PASSSEC => 1u << 14,
        SocketOption.SO_TIMESTAMPNS => 1u << 31,
        _ => 1u << option,
    };
}
