using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class KcmpCall
{
    /// <summary>Not equal, and nothing is said about an order: objects here have none.</summary>
    private const int Different = 3;

    /// <summary>Whether two threads share something.</summary>
    /// <errors>ESRCH. EPERM: the caller may not look into one of them. EBADF: KCMP_FILE. EINVAL: another
    /// type.
    /// EOPNOTSUPP: KCMP_SYSVSEM and KCMP_EPOLL_TFD.</errors>
    /// <source>kcmp(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int firstId, int secondId, int type, ulong firstIndex, ulong secondIndex)
    {
        UserThread? first = ProcessTree.FindThread(firstId);
        UserThread? second = ProcessTree.FindThread(secondId);
        if (first is null || second is null) return Errno.ESRCH;
        if (InspectPermission.Check(caller, first.Process) != Errno.None
            || InspectPermission.Check(caller, second.Process) != Errno.None) return Errno.EPERM;
        switch (type)
        {
            case KcmpType.KCMP_FILE:
                return CompareFiles(first, second, firstIndex, secondIndex);
            case KcmpType.KCMP_VM:
                return Compare(first.Process.Memory, second.Process.Memory);
            case KcmpType.KCMP_FILES:
                return Compare(first.DescriptorsOrNone, second.DescriptorsOrNone);
            case KcmpType.KCMP_FS:
                return Compare(first.FilesystemOrNone, second.FilesystemOrNone);
            case KcmpType.KCMP_SIGHAND:
                return Compare(first.Process.SignalState.Actions, second.Process.SignalState.Actions);
            case KcmpType.KCMP_IO:
                return Compare(null, null); // nobody has a context for input and output
            case KcmpType.KCMP_SYSVSEM:
            case KcmpType.KCMP_EPOLL_TFD:
                return Errno.EOPNOTSUPP;
            default:
                return Errno.EINVAL;
        }
    }

    private static SyscallResult CompareFiles(UserThread first, UserThread second, ulong firstFd, ulong secondFd)
    {
        if (!TryGet(first, firstFd, out OpenFile? left)) return Errno.EBADF;
        bool hasRight = TryGet(second, secondFd, out OpenFile? right);
        SyscallResult result = hasRight ? Compare(left, right) : Errno.EBADF;
        left!.Release();
        right?.Release();
        return result;
    }

    private static bool TryGet(UserThread thread, ulong fd, out OpenFile? file)
    {
        file = null;
        return fd <= int.MaxValue && thread.DescriptorsOrNone is { } descriptors
            && descriptors.TryGet((int)fd, out file);
    }

    private static SyscallResult Compare(object? first, object? second) =>
        ReferenceEquals(first, second) ? 0 : Different;
}
