using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Terminal modes with free speeds: TCGETS2.</summary>
/// <source>ioctl_tty(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Termios2
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public Bytes19 c_cc;
    public uint c_ispeed;
    public uint c_ospeed;
}
