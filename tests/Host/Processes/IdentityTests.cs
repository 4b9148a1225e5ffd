using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Who a process may become, and what that does to its capabilities.</summary>
public sealed class IdentityTests
{
    private const uint Keep = IdTriplet.Keep;
    private const ulong All = (1UL << Capability.CAP_CHECKPOINT_RESTORE + 1) - 1;

    private static readonly uint[] s_ids = [0, 10, 20, 30];
    private static readonly uint[] s_arguments = [0, 10, 20, 30, 40, Keep];

    public IdentityTests() => Simulation.Reset();

    // setuid(2): with CAP_SETUID all three ids; else the effective one, to the real or the saved one.
    [Fact]
    public void Setuid_follows_its_manual_page() => ForAllUsers((process, before, isPrivileged) =>
    {
        foreach (uint uid in s_arguments)
        {
            process.Credentials = before;
            bool isAllowed = isPrivileged || uid == before.Uid || uid == before.Suid;
            Errno wanted = uid == Keep ? Errno.EINVAL : isAllowed ? Errno.None : Errno.EPERM;
            Assert.Equal(wanted, Identity.SetUser(process.Thread, uid));
            if (wanted != Errno.None) Assert.Same(before, process.Credentials);
            else if (isPrivileged) CheckUsers(process, uid, uid, uid);
            else CheckUsers(process, before.Uid, uid, before.Suid);
        }
    });

    // setreuid(2): unprivileged, the real id from real or effective; the effective one from all three. The
    // saved id follows the effective one when the real one is set, or the effective one to something else
    // than the real one.
    [Fact]
    public void Setreuid_follows_its_manual_page() => ForAllUsers((process, before, isPrivileged) =>
    {
        foreach (uint real in s_arguments)
        foreach (uint effective in s_arguments)
        {
            process.Credentials = before;
            bool mayReal = real == Keep || real == before.Uid || real == before.Euid;
            bool mayEffective = effective == Keep || IsOneOf(before, effective);
            bool isAllowed = isPrivileged || (mayReal && mayEffective);
            Errno error = Identity.SetUsers(process.Thread, real, effective);
            Assert.Equal(isAllowed ? Errno.None : Errno.EPERM, error);
            if (!isAllowed) continue;

            uint newEffective = effective == Keep ? before.Euid : effective;
            bool movesSaved = real != Keep || (effective != Keep && effective != before.Uid);
            CheckUsers(
                process, real == Keep ? before.Uid : real, newEffective, movesSaved ? newEffective : before.Suid);
        }
    });

    // setresuid(2): unprivileged, each to any of the three.
    [Fact]
    public void Setresuid_follows_its_manual_page() => ForAllUsers((process, before, isPrivileged) =>
    {
        foreach (uint real in s_arguments)
        foreach (uint effective in s_arguments)
        foreach (uint saved in s_arguments)
        {
            process.Credentials = before;
            bool isAllowed = isPrivileged || (IsKnown(real) && IsKnown(effective) && IsKnown(saved));
            Errno error = Identity.SetUsers(process.Thread, real, effective, saved);
            Assert.Equal(isAllowed ? Errno.None : Errno.EPERM, error);
            if (!isAllowed) continue;
            CheckUsers(
                process, real == Keep ? before.Uid : real, effective == Keep ? before.Euid : effective,
                saved == Keep ? before.Suid : saved);
        }

        bool IsKnown(uint id) => id == Keep || IsOneOf(before, id);
    });

    // setfsuid(2): the result is the old id whether it worked or not.
    [Fact]
    public void Setfsuid_follows_its_manual_page() => ForAllUsers((process, before, isPrivileged) =>
    {
        foreach (uint uid in s_arguments)
        {
            process.Credentials = before;
            Assert.Equal(before.Fsuid, Identity.SetFileUser(process.Thread, uid));
            bool isAllowed = uid != Keep && (isPrivileged || IsOneOf(before, uid) || uid == before.Fsuid);
            Assert.Equal(isAllowed ? uid : before.Fsuid, process.Credentials.Fsuid);
        }
    });

    [Fact]
    public void Groups_change_alone()
    {
        using TestProcess process = new();
        Assert.Equal(Errno.None, Identity.SetGroups(process.Thread, 1, 2, 3));
        Credentials now = process.Credentials;
        Assert.Equal((1u, 2u, 3u, 2u), (now.Gid, now.Egid, now.Sgid, now.Fsgid));
        Assert.Equal((0u, 0u, All), (now.Uid, now.Euid, now.Effective.Bits));
    }

    // capabilities(7), "Effect of user ID changes on capabilities", rules 1 to 3.
    [Theory]
    [InlineData(0, 1000u, 1000u, 1000u, 0UL, 0UL)]
    [InlineData(0, 0u, 1000u, 0u, All, 0UL)]
    [InlineData(0, 1000u, 0u, 0u, All, All)]
    [InlineData(Identity.SecureKeepCapabilities, 1000u, 1000u, 1000u, All, 0UL)]
    [InlineData(Identity.SecureNoSetuidFixup, 1000u, 1000u, 1000u, All, All)]
    public void Leaving_root_takes_capabilities_away(
        uint secureBits, uint real, uint effective, uint saved, ulong permitted, ulong effectiveBits)
    {
        using TestProcess process = new();
        process.Credentials = new(Credentials.ForRoot()) { SecureBits = secureBits };
        Assert.Equal(Errno.None, Identity.SetUsers(process.Thread, real, effective, saved));
        Assert.Equal(permitted, process.Credentials.Permitted.Bits);
        Assert.Equal(effectiveBits, process.Credentials.Effective.Bits);
        Assert.Equal(effective == 0 && permitted == All ? 1 : 0, process.Process.Dumpable);
    }

