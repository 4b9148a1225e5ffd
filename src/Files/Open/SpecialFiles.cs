using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Opens what is the same on every file system: directories, FIFOs, devices, sockets.</summary>
internal static class SpecialFiles
{
    internal static bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        switch (inode.Type)
        {
            case InodeType.Directory:
                error = Errno.None;
                file = new DirectoryFile(request);
                return true;
            case InodeType.Fifo:
                return FifoFile.TryOpen(inode, request, out file, out error);
            case InodeType.CharacterDevice:
                return CharacterDevices.TryOpen(inode, request, out file, out error);
            default:
                // open(2): ENXIO for a socket, and for a device file that no driver answers for.
                file = null;
                error = Errno.ENXIO;
                return false;
        }
    }
}
