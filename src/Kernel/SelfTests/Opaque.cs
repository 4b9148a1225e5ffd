using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests;

/// <summary>Hides a value's type from the optimizer, so that a test meets the run-time code.</summary>
internal static class Opaque
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static object Value(object value) => value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static object? Maybe(object? value) => value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Number(int value) => value;

    /// <summary>Makes the optimizer believe that the value is used.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Keep(object? value)
    {
    }
}
