using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>The numbers of processes.</summary>
public sealed class PidTableTests : IDisposable
{
    private readonly List<Pid> _taken = [];
    private readonly int _usedBefore;

    public PidTableTests()
    {
        Simulation.Reset();
        _usedBefore = CountUsed();
    }

    public void Dispose()
    {
        foreach (Pid pid in _taken) Release(pid);
        Assert.Equal(_usedBefore, CountUsed());
    }

    [Fact]
    public void A_number_is_taken_until_it_is_released()
    {
        Pid pid = Take();
        Assert.Same(pid, PidTable.Find(pid.Number));
        Assert.Equal(pid.Number, PidTable.Last);
        Pid next = Take();
        Assert.NotEqual(pid.Number, next.Number);
        _taken.Remove(pid);
        Release(pid);
        Assert.Null(PidTable.Find(pid.Number));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(PidTable.MaxCount)]
    [InlineData(int.MaxValue)]
    public void A_number_out_of_range_names_nobody(int number) => Assert.Null(PidTable.Find(number));

    [Fact]
    public void A_number_stays_as_long_as_anything_goes_by_it()
    {
        using TestProcess process = new();
        Pid pid = process.Process.Pid;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) PidTable.ReleaseIfUnusedLocked(pid);
        Assert.Same(pid, PidTable.Find(pid.Number));
    }

    // pid_max: numbers go up and begin again above 300, which leaves the early ones alone.
    [Fact]
    public void Numbers_run_out_and_begin_again()
    {
        while (PidTable.TryAllocate(out Pid? pid, out _)) _taken.Add(pid);
        Assert.False(PidTable.TryAllocate(out _, out Errno error));
        Assert.Equal(Errno.EAGAIN, error);
        Assert.InRange(_taken.Count, PidTable.MaxCount - 300 - _usedBefore, PidTable.MaxCount);

        HashSet<int> numbers = [];
        foreach (Pid pid in _taken) Assert.True(numbers.Add(pid.Number) && pid.Number is >= 1 and < PidTable.MaxCount);

        // What is free now is found, wherever it is, in turn.
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            List<int> freed = [];
            for (int i = 0; i < 5; i++)
            {
                Pid pid = _taken[random.Next(_taken.Count)];
                if (pid.Number < 300) continue;
                _taken.Remove(pid);
                Release(pid);
                freed.Add(pid.Number);
            }

            int last = PidTable.Last;
            freed.Sort((a, b) => (a <= last, a).CompareTo((b <= last, b)));
            foreach (int number in freed) Assert.Equal(number, Take().Number);
            Assert.False(PidTable.TryAllocate(out _, out _));
        }
    }

    [Fact]
    public void All_numbers_in_use_are_listed_in_order()
    {
        Random random = new(6);
        for (int i = 0; i < 500; i++) _ = Take();
        for (int i = 0; i < 250; i++)
        {
            Pid pid = _taken[random.Next(_taken.Count)];
            _taken.Remove(pid);
            Release(pid);
        }

        List<int> wanted = _taken.ConvertAll(static pid => pid.Number);
        wanted.Sort();
        List<int> found = [];
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (_taken.Contains(pid)) found.Add(pid.Number);
        }

        Assert.Equal(wanted, found);
        Assert.Null(PidTable.FindAtOrAfter(PidTable.MaxCount));
    }

    private Pid Take()
    {
        Assert.True(PidTable.TryAllocate(out Pid? pid, out _));
        _taken.Add(pid);
        return pid;
    }

    private static void Release(Pid pid)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) PidTable.ReleaseIfUnusedLocked(pid);
    }

    private static int CountUsed()
    {
        int count = 0;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
            count++;
        return count;
    }
}
