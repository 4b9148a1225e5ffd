using Cashew.Abi;

namespace Cashew.Files;

/// <summary>What a new file shall be: everything a file system needs to make the inode.</summary>
public readonly struct NewNode
{
    public NewNode(uint mode, uint uid, uint gid)
    {
        Mode = mode;
        Uid = uid;
        Gid = gid;
    }

    /// <summary>Type and permissions, umask already applied.</summary>
    public uint Mode { get; }

    public uint Uid { get; }
    public uint Gid { get; }

    /// <summary>For device nodes.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>For symbolic links.</summary>
    public byte[]? Target { get; init; }

    public InodeType Type => (InodeType)((Mode & Abi.Mode.S_IFMT) >> 12);

    /// <summary>Owner, group and mode of a file that somebody makes in a directory.</summary>
    /// <source>inode(7): a set-group-ID directory hands its group to what is made in it, and the bit to
    /// directories.</source>
    public static NewNode For(Inode parent, uint mode, Credentials credentials)
    {
        uint group = credentials.Fsgid;
        if ((parent.Mode & Abi.Mode.S_ISGID) != 0)
        {
            group = parent.Gid;
            if ((mode & Abi.Mode.S_IFMT) == Abi.Mode.S_IFDIR) mode |= Abi.Mode.S_ISGID;
            else mode = WithoutForeignSetGroup(mode, group, credentials);
        }

        return new NewNode(mode, credentials.Fsuid, group);
    }

    // Otherwise anybody who may write to such a directory could make programs that run with its group's
    // rights.
    private static uint WithoutForeignSetGroup(uint mode, uint group, Credentials credentials)
    {
        const uint groupExecutable = Abi.Mode.S_ISGID | Abi.Mode.S_IXGRP;
        if ((mode & groupExecutable) != groupExecutable) return mode;
        return credentials.IsInGroup(group) || credentials.Has(Capability.CAP_FSETID) ? mode : mode & ~Abi.Mode.S_ISGID;
    }
}
