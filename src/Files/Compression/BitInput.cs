using System;
using System.Buffers.Binary;
using Cashew.Machine;

namespace Cashew.Files.Compression;

/// <summary>Bits out of a boot module, the lowest of each byte first.</summary>
internal struct BitInput(BootModule module, long position)
{
    private readonly BootModule _module = module;

    // The next byte that is not in _bits. Above the count, the bits are zeros.
    private long _position = position;
    private ulong _bits;
    private int _count;

    /// <summary>The bits at hand; more than <see cref="Count"/> are not real.</summary>
    internal readonly ulong Bits => _bits;

    internal readonly int Count => _count;

    /// <summary>Of the next byte that has not been begun. Bits left of the current one are dropped by
    /// <see cref="AlignToByte"/>.</summary>
    internal readonly long Position => _position - _count / 8;

    /// <summary>Gets at least 56 bits if the input has them.</summary>
    internal void Fill()
    {
        long left = _module.LengthBytes - _position;
        if (left >= sizeof(ulong))
        {
            // Eight bytes at once; what does not fit is read again next time.
            ulong next = BinaryPrimitives.ReadUInt64LittleEndian(_module.Bytes(_position, sizeof(ulong)));
            int bytes = (63 - _count) / 8;
            _bits |= next << _count;
            _count += bytes * 8;
            _position += bytes;
            _bits &= (1UL << _count) - 1;
            return;
        }

        while (_count <= 56 && _position < _module.LengthBytes)
        {
            _bits |= (ulong)_module.Bytes(_position++, 1)[0] << _count;
            _count += 8;
        }
    }

    internal void Drop(int count)
    {
        _bits >>= count;
        _count -= count;
    }

    /// <summary>Takes up to 32 bits.</summary>
    internal bool TryTake(int count, out uint value)
    {
        if (_count < count) Fill();
        value = (uint)(_bits & ((1UL << count) - 1));
        if (_count < count) return false;
        Drop(count);
        return true;
    }

    internal void AlignToByte() => Drop(_count % 8);

    /// <summary>Takes whole bytes; the input is at the beginning of one. Short only at its end.</summary>
    internal int Read(Span<byte> destination)
    {
        int count = 0;
        for (; _count > 0 && count < destination.Length; count++)
        {
            destination[count] = (byte)_bits;
            Drop(8);
        }

        int rest = (int)Math.Min(destination.Length - count, _module.LengthBytes - _position);
        _module.Bytes(_position, rest).CopyTo(destination[count..]);
        _position += rest;
        return count + rest;
    }
}
