using System;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Tells those who watch files what is done with them. While nobody watches anything, each operation
/// pays a look at <see cref="AreThere"/>, and nothing else.</summary>
/// <remarks>
/// An inode has an array of its watches, which is replaced as a whole: whoever reports takes no lock to find
/// them. What an open file or a path does is told to the inode and to the directory of the name that was
/// used.
/// </remarks>
/// <locking>Reports may sleep, since a watch can end with what it reports; sleeping locks up to
/// FileLockWaits may be held.</locking>
/// <source>inotify(7); fcntl(2), F_NOTIFY.</source>
public static class FileWatches
{
    /// <summary>An event of which inotify(7) knows nothing: a move that does not leave its
    /// directory.</summary>
    internal const uint RenamedWithin = 0x1_0000;

    // The bytes of these are no business of the directory's.
    private const uint OfContents = InotifyBits.IN_ACCESS | InotifyBits.IN_MODIFY;

    private static int s_count;
    private static uint s_lastCookie;

    /// <summary>Whether anybody watches anything.</summary>
    public static bool AreThere => Volatile.Read(ref s_count) != 0;

    /// <inheritdoc cref="DirectoryWatch.Set"/>
    public static Errno WatchDirectory(OpenFile file, DescriptorTable table, int fd, uint wanted)
        => DirectoryWatch.Set(file, table, fd, wanted);

    /// <summary>Something was done with an open file.</summary>
    public static void Report(OpenFile file, uint happened) => Report(file.Location, file.Inode, happened);

    /// <summary>Something was done with a file that was reached through a place, or has none.</summary>
    internal static void Report(PathLocation location, Inode inode, uint happened)
    {
        if (!location.IsNone) ReportToDirectory(location.Dentry, inode, happened);
        ReportOf(inode, inode.IsDirectory ? happened | InotifyBits.IN_ISDIR : happened);
    }

    /// <summary>Something that concerns the file and no directory.</summary>
    /// <param name="happened">As it is reported, <see cref="InotifyBits.IN_ISDIR"/> included.</param>
    internal static void ReportOf(Inode inode, uint happened)
    {
        foreach (FileWatch watch in inode.Watches) watch.Tell(happened, 0, []);
    }

    /// <summary>Something happened to an entry of a directory.</summary>
    /// <param name="name">Kept; is never changed.</param>
    internal static void ReportEntry(Inode directory, byte[] name, Inode entry, uint happened, uint cookie = 0)
    {
        if (entry.IsDirectory) happened |= InotifyBits.IN_ISDIR;
        foreach (FileWatch watch in directory.Watches) watch.Tell(happened, cookie, name);
    }

    /// <inheritdoc cref="ReportEntry(Inode, byte[], Inode, uint, uint)"/>
    internal static void ReportEntry(Inode directory, ReadOnlySpan<byte> name, Inode entry, uint happened)
    {
        if (directory.Watches.Length > 0) ReportEntry(directory, name.ToArray(), entry, happened);
    }

    /// <summary>The kernel has changed what a file of a directory says.</summary>
    public static void ReportContents(Inode directory, byte[] name, Inode file)
    {
        ReportEntry(directory, name, file, InotifyBits.IN_MODIFY);
        ReportOf(file, InotifyBits.IN_MODIFY);
    }

    /// <summary>Connects the two halves of a move.</summary>
    internal static uint NextCookie()
    {
        uint cookie;
        do cookie = Interlocked.Increment(ref s_lastCookie);
        while (cookie == 0);
        return cookie;
    }

    /// <summary>The file is no more: its watches end.</summary>
    internal static void FileGone(Inode inode) => EndAll(inode, InotifyBits.IN_DELETE_SELF);

    /// <summary>Nothing shows the file system any more: the watches on its files end.</summary>
    internal static void FilesystemGone(Filesystem filesystem)
    {
        for (InotifyFile? file = InotifyFiles.First(); file is not null; file = InotifyFiles.After(file))
        {
            file.FilesystemGone(filesystem);
        }
    }

    internal static void EndAll(Inode inode, uint because)
    {
        foreach (FileWatch watch in inode.Watches)
        {
            watch.Tell(because, 0, []);
            watch.End();
        }
    }

    internal static void Attach(FileWatch watch)
    {
        FileWatch[] before;
        do before = watch.Inode.Watches;
        while (!watch.Inode.TryExchangeWatches(before, [.. before, watch]));
        _ = Interlocked.Increment(ref s_count);
    }

    internal static void Detach(FileWatch watch)
    {
        FileWatch[] before;
        do before = watch.Inode.Watches;
        while (!watch.Inode.TryExchangeWatches(before, Without(before, watch)));
        _ = Interlocked.Decrement(ref s_count);
    }

    private static FileWatch[] Without(FileWatch[] watches, FileWatch gone)
    {
        if (watches.Length == 1) return [];
        FileWatch[] rest = new FileWatch[watches.Length - 1];
        int count = 0;
        foreach (FileWatch watch in watches)
        {
            if (!ReferenceEquals(watch, gone)) rest[count++] = watch;
        }

        return rest;
    }

    private static void ReportToDirectory(Dentry dentry, Inode inode, uint happened)
    {
        DentryPlace place = dentry.Place;
        if (place.Parent?.Inode is not { Watches.Length: > 0 } directory) return;
        bool hasContents = inode.IsRegular || inode.IsDirectory;
        if (!hasContents && (happened & OfContents) != 0) return;

        // IN_EXCL_UNLINK, as Linux has it: changes of attributes are told all the same.
        bool isUse = dentry.IsUnlinked && (happened & InotifyBits.IN_ATTRIB) == 0;
        if (inode.IsDirectory) happened |= InotifyBits.IN_ISDIR;
        foreach (FileWatch watch in directory.Watches)
        {
            if (!isUse || !watch.ExcludesUnlinked) watch.Tell(happened, 0, place.Name);
        }
    }
}
