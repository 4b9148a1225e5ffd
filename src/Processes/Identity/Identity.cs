using System;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Changes who the current thread is.</summary>
/// <source>credentials(7); capabilities(7), "Effect of user ID changes on capabilities".</source>
public static class Identity
{
    public const uint SecureNoRoot = 1 << 0;
    public const uint SecureNoSetuidFixup = 1 << 2;
    public const uint SecureKeepCapabilities = 1 << 4;

    private const uint Invalid = uint.MaxValue;

    // What goes with the file-system user id, rather than with the effective one.
    private const ulong FileCapabilities =
        1UL << Capability.CAP_CHOWN | 1UL << Capability.CAP_MKNOD | 1UL << Capability.CAP_DAC_OVERRIDE
        | 1UL << Capability.CAP_DAC_READ_SEARCH | 1UL << Capability.CAP_FSETID | 1UL << Capability.CAP_FOWNER
        | 1UL << Capability.CAP_MAC_OVERRIDE | 1UL << Capability.CAP_LINUX_IMMUTABLE;

    public static IdTriplet Users(Credentials credentials) =>
        new(credentials.Uid, credentials.Euid, credentials.Suid);

    public static IdTriplet Groups(Credentials credentials) =>
        new(credentials.Gid, credentials.Egid, credentials.Sgid);

    /// <errors>EINVAL: no id. EPERM.</errors>
    /// <source>setuid(2).</source>
    public static Errno SetUser(UserThread caller, uint uid)
    {
        if (uid == Invalid) return Errno.EINVAL;
        Credentials old = caller.Credentials;
        return Users(old).TrySet(uid, old.Has(Capability.CAP_SETUID), out IdTriplet ids)
            ? ApplyUsers(caller, ids)
            : Errno.EPERM;
    }

    /// <errors>EPERM.</errors>
    /// <source>setreuid(2).</source>
    public static Errno SetUsers(UserThread caller, uint real, uint effective)
    {
        Credentials old = caller.Credentials;
        return Users(old).TrySetTwo(real, effective, old.Has(Capability.CAP_SETUID), out IdTriplet ids)
            ? ApplyUsers(caller, ids)
            : Errno.EPERM;
    }

    /// <errors>EPERM.</errors>
    /// <source>setresuid(2).</source>
    public static Errno SetUsers(UserThread caller, uint real, uint effective, uint saved)
    {
        Credentials old = caller.Credentials;
        return Users(old).TrySetThree(real, effective, saved, old.Has(Capability.CAP_SETUID), out IdTriplet ids)
            ? ApplyUsers(caller, ids)
            : Errno.EPERM;
    }

    /// <errors>EINVAL: no id. EPERM.</errors>
    /// <source>setgid(2).</source>
    public static Errno SetGroup(UserThread caller, uint gid)
    {
        if (gid == Invalid) return Errno.EINVAL;
        Credentials old = caller.Credentials;
        return Groups(old).TrySet(gid, old.Has(Capability.CAP_SETGID), out IdTriplet ids)
            ? ApplyGroups(caller, ids)
            : Errno.EPERM;
    }

    /// <errors>EPERM.</errors>
    /// <source>setregid(2).</source>
    public static Errno SetGroups(UserThread caller, uint real, uint effective)
    {
        Credentials old = caller.Credentials;
        return Groups(old).TrySetTwo(real, effective, old.Has(Capability.CAP_SETGID), out IdTriplet ids)
            ? ApplyGroups(caller, ids)
            : Errno.EPERM;
    }

    /// <errors>EPERM.</errors>
    /// <source>setresgid(2).</source>
    public static Errno SetGroups(UserThread caller, uint real, uint effective, uint saved)
    {
        Credentials old = caller.Credentials;
        return Groups(old).TrySetThree(real, effective, saved, old.Has(Capability.CAP_SETGID), out IdTriplet ids)
            ? ApplyGroups(caller, ids)
            : Errno.EPERM;
    }

