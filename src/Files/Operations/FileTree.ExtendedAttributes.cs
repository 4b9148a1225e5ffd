using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>The value of an extended attribute.</summary>
    /// <errors>ENODATA: there is none. EINVAL: no capabilities as the kernel knows them. EOPNOTSUPP: a name
    /// space, or a file system, without. EACCES: the file may not be read.</errors>
    /// <source>getxattr(2), xattr(7).</source>
    public static bool TryGetExtendedAttribute(
        Credentials credentials, Inode inode, ReadOnlySpan<byte> name, [NotNullWhen(true)] out byte[]? value,
        out Errno error)
    {
        value = null;
        error = CheckAttributeRead(credentials, inode, name);
        if (error != Errno.None) return false;
        if (inode.Filesystem.HidesAttribute(name)) error = Errno.EOPNOTSUPP;
        else if (!inode.TryGetAttributed(isForWriting: false, out inode, out error)) return false;
        else if (inode.Filesystem.AttributeBudget is null) error = Errno.EOPNOTSUPP;
        else if (inode.ExtendedOrNone is not { } attributes || !attributes.TryGet(name, out value)) error = Errno.ENODATA;
        else if (IsCapability(name) && !CapabilityAttribute.TryTell(ref value)) error = Errno.EINVAL;
        return error == Errno.None;
    }

    /// <summary>Sets an extended attribute; without a value, takes it away.</summary>
    /// <param name="credentials">Who asks.</param>
    /// <param name="place">Where the file was found; none for one without a path.</param>
    /// <param name="inode">The file.</param>
    /// <param name="name">With its name space.</param>
    /// <param name="value">Kept; must not be changed afterwards.</param>
    /// <param name="flags">XATTR_CREATE, XATTR_REPLACE or neither.</param>
    /// <errors>EINVAL: no capabilities as the kernel knows them. EEXIST, ENODATA, ENOSPC: see
    /// <see cref="ExtendedAttributes.Set"/>. EPERM: not for this kind of file, or not for this caller.
    /// EACCES: the file may not be written. EROFS. EOPNOTSUPP.</errors>
    /// <source>setxattr(2), removexattr(2), xattr(7).</source>
    public static Errno SetExtendedAttribute(
        Credentials credentials, PathLocation place, Inode inode, ReadOnlySpan<byte> name, byte[]? value, int flags)
    {
        if (!place.IsNone && place.Mount.IsReadOnly) return Errno.EROFS;
        if ((inode.Flags & FileFlags.Fixed) != 0) return Errno.EPERM;
        Errno error = CheckAttributeWrite(credentials, inode, name);
        if (error != Errno.None) return error;
        if (inode.Filesystem.HidesAttribute(name)) return Errno.EOPNOTSUPP;
        if (!inode.TryGetAttributed(isForWriting: true, out inode, out error)) return error;
        if (inode.Filesystem.AttributeBudget is not PageBudget budget) return Errno.EOPNOTSUPP;
        // An empty one can be set, if to no use.
        bool hasValue = value is { Length: > 0 };
        if (hasValue && IsCapability(name) && !CapabilityAttribute.IsValid(value)) return Errno.EINVAL;
        if (value is null && inode.ExtendedOrNone is null) return Errno.ENODATA;
        if (!inode.TryAddUser()) return Errno.ENOENT;

        error = inode.ExtendedFor(budget).Set(name, value, flags);
        if (error == Errno.None) inode.TouchChanged();
        inode.ReleaseUser();
        return Tell(error, place, inode, InotifyBits.IN_ATTRIB);
    }

    /// <summary>The names of all extended attributes that the caller may know of, a NUL after each.</summary>
    /// <source>listxattr(2); xattr(7): those of the name space "trusted" are only for CAP_SYS_ADMIN.</source>
    public static byte[] ListExtendedAttributes(Credentials credentials, Inode inode)
    {
        Filesystem shown = inode.Filesystem;
        if (!inode.TryGetAttributed(isForWriting: false, out inode, out _)) return [];
        return inode.ExtendedOrNone?.List(credentials.Has(Capability.CAP_SYS_ADMIN), shown) ?? [];
    }

    // Linux asks for the right to the name space first, and then whether there can be such a name.
    private static Errno CheckAttributeRead(Credentials credentials, Inode inode, ReadOnlySpan<byte> name)
    {
        if (IsIn(name, "security."u8)) return CheckName(name);
        if (IsIn(name, "trusted."u8))
        {
            return credentials.Has(Capability.CAP_SYS_ADMIN) ? CheckName(name) : Errno.ENODATA;
        }

        if (IsIn(name, "system."u8)) return Errno.EOPNOTSUPP;
        if (IsIn(name, "user."u8) && !inode.IsRegular && !inode.IsDirectory) return Errno.ENODATA;
        Errno error = Permission.Check(inode, AccessModes.Read, credentials);
        return error == Errno.None ? CheckName(name) : error;
    }

    private static Errno CheckAttributeWrite(Credentials credentials, Inode inode, ReadOnlySpan<byte> name)
    {
        if (IsIn(name, "trusted."u8))
        {
            return credentials.Has(Capability.CAP_SYS_ADMIN) ? CheckName(name) : Errno.EPERM;
        }

        if (IsIn(name, "security."u8))
        {
            int needed = IsCapability(name) ? Capability.CAP_SETFCAP : Capability.CAP_SYS_ADMIN;
            return credentials.Has(needed) ? CheckName(name) : Errno.EPERM;
        }

        if (IsIn(name, "system."u8)) return Errno.EOPNOTSUPP;
        if (IsIn(name, "user."u8))
        {
            if (!inode.IsRegular && !inode.IsDirectory) return Errno.EPERM;
            bool isSticky = inode.IsDirectory && (inode.Mode & Mode.S_ISVTX) != 0;
            if (isSticky && !Permission.IsOwnerOrCapable(inode, credentials)) return Errno.EPERM;
        }

        Errno error = Permission.Check(inode, AccessModes.Write, credentials);
        return error == Errno.None ? CheckName(name) : error;
    }

    /// <errors>EOPNOTSUPP: no name space. EINVAL: one, and no name in it.</errors>
    private static Errno CheckName(ReadOnlySpan<byte> name)
    {
        bool isKnown = IsIn(name, "security."u8) || IsIn(name, "trusted."u8) || IsIn(name, "user."u8);
        if (!isKnown) return Errno.EOPNOTSUPP;
        return name.IndexOf((byte)'.') == name.Length - 1 ? Errno.EINVAL : Errno.None;
    }

    private static bool IsCapability(ReadOnlySpan<byte> name) => name.SequenceEqual(CapabilityAttribute.Name);

    private static bool IsIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> space) => name.StartsWith(space);
}
