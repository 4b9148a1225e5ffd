using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Tells who watches of a move; what is replaced is kept until that is done.</summary>
internal readonly struct MoveReport
{
    private readonly Inode? _replaced;
    private readonly bool _isWanted;

    private MoveReport(Inode? replaced)
    {
        _isWanted = true;
        _replaced = replaced is not null && replaced.TryAddUser() ? replaced : null;
    }

    /// <param name="replaced">What has the new name before the move.</param>
    internal static MoveReport Begin(Inode? replaced) => FileWatches.AreThere ? new MoveReport(replaced) : default;

    /// <summary>The move has been made.</summary>
    /// <param name="target">The entry that was replaced, pinned by the caller.</param>
    internal void Tell(LastName from, Inode moved, LastName to, Dentry? target)
    {
        if (!_isWanted) return;

        if (ReferenceEquals(from.Directory, to.Directory))
        {
            FileWatches.ReportEntry(from.Directory, from.Name, moved, FileWatches.RenamedWithin);
        }

        uint cookie = FileWatches.NextCookie();
        FileWatches.ReportEntry(from.Directory, from.Name.ToArray(), moved, InotifyBits.IN_MOVED_FROM, cookie);
        FileWatches.ReportEntry(to.Directory, to.Name.ToArray(), moved, InotifyBits.IN_MOVED_TO, cookie);
        if (_replaced is not null)
        {
            uint kind = _replaced.IsDirectory ? InotifyBits.IN_ISDIR : 0;
            FileWatches.ReportOf(_replaced, InotifyBits.IN_ATTRIB | kind);
        }

        FileWatches.ReportOf(moved, InotifyBits.IN_MOVE_SELF);
        if (_replaced is { IsRemoved: true } && target!.IsPinnedOnce) FileWatches.FileGone(_replaced);
    }

    /// <locking>May sleep: the last user of what was replaced frees it.</locking>
    internal void End() => _replaced?.ReleaseUser();
}
