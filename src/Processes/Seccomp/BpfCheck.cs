using System;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>Whether a program may run as a filter of system calls: it ends, and reads nothing that it has not
/// written.</summary>
/// <source>seccomp(2): the instructions of classic BPF on 32-bit words; jumps go forward only.</source>
internal static class BpfCheck
{
    private const uint LastShift = 31;

    internal static bool IsValid(ReadOnlySpan<BpfInstruction> program)
    {
        if (program.IsEmpty || program.Length > BpfCode.MAXINSNS) return false;
        for (int i = 0; i < program.Length; i++)
        {
            if (!IsValid(program[i], program.Length - i - 1)) return false;
        }

        bool returns = (program[^1].Code & BpfCode.ClassMask) == BpfCode.RET;
        return returns && ReadsOnlyWhatIsWritten(program);
    }

    /// <param name="instruction">Which.</param>
    /// <param name="behind">How many instructions come after it.</param>
    private static bool IsValid(BpfInstruction instruction, int behind)
    {
        int code = instruction.Code;
        uint operand = instruction.Operand;
        switch (code)
        {
            case BpfCode.LD | BpfCode.ABS:
                return operand < SeccompCall.SizeBytes && operand % sizeof(uint) == 0;
            case BpfCode.LD | BpfCode.LEN or BpfCode.LDX | BpfCode.LEN:
            case BpfCode.LD | BpfCode.IMM or BpfCode.LDX | BpfCode.IMM:
            case BpfCode.RET or BpfCode.RET | BpfCode.A:
            case BpfCode.MISC | BpfCode.TAX or BpfCode.MISC | BpfCode.TXA:
                return true;
            case BpfCode.LD | BpfCode.MEM or BpfCode.LDX | BpfCode.MEM or BpfCode.ST or BpfCode.STX:
                return operand < BpfCode.MEMWORDS;
            case BpfCode.JMP | BpfCode.JA:
                return operand < (uint)behind;
        }

        return (code & BpfCode.ClassMask) switch
        {
            BpfCode.ALU => IsArithmetic(code, operand),
            BpfCode.JMP => IsJump(code) && instruction.JumpTrue < behind && instruction.JumpFalse < behind,
            _ => false,
        };
    }

    private static bool IsArithmetic(int code, uint operand)
    {
        int operation = code & ~(BpfCode.ClassMask | BpfCode.X);
        bool isConstant = (code & BpfCode.X) == 0;
        return operation switch
        {
            BpfCode.ADD or BpfCode.SUB or BpfCode.MUL or BpfCode.OR or BpfCode.AND or BpfCode.XOR => true,
            BpfCode.DIV => !isConstant || operand != 0,
            BpfCode.LSH or BpfCode.RSH => !isConstant || operand <= LastShift,
            BpfCode.NEG => isConstant,
            _ => false,
        };
    }

    private static bool IsJump(int code) => (code & ~(BpfCode.ClassMask | BpfCode.X))
        is BpfCode.JEQ or BpfCode.JGT or BpfCode.JGE or BpfCode.JSET;

    /// <summary>Follows every way at once: a word counts as written where all ways that come by have written
    /// it. All jumps go forward, so one pass is enough.</summary>
    private static bool ReadsOnlyWhatIsWritten(ReadOnlySpan<BpfInstruction> program)
    {
        ushort[] written = new ushort[program.Length];
        Array.Fill(written, ushort.MaxValue);
        ushort now = 0;
        for (int i = 0; i < program.Length; i++)
        {
            now &= written[i];
            BpfInstruction instruction = program[i];
            switch (instruction.Code)
            {
                case BpfCode.ST or BpfCode.STX:
                    now |= (ushort)(1 << (int)instruction.Operand);
                    break;
                case BpfCode.LD | BpfCode.MEM or BpfCode.LDX | BpfCode.MEM:
                    if ((now & 1 << (int)instruction.Operand) == 0) return false;
                    break;
                case BpfCode.JMP | BpfCode.JA:
                    written[i + 1 + (int)instruction.Operand] &= now;
                    now = ushort.MaxValue;
                    break;
                default:
                    if ((instruction.Code & BpfCode.ClassMask) != BpfCode.JMP) break;
                    written[i + 1 + instruction.JumpTrue] &= now;
                    written[i + 1 + instruction.JumpFalse] &= now;
                    now = ushort.MaxValue;
                    break;
            }
        }

        return true;
    }
}
