using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>An end of a pipe, or of a FIFO, which may be both ends at once.</summary>
internal class PipeFile : OpenFile
{
    private readonly int _writersAtOpen;

    internal PipeFile(Pipe pipe, Inode inode, PathLocation location, uint flags)
        : base(inode, location, flags)
    {
        Pipe = pipe;
        _writersAtOpen = pipe.WritersEver;
        if (CanRead) pipe.AddReader();
        if (CanWrite) pipe.AddWriter();
    }

    internal Pipe Pipe { get; }

    public override bool KnowsDirect => true;
    public override bool WritesInPieces => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset) => Pipe.Read(ref destination);

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
        => Pipe.Write(ref source, (StatusFlags & OpenBits.O_DIRECT) != 0);

    public override bool HasReadiness => true;
    public override bool KnowsOwner => true;

    public override uint Poll(PollTable? table)
    {
        uint events = 0;
        if (CanRead) events |= Pipe.PollRead(table, HadWriters);
        if (CanWrite) events |= Pipe.PollWrite(table);
        return events;
    }

    public override IoResult Control(uint command, ulong argument)
    {
        if (command != IoctlNumbers.FIONREAD) return Errno.ENOTTY;
        return UserMemory.TryWrite(new UserAddress(argument), Pipe.CountBytes()) ? 0 : Errno.EFAULT;
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
    {
        if (Inode is not PipeFilesystem.PipeInode) base.AppendName(text, root);
        else text.Append("pipe:["u8).Append(Inode.Number).Append((byte)']');
    }

    protected override void Closed()
    {
        if (CanRead) Pipe.RemoveReader();
        if (CanWrite) Pipe.RemoveWriter();
    }

    protected virtual bool HadWriters => Pipe.WritersEver != 0;

    protected int WritersAtOpen => _writersAtOpen;
}
