using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The capability sets of threads.</summary>
internal static class CapabilityCalls
{
    private const int DataBytes = 12;
    private const int HalfBits = 32;

    /// <errors>
    /// EINVAL: an unknown version (the preferred one is written back), or a negative id. ESRCH. EFAULT. A
    /// null
    /// <paramref name="data"/> with an unknown version only asks for the version.
    /// </errors>
    /// <source>capget(2)</source>
    internal static SyscallResult Capget(UserThread caller, UserAddress headerAddress, UserAddress data)
    {
        Errno error = TryReadHeader(headerAddress, out CapHeader header, out int halves);
        if (error != Errno.None) return error == Errno.EINVAL && data.IsNull ? Errno.None : error;
        if (header.pid < 0) return Errno.EINVAL;
        UserThread? target = header.pid == 0 ? caller : ProcessTree.FindThread(header.pid);
        if (target is null) return Errno.ESRCH;
        if (data.IsNull) return 0;

        Credentials credentials = target.Credentials;
        for (int i = 0; i < halves; i++)
        {
            CapData half = new()
            {
                effective = (uint)(credentials.Effective.Bits >> i * HalfBits),
                permitted = (uint)(credentials.Permitted.Bits >> i * HalfBits),
                inheritable = (uint)(credentials.Inheritable.Bits >> i * HalfBits),
            };
            if (!UserMemory.TryWrite(data + (ulong)(i * DataBytes), half)) return Errno.EFAULT;
        }

        return 0;
    }

    /// <summary>Changes the caller's own sets.</summary>
    /// <errors>EINVAL: an unknown version. EPERM: another thread, or more than the rules allow.
    /// EFAULT.</errors>
    /// <source>capset(2)</source>
    internal static SyscallResult Capset(UserThread caller, UserAddress headerAddress, UserAddress data)
    {
        Errno error = TryReadHeader(headerAddress, out CapHeader header, out int halves);
        if (error != Errno.None) return error;
        if (header.pid != 0 && header.pid != caller.Id) return Errno.EPERM;

        ulong effective = 0;
        ulong permitted = 0;
        ulong inheritable = 0;
        for (int i = 0; i < halves; i++)
        {
            if (!UserMemory.TryRead(data + (ulong)(i * DataBytes), out CapData half)) return Errno.EFAULT;
            effective |= (ulong)half.effective << i * HalfBits;
            permitted |= (ulong)half.permitted << i * HalfBits;
            inheritable |= (ulong)half.inheritable << i * HalfBits;
        }

        return CapabilityRules.Set(caller, Known(effective), Known(permitted), Known(inheritable));
    }

    /// <summary>Bits beyond the last capability mean nothing.</summary>
    private static CapabilitySet Known(ulong bits) => new CapabilitySet(bits) & CapabilitySet.All;

    /// <param name="halves">How many structures of 32 capabilities each the version has.</param>
    private static Errno TryReadHeader(UserAddress address, out CapHeader header, out int halves)
    {
        halves = 0;
        if (!UserMemory.TryRead(address, out header)) return Errno.EFAULT;
        switch (header.version)
        {
            case CapabilityVersion._LINUX_CAPABILITY_VERSION_1:
                halves = 1;
                return Errno.None;

            case CapabilityVersion._LINUX_CAPABILITY_VERSION_2:
            case CapabilityVersion._LINUX_CAPABILITY_VERSION_3:
                halves = 2;
                return Errno.None;

            default:
                return UserMemory.TryWrite(address, CapabilityVersion._LINUX_CAPABILITY_VERSION_3)
                    ? Errno.EINVAL
                    : Errno.EFAULT;
        }
    }
}
