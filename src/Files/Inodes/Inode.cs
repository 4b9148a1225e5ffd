using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Terminals;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>
/// A file apart from its names. This half of the class holds what all files have; the operations, with the
/// errno that Linux returns for a file of the wrong kind, are in <c>Inode.Operations.cs</c>.
/// </summary>
/// <remarks>
/// The collector keeps the object alive for whoever looks at it. What has to be given back deterministically
/// (the pages of an unlinked file) hangs on <see cref="_claims"/>: links and users in one word, so that "no
/// name and nobody uses it" is one atomic fact, and <see cref="Evict"/> runs exactly once.
/// </remarks>
/// <locking>
/// <see cref="Lock"/> is held while the entries of a directory change. Attributes are single words that
/// readers load without a lock; their writers take one of a few shared spin locks
/// (<see cref="AttributeLocks"/>).
/// </locking>
public abstract partial class Inode
{
    private const int LinkShift = 32;
    private const long OneLink = 1L << LinkShift;
    private const long OneUser = 1;

    // Links in the upper half, users (open files, mappings) in the lower. Zero is final, but for a directory:
    // the inode is evicted, once.
    private long _claims;
    private int _isEvicted;
    private uint _mode;
    private uint _flags;
    private uint _uid;
    private uint _gid;
    private Nanoseconds _accessed;
    private Nanoseconds _modified;
    private Nanoseconds _changed;
    private InodeLocks? _locks;
    private ExtendedAttributes? _extended;
    private FileWatch[]? _watches;

    // Above zero: open for writing so many times. Below: run as a program so many times.
    private int _writers;

    protected Inode(Filesystem filesystem, ulong number, in NewNode node)
    {
        Filesystem = filesystem;
        Number = number;
        _mode = node.Mode;
        _uid = node.Uid;
        _gid = node.Gid;
        _claims = OneLink;
        Nanoseconds now = Clock.Realtime;
        _accessed = now;
        _modified = now;
        _changed = now;
        Created = now;
        if (IsDirectory) Lock = new SleepLock(filesystem.DirectoryRank);
    }

    public Filesystem Filesystem { get; }

    /// <summary>st_ino; unique within the file system.</summary>
    public ulong Number { get; }

    /// <summary>Protects the entries of a directory; only directories have one.</summary>
    public SleepLock? Lock { get; }

    /// <summary>Type and permissions.</summary>
    public uint Mode => Volatile.Read(ref _mode);

    public FileFlags Flags => (FileFlags)Volatile.Read(ref _flags);

    internal void SetFlags(FileFlags flags)
    {
        Volatile.Write(ref _flags, (uint)flags);
        TouchChanged();
    }

    public InodeType Type => (InodeType)((_mode & Abi.Mode.S_IFMT) >> 12);
    public bool IsDirectory => (_mode & Abi.Mode.S_IFMT) == Abi.Mode.S_IFDIR;
    public bool IsSymbolicLink => (_mode & Abi.Mode.S_IFMT) == Abi.Mode.S_IFLNK;
    public bool IsRegular => (_mode & Abi.Mode.S_IFMT) == Abi.Mode.S_IFREG;

    public uint Uid => Volatile.Read(ref _uid);
    public uint Gid => Volatile.Read(ref _gid);
    public uint LinkCount => (uint)(Volatile.Read(ref _claims) >> LinkShift);
    public Nanoseconds Accessed => _accessed;
    public Nanoseconds Modified => _modified;
    public Nanoseconds Changed => _changed;
    public Nanoseconds Created { get; protected set; }

    /// <summary>Its extended attributes; null as long as nobody has set one.</summary>
    internal ExtendedAttributes? ExtendedOrNone => Volatile.Read(ref _extended);

    internal ExtendedAttributes ExtendedFor(PageBudget budget)
        => ExtendedOrNone
            ?? Interlocked.CompareExchange(ref _extended, new ExtendedAttributes(budget), null)
            ?? _extended!;

    /// <summary>One more who may write. False while the file is run as a program (ETXTBSY).</summary>
    internal bool TryAddWriter() => TryCountWriter(1);

    internal void DropWriter() => _ = Interlocked.Decrement(ref _writers);

    /// <summary>The file is run: nobody may write it. False while somebody may (ETXTBSY).</summary>
    internal bool TryDenyWriting() => TryCountWriter(-1);

    internal void AllowWriting() => _ = Interlocked.Increment(ref _writers);

