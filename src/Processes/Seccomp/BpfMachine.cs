using System;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>Runs a program that <see cref="BpfCheck"/> has found valid: it ends after its length at
/// most.</summary>
/// <source>"The BSD Packet Filter" (1993), section 3.</source>
internal static class BpfMachine
{
    private const int ShiftMask = 31;

    internal static uint Run(ReadOnlySpan<BpfInstruction> program, in SeccompCall call)
    {
        Span<uint> memory = stackalloc uint[BpfCode.MEMWORDS];
        uint a = 0;
        uint x = 0;
        for (int at = 0; ; at++)
        {
            BpfInstruction instruction = program[at];
            int code = instruction.Code;
            uint k = instruction.Operand;
            switch (code)
            {
                case BpfCode.RET: return k;
                case BpfCode.RET | BpfCode.A: return a;
                case BpfCode.LD | BpfCode.ABS: a = call.Word((int)k / sizeof(uint)); break;
                case BpfCode.LD | BpfCode.LEN: a = SeccompCall.SizeBytes; break;
                case BpfCode.LDX | BpfCode.LEN: x = SeccompCall.SizeBytes; break;
                case BpfCode.LD | BpfCode.IMM: a = k; break;
                case BpfCode.LDX | BpfCode.IMM: x = k; break;
                case BpfCode.LD | BpfCode.MEM: a = memory[(int)k]; break;
                case BpfCode.LDX | BpfCode.MEM: x = memory[(int)k]; break;
                case BpfCode.ST: memory[(int)k] = a; break;
                case BpfCode.STX: memory[(int)k] = x; break;
                case BpfCode.MISC | BpfCode.TAX: x = a; break;
                case BpfCode.MISC | BpfCode.TXA: a = x; break;
                case BpfCode.JMP | BpfCode.JA: at += (int)k; break;
                default:
                    uint operand = (code & BpfCode.X) != 0 ? x : k;
                    if ((code & BpfCode.ClassMask) == BpfCode.JMP)
                        at += Holds(code, a, operand) ? instruction.JumpTrue : instruction.JumpFalse;
                    else if (!TryCompute(code, operand, ref a))
                        return 0;
                    break;
            }
        }
    }

    private static bool Holds(int code, uint a, uint operand) => (code & ~(BpfCode.ClassMask | BpfCode.X)) switch
    {
        BpfCode.JEQ => a == operand,
        BpfCode.JGT => a > operand,
        BpfCode.JGE => a >= operand,
        _ => (a & operand) != 0,
    };

    /// <summary>False: a division by zero, which ends the program with 0.</summary>
    private static bool TryCompute(int code, uint operand, ref uint a)
    {
        switch (code & ~(BpfCode.ClassMask | BpfCode.X))
        {
            case BpfCode.ADD: a += operand; break;
            case BpfCode.SUB: a -= operand; break;
            case BpfCode.MUL: a *= operand; break;
            case BpfCode.OR: a |= operand; break;
            case BpfCode.AND: a &= operand; break;
            case BpfCode.XOR: a ^= operand; break;
            case BpfCode.LSH: a <<= (int)operand & ShiftMask; break;
            case BpfCode.RSH: a >>= (int)operand & ShiftMask; break;
            case BpfCode.NEG: a = 0 - a; break;
            default:
                if (operand == 0) return false;
                a /= operand;
                break;
        }

        return true;
    }
}
