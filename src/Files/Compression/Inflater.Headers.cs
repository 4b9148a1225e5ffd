using System;

namespace Cashew.Files.Compression;

/// <content>Block headers, and the tables of the format.</content>
internal sealed partial class Inflater
{
    private const int CodeLengthSymbols = 19;
    private const int CopyPrevious = 16;
    private const int RepeatZero = 17;
    private const int FixedLiterals = 288;
    private const int FixedDistances = 30;
    private const int MaxLiterals = 286;
    private const int MaxDistances = 30;

    // RFC 1951, 3.2.5. Length codes 257 to 285, distance codes 0 to 29.
    private static ReadOnlySpan<ushort> LengthBases =>
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195, 227, 258,
    ];

    private static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBases =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097, 6145, 8193, 12289, 16385, 24577,
    ];

    private static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    // RFC 1951, 3.2.7: the order in which lengths of the code for code lengths are given.
    private static ReadOnlySpan<byte> CodeLengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private void ReadHeader()
    {
        if (!_input.TryTake(3, out uint header))
        {
            Status = InflateStatus.Truncated;
            return;
        }

        _isLastBlock = (header & 1) != 0;
        switch (header >> 1)
        {
            case 0:
                ReadStoredHeader();
                break;
            case 1:
                BuildFixedCodes();
                break;
            case 2:
                ReadDynamicHeader();
                break;
            default:
                Status = InflateStatus.Corrupt;
                break;
        }
    }

    private void ReadStoredHeader()
    {
        _input.AlignToByte();
        if (!_input.TryTake(16, out uint length) || !_input.TryTake(16, out uint complement))
        {
            Status = InflateStatus.Truncated;
        }
        else if (length != (~complement & 0xFFFF))
        {
            Status = InflateStatus.Corrupt;
        }
        else
        {
            _leftBytes = (int)length;
            _mode = Mode.Stored;
        }
    }

    private void BuildFixedCodes()
    {
        Span<byte> lengths = stackalloc byte[FixedLiterals];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);

        // Complete only with the two symbols that never occur; decoding refuses those.
        Span<byte> distances = stackalloc byte[FixedDistances + 2];
        distances.Fill(5);
        bool isBuilt = _literals.TryBuild(lengths) && _distances.TryBuild(distances);
        System.Diagnostics.Debug.Assert(isBuilt);
        _mode = Mode.Compressed;
    }

    private void ReadDynamicHeader()
    {
        if (!_input.TryTake(14, out uint counts))
        {
            Status = InflateStatus.Truncated;
            return;
        }

        int literals = (int)(counts & 31) + 257;
        int distances = (int)(counts >> 5 & 31) + 1;
        int codeLengths = (int)(counts >> 10) + 4;
        if (literals > MaxLiterals || distances > MaxDistances)
        {
            Status = InflateStatus.Corrupt;
            return;
        }

        Span<byte> lengths = stackalloc byte[MaxLiterals + MaxDistances];
        lengths = lengths[..(literals + distances)];
        if (!ReadCodeLengthCode(codeLengths) || !ReadLengths(lengths)) return;

        // A block without an end-of-block code could never end.
        bool isValid = lengths[EndOfBlock] != 0 && _literals.TryBuildSparse(lengths[..literals])
            && _distances.TryBuildSparse(lengths[literals..]);
        if (isValid) _mode = Mode.Compressed;
        else Status = InflateStatus.Corrupt;
    }

    // The code for code lengths takes the place of the distance code until that is known.
    private bool ReadCodeLengthCode(int count)
    {
        Span<byte> lengths = stackalloc byte[CodeLengthSymbols];
        lengths.Clear();
        for (int i = 0; i < count; i++)
        {
            if (!_input.TryTake(3, out uint length))
            {
                Status = InflateStatus.Truncated;
                return false;
            }

            lengths[CodeLengthOrder[i]] = (byte)length;
        }

        if (_distances.TryBuild(lengths)) return true;
        Status = InflateStatus.Corrupt;
        return false;
    }

    private bool ReadLengths(Span<byte> lengths)
    {
        int at = 0;
        while (at < lengths.Length)
        {
            if (_input.Count < 32) _input.Fill();
            int symbol = _distances.Decode(_input.Bits, _input.Count, out int length);
            if (symbol == HuffmanCode.Invalid)
            {
                Fail();
                return false;
            }

            _input.Drop(length);
            if (symbol < CopyPrevious) lengths[at++] = (byte)symbol;
            else if (!Repeat(symbol, lengths, ref at)) return false;
        }

        return true;
    }

    private bool Repeat(int symbol, Span<byte> lengths, ref int at)
    {
        (int bits, int least) = symbol switch
        {
            CopyPrevious => (2, 3),
            RepeatZero => (3, 3),
            _ => (7, 11),
        };
        if (!_input.TryTake(bits, out uint extra))
        {
            Status = InflateStatus.Truncated;
            return false;
        }

        int count = least + (int)extra;
        if (count > lengths.Length - at || (symbol == CopyPrevious && at == 0))
        {
            Status = InflateStatus.Corrupt;
            return false;
        }

        lengths.Slice(at, count).Fill(symbol == CopyPrevious ? lengths[at - 1] : (byte)0);
        at += count;
        return true;
    }
}
