using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>A set of signals that a program gives, with the size it believes it has.</summary>
/// <source>sigprocmask(2), "C library/kernel differences"</source>
internal static class SignalSetArgument
{
    internal const ulong SizeBytes = 8;

    /// <errors>EINVAL: another size. EFAULT.</errors>
    internal static bool TryRead(UserAddress address, ulong size, out SignalSet set, out Errno error)
    {
        set = default;
        error = Errno.EINVAL;
        if (size != SizeBytes) return false;
        error = Errno.EFAULT;
        if (!UserMemory.TryRead(address, out ulong bits)) return false;
        set = new SignalSet(bits);
        error = Errno.None;
        return true;
    }
}
