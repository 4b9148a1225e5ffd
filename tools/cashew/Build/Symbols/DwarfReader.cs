namespace Cashew.Tool.Build.Symbols;

using System;
using System.Buffers.Binary;
using System.Text;
using Cashew.Tool.Support;

/// <summary>A cursor over DWARF data: fixed and variable length numbers, and strings.</summary>
/// <source>DWARF 5, 7.4 (formats), 7.6 (LEB128).</source>
internal sealed class DwarfReader
{
    private readonly ReadOnlyMemory<byte> _data;

    internal DwarfReader(ReadOnlyMemory<byte> data) => _data = data;

    internal int Position { get; set; }

    internal bool IsAtEnd => Position >= _data.Length;

    /// <summary>Set by a unit's length field: offsets have 8 bytes in the 64-bit format.</summary>
    internal bool Is64BitFormat { get; private set; }

    internal byte U8() => Take(1)[0];

    internal sbyte S8() => (sbyte)U8();

    internal ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    internal ulong Offset() => Is64BitFormat ? U64() : U32();

    internal void Skip(int lengthBytes) => Take(lengthBytes);

    /// <summary>A unit's length, which also says which of the two formats the unit has.</summary>
    internal int UnitLength()
    {
        uint length = U32();
        Is64BitFormat = length == 0xFFFFFFFF;
        return Is64BitFormat ? checked((int)U64()) : checked((int)length);
    }

    internal ulong Uleb()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte at = U8();
            value |= (ulong)(at & 0x7F) << shift;
            if ((at & 0x80) == 0)
                return value;
        }
    }

    internal long Sleb()
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte at = U8();
            value |= (long)(at & 0x7F) << shift;
            if ((at & 0x80) != 0)
                continue;
            bool isNegative = (at & 0x40) != 0 && shift + 7 < 64;
            return isNegative ? value | (-1L << (shift + 7)) : value;
        }
    }

    internal string Text()
    {
        ReadOnlySpan<byte> rest = _data.Span[Position..];
        int length = rest.IndexOf((byte)0);
        if (length < 0)
            throw new Failure("a string in the debug information has no end");
        Position += length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    private ReadOnlySpan<byte> Take(int lengthBytes)
    {
        if (lengthBytes < 0 || lengthBytes > _data.Length - Position)
            throw new Failure("the debug information ends too early");
        ReadOnlySpan<byte> taken = _data.Span.Slice(Position, lengthBytes);
        Position += lengthBytes;
        return taken;
    }
}
