namespace Cashew.Abi;

/// <summary>Options of the SOL_SOCKET level.</summary>
/// <source>socket(7)</source>
public static class SocketOption
{
    public const int SO_DEBUG = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_TYPE = 3;
    public const int SO_ERROR = 4;
    public const int SO_DONTROUTE = 5;
    public const int SO_BROADCAST = 6;
    public const int SO_SNDBUF = 7;
    public const int SO_RCVBUF = 8;
    public const int SO_KEEPALIVE = 9;
    public const int SO_OOBINLINE = 10;
    public const int SO_NO_CHECK = 11;
    public const int SO_PRIORITY = 12;
    public const int SO_LINGER = 13;
    public const int SO_BSDCOMPAT = 14;
    public const int SO_REUSEPORT = 15;
    public const int SO_PASSCRED = 16;
    public const int SO_PEERCRED = 17;
    public const int SO_RCVLOWAT = 18;
    public const int SO_SNDLOWAT = 19;
    public const int SO_RCVTIMEO = 20;
    public const int SO_SNDTIMEO = 21;
    public const int SO_BINDTODEVICE = 25;
    public const int SO_ATTACH_FILTER = 26;
    public const int SO_DETACH_FILTER = 27;
    public const int SO_PEERNAME = 28;
    public const int SO_TIMESTAMP = 29;
    public const int SO_ACCEPTCONN = 30;
    public const int SO_PEERSEC = 31;
    public const int SO_SNDBUFFORCE = 32;
    public const int SO_RCVBUFFORCE = 33;
    public const int SO_PASSSEC = 34;
    public const int SO_TIMESTAMPNS = 35;
    public const int SO_MARK = 36;
    public const int SO_TIMESTAMPING = 37;
    public const int SO_PROTOCOL = 38;
    public const int SO_DOMAIN = 39;
    public const int SO_RXQ_OVFL = 40;
    public const int SO_PEEK_OFF = 42;
    public const int SO_LOCK_FILTER = 44;
    public const int SO_BUSY_POLL = 46;
    public const int SO_INCOMING_CPU = 49;
    public const int SO_COOKIE = 57;
    public const int SO_PEERGROUPS = 59;
    public const int SO_ZEROCOPY = 60;
    public const int SO_RCVTIMEO_NEW = 66;
    public const int SO_SNDTIMEO_NEW = 67;
    public const int SCM_RIGHTS = 1;
    public const int SCM_CREDENTIALS = 2;
    public const int SCM_TIMESTAMP = SO_TIMESTAMP;
    public const int SCM_TIMESTAMPNS = SO_TIMESTAMPNS;
    public const int SOMAXCONN = 4096;
}
