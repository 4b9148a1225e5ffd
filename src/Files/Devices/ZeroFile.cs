using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>/dev/zero, and /dev/full, which has zeros to read and no room to write.</summary>
internal sealed class ZeroFile(Inode inode, in OpenRequest request, bool isFull)
    : OpenFile(inode, request.Location, request.Flags)
{
    public override bool KnowsNoWait => true;

    private readonly bool _isFull = isFull;

    public override bool IsSeekable => true;

    public override IoResult Seek(long distance, int origin) => 0;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        int count = destination.Clear(destination.RemainingBytes);
        return count == 0 && destination.HasFaulted ? Errno.EFAULT : count;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
        => _isFull ? Errno.ENOSPC : NullFile.Discard(ref source);

    /// <summary>Mapping /dev/zero is how anonymous memory was had before there were flags for it.</summary>
    public override bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = null;
        error = _isFull ? Errno.ENODEV : Errno.None;
        return !_isFull;
    }
}
