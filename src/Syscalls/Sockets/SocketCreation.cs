using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>New sockets.</summary>
internal static class SocketCreation
{
    private const int TypeMask = 0xF;
    private const int MostTypes = 11;
    private const int FlagMask = SocketType.SOCK_CLOEXEC | SocketType.SOCK_NONBLOCK;

    /// <errors>EINVAL: an unknown flag or type. EAFNOSUPPORT: another family than AF_UNIX. EPROTONOSUPPORT,
    /// ESOCKTNOSUPPORT. EMFILE, ENFILE, ENOMEM.</errors>
    /// <source>socket(2)</source>
    internal static SyscallResult Socket(UserThread caller, int domain, int type, int protocol)
    {
        Errno error = Check(caller, domain, type, protocol);
        if (error != Errno.None) return error;
        error = UnixSocket.Create(type & TypeMask, StatusFlags(type), out UnixSocket? socket);
        return error == Errno.None ? NewFile.Install(caller, socket!, OpenFlags(type)) : error;
    }

    /// <errors>As <see cref="Socket"/>. EFAULT.</errors>
    /// <source>socketpair(2)</source>
    internal static SyscallResult Pair(UserThread caller, int domain, int type, int protocol, UserAddress result)
    {
        if (!AreFlagsKnown(type)) return Errno.EINVAL;
        DescriptorTable descriptors = caller.Descriptors;
        int limit = DescriptorLimit.Of(caller);
        FdFlags fdFlags = FdFlags.FromOpen(OpenFlags(type));
        if (!descriptors.TryReserve(limit, fdFlags, out int firstFd, out Errno error)) return error;
        if (!descriptors.TryReserve(limit, fdFlags, out int secondFd, out error))
        {
            descriptors.CancelReservation(firstFd);
            return error;
        }

        // The numbers are stored first, as on Linux: what can fail comes before the sockets.
        ulong pair = (uint)firstFd | (ulong)(uint)secondFd << 32;
        UnixSocket? first = null;
        UnixSocket? second = null;
        error = UserMemory.TryWrite(result, pair) ? Check(caller, domain, type, protocol) : Errno.EFAULT;
        if (error == Errno.None) error = OpenFileLimit.Check(caller.Credentials);
        if (error == Errno.None) error = UnixSocket.Create(type & TypeMask, StatusFlags(type), out first);
        if (error == Errno.None) error = UnixSocket.Create(type & TypeMask, StatusFlags(type), out second);
        if (error != Errno.None)
        {
            descriptors.CancelReservation(firstFd);
            descriptors.CancelReservation(secondFd);
            return error;
        }

        UnixSocket.Join(first!, second!);
        descriptors.Install(firstFd, first!);
        descriptors.Install(secondFd, second!);
        return 0;
    }

    /// <summary>O_CLOEXEC and O_NONBLOCK have the same numbers as the flags of sockets.</summary>
    internal static uint OpenFlags(int type) => (uint)(type & FlagMask);

    internal static uint StatusFlags(int type) => (uint)(type & SocketType.SOCK_NONBLOCK);

    internal static bool AreFlagsKnown(int type) => (type & ~(TypeMask | FlagMask)) == 0;

    private static Errno Check(UserThread caller, int domain, int type, int protocol)
    {
        if (!AreFlagsKnown(type)) return Errno.EINVAL;
        if (domain is < 0 or >= SocketDomain.AF_MAX) return Errno.EAFNOSUPPORT;
        if ((type & TypeMask) >= MostTypes) return Errno.EINVAL;
        if (domain != SocketDomain.AF_UNIX)
        {
            Unsupported.Use(caller, "socket", (ulong)domain);
            return Errno.EAFNOSUPPORT;
        }

        return protocol is 0 or SocketDomain.AF_UNIX ? Errno.None : Errno.EPROTONOSUPPORT;
    }
}
