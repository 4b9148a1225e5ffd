using System;
using Cashew.Abi;
using Cashew.Files.Compression;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>A compressed archive. Positions are those of what comes out.</summary>
internal sealed class GzipInput(BootModule module, ReadPart readPart) : ArchiveInput
{
    private const int PageBytes = UserAddress.PageSizeBytes;

    private readonly GzipReader _reader = new(module);
    private readonly ReadPart _readPart = readPart;

    // What has been inflated and not read yet: headers, names, and files of less than a page for the most
    // part.
    private readonly byte[] _buffer = new byte[2 * MostPeekBytes];
    private int _start;
    private int _end;
    private long _member;

    internal override long Position => _reader.ProducedBytes - (_end - _start);

    /// <summary>Where the member ends in the module, once everything has been read.</summary>
    internal long End => _reader.End;

    internal override ReadOnlySpan<byte> Problem => _reader.Status switch
    {
        InflateStatus.Truncated => "the compressed data is cut off"u8,
        InflateStatus.Corrupt => "the compressed data is corrupt"u8,
        InflateStatus.Mismatch => "the compressed data has a wrong checksum"u8,
        _ => default,
    };

    /// <summary>Starts with the member at a position in the module.</summary>
    internal void Begin(long member)
    {
        _member = member;
        _start = 0;
        _end = 0;
        _reader.Begin(member);
    }

    internal override ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count) Fill();
        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    internal override void Advance(int count) => _start += count;

    internal override bool TrySkip(long count)
    {
        while (count > 0)
        {
            ReadOnlySpan<byte> next = Peek(1);
            if (next.IsEmpty) return false;
            int skipped = (int)Math.Min(count, _end - _start);
            Advance(skipped);
            count -= skipped;
        }

        return true;
    }

    /// <summary>Inflates straight into the pages of the file.</summary>
    internal override Errno Store(TmpfsFile file, long lengthBytes, ref DataSum sum)
    {
        PageCache contents = file.Contents;

        // The length that the archive claims costs nothing yet; pages are made as the data comes.
        Errno error = contents.Truncate(lengthBytes);
        for (long at = 0; at < lengthBytes && error == Errno.None; at += PageBytes)
        {
            if (!contents.TryGetPage(at / PageBytes, forWrite: true, out Frame frame, out error)) break;
            Span<byte> page = frame.Bytes[..(int)Math.Min(PageBytes, lengthBytes - at)];
            if (Read(page) < page.Length) error = Errno.EIO;
            sum.Add(page);
            frame.Release();
        }

        return error;
    }

    internal override void AppendPlace(ByteBuilder text, long position)
        => text.Append("at byte "u8).Append(position)
            .Append(" of what is compressed at byte "u8).Append(_member);

    private int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count + Inflate(destination[count..]);
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        _end += Inflate(_buffer.AsSpan(_end));
    }

    // What has been inflated is not needed any more: so the machine must have room for little more than the
    // contents.
    private int Inflate(Span<byte> destination)
    {
        int count = _reader.Read(destination);
        if (Problem.IsEmpty) _readPart.ReleaseTo(_reader.Position);
        return count;
    }
}
