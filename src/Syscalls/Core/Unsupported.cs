using System.Threading;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Says in the kernel's log what a program asked for in vain, if the boot command line wants to know; so
/// many lines a second and no more.</summary>
internal static class Unsupported
{
    private const int LinesPerSecond = 10;

    private static bool s_isLogged;
    private static long s_second;
    private static int s_lines;

    internal static void Configure(SyscallOptions options) => s_isLogged = options.LogsUnsupported;

    /// <summary>A number without a call.</summary>
    internal static void Call(UserThread caller, int number)
    {
        if (s_isLogged && MayWrite()) Log.Warning($"pid {caller.Process.Id}: no system call {number}");
    }

    /// <summary>A flag, option or command that a call does not know.</summary>
    internal static void Use(UserThread caller, string call, ulong value)
    {
        if (s_isLogged && MayWrite()) Log.Warning($"pid {caller.Process.Id}: {call} does not know {value:x}");
    }

    /// <summary>Races between processors cost a line too many or too few.</summary>
    private static bool MayWrite()
    {
        long second = Clock.Monotonic.Value / Nanoseconds.PerSecond;
        if (Volatile.Read(ref s_second) != second)
        {
            Volatile.Write(ref s_second, second);
            Volatile.Write(ref s_lines, 0);
        }

        return Interlocked.Increment(ref s_lines) <= LinesPerSecond;
    }
}
