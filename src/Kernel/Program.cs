using System.Runtime;
using Cashew.Kernel.Boot;
using Cashew.Kernel.SelfTests;
using Cashew.Machine;
using Cashew.Runtime;
using Cashew.Syscalls;
using Cashew.Tasks;

namespace Cashew.Kernel;

/// <summary>Boot order and wiring.</summary>
internal static class Program
{
    [RuntimeExport("cashew_kernel_main")]
    internal static void Main()
    {
        CommandLine commandLine = new(BootInfo.CommandLine);
        Log.ConsoleLevel = (LogLevel)commandLine.ConsoleLevel;
        Log.Info($"Cashew: {BootInfo.MemoryBytes >> 20} MiB of memory, clock {CyclesInMegahertz} MHz");
        if (BootInfo.IsCommandLineTruncated)
        {
            Panic.Stop("the command line is longer than this kernel takes (4095 bytes)");
        }

        // Beyond, garbage would be missed as memory.
        Collector.ComfortableBytes = Frame.TotalCount / 2 * Frame.SizeBytes;
        if (!Collector.TryRestock())
        {
            Panic.Stop("too little memory: there is not even a stock for the kernel's heap");
        }

        Panic.SetContext(new CrashReport());
        Collector.Stress = commandLine.CollectorStress;
        KernelEntry entry = commandLine.RunsSelfTests
            ? new KernelOnlyEntry()
            : new LinuxEntry(SyscallOptions.Parse(BootInfo.CommandLine));
        KernelEntry.Install(entry);

        Thread? first = commandLine.RunsSelfTests ? SelfTestThread.Create() : BootThread.Create(commandLine);
        if (first is null) Panic.Stop("no memory for the first thread");
        Scheduler.Run(first, new KernelIdleWork());
    }

    private static ulong CyclesInMegahertz => Clock.CyclesPerSecond / 1_000_000;
}
