using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>All system calls there are, by number. docs/compatibility.md is this table on paper.</summary>
internal sealed class SyscallTable
{
    /// <summary>One more than the greatest number that any Linux up to 6.12 knows.</summary>
    internal const int Length = SyscallNumber.mseal + 1;

    private readonly SyscallEntry?[] _entries = new SyscallEntry?[Length];

    internal SyscallTable()
    {
        FileCalls.AddTo(this);
        PathCalls.AddTo(this);
        MountingCalls.AddTo(this);
        ExtendedAttributeCalls.AddTo(this);
        MemoryCalls.AddTo(this);
        IpcCalls.AddTo(this);
        MqueueCalls.AddTo(this);
        ProcessCalls.AddTo(this);
        IdentityCalls.AddTo(this);
        SignalCalls.AddTo(this);
        PtraceCall.AddTo(this);
        TimeCalls.AddTo(this);
        SystemCalls.AddTo(this);
        SocketCalls.AddTo(this);
    }

    /// <summary>Null for a number without a call.</summary>
    internal SyscallEntry? this[int number] => (uint)number < Length ? _entries[number] : null;

    /// <param name="number">Its number.</param>
    /// <param name="name">Its name, as syscalls(2) spells it.</param>
    /// <param name="handler">What it does.</param>
    /// <param name="note">What is missing, for the compatibility page.</param>
    internal void Add(int number, string name, SyscallHandler handler, string note = "") =>
        _entries[number] = new SyscallEntry(number, name, handler, note);
}
