using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// Frames that the kernel lends to every program, under a name: the vDSO and its data. They are there for
/// good; a program that writes to its mapping, as a debugger does, gets a copy.
/// </summary>
public sealed class KernelPages : PageSource, IMappedFile
{
    private readonly Frame[] _frames;
    private readonly byte[] _name;

    /// <param name="name">As /proc/PID/maps shows it.</param>
    /// <param name="isWritable">Whether mprotect(2) may make a mapping writable.</param>
    /// <param name="frames">The pages; a reference to each is taken.</param>
    public KernelPages(ReadOnlySpan<byte> name, bool isWritable, ReadOnlySpan<Frame> frames)
    {
        _name = name.ToArray();
        _frames = frames.ToArray();
        IsWritable = isWritable;
        foreach (Frame frame in frames) frame.Retain();
    }

    public ReadOnlySpan<byte> Name => _name;

    public override long LengthBytes => (long)_frames.Length * UserAddress.PageSizeBytes;

    public bool IsReadable => true;

    public bool IsWritable { get; }

    /// <summary>Data that is never written needs no execution either.</summary>
    public bool AllowsExecution => IsWritable;

    public override bool TryGetPage(long pageIndex, bool forWrite, out Frame frame, out Errno error)
    {
        bool exists = pageIndex < _frames.Length;
        frame = exists ? _frames[pageIndex] : default;
        error = exists ? Errno.None : Errno.EFAULT;
        if (exists) frame.Retain();
        return exists;
    }

    public override int GetCachedPages(long firstPage, Span<Frame> frames)
    {
        int count = 0;
        for (; count < frames.Length && firstPage + count < _frames.Length; count++)
        {
            frames[count] = _frames[firstPage + count];
            frames[count].Retain();
        }

        return count;
    }

    public override bool IsCached(long pageIndex) => true;

    public bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = this;
        error = Errno.None;
        return true;
    }

    /// <summary>Mappings come and go, and it stays.</summary>
    public void RetainMapping()
    {
    }

    public void ReleaseMapping()
    {
    }
}
