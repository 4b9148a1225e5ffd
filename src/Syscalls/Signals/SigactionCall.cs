using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class SigactionCall
{
    /// <summary>Says what is to be done with a signal, and what was.</summary>
    /// <errors>EINVAL: another size of set, no signal, or one that cannot be caught. EFAULT.</errors>
    /// <source>sigaction(2), "C library/kernel differences"</source>
    internal static SyscallResult Invoke(
        UserThread caller, int signal, UserAddress newAddress, UserAddress oldAddress, ulong setSize)
    {
        if (setSize != SignalSetArgument.SizeBytes) return Errno.EINVAL;
        Sigaction wanted = default;
        bool hasNew = !newAddress.IsNull;
        if (hasNew && !UserMemory.TryRead(newAddress, out wanted)) return Errno.EFAULT;
        if (!SignalSet.IsValidSignal(signal)) return Errno.EINVAL;
        if (hasNew && SignalSet.Unblockable.Contains(signal)) return Errno.EINVAL;

        SignalAction old = hasNew
            ? SignalActionChange.Apply(caller.Process, signal, Decode(wanted))
            : caller.Process.SignalState.Actions[signal];
        return oldAddress.IsNull || UserMemory.TryWrite(oldAddress, Encode(old)) ? 0 : Errno.EFAULT;
    }

    private static SignalAction Decode(in Sigaction action)
    {
        SignalSet mask = new SignalSet(action.mask).Without(SignalSet.Unblockable);
        return new SignalAction(action.handler, action.flags & SignalAction.KnownFlags, action.restorer, mask);
    }

    private static Sigaction Encode(SignalAction action) => new()
    {
        handler = action.Handler,
        flags = action.Flags,
        restorer = action.Restorer,
        mask = action.Mask.Bits,
    };
}
