using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class StatfsCalls
{
    /// <source>statfs(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress path, UserAddress result)
    {
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            if (argument.Path.IsEmpty) return Errno.ENOENT;
            error = FileTree.GetStatistics(caller.FileCaller, argument.Start, argument.Path, out Statfs statistics);
            if (error != Errno.None) return error;
            return UserMemory.TryWrite(result, statistics) ? 0 : Errno.EFAULT;
        }
    }

    /// <summary>What there is free on the file system that has a device number.</summary>
    /// <errors>EINVAL: none that is mounted has it. EFAULT.</errors>
    /// <source>ustat(2)</source>
    internal static SyscallResult Ustat(UserThread caller, uint device, UserAddress result)
    {
        DeviceNumber wanted = DeviceNumber.FromEncoded(device);
        foreach (Mount mount in caller.Filesystem.Namespace.List())
        {
            if (!mount.Filesystem.Device.Equals(wanted)) continue;
            mount.Filesystem.GetStatistics(out Statfs statistics);
            Ustat data = new() { f_tfree = (int)statistics.f_bfree, f_tinode = statistics.f_ffree };
            return UserMemory.TryWrite(result, data) ? 0 : Errno.EFAULT;
        }

        return Errno.EINVAL;
    }

    /// <source>fstatfs(2)</source>
    internal static SyscallResult InvokeOpen(UserThread caller, int fd, UserAddress result)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Statfs statistics;
            if (Attributes.MountOf(use.File) is { } mount) FileTree.GetStatistics(mount, out statistics);
            else use.File.Inode.Filesystem.GetStatistics(out statistics);
            return UserMemory.TryWrite(result, statistics) ? 0 : Errno.EFAULT;
        }
    }
}
