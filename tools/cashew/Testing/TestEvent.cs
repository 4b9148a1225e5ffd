namespace Cashew.Tool.Testing;

internal enum TestEvent
{
    Begin,

    /// <summary>A piece of what the test printed, in hexadecimal.</summary>
    Data,
    Passed,
    Failed,
    End,
}
