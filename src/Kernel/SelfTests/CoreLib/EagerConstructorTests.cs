using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// Static constructors that run at boot, for statics whose first use may be in an interrupt.
/// </summary>
internal static class EagerConstructorTests
{
    private static int s_runs;

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(An_eager_constructor_has_run_before_its_class_is_used),
            An_eager_constructor_has_run_before_its_class_is_used));
    }

    private static void An_eager_constructor_has_run_before_its_class_is_used()
    {
        Check.Equal(1, s_runs);
        Check.Equal("made at boot: 5", Eager.Text);
        Check.Equal(1, s_runs);
    }

    [EagerStaticClassConstruction]
    private static class Eager
    {
        internal static readonly string Text;

        static Eager()
        {
            s_runs++;
            Text = "made at boot: " + Opaque.Number(5).ToString();
        }
    }
}
