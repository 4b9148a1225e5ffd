using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The limits of shared memory, IPC_INFO: struct shminfo64.</summary>
/// <source>shmctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ShmLimits
{
    public ulong shmmax;
    public ulong shmmin;
    public ulong shmmni;
    public ulong shmseg;
    public ulong shmall;
    public ulong __unused1;
    public ulong __unused2;
    public ulong __unused3;
    public ulong __unused4;
}
