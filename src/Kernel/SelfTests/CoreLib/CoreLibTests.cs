using System.Collections.Generic;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>All tests of the core library and the runtime inside it.</summary>
internal static class CoreLibTests
{
    internal static List<SelfTest> All()
    {
        List<SelfTest> tests = new();
        CastTests.AddTo(tests);
        DelegateTests.AddTo(tests);
        GenericTests.AddTo(tests);
        LanguageTests.AddTo(tests);
        StaticsTests.AddTo(tests);
        return tests;
    }
}
