using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Users and groups. The rules are those of <see cref="Identity"/>.</summary>
internal static class IdCalls
{
    private const int IdBytes = sizeof(uint);

    /// <errors>EFAULT.</errors>
    /// <source>getresuid(2), getresgid(2)</source>
    internal static SyscallResult GetThree(
        in IdTriplet ids, UserAddress real, UserAddress effective, UserAddress saved)
    {
        bool isWritten = UserMemory.TryWrite(real, ids.Real) && UserMemory.TryWrite(effective, ids.Effective)
            && UserMemory.TryWrite(saved, ids.Saved);
        return isWritten ? 0 : Errno.EFAULT;
    }

    /// <summary>How many supplementary groups there are; stores them unless the size is zero.</summary>
    /// <errors>EINVAL: a size that is negative, or not zero and too small. EFAULT.</errors>
    /// <source>getgroups(2)</source>
    internal static SyscallResult Getgroups(UserThread caller, int size, UserAddress list)
    {
        Credentials credentials = caller.Credentials;
        int count = credentials.Groups.Length;
        if (size < 0 || (size != 0 && size < count)) return Errno.EINVAL;
        if (size == 0) return count;
        for (int i = 0; i < count; i++)
        {
            if (!UserMemory.TryWrite(list + (ulong)(i * IdBytes), credentials.Groups[i])) return Errno.EFAULT;
        }

        return count;
    }

    /// <errors>EPERM: without CAP_SETGID. EINVAL: more than NGROUPS_MAX, or no id. EFAULT. ENOMEM.</errors>
    /// <source>setgroups(2)</source>
    internal static SyscallResult Setgroups(UserThread caller, uint size, UserAddress list)
    {
        const uint NoId = uint.MaxValue;
        if (!caller.Credentials.Has(Capability.CAP_SETGID)) return Errno.EPERM;
        if (size > Limits.NGROUPS_MAX) return Errno.EINVAL;
        // The credentials keep a copy of their own.
        if (!LargeArray.TryReserve(2L * size * IdBytes)) return Errno.ENOMEM;
        uint[] groups = size == 0 ? [] : new uint[size];
        for (int i = 0; i < groups.Length; i++)
        {
            if (!UserMemory.TryRead(list + (ulong)(i * IdBytes), out groups[i])) return Errno.EFAULT;
            if (groups[i] == NoId) return Errno.EINVAL;
        }

        return Identity.SetSupplementary(caller, groups);
    }
}
