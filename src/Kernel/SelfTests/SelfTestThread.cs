using System.Collections.Generic;
using Cashew.Kernel.SelfTests.CoreLib;
using Cashew.Kernel.SelfTests.Machine;
using Cashew.Kernel.SelfTests.Tasks;
using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Kernel.SelfTests;

/// <summary>
/// The first thread when the command line says <c>selftest</c>: runs them all and ends the machine.
/// </summary>
internal sealed class SelfTestThread : Cashew.Tasks.Thread
{
    internal static SelfTestThread? Create()
    {
        SelfTestThread thread = new();
        return thread.TryInitialize() ? thread : null;
    }

    protected override void Main()
    {
        List<SelfTest> tests = new();
        CoreLibTests.AddTo(tests);
        BootTests.AddTo(tests);
        MemoryTests.AddTo(tests);
        UserModeTests.AddTo(tests);
        TaskTests.AddTo(tests);
        SelfTestReport.WriteLog();
        SelfTestRunner.Run(tests.ToArray(), SelfTestReport.Write, Collector.Poll);
        Power.Off();
    }
}
