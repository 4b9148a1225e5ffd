using System;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>Where a mount hangs; exchanged as a whole when it is moved.</summary>
internal sealed class MountPlace(Mount parent, Dentry point)
{
    internal readonly Mount Parent = parent;
    internal readonly Dentry Point = point;
}

/// <summary>A part of a file system's tree, made visible at a place of another mount.</summary>
/// <locking>The tree of mounts changes under the lock of <see cref="MountNamespace"/>. Walkers take none:
/// they read <see cref="Place"/> and <see cref="Dentry.MountsHere"/>, both of which are published
/// whole.</locking>
public sealed class Mount
{
    private const int Dead = -1;
    private const long DaySeconds = 24 * 60 * 60;

    private static int s_lastId;

    private readonly byte[] _source;
    private readonly bool _holdsFile;
    private MountPlace? _place;
    private int _options;

    // Open files, working directories, child mounts. Dead: unmounted, nobody gets in any more.
    private int _pins;
    private bool _isDetached;
    private int _isExpiring;
    private int _writers;
    private MountNamespace? _namespace;

    internal Mount(Filesystem filesystem, Dentry root, ReadOnlySpan<byte> source, MountOptions options)
    {
        Filesystem = filesystem;
        Root = root;
        _source = source.ToArray();
        _options = (int)options;
        Id = Interlocked.Increment(ref s_lastId);
        bool pinned = root.TryPin();
        System.Diagnostics.Debug.Assert(pinned, "the caller holds the root");

        // A file that is mounted stays when it loses its name; unless that has happened just now.
        _holdsFile = root.Inode!.TryAddUser();
        filesystem.AddMount();
    }

    /// <summary>The number of the mount in mountinfo and statx(2).</summary>
    public int Id { get; }

    public Filesystem Filesystem { get; }

    /// <summary>The dentry at the mount's top; the root of the file system unless this is a bind mount of a
    /// part.</summary>
    public Dentry Root { get; }

    /// <summary>What the caller of mount(2) called the device.</summary>
    public ReadOnlySpan<byte> Source => _source;

    public MountOptions Options
    {
        get => (MountOptions)Volatile.Read(ref _options);
        set => Volatile.Write(ref _options, (int)value);
    }

    /// <summary>The tree of mounts it belongs to; null of one that is in none, or not any more.</summary>
    public MountNamespace? Namespace
    {
        get => Volatile.Read(ref _namespace);
        internal set => Volatile.Write(ref _namespace, value);
    }

    /// <summary>Bind mounts of it are refused (MS_UNBINDABLE).</summary>
    internal bool IsUnbindable { get; set; }

    /// <summary>The mounts that it shares its submounts with; null when it is not shared.</summary>
    /// <locking>Under the lock of <see cref="MountNamespace"/>, as <see cref="Master"/> and
    /// <see cref="IsGoing"/>.</locking>
    internal PeerGroup? Peers { get; set; }

    /// <summary>The mounts that it hears from; null unless it is a slave.</summary>
    internal PeerGroup? Master { get; set; }

    /// <summary>While an unmounting is prepared: it goes, too.</summary>
    internal bool IsGoing { get; set; }

    public bool IsReadOnly => (Options & MountOptions.ReadOnly) != 0 || Filesystem.IsReadOnly;
    public bool Has(MountOptions option) => (Options & option) != 0;

    public Mount? Parent => Place?.Parent;
    public Dentry? MountPoint => Place?.Point;

    /// <summary>Null: at the top of the tree, or in no tree any more.</summary>
    internal MountPlace? Place
    {
        get => Volatile.Read(ref _place);
        set => Volatile.Write(ref _place, value);
    }

    /// <summary>While a tree is copied, under the lock: what this mount has become there.</summary>
    internal Mount? Copy { get; set; }

    // While a tree is walked, under the lock: what hangs on this mount, in the order of mounting.
    internal Mount? FirstChild { get; set; }
    internal Mount? LastChild { get; set; }
    internal Mount? NextSibling { get; set; }

