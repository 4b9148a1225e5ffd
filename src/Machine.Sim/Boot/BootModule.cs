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

    // By the frame's number, counted from the one that holds the first byte.
    private readonly HashSet<long> _released = [];

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

        CheckNotReleased(offset, length);
        return _bytes.AsSpan((int)offset, length);
    }

    public bool TryFrame(long offset, out Frame frame)
    {
        frame = default;
        if (offset < 0 || (offset + _pageOffset) % Frame.SizeBytes != 0 || offset > LengthBytes - Frame.SizeBytes)
        {
            return false;
        }

        CheckNotReleased(offset, Frame.SizeBytes);
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

    /// <summary>Gives the memory of a piece of the file back; returns up to where.</summary>
    public long Release(long offset, long lengthBytes)
    {
        if (offset < 0 || lengthBytes < 0 || offset > LengthBytes - lengthBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(offset));
        }

        long end = offset + lengthBytes;
        long first = (offset == 0 ? 0 : offset + _pageOffset + Frame.SizeBytes - 1) / Frame.SizeBytes;
        long last = (end + _pageOffset + (end == LengthBytes ? Frame.SizeBytes - 1 : 0)) / Frame.SizeBytes;
        if (first >= last)
        {
            return offset;
        }

        for (long number = first; number < last; number++)
        {
            ReleaseFrame(number);
        }

        return Math.Min(last * Frame.SizeBytes - _pageOffset, LengthBytes);
    }

    private void ReleaseFrame(long number)
    {
        if (!_released.Add(number))
        {
            Panic.Stop("a frame of the boot module was released twice");
        }

        // One that was never lent has not been made: only now does it become memory of the simulated machine.
        if (!_frames.Remove(number * Frame.SizeBytes - _pageOffset, out Frame frame))
        {
            frame = Simulation.Current.Frames.TakeReserved();
        }

        Simulation.Current.Frames.NoteAdded();
        frame.Release();
    }

    private void CheckNotReleased(long offset, int length)
    {
        if (_released.Count == 0 || length == 0)
        {
            return;
        }

        long last = (offset + _pageOffset + length - 1) / Frame.SizeBytes;
        for (long number = (offset + _pageOffset) / Frame.SizeBytes; number <= last; number++)
        {
            if (_released.Contains(number))
            {
                Panic.Stop("a released piece of the boot module is read");
            }
        }
    }
}
