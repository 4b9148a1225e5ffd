using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;
using Cashew.Runtime;
using Cashew.Tasks;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// Objects that only a thread's stack or registers refer to, and what interrupts do meanwhile.
/// </summary>
internal static class CollectorThreadTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(Stacks_of_blocked_threads_keep_objects),
            Stacks_of_blocked_threads_keep_objects));
        tests.Add(new(nameof(What_only_a_dead_thread_had_goes), What_only_a_dead_thread_had_goes));
        tests.Add(new(
            nameof(Threads_collect_while_others_are_at_work),
            Threads_collect_while_others_are_at_work));
        tests.Add(new(
            nameof(Interrupts_may_move_references_while_collecting),
            Interrupts_may_move_references_while_collecting));
    }

    private static void Stacks_of_blocked_threads_keep_objects()
    {
        Gate gate = new();
        Worker[] workers = new Worker[12];
        int[] sums = new int[workers.Length];
        for (int i = 0; i < workers.Length; i++)
        {
            int number = i;
            workers[i] = Worker.Begin(() => sums[number] = HoldAcross(gate, number));
        }

        Scheduler.Yield();
        for (int round = 0; round < 3; round++)
        {
            Collector.Collect();
            Shapes.Churn();
        }

        gate.Open();
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i].Join();
            Check.Equal(100 + 200 + 300 + 4 * i, sums[i]);
        }
    }

    private static void What_only_a_dead_thread_had_goes()
    {
        Worker.Begin(static () => { }).Join();
        Shapes.ClearStack();
        Collector.Collect();
        long before = Collector.LiveObjects;
        Worker.Begin(static () => Opaque.Keep(Shapes.List(5_000))).Join();
        Shapes.ClearStack();
        Collector.Collect();
        Check.That(Collector.LiveObjects < before + 100);
    }

    private static void Threads_collect_while_others_are_at_work()
    {
        using StressScope stress = new(CollectorStress.EverySafePoint | CollectorStress.ShortMarkStack);
        Worker[] workers = new Worker[6];
        for (int i = 0; i < workers.Length; i++)
        {
            uint seed = (uint)i + 1;
            workers[i] = Worker.Begin(() =>
            {
                RandomGraph graph = new(nodeCount: 40, seed);
                for (int turn = 0; turn < 60; turn++)
                {
                    graph.Change(50);
                    Collector.Poll();
                    Scheduler.Yield();
                }

                graph.Verify();
            });
        }

        long before = Collector.Count;
        foreach (Worker worker in workers)
        {
            worker.Join();
        }

        Check.That(Collector.Count >= before + 6 * 60);
    }

    private static void Interrupts_may_move_references_while_collecting()
    {
        // Marking takes long enough for interrupts to fall into it.
        using StressScope calm = new(CollectorStress.None);
        Node ballast = Shapes.List(50_000);
        Hopper hopper = new();
        hopper.Start();
        for (int round = 0; round < 60; round++)
        {
            Collector.Collect();
            Shapes.Churn(500);
        }

        hopper.Stop();
        Check.That(hopper.Hops > 60);
        Check.Equal(Hopper.Prize, hopper.Find().Value);
        Check.Equal(50_000, Shapes.Length(ballast));
    }

    /// <summary>
    /// Holds objects in every way a method can, blocks in the middle, and looks at them again.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int HoldAcross(Gate gate, int number)
    {
        Node list = Shapes.List(100);
        Node other = Shapes.List(200, number);
        Node[] array = [new() { Value = number }, new() { Value = number }];
        ref Node element = ref array[1];
        System.Span<int> numbers = new int[300];
        numbers.Fill(number);
        (Node, int) pair = (new Node { Value = number }, 1);
        gate.Wait();
        int equal = 0;
        foreach (int value in numbers)
        {
            equal += value == number ? 1 : 0;
        }

        return Shapes.Length(list) + Shapes.Length(other) + equal
            + array[0].Value + element.Value + pair.Item1.Value + other.Value;
    }

    private sealed class Gate
    {
        private readonly WaitQueue _queue = new();
        private bool _isOpen;

        internal void Open()
        {
            Volatile.Write(ref _isOpen, true);
            _queue.WakeAll();
        }

        internal void Wait()
        {
            Opened condition = new(this);
            Sleep.Until(_queue, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
        }

        private readonly struct Opened(Gate gate) : ISleepCondition
        {
            public bool IsMet() => Volatile.Read(ref gate._isOpen);
        }
    }

    /// <summary>
    /// At each interrupt of a timer, moves the only reference to an object to another slot of a large array.
    /// </summary>
    private sealed class Hopper : TimerTarget
    {
        internal const int Prize = 4711;

        private const int PeriodUs = 50;
        private const int Slots = 8_000;
        // prime to the number of slots, about half of it: hops across what is being marked
        private const int Step = 3_989;

        private readonly Node?[] _slots = new Node?[Slots];
        private readonly Timer _timer;
        private int _position;
        private bool _isStopped;

        internal Hopper()
        {
            _timer = new Timer(this);
            Place();
        }

        internal int Hops { get; private set; }

        internal void Start() => Rearm();

        internal void Stop()
        {
            Volatile.Write(ref _isStopped, true);
            _ = _timer.Cancel(); // false: it went off already, and saw the mark
        }

        internal Node Find() => _slots[_position]!;

        public override void Expired(Timer timer)
        {
            int next = (_position + Step) % Slots;
            _slots[next] = _slots[_position];
            _slots[_position] = null;
            _position = next;
            Hops++;
            if (!Volatile.Read(ref _isStopped))
            {
                Rearm();
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Place() => _slots[0] = new Node { Value = Prize };

        private void Rearm() => _timer.Arm(Clock.Monotonic + Nanoseconds.FromMicroseconds(PeriodUs));
    }
}
