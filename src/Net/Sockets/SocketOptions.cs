using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Net;

/// <summary>The options of the socket level, as getsockopt(2) and setsockopt(2) know them.</summary>
/// <source>socket(7), unix(7).</source>
public static class SocketOptions
{
    /// <summary>No option that is set is longer; SO_PEERGROUPS alone is longer to get.</summary>
    public const int MostBytes = 16;

    private const int LongTimeoutBytes = 16;
    private const int UnprivilegedPriorities = 6;
    private const long MicrosecondsPerSecond = 1_000_000;

    // ---- set
    // ------------------------------------------------------------------------------------------------------

    /// <param name="value">As the program gave it; at most <see cref="MostBytes"/>.</param>
    /// <errors>ENOPROTOOPT: no such option, or not to be set. EINVAL: the length, or the value. EPERM,
    /// EACCES: a privilege is
    /// missing. EDOM: microseconds beyond a second.</errors>
    public static Errno Set(Socket socket, int option, ReadOnlySpan<byte> value)
    {
        if (value.Length < sizeof(int)) return Errno.EINVAL;
        int number = BinaryPrimitives.ReadInt32LittleEndian(value);
        SocketSettings settings = socket.Settings;
        Credentials caller = SocketCaller.Installed.Credentials;
        switch (option)
        {
            case SocketOption.SO_DEBUG:
                if (number != 0 && !caller.Has(Capability.CAP_NET_ADMIN)) return Errno.EACCES;
                settings.Switch(option, number != 0);
                return Errno.None;
            case SocketOption.SO_REUSEPORT when number != 0 && socket.Domain == SocketDomain.AF_UNIX:
                return Errno.EOPNOTSUPP;
            case SocketOption.SO_REUSEADDR or SocketOption.SO_REUSEPORT or SocketOption.SO_DONTROUTE
                or SocketOption.SO_BROADCAST or SocketOption.SO_KEEPALIVE or SocketOption.SO_OOBINLINE
                or SocketOption.SO_NO_CHECK or SocketOption.SO_RXQ_OVFL or SocketOption.SO_PASSSEC
                or SocketOption.SO_PASSCRED:
                settings.Switch(option, number != 0);
                return Errno.None;
            case SocketOption.SO_TIMESTAMP:
            case SocketOption.SO_TIMESTAMPNS:
                settings.Switch(SocketOption.SO_TIMESTAMP, number != 0);
                settings.Switch(SocketOption.SO_TIMESTAMPNS, number != 0 && option == SocketOption.SO_TIMESTAMPNS);
                return Errno.None;
            case SocketOption.SO_BSDCOMPAT:
                return Errno.None;
            case SocketOption.SO_SNDBUF:
                settings.SetSendBuffer((int)uint.Min((uint)number, (uint)NetworkLimits.MostSendBytes));
                socket.BufferChanged();
                return Errno.None;
            case SocketOption.SO_RCVBUF:
                settings.SetReceiveBuffer((int)uint.Min((uint)number, (uint)NetworkLimits.MostReceiveBytes));
                return Errno.None;
            case SocketOption.SO_SNDBUFFORCE:
                if (!caller.Has(Capability.CAP_NET_ADMIN)) return Errno.EPERM;
                settings.SetSendBuffer(number);
                socket.BufferChanged();
                return Errno.None;
            case SocketOption.SO_RCVBUFFORCE:
                if (!caller.Has(Capability.CAP_NET_ADMIN)) return Errno.EPERM;
                settings.SetReceiveBuffer(number);
                return Errno.None;
            case SocketOption.SO_PRIORITY:
                if (number is < 0 or > UnprivilegedPriorities && !MayShape(caller)) return Errno.EPERM;
                settings.Priority = number;
                return Errno.None;
            case SocketOption.SO_MARK:
                if (!MayShape(caller)) return Errno.EPERM;
                settings.Mark = (uint)number;
                return Errno.None;
            case SocketOption.SO_BUSY_POLL:
                if (number > settings.BusyPollMicroseconds && !caller.Has(Capability.CAP_NET_ADMIN)) return Errno.EPERM;
                if (number < 0) return Errno.EINVAL;
                settings.BusyPollMicroseconds = number;
                return Errno.None;
            case SocketOption.SO_RCVLOWAT:
                settings.ReceiveLowWater = number < 0 ? int.MaxValue : int.Max(number, 1);
                return Errno.None;
            case SocketOption.SO_PEEK_OFF:
                settings.PeekOffset = number;
                return Errno.None;
            case SocketOption.SO_LINGER:
                return SetLinger(settings, value);
            case SocketOption.SO_RCVTIMEO or SocketOption.SO_RCVTIMEO_NEW:
                return TryParseTimeout(value, out Nanoseconds receive, out Errno error)
                    ? Store(settings.ReceiveTimeout = receive) : error;
            case SocketOption.SO_SNDTIMEO or SocketOption.SO_SNDTIMEO_NEW:
                return TryParseTimeout(value, out Nanoseconds send, out error)
                    ? Store(settings.SendTimeout = send) : error;
            default:
                return Errno.ENOPROTOOPT;
        }
    }

    private static Errno Store(Nanoseconds stored) => stored.Value >= 0 ? Errno.None : Errno.EINVAL;

    private static bool MayShape(Credentials caller)
        => caller.Has(Capability.CAP_NET_ADMIN) || caller.Has(Capability.CAP_NET_RAW);

