using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Odds and ends of processes and threads.</summary>
internal static class PrctlCall
{
    /// <errors>EINVAL: an option there is not, or a value out of its range. EFAULT. EPERM: see each.</errors>
    /// <source>prctl(2) and PR_*(2const)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int option, ulong value, ulong third, ulong fourth, ulong fifth)
    {
        bool hasMore = (third | fourth | fifth) != 0;
        switch (option)
        {
            case PrctlOption.PR_SET_NAME: return SetName(caller, new UserAddress(value));
            case PrctlOption.PR_GET_NAME: return GetName(caller, new UserAddress(value));
            case PrctlOption.PR_SET_PDEATHSIG: return SetDeathSignal(caller, value);
            case PrctlOption.PR_GET_PDEATHSIG: return Tell(value, caller.Process.ParentDeathSignal);
            case PrctlOption.PR_SET_CHILD_SUBREAPER:
                caller.Process.IsSubreaper = value != 0;
                return 0;
            case PrctlOption.PR_GET_CHILD_SUBREAPER: return Tell(value, caller.Process.IsSubreaper ? 1 : 0);
            case PrctlOption.PR_GET_DUMPABLE: return caller.Process.Dumpable;
            case PrctlOption.PR_SET_DUMPABLE: return SetDumpable(caller, value);
            case PrctlOption.PR_GET_TIMERSLACK: return (long)ulong.Min(caller.TimerSlackNs, long.MaxValue);
            case PrctlOption.PR_SET_TIMERSLACK:
                caller.TimerSlackNs = value == 0 ? UserThread.DefaultTimerSlackNs : value;
                return 0;
            case PrctlOption.PR_GET_TID_ADDRESS:
                return UserMemory.TryWrite(new UserAddress(value), caller.ClearTidAddress.Value) ? 0 : Errno.EFAULT;
            case PrctlOption.PR_GET_TSC: return Tell(value, PrctlOption.PR_TSC_ENABLE);
            case PrctlOption.PR_SET_NO_NEW_PRIVS: return hasMore ? Errno.EINVAL : SetNoNewPrivileges(caller, value);
            case PrctlOption.PR_GET_NO_NEW_PRIVS:
                if (hasMore || value != 0) return Errno.EINVAL;
                return caller.HasNoNewPrivileges ? 1 : 0;
            case PrctlOption.PR_GET_SECCOMP: return caller.SeccompMode;
            case PrctlOption.PR_SET_SECCOMP: return SeccompCalls.SetMode(caller, value, new UserAddress(third));
            case PrctlOption.PR_SET_THP_DISABLE:
                if (hasMore) return Errno.EINVAL;
                caller.Process.Memory!.RefusesHugePages = value != 0;
                return 0;
            case PrctlOption.PR_GET_THP_DISABLE:
                if (hasMore || value != 0) return Errno.EINVAL;
                return caller.Process.Memory!.RefusesHugePages ? 1 : 0;
            default: return Capabilities(caller, option, value, third, (fourth | fifth) != 0);
        }
    }

    private static SyscallResult Capabilities(
        UserThread caller, int option, ulong value, ulong third, bool hasMore)
    {
        Credentials credentials = caller.Credentials;
        switch (option)
        {
            case PrctlOption.PR_CAPBSET_READ:
                if (!CapabilityRules.IsValid(value)) return Errno.EINVAL;
                return credentials.Bounding.Has((int)value) ? 1 : 0;
            case PrctlOption.PR_CAPBSET_DROP: return CapabilityRules.DropBounding(caller, value);
            case PrctlOption.PR_GET_SECUREBITS: return credentials.SecureBits;
            case PrctlOption.PR_SET_SECUREBITS: return CapabilityRules.SetSecureBits(caller, value);
            case PrctlOption.PR_GET_KEEPCAPS:
                return (credentials.SecureBits & Identity.SecureKeepCapabilities) != 0 ? 1 : 0;
            case PrctlOption.PR_SET_KEEPCAPS: return CapabilityRules.SetKeepCapabilities(caller, value);
            case PrctlOption.PR_CAP_AMBIENT:
                return hasMore ? Errno.EINVAL : CapabilityRules.Ambient(caller, value, third);
            default: return PrctlRare.Invoke(caller, option, value, third, hasMore);
        }
    }

    /// <summary>Names the calling thread; what is beyond 15 bytes is cut off.</summary>
    private static SyscallResult SetName(UserThread caller, UserAddress address)
    {
        Span<byte> name = stackalloc byte[CommandName.MaxLengthBytes];
        int length = UserMemory.CopyInString(name, address);
        if (length < 0) return Errno.EFAULT;
        caller.Name = new CommandName(name[..length]);
        return 0;
    }

    private static SyscallResult GetName(UserThread caller, UserAddress address)
    {
        Span<byte> name = stackalloc byte[CommandName.MaxLengthBytes + 1];
        name.Clear();
        _ = caller.Name.CopyTo(name); // The rest is zero already.
        return UserMemory.CopyOut(address, name) == name.Length ? 0 : Errno.EFAULT;
    }

    private static SyscallResult SetDeathSignal(UserThread caller, ulong signal)
    {
        if (signal > SignalSet.MaxSignal) return Errno.EINVAL;
        caller.Process.SetParentDeathSignal((int)signal);
        return 0;
    }

    private static SyscallResult SetDumpable(UserThread caller, ulong value)
    {
        if (value > 1) return Errno.EINVAL;
        caller.Process.Dumpable = (int)value;
        return 0;
    }

    /// <summary>Never taken back.</summary>
    private static SyscallResult SetNoNewPrivileges(UserThread caller, ulong value)
    {
        if (value != 1) return Errno.EINVAL;
        caller.HasNoNewPrivileges = true;
        return 0;
    }

    private static SyscallResult Tell(ulong address, int value) =>
        UserMemory.TryWrite(new UserAddress(address), value) ? 0 : Errno.EFAULT;
}
