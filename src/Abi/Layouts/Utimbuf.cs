using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Access and modification time.</summary>
/// <source>utime(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Utimbuf
{
    public long actime;
    public long modtime;
}
