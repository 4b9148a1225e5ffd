using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The signal that a thread stopped for, its mask, and what is pending for it.</summary>
internal static class PtraceSignals
{
    private const int MaskBytes = sizeof(ulong);

    // struct ptrace_peeksiginfo_args.
    private const int FlagsOffset = 8;
    private const int CountOffset = 12;

    /// <summary>Null for a request that is about something else.</summary>
    internal static SyscallResult? Invoke(Tracee tracee, long request, ulong address, ulong data) =>
        request switch
        {
            PtraceRequest.PTRACE_GETSIGINFO => GetInfo(tracee, new UserAddress(data)),
            PtraceRequest.PTRACE_SETSIGINFO => SetInfo(tracee, new UserAddress(data)),
            PtraceRequest.PTRACE_PEEKSIGINFO => Peek(tracee, new UserAddress(address), new UserAddress(data)),
            PtraceRequest.PTRACE_GETSIGMASK => GetMask(tracee, address, new UserAddress(data)),
            PtraceRequest.PTRACE_SETSIGMASK => SetMask(tracee, address, new UserAddress(data)),
            _ => null,
        };

    /// <errors>EINVAL: the stop is not for a signal. EFAULT.</errors>
    /// <source>ptrace(2), PTRACE_GETSIGINFO</source>
    private static SyscallResult GetInfo(Tracee tracee, UserAddress to)
    {
        Errno error = TraceRequests.GetSignal(tracee, out SignalInfo info);
        return error != Errno.None ? error : Write(info, to);
    }

    /// <errors>EFAULT. EINVAL: the stop is not for a signal.</errors>
    /// <source>ptrace(2), PTRACE_SETSIGINFO</source>
    private static SyscallResult SetInfo(Tracee tracee, UserAddress from)
    {
        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        if (UserMemory.CopyIn(bytes, from) != bytes.Length) return Errno.EFAULT;
        return TraceRequests.SetSignal(tracee, SignalInfo.Read(bytes));
    }

    /// <summary>How many were copied.</summary>
    /// <errors>EFAULT: nothing was. EINVAL: an unknown flag, a negative count.</errors>
    /// <source>ptrace(2), PTRACE_PEEKSIGINFO</source>
    private static SyscallResult Peek(Tracee tracee, UserAddress arguments, UserAddress to)
    {
        if (!UserMemory.TryRead(arguments, out ulong first)
            || !UserMemory.TryRead(arguments + FlagsOffset, out uint flags)
            || !UserMemory.TryRead(arguments + CountOffset, out int count)) return Errno.EFAULT;
        if ((flags & ~PtraceRequest.PTRACE_PEEKSIGINFO_SHARED) != 0 || count < 0) return Errno.EINVAL;

        bool isShared = (flags & PtraceRequest.PTRACE_PEEKSIGINFO_SHARED) != 0;
        int done = 0;
        while (done < count)
        {
            if (!TraceRequests.TryPeekSignal(tracee, first + (ulong)done, isShared, out SignalInfo info)) break;
            if (Write(info, to).IsError) return done > 0 ? done : Errno.EFAULT;
            to += SignalInfo.UserSizeBytes;
            done++;
        }

        return done;
    }

    /// <errors>EINVAL: not the size of a mask. EFAULT.</errors>
    /// <source>ptrace(2), PTRACE_GETSIGMASK</source>
    private static SyscallResult GetMask(Tracee tracee, ulong size, UserAddress to)
    {
        if (size != MaskBytes) return Errno.EINVAL;
        return UserMemory.TryWrite(to, TraceRequests.GetMask(tracee).Bits) ? 0 : Errno.EFAULT;
    }

    /// <errors>EINVAL: not the size of a mask. EFAULT.</errors>
    /// <source>ptrace(2), PTRACE_SETSIGMASK</source>
    private static SyscallResult SetMask(Tracee tracee, ulong size, UserAddress from)
    {
        if (size != MaskBytes) return Errno.EINVAL;
        if (!UserMemory.TryRead(from, out ulong bits)) return Errno.EFAULT;
        TraceRequests.SetMask(tracee, new SignalSet(bits));
        return 0;
    }

    private static SyscallResult Write(in SignalInfo info, UserAddress to)
    {
        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        info.Write(bytes);
        return UserMemory.CopyOut(to, bytes) == bytes.Length ? 0 : Errno.EFAULT;
    }
}
