using System;

namespace Cashew.Syscalls;

/// <summary>What the boot command line says about system calls.</summary>
public readonly struct SyscallOptions
{
    /// <summary>cashew.unsupported=log: a line in the kernel's log for each call or flag there is
    /// not.</summary>
    public bool LogsUnsupported { get; private init; }

    /// <summary>cashew.strace: a line for every call.</summary>
    public bool Traces { get; private init; }

    public static SyscallOptions Parse(ReadOnlySpan<byte> commandLine)
    {
        bool logsUnsupported = false;
        bool traces = false;
        while (!commandLine.IsEmpty)
        {
            int end = commandLine.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? commandLine : commandLine[..end];
            commandLine = end < 0 ? default : commandLine[(end + 1)..];
            if (word.SequenceEqual("cashew.unsupported=log"u8)) logsUnsupported = true;
            if (word.SequenceEqual("cashew.strace"u8)) traces = true;
        }

        return new SyscallOptions { LogsUnsupported = logsUnsupported, Traces = traces };
    }
}
