using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Access
{
    private const int KnownFlags = AtBits.AT_EACCESS | AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH;

    /// <summary>Whether the real user may do something with a file; with AT_EACCESS, the effective one.</summary>
    /// <errors>EINVAL: unknown mode or flags. EACCES, EROFS: not allowed. Those of the path.</errors>
    /// <source>access(2), faccessat2(2).</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress pathAddress, uint mode, int flags)
    {
        const uint AllModes = (uint)(AccessModes.Read | AccessModes.Write | AccessModes.Execute);
        if ((mode & ~AllModes) != 0 || (flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, pathAddress, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, directoryFd, path, out PathStart start, out error)) return error;
        using (start)
        {
            FileCaller asker = caller.FileCaller;
            if ((flags & AtBits.AT_EACCESS) == 0) asker = asker.As(RealUser(caller.Credentials));
            return FileTree.CheckAccess(asker, start.Location, path, PathFlags.From(flags), (AccessModes)mode);
        }
    }

    /// <summary>A set-user-ID program asks what its user could do: root's capabilities count only for a real root.
    /// </summary>
    private static Credentials RealUser(Credentials credentials)
    {
        bool isSame = credentials.Fsuid == credentials.Uid && credentials.Fsgid == credentials.Gid;
        CapabilitySet effective = credentials.Effective;
        if ((credentials.SecureBits & Identity.SecureNoSetuidFixup) == 0)
            effective = credentials.Uid == 0 ? credentials.Permitted : CapabilitySet.None;
        if (isSame && effective.Equals(credentials.Effective)) return credentials;
        return new Credentials(credentials)
        {
            Fsuid = credentials.Uid,
            Fsgid = credentials.Gid,
            Effective = effective,
        };
    }
}
