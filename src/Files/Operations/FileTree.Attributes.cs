using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>The user or group number that means "leave it" in chown(2).</summary>
    public const uint KeepOwner = uint.MaxValue;

    /// <summary>Changes the permission bits.</summary>
    /// <errors>EPERM: neither the owner nor CAP_FOWNER. EROFS.</errors>
    /// <source>chmod(2), fchmodat(2).</source>
    public static Errno ChangeMode(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, uint mode)
    {
        if (!PathWalk.TryLocate(caller, start, path, flags, out PathLocation found, out Errno error)) return error;
        return ChangeMode(caller.Credentials, found, found.Inode, mode);
    }

    /// <inheritdoc cref="ChangeMode(in FileCaller, PathLocation, ReadOnlySpan{byte}, WalkFlags, uint)"/>
    public static Errno ChangeMode(Credentials credentials, PathLocation place, Inode inode, uint mode)
    {
        if (!place.IsNone && place.Mount.IsReadOnly) return Errno.EROFS;
        if ((inode.Flags & FileFlags.Fixed) != 0) return Errno.EPERM;
        if (!Permission.IsOwnerOrCapable(inode, credentials)) return Errno.EPERM;

        // Linux: the kernel has no use for modes of symbolic links.
        if (inode.IsSymbolicLink) return Errno.EOPNOTSUPP;

        uint permissions = mode & PermissionMask;
        if (!credentials.MayKeepSetGroup(inode.Gid)) permissions &= ~Mode.S_ISGID;
        Errno error = inode.SetAttributes(new AttributeChange { Permissions = permissions });
        return Tell(error, place, inode, InotifyBits.IN_ATTRIB);
    }

    /// <summary>Changes owner and group; <see cref="KeepOwner"/> leaves one as it is.</summary>
    /// <errors>EPERM: only CAP_CHOWN may give files away; the owner may choose among the groups he is in.
    /// EROFS.</errors>
    /// <source>chown(2): the set-ID bits of what is not a directory go, whoever asks.</source>
    public static Errno ChangeOwner(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, uint uid, uint gid)
    {
        if (!PathWalk.TryLocate(caller, start, path, flags, out PathLocation found, out Errno error)) return error;
        return ChangeOwner(caller.Credentials, found, found.Inode, uid, gid);
    }

    /// <inheritdoc cref="ChangeOwner(in FileCaller, PathLocation, ReadOnlySpan{byte}, WalkFlags, uint, uint)"/>
    public static Errno ChangeOwner(Credentials credentials, PathLocation place, Inode inode, uint uid, uint gid)
    {
        if (!place.IsNone && place.Mount.IsReadOnly) return Errno.EROFS;
        if ((inode.Flags & FileFlags.Fixed) != 0 && (uid != KeepOwner || gid != KeepOwner)) return Errno.EPERM;

        bool isOwner = credentials.Fsuid == inode.Uid;
        bool mayChangeAll = credentials.Has(Capability.CAP_CHOWN);
        if (uid != KeepOwner && !mayChangeAll && !(isOwner && uid == inode.Uid)) return Errno.EPERM;
        if (gid != KeepOwner && !mayChangeAll && !(isOwner && (gid == inode.Gid || credentials.IsInGroup(gid))))
        {
            return Errno.EPERM;
        }

        uint permissions = inode.Mode & PermissionMask;
        if (!inode.IsDirectory)
        {
            permissions = Inode.WithoutPrivilegeBits(permissions, credentials.MayKeepSetGroup(inode.Gid));

            // Linux takes bits away as chmod(2) does, which CAP_CHOWN alone does not allow.
            bool losesBits = permissions != (inode.Mode & PermissionMask);
            if (losesBits && !Permission.IsOwnerOrCapable(inode, credentials)) return Errno.EPERM;
            inode.DropCapabilities();
        }

        Errno error = inode.SetAttributes(new AttributeChange
        {
            Uid = uid == KeepOwner ? null : uid,
            Gid = gid == KeepOwner ? null : gid,
            Permissions = permissions,
        });
        bool isChange = uid != KeepOwner || gid != KeepOwner;
        return isChange ? Tell(error, place, inode, InotifyBits.IN_ATTRIB) : error;
    }

    /// <summary>Changes the times of last access and modification.</summary>
    /// <param name="accessed">What to set, "now" or "leave it".</param>
    /// <param name="modified"><inheritdoc cref="SetTimes" path="/param[@name='accessed']"/></param>
    /// <errors>
    /// EACCES: both are now, and the caller neither owns the file nor may write it. EPERM: something else,
    /// and the caller is not the owner nor has CAP_FOWNER. EROFS.
    /// </errors>
    /// <source>utimensat(2).</source>
    public static Errno SetTimes(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, TimeChange accessed,
        TimeChange modified)
    {
        if (!PathWalk.TryLocate(caller, start, path, flags, out PathLocation found, out Errno error)) return error;
        return SetTimes(caller.Credentials, found, found.Inode, accessed, modified);
    }

    /// <inheritdoc cref="SetTimes(in FileCaller, PathLocation, ReadOnlySpan{byte}, WalkFlags, TimeChange, TimeChange)"/>
    public static Errno SetTimes(
        Credentials credentials, PathLocation place, Inode inode, TimeChange accessed, TimeChange modified)
    {
        if (accessed.IsKept && modified.IsKept) return Errno.None;
        if (!place.IsNone && place.Mount.IsReadOnly) return Errno.EROFS;
        bool isTouch = accessed.IsNow && modified.IsNow;
        FileFlags forbidding = isTouch ? FileFlags.Immutable : FileFlags.Fixed;
        if ((inode.Flags & forbidding) != 0) return Errno.EPERM;
        if (!Permission.IsOwnerOrCapable(inode, credentials))
        {
            if (!accessed.IsNow || !modified.IsNow) return Errno.EPERM;
            Errno denied = Permission.Check(inode, AccessModes.Write, credentials);
            if (denied != Errno.None) return denied;
        }

        Nanoseconds now = Clock.Realtime;
        Errno error = inode.SetAttributes(new AttributeChange
        {
            Accessed = accessed.Resolve(now),
            Modified = modified.Resolve(now),
        });

        // One time alone looks like a read or a write.
        uint happened = modified.IsKept ? InotifyBits.IN_ACCESS
            : accessed.IsKept ? InotifyBits.IN_MODIFY
            : InotifyBits.IN_ATTRIB;
        return Tell(error, place, inode, happened);
    }

    // What has been done, if it has been.
    private static Errno Tell(Errno error, PathLocation place, Inode inode, uint happened)
    {
        if (error == Errno.None && FileWatches.AreThere) FileWatches.Report(place, inode, happened);
        return error;
    }
}
