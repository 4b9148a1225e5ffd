namespace Cashew.Abi;

/// <summary>Arguments of the terminal control calls.</summary>
/// <source>termios(3), ioctl_tty(2)</source>
public static class TerminalAction
{
    public const int TCOOFF = 0;
    public const int TCOON = 1;
    public const int TCIOFF = 2;
    public const int TCION = 3;
    public const int TCIFLUSH = 0;
    public const int TCOFLUSH = 1;
    public const int TCIOFLUSH = 2;
    public const int N_TTY = 0;
    public const int TIOCPKT_DATA = 0;
    public const int TIOCPKT_FLUSHREAD = 1;
    public const int TIOCPKT_FLUSHWRITE = 2;
    public const int TIOCPKT_STOP = 4;
    public const int TIOCPKT_START = 8;
    public const int TIOCPKT_NOSTOP = 16;
    public const int TIOCPKT_DOSTOP = 32;
    public const int TIOCPKT_IOCTL = 64;
}
