using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>An open regular file of an overlay: the real file, opened for it.</summary>
/// <remarks>A file that was opened for reading before somebody copied it up is read from the copy afterwards;
/// what has been mapped stays the lower file's.</remarks>
/// <source>Linux's description of the overlay filesystem, "Non-standard behavior".</source>
internal sealed class OverlayFile : OpenFile
{
    private readonly OverlayInode _inode;
    private readonly FileCaller _caller;
    private readonly OpenFile _real;

    // The copy, once there is one and somebody has asked; exchanged once.
    private OpenFile? _copy;

    private OverlayFile(OverlayInode inode, in OpenRequest request, OpenFile real)
        : base(inode, request.Location, request.Flags)
    {
        _inode = inode;
        _caller = request.Caller;
        _real = real;
    }

    internal static bool TryOpen(
        OverlayInode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        bool truncates = request.Has(OpenBits.O_TRUNC);
        error = request.WantsWrite || truncates ? inode.CopyUp(withData: !truncates) : Errno.None;
        if (error != Errno.None) return false;
        if (!inode.TryOpenReal(inode.Real, inode.Layer, request.Caller, request.Flags, out OpenFile? real, out error))
        {
            return false;
        }

        file = new OverlayFile(inode, request, real);
        return true;
    }

    public override bool IsSeekable => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (!TryGetReal(out OpenFile? real, out Errno error)) return error;
        IoResult result = real.ReadAt(ref destination, offset);
        return result;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (!TryGetReal(out OpenFile? real, out Errno error)) return error;
        IoResult result;
        if (IsAppending)
        {
            result = real.Write(ref source, limitBytes);
            if (result.Value > 0) offset = real.Offset - result.Count;
        }
        else
        {
            result = real.WriteAt(ref source, offset, limitBytes);
        }

        if (result.Value > 0) _inode.NoteWrite();
        return result;
    }

    protected override IoResult SeekContents(long offset, bool toData)
        => TryGetReal(out OpenFile? real, out Errno error)
            ? real.Seek(offset, toData ? SeekWhence.SEEK_DATA : SeekWhence.SEEK_HOLE)
            : error;

    public override bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = null;
        return TryGetReal(out OpenFile? real, out error) && real.TryOpenMapping(isShared, out source, out error);
    }

    public override Errno Allocate(int mode, long offset, long lengthBytes, long limitBytes)
    {
        if (!CanWrite) return offset < 0 || lengthBytes <= 0 ? Errno.EINVAL : Errno.EBADF;
        if (!TryGetReal(out OpenFile? real, out Errno error)) return error;
        error = real.Allocate(mode, offset, lengthBytes, limitBytes);
        if (error == Errno.None) _inode.NoteWrite();
        return error;
    }

    public override Errno Synchronize() => _inode.Filesystem.Synchronize();

    public override IoResult Control(uint command, ulong argument)
    {
        if (command != IoctlNumbers.FIONREAD) return Errno.ENOTTY;
        long rest = long.Max(0, _inode.LengthBytes - Offset);
        return UserMemory.TryWrite(new UserAddress(argument), (int)long.Min(rest, int.MaxValue)) ? 0 : Errno.EFAULT;
    }

    protected override void Closed()
    {
        _real.Release();
        _copy?.Release();
    }

    private bool TryGetReal([NotNullWhen(true)] out OpenFile? real, out Errno error)
    {
        real = _real;
        error = Errno.None;
        if (!ReferenceEquals(_real.Inode, _inode.Real) && !TryOpenCopy(out real, out error)) return false;

        // What fcntl(2) has changed since the open.
        if (real.StatusFlags != StatusFlags) _ = real.SetStatusFlags(StatusFlags); // it refuses nothing
        return true;
    }

    private bool TryOpenCopy([NotNullWhen(true)] out OpenFile? copy, out Errno error)
    {
        error = Errno.None;
        copy = Volatile.Read(ref _copy);
        if (copy is not null) return true;
        if (!_inode.TryOpenReal(_inode.Real, _inode.Layer, _caller, StatusFlags, out OpenFile? opened, out error)) return false;
        OpenFile? winner = Interlocked.CompareExchange(ref _copy, opened, null);
        if (winner is not null) opened.Release();
        copy = winner ?? opened;
        return true;
    }
}
