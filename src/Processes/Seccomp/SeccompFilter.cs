using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>A program that decides which system calls a thread may make, and those that were installed before
/// it. Never changes, so threads share it, and children have their parent's without a copy.</summary>
/// <source>seccomp(2)</source>
public sealed class SeccompFilter
{
    /// <summary>The most instructions of all filters of a thread; each older filter counts four
    /// more.</summary>
    /// <source>seccomp(2), ENOMEM.</source>
    private const int MaxChainLength = 32768;
    private const int LengthOfAny = 4;

    private readonly BpfInstruction[] _program;
    private readonly int _chainLength;

    private SeccompFilter(BpfInstruction[] program, SeccompFilter? older, bool logs)
    {
        _program = program;
        Older = older;
        Logs = logs;
        Count = older is null ? 1 : older.Count + 1;
        _chainLength = program.Length + (older is null ? 0 : older._chainLength + LengthOfAny);
    }

    internal SeccompFilter? Older { get; }

    /// <summary>SECCOMP_FILTER_FLAG_LOG: what it does not allow is to be in the log.</summary>
    internal bool Logs { get; }

    /// <summary>How many filters there are with it.</summary>
    internal int Count { get; }

    /// <summary>A filter on top of others.</summary>
    /// <errors>EINVAL: not a valid program. ENOMEM: too many instructions in all, or no memory.</errors>
    public static bool TryCreate(
        BpfInstruction[] program, SeccompFilter? older, bool logs,
        [NotNullWhen(true)] out SeccompFilter? filter, out Errno error)
    {
        filter = null;
        error = Errno.EINVAL;
        if (!BpfCheck.IsValid(program)) return false;
        error = Errno.ENOMEM;
        int length = program.Length + (older is null ? 0 : older._chainLength + LengthOfAny);
        if (length > MaxChainLength || !KernelObjects.MayCreate()) return false;
        filter = new SeccompFilter(program, older, logs);
        error = Errno.None;
        return true;
    }

    /// <summary>What the strictest of all filters says; of equals the newest.</summary>
    internal uint Decide(in SeccompCall call, out SeccompFilter deciding)
    {
        uint decision = SeccompBits.SECCOMP_RET_ALLOW;
        deciding = this;
        for (SeccompFilter? filter = this; filter is not null; filter = filter.Older)
        {
            uint answer = BpfMachine.Run(filter._program, call);
            if (Rank(answer) >= Rank(decision)) continue;
            decision = answer;
            deciding = filter;
        }

        return decision;
    }

    internal bool Includes(SeccompFilter? other)
    {
        for (SeccompFilter? filter = this; filter is not null; filter = filter.Older)
        {
            if (ReferenceEquals(filter, other)) return true;
        }

        return false;
    }

    /// <summary>KILL_PROCESS has the highest bit and comes before all others.</summary>
    private static int Rank(uint answer) => (int)(answer & SeccompBits.SECCOMP_RET_ACTION_FULL);
}
