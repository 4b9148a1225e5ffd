using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A terminal's size.</summary>
/// <source>ioctl_tty(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Winsize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}
