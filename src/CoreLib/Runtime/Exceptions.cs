using System;
using System.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// A C# exception is a kernel bug. Today it stops the machine with a report; one day it will unwind to the
/// system-call edge, which is why locks and other brackets are always taken with <c>using</c>.
/// </summary>
internal static unsafe class Exceptions
{
    [RuntimeExport("RhpThrowEx")]
    internal static void Throw(Exception exception) => RuntimeHooks.Fatal(Describe(exception));

    [RuntimeExport("RhpRethrow")]
    internal static void Rethrow() => RuntimeHooks.Fatal("an exception was thrown again");

    [RuntimeExport("RhpFallbackFailFast")]
    internal static void FailFast() => RuntimeHooks.Fatal("compiled code found its own state corrupt");

    private static string Describe(Exception exception) => exception.Message ?? exception switch
    {
        IndexOutOfRangeException => "index out of range",
        NullReferenceException => "null reference",
        InvalidCastException => "invalid cast",
        ArrayTypeMismatchException => "array element of the wrong type",
        DivideByZeroException => "division by zero",
        OverflowException => "arithmetic overflow",
        ArgumentOutOfRangeException => "argument out of range",
        ArgumentException => "bad argument",
        InvalidOperationException => "invalid operation",
        NotSupportedException => "not supported",
        OutOfMemoryException => "out of memory",
        _ => "exception",
    };
}
