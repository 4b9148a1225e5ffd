namespace Cashew.Abi;

/// <summary>Flags of rseq(2).</summary>
/// <source>linux/rseq.h</source>
public static class RseqBits
{
    public const int RSEQ_FLAG_UNREGISTER = 1;
    public const int RSEQ_CPU_ID_UNINITIALIZED = -1;
    public const int RSEQ_CPU_ID_REGISTRATION_FAILED = -2;
}
