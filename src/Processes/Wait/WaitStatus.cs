namespace Cashew.Processes;

/// <summary>How a process ended or changed, in the encoding of wait4(2).</summary>
/// <source>wait(2); the encodings follow from the macros WIFEXITED and so on of sys/wait.h.</source>
public readonly struct WaitStatus
{
    private const int CoreFlag = 0x80;
    private const int SignalMask = 0x7F;
    private const int StoppedMark = 0x7F;
    private const int ContinuedValue = 0xFFFF;

    private WaitStatus(int value) => Value = value;

    public int Value { get; }

    public static WaitStatus Continued => new(ContinuedValue);

    /// <summary>WEXITSTATUS: meaningful when <see cref="IsSignaled"/> is false.</summary>
    public int ExitCode => Value >> 8 & 0xFF;

    public int Signal => Value & SignalMask;

    public bool IsSignaled => Signal != 0;

    public bool HasCore => (Value & CoreFlag) != 0;

    /// <summary>CLD_EXITED, CLD_KILLED or CLD_DUMPED.</summary>
    public int ChildCode => !IsSignaled ? Abi.SigInfoCode.CLD_EXITED
        : HasCore ? Abi.SigInfoCode.CLD_DUMPED
        : Abi.SigInfoCode.CLD_KILLED;

    /// <summary>si_status: the exit code or the signal.</summary>
    public int ChildStatus => IsSignaled ? Signal : ExitCode;

    public static WaitStatus Exited(int code) => new((code & 0xFF) << 8);

    public static WaitStatus Signaled(int signal, CoreDump core) =>
        new(signal | (core == CoreDump.Made ? CoreFlag : 0));

    /// <param name="signal">With a PTRACE_EVENT in its second byte, of a traced thread.</param>
    public static WaitStatus Stopped(int signal) => new(signal << 8 | StoppedMark);
}