    // A step away from zero, or further away in the same direction.
    private bool TryCountWriter(int step)
    {
        int seen = Volatile.Read(ref _writers);
        while (seen == 0 || seen > 0 == step > 0)
        {
            int found = Interlocked.CompareExchange(ref _writers, seen + step, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>Of a directory, the cache's latest entry for it, which may be dropped by now.</summary>
    internal Dentry? LatestEntry { get; set; }

    /// <summary>The directory that a directory is in, of file systems that an overlay can write to; null for
    /// the root, one that is removed, and all other files.</summary>
    /// <locking>Changes with the rename lock held, or while nobody else knows the directory.</locking>
    internal virtual Inode? ContainingDirectory => null;

    /// <summary>Whether anybody has it open.</summary>
    internal bool HasUsers => (Volatile.Read(ref _claims) & (OneLink - 1)) != 0;

    /// <summary>The file that the extended attributes are those of.</summary>
    /// <param name="isForWriting">They are about to change.</param>
    internal virtual bool TryGetAttributed(bool isForWriting, out Inode attributed, out Errno error)
    {
        attributed = this;
        error = Errno.None;
        return true;
    }

    /// <summary>Its advisory locks; null as long as nobody has locked it.</summary>
    internal InodeLocks? LocksOrNone => Volatile.Read(ref _locks);

    internal InodeLocks Locks
        => LocksOrNone ?? Interlocked.CompareExchange(ref _locks, new InodeLocks(this), null) ?? _locks!;

    /// <summary>Who wants to hear what happens to it. Replaced as a whole.</summary>
    internal FileWatch[] Watches => Volatile.Read(ref _watches) ?? [];

    internal bool TryExchangeWatches(FileWatch[] expected, FileWatch[] watches)
    {
        FileWatch[]? seen = Volatile.Read(ref _watches);
        return ReferenceEquals(seen ?? [], expected)
            && ReferenceEquals(Interlocked.CompareExchange(ref _watches, watches, seen), seen);
    }

    /// <summary>Without a name: a directory that has been removed takes no new entries.</summary>
    public bool IsRemoved => LinkCount == 0;

    public virtual long LengthBytes => 0;

    /// <summary>st_blocks: in units of 512 bytes, whatever the block size is.</summary>
    public virtual long Blocks512 => 0;

    /// <summary>What a device node stands for.</summary>
    public virtual DeviceNumber Device => default;

    // ---- links and users
    // --------------------------------------------------------------------------------------

    /// <summary>One more user that keeps the contents; false when they are gone: a race with the last unlink
    /// was lost.
    /// </summary>
    /// <remarks>A directory that has been removed and that nobody had open can be opened all the same: it may
    /// be somebody's working directory or root, or a mount's. Then it has a second life, in which it takes no
    /// entries.</remarks>
    public bool TryAddUser() => TryAddClaim(OneUser, needed: 1) || (IsDirectory && TryAddClaim(OneUser, needed: 0));

    /// <summary>Ends what <see cref="TryAddUser"/> began. The last user of a file without a name frees
    /// it.</summary>
    /// <locking>May sleep.</locking>
    public void ReleaseUser() => DropClaims(OneUser);

    /// <summary>One more name; false when the last one has gone in the meantime (ENOENT for
    /// link(2)).</summary>
    public bool TryAddLink()
    {
        if (!IsLinkable) return TryAddClaim(OneLink, needed: OneLink);
        if (!TryAddClaim(OneLink, needed: OneUser)) return false;
        IsLinkable = false;
        Filesystem.DropOrphan();
        return true;
    }

    /// <summary>Its file system knows it by its number, for handles.</summary>
    internal bool IsExported { get; set; }

    /// <summary>It never had a name and may get one (O_TMPFILE). Afterwards it is like any other.</summary>
    internal bool IsLinkable { get; set; }

    public void AddLinks(uint count) => _ = Interlocked.Add(ref _claims, count * OneLink);

    /// <locking>May sleep, as <see cref="ReleaseUser"/>.</locking>
    public void DropLinks(uint count = 1) => DropClaims(count * OneLink);

    private bool TryAddClaim(long claim, long needed)
    {
        long seen = Volatile.Read(ref _claims);
        while (seen >= needed)
        {
            long found = Interlocked.CompareExchange(ref _claims, seen + claim, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    private void DropClaims(long claims)
    {
        long left = Interlocked.Add(ref _claims, -claims);
        bool dropsLinks = claims >= OneLink;
        if (left != 0)
        {
            if (dropsLinks && left < OneLink) Filesystem.AddOrphan();
            return;
        }

        bool isFirstEnd = !IsDirectory || Interlocked.Exchange(ref _isEvicted, 1) == 0;
        if (!dropsLinks && isFirstEnd) Filesystem.DropOrphan();
        if (_watches is not null) FileWatches.FileGone(this);
        if (IsExported) Filesystem.Unexport(Number);
        ExtendedOrNone?.Release();
        if (isFirstEnd) Evict();
    }

    /// <summary>Frees what the file holds: it has neither a name nor a user, and nobody can become
    /// one.</summary>
    protected virtual void Evict()
    {
    }

    // ---- attributes
    // -------------------------------------------------------------------------------------------

    /// <summary>Sets what is given, and the change time.</summary>
    public virtual Errno SetAttributes(in AttributeChange change)
    {
        using SpinLock.Guard guard = AttributeLocks.For(this).Acquire();
        if (change.Permissions is uint permissions) _mode = (_mode & Abi.Mode.S_IFMT) | permissions;
        if (change.Uid is uint uid) _uid = uid;
        if (change.Gid is uint gid) _gid = gid;
        if (change.Accessed is Nanoseconds accessed) _accessed = accessed;
        if (change.Modified is Nanoseconds modified) _modified = modified;
        _changed = Clock.Realtime;
        return Errno.None;
    }

    public void TouchAccessed(Nanoseconds now) => _accessed = now;

    /// <summary>The contents have changed just now.</summary>
    public void TouchModified()
    {
        Nanoseconds now = Clock.Realtime;
        _modified = now;
        _changed = now;
    }

    /// <summary>Something beside the contents (a name, the number of links) has changed just now.</summary>
    public void TouchChanged() => _changed = Clock.Realtime;

    /// <summary>Sets all times, for an unpacked archive.</summary>
    public void SetTimes(Nanoseconds time)
    {
        _accessed = time;
        _modified = time;
        _changed = time;
    }

    /// <summary>A write by somebody without CAP_FSETID takes the set-user-ID and set-group-ID bits away, one
    /// by anybody the file's capabilities.</summary>
    /// <source>chmod(2), notes; write(2). The group bit without group execute permission means something
    /// else, and stays.
    /// </source>
    public void DropPrivilegeBits()
    {
        if (ExtendedOrNone is not null) DropCapabilities();
        uint mode = Mode;
        if (!IsRegular || (mode & (Abi.Mode.S_ISUID | Abi.Mode.S_ISGID)) == 0) return;
        if (JobControl.CallerMay(Capability.CAP_FSETID)) return;
        bool mayKeepSetGroup = JobControl.CallerIsIn(Gid);

        using SpinLock.Guard guard = AttributeLocks.For(this).Acquire();
        _mode = WithoutPrivilegeBits(_mode, mayKeepSetGroup);
    }

    /// <summary>The program will be another, or somebody else's: it loses its capabilities.</summary>
    /// <source>capabilities(7); chown(2), notes.</source>
    internal void DropCapabilities()
    {
        // That there are none is as well.
        _ = ExtendedOrNone?.Set(CapabilityAttribute.Name, null, 0);
    }

    /// <param name="mode">As it is.</param>
    /// <param name="mayKeepSetGroup">Without execution by the group the bit once meant mandatory locking, and
    /// stays for who might set it.</param>
    internal static uint WithoutPrivilegeBits(uint mode, bool mayKeepSetGroup)
    {
        if ((mode & Abi.Mode.S_IXGRP) != 0 || !mayKeepSetGroup) mode &= ~Abi.Mode.S_ISGID;
        return mode & ~Abi.Mode.S_ISUID;
    }

    public virtual void GetStat(out Stat stat)
    {
        stat = default;
        stat.st_dev = Filesystem.Device.Encoded;
        stat.st_ino = Number;
        stat.st_mode = Mode;
        stat.st_nlink = LinkCount;
        stat.st_uid = Uid;
        stat.st_gid = Gid;
        stat.st_rdev = Device.Encoded;
        stat.st_size = LengthBytes;
        stat.st_blksize = Filesystem.BlockBytes;
        stat.st_blocks = Blocks512;
        stat.st_atim = Times.ToTimespec(_accessed);
        stat.st_mtim = Times.ToTimespec(_modified);
        stat.st_ctim = Times.ToTimespec(_changed);
    }
}