    private static Errno SetLinger(SocketSettings settings, ReadOnlySpan<byte> value)
    {
        if (!MemoryMarshal.TryRead(value, out Linger linger)) return Errno.EINVAL;
        linger.l_onoff = linger.l_onoff != 0 ? 1 : 0;
        if (linger.l_onoff == 0) linger.l_linger = settings.Linger.l_linger;
        settings.Linger = linger;
        return Errno.None;
    }

    /// <errors>EINVAL: too short. EDOM: no proper fraction.</errors>
    private static bool TryParseTimeout(ReadOnlySpan<byte> value, out Nanoseconds timeout, out Errno error)
    {
        timeout = default;
        error = Errno.EINVAL;
        if (value.Length < LongTimeoutBytes || !MemoryMarshal.TryRead(value, out Timeval time)) return false;
        error = Errno.EDOM;
        if (time.tv_usec is < 0 or >= MicrosecondsPerSecond) return false;

        // A negative time means not to wait at all; what is more than a clock can hold, without limit.
        error = Errno.None;
        if (time.tv_sec < 0) timeout = new Nanoseconds(1);
        else if (time.tv_sec < int.MaxValue)
        {
            timeout = Nanoseconds.FromSeconds(time.tv_sec) + Nanoseconds.FromMicroseconds(time.tv_usec);
        }

        return true;
    }

    // ---- get
    // ------------------------------------------------------------------------------------------------------

    /// <param name="value">Of <see cref="MostBytes"/>.</param>
    /// <param name="lengthBytes">How many of them the option has.</param>
    /// <errors>ENOPROTOOPT: no such option.</errors>
    public static Errno Get(Socket socket, int option, Span<byte> value, out int lengthBytes)
    {
        lengthBytes = sizeof(int);
        SocketSettings settings = socket.Settings;
        int number;
        switch (option)
        {
            case SocketOption.SO_DEBUG or SocketOption.SO_REUSEADDR or SocketOption.SO_REUSEPORT
                or SocketOption.SO_DONTROUTE or SocketOption.SO_BROADCAST or SocketOption.SO_KEEPALIVE
                or SocketOption.SO_OOBINLINE or SocketOption.SO_NO_CHECK or SocketOption.SO_RXQ_OVFL
                or SocketOption.SO_PASSSEC or SocketOption.SO_PASSCRED:
                number = settings.IsOn(option) ? 1 : 0;
                break;
            case SocketOption.SO_TIMESTAMP:
                number = settings.IsOn(option) && !settings.IsOn(SocketOption.SO_TIMESTAMPNS) ? 1 : 0;
                break;
            case SocketOption.SO_TIMESTAMPNS:
                number = settings.IsOn(SocketOption.SO_TIMESTAMPNS) ? 1 : 0;
                break;
            case SocketOption.SO_TYPE:
                number = socket.Type;
                break;
            case SocketOption.SO_DOMAIN:
                number = socket.Domain;
                break;
            case SocketOption.SO_PROTOCOL:
                number = socket.Protocol;
                break;
            case SocketOption.SO_ERROR:
                number = (int)socket.TakeError();
                break;
            case SocketOption.SO_ACCEPTCONN:
                number = socket.IsListening ? 1 : 0;
                break;
            case SocketOption.SO_SNDBUF:
                number = settings.SendBufferBytes;
                break;
            case SocketOption.SO_RCVBUF:
                number = settings.ReceiveBufferBytes;
                break;
            case SocketOption.SO_PRIORITY:
                number = settings.Priority;
                break;
            case SocketOption.SO_MARK:
                number = (int)settings.Mark;
                break;
            case SocketOption.SO_BUSY_POLL:
                number = settings.BusyPollMicroseconds;
                break;
            case SocketOption.SO_RCVLOWAT:
                number = settings.ReceiveLowWater;
                break;
            case SocketOption.SO_SNDLOWAT:
                number = 1;
                break;
            case SocketOption.SO_PEEK_OFF:
                number = settings.PeekOffset;
                break;
            case SocketOption.SO_BSDCOMPAT:
                number = 0;
                break;
            case SocketOption.SO_LINGER:
                MemoryMarshal.Write(value, settings.Linger);
                lengthBytes = 2 * sizeof(int);
                return Errno.None;
            case SocketOption.SO_RCVTIMEO or SocketOption.SO_RCVTIMEO_NEW:
                return GetTimeout(settings.ReceiveTimeout, value, out lengthBytes);
            case SocketOption.SO_SNDTIMEO or SocketOption.SO_SNDTIMEO_NEW:
                return GetTimeout(settings.SendTimeout, value, out lengthBytes);
            case SocketOption.SO_PEERCRED:
                MemoryMarshal.Write(value, socket.Peer?.Id ?? new Ucred { uid = uint.MaxValue, gid = uint.MaxValue });
                lengthBytes = 3 * sizeof(int);
                return Errno.None;
            case SocketOption.SO_COOKIE:
                BinaryPrimitives.WriteUInt64LittleEndian(value, socket.Inode.Number);
                lengthBytes = sizeof(ulong);
                return Errno.None;
            default:
                return Errno.ENOPROTOOPT;
        }

        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return Errno.None;
    }

    private static Errno GetTimeout(Nanoseconds timeout, Span<byte> value, out int lengthBytes)
    {
        lengthBytes = LongTimeoutBytes;
        MemoryMarshal.Write(value, new Timeval
        {
            tv_sec = timeout.Value / Nanoseconds.PerSecond,
            tv_usec = timeout.Value % Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond,
        });
        return Errno.None;
    }
}
