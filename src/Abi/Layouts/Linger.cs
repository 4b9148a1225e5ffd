using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>How long close(2) waits for unsent data.</summary>
/// <source>socket(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Linger
{
    public int l_onoff;
    public int l_linger;
}
