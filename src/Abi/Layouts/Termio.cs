using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The old System V terminal modes: TCGETA.</summary>
/// <source>ioctl_tty(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Termio
{
    public ushort c_iflag;
    public ushort c_oflag;
    public ushort c_cflag;
    public ushort c_lflag;
    public byte c_line;
    public Bytes8 c_cc;
}
