using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class RseqCall
{
    /// <summary>Registers the thread's area for restartable sequences, or takes it back.</summary>
    /// <errors>EINVAL: an unknown flag. The rest: <see cref="RestartableSequence"/>.</errors>
    /// <source>rseq(2) in the manual pages of librseq.</source>
    internal static SyscallResult Invoke(
        UserThread caller, UserAddress area, uint lengthBytes, uint flags, uint signature)
    {
        if (flags == RseqBits.RSEQ_FLAG_UNREGISTER)
            return RestartableSequence.Unregister(caller, area, lengthBytes, signature);
        return flags != 0 ? Errno.EINVAL : RestartableSequence.Register(caller, area, lengthBytes, signature);
    }
}
