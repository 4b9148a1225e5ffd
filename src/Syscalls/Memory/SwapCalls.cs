using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Room for pages outside of memory. Nothing that a path leads to can be that: every file is in
/// memory itself, and there are no disks.</summary>
internal static class SwapCalls
{
    // SWAP_FLAG_PREFER with its priority, SWAP_FLAG_DISCARD with _ONCE and _PAGES.
    private const uint KnownFlags = 0x7FFFF;

    /// <errors>EINVAL: an unknown flag; a file in memory. EPERM: without CAP_SYS_ADMIN. EFAULT. EACCES,
    /// ENOENT and the rest of <see cref="PathWalk"/>.</errors>
    /// <source>swapon(2), "EINVAL ... resides on an in-memory filesystem such as tmpfs(5)".</source>
    internal static SyscallResult On(UserThread caller, UserAddress path, uint flags) =>
        (flags & ~KnownFlags) != 0 ? Errno.EINVAL : Refuse(caller, path);

    /// <errors>EPERM. EFAULT. EINVAL: it is not used so. The rest as above.</errors>
    /// <source>swapoff(2)</source>
    internal static SyscallResult Off(UserThread caller, UserAddress path) => Refuse(caller, path);

    private static SyscallResult Refuse(UserThread caller, UserAddress path)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            bool isThere = PathWalk.TryFindInode(
                caller.FileCaller, argument.Start, argument.Path, WalkFlags.FollowLast, out _, out _, out error);
            return isThere ? Errno.EINVAL : error;
        }
    }
}
