using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A file that the kernel makes up. In most file systems, owner and permissions are what they
/// are.</summary>
public abstract class GeneratedInode(GeneratedFilesystem filesystem, ulong number, in NewNode node)
    : Inode(filesystem, number, node)
{
    private readonly GeneratedFilesystem _filesystem = filesystem;

    /// <errors>EPERM: owner or permissions are to be changed.</errors>
    public override Errno SetAttributes(in AttributeChange change)
        => _filesystem.HasOwners || change.Permissions is null && change.Uid is null && change.Gid is null
            ? base.SetAttributes(change)
            : Errno.EPERM;
}
