using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>A process with one thread that never runs: the test calls the kernel in its name. It leads a
/// session of its own, and leaves no trace when it is disposed of.</summary>
internal sealed class TestProcess : IDisposable
{
    private const long MachineBytes = 64 << 20;

    private readonly Thread? _previous;

    internal TestProcess(FilesystemContext? filesystem = null, Credentials? credentials = null)
    {
        Assert.True(PidTable.TryAllocate(out Pid? pid, out _));
        Process = new Process(pid, new SignalActions(), ResourceLimits.CreateInitial(MachineBytes));
        Thread = new UserThread(
            Process, pid, credentials ?? Credentials.ForRoot(), new DescriptorTable(), filesystem?.Clone()!);
        ProcessGroup group = new(pid, new Session(pid));
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        using (SpinLock.Guard guard = Process.SignalState.Lock.Acquire())
        {
            pid.Process = Process;
            group.AddLocked(Process);
            ProcessTree.AddThreadLocked(Process, Thread);
        }

        _previous = Cashew.Tasks.Thread.HasCurrent ? Cashew.Tasks.Thread.Current : null;
        Cashew.Tasks.Thread.SetCurrent(Thread);
    }

    internal Process Process { get; }

    internal UserThread Thread { get; }

    internal Credentials Credentials
    {
        get => Thread.Credentials;
        set => Thread.SetCredentials(value);
    }

    /// <summary>Gives it an address space, which is then the current one.</summary>
    internal AddressSpace EnterNewMemory()
    {
        Assert.True(AddressSpace.TryCreate(out AddressSpace? space, out Errno error), error.ToString());
        Process.Memory = space;
        space.Table.Activate();
        return space;
    }

    internal void SetLimit(int resource, ulong soft) => Assert.Equal(Errno.None, Process.Limits.Exchange(
        resource, new Rlimit { rlim_cur = soft, rlim_max = ulong.MaxValue }, Credentials.ForRoot(), out _));

    public void Dispose()
    {
        Cashew.Tasks.Thread.SetCurrent(_previous!);
        Process.Timers.Cancel();
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            using (SpinLock.Guard guard = Process.SignalState.Lock.Acquire())
            {
                Thread.SignalState.Queue.Remove(SignalSet.All);
                Process.SignalState.Queue.Remove(SignalSet.All);
                ProcessTree.RemoveThreadLocked(Process, Thread);
            }

            Process.Group.RemoveLocked(Process);
            Process.Pid.Process = null;
            PidTable.ReleaseIfUnusedLocked(Process.Pid);
        }

        Assert.Equal(0, Thread.Account.SignalCount);
        UserAccounts.Release(Thread.Account);
        Thread.ReleaseFiles();
        Process.Memory?.Release();
        Process.Memory = null;
    }
}
