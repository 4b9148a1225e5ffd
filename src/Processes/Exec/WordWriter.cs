using System;
using System.Runtime.InteropServices;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Writes words one after the other into another address space, a buffer at a time.</summary>
internal ref struct WordWriter
{
    public const int BufferWords = 32;

    private readonly AddressSpace _space;
    private readonly Span<ulong> _buffer;
    private UserAddress _at;
    private int _count;
    private bool _hasFailed;

    public WordWriter(AddressSpace space, UserAddress at, Span<ulong> buffer)
    {
        _space = space;
        _at = at;
        _buffer = buffer;
    }

    public void Put(ulong word)
    {
        if (_count == _buffer.Length) Flush();
        _buffer[_count++] = word;
    }

    /// <summary>Writes what is left; false when any write failed.</summary>
    public bool TryFinish()
    {
        Flush();
        return !_hasFailed;
    }

    private void Flush()
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(_buffer[.._count]);
        if (_space.CopyOut(_at, bytes) != bytes.Length) _hasFailed = true;
        _at += (ulong)bytes.Length;
        _count = 0;
    }
}
