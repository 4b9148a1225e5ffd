namespace Cashew.Processes;

/// <summary>struct sock_filter: one instruction of classic BPF.</summary>
/// <source>seccomp(2)</source>
public readonly struct BpfInstruction(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
{
    public const int SizeBytes = 8;

    public readonly ushort Code = code;
    public readonly byte JumpTrue = jumpTrue;
    public readonly byte JumpFalse = jumpFalse;
    public readonly uint Operand = operand;
}
