using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>A file system is made in steps: fsopen, fsconfig, fsmount; or changed: fspick,
/// fsconfig.</summary>
internal static class FilesystemCalls
{
    private const uint PickMask = MountApiBits.FSPICK_CLOEXEC | MountApiBits.FSPICK_SYMLINK_NOFOLLOW
        | MountApiBits.FSPICK_NO_AUTOMOUNT | MountApiBits.FSPICK_EMPTY_PATH;

    /// <summary>Begins to make a file system.</summary>
    /// <errors>EPERM: no CAP_SYS_ADMIN. EINVAL: unknown flags. ENODEV: no such type. EFAULT, EMFILE, ENFILE,
    /// ENOMEM.</errors>
    /// <source>fsopen(2)</source>
    internal static SyscallResult Fsopen(UserThread caller, UserAddress name, uint flags)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if ((flags & ~MountApiBits.FSOPEN_CLOEXEC) != 0) return Errno.EINVAL;
        if (!ConfigurationText.TryCopyName(name, out byte[]? type, out Errno error)) return error;
        if (!FilesystemTypes.TryFind(type, out FilesystemType? found)) return Errno.ENODEV;
        return Install(caller, new FilesystemConfiguration(found), (flags & MountApiBits.FSOPEN_CLOEXEC) != 0);
    }

    /// <summary>Begins to change a file system.</summary>
    /// <errors>EPERM: no CAP_SYS_ADMIN. EINVAL: unknown flags; no mount's root. And those of the
    /// path.</errors>
    /// <source>fspick(2)</source>
    internal static SyscallResult Fspick(UserThread caller, int directoryFd, UserAddress path, uint flags)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if ((flags & ~PickMask) != 0) return Errno.EINVAL;
        WalkFlags walk = (flags & MountApiBits.FSPICK_SYMLINK_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        if ((flags & MountApiBits.FSPICK_EMPTY_PATH) != 0) walk |= WalkFlags.AllowEmpty;
        if (!MountPlaces.TryFind(caller, directoryFd, path, walk, out PathLocation found, out Errno error)) return error;
        if (!found.IsMountTop)
        {
            found.Unpin();
            return Errno.EINVAL;
        }

        return Install(caller, new FilesystemConfiguration(found), (flags & MountApiBits.FSPICK_CLOEXEC) != 0);
    }

    /// <summary>Sets an option, or takes the next step.</summary>
    /// <errors>EINVAL: arguments that do not go with the command; no such descriptor. EBADF. EOPNOTSUPP: an
    /// unknown command, or an option that is neither flag nor text. EPERM: no CAP_SYS_ADMIN. And those of
    /// <see cref="FilesystemConfiguration"/>.</errors>
    /// <source>fsconfig(2)</source>
    internal static SyscallResult Fsconfig(
        UserThread caller, int fd, uint command, UserAddress key, UserAddress value, int extra)
    {
        if (fd < 0) return Errno.EINVAL;
        Errno error = CheckArguments(command, key, value, extra);
        if (error != Errno.None) return error;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out error)) return error;
        using (use)
        {
            if (use.File is not FilesystemConfiguration configuration) return Errno.EINVAL;
            switch (command)
            {
                case MountApiBits.FSCONFIG_CMD_CREATE:
                    return MayMount(caller) ? configuration.Create(caller.FileCaller) : Errno.EPERM;
                case MountApiBits.FSCONFIG_CMD_RECONFIGURE:
                    return MayMount(caller) ? configuration.Reconfigure() : Errno.EPERM;
                case MountApiBits.FSCONFIG_SET_FLAG or MountApiBits.FSCONFIG_SET_STRING:
                    return SetOption(configuration, command, key, value);
                default:
                    return Errno.EOPNOTSUPP;
            }
        }
    }

    private static bool MayMount(UserThread caller) => caller.Credentials.Has(Capability.CAP_SYS_ADMIN);

    private static Errno CheckArguments(uint command, UserAddress key, UserAddress value, int extra)
    {
        const int longestBinary = 1024 * 1024;
        bool isRight;
        switch (command)
        {
            case MountApiBits.FSCONFIG_SET_FLAG:
                isRight = !key.IsNull && value.IsNull && extra == 0;
                break;
            case MountApiBits.FSCONFIG_SET_STRING:
                isRight = !key.IsNull && !value.IsNull && extra == 0;
                break;
            case MountApiBits.FSCONFIG_SET_BINARY:
                isRight = !key.IsNull && !value.IsNull && extra is > 0 and <= longestBinary;
                break;
            case MountApiBits.FSCONFIG_SET_PATH or MountApiBits.FSCONFIG_SET_PATH_EMPTY:
                isRight = !key.IsNull && !value.IsNull && (extra == AtBits.AT_FDCWD || extra >= 0);
                break;
            case MountApiBits.FSCONFIG_SET_FD:
                isRight = !key.IsNull && value.IsNull && extra >= 0;
                break;
            case MountApiBits.FSCONFIG_CMD_CREATE or MountApiBits.FSCONFIG_CMD_RECONFIGURE:
                isRight = key.IsNull && value.IsNull && extra == 0;
                break;
            default:
                return Errno.EOPNOTSUPP;
        }

        return isRight ? Errno.None : Errno.EINVAL;
    }

    private static Errno SetOption(
        FilesystemConfiguration configuration, uint command, UserAddress key, UserAddress value)
    {
        if (!ConfigurationText.TryCopy(key, out byte[]? name, out Errno error)) return error;
        if (command == MountApiBits.FSCONFIG_SET_FLAG) return configuration.SetFlag(name);
        return ConfigurationText.TryCopy(value, out byte[]? text, out error)
            ? configuration.SetText(name, text)
            : error;
    }

    /// <summary>Mounts what has been made, nowhere yet: move_mount(2) attaches it.</summary>
    /// <errors>EPERM: no CAP_SYS_ADMIN. EINVAL: unknown flags or attributes; no such descriptor; nothing has
    /// been made. EBADF, EMFILE, ENFILE, ENOMEM.</errors>
    /// <source>fsmount(2)</source>
    internal static SyscallResult Fsmount(UserThread caller, int fd, uint flags, uint attributes)
    {
        if (!MayMount(caller)) return Errno.EPERM;
        if ((flags & ~MountApiBits.FSMOUNT_CLOEXEC) != 0) return Errno.EINVAL;
        if ((attributes & ~MountAttributes.Known) != 0) return Errno.EINVAL;
        if (!MountAttributes.TryToAccessTimes(attributes, out MountOptions times)) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File is not FilesystemConfiguration configuration) return Errno.EINVAL;
            MountOptions options = MountAttributes.ToOptions(attributes) | times;
            error = configuration.Mount(options, out MountNamespace? tree);
            if (error != Errno.None) return error;
            bool closesOnExec = (flags & MountApiBits.FSMOUNT_CLOEXEC) != 0;
            return OpenTree.InstallTree(caller, tree!, closesOnExec ? OpenBits.O_CLOEXEC : 0);
        }
    }

    private static SyscallResult Install(UserThread caller, OpenFile file, bool closesOnExec)
        => NewFile.Install(caller, file, closesOnExec ? OpenBits.O_CLOEXEC : 0);
}
