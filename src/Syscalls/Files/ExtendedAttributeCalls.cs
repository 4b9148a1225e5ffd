using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Extended attributes: four things to do, by path, by path without following a link, and by
/// descriptor.
/// </summary>
internal static class ExtendedAttributeCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.setxattr, "setxattr",
            static (caller, in a) => Set(caller, a.A0, true, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.lsetxattr, "lsetxattr",
            static (caller, in a) => Set(caller, a.A0, false, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.fsetxattr, "fsetxattr",
            static (caller, in a) => SetOpen(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.getxattr, "getxattr",
            static (caller, in a) => Get(caller, a.A0, true, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.lgetxattr, "lgetxattr",
            static (caller, in a) => Get(caller, a.A0, false, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.fgetxattr, "fgetxattr",
            static (caller, in a) => GetOpen(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.listxattr, "listxattr",
            static (caller, in a) => List(caller, a.A0, true, a.A1, a.A2));
        table.Add(
            SyscallNumber.llistxattr, "llistxattr",
            static (caller, in a) => List(caller, a.A0, false, a.A1, a.A2));
        table.Add(
            SyscallNumber.flistxattr, "flistxattr",
            static (caller, in a) => ListOpen(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.removexattr, "removexattr",
            static (caller, in a) => Remove(caller, a.A0, true, a.A1));
        table.Add(
            SyscallNumber.lremovexattr, "lremovexattr",
            static (caller, in a) => Remove(caller, a.A0, false, a.A1));
        table.Add(
            SyscallNumber.fremovexattr, "fremovexattr",
            static (caller, in a) => RemoveOpen(caller, a.A0, a.A1));
    }

    /// <errors>ERANGE: an empty or too long name, or a buffer that is too small. And those of
    /// <see cref="FileTree.TryGetExtendedAttribute"/>.</errors>
    /// <source>getxattr(2), lgetxattr(2)</source>
    private static SyscallResult Get(
        UserThread caller, UserAddress path, bool follows, UserAddress name, UserAddress value, ulong size)
    {
        if (!TryFind(caller, path, follows, out PathLocation place, out Errno error)) return error;
        return Get(caller, place.Inode, name, value, size);
    }

    /// <source>fgetxattr(2)</source>
    private static SyscallResult GetOpen(UserThread caller, int fd, UserAddress name, UserAddress value, ulong size)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return Get(caller, use.File.Inode, name, value, size);
    }

    private static SyscallResult Get(UserThread caller, Inode inode, UserAddress name, UserAddress value, ulong size)
    {
        Span<byte> text = stackalloc byte[Limits.XATTR_NAME_MAX + 1];
        if (!TryCopyName(name, ref text, out Errno error)) return error;
        return FileTree.TryGetExtendedAttribute(caller.Credentials, inode, text, out byte[]? found, out error)
            ? Answer(found, value, size)
            : error;
    }

    /// <errors>ERANGE: a buffer that is too small.</errors>
    /// <source>listxattr(2), llistxattr(2)</source>
    private static SyscallResult List(UserThread caller, UserAddress path, bool follows, UserAddress list, ulong size)
    {
        if (!TryFind(caller, path, follows, out PathLocation place, out Errno error)) return error;
        return Answer(FileTree.ListExtendedAttributes(caller.Credentials, place.Inode), list, size);
    }

    /// <source>flistxattr(2)</source>
    private static SyscallResult ListOpen(UserThread caller, int fd, UserAddress list, ulong size)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            return Answer(FileTree.ListExtendedAttributes(caller.Credentials, use.File.Inode), list, size);
        }
    }

    /// <errors>EINVAL: an unknown flag. E2BIG: a value above 64 KiB. ERANGE: an empty or too long name. And
    /// those of <see cref="FileTree.SetExtendedAttribute"/>.</errors>
    /// <source>setxattr(2), lsetxattr(2)</source>
    private static SyscallResult Set(
        UserThread caller, UserAddress path, bool follows, UserAddress name, UserAddress value, ulong size, int flags)
    {
        // The arguments are looked at before the path, as on Linux.
        Span<byte> text = stackalloc byte[Limits.XATTR_NAME_MAX + 1];
        if (!TryTakeNew(name, ref text, value, size, flags, out byte[]? bytes, out Errno error)) return error;
        if (!TryFind(caller, path, follows, out PathLocation place, out error)) return error;
        return FileTree.SetExtendedAttribute(caller.Credentials, place, place.Inode, text, bytes, flags);
    }

    /// <source>fsetxattr(2)</source>
    private static SyscallResult SetOpen(
        UserThread caller, int fd, UserAddress name, UserAddress value, ulong size, int flags)
    {
        Span<byte> text = stackalloc byte[Limits.XATTR_NAME_MAX + 1];
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!TryTakeNew(name, ref text, value, size, flags, out byte[]? bytes, out error)) return error;
            return FileTree.SetExtendedAttribute(
                caller.Credentials, use.File.Location, use.File.Inode, text, bytes, flags);
        }
    }

    /// <source>removexattr(2), lremovexattr(2)</source>
    private static SyscallResult Remove(UserThread caller, UserAddress path, bool follows, UserAddress name)
    {
        Span<byte> text = stackalloc byte[Limits.XATTR_NAME_MAX + 1];
        if (!TryCopyName(name, ref text, out Errno error)) return error;
        if (!TryFind(caller, path, follows, out PathLocation place, out error)) return error;
        return FileTree.SetExtendedAttribute(caller.Credentials, place, place.Inode, text, null, 0);
    }

    /// <source>fremovexattr(2)</source>
    private static SyscallResult RemoveOpen(UserThread caller, int fd, UserAddress name)
    {
        Span<byte> text = stackalloc byte[Limits.XATTR_NAME_MAX + 1];
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!TryCopyName(name, ref text, out error)) return error;
            return FileTree.SetExtendedAttribute(
                caller.Credentials, use.File.Location, use.File.Inode, text, null, 0);
        }
    }

    private static bool TryFind(
        UserThread caller, UserAddress path, bool follows, out PathLocation place, out Errno error)
    {
        place = default;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out error)) return false;
        WalkFlags walk = follows ? WalkFlags.FollowLast : WalkFlags.None;
        using (argument)
        {
            return PathWalk.TryLocate(
                caller.FileCaller, argument.Start, argument.Path, walk, out place, out error);
        }
    }

    /// <summary>A name has 1 to 255 bytes; the buffer is cut to it.</summary>
    private static bool TryCopyName(UserAddress address, ref Span<byte> name, out Errno error)
    {
        int length = UserMemory.CopyInString(name, address);
        error = length < 0 ? Errno.EFAULT : length == 0 || length == name.Length ? Errno.ERANGE : Errno.None;
        if (error == Errno.None) name = name[..length];
        return error == Errno.None;
    }

    private static bool TryTakeNew(
        UserAddress name, ref Span<byte> text, UserAddress value, ulong size, int flags,
        [NotNullWhen(true)] out byte[]? bytes, out Errno error)
    {
        const int known = XattrBits.XATTR_CREATE | XattrBits.XATTR_REPLACE;
        bytes = null;
        error = Errno.EINVAL;
        if ((flags & ~known) != 0 || !TryCopyName(name, ref text, out error)) return false;
        error = Errno.E2BIG;
        if (size > Limits.XATTR_SIZE_MAX) return false;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreateName() || !LargeArray.TryReserve((long)size)) return false;

        bytes = new byte[size];
        error = UserMemory.CopyIn(bytes, value) == bytes.Length ? Errno.None : Errno.EFAULT;
        return error == Errno.None;
    }

    // A size of 0 asks how much there is.
    private static SyscallResult Answer(ReadOnlySpan<byte> found, UserAddress destination, ulong size)
    {
        if (size == 0) return found.Length;
        if ((ulong)found.Length > size) return Errno.ERANGE;
        return UserMemory.CopyOut(destination, found) == found.Length ? found.Length : Errno.EFAULT;
    }
}
