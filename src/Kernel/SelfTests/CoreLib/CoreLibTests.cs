using System.Collections.Generic;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>All tests of the core library and the runtime inside it.</summary>
internal static class CoreLibTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        CastTests.AddTo(tests);
        DelegateTests.AddTo(tests);
        GenericTests.AddTo(tests);
        LanguageTests.AddTo(tests);
        CollectionTests.AddTo(tests);
        SpanTests.AddTo(tests);
        NumberTests.AddTo(tests);
        StaticsTests.AddTo(tests);
        EagerConstructorTests.AddTo(tests);
        CollectorTests.AddTo(tests);
        CollectorStressTests.AddTo(tests);
        CollectorThreadTests.AddTo(tests);
        CollectorStepTests.AddTo(tests);
        CollectorMemoryTests.AddTo(tests);
        CollectorTimingTests.AddTo(tests);
    }
}
