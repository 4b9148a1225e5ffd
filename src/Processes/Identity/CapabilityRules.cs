using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Changes what the current thread may do.</summary>
/// <source>capset(2), capabilities(7), prctl(2).</source>
public static class CapabilityRules
{
    // prctl(2), PR_SET_SECUREBITS: each bit has a lock one position above.
    private const uint SecureBitsMask = 0xFF;
    private const uint SecureLocks = 0xAA;

    /// <errors>EPERM: a capability that the thread could not have.</errors>
    /// <source>capset(2).</source>
    public static Errno Set(
        UserThread caller, CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
    {
        Credentials old = caller.Credentials;
        CapabilitySet mayInherit = old.Inheritable | old.Permitted;
        if (!inheritable.IsSubsetOf(mayInherit) && !old.Has(Capability.CAP_SETPCAP)) return Errno.EPERM;
        if (!inheritable.IsSubsetOf(old.Inheritable | old.Bounding)) return Errno.EPERM;
        if (!permitted.IsSubsetOf(old.Permitted) || !effective.IsSubsetOf(permitted)) return Errno.EPERM;
        caller.SetCredentials(new Credentials(old)
        {
            Effective = effective,
            Permitted = permitted,
            Inheritable = inheritable,
            Ambient = old.Ambient & permitted & inheritable,
        });
        return Errno.None;
    }

    /// <summary>PR_CAPBSET_DROP.</summary>
    /// <errors>EPERM: without CAP_SETPCAP. EINVAL: no such capability.</errors>
    public static Errno DropBounding(UserThread caller, ulong capability)
    {
        Credentials old = caller.Credentials;
        if (!old.Has(Capability.CAP_SETPCAP)) return Errno.EPERM;
        if (!IsValid(capability)) return Errno.EINVAL;
        caller.SetCredentials(new Credentials(old) { Bounding = old.Bounding.Without((int)capability) });
        return Errno.None;
    }

    /// <summary>PR_SET_SECUREBITS.</summary>
    /// <errors>EPERM: without CAP_SETPCAP, an unknown or a locked bit.</errors>
    public static Errno SetSecureBits(UserThread caller, ulong bits)
    {
        Credentials old = caller.Credentials;
        if ((bits & ~(ulong)SecureBitsMask) != 0) return Errno.EPERM;
        uint wanted = (uint)bits;
        uint locked = (old.SecureBits & SecureLocks) >> 1;
        bool breaksLock = ((wanted ^ old.SecureBits) & locked) != 0 || (old.SecureBits & SecureLocks & ~wanted) != 0;
        if (breaksLock || !old.Has(Capability.CAP_SETPCAP)) return Errno.EPERM;
        caller.SetCredentials(new Credentials(old) { SecureBits = wanted });
        return Errno.None;
    }

    /// <summary>PR_SET_KEEPCAPS.</summary>
    /// <errors>EINVAL: neither 0 nor 1. EPERM: locked.</errors>
    public static Errno SetKeepCapabilities(UserThread caller, ulong value)
    {
        const uint Lock = Identity.SecureKeepCapabilities << 1;
        Credentials old = caller.Credentials;
        if (value > 1) return Errno.EINVAL;
        if ((old.SecureBits & Lock) != 0) return Errno.EPERM;
        uint bits = value == 0
            ? old.SecureBits & ~Identity.SecureKeepCapabilities
            : old.SecureBits | Identity.SecureKeepCapabilities;
        caller.SetCredentials(new Credentials(old) { SecureBits = bits });
        return Errno.None;
    }

    /// <summary>PR_CAP_AMBIENT.</summary>
    /// <errors>EINVAL. EPERM: a capability that is not both permitted and inheritable.</errors>
    public static SyscallResult Ambient(UserThread caller, ulong operation, ulong capability)
    {
        const uint NoAmbientRaise = 1 << 6;
        Credentials old = caller.Credentials;
        if (operation == PrctlOption.PR_CAP_AMBIENT_CLEAR_ALL)
        {
            if (capability != 0) return Errno.EINVAL;
            caller.SetCredentials(new Credentials(old) { Ambient = CapabilitySet.None });
            return 0;
        }

        if (!IsValid(capability)) return Errno.EINVAL;
        int bit = (int)capability;
        switch (operation)
        {
            case PrctlOption.PR_CAP_AMBIENT_IS_SET:
                return old.Ambient.Has(bit) ? 1 : 0;

            case PrctlOption.PR_CAP_AMBIENT_RAISE:
                bool isAllowed = old.Permitted.Has(bit) && old.Inheritable.Has(bit)
                    && (old.SecureBits & NoAmbientRaise) == 0;
                if (!isAllowed) return Errno.EPERM;
                caller.SetCredentials(new Credentials(old) { Ambient = old.Ambient.With(bit) });
                return 0;

            case PrctlOption.PR_CAP_AMBIENT_LOWER:
                caller.SetCredentials(new Credentials(old) { Ambient = old.Ambient.Without(bit) });
                return 0;

            default:
                return Errno.EINVAL;
        }
    }

    public static bool IsValid(ulong capability) => capability < 64 && CapabilitySet.All.Has((int)capability);
}
