namespace Cashew.Abi;

/// <summary>Events of poll(2).</summary>
/// <source>poll(2)</source>
public static class PollBits
{
    public const uint POLLIN = 1;
    public const uint POLLPRI = 2;
    public const uint POLLOUT = 4;
    public const uint POLLERR = 8;
    public const uint POLLHUP = 0x10;
    public const uint POLLNVAL = 0x20;
    public const uint POLLRDNORM = 0x40;
    public const uint POLLRDBAND = 0x80;
    public const uint POLLWRNORM = 0x100;
    public const uint POLLWRBAND = 0x200;
    public const uint POLLMSG = 0x400;
    public const uint POLLREMOVE = 0x1000;
    public const uint POLLRDHUP = 0x2000;
}
