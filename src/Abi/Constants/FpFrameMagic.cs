namespace Cashew.Abi;

/// <summary>Marks of the extended floating-point state in a signal frame.</summary>
/// <source>asm/sigcontext.h</source>
public static class FpFrameMagic
{
    public const uint FP_XSTATE_MAGIC1 = 0x46505853;
    public const uint FP_XSTATE_MAGIC2 = 0x46505845;
    public const uint UC_FP_XSTATE = 1;
    public const uint UC_SIGCONTEXT_SS = 2;
    public const uint UC_STRICT_RESTORE_SS = 4;
}
