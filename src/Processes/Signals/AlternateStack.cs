using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>Changes the alternate signal stack of the current thread.</summary>
/// <source>sigaltstack(2).</source>
public static class AlternateStack
{
    /// <summary>The least a stack must have: what AT_MINSIGSTKSZ was before there were large processor
    /// states.
    /// </summary>
    private const ulong MinimumBytes = SigaltstackBits.MINSIGSTKSZ;

    /// <param name="wanted">With SS_ONSTACK or SS_DISABLE in its flags, as the user gave it.</param>
    /// <errors>EPERM: the thread runs on it. EINVAL: unknown flags. ENOMEM: too small.</errors>
    public static Errno Set(UserThread thread, SignalStack wanted, ulong stackPointer)
    {
        ref SignalStack current = ref thread.SignalState.Stack;
        if (current.LengthBytes != 0 && current.IsInUse(stackPointer)) return Errno.EPERM;

        int mode = wanted.Flags & ~SignalStack.AutoDisarm;
        if (mode is not (0 or SignalStack.OnStack or SignalStack.Disable)) return Errno.EINVAL;
        wanted.Flags &= SignalStack.AutoDisarm;

        if (mode == SignalStack.Disable)
        {
            wanted.Start = default;
            wanted.LengthBytes = 0;
        }
        else if (wanted.LengthBytes < MinimumBytes)
        {
            return Errno.ENOMEM;
        }

        current = wanted;
        return Errno.None;
    }
}
