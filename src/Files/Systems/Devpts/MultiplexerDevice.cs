using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>/dev/ptmx: the multiplexer of the devpts that is mounted on "pts" beside it.</summary>
/// <source>ptmx(4); Linux's description of devpts: "the ptmx device node looks up the devpts filesystem next
/// to it".</source>
public sealed class MultiplexerDevice : CharacterDevice
{
    /// <errors>ENODEV: there is none.</errors>
    public override bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = Errno.ENODEV;
        if (request.Location.Dentry.Parent is not Dentry parent) return false;

        PathLocation start = new(request.Location.Mount, parent);
        const WalkFlags flags = WalkFlags.FollowLast | WalkFlags.Directory;
        if (!PathWalk.TryFind(request.Caller, start, "pts"u8, flags, out PathLocation found, out _))
        {
            return false;
        }

        if (found.Mount.Filesystem is DevptsFilesystem devpts && ReferenceEquals(found.Inode, devpts.RootInode)
            && devpts.TryOpenMaster(inode, request, found, out file, out error))
        {
            return true;
        }

        found.Unpin();
        return false;
    }
}
