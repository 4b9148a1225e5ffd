using System;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host;

/// <summary>Runs tests in kernel threads of a simulated machine.</summary>
internal static class ThreadedMachine
{
    /// <summary>Boots, runs the body in the first thread, and turns the machine off when it
    /// returns.</summary>
    internal static Simulation Run(Action body, SimulationOptions? options = null, ThreadedKernel? kernel = null) =>
        RunOnAll(_ => body(), (options ?? new SimulationOptions()) with { CpuCount = 1 }, kernel);

    /// <summary>The same on several processors, each with a first thread; off when all of those have come to
    /// their end.</summary>
    internal static Simulation RunOnAll(
        Action<int> body, SimulationOptions options, ThreadedKernel? kernel = null)
    {
        int left = options.CpuCount;
        Simulation machine = Simulation.Run(
            options,
            () =>
            {
                KernelEntry.Install(kernel ?? new ThreadedKernel());
                Simulation.Current.StartSecondaryCpus();
                Boot();
            },
            Boot);
        Assert.Equal(StopKind.Off, machine.Stop);
        return machine;

        void Boot()
        {
            Scheduler.Run(TestThread.Create(Main), new NoIdleWork());
        }

        void Main()
        {
            body(Cpu.CurrentId);
            if (--left == 0)
            {
                Power.Off();
            }
        }
    }

    /// <summary>Runs the body on so many processors once for each of so many seeds.</summary>
    internal static void RunSeeds(int seeds, int cpuCount, Action<int> body)
    {
        for (int seed = 0; seed < seeds; seed++)
        {
            RunOnAll(body, new SimulationOptions { Seed = seed, CpuCount = cpuCount });
        }
    }

    /// <summary>The current thread computes, as in user mode, until it has had the processor for so
    /// long.</summary>
    internal static void Compute(Nanoseconds span) => Simulation.Current.Compute(span);

    internal static void Compute(long milliseconds) => Compute(Nanoseconds.FromMilliseconds(milliseconds));

    private sealed class NoIdleWork : IdleWork
    {
        public override bool TryDoSome() => false;
    }
}
