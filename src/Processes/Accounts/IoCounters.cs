using System.Runtime.CompilerServices;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>What reading and writing calls have moved, of a thread or a process.</summary>
/// <locking>Of a thread: written by itself alone.</locking>
/// <source>proc_pid_io(5).</source>
public struct IoCounters
{
    public long BytesRead;
    public long BytesWritten;
    public long ReadCalls;
    public long WriteCalls;

    /// <summary>Counts a call that got as far as the file, whatever came of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // on the way of every read and write
    public SyscallResult CountRead(SyscallResult result)
    {
        ReadCalls++;
        if (result.Value > 0) BytesRead += result.Value;
        return result;
    }

    /// <inheritdoc cref="CountRead"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SyscallResult CountWrite(SyscallResult result)
    {
        WriteCalls++;
        if (result.Value > 0) BytesWritten += result.Value;
        return result;
    }

    internal void Add(in IoCounters other)
    {
        BytesRead += other.BytesRead;
        BytesWritten += other.BytesWritten;
        ReadCalls += other.ReadCalls;
        WriteCalls += other.WriteCalls;
    }
}
