namespace Cashew.Abi;

/// <summary>Events, operations and flags of epoll(7).</summary>
/// <source>epoll(7), epoll_ctl(2)</source>
public static class EpollBits
{
    public const uint EPOLLIN = 1;
    public const uint EPOLLPRI = 2;
    public const uint EPOLLOUT = 4;
    public const uint EPOLLERR = 8;
    public const uint EPOLLHUP = 0x10;
    public const uint EPOLLNVAL = 0x20;
    public const uint EPOLLRDNORM = 0x40;
    public const uint EPOLLRDBAND = 0x80;
    public const uint EPOLLWRNORM = 0x100;
    public const uint EPOLLWRBAND = 0x200;
    public const uint EPOLLMSG = 0x400;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLEXCLUSIVE = 0x10000000;
    public const uint EPOLLWAKEUP = 0x20000000;
    public const uint EPOLLONESHOT = 0x40000000;
    public const uint EPOLLET = 0x80000000;
    public const uint EPOLL_CTL_ADD = 1;
    public const uint EPOLL_CTL_DEL = 2;
    public const uint EPOLL_CTL_MOD = 3;
    public const uint EPOLL_CLOEXEC = 0x80000;
}
