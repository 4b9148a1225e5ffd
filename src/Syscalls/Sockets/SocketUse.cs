using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>A socket in use by a system call; dispose of it at the call's end.</summary>
internal readonly ref struct SocketUse : IDisposable
{
    private readonly FileUse _use;

    private SocketUse(FileUse use, Socket socket)
    {
        _use = use;
        Socket = socket;
    }

    internal Socket Socket { get; }

    /// <errors>EBADF. ENOTSOCK: another kind of file.</errors>
    internal static bool TryTake(UserThread caller, int fd, out SocketUse socket, out Errno error)
    {
        socket = default;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out error)) return false;
        if (use.File is Socket found)
        {
            socket = new SocketUse(use, found);
            return true;
        }

        use.Dispose();
        error = Errno.ENOTSOCK;
        return false;
    }

    public void Dispose() => _use.Dispose();
}
