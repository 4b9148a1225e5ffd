using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;
using static Cashew.Host.Files.FilesMachine;

namespace Cashew.Host.Files;

public sealed class PollTests
{
    private const uint In = PollBits.POLLIN;
    private const uint Out = PollBits.POLLOUT;

    [Fact]
    public void Each_entry_gets_what_it_asked_for_and_what_nobody_has_to_ask_for()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 4);
            files[0].Signal(In | Out);
            files[1].Signal(PollBits.POLLHUP);
            files[2].Signal(PollBits.POLLERR | In);
            PollFd[] entries =
            [
                Entry(0, In), Entry(0, Out), Entry(0, PollBits.POLLPRI), Entry(1, In), Entry(2, 0), Entry(3, In),
                Entry(-1, In), Entry(99, In), Entry(99, 0),
            ];
            uint[] expected =
            [
                In, Out, 0, PollBits.POLLHUP, PollBits.POLLERR, 0, 0, PollBits.POLLNVAL, PollBits.POLLNVAL,
            ];
            entries[6].revents = 0x55; // what was there before does not stay

            int ready = PollSet.Wait(table, entries, Nanoseconds.Max, out WakeReason reason);

            Assert.Equal(expected, entries.Select(static entry => (uint)(ushort)entry.revents));
            Assert.Equal(expected.Count(static events => events != 0), ready);
            Assert.Equal(WakeReason.Woken, reason);
            AssertNobodyWaits(files);
        });
    }

    [Fact]
    public void Without_memory_for_all_entries_it_looks_for_itself()
    {
        ThreadedMachine.Run(static () =>
        {
            const int Many = 100;
            DescriptorTable table = NewTable(out QueueFile[] files, Many);
            PollFd[] entries = [.. Enumerable.Range(0, Many).Select(static fd => Entry(fd, In))];
            Simulation.Current.HeapStock = HeapStock.Short;
            Assert.Equal(0, PollSet.Wait(table, entries, Clock.Monotonic + Ms(35), out WakeReason reason));
            Assert.Equal(WakeReason.TimedOut, reason);

            // It is told of some, and of the others it hears a little later.
            After(3, () => files[Many - 1].Signal(In));
            long took = Measure(() => Assert.Equal(1, PollSet.Wait(table, entries, Nanoseconds.Max, out _)));
            Assert.InRange(took, 3, 13);
            AssertNobodyWaits(files);
            Simulation.Current.HeapStock = HeapStock.Full;
        });
    }

    [Fact]
    public void No_time_means_only_a_look()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 1);
            PollFd[] entries = [Entry(0, In)];
            long switches = Thread.Current.VoluntarySwitches;
            Assert.Equal(0, PollSet.Wait(table, entries, Clock.Monotonic, out _));
            files[0].Signal(In);
            Assert.Equal(1, PollSet.Wait(table, entries, Nanoseconds.Zero, out _));
            Assert.Equal(switches, Thread.Current.VoluntarySwitches);
            Assert.Equal(0, files[0].Additions);
        });
    }

    [Fact]
    public void Nothing_to_look_at_is_a_sleep()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out _, 1);
            WakeReason reason = WakeReason.Woken;
            long took = Measure(() => Assert.Equal(0, PollSet.Wait(table, [], Clock.Monotonic + Ms(7), out reason)));
            Assert.Equal(7, took);
            Assert.Equal(WakeReason.TimedOut, reason);
            Assert.Equal(7, Measure(() => PollSet.Wait(table, [Entry(-1, In)], Clock.Monotonic + Ms(7), out _)));
        });
    }

    [Fact]
    public void It_ends_with_the_first_event_the_time_or_a_signal()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 3);
            PollFd[] entries = [Entry(0, In), Entry(1, In), Entry(2, In)];
            Thread self = Thread.Current;
            After(3, () => files[1].Signal(In));
            Assert.Equal((1, WakeReason.Woken, 3), Poll(20));
            Assert.Equal(0, entries[0].revents);
            Assert.Equal((short)In, entries[1].revents);
            files[1].Signal(0);

            Assert.Equal((0, WakeReason.TimedOut, 20), Poll(20));
            Assert.Equal(0, entries[1].revents);

            After(4, self.RequestInterrupt);
            Assert.Equal((0, WakeReason.Interrupted, 4), Poll(20));

            // What is there when the time is up, or the signal comes, counts more than those.
            self.ClearInterrupt();
            After(1, () => files[0].SetQuietly(In));
            Assert.Equal((1, WakeReason.TimedOut, 20), Poll(20));
            files[0].SetQuietly(0);
            After(1, () => files[0].SetQuietly(In));
            After(4, self.RequestInterrupt);
            Assert.Equal((1, WakeReason.Interrupted, 4), Poll(20));
            files[0].SetQuietly(0);
            files[2].Signal(In);
            Assert.Equal((1, WakeReason.Woken, 0), Poll(20));
            self.ClearInterrupt();
            AssertNobodyWaits(files);

            (int, WakeReason, long) Poll(int milliseconds)
            {
                int ready = 0;
                WakeReason reason = default;
                long took = Measure(
                    () => ready = PollSet.Wait(table, entries, Clock.Monotonic + Ms(milliseconds), out reason));
                return (ready, reason, took);
            }
        });
    }

    [Fact]
    public void An_event_nobody_asked_for_does_not_end_it()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 1);
            After(1, () => files[0].Signal(Out));
            After(2, () => files[0].Signal(0));
            After(3, () => files[0].Signal(Out | In));
            PollFd[] entries = [Entry(0, In)];
            Assert.Equal(3, Measure(() => Assert.Equal(1, PollSet.Wait(table, entries, Nanoseconds.Max, out _))));
            Assert.Equal((short)In, entries[0].revents);
        });
    }

    [Fact]
    public void An_event_between_the_look_and_the_sleep_is_not_lost()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 2);
            files[0].WhilePolling = () =>
            {
                files[0].WhilePolling = null;
                files[0].Signal(In);
            };
            PollFd[] entries = [Entry(0, In), Entry(1, In)];
            Assert.Equal(1, PollSet.Wait(table, entries, Nanoseconds.Max, out _));
        });
    }

    // The table is used again, with what it had grown to and what had been triggered.
    [Fact]
    public void One_wait_leaves_nothing_to_the_next()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 50);
            PollFd[] entries = [.. Enumerable.Range(0, 50).Select(static fd => Entry(fd, In))];
            for (int i = 0; i < 5; i++)
            {
                files[i].Signal(In);
                Assert.Equal(1, PollSet.Wait(table, entries, Nanoseconds.Max, out _));
                files[i].Signal(0);
                Assert.Equal(2, Measure(() =>
                    Assert.Equal(0, PollSet.Wait(table, entries[..i], Clock.Monotonic + Ms(2), out _))));
                AssertNobodyWaits(files);
            }
        });
    }

    [Fact]
    public void A_descriptor_may_be_closed_while_it_is_polled()
    {
        ThreadedMachine.Run(static () =>
        {
            DescriptorTable table = NewTable(out QueueFile[] files, 2);
            table.Retain();
            After(1, () =>
            {
                Assert.True(table.TryRemove(0, out OpenFile? file));
                file.Release();
            });
            After(2, () => files[1].Signal(In));
            PollFd[] entries = [Entry(0, In), Entry(1, In)];
            Assert.Equal(2, PollSet.Wait(table, entries, Nanoseconds.Max, out _));
            Assert.Equal((short)PollBits.POLLNVAL, entries[0].revents);
            AssertNobodyWaits(files);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Messages_through_many_pipes_all_arrive(int cpuCount)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            const int Messages = 12;
            DescriptorTable table = new();
            OpenFile[] writers = [];
            int received = 0;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu == 0)
                    {
                        List<OpenFile> made = [];
                        for (int i = 0; i < cpuCount; i++)
                        {
                            (OpenFile reader, OpenFile writer) = NewPipe();
                            Assert.True(table.TryAdd(reader, 64, default, out int fd, out _));
                            Assert.Equal(i, fd);
                            made.Add(writer);
                        }

                        Volatile.Write(ref writers, [.. made]);
                        TestThread sender = TestThread.Spawn(() => Send(cpu));
                        ReceiveAll();
                        sender.Join();
                        table.Release();
                        return;
                    }

                    while (Volatile.Read(ref writers).Length == 0) Scheduler.Yield();
                    Send(cpu);
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(cpuCount * Messages, received);

            void Send(int cpu)
            {
                Random random = new(seed * 10 + cpu);
                for (int i = 0; i < Messages; i++)
                {
                    Assert.Equal(1, Write(writers[cpu], [1]).Value);
                    if (random.Next(2) == 0) Sleep.For(Clock.Monotonic + new Nanoseconds(random.Next(5000)), default);
                }

                writers[cpu].Release();
            }

            void ReceiveAll()
            {
                PollFd[] entries = [.. Enumerable.Range(0, cpuCount).Select(static fd => Entry(fd, In))];
                while (entries.Any(static entry => entry.fd >= 0))
                {
                    Assert.True(PollSet.Wait(table, entries, Nanoseconds.Max, out WakeReason reason) > 0);
                    Assert.Equal(WakeReason.Woken, reason);
                    foreach (ref PollFd entry in entries.AsSpan())
                    {
                        if (entry.revents == 0) continue;
                        Assert.True(table.TryUse(entry.fd, out FileUse use, out _));
                        long count = Read(use.File, new byte[4]).Count;
                        use.Dispose();
                        received += (int)count;
                        if (count == 0) entry.fd = -1;
                    }
                }
            }
        }
    }

    private static DescriptorTable NewTable(out QueueFile[] files, int count)
    {
        DescriptorTable table = new();
        files = [.. Enumerable.Range(0, count).Select(static _ => new QueueFile())];
        foreach (QueueFile file in files) Assert.True(table.TryAdd(file, 1024, default, out _, out _));
        return table;
    }

    private static PollFd Entry(int fd, uint events) => new() { fd = fd, events = (short)events };

    private static void After(int milliseconds, Action action) => TestThread.Spawn(() =>
    {
        Nap(milliseconds);
        action();
    });

    private static void AssertNobodyWaits(QueueFile[] files) =>
        Assert.All(files, static file => Assert.True(file.Queue.IsEmpty));
}
