using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Init: the first process, parent of all that have lost theirs.</summary>
public static class InitialProcess
{
    public const int Id = 1;

    private static Process? s_instance;

    /// <summary>Init, which exists from before the first other process until the machine stops.</summary>
    internal static Process Instance => s_instance!;

    /// <summary>Makes the process; it looks for its program itself, as its first act.</summary>
    /// <param name="root">The root and working directory.</param>
    /// <param name="program">What to run.</param>
    /// <errors>ENOMEM.</errors>
    public static Errno Start(PathLocation root, InitialProgram program)
    {
        if (!PidTable.TryAllocate(out Pid? pid, out Errno error)) return error;
        ResourceLimits limits = ResourceLimits.CreateInitial(Frame.TotalCount * UserAddress.PageSizeBytes);
        Process process = new(pid, new SignalActions(), limits)
        {
            MemoryUserCount = 1,
            StartTime = Clock.Monotonic,
        };
        process.SignalState.IsProtected = true;

        UserThread thread = new(
            process, pid, Credentials.ForRoot(), new DescriptorTable(), new FilesystemContext(root, DefaultUmask))
        {
            Name = new CommandName("init"u8),
            InitialProgram = program,
        };
        if (!thread.TryInitializeContext()) return Errno.ENOMEM;

        // Session and group 0 are nobody's: init may found its own.
        ProcessGroup group = new(new Pid(), new Session(new Pid()));
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            pid.Process = process;
            group.AddLocked(process);
            Cgroups.EnterLocked(process);
            ProcessTree.AddThreadLocked(process, thread);
        }

        s_instance = process;
        thread.Start();
        return Errno.None;
    }

    /// <source>init(1) begins with the umask of the kernel, which is 022 on Linux.</source>
    private const uint DefaultUmask = 0x12;

    /// <summary>Init has ended, and with it the purpose of the machine.</summary>
    [DoesNotReturn]
    internal static void Lost(WaitStatus status)
    {
        if (status.IsSignaled) Panic.Stop($"init was killed by signal {status.Signal}");
        Panic.Stop($"init has ended, with exit code {status.ExitCode}");
    }
}
