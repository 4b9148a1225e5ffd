namespace Cashew.Tool.Testing;

internal enum TestEvent
{
    Begin,
    Passed,
    Failed,
    End,
}
