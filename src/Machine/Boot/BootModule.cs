using System;

namespace Cashew.Machine;

/// <summary>A file the boot loader placed in memory: the initramfs. Read where it lies, never copied as a whole.</summary>
public sealed unsafe class BootModule
{
    private readonly ulong _start;

    internal BootModule(ulong start, long lengthBytes)
    {
        _start = start;
        LengthBytes = lengthBytes;
    }

    public long LengthBytes { get; }

    /// <summary>A piece of the file; the caller has checked that it lies inside.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > LengthBytes - length)
        {
            throw new ArgumentOutOfRangeException();
        }

        // SAFETY: the range lies inside the module, whose frames stay reserved and in the direct map.
        return new ReadOnlySpan<byte>((void*)(DirectMap.Base + _start + (ulong)offset), length);
    }

    /// <summary>
    /// The frame that holds a whole page of the file, when the data happens to be page-aligned in memory. It may be
    /// mapped read-only or copy-on-write; the module keeps a reference of its own.
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
}
