namespace Cashew.Files;

/// <summary>Somebody who wants to hear what happens to one file.</summary>
internal abstract class FileWatch(Inode inode)
{
    internal Inode Inode { get; } = inode;

    /// <summary>Whether what is done with files that have lost their names is none of its business.</summary>
    internal virtual bool ExcludesUnlinked => false;

    /// <summary>Something has happened.</summary>
    /// <param name="happened">One event of inotify(7), with or without IN_ISDIR.</param>
    /// <param name="cookie">Connects the halves of a move; else 0.</param>
    /// <param name="name">Of the entry, if it happened to one; kept, and never changed.</param>
    /// <locking>Sleeping locks up to FileLockWaits may be held.</locking>
    internal abstract void Tell(uint happened, uint cookie, byte[] name);

    /// <summary>There is nothing to watch any more.</summary>
    internal abstract void End();
}
