using System;
using Cashew.Machine;

namespace Cashew.Files.Compression;

/// <summary>Decompresses a deflate stream, as much at a time as is asked for.</summary>
/// <source>RFC 1951.</source>
internal sealed partial class Inflater(BootModule module)
{
    private const int WindowBytes = 32 * 1024;
    private const int EndOfBlock = 256;
    private const int FirstLength = 257;
    private const int LiteralSymbols = 288;
    private const int DistanceSymbols = 32;

    // The longest code with its extra bits: 15 + 5 for a length, 15 + 13 for a distance.
    private const int MostBitsOfMatch = 48;

    private readonly BootModule _module = module;
    private readonly HuffmanCode _literals = new(LiteralSymbols);
    private readonly HuffmanCode _distances = new(DistanceSymbols);

    // What earlier calls produced last, for matches to refer to: byte n of the stream is at n modulo its
    // size. What the current call produces is in its output, and comes here when the call ends.
    private readonly byte[] _window = new byte[WindowBytes];
    private BitInput _input = new(module, 0);
    private long _remembered;
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

    internal InflateStatus Status { get; private set; } = InflateStatus.Finished;

    /// <summary>The next byte of the module that is to be read; where the stream ends, once it is
    /// finished.</summary>
    internal long Position => _input.Position;

    /// <summary>Starts with the stream at a position in the module.</summary>
    internal void Begin(long position)
    {
        _input = new BitInput(_module, position);
        _remembered = 0;
        _mode = Mode.Header;
        _isLastBlock = false;
        Status = InflateStatus.Running;
    }

    /// <summary>Produces bytes until the output is full or <see cref="Status"/> is not Running.</summary>
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
                    CopyStored(output, ref count);
                    break;
                case Mode.Compressed:
                    Decode(output, ref count);
                    break;
                case Mode.Match:
                    CopyMatch(output, ref count);
                    break;
                default:
                    _input.AlignToByte();
                    Status = InflateStatus.Finished;
                    break;
            }
        }

        Remember(output[..count]);
        return count;
    }

    private void CopyStored(Span<byte> output, ref int count)
    {
        int wanted = Math.Min(_leftBytes, output.Length - count);
        int taken = _input.Read(output.Slice(count, wanted));
        count += taken;
        _leftBytes -= taken;
        if (taken < wanted) Status = InflateStatus.Truncated;
        else if (_leftBytes == 0) EndBlock();
    }

    private void Decode(Span<byte> output, ref int count)
    {
        while (count < output.Length && _mode == Mode.Compressed && Status == InflateStatus.Running)
        {
            if (_input.Count < MostBitsOfMatch) _input.Fill();
            int symbol = _literals.Decode(_input.Bits, _input.Count, out int length);
            if (symbol == HuffmanCode.Invalid)
            {
                Fail();
                return;
            }

            _input.Drop(length);
            if (symbol < EndOfBlock) output[count++] = (byte)symbol;
            else if (symbol == EndOfBlock) EndBlock();
            else if (TryReadMatch(symbol - FirstLength, _remembered + count)) CopyMatch(output, ref count);
        }
    }

    private bool TryReadMatch(int lengthIndex, long produced)
    {
        if (lengthIndex >= LengthBases.Length)
        {
            Status = InflateStatus.Corrupt;
            return false;
        }

        if (!_input.TryTake(LengthExtraBits[lengthIndex], out uint extra))
        {
            Status = InflateStatus.Truncated;
            return false;
        }

        _leftBytes = LengthBases[lengthIndex] + (int)extra;
        int symbol = _distances.Decode(_input.Bits, _input.Count, out int length);
        if (symbol == HuffmanCode.Invalid || symbol >= DistanceBases.Length)
        {
            Fail();
            return false;
        }

        _input.Drop(length);
        if (!_input.TryTake(DistanceExtraBits[symbol], out extra))
        {
            Status = InflateStatus.Truncated;
            return false;
        }

        _distance = DistanceBases[symbol] + (int)extra;
        if (_distance <= produced) return true;
        Status = InflateStatus.Corrupt;
        return false;
    }

    private void CopyMatch(Span<byte> output, ref int count)
    {
        int left = Math.Min(_leftBytes, output.Length - count);
        _leftBytes -= left;
        _mode = _leftBytes == 0 ? Mode.Compressed : Mode.Match;
        for (; left > 0 && _distance > count; left -= CopyFromWindow(output, left, ref count))
        {
        }

        if (left == 0) return;

        // A match may reach into what it produces itself: then it repeats, and bytes must be there before
        // they are copied.
        int from = count - _distance;
        if (_distance >= left) output.Slice(from, left).CopyTo(output[count..]);
        else for (int i = 0; i < left; i++) output[count + i] = output[from + i];
        count += left;
    }

    private int CopyFromWindow(Span<byte> output, int left, ref int count)
    {
        int at = (int)((_remembered + count - _distance) % WindowBytes);
        int run = Math.Min(left, Math.Min(_distance - count, WindowBytes - at));
        _window.AsSpan(at, run).CopyTo(output[count..]);
        count += run;
        return run;
    }

    private void Remember(ReadOnlySpan<byte> output)
    {
        ReadOnlySpan<byte> last = output.Length > WindowBytes ? output[^WindowBytes..] : output;
        int at = (int)((_remembered + output.Length - last.Length) % WindowBytes);
        int first = Math.Min(last.Length, WindowBytes - at);
        last[..first].CopyTo(_window.AsSpan(at));
        last[first..].CopyTo(_window);
        _remembered += output.Length;
    }

    private void EndBlock() => _mode = _isLastBlock ? Mode.End : Mode.Header;

    // Bits that are no code: either there are none left, or they are wrong.
    private void Fail() => Status = _input.Count < 15 ? InflateStatus.Truncated : InflateStatus.Corrupt;
}