    internal bool IsUsed => IsUsedBeyond(0);
    internal bool IsClosed => Volatile.Read(ref _pins) == Dead;
    internal bool IsUsedBeyond(int pins) => Volatile.Read(ref _pins) > pins;

    // ---- writers
    // ----------------------------------------------------------------------------------------------

    /// <summary>One more who has a file open for writing; false when the mount is read-only.</summary>
    internal bool TryAddWriter()
    {
        // Counted first: who makes it read-only does that first and counts then, so one of the two notices
        // the other.
        _ = Interlocked.Increment(ref _writers);
        if (Filesystem.TryAddWriter() && !Has(MountOptions.ReadOnly)) return true;
        DropWriter();
        return false;
    }

    internal void DropWriter()
    {
        Filesystem.DropWriter();
        _ = Interlocked.Decrement(ref _writers);
    }

    /// <summary>Sets the options, unless that makes the mount read-only while somebody writes.</summary>
    internal bool TrySetOptions(MountOptions options)
    {
        MountOptions old = Options;
        Options = options;
        bool becomesReadOnly = (options & ~old & MountOptions.ReadOnly) != 0;
        if (!becomesReadOnly || Volatile.Read(ref _writers) == 0) return true;
        Options = old;
        return false;
    }

    // ---- pins
    // -------------------------------------------------------------------------------------------------

    internal bool TryPin()
    {
        int seen = Volatile.Read(ref _pins);
        while (seen != Dead)
        {
            int found = Interlocked.CompareExchange(ref _pins, seen + 1, seen);
            if (found == seen)
            {
                NoteUse();
                return true;
            }

            seen = found;
        }

        return false;
    }

    /// <summary>Takes back the mark of <see cref="MarkExpiring"/>: a path has led here.</summary>
    internal void NoteUse()
    {
        // Read first: the line stays shared between processors.
        if (Volatile.Read(ref _isExpiring) != 0) Volatile.Write(ref _isExpiring, 0);
    }

    /// <summary>Marks the mount until somebody uses it, and returns whether it was marked already.</summary>
    internal bool MarkExpiring() => Interlocked.Exchange(ref _isExpiring, 1) != 0;

    internal void Unpin()
    {
        if (Interlocked.Decrement(ref _pins) == 0 && Volatile.Read(ref _isDetached)) TryEnd();
    }

    /// <summary>Closes the mount to newcomers if nobody uses it; the caller has taken it out of the tree or
    /// is about to.</summary>
    internal bool TryClose() => Interlocked.CompareExchange(ref _pins, Dead, 0) == 0;

    /// <summary>From now on the last user ends the mount (umount2(2), MNT_DETACH); perhaps there is none even
    /// now.</summary>
    internal void Detach()
    {
        Volatile.Write(ref _isDetached, true);
        TryEnd();
    }

    /// <summary>Gives back what the mount holds. It is closed.</summary>
    internal void End()
    {
        if (_holdsFile) Root.Inode!.ReleaseUser();
        Root.Unpin();
        Filesystem.DropMount();
    }

    private void TryEnd()
    {
        if (TryClose()) End();
    }

    /// <summary>Notes that a file's contents were read, as far as the mount's options want it
    /// noted.</summary>
    /// <source>mount(2), MS_RELATIME: only when the old time is not after the last change, or a day
    /// old.</source>
    public void TouchAccessed(Inode inode)
    {
        MountOptions options = Options;
        if ((options & MountOptions.NoAccessTimes) != 0 || IsReadOnly) return;
        if ((options & MountOptions.NoDirectoryAccessTimes) != 0 && inode.IsDirectory) return;

        Nanoseconds now = Clock.Realtime;
        Nanoseconds old = inode.Accessed;
        bool isStale = old <= inode.Modified || old <= inode.Changed
            || now - old >= Nanoseconds.FromSeconds(DaySeconds);
        if (isStale || (options & MountOptions.RelativeAccessTimes) == 0) inode.TouchAccessed(now);
    }
}
