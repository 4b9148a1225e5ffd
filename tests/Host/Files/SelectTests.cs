using System;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;
using static Cashew.Host.Files.FilesMachine;

namespace Cashew.Host.Files;

/// <summary>select(2), "Correspondence between select() and poll() notifications".</summary>
public sealed class SelectTests
{
    private const int Words = 4;

    [Theory]
    [InlineData(PollBits.POLLIN, true, false, false)]
    [InlineData(PollBits.POLLRDNORM, true, false, false)]
    [InlineData(PollBits.POLLRDBAND, true, false, false)]
    [InlineData(PollBits.POLLHUP, true, false, false)]
    [InlineData(PollBits.POLLERR, true, true, false)]
    [InlineData(PollBits.POLLOUT, false, true, false)]
    [InlineData(PollBits.POLLWRNORM, false, true, false)]
    [InlineData(PollBits.POLLWRBAND, false, true, false)]
    [InlineData(PollBits.POLLPRI, false, false, true)]
    [InlineData(PollBits.POLLIN | PollBits.POLLOUT | PollBits.POLLPRI, true, true, true)]
    public void Each_event_belongs_to_its_sets(uint events, bool isReadable, bool isWritable, bool isExceptional)
    {
        ThreadedMachine.Run(() =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 1);
            files[0].Signal(events);
            // Each of the sets alone, and all of them.
            for (int asked = 1; asked < 8; asked++)
            {
                ulong[] readers = Set((asked & 1) != 0 ? [0] : []);
                ulong[] writers = Set((asked & 2) != 0 ? [0] : []);
                ulong[] exceptions = Set((asked & 4) != 0 ? [0] : []);
                bool[] expected =
                [
                    isReadable && (asked & 1) != 0, isWritable && (asked & 2) != 0, isExceptional && (asked & 4) != 0,
                ];

                IoResult result = SelectSet.Wait(table, 1, readers, writers, exceptions, Clock.Monotonic, out _);

                Assert.Equal(expected.Count(static isSet => isSet), result.Count);
                bool[] found = [readers[0] == 1, writers[0] == 1, exceptions[0] == 1];
                Assert.Equal(expected, found);
            }
        });
    }

    [Fact]
    public void Bits_are_found_in_every_word_and_nowhere_else()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 200);
            int[] asked = [0, 1, 62, 63, 64, 65, 127, 128, 130, 199];
            foreach (int fd in new[] { 1, 2, 63, 64, 128, 198, 199 }) files[fd].Signal(PollBits.POLLIN);
            ulong[] readers = Set(asked);
            ulong[] writers = Set([]);

            IoResult result = SelectSet.Wait(table, 200, readers, writers, Set([]), Nanoseconds.Max, out _);

            Assert.Equal(Set([1, 63, 64, 128, 199]), readers);
            Assert.Equal(5, result.Count);
        });
    }

    [Fact]
    public void Descriptors_from_the_count_on_are_not_looked_at()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 3);
            foreach (QueueFile file in files) file.Signal(PollBits.POLLIN);
            foreach ((int count, int expected) in new[] { (0, 0), (1, 1), (2, 2), (3, 3) })
            {
                ulong[] readers = Set([0, 1, 2, 77, 130]); // the last two are not open
                IoResult result = SelectSet.Wait(table, count, readers, Set([]), Set([]), Clock.Monotonic, out _);
                Assert.Equal(expected, result.Count);
                Assert.Equal((1UL << count) - 1, readers[0]);
            }
        });
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_an_error_and_nothing_waits()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 2);
            ulong[] writers = Set([0, 5]);
            IoResult result = SelectSet.Wait(table, 64, Set([1]), writers, Set([]), Nanoseconds.Max, out _);
            Assert.Equal(Errno.EBADF, result.Error);
            Assert.Equal(Set([0, 5]), writers); // select(2): on error the sets are unmodified
            Assert.All(files, static file => Assert.True(file.Queue.IsEmpty));
        });
    }

    [Fact]
    public void Time_is_up_with_empty_sets()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out _, 2);
            ulong[] readers = Set([0, 1]);
            WakeReason reason = WakeReason.Woken;
            IoResult result = default;
            Assert.Equal(6, Measure(() => result = SelectSet.Wait(
                table, 2, readers, Set([]), Set([]), Clock.Monotonic + Ms(6), out reason)));
            Assert.Equal(0, result.Value);
            Assert.Equal(WakeReason.TimedOut, reason);
            Assert.Equal(Set([]), readers);
        });
    }

    [Fact]
    public void It_ends_with_the_first_event_of_a_set_that_asked_for_it()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 2);
            TestThread.Spawn(() =>
            {
                Nap(1);
                files[0].Signal(PollBits.POLLOUT); // asked only for reading
                Nap(1);
                files[1].Signal(PollBits.POLLOUT);
            });
            ulong[] readers = Set([0]);
            ulong[] writers = Set([1]);
            Assert.Equal(2, Measure(() => Assert.Equal(
                1, SelectSet.Wait(table, 2, readers, writers, Set([]), Nanoseconds.Max, out _).Value)));
            Assert.Equal(Set([]), readers);
            Assert.Equal(Set([1]), writers);
        });
    }

    private static DescriptorTable NewTable(out QueueFile[] files, int count)
    {
        DescriptorTable table = new();
        files = [.. Enumerable.Range(0, count).Select(static _ => new QueueFile())];
        foreach (QueueFile file in files) Assert.True(table.TryAdd(file, 1024, default, out _, out _));
        return table;
    }

    private static ulong[] Set(ReadOnlySpan<int> fds)
    {
        ulong[] set = new ulong[Words];
        foreach (int fd in fds) set[fd / 64] |= 1UL << (fd % 64);
        return set;
    }
}
