using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The head of a directory entry; its name follows at <see cref="NameOffset"/>, ended by
/// NUL.</summary>
/// <source>getdents(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Dirent64
{
    /// <summary>Where the name starts, counted from the start of the entry.</summary>
    public const int NameOffset = 19;

    public ulong d_ino;
    public long d_off;
    public ushort d_reclen;
    public byte d_type;
}
