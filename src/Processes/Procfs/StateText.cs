using System;

namespace Cashew.Processes;

/// <summary>The state of a process in one letter, and in a word.</summary>
/// <source>proc_pid_stat(5), proc_pid_status(5).</source>
internal static class StateText
{
    internal static byte Letter(Subject subject)
    {
        if (subject.IsLeaderGone || subject.Thread is not { } thread) return (byte)'Z';
        if (thread.Tracee is { IsStopped: true }) return (byte)'t';
        if (thread.SignalState.IsStopped) return (byte)'T';
        if (thread.IsRunnable) return (byte)'R';
        return thread.IsBlockedUninterruptibly ? (byte)'D' : (byte)'S';
    }

    internal static ReadOnlySpan<byte> Describe(byte letter) => letter switch
    {
        (byte)'Z' => "Z (zombie)"u8,
        (byte)'t' => "t (tracing stop)"u8,
        (byte)'T' => "T (stopped)"u8,
        (byte)'R' => "R (running)"u8,
        (byte)'D' => "D (disk sleep)"u8,
        _ => "S (sleeping)"u8,
    };
}
