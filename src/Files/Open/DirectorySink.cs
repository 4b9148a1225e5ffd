using System;
using System.Buffers.Binary;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Takes directory entries, as struct linux_dirent64 lies in memory, or struct linux_dirent, until
/// its room is full.
/// </summary>
/// <source>getdents64(2), getdents(2).</source>
public ref struct DirectorySink(Span<byte> room, bool isOld = false)
{
    private const int Alignment = 8;
    private const int OffsetPosition = 8;
    private const int LengthPosition = 16;
    private const int TypePosition = 18;

    // The old one ends with the type, where the new one has a NUL or two.
    private const int OldNameOffset = TypePosition;

    private readonly Span<byte> _room = room;
    private readonly bool _isOld = isOld;

    /// <summary>Bytes of whole entries.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>An entry was refused for lack of room: the caller's buffer is too small if it was the
    /// first.</summary>
    public bool IsFull { get; private set; }

    /// <param name="next">The position behind this entry.</param>
    /// <returns>False when there is no room: the entry is to be offered again.</returns>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, ulong number, InodeType type, long next)
    {
        // With the NUL that ends the name, and the type behind it or before.
        int nameOffset = _isOld ? OldNameOffset : Dirent64.NameOffset;
        int length = (Dirent64.NameOffset + name.Length + 1 + Alignment - 1) & ~(Alignment - 1);
        if (length > _room.Length - LengthBytes)
        {
            IsFull = true;
            return false;
        }

        Span<byte> entry = _room.Slice(LengthBytes, length);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, number);
        BinaryPrimitives.WriteInt64LittleEndian(entry[OffsetPosition..], next);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[LengthPosition..], (ushort)length);
        name.CopyTo(entry[nameOffset..]);
        entry[(nameOffset + name.Length)..].Clear();
        entry[_isOld ? length - 1 : TypePosition] = (byte)type;
        LengthBytes += length;
        return true;
    }
}
