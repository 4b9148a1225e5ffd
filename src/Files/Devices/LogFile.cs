using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>/dev/kmsg: the kernel's log, one record a read, and a way for programs to add to it.</summary>
/// <source>Linux's description of /dev/kmsg: "priority,sequence,microseconds,flags;text".</source>
/// <deviation>The sequence number is the record's position in the log in bytes: as monotonic, but not
/// consecutive. There is no waiting for records to come: a read at the end is EAGAIN or, when it may block,
/// the end of the file.</deviation>
internal sealed class LogFile : OpenFile
{
    private const int MaxRecordBytes = 512;
    private const int UserFacility = 1 << 3;

    private long _position;

    internal LogFile(Inode inode, in OpenRequest request)
        : base(inode, request.Location, request.Flags)
    {
    }

    public override bool IsSeekable => true;

    /// <summary>To the first record (SEEK_SET), or behind the last (SEEK_END); SEEK_DATA is behind the last
    /// clear.</summary>
    public override IoResult Seek(long distance, int origin)
    {
        if (distance != 0) return Errno.ESPIPE;
        switch (origin)
        {
            case SeekWhence.SEEK_SET:
            case SeekWhence.SEEK_DATA:
                _position = 0;
                return 0;
            case SeekWhence.SEEK_END:
                _position = Log.End;
                return 0;
            default:
                return Errno.EINVAL;
        }
    }

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        Span<byte> line = stackalloc byte[MaxRecordBytes];
        long position = _position;
        int count = Log.Read(ref position, line);
        if (count == 0) return IsNonBlocking ? Errno.EAGAIN : 0;

        long start = position - count;
        int length = line[..count].IndexOf((byte)'\n') + 1;
        if (length == 0) length = count;
        ByteBuilder record = new(MaxRecordBytes);
        AppendRecord(record, line[..length], start);
        if (record.LengthBytes > destination.RemainingBytes) return Errno.EINVAL;

        _position = start + length;
        int moved = destination.Write(record.Written);
        return moved < record.LengthBytes ? Errno.EFAULT : moved;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        Span<byte> buffer = stackalloc byte[MaxRecordBytes];
        int total = source.RemainingBytes;
        int count = source.Read(buffer);
        if (count == 0 && total > 0) return Errno.EFAULT;
        source.Skip(source.RemainingBytes);

        ReadOnlySpan<byte> text = buffer[..count];
        LogLevel level = TakeLevel(ref text);
        if (!text.IsEmpty && text[^1] == (byte)'\n') text = text[..^1];
        Log.Write(level, text);
        return total;
    }

    public override bool HasReadiness => true;

    public override uint Poll(PollTable? table)
        => _position < Log.End ? PollBits.POLLIN | PollBits.POLLRDNORM : 0;

    // "<6>[    1.234567] text" in the log.
    private static void AppendRecord(ByteBuilder record, ReadOnlySpan<byte> line, long start)
    {
        LogLevel level = TakeLevel(ref line);
        ulong microseconds = 0;
        int close = line.IndexOf((byte)']');
        if (!line.IsEmpty && line[0] == (byte)'[' && close > 0)
        {
            foreach (byte value in line[..close])
            {
                if (value is >= (byte)'0' and <= (byte)'9') microseconds = microseconds * 10 + (ulong)(value - '0');
            }

            line = line[(close + 1)..].TrimStart((byte)' ');
        }

        record.Append((long)level).Append((byte)',').Append(start).Append((byte)',').Append(microseconds);
        record.Append(",-;"u8).Append(line);
        if (line.IsEmpty || line[^1] != (byte)'\n') record.Append((byte)'\n');
    }

    // A number in angle brackets in front says how urgent: its low three bits do.
    private static LogLevel TakeLevel(ref ReadOnlySpan<byte> text)
    {
        int close = text.IndexOf((byte)'>');
        if (text.IsEmpty || text[0] != (byte)'<' || close is < 2 or > 4) return LogLevel.Info;

        int number = 0;
        foreach (byte value in text[1..close])
        {
            if (value is < (byte)'0' or > (byte)'9') return LogLevel.Info;
            number = number * 10 + (value - '0');
        }

        text = text[(close + 1)..];
        return (LogLevel)(number % UserFacility);
    }
}
