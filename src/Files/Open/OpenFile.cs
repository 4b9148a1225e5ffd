using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>
/// A file as somebody has it open: what Linux calls an open file description. Descriptors, calls under way
/// and mappings hold references; the last one closes it. This half has identity, flags and references;
/// <c>OpenFile.Operations.cs</c> has what can be done.
/// </summary>
public abstract partial class OpenFile : IMappedFile
{
    // What fcntl(2), F_SETFL may change.
    private const uint ChangeableFlags = OpenBits.O_APPEND | OpenBits.O_NONBLOCK | OpenBits.O_DIRECT
        | OpenBits.O_NOATIME;

    // What F_GETFL does not show: they were for the open itself.
    private const uint OpenOnlyFlags = OpenBits.O_CREAT | OpenBits.O_EXCL | OpenBits.O_NOCTTY | OpenBits.O_TRUNC
        | OpenBits.O_CLOEXEC;

    // The object itself and what it points to, more or less.
    private const int BytesPerFile = 256;

    private static int s_count;

    private uint _flags;
    private int _references = 1;
    private long _offset;
    private FileAttachments? _attachments;

    // References that are in messages on their way: only sockets that can be in circles of such messages
    // count them.
    private int _travelingReferences;

    // What closing takes back; set by whoever has just opened the file and has not shown it to others.
    private bool _countsAsWriter;
    private bool _deniesWriting;

    /// <param name="inode">Has one more user, which the file takes over.</param>
    /// <param name="location">Its pins become the file's; none for a file without a path.</param>
    protected OpenFile(Inode inode, PathLocation location, uint flags)
    {
        Inode = inode;
        Location = location;
        _flags = flags & ~OpenOnlyFlags;
        _ = Interlocked.Increment(ref s_count);
    }

    /// <summary>Open files in the whole system: the first figure of /proc/sys/fs/file-nr.</summary>
    public static int Count => Volatile.Read(ref s_count);

    public Inode Inode { get; }

    /// <summary>How it was reached; none for pipes and the like.</summary>
    public PathLocation Location { get; }

    /// <summary>Where somebody gets who follows the link in /proc/PID/fd. Not pinned.</summary>
    public PathLocation LinkTarget => Location.IsNone ? Inode.Filesystem.LocateUnnamed(Inode) : Location;

    /// <summary>Access mode and status flags.</summary>
    public uint StatusFlags => Volatile.Read(ref _flags);

    /// <summary>The same as F_GETFL shows them. What has no path has no use for large offsets, but for files
    /// of memory; what is only a place has none.</summary>
    public uint ShownFlags
        => (Location.IsNone && !Inode.IsRegular) || IsPathOnly ? StatusFlags : StatusFlags | OpenBits.O_LARGEFILE;

    public bool IsNonBlocking => (StatusFlags & OpenBits.O_NONBLOCK) != 0;
    public bool IsAppending => (StatusFlags & OpenBits.O_APPEND) != 0;

    /// <summary>Opened with O_PATH: a place in the tree, not a file.</summary>
    public bool IsPathOnly => (_flags & OpenBits.O_PATH) != 0;

