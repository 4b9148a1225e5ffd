using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Limits and use of semaphores, IPC_INFO and SEM_INFO: struct seminfo.</summary>
/// <source>semctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SemInfo
{
    public int semmap;
    public int semmni;
    public int semmns;
    public int semmnu;
    public int semmsl;
    public int semopm;
    public int semume;
    public int semusz;
    public int semvmx;
    public int semaem;
}
