using System;

namespace Cashew.Machine;

/// <summary>A file the boot loader placed in memory: the initramfs. Read where it lies, never copied as a
/// whole; and given back piece by piece when its reader needs it no longer.</summary>
public sealed unsafe class BootModule
{
    private readonly ulong _start;

    internal BootModule(ulong start, long lengthBytes)
    {
        _start = start;
        LengthBytes = lengthBytes;
    }

    public long LengthBytes { get; }

    /// <summary>A piece of the file; the caller has checked that it lies inside, and has not released
    /// it.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > LengthBytes - length)
        {
            throw new ArgumentOutOfRangeException();
        }

        // SAFETY: the range lies inside the module, whose frames are in the direct map, and are its own until
        // its reader, who is the one that asks, gives them back.
        return new ReadOnlySpan<byte>((void*)(DirectMap.Base + _start + (ulong)offset), length);
    }

    /// <summary>
    /// The frame that holds a whole page of the file, when the data happens to be page-aligned in memory. It
    /// may be mapped read-only or copy-on-write; the module keeps a reference of its own.
    /// </summary>
    public bool TryFrame(long offset, out Frame frame)
    {
        ulong address = _start + (ulong)offset;
        if (offset < 0 || address % FrameTable.FrameSizeBytes != 0 || offset > LengthBytes - FrameTable.FrameSizeBytes)
        {
            frame = default;
            return false;
        }

        frame = new Frame((uint)(address / FrameTable.FrameSizeBytes));
        frame.Retain();
        return true;
    }

    /// <summary>
    /// Gives the memory of a piece of the file back for good: the whole frames in it, and at the two ends of
    /// the file those that it shares with nothing. A frame that has been lent goes when its last user does.
    /// </summary>
    /// <returns>
    /// Up to where the file has been given back, or <paramref name="offset"/> if not even one frame lies
    /// inside: whoever releases one piece after the other goes on from there, so that no frame between two
    /// pieces is left over.
    /// </returns>
    public long Release(long offset, long lengthBytes)
    {
        if (offset < 0 || lengthBytes < 0 || offset > LengthBytes - lengthBytes)
        {
            throw new ArgumentOutOfRangeException();
        }

        const ulong FrameMask = FrameTable.FrameSizeBytes - 1;
        ulong start = _start + (ulong)offset;
        ulong end = start + (ulong)lengthBytes;
        ulong first = (offset == 0 ? start : start + FrameMask) >> FrameTable.FrameShift;
        ulong last = (end == _start + (ulong)LengthBytes ? end + FrameMask : end) >> FrameTable.FrameShift;
        if (first >= last)
        {
            return offset;
        }

        MemorySetup.ReleaseModule((uint)first, (uint)last);
        return Math.Min((long)((last << FrameTable.FrameShift) - _start), LengthBytes);
    }
}
