using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class PivotRoot
{
    /// <summary>Makes another mount the root, and hangs the old one below it. Whose root or working directory
    /// was the top of the old one gets the new one.</summary>
    /// <errors>EPERM: no CAP_SYS_ADMIN. ENOTDIR. Those of <see cref="MountNamespace.Pivot"/> and of the
    /// paths.</errors>
    /// <source>pivot_root(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress newRoot, UserAddress putOld)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        const WalkFlags walk = WalkFlags.FollowLast | WalkFlags.Directory;
        const int here = AtBits.AT_FDCWD;
        if (!MountPlaces.TryFind(caller, here, newRoot, walk, out PathLocation top, out Errno error)) return error;
        if (MountPlaces.TryFind(caller, here, putOld, walk, out PathLocation old, out error))
        {
            PathLocation root = caller.Filesystem.Root;
            error = caller.Filesystem.Namespace.Pivot(root, top, old);
            if (error == Errno.None) MoveEverybody(root, top);
            old.Unpin();
        }

        top.Unpin();
        return error;
    }

    private static void MoveEverybody(PathLocation from, PathLocation to)
    {
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            pid.Thread?.FilesystemOrNone?.Replace(from, to);
        }
    }
}