    // Access mode 3 is Linux's own: it asks for both rights and gives neither, for ioctls on devices. So what
    // has no lowest bit, 0 and 2, can be read.
    public bool CanRead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] // 3 instructions, twice in each read; 8 as a call
        get => (_flags & (OpenBits.O_WRONLY | OpenBits.O_PATH)) == 0;
    }

    public bool CanWrite
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] // 4 instructions, twice in each write; 9 as a call
        get => (_flags & OpenBits.O_ACCMODE) is OpenBits.O_WRONLY or OpenBits.O_RDWR;
    }

    /// <summary>fcntl(2), F_SETFL: of the flags given, those that can change do.</summary>
    /// <errors>EINVAL: O_DIRECT, for a file without. EPERM: the file may only be appended to.</errors>
    public Errno SetStatusFlags(uint flags)
    {
        bool stopsAppending = ((flags ^ StatusFlags) & OpenBits.O_APPEND) != 0;
        if ((flags & OpenBits.O_DIRECT) != 0 && !KnowsDirect) return Errno.EINVAL;
        if (stopsAppending && (Inode.Flags & FileFlags.AppendOnly) != 0) return Errno.EPERM;

        // Writers of flags are few and each sets all: the last one wins, as on Linux.
        uint kept = StatusFlags & ~ChangeableFlags;
        Volatile.Write(ref _flags, kept | (flags & ChangeableFlags));
        return Errno.None;
    }

    /// <summary>What <see cref="StatusFlags"/> has beside what the file was opened with; for who has just
    /// opened it.
    /// </summary>
    internal void ShowFlags(uint flags) => _flags |= flags;

    /// <summary>FIONBIO.</summary>
    public void SetNonBlocking(bool isOn)
    {
        if (isOn) _ = Interlocked.Or(ref _flags, OpenBits.O_NONBLOCK);
        else _ = Interlocked.And(ref _flags, ~OpenBits.O_NONBLOCK);
    }

    // ---- writers and programs
    // ---------------------------------------------------------------------------------

    /// <summary>The inode, and the mount if there is one, have counted it as a writer; closing takes that
    /// back.</summary>
    internal void MarkAsWriter() => _countsAsWriter = true;

    private void DropWriter()
    {
        Inode.DropWriter();
        if (!Location.IsNone) Location.Mount.DropWriter();
    }

    /// <summary>As long as this stays open, nobody may open the file for writing: it is run. False while
    /// somebody may write it (ETXTBSY).</summary>
    /// <source>execve(2), open(2), ETXTBSY.</source>
    public bool TryDenyWriting() => _deniesWriting = Inode.TryDenyWriting();

    // ---- what else hangs on it
    // --------------------------------------------------------------------------------

    internal FileAttachments? AttachmentsOrNone => Volatile.Read(ref _attachments);

    internal FileAttachments Attachments
        => AttachmentsOrNone ?? Interlocked.CompareExchange(ref _attachments, new FileAttachments(), null) ?? _attachments!;

    // ---- references
    // -------------------------------------------------------------------------------------------

    /// <summary>Whether nobody but the caller has a reference.</summary>
    internal bool IsUnshared => Volatile.Read(ref _references) == 1;

    /// <summary>One more reference; false when the file has been closed.</summary>
    public bool TryRetain()
    {
        int seen = Volatile.Read(ref _references);
        while (seen != 0)
        {
            int found = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>One more reference, by somebody who has one.</summary>
    public void Retain() => _ = Interlocked.Increment(ref _references);

    /// <summary>Drops a reference. The last one closes the file.</summary>
    /// <locking>May sleep; called with no lock held.</locking>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left != 0)
        {
            if (left == Volatile.Read(ref _travelingReferences)) OnlyTravels();
            return;
        }

        if (FileWatches.AreThere && !IsPathOnly) ReportClose();
        AttachmentsOrNone?.FileClosed(this);
        Closed();
        if (_countsAsWriter) DropWriter();
        if (_deniesWriting) Inode.AllowWriting();
        Inode.ReleaseUser();
        Location.Unpin();
        _ = Interlocked.Decrement(ref s_count);
        Collector.NoteDropped(BytesPerFile);
    }

    private void ReportClose()
        => FileWatches.Report(this, CanWrite ? InotifyBits.IN_CLOSE_WRITE : InotifyBits.IN_CLOSE_NOWRITE);

    /// <summary>The last reference is gone.</summary>
    protected virtual void Closed()
    {
    }

    /// <summary>How many of the references are in messages on their way (unix(7), SCM_RIGHTS).</summary>
    /// <locking>Whoever counts them has a lock for it.</locking>
    protected int TravelingReferences
    {
        get => Volatile.Read(ref _travelingReferences);
        set => Volatile.Write(ref _travelingReferences, value);
    }

    /// <summary>Whether nobody has a reference but messages on their way.</summary>
    protected bool IsOnlyTraveling
        => Volatile.Read(ref _references) == Volatile.Read(ref _travelingReferences);

    /// <summary>A reference was dropped, and what is left are those in messages: perhaps nobody can receive
    /// them.</summary>
    /// <locking>May sleep; no lock is held.</locking>
    protected virtual void OnlyTravels()
    {
    }

    // ---- mappings
    // ---------------------------------------------------------------------------------------------

    bool IMappedFile.IsReadable => CanRead;
    bool IMappedFile.IsWritable => CanWrite;
    bool IMappedFile.AllowsExecution => Location.IsNone || !Location.Mount.Has(MountOptions.NoExecute);
    void IMappedFile.RetainMapping() => Retain();
    void IMappedFile.ReleaseMapping() => Release();

    /// <summary>Where a mapping of the file takes its pages from; null for plain anonymous memory.</summary>
    /// <errors>ENODEV: it cannot be mapped.</errors>
    public virtual bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = null;
        error = Errno.ENODEV;
        return false;
    }
}
