namespace Cashew.Syscalls;

/// <summary>One line of the table.</summary>
internal sealed class SyscallEntry(int number, string name, SyscallHandler handler, string note)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    public SyscallHandler Handler { get; } = handler;

    /// <summary>What is missing; empty when the call is complete.</summary>
    public string Note { get; } = note;
}
