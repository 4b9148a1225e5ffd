using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>An open directory of an overlay. The names of all layers are put together when reading begins,
/// and again when it begins anew.</summary>
/// <locking>The list: the lock of the directory.</locking>
internal sealed class OverlayDirectoryFile(OverlayInode inode, in OpenRequest request)
    : OpenFile(inode, request.Location, request.Flags)
{
    private const long DotDotPosition = 1;

    private readonly OverlayInode _inode = inode;
    private DirectoryIndex? _names;

    public override bool IsSeekable => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset) => Errno.EISDIR;

    public override Errno ReadDirectory(ref DirectorySink sink)
    {
        using OffsetGuard offsetGuard = LockOffset();
        using SleepLock.Guard directoryGuard = Inode.Lock!.Acquire();
        if (Inode.IsRemoved) return Errno.ENOENT;

        long position = Offset;
        if (position == 0 || _names is null)
        {
            DirectoryIndex names = new();
            Errno error = _inode.List(names);
            if (error != Errno.None) return error;
            _names = names;
        }

        if (position == 0 && sink.TryAdd("."u8, _inode.ShownNumber, InodeType.Directory, DotDotPosition))
        {
            position = DotDotPosition;
        }

        if (position == DotDotPosition && sink.TryAdd(".."u8, ParentNumber(), InodeType.Directory, DirectoryFile.FirstEntry))
        {
            position = DirectoryFile.FirstEntry;
        }

        if (position >= DirectoryFile.FirstEntry && !sink.IsFull) AddEntries(ref position, ref sink);
        SetOffsetLocked(position);
        return Errno.None;
    }

    public override Errno Synchronize() => Inode.Filesystem.Synchronize();

    private void AddEntries(ref long position, ref DirectorySink sink)
    {
        while (_names!.TryNext(position, out DirectoryEntry? entry))
        {
            long next = entry.Cookie + 1;
            if (!LayerNames.IsWhiteout(entry.Inode))
            {
                ulong number = _inode.NumberOf(entry.Name, entry.Inode);
                if (!sink.TryAdd(entry.Name, number, entry.Inode.Type, next)) return;
            }

            position = next;
        }
    }

    private ulong ParentNumber()
        => Location.Dentry.Parent?.Inode is OverlayInode parent ? parent.ShownNumber : _inode.ShownNumber;
}
