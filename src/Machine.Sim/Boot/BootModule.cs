using System;
using System.Collections.Generic;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>A file the boot loader placed in memory: the initramfs.</summary>
public sealed class BootModule
{
    private readonly byte[] _bytes;
    private readonly int _pageOffset;
    private readonly Dictionary<long, Frame> _frames = [];

    /// <summary>A file whose first byte lies so far into a page.</summary>
    public BootModule(byte[] bytes, int pageOffset = 0)
    {
        _bytes = bytes;
        _pageOffset = pageOffset;
    }

    public long LengthBytes => _bytes.Length;

    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > LengthBytes - length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset));
        }

        return _bytes.AsSpan((int)offset, length);
    }

    public bool TryFrame(long offset, out Frame frame)
    {
        frame = default;
        if (offset < 0 || (offset + _pageOffset) % Frame.SizeBytes != 0 || offset > LengthBytes - Frame.SizeBytes)
        {
            return false;
        }

        if (!_frames.TryGetValue(offset, out frame))
        {
            // Memory that was there before the first allocation: the module keeps a reference of its own.
            frame = Simulation.Current.Frames.TakeReserved();
            _bytes.AsSpan((int)offset, Frame.SizeBytes).CopyTo(frame.Bytes);
            _frames.Add(offset, frame);
        }

        frame.Retain();
        return true;
    }
}
