using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What the system is called.</summary>
internal static class NameCalls
{
    /// <errors>EFAULT.</errors>
    /// <source>uname(2); personality(2) for what changes the answer</source>
    internal static SyscallResult Uname(UserThread caller, UserAddress result)
    {
        bool isOld = (caller.Personality & PersonalityBits.UNAME26) != 0;
        bool is32 = (caller.Personality & PersonalityBits.PER_MASK) == PersonalityBits.PER_LINUX32;
        Utsname names = default;
        SystemNames.Sysname.CopyTo(names.sysname);
        SystemNames.Nodename.CopyTo(names.nodename);
        (isOld ? SystemNames.OldRelease : SystemNames.Release).CopyTo(names.release);
        SystemNames.Version.CopyTo(names.version);
        (is32 ? SystemNames.Machine32 : SystemNames.Machine).CopyTo(names.machine);
        SystemNames.Domainname.CopyTo(names.domainname);
        return UserMemory.TryWrite(result, names) ? 0 : Errno.EFAULT;
    }

    /// <errors>EPERM: no CAP_SYS_ADMIN. EINVAL: a length that is negative or beyond 64. EFAULT.</errors>
    /// <source>sethostname(2)</source>
    internal static SyscallResult Sethostname(UserThread caller, UserAddress name, int length)
    {
        Span<byte> room = stackalloc byte[Limits.HOST_NAME_MAX];
        Errno error = Take(caller, name, length, room);
        if (error == Errno.None) SystemNames.SetNodename(room[..length]);
        return error;
    }

    /// <inheritdoc cref="Sethostname"/>
    /// <source>setdomainname(2)</source>
    internal static SyscallResult Setdomainname(UserThread caller, UserAddress name, int length)
    {
        Span<byte> room = stackalloc byte[Limits.HOST_NAME_MAX];
        Errno error = Take(caller, name, length, room);
        if (error == Errno.None) SystemNames.SetDomainname(room[..length]);
        return error;
    }

    private static Errno Take(UserThread caller, UserAddress name, int length, Span<byte> room)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if (length is < 0 or > Limits.HOST_NAME_MAX) return Errno.EINVAL;
        return UserMemory.CopyIn(room[..length], name) == length ? Errno.None : Errno.EFAULT;
    }
}
