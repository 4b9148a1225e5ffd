using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Who a thread is once it runs a program.</summary>
/// <source>execve(2) "Effect on process attributes"; capabilities(7), "Transformation of capabilities during
/// execve()" and "Capabilities and execution of programs by root".</source>
internal static class ExecCredentials
{
    private const uint KeepCapabilities = 1 << 4;
    private const uint NoRoot = 1 << 0;

    internal static Credentials Transform(UserThread thread, OpenFile program)
    {
        Credentials old = thread.Credentials;
        uint euid = old.Euid;
        uint egid = old.Egid;
        if (!thread.HasNoNewPrivileges && HonorsSetId(program)) ReadSetId(program.Inode, ref euid, ref egid);

        bool changesId = euid != old.Euid || egid != old.Egid;
        CapabilitySet ambient = changesId ? CapabilitySet.None : old.Ambient;
        CapabilitySet permitted = ambient;
        CapabilitySet effective = ambient;
        bool isRoot = (old.SecureBits & NoRoot) == 0 && (old.Uid == 0 || euid == 0);
        if (isRoot)
        {
            permitted = old.Inheritable | old.Bounding | ambient;
            effective = euid == 0 ? permitted : ambient;
        }

        return new Credentials(old)
        {
            Euid = euid,
            Suid = euid,
            Fsuid = euid,
            Egid = egid,
            Sgid = egid,
            Fsgid = egid,
            Permitted = permitted,
            Effective = effective,
            Ambient = ambient,
            SecureBits = old.SecureBits & ~KeepCapabilities,
        };
    }

    /// <summary>Whether the program has more rights than whoever started it, and must not trust its environment.
    /// </summary>
    /// <source>getauxval(3), AT_SECURE.</source>
    internal static bool IsSecure(Credentials credentials)
    {
        if (credentials.Euid != credentials.Uid || credentials.Egid != credentials.Gid) return true;
        return credentials.Uid != 0 && !credentials.Effective.IsSubsetOf(credentials.Ambient);
    }

    private static bool HonorsSetId(OpenFile program) =>
        program.Location.IsNone || !program.Location.Mount.Has(MountOptions.NoSetUid);

    private static void ReadSetId(Inode inode, ref uint euid, ref uint egid)
    {
        const uint GroupExecutable = Mode.S_ISGID | Mode.S_IXGRP;
        uint mode = inode.Mode;
        if ((mode & Mode.S_ISUID) != 0) euid = inode.Uid;
        // Without group execution the bit once meant mandatory locking.
        if ((mode & GroupExecutable) == GroupExecutable) egid = inode.Gid;
    }
}
