using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <content>Which files of the layers a name leads to.</content>
internal sealed partial class OverlayInode
{
    public override bool TryLookup(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Resolve(name, out Inode? upper, out List<OverlayReal> lowers);
        if (error != Errno.None) return false;
        if (upper is null && lowers.Count == 0) error = Errno.ENOENT;
        else if (!KernelObjects.MayCreate()) error = Errno.ENOMEM;
        else inode = FindOrMake(name, upper, lowers);
        return inode is not null;
    }

    /// <summary>The files of that name, from the top down as far as they show. No whiteouts.</summary>
    private Errno Resolve(ReadOnlySpan<byte> name, out Inode? upper, out List<OverlayReal> lowers)
    {
        upper = null;
        lowers = [];
        if (Upper is Inode directory)
        {
            Errno error = LayerNames.Find(directory, name, out upper);
            if (error != Errno.None || (upper is not null && HidesWhatIsBelow(ref upper))) return error;
        }

        return ResolveBelow(name, isBelowDirectory: upper is not null, lowers);
    }

    private Errno ResolveBelow(ReadOnlySpan<byte> name, bool isBelowDirectory, List<OverlayReal> lowers)
    {
        foreach (OverlayReal layer in _lowers)
        {
            Errno error = LayerNames.Find(layer.Inode, name, out Inode? found);
            if (error != Errno.None) return error;
            if (found is null) continue;
            bool isDirectory = found.IsDirectory;
            bool hides = HidesWhatIsBelow(ref found);

            // A file below a directory does not show, and neither does what is below the file.
            if (found is null || (!isDirectory && (isBelowDirectory || lowers.Count > 0))) break;
            lowers.Add(new OverlayReal(found, layer.Layer));
            if (hides) break;
        }

        return Errno.None;
    }

    /// <summary>Whether layers below do not matter for a name that leads to this; a whiteout becomes
    /// nothing.</summary>
    private bool HidesWhatIsBelow(ref Inode? found)
    {
        if (found!.IsDirectory) return IsOpaque(found);
        if (LayerNames.IsWhiteout(found)) found = null;
        return true;
    }

    private bool IsOpaque(Inode directory)
        => directory.ExtendedOrNone is { } attributes && attributes.TryGet(_filesystem.OpaqueName, out byte[]? value)
            && value.AsSpan().SequenceEqual("y"u8);

    /// <summary>Whether something below the upper layer would show under a name, if the upper layer did not
    /// hide it.</summary>
    private bool HasBelow(ReadOnlySpan<byte> name)
    {
        foreach (OverlayReal layer in _lowers)
        {
            if (LayerNames.Find(layer.Inode, name, out Inode? found) != Errno.None) return true;
            if (found is not null) return !LayerNames.IsWhiteout(found);
        }

        return false;
    }

    private OverlayInode FindOrMake(ReadOnlySpan<byte> name, Inode? upper, List<OverlayReal> lowers)
    {
        Inode real = upper ?? lowers[0].Inode;
        byte[] ownName = name.ToArray();
        if (_filesystem.Table.Find(real) is OverlayInode known)
        {
            known.SetName(this, ownName);
            return known;
        }

        OverlayReal[] kept = real.IsDirectory || upper is null ? lowers.ToArray() : [];
        ulong number = NumberFor(upper, lowers, out OverlayLayer numbering);
        OverlayInode made = new(_filesystem, number, numbering, upper, kept, this, ownName);

        // Each name of such a file is one of its own, to be copied up by itself.
        bool isBroken = upper is null && !made._keepsNumber;
        return isBroken ? made : _filesystem.Table.Add(made, real);
    }

    private void SetName(OverlayInode parent, byte[] name)
    {
        _parent = parent;
        _name = name;
    }

    private ulong NumberFor(Inode? upper, List<OverlayReal> lowers, out OverlayLayer numbering)
    {
        numbering = upper is null ? lowers[0].Layer : _filesystem.Upper!;
        Inode real = upper ?? lowers[0].Inode;
        if (real.IsDirectory)
        {
            if (!_filesystem.IsOnOneFilesystem) return _filesystem.NextNumber();
            return lowers.Count > 0 ? lowers[0].Inode.Number : real.Number;
        }

        if (upper is null || !TryReadOrigin(upper, out ulong number, out OverlayLayer? origin)) return real.Number;
        numbering = origin;
        return number;
    }

    // ---- listing
    // ----------------------------------------------------------------------------------------------

    /// <summary>All names that show. With them the real file that is uppermost; whiteouts are among
    /// them.</summary>
    /// <errors>ENOMEM.</errors>
    internal Errno List(DirectoryIndex names)
    {
        if (Upper is Inode upper)
        {
            Errno error = AddTo(names, upper);
            if (error != Errno.None) return error;
        }

        foreach (OverlayReal layer in _lowers)
        {
            Errno error = AddTo(names, layer.Inode);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    /// <summary>What an entry is in the listing of this directory.</summary>
    internal ulong NumberOf(ReadOnlySpan<byte> name, Inode real)
    {
        if (real.IsDirectory && (IsMerged || !_filesystem.IsOnOneFilesystem))
        {
            return TryLookup(name, out Inode? found, out _) ? ((OverlayInode)found).ShownNumber : real.Number;
        }

        return TryReadOrigin(real, out ulong origin, out _) ? origin : real.Number;
    }

    private bool IsEmpty()
    {
        DirectoryIndex names = new();
        if (List(names) != Errno.None) return false;
        long cookie = 0;
        while (names.TryNext(cookie, out DirectoryEntry? entry))
        {
            if (!LayerNames.IsWhiteout(entry.Inode)) return false;
            cookie = entry.Cookie + 1;
        }

        return true;
    }

    private static Errno AddTo(DirectoryIndex names, Inode directory)
    {
        LayerListing listing = new(directory);
        while (listing.TryNext(out ReadOnlySpan<byte> name))
        {
            if (names.TryFind(name, out _)) continue;
            if (!KernelObjects.MayCreateName()) return Errno.ENOMEM;
            Errno error = LayerNames.Find(directory, name, out Inode? found);
            if (error != Errno.None) return error;
            if (found is not null) names.Add(name, found);
        }

        return listing.Error;
    }
}
