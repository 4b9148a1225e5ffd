using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>cashew.strace: each call with its registers and its result, in the kernel's log.</summary>
internal static class SyscallTrace
{
    internal static void Entered(UserThread caller, SyscallEntry? entry, int number, in UserRegisters user)
    {
        if (entry is null) Log.Info($"[{caller.Id}] {number}({user.Rdi:x}, {user.Rsi:x}, {user.Rdx:x}, {user.R10:x})");
        else Log.Info($"[{caller.Id}] {entry.Name}({user.Rdi:x}, {user.Rsi:x}, {user.Rdx:x}, {user.R10:x})");
    }

    internal static void Left(UserThread caller, SyscallResult result)
    {
        if (result.IsError) Log.Info($"[{caller.Id}] = error {(int)result.Error}");
        else Log.Info($"[{caller.Id}] = {(ulong)result.Value:x}");
    }
}
