using System;
using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Kernel.SelfTests;

/// <summary>A thread of a test's own.</summary>
internal sealed class Worker : Cashew.Tasks.Thread
{
    private readonly Action _body;
    private readonly WaitQueue _done = new();
    private bool _isDone;

    private Worker(Action body)
    {
        _body = body;
    }

    internal static Worker Begin(Action body)
    {
        Worker worker = new(body);
        Check.That(worker.TryInitialize());
        worker.Start();
        return worker;
    }

    internal void Join()
    {
        Done condition = new(this);
        Sleep.Until(_done, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
    }

    protected override void Main() => _body();

    public override void OnReaped()
    {
        Volatile.Write(ref _isDone, true);
        _done.WakeAll();
    }

    private readonly struct Done(Worker worker) : ISleepCondition
    {
        public bool IsMet() => Volatile.Read(ref worker._isDone);
    }
}
