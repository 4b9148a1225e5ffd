using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What ustat(2) tells of a file system. The names at its end are empty.</summary>
/// <source>ustat(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Ustat
{
    public int f_tfree;
    public ulong f_tinode;
    public ulong f_fname;
    public uint f_fpack;
    public uint _padding;
}
