using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Limits of resources, and statuses of processes.</summary>
public sealed class LimitTests
{
    private const ulong Infinity = ulong.MaxValue;

    public LimitTests() => Simulation.Reset();

    // getrlimit(2): soft up to hard; hard down for everybody, up with CAP_SYS_RESOURCE.
    [Theory]
    [InlineData(50UL, 100UL, false, Errno.None)]
    [InlineData(100UL, 100UL, false, Errno.None)]
    [InlineData(0UL, 0UL, false, Errno.None)]
    [InlineData(101UL, 100UL, false, Errno.EINVAL)]
    [InlineData(101UL, 100UL, true, Errno.EINVAL)]
    [InlineData(50UL, 101UL, false, Errno.EPERM)]
    [InlineData(Infinity, Infinity, false, Errno.EPERM)]
    [InlineData(Infinity, Infinity, true, Errno.None)]
    public void A_limit_moves_within_its_bounds(ulong soft, ulong hard, bool isPrivileged, Errno expected)
    {
        using TestProcess process = new();
        Rlimit old = new() { rlim_cur = 70, rlim_max = 100 };
        Assert.Equal(Errno.None, LimitRules.Change(
            process.Thread, process.Process, RlimitResource.RLIMIT_FSIZE, old, out _));
        if (!isPrivileged) process.Credentials = new();
        Rlimit wanted = new() { rlim_cur = soft, rlim_max = hard };
        Assert.Equal(expected, LimitRules.Change(
            process.Thread, process.Process, RlimitResource.RLIMIT_FSIZE, wanted, out Rlimit found));
        Rlimit now = process.Process.Limits.Get(RlimitResource.RLIMIT_FSIZE);
        bool isChanged = expected == Errno.None;
        Assert.Equal(isChanged ? (soft, hard) : (70UL, 100UL), (now.rlim_cur, now.rlim_max));
        if (isChanged) Assert.Equal((70UL, 100UL), (found.rlim_cur, found.rlim_max));
    }

    // proc_sys_kernel(5): threads-max follows from the size of memory; a user's limit is half of it.
    [Theory]
    [InlineData(1L << 20, 20)]
    [InlineData(64L << 20, 512)]
    [InlineData(1L << 30, 8192)]
    [InlineData(1L << 40, PidTable.MaxCount)]
    public void The_number_of_threads_follows_from_memory(long memoryBytes, int expected)
    {
        Assert.Equal(expected, ThreadLimit.For(memoryBytes));
        ResourceLimits limits = ResourceLimits.CreateInitial(memoryBytes);
        Assert.Equal((ulong)expected / 2, limits.Soft(RlimitResource.RLIMIT_NPROC));
        Assert.Equal((ulong)expected / 2, limits.Soft(RlimitResource.RLIMIT_SIGPENDING));
    }

    [Fact]
    public void Each_thread_counts_until_it_is_gone()
    {
        using (TestProcess first = new())
        {
            ThreadLimit.Most = UserAccounts.TotalThreadCount + 1;
            Assert.False(ThreadLimit.IsReached);
            using (TestProcess second = new()) Assert.True(ThreadLimit.IsReached);
        }

        ThreadLimit.Most = 0; // as it was: whatever memory says
    }

    [Fact]
    public void Not_even_root_has_more_descriptors_than_a_table_can_hold()
    {
        using TestProcess process = new();
        Rlimit wanted = new() { rlim_cur = 1, rlim_max = LimitRules.MaxDescriptors + 1 };
        Assert.Equal(Errno.EPERM, LimitRules.Change(
            process.Thread, process.Process, RlimitResource.RLIMIT_NOFILE, wanted, out _));
        wanted.rlim_max--;
        Assert.Equal(Errno.None, LimitRules.Change(
            process.Thread, process.Process, RlimitResource.RLIMIT_NOFILE, wanted, out _));
    }

    [Fact]
    public void The_limits_of_memory_reach_the_memory()
    {
        using TestProcess process = new();
        Cashew.Memory.AddressSpace space = process.EnterNewMemory();
        Rlimit wanted = new() { rlim_cur = 12345 << 12, rlim_max = Infinity };
        Assert.Equal(Errno.None, LimitRules.Change(
            process.Thread, process.Process, RlimitResource.RLIMIT_AS, wanted, out _));
        Assert.Equal(12345UL << 12, space.Limits.AddressSpaceBytes);
    }

