using System;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host;

/// <summary>A kernel thread that runs a test's code, and that others can wait for.</summary>
internal sealed class TestThread : Thread
{
    private readonly Action _body;
    private readonly WaitQueue _ended = new();

    private TestThread(Action body)
    {
        _body = body;
    }

    /// <summary>It has run to its end and its stack is free.</summary>
    internal bool IsReaped { get; private set; }

    /// <summary>Made, not started.</summary>
    internal static TestThread Create(Action body)
    {
        TestThread thread = new(body);
        Assert.True(thread.TryInitialize());
        return thread;
    }

    /// <summary>One that never runs, for tests of what threads are sorted into.</summary>
    internal static TestThread Sketch() => new(static () => { });

    internal static TestThread? TryCreate(Action body)
    {
        TestThread thread = new(body);
        return thread.TryInitialize() ? thread : null;
    }

    internal static TestThread Spawn(Action body)
    {
        TestThread thread = Create(body);
        thread.Start();
        return thread;
    }

    /// <summary>Waits until all of them have ended.</summary>
    internal static void JoinAll(params ReadOnlySpan<TestThread> threads)
    {
        foreach (TestThread thread in threads)
        {
            thread.Join();
        }
    }

    internal void Join()
    {
        Ended condition = new(this);
        WakeReason reason = Sleep.Until(_ended, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
        Assert.Equal(WakeReason.Woken, reason);
    }

    public override void OnReaped()
    {
        IsReaped = true;
        _ended.WakeAll();
    }

    protected override void Main() => _body();

    private readonly struct Ended(TestThread thread) : ISleepCondition
    {
        public bool IsMet() => thread.IsReaped;
    }
}
