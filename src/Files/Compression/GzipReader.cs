using System;
using System.Buffers.Binary;
using Cashew.Machine;

namespace Cashew.Files.Compression;

/// <summary>Decompresses one gzip member after the other, and checks what comes out.</summary>
/// <remarks>The tables and the window are used again for each member: a module full of tiny members takes no
/// more memory than one with a single one.</remarks>
/// <source>RFC 1952.</source>
internal sealed class GzipReader(BootModule module)
{
    // Checksum and length.
    private const int TrailerBytes = 8;

    private readonly BootModule _module = module;
    private readonly Inflater _inflater = new(module);
    private readonly Crc32 _crc = new();

    internal InflateStatus Status { get; private set; } = InflateStatus.Finished;

    /// <summary>Bytes of this member so far.</summary>
    internal long ProducedBytes { get; private set; }

    /// <summary>Up to where the module has been read: nothing before it is looked at again.</summary>
    internal long Position => Status == InflateStatus.Finished ? End : _inflater.Position;

    /// <summary>Where the member ends in the module, once it is finished.</summary>
    internal long End { get; private set; }

    /// <summary>Starts with the member at a position.</summary>
    internal void Begin(long position)
    {
        ProducedBytes = 0;
        Status = GzipHeader.Parse(_module, position, _crc, out long data);
        _crc.Reset();
        _inflater.Begin(data);
    }

    /// <summary>Produces bytes until the output is full or <see cref="Status"/> is not Running.</summary>
    internal int Read(Span<byte> output)
    {
        if (Status != InflateStatus.Running) return 0;

        int count = _inflater.Read(output);
        ProducedBytes += count;
        _crc.Add(output[..count]);
        Status = _inflater.Status == InflateStatus.Finished ? CheckTrailer() : _inflater.Status;
        return count;
    }

    private InflateStatus CheckTrailer()
    {
        long trailer = _inflater.Position;
        End = trailer + TrailerBytes;
        if (End > _module.LengthBytes) return InflateStatus.Truncated;

        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(_module.Bytes(trailer, sizeof(uint)));
        trailer += sizeof(uint);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_module.Bytes(trailer, sizeof(uint)));

        // The length is kept modulo 4 GiB.
        bool agrees = crc == _crc.Value && length == (uint)ProducedBytes;
        return agrees ? InflateStatus.Finished : InflateStatus.Mismatch;
    }
}
