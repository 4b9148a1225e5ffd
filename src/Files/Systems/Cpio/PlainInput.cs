using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>An archive that lies in the module as it is. Positions are those of the module.</summary>
internal sealed class PlainInput(BootModule module, ReadPart readPart) : ArchiveInput
{
    // Bytes summed up together.
    private const int PieceBytes = 64 * 1024;

    private readonly BootModule _module = module;
    private readonly ReadPart _readPart = readPart;
    private long _position;

    internal override long Position => _position;

    private long LeftBytes => _module.LengthBytes - _position;

    internal void MoveTo(long position) => _position = position;

    internal override ReadOnlySpan<byte> Peek(int count)
        => _module.Bytes(_position, (int)Math.Min(count, LeftBytes));

    internal override void Advance(int count) => _position += count;

    internal override bool TrySkip(long count)
    {
        if (count > LeftBytes) return false;
        _position += count;
        return true;
    }

    /// <summary>The file refers to the archive; only a checksum makes us look at the data.</summary>
    internal override Errno Store(TmpfsFile file, long lengthBytes, ref DataSum sum)
    {
        long start = _position;
        if (!TrySkip(lengthBytes)) return Errno.EIO;
        for (long at = start; sum.IsWanted && at < _position; at += PieceBytes)
        {
            sum.Add(_module.Bytes(at, (int)Math.Min(PieceBytes, _position - at)));
        }

        _readPart.ReleaseTo(start);
        _readPart.Keep(_position);
        file.SetOrigin(new ArchivePages(_module, start, lengthBytes));
        return Errno.None;
    }

    internal override void AppendPlace(ByteBuilder text, long position)
        => text.Append("at byte "u8).Append(position);
}
