using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>The tree of mounts, and file systems that are made in steps.</summary>
internal static class MountingCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.mount, "mount",
            static (caller, in a) => MountCalls.Mount(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.umount2, "umount2",
            static (caller, in a) => MountCalls.Umount2(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.pivot_root, "pivot_root",
            static (caller, in a) => PivotRoot.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.open_tree, "open_tree",
            static (caller, in a) => OpenTree.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.move_mount, "move_mount",
            static (caller, in a) => MoveMount.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.fsopen, "fsopen",
            static (caller, in a) => FilesystemCalls.Fsopen(caller, a.A0, a.A1),
            "no messages to be read from the descriptor");
        table.Add(
            SyscallNumber.fsconfig, "fsconfig",
            static (caller, in a) => FilesystemCalls.Fsconfig(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.fsmount, "fsmount",
            static (caller, in a) => FilesystemCalls.Fsmount(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.fspick, "fspick",
            static (caller, in a) => FilesystemCalls.Fspick(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.mount_setattr, "mount_setattr",
            static (caller, in a) => MountSetattr.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4),
            "no MOUNT_ATTR_IDMAP: there are no user namespaces");
    }
}
