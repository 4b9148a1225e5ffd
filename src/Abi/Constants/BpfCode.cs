namespace Cashew.Abi;

/// <summary>Parts of the code of a classic BPF instruction.</summary>
/// <source>S. McCanne and V. Jacobson, "The BSD Packet Filter" (1993); seccomp(2).</source>
public static class BpfCode
{
    public const int ClassMask = 0x07;
    public const int LD = 0x00;
    public const int LDX = 0x01;
    public const int ST = 0x02;
    public const int STX = 0x03;
    public const int ALU = 0x04;
    public const int JMP = 0x05;
    public const int RET = 0x06;
    public const int MISC = 0x07;

    // Where a load comes from; all are of words.
    public const int IMM = 0x00;
    public const int ABS = 0x20;
    public const int MEM = 0x60;
    public const int LEN = 0x80;

    public const int ADD = 0x00;
    public const int SUB = 0x10;
    public const int MUL = 0x20;
    public const int DIV = 0x30;
    public const int OR = 0x40;
    public const int AND = 0x50;
    public const int LSH = 0x60;
    public const int RSH = 0x70;
    public const int NEG = 0x80;
    public const int XOR = 0xa0;

    public const int JA = 0x00;
    public const int JEQ = 0x10;
    public const int JGT = 0x20;
    public const int JGE = 0x30;
    public const int JSET = 0x40;

    /// <summary>The operand is the index register rather than the constant.</summary>
    public const int X = 0x08;

    /// <summary>Of RET: the answer is the accumulator.</summary>
    public const int A = 0x10;

    public const int TAX = 0x00;
    public const int TXA = 0x80;

    /// <summary>Words of scratch memory.</summary>
    public const int MEMWORDS = 16;

    /// <summary>The most instructions of one program.</summary>
    public const int MAXINSNS = 4096;
}
