using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What is blocked, and what is pending meanwhile.</summary>
internal static class SignalMaskCalls
{
    /// <errors>EINVAL: another size, or an unknown <paramref name="how"/>. EFAULT.</errors>
    /// <source>sigprocmask(2)</source>
    internal static SyscallResult Sigprocmask(
        UserThread caller, int how, UserAddress newAddress, UserAddress oldAddress, ulong size)
    {
        if (size != SignalSetArgument.SizeBytes) return Errno.EINVAL;
        SignalSet old = caller.SignalState.Blocked;
        if (!newAddress.IsNull)
        {
            if (!SignalSetArgument.TryRead(newAddress, size, out SignalSet given, out Errno error)) return error;
            if (!TryCombine(how, old, given, out SignalSet blocked)) return Errno.EINVAL;
            PendingSignals.SetBlocked(caller, blocked);
        }

        return oldAddress.IsNull || UserMemory.TryWrite(oldAddress, old.Bits) ? 0 : Errno.EFAULT;
    }

    /// <summary>What is blocked and pending, of the thread or of its process.</summary>
    /// <errors>EINVAL: a longer set than the kernel's. EFAULT.</errors>
    /// <source>sigpending(2)</source>
    internal static SyscallResult Sigpending(UserThread caller, UserAddress result, ulong size)
    {
        if (size > SignalSetArgument.SizeBytes) return Errno.EINVAL;
        SignalSet pending = PendingSignals.Of(caller) & caller.SignalState.Blocked;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, pending.Bits);
        return UserMemory.CopyOut(result, bytes[..(int)size]) == (int)size ? 0 : Errno.EFAULT;
    }

    /// <summary>Changes or tells the alternate stack for handlers.</summary>
    /// <errors>EFAULT. EPERM: the thread runs on it. EINVAL: unknown flags. ENOMEM: too small.</errors>
    /// <source>sigaltstack(2)</source>
    internal static SyscallResult Sigaltstack(
        UserThread caller, UserAddress newAddress, UserAddress oldAddress, ulong stackPointer)
    {
        SignalStack old = caller.SignalState.Stack;
        int oldFlags = old.Report(stackPointer);
        if (!newAddress.IsNull)
        {
            if (!UserMemory.TryRead(newAddress, out Sigaltstack given)) return Errno.EFAULT;
            SignalStack wanted = new()
            {
                Start = new UserAddress(given.ss_sp),
                Flags = given.ss_flags,
                LengthBytes = given.ss_size,
            };
            Errno error = AlternateStack.Set(caller, wanted, stackPointer);
            if (error != Errno.None) return error;
        }

        if (oldAddress.IsNull) return 0;
        Sigaltstack told = new() { ss_sp = old.Start.Value, ss_flags = oldFlags, ss_size = old.LengthBytes };
        return UserMemory.TryWrite(oldAddress, told) ? 0 : Errno.EFAULT;
    }

    private static bool TryCombine(int how, SignalSet old, SignalSet given, out SignalSet blocked)
    {
        blocked = how switch
        {
            SigmaskHow.SIG_BLOCK => old | given,
            SigmaskHow.SIG_UNBLOCK => old.Without(given),
            _ => given,
        };
        return how is SigmaskHow.SIG_BLOCK or SigmaskHow.SIG_UNBLOCK or SigmaskHow.SIG_SETMASK;
    }
}
