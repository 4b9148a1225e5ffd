using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What a process has used.</summary>
/// <source>getrusage(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Rusage
{
    public Timeval ru_utime;
    public Timeval ru_stime;
    public long ru_maxrss;
    public long ru_ixrss;
    public long ru_idrss;
    public long ru_isrss;
    public long ru_minflt;
    public long ru_majflt;
    public long ru_nswap;
    public long ru_inblock;
    public long ru_oublock;
    public long ru_msgsnd;
    public long ru_msgrcv;
    public long ru_nsignals;
    public long ru_nvcsw;
    public long ru_nivcsw;
}
