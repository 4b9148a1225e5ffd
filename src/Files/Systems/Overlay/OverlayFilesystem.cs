using System;
using System.Collections.Generic;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>One overlay.</summary>
/// <remarks>Works on the inodes of its layers, not through their mounts: what is mounted below a layer is not
/// shown. What it changes in the upper layer it makes the dentry cache forget
/// (<see cref="LayerNames"/>).</remarks>
/// <locking>Its own locks come before those of the layers' file systems.</locking>
internal sealed class OverlayFilesystem : Filesystem
{
    private readonly OverlayOptions _options;
    private readonly List<PathLocation> _pinned;
    private readonly OverlayInode _root;
    private long _lastNumber;

    private OverlayFilesystem(
        FilesystemType type, OverlayOptions options, List<PathLocation> places, OverlayWork? work)
        : base(type)
    {
        _options = options;
        _pinned = places;
        Work = work;
        int at = 0;
        if (options.Upper is not null)
        {
            Upper = new OverlayLayer(places[0], NextAnonymousDevice());
            at = 2;
        }

        IsOnOneFilesystem = true;
        Lowers = new OverlayLayer[places.Count - at];
        OverlayReal[] tops = new OverlayReal[Lowers.Length];
        for (int i = 0; i < Lowers.Length; i++)
        {
            PathLocation place = places[at + i];
            Lowers[i] = new OverlayLayer(place, DeviceFor(place, i));
            tops[i] = new OverlayReal(place.Inode, Lowers[i]);
            IsOnOneFilesystem &= ReferenceEquals(place.Mount.Filesystem, places[0].Mount.Filesystem);
        }

        ulong number = IsOnOneFilesystem ? tops[0].Inode.Number : NextNumber();
        _root = new OverlayInode(this, number, Lowers[0], Upper?.Top.Inode, tops, null, []);
    }

    public override Inode RootInode => _root;

    /// <summary>Null: there is nothing to be written to.</summary>
    internal OverlayLayer? Upper { get; }

    internal OverlayWork? Work { get; }
    internal OverlayLayer[] Lowers { get; }

    /// <summary>Numbers of files are unique as they are, then, and stay what they are when a file is copied
    /// up.</summary>
    internal bool IsOnOneFilesystem { get; }

    internal OverlayTable Table { get; } = new();

    /// <summary>Held while something is copied up: one at a time.</summary>
    internal SleepLock CopyUpLock { get; } = new(LockRank.OverlayCopyUp);

    internal override LockRank RenameRank => LockRank.OverlayRename;
    internal override LockRank DirectoryRank => LockRank.OverlayDirectory;
    internal override bool IsNeverWritable => Upper is null;

    internal ReadOnlySpan<byte> OpaqueName
        => _options.UsesUserAttributes ? "user.overlay.opaque"u8 : "trusted.overlay.opaque"u8;

    internal ReadOnlySpan<byte> OriginName
        => _options.UsesUserAttributes ? "user.overlay.origin"u8 : "trusted.overlay.origin"u8;

    internal override bool HidesAttribute(ReadOnlySpan<byte> name)
        => name.StartsWith(_options.UsesUserAttributes ? "user.overlay."u8 : "trusted.overlay."u8);

    /// <summary>What extended attributes count against is the upper layer's.</summary>
    public override Memory.PageBudget? AttributeBudget => _pinned[0].Mount.Filesystem.AttributeBudget;

    public override int BlockBytes => _pinned[0].Mount.Filesystem.BlockBytes;

    internal ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);

    /// <errors>ENOMEM, ENOSPC: no place for what is being worked on.</errors>
    internal static Errno TryCreate(
        FilesystemType type, OverlayOptions options, List<PathLocation> places, out Filesystem? filesystem)
    {
        filesystem = null;
        OverlayWork? work = null;
        if (options.Upper is not null)
        {
            Errno error = OverlayWork.TryPrepare(places[1].Inode, out work);
            if (error != Errno.None) return error;
        }

        filesystem = new OverlayFilesystem(type, options, places, work);
        return Errno.None;
    }

    public override void GetStatistics(out Statfs statistics)
    {
        _pinned[0].Mount.Filesystem.GetStatistics(out statistics);
        statistics.f_type = FilesystemMagic.OVERLAYFS_SUPER_MAGIC;
        Span<int> id = statistics.f_fsid;
        id[0] = (int)Device.Minor;
    }

    public override Errno Synchronize()
        => Upper is null || _options.IsVolatile ? Errno.None : Upper.Top.Mount.Filesystem.Synchronize();

    public override void AppendOptions(ByteBuilder text)
    {
        AppendOption(text, ",lowerdir="u8, _options.Lower);
        if (Upper is not null)
        {
            AppendOption(text, ",upperdir="u8, _options.Upper);
            AppendOption(text, ",workdir="u8, _options.Work);
        }

        if (_options.ChecksByMode) text.Append(",default_permissions"u8);
        if (_options.IsVolatile) text.Append(",volatile"u8);
        if (_options.UsesUserAttributes) text.Append(",userxattr"u8);
    }

    private static void AppendOption(ByteBuilder text, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        text.Append(key);
        foreach (byte letter in value)
        {
            if (letter == (byte)',') text.Append((byte)'\\').AppendOctal(letter, 3);
            else PathText.AppendEscaped(text, [letter]);
        }
    }

    protected override void Release()
    {
        foreach (PathLocation place in _pinned) place.Unpin();
    }

    // Lower layers on one file system have one device number in common.
    private DeviceNumber DeviceFor(PathLocation place, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (ReferenceEquals(Lowers[i].Top.Mount.Filesystem, place.Mount.Filesystem)) return Lowers[i].Device;
        }

        return NextAnonymousDevice();
    }
}
