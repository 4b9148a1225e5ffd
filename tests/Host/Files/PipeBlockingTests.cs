using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine.Simulated;
using Xunit;
using static Cashew.Host.Files.FilesMachine;

namespace Cashew.Host.Files;

/// <summary>pipe(7) and fifo(7), with those who wait.</summary>
public sealed class PipeBlockingTests
{
    private const int Capacity = 65536;
    private const int PipeBuf = Limits.PIPE_BUF;

    [Fact]
    public void A_reader_sleeps_until_something_comes_and_takes_what_there_is()
    {
        ThreadedMachine.Run(static () =>
        {
            (OpenFile reader, OpenFile writer) = NewPipe();
            TestThread other = TestThread.Spawn(() =>
            {
                Nap(5);
                WriteText(writer, "hello");
            });
            long took = Measure(() => Assert.Equal("hello", ReadText(reader)));
            Assert.Equal(5, took);
            other.Join();
            reader.Release();
            writer.Release();
        });
    }

    [Fact]
    public void A_reader_is_woken_by_the_last_close_and_by_no_other()
    {
        ThreadedMachine.Run(static () =>
        {
            (OpenFile reader, OpenFile writer) = NewPipe();
            writer.Retain();
            TestThread other = TestThread.Spawn(() =>
            {
                Nap(2);
                writer.Release();
                Nap(2);
                writer.Release();
            });
            long took = Measure(() => Assert.Equal("", ReadText(reader)));
            Assert.Equal(4, took);
            other.Join();
            reader.Release();
        });
    }

    [Fact]
    public void A_writer_sleeps_until_all_is_written()
    {
        ThreadedMachine.Run(static () =>
        {
            (OpenFile reader, OpenFile writer) = NewPipe();
            byte[] sent = new byte[3 * Capacity + 1];
            new Random(1).NextBytes(sent);
            TestThread other = TestThread.Spawn(() =>
            {
                Assert.Equal(sent.Length, Write(writer, sent).Value);
                writer.Release();
            });
            List<byte> received = [];
            byte[] buffer = new byte[10_000];
            while (Read(reader, buffer) is { Count: > 0 } result) received.AddRange(buffer[..(int)result.Count]);
            Assert.Equal(sent, received);
            other.Join();
            reader.Release();
        });
    }

    [Theory]
    [InlineData(Capacity, 1, true)]
    [InlineData(Capacity - 100, PipeBuf, true)]
    [InlineData(0, 2 * Capacity, false)]
    public void A_writer_is_woken_when_the_last_reader_leaves(int filled, int count, bool isNothingWritten)
    {
        ThreadedMachine.Run(() =>
        {
            (OpenFile reader, OpenFile writer) = NewPipe();
            if (filled > 0) Assert.Equal(filled, Write(writer, new byte[filled]).Value);
            TestThread other = TestThread.Spawn(() =>
            {
                Nap(3);
                reader.Release();
            });
            IoResult result = default;
            Assert.Equal(3, Measure(() => result = Write(writer, new byte[count])));
            Assert.Equal(isNothingWritten ? Errno.EPIPE : Errno.None, result.Error);
            if (!isNothingWritten) Assert.Equal(Capacity, result.Count);
            other.Join();
            writer.Release();
        });
    }

    [Fact]
    public void A_signal_ends_the_wait()
    {
        ThreadedMachine.Run(static () =>
        {
            (OpenFile reader, OpenFile writer) = NewPipe();
            Thread self = Thread.Current;
            SignalIn(2);
            Assert.Equal(Errno.ERESTARTSYS, Read(reader, new byte[1]).Error);
            self.ClearInterrupt();

            SignalIn(2);
            Assert.Equal(Capacity, Write(writer, new byte[Capacity + 1]).Value); // a part has been written
            self.ClearInterrupt();

            SignalIn(2);
            Assert.Equal(Errno.ERESTARTSYS, Write(writer, new byte[1]).Error);
            Assert.Equal(10, Read(reader, new byte[10]).Value); // what is there is read, signal or not
            self.ClearInterrupt();
            reader.Release();
            writer.Release();

            void SignalIn(int milliseconds) => TestThread.Spawn(() =>
            {
                Nap(milliseconds);
                self.RequestInterrupt();
            });
        });
    }

