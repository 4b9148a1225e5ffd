using System.Runtime;
using Cashew.Machine;

namespace Cashew.Kernel;

/// <summary>Boot order and wiring.</summary>
internal static class Program
{
    [RuntimeExport("cashew_kernel_main")]
    internal static void Main()
    {
        Log.ConsoleLevel = LogLevel.Debug;
        Log.Info($"Cashew: {BootInfo.MemoryBytes >> 20} MiB, {Frame.FreeCount} frames free, tsc {Clock.CyclesPerSecond} Hz");
        Log.Info($"command line: {BootInfo.CommandLine}");
        Power.Off();
    }
}
