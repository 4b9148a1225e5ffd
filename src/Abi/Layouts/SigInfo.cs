using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>
/// Why a signal came. The fields after <see cref="si_code"/> share their place: which of them count depends
/// on signal and code.
/// </summary>
/// <source>sigaction(2), asm-generic/siginfo.h</source>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SigInfo
{
    public const int SizeBytes = 128;

    [FieldOffset(0)]
    public int si_signo;

    [FieldOffset(4)]
    public int si_errno;

    [FieldOffset(8)]
    public int si_code;

    // kill(2), sigqueue(3), SIGCHLD

    [FieldOffset(16)]
    public int si_pid;

    [FieldOffset(20)]
    public uint si_uid;

    // sigqueue(3)

    [FieldOffset(24)]
    public int si_int;

    [FieldOffset(24)]
    public ulong si_ptr;

    // SIGCHLD

    [FieldOffset(24)]
    public int si_status;

    [FieldOffset(32)]
    public long si_utime;

    [FieldOffset(40)]
    public long si_stime;

    // POSIX timers (the value is si_int, si_ptr)

    [FieldOffset(16)]
    public int si_timerid;

    [FieldOffset(20)]
    public int si_overrun;

    // SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP

    [FieldOffset(16)]
    public ulong si_addr;

    [FieldOffset(24)]
    public short si_addr_lsb;

    // SIGIO

    [FieldOffset(16)]
    public long si_band;

    [FieldOffset(24)]
    public int si_fd;

    // SIGSYS

    [FieldOffset(16)]
    public ulong si_call_addr;

    [FieldOffset(24)]
    public int si_syscall;

    [FieldOffset(28)]
    public uint si_arch;
}
