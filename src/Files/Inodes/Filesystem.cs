using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>One instance of a file system: what Linux calls a superblock. Any number of mounts show
/// it.</summary>
public abstract class Filesystem
{
    // Anonymous devices: major 0, minors from a counter. st_dev tells file systems apart, no more.
    private static int s_lastAnonymousMinor;

    // Mounts of this instance; the last one to go releases it.
    private int _mounts;
    private int _isReadOnly;
    private int _writers;
    private int _orphans;
    private Mount? _internalMount;
    private ExportedFiles? _exported;

    protected Filesystem(FilesystemType type)
    {
        Type = type;
        RenameLock = new SleepLock(RenameRank);
        Device = NextAnonymousDevice();
    }

    protected static DeviceNumber NextAnonymousDevice()
        => new(0, (uint)Interlocked.Increment(ref s_lastAnonymousMinor));

    public FilesystemType Type { get; }
    public DeviceNumber Device { get; protected init; }

    public abstract Inode RootInode { get; }

    /// <summary>The dentry that all mounts of the whole instance have as their root; set when it is mounted
    /// first.</summary>
    internal Dentry? RootDentry { get; set; }

    /// <summary>The place of a file that has no name, for whoever opens it again through
    /// /proc/PID/fd.</summary>
    public PathLocation LocateUnnamed(Inode inode) => new(InternalMount, Dentry.Detached(inode));

    /// <summary>The place of a file that looks as if it had been deleted from the root under this
    /// name.</summary>
    internal PathLocation LocateUnlinked(Inode inode, byte[] name)
    {
        Dentry dentry = new(Mounts.RootOf(this), name, 0, inode);
        dentry.MarkUnlinked();
        return new PathLocation(InternalMount, dentry);
    }

    /// <summary>The root, for whoever needs no mount to find files by their names. Pinned by nobody: it
    /// stays.</summary>
    internal PathLocation InternalRoot => new(InternalMount, Mounts.RootOf(this));

    private Mount InternalMount
    {
        get
        {
            Mount? mount = Volatile.Read(ref _internalMount);
            if (mount is not null) return mount;
            Mount created = Mounts.CreateInternal(this);
            return Interlocked.CompareExchange(ref _internalMount, created, null) ?? created;
        }
    }

    /// <summary>Held while a directory moves to another parent: meanwhile the shape of the tree above any
    /// directory stands still, which the check against loops relies on.</summary>
    internal SleepLock RenameLock { get; }

    /// <summary>Of the lock above, and of the locks of directories: a second one nested in the first has the
    /// next rank, one that is removed the one after that. A file system that works on another one is before
    /// it.</summary>
    internal virtual LockRank RenameRank => LockRank.FilesystemRename;

    internal virtual LockRank DirectoryRank => LockRank.Directory;
    internal LockRank NestedRank => DirectoryRank + 1;
    internal LockRank VictimRank => DirectoryRank + 2;

    /// <summary>It can never be written to, whatever the mount says.</summary>
    internal virtual bool IsNeverWritable => false;

    public bool IsReadOnly
    {
        get => Volatile.Read(ref _isReadOnly) != 0;
        set => Volatile.Write(ref _isReadOnly, value ? 1 : 0);
    }

    /// <summary>What mount(2) and fsconfig(2) have asked for beside that.</summary>
    public FilesystemOptions Options { get; set; }

    // ---- writers
    // ----------------------------------------------------------------------------------------------

    /// <summary>One more who has a file open for writing, on any mount; false when the file system is
    /// read-only. Counted all the same, for <see cref="DropWriter"/>.</summary>
    internal bool TryAddWriter()
    {
        _ = Interlocked.Increment(ref _writers);
        return !IsReadOnly;
    }

    internal void DropWriter() => _ = Interlocked.Decrement(ref _writers);

    /// <summary>A file that is in use has lost its last name: what it holds is to be freed later, which is a
    /// write.</summary>
    internal void AddOrphan() => _ = Interlocked.Increment(ref _orphans);

    internal void DropOrphan() => _ = Interlocked.Decrement(ref _orphans);

    /// <summary>Makes the file system read-only unless somebody writes.</summary>
    /// <source>mount(2), EBUSY.</source>
    internal bool TryBecomeReadOnly()
    {
        IsReadOnly = true;
        if (Volatile.Read(ref _writers) == 0 && Volatile.Read(ref _orphans) <= 0) return true;
        IsReadOnly = false;
        return false;
    }

    /// <summary>What extended attributes count against; null: files have none here (EOPNOTSUPP).</summary>
    public virtual Memory.PageBudget? AttributeBudget => null;

    /// <summary>Whether files have <see cref="FileFlags"/>.</summary>
    public virtual bool HasFileFlags => false;

    /// <summary>Whether name_to_handle_at(2) works.</summary>
    public virtual bool HasHandles => false;

    /// <summary>A handle is being given out for a file of this instance.</summary>
    /// <param name="generation">What goes with the inode's number.</param>
    /// <returns>False: no memory.</returns>
    public bool TryExport(PathLocation place, out uint generation)
    {
        ExportedFiles exported = Volatile.Read(ref _exported)
            ?? Interlocked.CompareExchange(ref _exported, new ExportedFiles(), null) ?? _exported!;
        generation = exported.Generation;
        return exported.TryAdd(place.Dentry);
    }

    /// <summary>The place of a file that a handle was given out for, pinned.</summary>
    /// <returns>False: there is none any more.</returns>
    public bool TryImport(Mount mount, uint generation, ulong number, out PathLocation place)
    {
        place = default;
        if (Volatile.Read(ref _exported) is not ExportedFiles exported || exported.Generation != generation) return false;
        if (!mount.TryPin()) return false;
        if (exported.TryFind(number, out Dentry? dentry))
        {
            place = new PathLocation(mount, dentry);
            return true;
        }

        mount.Unpin();
        return false;
    }

    internal void Unexport(ulong number) => _exported!.Remove(number);

    /// <summary>Extended attributes that are the file system's own, and not for programs.</summary>
    internal virtual bool HidesAttribute(System.ReadOnlySpan<byte> name) => false;

    public virtual int BlockBytes => UserAddress.PageSizeBytes;

    public abstract void GetStatistics(out Statfs statistics);

    /// <summary>Changes options of a mounted instance.</summary>
    public virtual Errno Remount(System.ReadOnlySpan<byte> options) => Errno.None;

    /// <summary>Writes what is only in memory to where it belongs. There is nothing behind a file system in
    /// memory.</summary>
    public virtual Errno Synchronize() => Errno.None;

    /// <summary>The options that differ from the defaults, each with a comma before it, for
    /// /proc/mounts.</summary>
    public virtual void AppendOptions(ByteBuilder text)
    {
    }

    internal bool IsMounted => Volatile.Read(ref _mounts) > 0;

    /// <summary>It was made, but could not be mounted: unless some mount shows it, it gives back what it
    /// holds.</summary>
    public void Discard()
    {
        AddMount();
        DropMount();
    }

    internal void AddMount() => _ = Interlocked.Increment(ref _mounts);

    internal void DropMount()
    {
        if (Interlocked.Decrement(ref _mounts) != 0) return;
        if (FileWatches.AreThere) FileWatches.FilesystemGone(this);
        DentryCache.Prune(this);
        Release();
    }

    /// <summary>No mount shows the instance any more: it gives back what it holds. Files that are still in
    /// use (there are none unless the kernel keeps one) go with their last user.</summary>
    protected virtual void Release()
    {
    }
}
