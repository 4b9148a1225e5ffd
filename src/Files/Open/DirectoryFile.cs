using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>An open directory.</summary>
public sealed class DirectoryFile(in OpenRequest request)
    : OpenFile(request.Location.Inode, request.Location, request.Flags)
{
    // Positions of the two entries that every directory has and no file system stores.
    private const long DotPosition = 0;
    private const long DotDotPosition = 1;

    /// <summary>The first position that a file system gives to an entry of its own.</summary>
    public const long FirstEntry = 2;

    public override bool IsSeekable => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset) => Errno.EISDIR;

    public override Errno ReadDirectory(ref DirectorySink sink)
    {
        using OffsetGuard offsetGuard = LockOffset();
        using SleepLock.Guard directoryGuard = Inode.Lock!.Acquire();
        if (Inode.IsRemoved) return Errno.ENOENT;

        long position = Offset;
        if (position == DotPosition && sink.TryAdd("."u8, Inode.Number, InodeType.Directory, DotDotPosition))
        {
            position = DotDotPosition;
        }

        if (position == DotDotPosition && sink.TryAdd(".."u8, ParentNumber(), InodeType.Directory, FirstEntry))
        {
            position = FirstEntry;
        }

        Errno error = Errno.None;
        if (position >= FirstEntry && !sink.IsFull) error = Inode.ReadDirectory(ref position, ref sink);
        SetOffsetLocked(position);
        Location.Mount.TouchAccessed(Inode);
        return error;
    }

    /// <errors>EINVAL: an origin that is neither the beginning nor where one is: there is no end.</errors>
    public override IoResult Seek(long distance, int origin)
        => origin is SeekWhence.SEEK_SET or SeekWhence.SEEK_CUR ? base.Seek(distance, origin) : Errno.EINVAL;

    public override Errno Synchronize() => Inode.Filesystem.Synchronize();

    private ulong ParentNumber() => (Location.Dentry.Parent?.Inode ?? Inode).Number;
}
