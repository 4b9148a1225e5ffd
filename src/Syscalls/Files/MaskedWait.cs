using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The waits that come with a signal mask, which holds until the call is over and its signals have
/// been handled.</summary>
/// <source>ppoll(2), pselect(2), epoll_wait(2)</source>
internal static class MaskedWait
{
    private const int PointerBytes = 8;
    private const ulong MaskBytes = 8;

    internal static SyscallResult Ppoll(
        UserThread caller, UserAddress array, uint count, UserAddress timeout, UserAddress mask, ulong maskSize)
    {
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out Errno error)) return error;
        error = SetMask(caller, mask, maskSize);
        if (error != Errno.None) return error;
        return End(caller, Poll.InvokeUntil(caller, array, count, timeout, in wait));
    }

    /// <summary>The sixth argument is a pointer to the mask's address and its size.</summary>
    internal static SyscallResult Pselect6(
        UserThread caller, int count, UserAddress readers, UserAddress writers, UserAddress exceptions,
        UserAddress timeout, UserAddress packed)
    {
        UserAddress mask = default;
        ulong maskSize = 0;
        if (!packed.IsNull)
        {
            if (!UserMemory.TryRead(packed, out ulong address) || !UserMemory.TryRead(packed + PointerBytes, out maskSize))
            {
                return Errno.EFAULT;
            }

            mask = new UserAddress(address);
        }

        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out Errno error)) return error;
        error = SetMask(caller, mask, maskSize);
        if (error != Errno.None) return error;
        return End(caller, Select.InvokeUntil(caller, count, readers, writers, exceptions, timeout, in wait));
    }

    internal static SyscallResult EpollPwait(
        UserThread caller, int fd, UserAddress events, int count, int timeoutMs, UserAddress mask, ulong maskSize)
    {
        if (mask.IsNull) return EpollWait.Invoke(caller, fd, events, count, timeoutMs);
        Errno error = SetMask(caller, mask, maskSize);
        if (error != Errno.None) return error;
        return End(caller, EpollWait.Invoke(caller, fd, events, count, timeoutMs));
    }

    internal static SyscallResult EpollPwait2(
        UserThread caller, int fd, UserAddress events, int count, UserAddress timeout, UserAddress mask, ulong maskSize)
    {
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out Errno error)) return error;
        error = SetMask(caller, mask, maskSize);
        if (error != Errno.None) return error;
        return End(caller, EpollWait.InvokeUntil(caller, fd, events, count, wait.Deadline));
    }

    /// <errors>EINVAL: the size of the mask. EFAULT.</errors>
    private static Errno SetMask(UserThread caller, UserAddress mask, ulong maskSize)
    {
        if (mask.IsNull) return Errno.None;
        if (maskSize != MaskBytes) return Errno.EINVAL;
        if (!UserMemory.TryRead(mask, out ulong bits)) return Errno.EFAULT;
        PendingSignals.SetBlockedForCall(caller, new SignalSet(bits));
        return Errno.None;
    }

    /// <summary>After a signal the mask stays until its handler runs; otherwise the old one comes back
    /// now.</summary>
    private static SyscallResult End(UserThread caller, SyscallResult result)
    {
        if (result.Error is not (Errno.ERESTARTNOHAND or Errno.EINTR)) PendingSignals.RestoreBlocked(caller);
        return result;
    }
}
