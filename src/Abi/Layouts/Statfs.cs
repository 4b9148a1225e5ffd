using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What is known about a file system.</summary>
/// <source>statfs(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Statfs
{
    public long f_type;
    public long f_bsize;
    public ulong f_blocks;
    public ulong f_bfree;
    public ulong f_bavail;
    public ulong f_files;
    public ulong f_ffree;
    public Ints2 f_fsid;
    public long f_namelen;
    public long f_frsize;
    public long f_flags;
    public Longs4 f_spare;
}
