using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What shared memory takes, SHM_INFO: struct shm_info.</summary>
/// <source>shmctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ShmInfo
{
    public int used_ids;
    public ulong shm_tot;
    public ulong shm_rss;
    public ulong shm_swp;
    public ulong swap_attempts;
    public ulong swap_successes;
}
