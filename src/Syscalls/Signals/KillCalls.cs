using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Sending signals.</summary>
internal static class KillCalls
{
    /// <errors>EINVAL: no thread id, or no signal. ESRCH. EPERM. EAGAIN: RLIMIT_SIGPENDING.</errors>
    /// <source>tkill(2)</source>
    internal static SyscallResult Tkill(UserThread caller, int threadId, int signal)
    {
        const int AnyProcess = 0;
        return threadId <= 0 ? Errno.EINVAL : SignalTargets.KillThread(caller, AnyProcess, threadId, signal);
    }

    /// <inheritdoc cref="Tkill"/>
    /// <source>tgkill(2)</source>
    internal static SyscallResult Tgkill(UserThread caller, int processId, int threadId, int signal) =>
        processId <= 0 || threadId <= 0
            ? Errno.EINVAL
            : SignalTargets.KillThread(caller, processId, threadId, signal);

    /// <summary>A signal with what the caller wants it to say.</summary>
    /// <errors>EFAULT. EPERM: it would pass for the kernel's, or another's. EINVAL: no signal. ESRCH.
    /// EAGAIN.</errors>
    /// <source>rt_sigqueueinfo(2)</source>
    internal static SyscallResult Sigqueueinfo(UserThread caller, int processId, int signal, UserAddress address) =>
        TryRead(address, signal, out SignalInfo info) ? SignalTargets.Queue(caller, processId, info) : Errno.EFAULT;

    /// <inheritdoc cref="Sigqueueinfo"/>
    /// <source>rt_tgsigqueueinfo(2)</source>
    internal static SyscallResult Tgsigqueueinfo(
        UserThread caller, int processId, int threadId, int signal, UserAddress address)
    {
        if (!TryRead(address, signal, out SignalInfo info)) return Errno.EFAULT;
        if (processId <= 0 || threadId <= 0) return Errno.EINVAL;
        return SignalTargets.QueueThread(caller, processId, threadId, info);
    }

    /// <summary>The number is the argument's, whatever the structure says.</summary>
    private static bool TryRead(UserAddress address, int signal, out SignalInfo info)
    {
        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        bool isRead = UserMemory.CopyIn(bytes, address) == bytes.Length;
        info = isRead ? SignalInfo.Read(bytes) : default;
        info.Number = signal;
        return isRead;
    }
}