    /// <summary>Sets the file-system user id if that is allowed; returns the old one either way.</summary>
    /// <source>setfsuid(2).</source>
    public static uint SetFileUser(UserThread caller, uint uid)
    {
        Credentials old = caller.Credentials;
        bool isAllowed = uid != Invalid
            && (Users(old).Contains(uid) || uid == old.Fsuid || old.Has(Capability.CAP_SETUID));
        if (isAllowed && uid != old.Fsuid)
            Apply(caller, new Credentials(old) { Fsuid = uid, Effective = FixFileCapabilities(old, old.Effective, uid) });
        return old.Fsuid;
    }

    /// <source>setfsgid(2).</source>
    public static uint SetFileGroup(UserThread caller, uint gid)
    {
        Credentials old = caller.Credentials;
        bool isAllowed = gid != Invalid
            && (Groups(old).Contains(gid) || gid == old.Fsgid || old.Has(Capability.CAP_SETGID));
        if (isAllowed && gid != old.Fsgid) Apply(caller, new Credentials(old) { Fsgid = gid });
        return old.Fsgid;
    }

    /// <errors>EPERM: without CAP_SETGID.</errors>
    /// <source>setgroups(2).</source>
    public static Errno SetSupplementary(UserThread caller, ReadOnlySpan<uint> groups)
    {
        Credentials old = caller.Credentials;
        if (!old.Has(Capability.CAP_SETGID)) return Errno.EPERM;
        caller.SetCredentials(new Credentials(old) { Groups = groups });
        return Errno.None;
    }

    private static Errno ApplyUsers(UserThread caller, IdTriplet ids)
    {
        Credentials old = caller.Credentials;
        CapabilitySet permitted = old.Permitted;
        CapabilitySet effective = old.Effective;
        CapabilitySet ambient = old.Ambient;
        if ((old.SecureBits & SecureNoSetuidFixup) == 0)
        {
            bool losesRoot = Users(old).HasRoot && !ids.HasRoot;
            if (losesRoot)
            {
                if ((old.SecureBits & SecureKeepCapabilities) == 0) permitted = CapabilitySet.None;
                ambient = CapabilitySet.None;
            }

            if (old.Euid == 0 && ids.Effective != 0) effective = CapabilitySet.None;
            else if (old.Euid != 0 && ids.Effective == 0) effective = permitted;
            else if (losesRoot) effective &= permitted;
        }

        Apply(caller, new Credentials(old)
        {
            Uid = ids.Real,
            Euid = ids.Effective,
            Suid = ids.Saved,
            Fsuid = ids.Effective,
            Permitted = permitted,
            Effective = effective,
            Ambient = ambient,
        });
        return Errno.None;
    }

    private static Errno ApplyGroups(UserThread caller, IdTriplet ids)
    {
        Apply(caller, new Credentials(caller.Credentials)
        {
            Gid = ids.Real,
            Egid = ids.Effective,
            Sgid = ids.Saved,
            Fsgid = ids.Effective,
        });
        return Errno.None;
    }

    private static CapabilitySet FixFileCapabilities(Credentials old, CapabilitySet effective, uint newFsuid)
    {
        CapabilitySet files = new(FileCapabilities);
        if ((old.SecureBits & SecureNoSetuidFixup) != 0) return effective;
        if (old.Fsuid == 0 && newFsuid != 0) return new CapabilitySet(effective.Bits & ~files.Bits);
        return old.Fsuid != 0 && newFsuid == 0 ? effective | (files & old.Permitted) : effective;
    }

    /// <summary>A program that changes sides carries secrets of the side it leaves: others must not look into
    /// it.
    /// </summary>
    /// <source>prctl(2), PR_SET_DUMPABLE and PR_SET_PDEATHSIG.</source>
    private static void Apply(UserThread caller, Credentials credentials)
    {
        Credentials old = caller.Credentials;
        bool changes = old.Euid != credentials.Euid || old.Egid != credentials.Egid
            || old.Fsuid != credentials.Fsuid || old.Fsgid != credentials.Fsgid
            || !credentials.Permitted.IsSubsetOf(old.Permitted);
        if (changes)
        {
            caller.Process.Dumpable = 0;
            caller.Process.SetParentDeathSignal(0);
        }

        caller.SetCredentials(credentials);
    }
}
