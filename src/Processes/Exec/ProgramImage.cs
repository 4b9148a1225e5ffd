using System.Threading;
using System;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>What a process runs, apart from its memory. Shared by the processes that fork from it.</summary>
public sealed class ProgramImage
{
    public static readonly ProgramImage None = new(null, []);

    private readonly ulong[] _auxiliary;
    private int _userCount = 1;

    internal ProgramImage(OpenFile? file, ReadOnlySpan<ulong> auxiliary)
    {
        File = file;
        _auxiliary = auxiliary.ToArray();
    }

    /// <summary>What /proc/PID/exe leads to. Open as long as a process runs it.</summary>
    public OpenFile? File { get; }

    /// <summary>proc(5), /proc/PID/auxv.</summary>
    public ReadOnlySpan<ulong> Auxiliary => _auxiliary;

    internal ProgramImage Retain()
    {
        Interlocked.Increment(ref _userCount);
        return this;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _userCount) == 0) File?.Release();
    }
}
