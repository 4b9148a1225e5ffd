using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Descriptors that name processes.</summary>
internal static class ProcessFileCalls
{
    /// <errors>EINVAL: an unknown flag, no pid, or not a process's own. ESRCH. EMFILE, ENFILE,
    /// ENOMEM.</errors>
    /// <source>pidfd_open(2)</source>
    internal static SyscallResult Open(UserThread caller, int pid, uint flags)
    {
        if ((flags & ~PidfdBits.PIDFD_NONBLOCK) != 0 || pid <= 0) return Errno.EINVAL;
        if (PidTable.Find(pid) is not { } entry) return Errno.ESRCH;
        // The number of a thread that is not its process's first, of a group or of a session names no
        // process.
        if (entry.Process is not { } process) return Errno.EINVAL;
        return NewFile.Install(caller, new ProcessFile(process, flags), flags | OpenBits.O_CLOEXEC);
    }

    /// <summary>A signal to the process that the descriptor names; without siginfo, as kill(2) sends
    /// it.</summary>
    /// <errors>EINVAL: a flag, no signal, or not the one that the siginfo is about. EBADF. EFAULT. EPERM: no
    /// permission, or a siginfo that would pass for the kernel's. ESRCH: it has been waited for.
    /// EAGAIN.</errors>
    /// <source>pidfd_send_signal(2)</source>
    internal static SyscallResult SendSignal(
        UserThread caller, int fd, int signal, UserAddress infoAddress, uint flags)
    {
        if (flags != 0) return Errno.EINVAL;
        if (!ProcessFileArgument.TryReadOrDirectory(caller, fd, out Process? target, out Errno error)) return error;
        if (infoAddress.IsNull) return SignalTargets.Kill(caller, target, signal);

        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        if (UserMemory.CopyIn(bytes, infoAddress) != bytes.Length) return Errno.EFAULT;
        SignalInfo info = SignalInfo.Read(bytes);
        return info.Number != signal ? Errno.EINVAL : SignalTargets.Queue(caller, target, info);
    }

    /// <summary>A descriptor for a file that another process has open.</summary>
    /// <errors>EINVAL: a flag. EBADF: no process's descriptor, or it has no such. ESRCH: it has been waited
    /// for. EPERM: the caller may not look into it. EMFILE, ENFILE, ENOMEM.</errors>
    /// <source>pidfd_getfd(2)</source>
    internal static SyscallResult GetFile(UserThread caller, int fd, int targetFd, uint flags)
    {
        if (flags != 0) return Errno.EINVAL;
        if (!ProcessFileArgument.TryRead(caller, fd, out Process? target, out _, out Errno error)) return error;
        if (target.State == ProcessState.Reaped) return Errno.ESRCH;
        error = InspectPermission.Check(caller, target);
        if (error != Errno.None) return error;
        if (target.Leader?.DescriptorsOrNone is not { } descriptors) return Errno.EBADF;
        if (!descriptors.TryGet(targetFd, out OpenFile? file)) return Errno.EBADF;
        return NewFile.Install(caller, file, OpenBits.O_CLOEXEC);
    }
}
