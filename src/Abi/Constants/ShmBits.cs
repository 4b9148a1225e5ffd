namespace Cashew.Abi;

/// <summary>Flags and commands of the System V calls.</summary>
/// <source>shmget(2), shmctl(2), semop(2)</source>
public static class ShmBits
{
    public const int IPC_CREAT = 512;
    public const int IPC_EXCL = 1024;
    public const int IPC_NOWAIT = 2048;
    public const int IPC_RMID = 0;
    public const int IPC_SET = 1;
    public const int IPC_STAT = 2;
    public const int IPC_INFO = 3;
    public const int IPC_PRIVATE = 0;
    public const int SHM_RDONLY = 4096;
    public const int SHM_RND = 8192;
    public const int SHM_REMAP = 16384;
    public const int SHM_EXEC = 32768;
    public const int SHM_HUGETLB = 2048;
    public const int SHM_NORESERVE = 4096;
    public const int SHM_LOCK = 11;
    public const int SHM_UNLOCK = 12;
    public const int SHM_STAT = 13;
    public const int SHM_INFO = 14;
    public const int SHM_STAT_ANY = 15;
    public const int SHM_DEST = 512;
    public const int SHM_LOCKED = 1024;
    public const int SEM_UNDO = 4096;
    public const int GETPID = 11;
    public const int GETVAL = 12;
    public const int GETALL = 13;
    public const int GETNCNT = 14;
    public const int GETZCNT = 15;
    public const int SETVAL = 16;
    public const int SETALL = 17;
    public const int SEM_STAT = 18;
    public const int SEM_INFO = 19;
    public const int SEM_STAT_ANY = 20;
    public const int MSG_NOERROR = 4096;
    public const int MSG_EXCEPT = 8192;
    public const int MSG_STAT = 11;
    public const int MSG_COPY = 16384;
    public const int MSG_INFO = 12;
    public const int MSG_STAT_ANY = 13;
}