    // "POSIX.1 says that writes of less than PIPE_BUF bytes must be atomic".
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Small_writes_of_many_do_not_mix(int cpuCount)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            (OpenFile reader, OpenFile writer) = (null!, null!);
            int left = 2 * cpuCount;
            Dictionary<byte, int> records = [];
            Random random = new(seed);
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu == 0) (reader, writer) = NewPipe();
                    while (Volatile.Read(ref writer) is null) Nap(1);
                    TestThread[] writers = [WriterOf((byte)(2 * cpu)), WriterOf((byte)(2 * cpu + 1))];
                    if (cpu == 0) ReadRecords();
                    TestThread.JoinAll(writers);
                    if (cpu == 0) reader.Release();
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.All(records.Values, static count => Assert.Equal(30, count));
            Assert.Equal(2 * cpuCount, records.Count);

            TestThread WriterOf(byte name) => TestThread.Spawn(() =>
            {
                for (int i = 0; i < 30; i++)
                {
                    // Its length, and then its name all the way.
                    int length = random.Next(3, PipeBuf + 1);
                    byte[] record = [(byte)length, (byte)(length >> 8), .. Enumerable.Repeat(name, length - 2)];
                    Assert.Equal(length, Write(writer, record).Value);
                }

                if (Interlocked.Decrement(ref left) == 0) writer.Release();
            });

            void ReadRecords()
            {
                byte[] record = new byte[PipeBuf];
                while (ReadAll(record.AsSpan(0, 3)))
                {
                    int length = record[0] | record[1] << 8;
                    Assert.True(ReadAll(record.AsSpan(3, length - 3)));
                    Assert.Equal(-1, record.AsSpan(3, length - 3).IndexOfAnyExcept(record[2]));
                    records[record[2]] = records.GetValueOrDefault(record[2]) + 1;
                }
            }

            bool ReadAll(Span<byte> room)
            {
                while (!room.IsEmpty)
                {
                    IoResult result = Read(reader, room);
                    if (result.Count == 0) return false;
                    room = room[(int)result.Count..];
                }

                return true;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_byte_reaches_one_of_many_readers(int cpuCount)
    {
        for (int seed = 0; seed < 15; seed++)
        {
            (OpenFile reader, OpenFile writer) = (null!, null!);
            long sent = 0;
            long received = 0;
            int left = cpuCount;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu == 0) (reader, writer) = NewPipe();
                    while (Volatile.Read(ref writer) is null) Nap(1);
                    Random random = new(seed + cpu);
                    TestThread[] readers = [TestThread.Spawn(ReadOn), TestThread.Spawn(ReadOn)];
                    for (int i = 0; i < 15; i++)
                    {
                        int count = random.Next(1, i % 5 == 0 ? 100_000 : 10);
                        Interlocked.Add(ref sent, count);
                        Assert.Equal(count, Write(writer, new byte[count]).Value);
                    }

                    if (Interlocked.Decrement(ref left) == 0) writer.Release();
                    TestThread.JoinAll(readers);
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(sent, received);

            void ReadOn()
            {
                byte[] buffer = new byte[5000];
                while (Read(reader, buffer) is { Count: > 0 } result) Interlocked.Add(ref received, result.Count);
            }
        }
    }

    // ---- named pipes
    // --------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(OpenBits.O_RDONLY, OpenBits.O_WRONLY)]
    [InlineData(OpenBits.O_WRONLY, OpenBits.O_RDONLY)]
    [InlineData(OpenBits.O_RDONLY, OpenBits.O_RDWR)]
    [InlineData(OpenBits.O_WRONLY, OpenBits.O_RDWR)]
    public void Opening_one_end_waits_for_the_other(uint first, uint second)
    {
        ThreadedMachine.Run(() =>
        {
            FileCaller caller = NewFifo();
            OpenFile? other = null;
            TestThread opener = TestThread.Spawn(() =>
            {
                Nap(4);
                other = Open(caller, second);
            });
            OpenFile? file = null;
            Assert.Equal(4, Measure(() => file = Open(caller, first)));
            opener.Join();
            file!.Release();
            other!.Release();
        });
    }

    [Fact]
    public void Whoever_came_and_went_counts_as_having_come()
    {
        ThreadedMachine.Run(static () =>
        {
            FileCaller caller = NewFifo();
            TestThread opener = TestThread.Spawn(() =>
            {
                Nap(1);
                OpenFile writer = Open(caller, OpenBits.O_WRONLY);
                writer.Release();
            });
            OpenFile reader = Open(caller, OpenBits.O_RDONLY);
            opener.Join();
            Assert.Equal("", ReadText(reader));
            reader.Release();
        });
    }

    [Fact]
    public void A_signal_ends_the_wait_for_the_other_end_and_leaves_none()
    {
        ThreadedMachine.Run(static () =>
        {
            FileCaller caller = NewFifo();
            int before = OpenFile.Count;
            Thread self = Thread.Current;
            TestThread.Spawn(() =>
            {
                Nap(2);
                self.RequestInterrupt();
            });
            Assert.False(FileTree.TryOpen(caller, default, "/fifo"u8, OpenBits.O_RDONLY, 0, out _, out Errno error));
            Assert.Equal(Errno.ERESTARTSYS, error);
            Assert.Equal(before, OpenFile.Count);
            self.ClearInterrupt();

            // Nobody reads any more.
            Assert.False(FileTree.TryOpen(
                caller, default, "/fifo"u8, OpenBits.O_WRONLY | OpenBits.O_NONBLOCK, 0, out _, out error));
            Assert.Equal(Errno.ENXIO, error);
        });
    }

    private static FileCaller NewFifo()
    {
        FileCaller caller = NewRoot();
        Assert.Equal(Errno.None, FileTree.MakeNode(caller, default, "/fifo"u8, Mode.S_IFIFO | 0x1B6, default));
        return caller;
    }

    private static OpenFile Open(FileCaller caller, uint flags)
    {
        Assert.True(FileTree.TryOpen(caller, default, "/fifo"u8, flags, 0, out OpenFile? file, out Errno error), $"{error}");
        return file!;
    }
}
