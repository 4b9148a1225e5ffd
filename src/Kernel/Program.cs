using System;
using System.Collections.Generic;
using System.Runtime;
using Cashew.Kernel.SelfTests;
using Cashew.Kernel.SelfTests.Machine;
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
        List<SelfTest> tests = new();
        MemoryTests.AddTo(tests);
        UserModeTests.AddTo(tests);
        SelfTestRunner.Run(tests.ToArray(), static text => Write(text), static () => { });
        Power.Off();
    }

    private static void Write(string text) => Log.Info($"{text}");
}
