using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class OpenTree
{
    private const uint FlagMask = (uint)(AtBits.AT_EMPTY_PATH | AtBits.AT_NO_AUTOMOUNT | AtBits.AT_RECURSIVE
        | AtBits.AT_SYMLINK_NOFOLLOW) | MountApiBits.OPEN_TREE_CLONE | MountApiBits.OPEN_TREE_CLOEXEC;

    /// <summary>Opens a place of the tree, or a copy of what is mounted there, which hangs nowhere until
    /// move_mount(2) attaches it, and ends with its descriptor if none does.</summary>
    /// <errors>EINVAL: unknown flags; AT_RECURSIVE without a copy; what may not be bound. EPERM: a copy
    /// without CAP_SYS_ADMIN.
    /// EMFILE, ENFILE, ENOSPC, ENOMEM, and those of the path.</errors>
    /// <source>open_tree(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int directoryFd, UserAddress path, uint flags)
    {
        if ((flags & ~FlagMask) != 0) return Errno.EINVAL;
        bool copies = (flags & MountApiBits.OPEN_TREE_CLONE) != 0;
        bool isRecursive = (flags & AtBits.AT_RECURSIVE) != 0;
        if (isRecursive && !copies) return Errno.EINVAL;
        if (copies && !caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;

        WalkFlags walk = PathArgument.FollowUnless((int)flags);
        if (!MountPlaces.TryFind(caller, directoryFd, path, walk, out PathLocation found, out Errno error)) return error;
        if (!copies) return Open(caller, found, flags);

        error = caller.Filesystem.Namespace.TryClone(found, isRecursive, out MountNamespace? tree);
        found.Unpin();
        return error == Errno.None ? InstallTree(caller, tree!, flags) : error;
    }

    /// <summary>A descriptor of a tree that hangs nowhere.</summary>
    internal static SyscallResult InstallTree(UserThread caller, MountNamespace tree, uint openFlags)
        => NewFile.Install(caller, DetachedTreeFile.Open(tree, caller.FileCaller), openFlags & OpenBits.O_CLOEXEC);

    private static SyscallResult Open(UserThread caller, PathLocation pinned, uint flags)
    {
        OpenRequest request = new(caller.FileCaller, pinned, OpenBits.O_PATH);
        return FileTree.TryOpen(request, out OpenFile? file, out Errno error)
            ? NewFile.Install(caller, file, flags & OpenBits.O_CLOEXEC)
            : error == Errno.ESTALE ? Errno.ENOENT : error;
    }
}
