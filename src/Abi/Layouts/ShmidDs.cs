using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A segment of shared memory: struct shmid64_ds.</summary>
/// <source>shmctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ShmidDs
{
    public IpcPerm shm_perm;
    public ulong shm_segsz;
    public long shm_atime;
    public long shm_dtime;
    public long shm_ctime;
    public int shm_cpid;
    public int shm_lpid;
    public ulong shm_nattch;
    public ulong __unused4;
    public ulong __unused5;
}
