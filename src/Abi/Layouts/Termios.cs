using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Terminal modes, in the layout of TCGETS (the C library's is longer).</summary>
/// <source>ioctl_tty(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Termios
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public Bytes19 c_cc;
}
