using System;
using System.Runtime;
using Cashew.Kernel.SelfTests;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Kernel;

/// <summary>Boot order and wiring.</summary>
internal static class Program
{
    [RuntimeExport("cashew_kernel_main")]
    internal static void Main()
    {
        Log.Info($"Cashew: {BootInfo.MemoryBytes >> 20} MiB of memory, clock {CyclesInMegahertz} MHz");
        KernelEntry.Install(new KernelOnlyEntry());
        Thread? first = SelfTestThread.Create();
        if (first is null)
        {
            Panic.Stop("no memory for the first thread");
        }

        Scheduler.Run(first, new NoIdleWork());
    }

    private static ulong CyclesInMegahertz => Clock.CyclesPerSecond / 1_000_000;

    private sealed class NoIdleWork : IdleWork
    {
        public override bool TryDoSome() => false;
    }
}
