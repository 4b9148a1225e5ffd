using System;
using Cashew.Files.Compression;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>Finds the archives of a module, and the entries in them.</summary>
internal sealed partial class ArchiveReader
{
    private const int Alignment = 4;

    private readonly BootModule _module;
    private readonly ArchiveTree _tree;
    private readonly LinkTable _links = new();
    private readonly ReadPart _readPart;
    private readonly PlainInput _plain;
    private GzipInput? _gzip;

    // The name of the entry at hand: the input's own bytes are gone when its data is read.
    private readonly byte[] _name = new byte[CpioHeader.MaxNameBytes];
    private int _nameBytes;

    // Where its header is.
    private ArchiveInput _input = null!;
    private long _entry;

    internal ArchiveReader(BootModule module, TmpfsFilesystem root)
    {
        _module = module;
        _tree = new ArchiveTree(root);
        _readPart = new ReadPart(module);
        _plain = new PlainInput(module, _readPart);
    }

    private void BeginAt(long position)
    {
        _entry = position;
        _nameBytes = 0;
    }

    private ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameBytes);

    internal bool TryReadAll()
    {
        bool isWhole = TryReadArchives();

        // Whatever it was, nobody reads it again.
        _readPart.ReleaseTo(_module.LengthBytes);
        return isWhole;
    }

    private bool TryReadArchives()
    {
        _input = _plain;
        while (_plain.TrySkipNuls())
        {
            BeginAt(_plain.Position);
            ReadOnlySpan<byte> start = _plain.Peek(CpioHeader.MagicBytes);
            if (GzipHeader.IsMagic(start))
            {
                if (!TryReadCompressed(_plain.Position, out long end)) return false;
                _plain.MoveTo(end);
            }
            else if (start[0] != (byte)'0')
            {
                return FailUnknown(start);
            }
            else if (!TryReadArchive(_plain))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a gzip member, in which there may be several archives.</summary>
    private bool TryReadCompressed(long position, out long end)
    {
        GzipInput input = _gzip ??= new GzipInput(_module, _readPart);
        input.Begin(position);
        _input = input;
        end = 0;
        while (input.TrySkipNuls())
        {
            if (!TryReadArchive(input)) return false;
        }

        BeginAt(input.Position);
        if (!input.Problem.IsEmpty) return Fail(default);
        _input = _plain;
        end = input.End;
        return true;
    }

    /// <summary>Reads one archive. Its end mark may be missing: then anything but a header ends it.</summary>
    private bool TryReadArchive(ArchiveInput input)
    {
        long start = input.Position;
        while (true)
        {
            BeginAt(input.Position);
            ReadOnlySpan<byte> bytes = input.Peek(CpioHeader.SizeBytes);
            bool isHeader = bytes.Length > 0 && bytes[0] == (byte)'0';
            if (!isHeader && _entry != start) return TryEndWithoutMark(input);

            if (bytes.Length < CpioHeader.SizeBytes) return Fail("the archive is cut off in a header"u8);
            if (!CpioHeader.IsMagic(bytes)) return FailUnknown(bytes);
            if (!CpioHeader.TryParse(bytes, out CpioHeader header))
            {
                return Fail("a header is not hexadecimal"u8);
            }

            input.Advance(CpioHeader.SizeBytes);
            if (!TryReadName(input, header)) return false;
            SkipPadding(input, start);
            if (Name.SequenceEqual("TRAILER!!!"u8)) return TryEnd(input, header);
            if (!TryReadEntry(input, header)) return false;
            SkipPadding(input, start);
        }
    }

    private bool TryReadName(ArchiveInput input, in CpioHeader header)
    {
        if (header.NameBytes is 0 or > CpioHeader.MaxNameBytes)
        {
            return Fail("a name has an impossible length"u8);
        }

        ReadOnlySpan<byte> name = input.Peek((int)header.NameBytes);
        if (name.Length < header.NameBytes) return Fail("the archive is cut off in a name"u8);
        if (name[^1] != 0) return Fail("a name has no end"u8);

        // Archivers put more NULs there, to bring the data to a page boundary.
        name = name[..name.IndexOf((byte)0)];
        name.CopyTo(_name);
        _nameBytes = name.Length;
        input.Advance((int)header.NameBytes);
        return true;
    }

    // At the very end there may be none. Whoever needs more notices.
    private static void SkipPadding(ArchiveInput input, long start)
    {
        int padding = (int)(-(input.Position - start) & (Alignment - 1));
        if (padding != 0) _ = input.TrySkip(input.Peek(padding).Length);
    }

    private bool TryEnd(ArchiveInput input, in CpioHeader header)
    {
        _links.Clear();
        return header.DataBytes == 0 || Fail("the end mark has data"u8);
    }

    // Allowed, and the same as an archive that was cut off between two entries: worth a line.
    private bool TryEndWithoutMark(ArchiveInput input)
    {
        if (!input.Problem.IsEmpty) return Fail(default);
        ByteBuilder place = new();
        input.AppendPlace(place, _entry);
        Log.Warning($"initramfs: an archive ends without an end mark, {place.Written}");
        return true;
    }
}
