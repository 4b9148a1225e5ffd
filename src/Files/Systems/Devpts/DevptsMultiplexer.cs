using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>The node ptmx of a devpts: each open makes a pair.</summary>
internal sealed class DevptsMultiplexer(DevptsFilesystem filesystem, ulong number, in NewNode node)
    : Inode(filesystem, number, node)
{
    private const uint Major = 5;
    private const uint Minor = 2;

    private readonly DevptsFilesystem _filesystem = filesystem;

    public override DeviceNumber Device => new(Major, Minor);

    public override bool TryOpen(
        in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        Mount mount = request.Location.Mount;
        PathLocation names = new(mount, mount.Root);
        file = null;
        error = Errno.ESTALE;
        if (!names.TryPin()) return false;
        if (_filesystem.TryOpenMaster(this, request, names, out file, out error)) return true;
        names.Unpin();
        return false;
    }
}
