using System;

namespace Cashew.Files.Terminals;

/// <summary>What has been typed and not read. In canonical mode the part behind the last line end is still
/// being edited, and only whole lines can be read.</summary>
/// <remarks>Positions count all bytes ever; the ring's index is the position modulo its size. A mark tells
/// that a byte ends a line; a marked NUL is an end-of-file character, which ends a line and is not read
/// itself.</remarks>
internal sealed class InputBuffer
{
    /// <summary>Linux's size, and so the longest line: 4095 bytes and its end.</summary>
    internal const int CapacityBytes = 4096;

    private const int BitsPerWord = 64;

    /// <summary>What an end-of-file character is stored as.</summary>
    internal const byte EndOfFile = 0;

    private readonly byte[] _bytes = new byte[CapacityBytes];
    private readonly ulong[] _lineEnds = new ulong[CapacityBytes / BitsPerWord];
    private long _head;
    private long _lineHead;
    private long _tail;

    internal int Count => (int)(_head - _tail);
    internal int RoomBytes => CapacityBytes - Count;
    internal bool HasLine => _lineHead != _tail;

    /// <summary>Bytes of the line being edited.</summary>
    internal int EditedCount => (int)(_head - _lineHead);

    /// <summary>Bytes of whole lines, without end-of-file marks: what FIONREAD tells in canonical
    /// mode.</summary>
    internal int ReadableInLines
    {
        get
        {
            int count = 0;
            for (long at = _tail; at < _lineHead; at++)
            {
                if (!IsEndOfFile(at)) count++;
            }

            return count;
        }
    }

    /// <summary>The byte of the edited line that many places before its end; 1 is the last.</summary>
    internal byte FromEnd(int distance) => _bytes[Index(_head - distance)];

    /// <summary>Adds a byte to the edited line. The caller has looked for room.</summary>
    internal void Add(byte value)
    {
        _bytes[Index(_head)] = value;
        SetLineEnd(_head, false);
        _head++;
    }

    /// <summary>Adds the byte that ends the line, which can be read from now on.</summary>
    internal void EndLine(byte value)
    {
        // A line that fills it all loses its last byte to its end.
        if (RoomBytes == 0) RemoveLast(1);
        Add(value);
        SetLineEnd(_head - 1, true);
        _lineHead = _head;
    }

    /// <summary>Takes bytes back from the end of the edited line.</summary>
    internal void RemoveLast(int count) => _head -= count;

    internal void Clear()
    {
        _tail = _head;
        _lineHead = _head;
    }

    /// <summary>What is there becomes a line as it is: somebody switches to canonical mode and must not lose
    /// it.</summary>
    internal void MakeLine()
    {
        Array.Clear(_lineEnds);
        if (Count == 0)
        {
            _lineHead = _tail;
            return;
        }

        SetLineEnd(_head - 1, true);
        _lineHead = _head;
    }

    /// <summary>All is single bytes from now on: the mode is no longer canonical.</summary>
    internal void ForgetLines()
    {
        Array.Clear(_lineEnds);
        _lineHead = _tail;
    }

    /// <summary>Takes bytes regardless of lines.</summary>
    internal int ReadBytes(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, Count);
        for (int i = 0; i < count; i++) destination[i] = _bytes[Index(_tail + i)];
        _tail += count;
        if (_lineHead < _tail) _lineHead = _tail;
        return count;
    }

    /// <summary>Takes bytes of one line at most.</summary>
    /// <param name="isWhole">The line's end has been taken, too.</param>
    internal int ReadLine(Span<byte> destination, out bool isWhole)
    {
        int count = 0;
        isWhole = false;
        while (!isWhole && _tail != _lineHead)
        {
            if (IsEndOfFile(_tail))
            {
                // Taken along even when the destination is full: else the next read would see an end of file.
                isWhole = true;
                _tail++;
                break;
            }

            if (count == destination.Length) break;
            isWhole = IsLineEnd(_tail);
            destination[count++] = _bytes[Index(_tail++)];
        }

        return count;
    }

    private bool IsEndOfFile(long position) => IsLineEnd(position) && _bytes[Index(position)] == EndOfFile;

    private bool IsLineEnd(long position)
    {
        int index = Index(position);
        return (_lineEnds[index / BitsPerWord] >> (index % BitsPerWord) & 1) != 0;
    }

    private void SetLineEnd(long position, bool isEnd)
    {
        int index = Index(position);
        ulong bit = 1UL << (index % BitsPerWord);
        if (isEnd) _lineEnds[index / BitsPerWord] |= bit;
        else _lineEnds[index / BitsPerWord] &= ~bit;
    }

    private static int Index(long position) => (int)(position % CapacityBytes);
}
