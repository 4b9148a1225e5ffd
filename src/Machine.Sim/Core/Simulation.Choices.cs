using System;
using System.Collections.Generic;

namespace Cashew.Machine.Simulated;

// Who goes on, which interrupts arrive, and how time passes.
public sealed partial class Simulation
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _eventOrder;
    private long _now = 1_000_000;

    /// <summary>Time since boot.</summary>
    internal long NowNs => _now;

    internal long RealtimeOffsetNs { get; set; }

    /// <summary>Lets time pass, with the interrupts that belong to it, as if the processor were busy so
    /// long.</summary>
    public void Advance(Nanoseconds span)
    {
        long target = _now + span.Value;
        while (_now < target && !IsEnding)
        {
            _now = Math.Min(target, Math.Max(_now, NextEventNs(_cpu)));
            ChoicePoint(deliverAll: true);
        }
    }

    /// <summary>A device's interrupt at a point of time: <paramref name="handler"/> runs in interrupt
    /// context.</summary>
    public void ScheduleInterrupt(Nanoseconds at, Action handler) =>
        _events.Enqueue(handler, (at.Value, _eventOrder++));

    /// <summary>A device's interrupt as soon as the processor takes one.</summary>
    public void RaiseInterrupt(Action handler, int cpu = 0)
    {
        _cpus[cpu].Irqs.Enqueue(handler);
        ChoicePoint();
    }

    /// <summary>A place where other processors or interrupts may come in between.</summary>
    public void ChoicePoint() => ChoicePoint(deliverAll: !_isRun);

    /// <summary>Stops this processor until an interrupt has been handled.</summary>
    internal void WaitForInterrupt()
    {
        SimulatedCpu cpu = _cpu;
        CheckSteps();
        cpu.IsHalted = true;
        while (!HasInterrupt(cpu))
        {
            if (TryPickCpu(out SimulatedCpu? other))
            {
                PassTo(other);
                continue;
            }

            PassTimeWhileAllWait();
        }

        cpu.IsHalted = false;
        cpu.InterruptsEnabled = true;
        Deliver(cpu, all: true);
        cpu.InterruptsEnabled = false;
    }

    /// <summary>Lets the holder of a lock go on.</summary>
    internal void SpinOn(SpinLock spinLock)
    {
        if (IsEnding)
        {
            throw new SimulationEnded();
        }

        CheckSteps();
        _cpu.SpinsOn = spinLock;
        if (!TryPickCpu(out SimulatedCpu? other))
        {
            throw new SimulationFailure("deadlock: a spin lock is wanted that nobody can release");
        }

        SimulatedCpu cpu = _cpu;
        PassTo(other);
        cpu.SpinsOn = null;
    }

    /// <summary>Goes on with another thread on this processor; returns when somebody goes back to the
    /// caller's.</summary>
    internal void SwitchHost(HostThread from, HostThread to)
    {
        _cpu.Host = to;
        to.Resume();
        from.Park();
    }

    private void ChoicePoint(bool deliverAll)
    {
        if (IsEnding)
        {
            return;
        }

        CheckSteps();
        if (_isRun)
        {
            _now += _random.Next(Options.MaximumStepNs);
        }

        SimulatedCpu cpu = _cpu;
        if (cpu.InterruptsEnabled)
        {
            Deliver(cpu, deliverAll);
        }

        if (_cpus.Length > 1 && _random.Next(Options.SwitchOneIn) == 0 && TryPickCpu(out SimulatedCpu? other))
        {
            PassTo(other);
        }
    }

    private void CheckSteps()
    {
        if (++_steps > Options.MaximumSteps && _isRun)
        {
            throw new SimulationFailure("livelock: the run does not come to an end");
        }
    }

    private void Deliver(SimulatedCpu cpu, bool all)
    {
        // A handler must not be interrupted by the next one: on the machine its interrupts are off, too.
        while (HasInterrupt(cpu) && (all || _random.Next(Options.InterruptOneIn) == 0))
        {
            Action? handler = TakeInterrupt(cpu);
            long computesUntil = cpu.ComputesUntil;
            cpu.ComputesUntil = 0;
            cpu.InterruptsEnabled = false;
            cpu.InterruptDepth++;
            handler?.Invoke();
            cpu.InterruptDepth--;
            cpu.InterruptsEnabled = true;
            cpu.ComputesUntil = computesUntil;
        }
    }

    private bool HasInterrupt(SimulatedCpu cpu)
    {
        MoveDueEvents();
        return cpu.HasIpi || cpu.Irqs.Count > 0 || cpu.TimerDeadline <= _now;
    }

    private Action? TakeInterrupt(SimulatedCpu cpu)
    {
        if (cpu.HasIpi)
        {
            cpu.HasIpi = false;
            return null; // its purpose, attention, is already noted
        }

        if (cpu.Irqs.Count > 0)
        {
            return cpu.Irqs.Dequeue();
        }

        cpu.TimerDeadline = long.MaxValue;
        return static () => KernelEntry.Installed?.TimerExpired();
    }

    private void MoveDueEvents()
    {
        while (_events.TryPeek(out Action? handler, out (long At, long Order) key) && key.At <= _now)
        {
            _events.Dequeue();
            _cpus[0].Irqs.Enqueue(handler);
        }
    }

    /// <summary>When a processor's timer or a device interrupts next, or its program is done
    /// computing.</summary>
    private long NextEventNs(SimulatedCpu cpu)
    {
        long next = cpu.ComputesUntil > 0 ? Math.Min(cpu.TimerDeadline, cpu.ComputesUntil) : cpu.TimerDeadline;
        return _events.TryPeek(out _, out (long At, long Order) key) ? Math.Min(next, key.At) : next;
    }

    /// <summary>The same on any processor.</summary>
    private long NextEventNs()
    {
        long next = long.MaxValue;
        foreach (SimulatedCpu cpu in _cpus)
        {
            next = Math.Min(next, NextEventNs(cpu));
        }

        return next;
    }

    private void PassTimeWhileAllWait()
    {
        long next = NextEventNs();
        if (next == long.MaxValue)
        {
            throw new SimulationFailure("deadlock: every processor waits and nothing will wake them");
        }

        _now = Math.Max(_now, next);
    }

    /// <summary>Another processor that can go on.</summary>
    private bool TryPickCpu([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SimulatedCpu? picked)
    {
        picked = null;
        if (_cpus.Length == 1)
        {
            return false;
        }

        int start = _random.Next(_cpus.Length);
        for (int i = 0; i < _cpus.Length; i++)
        {
            SimulatedCpu cpu = _cpus[(start + i) % _cpus.Length];
            bool waits = cpu.IsHalted && !HasInterrupt(cpu);
            bool spins = cpu.SpinsOn is { IsFree: false };
            if (cpu != _cpu && cpu.Host is not null && !waits && !spins)
            {
                picked = cpu;
                return true;
            }
        }

        return false;
    }

    private void PassTo(SimulatedCpu cpu)
    {
        HostThread self = _cpu.Host!;
        _cpu = cpu;
        cpu.Host!.Resume();
        self.Park();
    }
}
