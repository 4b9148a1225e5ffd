using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <content>How a file comes to be in the upper layer.</content>
internal sealed partial class OverlayInode
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Makes sure that the file is in the upper layer, with all the directories that it is
    /// in.</summary>
    /// <param name="withData">False: nobody wants what is in it.</param>
    /// <errors>EROFS: there is no upper layer. ENOENT: it has lost its name. ENOSPC, ENOMEM, EIO.</errors>
    /// <locking>Takes the lock for copying; those of directories may be held.</locking>
    internal Errno CopyUp(bool withData)
    {
        if (Upper is not null) return Errno.None;
        if (_filesystem.Upper is null) return Errno.EROFS;
        using SleepLock.Guard guard = _filesystem.CopyUpLock.Acquire();
        while (Upper is null)
        {
            OverlayInode next = this;
            while (next._parent is { Upper: null } parent) next = parent;
            if (next._parent is null || next.IsRemoved) return Errno.ENOENT;
            Errno error = next.CopyUpLocked(withData);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    private Errno CopyUpLocked(bool withData)
    {
        OverlayWork work = _filesystem.Work!;
        OverlayReal lower = _lowers[0];
        NewNode node = new(lower.Inode.Mode, lower.Inode.Uid, lower.Inode.Gid) { Device = lower.Inode.Device };
        if (IsSymbolicLink)
        {
            if (!lower.Inode.TryReadLink(default, out byte[]? target, out Errno linkError)) return linkError;
            node = new NewNode(node.Mode, node.Uid, node.Gid) { Target = target };
        }

        if (!work.TryCreate(node, out OverlayTemporary copy, out Errno error)) return error;
        error = FillCopy(lower, copy.Inode, withData);
        if (error == Errno.None) error = PlaceCopy(copy);
        if (error != Errno.None)
        {
            work.Remove(copy);
            return error;
        }

        Volatile.Write(ref _upper, copy.Inode);
        _filesystem.Table.Rekey(this, copy.Inode);
        return Errno.None;
    }

    private Errno FillCopy(OverlayReal lower, Inode copy, bool withData)
    {
        Errno error = CopyAttributes(lower.Inode, copy);
        if (error == Errno.None && _keepsNumber)
        {
            error = copy.ExtendedFor(copy.Filesystem.AttributeBudget!)
                .Set(_filesystem.OriginName, OriginOf(lower.Inode), 0);
        }

        if (error == Errno.None && withData && IsRegular && lower.Inode.LengthBytes > 0) error = CopyData(lower, copy);
        if (error != Errno.None) return error;
        return copy.SetAttributes(new AttributeChange
        {
            Permissions = lower.Inode.Mode & ~Abi.Mode.S_IFMT,
            Accessed = lower.Inode.Accessed,
            Modified = lower.Inode.Modified,
        });
    }

    private Errno CopyAttributes(Inode from, Inode to)
    {
        if (from.ExtendedOrNone is not { } attributes) return Errno.None;
        ReadOnlySpan<byte> names = attributes.List(includesTrusted: true, _filesystem);
        while (!names.IsEmpty)
        {
            int end = names.IndexOf((byte)0);
            ReadOnlySpan<byte> name = names[..end];
            names = names[(end + 1)..];
            if (!attributes.TryGet(name, out byte[]? value)) continue;
            Errno error = to.ExtendedFor(to.Filesystem.AttributeBudget!).Set(name, value, 0);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    private Errno CopyData(OverlayReal from, Inode to)
    {
        if (!TryOpenReal(from.Inode, from.Layer, default, OpenBits.O_RDONLY | OpenBits.O_NOATIME, out OpenFile? source,
            out Errno error))
        {
            return error;
        }

        if (TryOpenReal(to, _filesystem.Upper!, default, OpenBits.O_WRONLY, out OpenFile? target, out error))
        {
            error = CopyData(source, target);
            target.Release();
        }

        source.Release();
        return error;
    }

    // Holes stay holes.
    private static Errno CopyData(OpenFile source, OpenFile target)
    {
        byte[] buffer = new byte[ChunkBytes];
        long length = source.Inode.LengthBytes;
        long at = 0;
        while (at < length)
        {
            IoResult data = source.Seek(at, SeekWhence.SEEK_DATA);
            if (data.IsError) break;
            at = data.Count;
            UserDestination room = new(buffer);
            IoResult read = source.ReadAt(ref room, at);
            if (read.IsError) return read.Error;
            if (read.Count == 0) break;
            UserSource text = new((ReadOnlySpan<byte>)buffer.AsSpan(0, (int)read.Count));
            IoResult written = target.WriteAt(ref text, at);
            if (written.IsError) return written.Error;
            if (written.Count < read.Count) return Errno.ENOSPC;
            at += read.Count;
            Scheduler.RescheduleIfWanted();
        }

        return target.Inode.LengthBytes == length ? Errno.None : target.Inode.SetLength(length);
    }

    // A copy is no change of the directory: its times stay.
    private Errno PlaceCopy(in OverlayTemporary copy)
    {
        Inode directory = _parent!.Upper!;
        AttributeChange times = new() { Accessed = directory.Accessed, Modified = directory.Modified };
        Errno error = _filesystem.Work!.Place(copy, directory, _name, null);
        return error == Errno.None ? directory.SetAttributes(times) : error;
    }
}
