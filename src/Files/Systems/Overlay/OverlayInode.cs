using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>A file of an overlay: one of the upper layer, or of a lower one until it is changed; a directory
/// may be several in one.</summary>
/// <remarks>Owner, mode and times are the real file's; mode and owner are kept here, too, for the checks of
/// permissions.
/// </remarks>
/// <locking>The upper file is set once, under <see cref="OverlayFilesystem.CopyUpLock"/>, and read without.
/// Name and parent, which matter only until then, change under the locks of the directories.</locking>
internal sealed partial class OverlayInode : Inode
{
    private const int OriginBytes = 16;

    private readonly OverlayFilesystem _filesystem;

    // Of a directory, all that show; of another file the one, or none.
    private readonly OverlayReal[] _lowers;
    private readonly bool _keepsNumber;

    // The layer that the number is unique in.
    private readonly OverlayLayer _numbering;
    private Inode? _upper;
    private OverlayInode? _parent;
    private byte[] _name;

    internal OverlayInode(
        OverlayFilesystem filesystem, ulong number, OverlayLayer numbering, Inode? upper, OverlayReal[] lowers,
        OverlayInode? parent, byte[] name)
        : base(filesystem, number, NodeOf(upper ?? lowers[0].Inode))
    {
        _filesystem = filesystem;
        _numbering = numbering;
        _upper = upper;
        _lowers = lowers;
        _parent = parent;
        _name = name;
        Created = Real.Created;

        // A lower file with several names is several files once one of them is copied up.
        _keepsNumber = upper is not null || IsDirectory || filesystem.Upper is null || lowers[0].Inode.LinkCount == 1;
        if (IsDirectory) AddLinks(1);
        else if (upper is { LinkCount: > 1 }) AddLinks(upper.LinkCount - 1);
    }

    // The table's; under its lock.
    internal Inode? Key { get; set; }
    internal OverlayInode? NextInTable { get; set; }

    /// <summary>The file of the upper layer; null as long as there is none.</summary>
    internal Inode? Upper => Volatile.Read(ref _upper);

    internal Inode Real => Upper ?? _lowers[0].Inode;

    /// <summary>The layer of <see cref="Real"/>.</summary>
    internal OverlayLayer Layer => Upper is null ? _lowers[0].Layer : _filesystem.Upper!;

    internal bool IsMerged => IsDirectory && (_lowers.Length > 1 || (Upper is not null && _lowers.Length > 0));

    /// <summary>st_ino as it is now.</summary>
    internal ulong ShownNumber => _keepsNumber ? Number : Real.Number;

    public override long LengthBytes => Real.LengthBytes;
    public override long Blocks512 => Real.Blocks512;
    public override DeviceNumber Device => Real.Device;
    public override PageSource? Pages => Real.Pages;

    /// <summary>The overlay's own, as on Linux: the layers' are others.</summary>
    internal override Pipe? Fifo { get; set; }

    /// <source>Linux's description of the overlay filesystem, "Inode properties".</source>
    public override void GetStat(out Stat stat)
    {
        Inode real = Real;
        real.GetStat(out stat);
        stat.st_ino = ShownNumber;
        DeviceNumber device = _filesystem.Device;
        if (!_filesystem.IsOnOneFilesystem && !IsDirectory) device = (_keepsNumber ? _numbering : Layer).Device;
        stat.st_dev = device.Encoded;
        if (IsMerged) stat.st_nlink = 1;
    }

    public override Errno SetAttributes(in AttributeChange change)
    {
        Errno error = CopyUp(withData: true);
        if (error == Errno.None) error = Upper!.SetAttributes(change);
        return error == Errno.None ? base.SetAttributes(change) : error;
    }

    public override Errno SetLength(long lengthBytes)
    {
        Errno error = CopyUp(withData: lengthBytes > 0);
        if (error == Errno.None) error = Upper!.SetLength(lengthBytes);
        if (error == Errno.None) Upper!.DropPrivilegeBits();
        return error;
    }

    /// <summary>A write has taken the set-ID bits away, perhaps.</summary>
    internal void NoteWrite()
    {
        if ((Mode & (Abi.Mode.S_ISUID | Abi.Mode.S_ISGID)) != 0) DropPrivilegeBits();
    }

    public override bool TryReadLink(in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
        => Real.TryReadLink(caller, out target, out error);

    internal override bool TryGetAttributed(bool isForWriting, out Inode attributed, out Errno error)
    {
        error = isForWriting ? CopyUp(withData: true) : Errno.None;
        attributed = Real;
        return error == Errno.None;
    }

    public override bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = Errno.None;
        file = null;
        if (IsDirectory) file = new OverlayDirectoryFile(this, request);
        else if (IsRegular) return OverlayFile.TryOpen(this, request, out file, out error);
        else return base.TryOpen(request, out file, out error);
        return true;
    }

    /// <summary>Opens the real file for who has opened this one.</summary>
    internal bool TryOpenReal(
        Inode real, OverlayLayer layer, in FileCaller caller, uint flags, [NotNullWhen(true)] out OpenFile? file,
        out Errno error)
    {
        const uint forTheName = OpenBits.O_CREAT | OpenBits.O_EXCL | OpenBits.O_TRUNC;
        file = null;
        error = Errno.ENOENT;
        PathLocation location = new(layer.Top.Mount, Dentry.Detached(real));
        if (!location.TryPin()) return false;
        if (real.TryAddUser())
        {
            if (real.TryOpen(new OpenRequest(caller, location, flags & ~forTheName), out file, out error)) return true;
            real.ReleaseUser();
        }

        location.Unpin();
        return false;
    }

    protected override void Evict() => _filesystem.Table.Remove(this);

    private static NewNode NodeOf(Inode real) => new(real.Mode, real.Uid, real.Gid);

    // ---- where it came from
    // ---------------------------------------------------------------------------------

    /// <summary>The number of the lower file that one of the upper layer is a copy of.</summary>
    private bool TryReadOrigin(Inode upper, out ulong number, [NotNullWhen(true)] out OverlayLayer? layer)
    {
        number = 0;
        layer = null;
        if (upper.ExtendedOrNone is not { } attributes) return false;
        if (!attributes.TryGet(_filesystem.OriginName, out byte[]? value) || value.Length != OriginBytes) return false;
        ulong device = BinaryPrimitives.ReadUInt64LittleEndian(value);
        number = BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(sizeof(ulong)));
        foreach (OverlayLayer lower in _filesystem.Lowers)
        {
            if (lower.Top.Mount.Filesystem.Device.Encoded == device) layer = lower;
        }

        return layer is not null;
    }

    private byte[] OriginOf(Inode lower)
    {
        byte[] value = new byte[OriginBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(value, lower.Filesystem.Device.Encoded);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(sizeof(ulong)), lower.Number);
        return value;
    }
}
