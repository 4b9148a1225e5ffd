using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Says in the kernel's log what a program asked for in vain, if the boot command line wants to
/// know; so many lines a second and no more.</summary>
internal static class Unsupported
{
    private const int LinesPerSecond = 10;

    private static readonly LogRate s_rate = new(LinesPerSecond);

    private static bool s_isLogged;

    internal static void Configure(SyscallOptions options) => s_isLogged = options.LogsUnsupported;

    /// <summary>A number without a call.</summary>
    internal static void Call(UserThread caller, int number)
    {
        if (s_isLogged && s_rate.MayWrite()) Log.Warning($"pid {caller.Process.Id}: no system call {number}");
    }

    /// <summary>A flag, option or command that a call does not know.</summary>
    internal static void Use(UserThread caller, string call, ulong value)
    {
        if (s_isLogged && s_rate.MayWrite()) Log.Warning($"pid {caller.Process.Id}: {call} does not know {value:x}");
    }
}
