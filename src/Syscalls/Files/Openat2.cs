using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Openat2
{
    // The first version of the structure; longer ones must have zeros where we know nothing.
    private const ulong LeastBytes = 24;
    private const ulong MostBytes = UserAddress.PageSizeBytes;

    private const ulong PermissionBits = 0xFFF;
    private const ulong WithPath = OpenBits.O_PATH | OpenBits.O_DIRECTORY | OpenBits.O_NOFOLLOW | OpenBits.O_CLOEXEC;
    private const uint TemporaryBit = OpenBits.O_TMPFILE & ~OpenBits.O_DIRECTORY;
    private const ulong Creating = OpenBits.O_CREAT | TemporaryBit;
    private const ulong KnownFlags = OpenBits.O_ACCMODE | Creating | OpenBits.O_EXCL | OpenBits.O_NOCTTY | OpenBits.O_TRUNC
        | OpenBits.O_APPEND | OpenBits.O_NONBLOCK | OpenBits.O_SYNC | OpenBits.O_ASYNC | OpenBits.O_DIRECT
        | OpenBits.O_LARGEFILE | OpenBits.O_NOATIME | WithPath;
    private const ulong BothScopes = ResolveBits.RESOLVE_BENEATH | ResolveBits.RESOLVE_IN_ROOT;
    private const ulong KnownRules = BothScopes | ResolveBits.RESOLVE_NO_XDEV | ResolveBits.RESOLVE_NO_MAGICLINKS
        | ResolveBits.RESOLVE_NO_SYMLINKS | ResolveBits.RESOLVE_CACHED;

    /// <summary>Opens a file as openat does, by rules where the path may lead.</summary>
    /// <errors>EINVAL: a size, flag, mode or rule that there is not, or that contradicts another. E2BIG: a
    /// field that we do not know. EAGAIN: RESOLVE_CACHED, and it would take more; or a directory was moved
    /// meanwhile. EXDEV, ELOOP: a rule. The rest as <see cref="Openat"/>.</errors>
    /// <source>openat2(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress path, UserAddress howAddress, ulong size)
    {
        if (size < LeastBytes) return Errno.EINVAL;
        if (size > MostBytes) return Errno.E2BIG;
        OpenHow how = default;
        Errno error = StructArgument.Read(MemoryMarshal.AsBytes(new Span<OpenHow>(ref how)), howAddress, size);
        if (error == Errno.None) error = Check(how);
        if (error != Errno.None) return error;
        return Openat.Invoke(caller, directoryFd, path, (uint)how.flags, (uint)how.mode, (ResolveRules)how.resolve);
    }

    private static Errno Check(in OpenHow how)
    {
        if ((how.flags & ~KnownFlags) != 0 || (how.resolve & ~KnownRules) != 0) return Errno.EINVAL;
        if ((how.resolve & BothScopes) == BothScopes) return Errno.EINVAL;
        bool creates = (how.flags & Creating) != 0;
        if ((how.mode & ~(creates ? PermissionBits : 0)) != 0) return Errno.EINVAL;
        if ((how.flags & OpenBits.O_PATH) != 0 && (how.flags & ~WithPath) != 0) return Errno.EINVAL;
        bool isCached = (how.resolve & ResolveBits.RESOLVE_CACHED) != 0;
        return isCached && (how.flags & (Creating | OpenBits.O_TRUNC)) != 0 ? Errno.EAGAIN : Errno.None;
    }
}