    // prlimit(2): the caller's real ids equal all three of the target's.
    [Theory]
    [InlineData(10u, 10u, 10u, 10u, Errno.None)]
    [InlineData(10u, 11u, 10u, 10u, Errno.EPERM)]
    [InlineData(10u, 10u, 11u, 10u, Errno.EPERM)]
    [InlineData(10u, 10u, 10u, 11u, Errno.EPERM)]
    public void Somebody_elses_limits_are_his_own(
        uint uid, uint targetUid, uint targetEuid, uint targetSuid, Errno expected)
    {
        using TestProcess target = new(credentials: new() { Uid = targetUid, Euid = targetEuid, Suid = targetSuid });
        using TestProcess caller = new(credentials: new() { Uid = uid, Euid = 99, Suid = 99 });
        Assert.Equal(expected, LimitRules.CheckAccess(caller.Thread, target.Process));
        caller.Credentials = new(caller.Credentials) { Effective = new(1UL << Capability.CAP_SYS_RESOURCE) };
        Assert.Equal(Errno.None, LimitRules.CheckAccess(caller.Thread, target.Process));
    }

    // The macros of sys/wait.h, as wait(2) describes them.
    [Fact]
    public void A_status_can_be_taken_apart_again()
    {
        for (int code = -1; code < 300; code++)
        {
            WaitStatus status = WaitStatus.Exited(code);
            Assert.True((status.Value & 0x7F) == 0 && (status.Value >> 8 & 0xFF) == (code & 0xFF), "WIFEXITED");
            Assert.Equal((SigInfoCode.CLD_EXITED, code & 0xFF), (status.ChildCode, status.ChildStatus));
        }

        for (int signal = 1; signal <= 64; signal++)
        {
            int killed = WaitStatus.Signaled(signal, CoreDump.None).Value;
            Assert.True((sbyte)((killed & 0x7F) + 1) >> 1 > 0 && (killed & 0x7F) == signal, "WIFSIGNALED");
            Assert.Equal(killed | 0x80, WaitStatus.Signaled(signal, CoreDump.Made).Value);
            int stopped = WaitStatus.Stopped(signal).Value;
            Assert.True((stopped & 0xFF) == 0x7F && (stopped >> 8 & 0xFF) == signal, "WIFSTOPPED");
        }

        Assert.Equal(0xFFFF, WaitStatus.Continued.Value);
    }

    // clone(2), ERRORS.
    [Theory]
    [InlineData(CloneBits.CLONE_THREAD, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_THREAD | CloneBits.CLONE_VM, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_SIGHAND, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VM, Errno.None)]
    [InlineData(CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VM | CloneBits.CLONE_THREAD, Errno.None)]
    [InlineData(CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VM | CloneBits.CLONE_CLEAR_SIGHAND, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_CLEAR_SIGHAND, Errno.None)]
    [InlineData(CloneBits.CLONE_NEWPID, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_NEWNS, Errno.None)]
    [InlineData(CloneBits.CLONE_NEWNS | CloneBits.CLONE_FS, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_NEWNS | CloneBits.CLONE_NEWUTS, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_PIDFD, Errno.None)]
    [InlineData(CloneBits.CLONE_PIDFD | CloneBits.CLONE_PARENT_SETTID, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_PIDFD | CloneBits.CLONE_DETACHED, Errno.EINVAL)]
    [InlineData(1UL << 63, Errno.EINVAL)]
    [InlineData(CloneBits.CLONE_VM | CloneBits.CLONE_VFORK, Errno.None)]
    public void Flags_of_clone_must_go_together(ulong flags, Errno expected)
    {
        using TestProcess process = new();
        Assert.Equal(expected, CloneRules.Check(process.Process, new CloneRequest { Flags = flags }));
    }

    [Fact]
    public void A_thread_pointer_must_be_an_address()
    {
        using TestProcess process = new();
        CloneRequest request = new() { Flags = CloneBits.CLONE_SETTLS, ThreadPointer = 0x8000_0000_0000 };
        Assert.Equal(Errno.EPERM, CloneRules.Check(process.Process, request));
        request.Flags = 0;
        Assert.Equal(Errno.None, CloneRules.Check(process.Process, request));
    }
}