    [Fact]
    public void Coming_back_to_root_brings_them_back()
    {
        using TestProcess process = new();
        Assert.Equal(Errno.None, Identity.SetUsers(process.Thread, Keep, 1000, Keep));
        Assert.Equal(0UL, process.Credentials.Effective.Bits);
        Assert.Equal(Errno.None, Identity.SetUsers(process.Thread, Keep, 0, Keep));
        Assert.Equal(All, process.Credentials.Effective.Bits);
    }

    [Fact]
    public void The_file_user_id_takes_only_capabilities_over_files_along()
    {
        using TestProcess process = new();
        Assert.Equal(0u, Identity.SetFileUser(process.Thread, 5));
        CapabilitySet effective = process.Credentials.Effective;
        Assert.False(effective.Has(Capability.CAP_DAC_OVERRIDE) || effective.Has(Capability.CAP_CHOWN));
        Assert.True(effective.Has(Capability.CAP_KILL) && effective.Has(Capability.CAP_SETUID));
        Assert.Equal(5u, Identity.SetFileUser(process.Thread, 0));
        Assert.Equal(All, process.Credentials.Effective.Bits);
    }

    // capset(2), with random sets: what it must never do, whatever is asked for.
    [Fact]
    public void Capset_never_gives_more_than_there_was()
    {
        Random random = new(7);
        int allowed = 0;
        using TestProcess process = new();
        for (int round = 0; round < 20_000; round++)
        {
            Credentials before = new()
            {
                Permitted = Some(random),
                Effective = Some(random),
                Inheritable = Some(random),
                Bounding = Some(random),
                Ambient = Some(random),
            };
            process.Credentials = before;
            CapabilitySet effective = Some(random);
            CapabilitySet permitted = Some(random) & (random.Next(2) == 0 ? before.Permitted : CapabilitySet.All);
            CapabilitySet inheritable = Some(random);
            Errno error = CapabilityRules.Set(process.Thread, effective & permitted, permitted, inheritable);
            Credentials after = process.Credentials;
            if (error != Errno.None)
            {
                Assert.Equal(Errno.EPERM, error);
                Assert.Same(before, after);
                continue;
            }

            allowed++;
            Assert.True(after.Permitted.IsSubsetOf(before.Permitted));
            Assert.True(after.Effective.IsSubsetOf(after.Permitted));
            Assert.True(after.Inheritable.IsSubsetOf(before.Inheritable | before.Bounding));
            bool mayInheritAny = before.Effective.Has(Capability.CAP_SETPCAP);
            Assert.True(mayInheritAny || after.Inheritable.IsSubsetOf(before.Inheritable | before.Permitted));
            Assert.True(after.Ambient.IsSubsetOf(after.Permitted & after.Inheritable));
            Assert.Equal(before.Bounding, after.Bounding);
        }

        Assert.InRange(allowed, 500, 19_500);
    }

    // capabilities(7), "The securebits flags": a locked flag stays, and so does the lock.
    [Fact]
    public void Locked_secure_bits_stay_as_they_are()
    {
        using TestProcess process = new();
        for (uint old = 0; old < 256; old++)
        {
            for (uint wanted = 0; wanted < 512; wanted++)
            {
                process.Credentials = new(Credentials.ForRoot()) { SecureBits = old };
                bool isKnown = wanted < 256;
                bool keepsLocks = (old & 0xAA & ~wanted) == 0;
                bool keepsLocked = ((old ^ wanted) & (old & 0xAA) >> 1) == 0;
                Errno expected = isKnown && keepsLocks && keepsLocked ? Errno.None : Errno.EPERM;
                Assert.Equal(expected, CapabilityRules.SetSecureBits(process.Thread, wanted));
            }
        }
    }

    /// <summary>Some few capabilities, so that sets are in all relations to each other.</summary>
    private static CapabilitySet Some(Random random)
    {
        const ulong Few = 1UL << Capability.CAP_SETPCAP | 1UL << Capability.CAP_KILL | 1UL << Capability.CAP_CHOWN;
        return new CapabilitySet((ulong)random.NextInt64() & Few);
    }

    private static void ForAllUsers(Action<TestProcess, Credentials, bool> body)
    {
        using TestProcess process = new();
        foreach (uint real in s_ids)
        foreach (uint effective in s_ids)
        foreach (uint saved in s_ids)
        foreach (bool isPrivileged in (bool[])[false, true])
        {
            CapabilitySet capabilities = isPrivileged ? CapabilitySet.All : CapabilitySet.None;
            Credentials before = new()
            {
                Uid = real,
                Euid = effective,
                Suid = saved,
                Fsuid = effective,
                Permitted = capabilities,
                Effective = capabilities,
            };
            process.Credentials = before;
            body(process, before, isPrivileged);
            Assert.Equal(process.Credentials.Uid, process.Thread.Account.Uid);
        }
    }

    private static bool IsOneOf(Credentials credentials, uint id) =>
        id == credentials.Uid || id == credentials.Euid || id == credentials.Suid;

    private static void CheckUsers(TestProcess process, uint real, uint effective, uint saved)
    {
        Credentials now = process.Credentials;
        Assert.Equal((real, effective, saved, effective), (now.Uid, now.Euid, now.Suid, now.Fsuid));
    }
}
