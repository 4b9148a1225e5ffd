using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class RwLockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Readers_share_and_writers_are_alone(int cpuCount)
    {
        int mostReaders = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            const int Rounds = 8;
            RwLock rwLock = new(LockRank.Directory);
            int readers = 0;
            int writers = 0;
            int reads = 0;
            int writes = 0;
            ThreadedMachine.RunOnAll(
                _ =>
                {
                    TestThread[] threads = [TestThread.Spawn(Read), TestThread.Spawn(Write), TestThread.Spawn(Read)];
                    Read();
                    TestThread.JoinAll(threads);
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(3 * Rounds * cpuCount, reads);
            Assert.Equal(Rounds * cpuCount, writes);

            void Read()
            {
                for (int i = 0; i < Rounds; i++)
                {
                    using RwLock.ReadGuard guard = rwLock.Read();
                    Interlocked.Increment(ref readers);
                    Assert.Equal(0, writers);
                    mostReaders = Math.Max(mostReaders, readers);
                    Linger(i);
                    Assert.Equal(0, writers);
                    Interlocked.Increment(ref reads);
                    Interlocked.Decrement(ref readers);
                }
            }

            void Write()
            {
                for (int i = 0; i < Rounds; i++)
                {
                    using RwLock.WriteGuard guard = rwLock.Write();
                    Assert.Equal(1, ++writers);
                    Assert.Equal(0, readers);
                    Linger(i);
                    Assert.Equal(0, readers);
                    writes++;
                    writers--;
                }
            }
        }

        Assert.True(mostReaders > 1);
    }

    [Fact]
    public void A_waiting_writer_comes_before_later_readers_and_after_earlier_ones()
    {
        ThreadedMachine.Run(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            List<string> order = [];
            List<TestThread> threads = [];
            using (rwLock.Write())
            {
                Add("r1", Read);
                Add("r2", Read);
                Add("w1", Write);
                Add("r3", Read);
                Add("w2", Write);
                Add("w3", Write);
                Add("r4", Read);
            }

            threads.ForEach(static thread => thread.Join());
            Assert.Equal("+r1 +r2 -r1 -r2 +w1 -w1 +r3 -r3 +w2 -w2 +w3 -w3 +r4 -r4", string.Join(' ', order));

            void Add(string name, Action<string> body)
            {
                threads.Add(TestThread.Spawn(() => body(name)));
                Nap(microseconds: 50); // until it waits
            }

            void Read(string name)
            {
                using RwLock.ReadGuard guard = rwLock.Read();
                Stay(name);
            }

            void Write(string name)
            {
                using RwLock.WriteGuard guard = rwLock.Write();
                Stay(name);
            }

            void Stay(string name)
            {
                order.Add("+" + name);
                Nap(microseconds: 50);
                order.Add("-" + name);
            }
        });
    }

    [Fact]
    public void A_stream_of_writers_does_not_keep_a_reader_out()
    {
        ThreadedMachine.Run(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            bool isOver = false;
            int writes = 0;
            TestThread[] writers = [TestThread.Spawn(WriteOn), TestThread.Spawn(WriteOn)];
            for (int i = 0; i < 10; i++)
            {
                int before = writes;
                using RwLock.ReadGuard guard = rwLock.Read();
                Assert.InRange(writes - before, 0, 2); // the one inside and the one before us in line
            }

            isOver = true;
            TestThread.JoinAll(writers);

            void WriteOn()
            {
                while (!isOver)
                {
                    using RwLock.WriteGuard guard = rwLock.Write();
                    writes++;
                    Nap(microseconds: 100);
                }
            }
        });
    }

    [Fact]
    public void A_stream_of_readers_does_not_keep_a_writer_out()
    {
        ThreadedMachine.Run(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            bool isOver = false;
            int reads = 0;
            TestThread[] readers =
            [
                // Hardly ever at the same point.
                TestThread.Spawn(() => ReadOn(50)),
                TestThread.Spawn(() => ReadOn(87)),
                TestThread.Spawn(() => ReadOn(124)),
            ];
            for (int i = 0; i < 10; i++)
            {
                int before = reads;
                using RwLock.WriteGuard guard = rwLock.Write();
                Assert.InRange(reads - before, 0, 3);
            }

            isOver = true;
            TestThread.JoinAll(readers);

            void ReadOn(int microseconds)
            {
                while (!isOver)
                {
                    using RwLock.ReadGuard guard = rwLock.Read();
                    reads++;
                    Nap(microseconds);
                }
            }
        });
    }

    // Both would wait for ever: for oneself, or for a writer between the two.
    [Fact]
    public void Nobody_upgrades_or_reads_twice()
    {
        AssertStops(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            using RwLock.ReadGuard read = rwLock.Read();
            using RwLock.WriteGuard write = rwLock.Write();
        });
        AssertStops(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            using RwLock.ReadGuard first = rwLock.Read();
            using RwLock.ReadGuard second = rwLock.Read();
        });
        AssertStops(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            using RwLock.WriteGuard write = rwLock.Write();
            using RwLock.ReadGuard read = rwLock.Read();
        });
    }

    [Fact]
    public void A_wake_up_from_elsewhere_lets_nobody_in()
    {
        ThreadedMachine.Run(static () =>
        {
            RwLock rwLock = new(LockRank.Directory);
            bool hasEntered = false;
            TestThread other;
            using (rwLock.Read())
            {
                other = TestThread.Spawn(() =>
                {
                    using RwLock.WriteGuard guard = rwLock.Write();
                    hasEntered = true;
                });
                Nap(microseconds: 100);
                other.Wake();
                other.RequestKill();
                Nap(microseconds: 100);
                Assert.False(hasEntered);
            }

            other.Join();
            Assert.True(hasEntered);
        });
    }

    private static void AssertStops(Action body) =>
        Assert.Contains("out of order", Assert.Throws<SimulationFailure>(() => ThreadedMachine.Run(body)).Message);

    private static void Linger(int round)
    {
        switch (round % 3)
        {
            case 0:
                Scheduler.Yield();
                break;
            case 1:
                Nap(microseconds: 20);
                break;
        }
    }

    private static void Nap(int microseconds) =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromMicroseconds(microseconds), SleepMode.Uninterruptible);
}
