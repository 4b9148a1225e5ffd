using System;
using Cashew.Machine;

namespace Cashew.Files.Compression;

/// <summary>Decompresses a deflate stream, as much at a time as is asked for.</summary>
/// <source>RFC 1951.</source>
internal sealed partial class Inflater(BootModule module, long position)
{
    private const int WindowBytes = 32 * 1024;
    private const int EndOfBlock = 256;
    private const int FirstLength = 257;
    private const int LiteralSymbols = 288;
    private const int DistanceSymbols = 32;

    private readonly HuffmanCode _literals = new(LiteralSymbols);
    private readonly HuffmanCode _distances = new(DistanceSymbols);

    // What was produced last, for matches to refer to.
    private readonly byte[] _window = new byte[WindowBytes];
    private BitInput _input = new(module, position);
    private long _produced;
    private Mode _mode;
    private bool _isLastBlock;

    // Of a stored block, or of a match that the output had no room for.
    private int _leftBytes;
    private int _distance;

    private enum Mode : byte
    {
        Header,
        Stored,
        Compressed,
        Match,
        End,
    }

    internal InflateStatus Status { get; private set; }

    /// <summary>Where in the module the stream ends, once it is finished.</summary>
    internal long Position => _input.Position;

    /// <summary>Produces bytes until the output is full or <see cref="Status"/> is no longer Running.</summary>
    internal int Read(Span<byte> output)
    {
        int count = 0;
        while (count < output.Length && Status == InflateStatus.Running)
        {
            switch (_mode)
            {
                case Mode.Header:
                    ReadHeader();
                    break;
                case Mode.Stored:
                    count += CopyStored(output[count..]);
                    break;
                case Mode.Compressed:
                    count += Decode(output[count..]);
                    break;
                case Mode.Match:
                    count += CopyMatch(output[count..]);
                    break;
                default:
                    _input.AlignToByte();
                    Status = InflateStatus.Finished;
                    break;
            }
        }

        return count;
    }

    // ---- bytes ----------------------------------------------------------------------------------------------------

    private int CopyStored(Span<byte> output)
    {
        int count = 0;
        while (count < output.Length && _leftBytes > 0)
        {
            if (!_input.TryTake(8, out uint value))
            {
                Status = InflateStatus.Truncated;
                return count;
            }

            Put(output, count++, (byte)value);
            _leftBytes--;
        }

        if (_leftBytes == 0) EndBlock();
        return count;
    }

    private int CopyMatch(Span<byte> output)
    {
        int count = 0;
        while (count < output.Length && _leftBytes > 0)
        {
            byte value = _window[(int)((_produced - _distance) % WindowBytes)];
            Put(output, count++, value);
            _leftBytes--;
        }

        if (_leftBytes == 0) _mode = Mode.Compressed;
        return count;
    }

    private int Decode(Span<byte> output)
    {
        int count = 0;
        while (count < output.Length)
        {
            // 56 bits are enough for the longest: 15 + 5 for a length, 15 + 13 for a distance.
            if (_input.Count < 48) _input.Fill();
            int symbol = _literals.Decode(_input.Bits, _input.Count, out int length);
            if (symbol == HuffmanCode.Invalid)
            {
                Fail();
                return count;
            }

            _input.Drop(length);
            if (symbol < EndOfBlock)
            {
                Put(output, count++, (byte)symbol);
                continue;
            }

            if (symbol == EndOfBlock) EndBlock();
            else BeginMatch(symbol - FirstLength);
            return count;
        }

        return count;
    }

    private void BeginMatch(int lengthIndex)
    {
        if (lengthIndex >= LengthBases.Length)
        {
            Status = InflateStatus.Corrupt;
            return;
        }

        if (!_input.TryTake(LengthExtraBits[lengthIndex], out uint extra))
        {
            Status = InflateStatus.Truncated;
            return;
        }

        _leftBytes = LengthBases[lengthIndex] + (int)extra;
        int symbol = _distances.Decode(_input.Bits, _input.Count, out int length);
        if (symbol == HuffmanCode.Invalid || symbol >= DistanceBases.Length)
        {
            Fail();
            return;
        }

        _input.Drop(length);
        if (!_input.TryTake(DistanceExtraBits[symbol], out extra))
        {
            Status = InflateStatus.Truncated;
            return;
        }

        _distance = DistanceBases[symbol] + (int)extra;
        if (_distance > _produced) Status = InflateStatus.Corrupt;
        else _mode = Mode.Match;
    }

    private void Put(Span<byte> output, int at, byte value)
    {
        output[at] = value;
        _window[(int)(_produced++ % WindowBytes)] = value;
    }

    private void EndBlock() => _mode = _isLastBlock ? Mode.End : Mode.Header;

    // Bits that are no code: either there are none left, or they are wrong.
    private void Fail() => Status = _input.Count < 15 ? InflateStatus.Truncated : InflateStatus.Corrupt;
}
