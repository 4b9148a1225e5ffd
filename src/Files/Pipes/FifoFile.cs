using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A FIFO that is open: a pipe with a name, whose open waits for the other end.</summary>
/// <source>fifo(7).</source>
internal sealed class FifoFile : PipeFile
{
    // Who had come before: one more of the other kind, and the open is complete.
    private readonly int _readersBefore;
    private readonly int _writersBefore;
    private readonly bool _metPartner;

    // Packets are for pipes that were made for them.
    public override bool KnowsDirect => false;

    private FifoFile(Pipe pipe, Inode inode, in OpenRequest request)
        : base(pipe, inode, request.Location, request.Flags)
    {
        // Counted before ourselves, in case we are both.
        _readersBefore = pipe.ReadersEver - (CanRead ? 1 : 0);
        _writersBefore = WritersAtOpen;
        // A pipe without a name, opened again through /proc/PID/fd, had both ends from the beginning: nobody
        // is waited for.
        _metPartner = IsUnnamed(inode) || (CanRead && CanWrite) || (CanRead ? pipe.HasWriters : pipe.HasReaders);
    }

    /// <errors>ENXIO: to be written without blocking, and nobody reads.</errors>
    internal static bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        Pipe pipe = GetPipe(inode);
        bool onlyWrites = request.WantsWrite && !request.WantsRead;
        if (onlyWrites && !IsUnnamed(inode) && request.Has(OpenBits.O_NONBLOCK) && !pipe.HasReaders)
        {
            error = Errno.ENXIO;
            return false;
        }

        error = Errno.None;
        file = new FifoFile(pipe, inode, request);
        return true;
    }

    protected internal override bool IsOpenPending(PollTable? table)
    {
        if (_metPartner || IsNonBlocking || CanRead == CanWrite) return false;
        if (table is not null) _ = Poll(table);
        return CanRead
            ? Pipe.WritersEver == _writersBefore && !Pipe.HasWriters
            : Pipe.ReadersEver == _readersBefore && !Pipe.HasReaders;
    }

    // A reader that opened without blocking, before any writer, sees no hang-up until one has come and gone.
    protected override bool HadWriters => _metPartner || Pipe.WritersEver != _writersBefore;

    private static bool IsUnnamed(Inode inode) => inode is PipeFilesystem.PipeInode;

    private static Pipe GetPipe(Inode inode)
    {
        Pipe? existing = inode.Fifo;
        if (existing is not null) return existing;

        // Two first openers at once: the attribute lock decides whose pipe it is.
        Pipe created = new();
        using Machine.SpinLock.Guard guard = AttributeLocks.For(inode).Acquire();
        return inode.Fifo ??= created;
    }
}
