using System;
using System.Collections.Generic;
using System.Threading;

namespace Cashew.Machine.Simulated;

/// <summary>
/// A machine for tests. Any number of simulated processors and threads take turns: one host thread at a time
/// holds the baton, and a seeded generator decides at every lock, atomic operation and enabling of interrupts
/// who goes on and which interrupt arrives. So a run repeats exactly, a deadlock is a failure instead of a
/// hang, and time is a number that moves on when everybody waits.
/// </summary>
/// <remarks>
/// There is always one machine, <see cref="Current"/>. Tests without threads use it as it is, from their own
/// thread, after <see cref="Reset"/>; nothing happens there by itself. Tests with threads use
/// <see cref="Run"/>.
/// </remarks>
public sealed partial class Simulation
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(5);

    private readonly SimulatedCpu[] _cpus;
    private readonly List<HostThread> _hosts = [];
    private readonly ManualResetEventSlim _done = new();
    private readonly bool _isRun;
    private readonly Random _random;
    private SimulatedCpu _cpu;
    private Exception? _failure;
    private long _steps;

    private Simulation(SimulationOptions options, bool isRun)
    {
        Options = options;
        _isRun = isRun;
        _random = new Random(options.Seed);
        EntropySource = new Random(~options.Seed);
        _cpus = new SimulatedCpu[options.CpuCount];
        for (int i = 0; i < _cpus.Length; i++)
        {
            // The others are as after a reset: they wait for somebody to start them.
            _cpus[i] = new SimulatedCpu(this, i) { IsHalted = i != 0 };
        }

        _cpu = _cpus[0];
        Frames = new FramePool(options.FrameCount);
        RealtimeOffsetNs = options.RealtimeSeconds * Nanoseconds.PerSecond;
    }

    public static Simulation Current { get; private set; } = new(new SimulationOptions(), isRun: false);

    public SimulationOptions Options { get; }

    /// <summary>Choice points so far.</summary>
    public long Steps => _steps;

    public StopKind Stop { get; private set; }

    internal FramePool Frames { get; }

    internal SimulatedCpu Cpu => _cpu;

    internal SimulatedCpu[] Cpus => _cpus;

    internal Random EntropySource { get; }

    /// <summary>Nothing simulated happens any more: threads are being unwound.</summary>
    internal bool IsEnding { get; private set; }

    /// <summary>A new machine for a test without threads.</summary>
    public static Simulation Reset(SimulationOptions? options = null)
    {
        Current = new Simulation(options ?? new SimulationOptions(), isRun: false);
        KernelEntry.Install(null!);
        return Current;
    }

    /// <summary>
    /// Boots a machine, runs <paramref name="body"/> as its first code, and turns it off when that returns.
    /// Each further processor runs <paramref name="secondary"/> when <see cref="StartSecondaryCpus"/> is
    /// called.
    /// </summary>
    public static Simulation Run(SimulationOptions options, Action body, Action? secondary = null)
    {
        Simulation simulation = new(options, isRun: true);
        Current = simulation;
        KernelEntry.Install(null!);
        simulation._secondary = secondary;
        HostThread boot = simulation.AddHost(() =>
        {
            body();
            simulation.End();
        });
        simulation._cpu.Host = boot;
        boot.Resume();
        if (!simulation._done.Wait(s_patience))
        {
            simulation.Fail(new SimulationFailure("the host's patience ran out: an endless loop without choice points?"));
        }

        simulation.EndHosts();
        if (simulation._failure is not null)
        {
            string message = $"seed {options.Seed}, step {simulation._steps}: {simulation._failure.Message}";
            throw new SimulationFailure(message, simulation._failure);
        }

        return simulation;
    }

    /// <summary>Starts the other processors of a run; each begins with interrupts off.</summary>
    public void StartSecondaryCpus()
    {
        for (int i = 1; i < _cpus.Length; i++)
        {
            SimulatedCpu cpu = _cpus[i];
            cpu.InterruptsEnabled = false;
            cpu.Host = AddHost(() =>
            {
                _secondary!();
                throw new SimulationFailure("a secondary processor returned from its entry");
            });
            cpu.IsHalted = false;
        }
    }

    private Action? _secondary;

    internal HostThread AddHost(Action body)
    {
        HostThread host = new(this, body);
        _hosts.Add(host);
        return host;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void StopMachine(StopKind kind)
    {
        Stop = kind;
        if (!_isRun)
        {
            throw new SimulationFailure($"the machine was stopped: {kind}");
        }

        End();
        throw new SimulationEnded();
    }

    /// <summary>Records what went wrong first and stops the simulation. Always true: it is an exception
    /// filter.</summary>
    internal bool Fail(Exception exception)
    {
        if (!IsEnding)
        {
            _failure = exception;
            End();
        }

        return true;
    }

    private void End()
    {
        if (_isRun)
        {
            IsEnding = true;
            _done.Set();
        }
    }

    private void EndHosts()
    {
        // One after the other, so that what they still do while unwinding does not happen at the same time.
        foreach (HostThread host in _hosts)
        {
            if (!host.TryEnd(s_endPatience))
            {
                _failure ??= new SimulationFailure("a thread does not end: an endless loop without choice points?");
            }
        }
    }
}
