using System;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>
/// An entry of a directory as the kernel remembers it: a name that leads to an inode, or the fact that there
/// is none. Together the dentries are a cache of the part of the tree that is in use, and the nodes that
/// mounts, open files and working directories hold on to.
/// </summary>
/// <remarks>
/// What a reader without a lock relies on: the inode of a dentry never changes (a name that gets a file, or
/// loses it, gets another dentry); name and parent change together (<see cref="DentryPlace"/>); and the
/// collector frees nothing that somebody still looks at.
/// <para>Pins count what needs this very object: children in the cache, open files, working directories,
/// mounts. Without any, the cache may drop it, which is final: <see cref="TryPin"/> fails from then on, and a
/// walker that comes too late starts again.</para>
/// </remarks>
/// <locking><see cref="DentryTable"/> changes under spin locks of its own; which entries there are is decided
/// under the lock of the directory's inode.</locking>
public sealed class Dentry
{
    private const int Dead = -1;

    // Knuth's multiplier: numbers in a row become numbers that differ in all bits.
    private const uint SaltStep = 2654435769;

    private static uint s_lastSalt;

    private DentryPlace _place;
    private Dentry? _nextInBucket;
    private Mount[]? _mountsHere;
    private int _pins;
    private bool _isUnlinked;

    internal Dentry(Dentry? parent, byte[] name, uint hash, Inode? inode)
    {
        _place = new DentryPlace(parent, name, hash);
        Inode = inode;
        if (inode is { IsDirectory: true }) inode.LatestEntry = this;
        Salt = Interlocked.Add(ref s_lastSalt, SaltStep);
    }

    /// <summary>A root, or a file that has no name at all.</summary>
    internal static Dentry Detached(Inode inode) => new(null, [], 0, inode);

    /// <summary>A file that was made in a directory without a name; it is shown by its number, as
    /// deleted.</summary>
    internal static Dentry Unnamed(Dentry parent, byte[] name, Inode inode)
    {
        bool isPinned = parent.TryPin();
        System.Diagnostics.Debug.Assert(isPinned, "the caller holds the directory");
        Dentry dentry = new(parent, name, 0, inode) { HoldsParent = true };
        dentry.MarkUnlinked();
        return dentry;
    }

    /// <summary>Null: it is known that there is no such file.</summary>
    public Inode? Inode { get; }

    public bool IsNegative => Inode is null;

    /// <summary>The last component of the path; the name it had when it was unlinked.</summary>
    public ReadOnlySpan<byte> Name => Place.Name;

    /// <summary>Null for the root of a file system.</summary>
    public Dentry? Parent => Place.Parent;

    /// <summary>The name has been taken away while somebody held on to the file.</summary>
    public bool IsUnlinked => Volatile.Read(ref _isUnlinked);

    internal DentryPlace Place => Volatile.Read(ref _place);
    internal bool IsDead => Volatile.Read(ref _pins) == Dead;

    /// <summary>Whether nobody but the caller has pinned it.</summary>
    internal bool IsPinnedOnce => Volatile.Read(ref _pins) == 1;

    internal bool IsPinned => Volatile.Read(ref _pins) > 0;

    /// <summary>Tells children of different directories apart, whatever the directories are called by and
    /// by.</summary>
    internal uint Salt { get; }

    /// <summary>Looked at since the cache's hand came by.</summary>
    internal bool WasUsed { get; private set; }

    /// <summary>Is, or was, in the cache, and so has a pin on the parent.</summary>
    internal bool HoldsParent { get; set; }

    // The cache's ring; guarded by its lock.
    internal Dentry? RingNext { get; set; }
    internal Dentry? RingPrevious { get; set; }

    // ---- pins
    // -------------------------------------------------------------------------------------------------

    /// <summary>Keeps the object in its place in the cache; false when it has been dropped already.</summary>
    public bool TryPin()
    {
        int seen = Volatile.Read(ref _pins);
        while (seen != Dead)
        {
            int found = Interlocked.CompareExchange(ref _pins, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>An unlinked dentry is in no table: with its last pin it is over, and so is its hold on the
    /// parent. A loop, because a removed tree may be as deep as somebody made it.</summary>
    public void Unpin()
    {
        Dentry? dentry = this;
        while (dentry is not null) dentry = dentry.DropPin();
    }

    /// <summary>Ends a dentry that nobody needs. The caller takes it from the table and unpins the
    /// parent.</summary>
    internal bool TryKill() => Interlocked.CompareExchange(ref _pins, Dead, 0) == 0;

    private Dentry? DropPin()
    {
        if (Interlocked.Decrement(ref _pins) != 0 || !IsUnlinked) return null;
        return TryKill() && HoldsParent ? Parent : null;
    }

    internal void MarkUsed()
    {
        // Not written when it is set already: the line stays shared between processors.
        if (!WasUsed) WasUsed = true;
    }

    internal bool TakeUsed()
    {
        bool wasUsed = WasUsed;
        WasUsed = false;
        return wasUsed;
    }

    // ---- children
    // ---------------------------------------------------------------------------------------------

    /// <summary>The child of that name if the cache knows it, negative or not. Takes no lock, and may miss
    /// one that is just being moved, or that shares its bucket with one that is.</summary>
    internal Dentry? FindChild(ReadOnlySpan<byte> name, uint hash) => DentryTable.Find(this, name, hash);

    internal Dentry? NextInBucket
    {
        get => Volatile.Read(ref _nextInBucket);
        set => Volatile.Write(ref _nextInBucket, value);
    }

    /// <summary>A new name below another parent. Its children come along.</summary>
    internal void MoveTo(DentryPlace place) => Volatile.Write(ref _place, place);

    internal void MarkUnlinked() => Volatile.Write(ref _isUnlinked, true);

    // ---- mounts
    // -----------------------------------------------------------------------------------------------

    /// <summary>The mounts whose mount point this is, each in another parent mount or atop the one before;
    /// usually none.</summary>
    internal Mount[]? MountsHere => Volatile.Read(ref _mountsHere);

    internal bool TryExchangeMounts(Mount[]? expected, Mount[]? mounts)
        => ReferenceEquals(Interlocked.CompareExchange(ref _mountsHere, mounts, expected), expected);
}
