using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A set of semaphores: struct semid64_ds.</summary>
/// <source>semctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SemidDs
{
    public IpcPerm sem_perm;
    public long sem_otime;
    public ulong __unused1;
    public long sem_ctime;
    public ulong __unused2;
    public ulong sem_nsems;
    public ulong __unused3;
    public ulong __unused4;
}
