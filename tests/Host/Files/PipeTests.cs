using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Host.Machine;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>pipe(7), as far as nobody has to wait.</summary>
public sealed class PipeTests : FilesTest
{
    private const int Capacity = 65536;
    private const int PipeBuf = Limits.PIPE_BUF;

    private readonly OpenFile _reader;
    private readonly OpenFile _writer;

    public PipeTests()
    {
        TestPipe.Create(Credentials, OpenBits.O_NONBLOCK, out _reader, out _writer);
    }

    public override void Dispose()
    {
        _reader.Release();
        _writer.Release();
        base.Dispose();
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 5000)]
    [InlineData(3, 30_000)]
    [InlineData(4, 100_000)]
    public void Bytes_come_out_as_they_went_in(int seed, int largest)
    {
        Random random = new(seed);
        Queue<byte> model = new();
        SlotModel slots = new(Capacity / Page);
        byte next = 0;
        for (int step = 0; step < 600; step++)
        {
            int count = random.Next(1, largest);
            if (random.Next(2) == 0)
            {
                byte[] bytes = new byte[count];
                for (int i = 0; i < count; i++) bytes[i] = (byte)(next + i * 7);
                IoResult written = Write(bytes);
                int expected = slots.Write(count);
                Assert.Equal(expected == 0 ? Errno.EAGAIN : Errno.None, written.Error);
                Assert.Equal(expected, written.Count);
                for (int i = 0; i < expected; i++) model.Enqueue(bytes[i]);
                next = (byte)(next + expected * 7);
            }
            else
            {
                byte[] bytes = new byte[count];
                IoResult read = Read(bytes);
                int expected = Math.Min(count, model.Count);
                slots.Read(expected);
                Assert.Equal(expected == 0 ? Errno.EAGAIN : Errno.None, read.Error);
                Assert.Equal(expected, read.Count);
                for (int i = 0; i < expected; i++) Assert.Equal(model.Dequeue(), bytes[i]);
            }

            // A page for each slot, and one that is kept.
            Assert.InRange(Simulation.CountFrames(FrameKind.Data) - FramesBefore, slots.Used, slots.Used + 1);
        }
    }

    // pipe(7), PIPE_BUF, "O_NONBLOCK enabled, n
    // <= PIPE_BUF": all of it now, or EAGAIN and none of it. There are 16 pages, and a write does not go on in a page that has no room for all of it.
    [Theory]
    [InlineData(PipeBuf, PipeBuf, Errno.None)]
    [InlineData(PipeBuf - 1, PipeBuf, Errno.EAGAIN)]
    [InlineData(10, 10, Errno.None)]
    [InlineData(10, 11, Errno.EAGAIN)]
    [InlineData(0, 1, Errno.EAGAIN)]
    public void Small_write_is_all_or_nothing(int freeBytes, int count, Errno expected)
    {
        Fill(freeBytes);

        IoResult result = Write(new byte[count]);

        Assert.Equal(expected, result.Error);
        Assert.Equal(Capacity - freeBytes + (expected == Errno.None ? count : 0), Drain());
    }

    // "n > PIPE_BUF: [...] a partial write may occur", but with a full pipe EAGAIN.
    [Theory]
    [InlineData(0, PipeBuf + 1, 0)]
    [InlineData(1, PipeBuf + 1, 1)]
    [InlineData(1, PipeBuf + 2, 0)]
    [InlineData(5000, 5001, PipeBuf)]
    [InlineData(Capacity, Capacity + 1, Capacity)]
    public void Large_write_takes_what_there_is_room_for(int freeBytes, int count, int expected)
    {
        Fill(freeBytes);

        IoResult result = Write(new byte[count]);

        Assert.Equal(expected == 0 ? Errno.EAGAIN : Errno.None, result.Error);
        Assert.Equal(expected, result.Count);
        Assert.Equal(Capacity - freeBytes + expected, Drain());
    }

    [Fact]
    public void Nothing_is_read_and_written_without_looking()
    {
        Assert.Equal(0, Read([]).Value);
        Assert.Equal(0, Write([]).Value);
        _reader.Retain();
        _reader.Release();
        OpenFile lonely = WriterWithoutReader();
        Assert.Equal(0, WriteTo(lonely, []).Value);
        lonely.Release();
    }

    [Fact]
    public void Without_writers_what_is_left_is_read_and_then_the_end()
    {
        TestPipe.Create(Credentials, 0, out OpenFile reader, out OpenFile writer);
        Assert.Equal(3, WriteTo(writer, Bytes("abc")).Value);
        writer.Release();

        byte[] buffer = new byte[2];
        Assert.Equal(2, ReadFrom(reader, buffer).Value);
        Assert.Equal(1, ReadFrom(reader, buffer).Value);
        Assert.Equal(0, ReadFrom(reader, buffer).Value);
        Assert.Equal(0, ReadFrom(reader, buffer).Value);
        reader.Release();
    }

    [Fact]
    public void Without_readers_writing_is_a_broken_pipe_even_when_it_is_full()
    {
        OpenFile writer = WriterWithoutReader();
        Assert.Equal(Errno.EPIPE, WriteTo(writer, Bytes("x")).Error);
        writer.Release();

        TestPipe.Create(Credentials, 0, out OpenFile reader, out writer);
        Assert.Equal(Capacity, WriteTo(writer, new byte[Capacity]).Value);
        reader.Release();
        Assert.Equal(Errno.EPIPE, WriteTo(writer, Bytes("x")).Error);
        writer.Release();
    }

    [Fact]
    public void Each_end_has_its_direction_and_neither_has_offsets()
    {
        byte[] buffer = new byte[1];
        Assert.Equal(Errno.EBADF, WriteTo(_reader, buffer).Error);
        Assert.Equal(Errno.EBADF, ReadFrom(_writer, buffer).Error);
        Assert.Equal(Errno.ESPIPE, _reader.Seek(0, SeekWhence.SEEK_CUR).Error);
        Assert.Equal(Errno.ESPIPE, ReadAt(_reader, 0, buffer).Error);
        Assert.Equal(Errno.ESPIPE, WriteAt(_writer, 0, buffer).Error);
        Assert.Equal(Mode.S_IFIFO | 0x180u, _reader.Inode.Mode);
        Assert.Same(_reader.Inode, _writer.Inode);
    }

    [Fact]
    public void An_end_lives_as_long_as_somebody_refers_to_it()
    {
        TestPipe.Create(Credentials, OpenBits.O_NONBLOCK, out OpenFile reader, out OpenFile writer);
        writer.Retain();
        writer.Release();
        Assert.Equal(Errno.EAGAIN, ReadFrom(reader, new byte[1]).Error);
        writer.Release();
        Assert.Equal(0, ReadFrom(reader, new byte[1]).Value);
        reader.Release();
    }

    [Fact]
    public void Blocking_is_each_end_s_own_affair()
    {
        TestPipe.Create(Credentials, 0, out OpenFile reader, out OpenFile writer);
        reader.SetNonBlocking(true);
        Assert.True(reader.IsNonBlocking);
        Assert.False(writer.IsNonBlocking);
        reader.Release();
        writer.Release();
    }

    [Theory]
    [InlineData(0, true, true, 0u, PollBits.POLLOUT | PollBits.POLLWRNORM)]
    [InlineData(1, true, true, PollBits.POLLIN | PollBits.POLLRDNORM, PollBits.POLLOUT | PollBits.POLLWRNORM)]
    [InlineData(Capacity - PipeBuf, true, true, PollBits.POLLIN | PollBits.POLLRDNORM,
        PollBits.POLLOUT | PollBits.POLLWRNORM)]
    [InlineData(Capacity - PipeBuf + 1, true, true, PollBits.POLLIN | PollBits.POLLRDNORM, 0u)]
    [InlineData(Capacity, true, true, PollBits.POLLIN | PollBits.POLLRDNORM, 0u)]
    [InlineData(0, true, false, PollBits.POLLHUP, 0u)]
    [InlineData(1, true, false, PollBits.POLLHUP | PollBits.POLLIN | PollBits.POLLRDNORM, 0u)]
    [InlineData(0, false, true, 0u, PollBits.POLLERR | PollBits.POLLOUT | PollBits.POLLWRNORM)]
    [InlineData(Capacity, false, true, 0u, PollBits.POLLERR)]
    public void Polling_tells_what_would_not_block(
        int lengthBytes, bool hasReader, bool hasWriter, uint atReader, uint atWriter)
    {
        TestPipe.Create(Credentials, OpenBits.O_NONBLOCK, out OpenFile reader, out OpenFile writer);
        if (lengthBytes > 0) Assert.Equal(lengthBytes, WriteTo(writer, new byte[lengthBytes]).Value);
        if (!hasReader) reader.Release();
        if (!hasWriter) writer.Release();

        if (hasReader) Assert.Equal(atReader, reader.Poll(null));
        if (hasWriter) Assert.Equal(atWriter, writer.Poll(null));

        if (hasReader) reader.Release();
        if (hasWriter) writer.Release();
    }

    [Fact]
    public void Bad_memory_is_a_fault_and_moves_nothing()
    {
        KernelEntry.Install(new ScriptedKernel());
        Assert.Equal(3, Write(Bytes("abc")).Value);

        UserDestination destination = new(new UserAddress(0x1000), 3);
        Assert.Equal(Errno.EFAULT, _reader.Read(ref destination).Error);
        UserSource source = new(new UserAddress(0x1000), 3);
        Assert.Equal(Errno.EFAULT, _writer.Write(ref source).Error);

        Assert.Equal(3, Drain());
    }

    [Fact]
    public void Without_memory_nothing_or_a_part_is_written()
    {
        for (int frames = 0; frames <= 4; frames++)
        {
            TestPipe.Create(Credentials, OpenBits.O_NONBLOCK, out OpenFile reader, out OpenFile writer);
            Simulation.FailFrameAllocation(frames, once: false);
            IoResult result = WriteTo(writer, new byte[4 * Page]);
            Simulation.StopFailingFrames();

            Assert.Equal(frames == 0 ? Errno.ENOMEM : Errno.None, result.Error);
            Assert.Equal(frames * Page, result.Count);
            Assert.Equal(4 * Page, WriteTo(writer, new byte[4 * Page]).Value);
            reader.Release();
            writer.Release();
        }
    }

    // ---- named pipes
    // --------------------------------------------------------------------------------------------

    // fifo(7).
    [Fact]
    public void A_named_pipe_without_waiting_opens_for_reading_but_not_for_writing()
    {
        MakeFifo("/fifo");
        Assert.Equal(Errno.ENXIO, OpenError("/fifo", OpenBits.O_WRONLY | OpenBits.O_NONBLOCK));
        OpenFile reader = Open("/fifo", OpenBits.O_RDONLY | OpenBits.O_NONBLOCK);

        // Nobody has ever written: no end, no hang-up, but also nothing to wait for.
        Assert.Equal(0u, reader.Poll(null));
        Assert.Equal(0, ReadFrom(reader, new byte[1]).Value);

        OpenFile writer = Open("/fifo", OpenBits.O_WRONLY | OpenBits.O_NONBLOCK);
        Assert.Equal(Errno.EAGAIN, ReadFrom(reader, new byte[1]).Error);
        Assert.Equal(2, WriteTo(writer, Bytes("hi")).Value);
        writer.Release();
        Assert.Equal(PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLHUP, reader.Poll(null));
        byte[] buffer = new byte[4];
        Assert.Equal(2, ReadFrom(reader, buffer).Value);
        Assert.Equal(PollBits.POLLHUP, reader.Poll(null));
        reader.Release();
    }

    [Fact]
    public void A_named_pipe_open_both_ways_never_ends_and_is_empty_afterwards()
    {
        MakeFifo("/fifo");
        OpenFile both = Open("/fifo", OpenBits.O_RDWR);
        Assert.Equal(2, WriteTo(both, Bytes("hi")).Value);
        OpenFile reader = Open("/fifo", OpenBits.O_RDONLY | OpenBits.O_NONBLOCK);
        byte[] buffer = new byte[1];
        Assert.Equal(1, ReadFrom(reader, buffer).Value);
        reader.Release();
        Assert.Equal(1, ReadFrom(both, buffer).Value);
        Assert.Equal(Errno.EAGAIN, ReadFrom(both, buffer).Error);
        Assert.Equal(1, WriteTo(both, Bytes("x")).Value);
        both.Release();

        both = Open("/fifo", OpenBits.O_RDWR);
        Assert.Equal(Errno.EAGAIN, ReadFrom(both, buffer).Error);
        both.Release();
    }

    private int FramesBefore => DataFramesBefore;

    private void MakeFifo(string path) =>
        Assert.Equal(Errno.None, FileTree.MakeNode(Caller, default, Bytes(path), Mode.S_IFIFO | 0x1B6, default));

    private OpenFile WriterWithoutReader()
    {
        TestPipe.Create(Credentials, OpenBits.O_NONBLOCK, out OpenFile reader, out OpenFile writer);
        reader.Release();
        return writer;
    }

    [Fact]
    public void A_packet_is_read_as_one_and_what_does_not_fit_is_lost()
    {
        TestPipe.Create(Credentials, OpenBits.O_NONBLOCK | OpenBits.O_DIRECT, out OpenFile reader, out OpenFile writer);
        Assert.Equal(5, WriteTo(writer, Bytes("first")).Value);
        Assert.Equal(6, WriteTo(writer, Bytes("second")).Value);
        Assert.Equal(Page + 1, WriteTo(writer, new byte[Page + 1]).Value);

        byte[] buffer = new byte[3];
        Assert.Equal(3, ReadFrom(reader, buffer).Value);
        Assert.Equal(Bytes("fir"), buffer);
        buffer = new byte[2 * Page];
        Assert.Equal(6, ReadFrom(reader, buffer).Value);
        Assert.Equal(Page, ReadFrom(reader, buffer).Value);
        Assert.Equal(1, ReadFrom(reader, buffer).Value);
        Assert.Equal(Errno.EAGAIN, ReadFrom(reader, buffer).Error);
        reader.Release();
        writer.Release();
    }

    [Theory]
    [InlineData(0u, Page)]
    [InlineData((uint)Page + 1, 2 * Page)]
    [InlineData(1u << 20, 1 << 20)]
    public void Its_size_can_change_and_what_is_inside_stays(uint bytes, int expected)
    {
        Assert.Equal(3, Write(Bytes("abc")).Value);
        Assert.Equal(expected, Pipes.SetCapacity(_writer, bytes, Credentials, new FileAccount()).Value);
        Assert.Equal(expected, Pipes.GetCapacity(_reader).Value);

        int more = expected - Page;
        if (more > 0) Assert.Equal(more, Write(new byte[more]).Value);
        Assert.Equal(Errno.EAGAIN, Write(new byte[PipeBuf]).Error);
        Errno shrunk = Pipes.SetCapacity(_writer, (uint)expected / 2, Credentials, new FileAccount()).Error;
        Assert.Equal(expected > Page ? Errno.EBUSY : Errno.None, shrunk);
        byte[] start = new byte[3];
        Assert.Equal(3, Read(start).Value);
        Assert.Equal(Bytes("abc"), start);
        Assert.Equal(more, Drain());
    }

    [Fact]
    public void A_user_s_pipes_become_small_and_then_none()
    {
        Credentials user = new() { Uid = 1000, Euid = 1000 };
        FileAccount account = new();
        Assert.True(Pipes.TryCreate(user, account, 0, out OpenFile? reader, out OpenFile? writer, out _));
        Assert.Equal(Errno.EPERM, Pipes.SetCapacity(reader, (1 << 20) + 1, user, account).Error);
        Assert.Equal(1 << 20, Pipes.SetCapacity(reader, 1 << 20, user, account).Value);
        PipeLimits.SoftPages = 16;
        PipeLimits.HardPages = 260;
        try
        {
            Assert.True(Pipes.TryCreate(user, account, 0, out OpenFile? small, out OpenFile? end, out _));
            Assert.Equal(2 * Page, Pipes.GetCapacity(small).Value);
            Assert.True(Pipes.TryCreate(user, account, 0, out OpenFile? last, out OpenFile? lastEnd, out _));
            Assert.False(Pipes.TryCreate(user, account, 0, out _, out _, out Errno error));
            Assert.Equal(Errno.ENFILE, error);
            foreach (OpenFile file in new[] { small, end, last, lastEnd }) file.Release();
        }
        finally
        {
            PipeLimits.SoftPages = 16384;
            PipeLimits.HardPages = 0;
            reader.Release();
            writer.Release();
        }
    }

    /// <summary>How much of what is written goes in: the rest of a last page only takes what fits as a
    /// whole.</summary>
    private sealed class SlotModel(int count)
    {
        private readonly int _count = count;
        private readonly List<(int Length, int End)> _slots = [];

        internal int Used => _slots.Count;

        internal int Write(int bytes)
        {
            int left = bytes;
            int part = bytes % Page;
            if (part > 0 && Used > 0 && _slots[^1].End + part <= Page)
            {
                _slots[^1] = (_slots[^1].Length + part, _slots[^1].End + part);
                left -= part;
            }

            for (; left > 0 && Used < _count; left -= _slots[^1].Length)
                _slots.Add((Math.Min(left, Page), Math.Min(left, Page)));
            return bytes - left;
        }

        internal void Read(int bytes)
        {
            while (bytes > 0)
            {
                int piece = Math.Min(bytes, _slots[0].Length);
                _slots[0] = (_slots[0].Length - piece, _slots[0].End);
                if (_slots[0].Length == 0) _slots.RemoveAt(0);
                bytes -= piece;
            }
        }
    }

    private void Fill(int freeBytes)
    {
        if (freeBytes < Capacity) Assert.Equal(Capacity - freeBytes, Write(new byte[Capacity - freeBytes]).Value);
    }

    private int Drain()
    {
        byte[] buffer = new byte[2 * Capacity];
        int total = 0;
        while (Read(buffer) is { IsError: false } result) total += (int)result.Count;
        return total;
    }

    private IoResult Read(Span<byte> buffer) => ReadFrom(_reader, buffer);

    private IoResult Write(ReadOnlySpan<byte> bytes) => WriteTo(_writer, bytes);
}
