using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A signal as signalfd(2) reads it.</summary>
/// <source>signalfd(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SignalfdSiginfo
{
    public uint ssi_signo;
    public int ssi_errno;
    public int ssi_code;
    public uint ssi_pid;
    public uint ssi_uid;
    public int ssi_fd;
    public uint ssi_tid;
    public uint ssi_band;
    public uint ssi_overrun;
    public uint ssi_trapno;
    public int ssi_status;
    public int ssi_int;
    public ulong ssi_ptr;
    public ulong ssi_utime;
    public ulong ssi_stime;
    public ulong ssi_addr;
    public ushort ssi_addr_lsb;
    public ushort __pad2;
    public int ssi_syscall;
    public ulong ssi_call_addr;
    public uint ssi_arch;
    public Bytes28 __pad;
}
