using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Files.Terminals;
using Cashew.Host.Processes;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Cashew.Net;
using Cashew.Processes;
using Cashew.Syscalls;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>
/// The whole kernel on the simulated machine: boots from a root file system in memory to an init that a test
/// has written, and checks at the end that nothing is left of all the processes there were.
/// </summary>
internal sealed class TestMachine
{
    private readonly UserCode _code = new();
    private readonly Action<UserCode> _build;
    private readonly int _openFiles = OpenFile.Count;
    private readonly long _promisedPages = Commitment.Pages;
    private MountNamespace _mounts = null!;
    private int _dataFrames;
    private int _tableFrames;

    private TestMachine(Action<UserCode> build) => _build = build;

    /// <param name="seed">Decides when interrupts come and how fast time passes.</param>
    /// <param name="build">Writes init's program, which ends by returning from
    /// <paramref name="build"/>.</param>
    /// <param name="frames">The machine's memory.</param>
    internal static Simulation Run(int seed, Action<UserCode> build, int frames = 4096)
    {
        TestMachine machine = new(build);
        SimulationOptions options = new() { Seed = seed, FrameCount = frames };
        Simulation simulation = Simulation.Run(options, machine.Boot);
        Assert.Equal(StopKind.Off, simulation.Stop);
        return simulation;
    }

    private void Boot()
    {
        ForgetEarlierMachines();
        _build(_code);
        _code.Do((ref UserRegisters _) => End());
        _code.Finish();
        Simulation.Current.UserProgram = _code.Play;
        KernelEntry.Install(new LinuxEntry(SyscallOptions.Parse(default)));
        Scheduler.Run(FirstThread.Create(this), new NoWork());
    }

    /// <summary>Init is number 1, also of the second machine that this test program boots, and whatever is
    /// left of one on which a test has failed.</summary>
    private static void ForgetEarlierMachines()
    {
        const BindingFlags Fields = BindingFlags.NonPublic | BindingFlags.Static;
        typeof(PidTable).GetField("s_last", Fields)!.SetValue(null, 0);
        Array.Clear((Array)typeof(PidTable).GetField("s_taken", Fields)!.GetValue(null)!);
        Array.Clear((Array)typeof(PidTable).GetField("s_chunks", Fields)!.GetValue(null)!);
        Array.Clear((Array)typeof(UserAccounts).GetField("s_buckets", Fields)!.GetValue(null)!);
    }

    private void StartInit()
    {
        JobControl.Install(new ProcessJobControl());
        SocketCaller.Install(new CallingProcess());
        MqueueCaller.Install(new ProcessMqueueCaller());
        FilesystemTypes.RegisterMemoryBased();
        _dataFrames = Simulation.Current.CountFrames(FrameKind.Data);
        _tableFrames = Simulation.Current.CountFrames(FrameKind.PageTable);
        _mounts = new MountNamespace(TmpfsType.CreateRoot(), "rootfs"u8);
        FileCaller caller = new(new FilesystemContext(_mounts.RootLocation), Credentials.ForRoot());
        Install(caller, "/init", new ElfImage().ToBytes());
        caller.Context.Release();
        InitialProgram program = new(["/init"u8.ToArray()], [], []);
        Assert.Equal(Errno.None, InitialProcess.Start(_mounts.RootLocation, program));
    }

    private static void Install(in FileCaller caller, string path, byte[] contents)
    {
        const uint Executable = 0x1ED; // 0755
        Assert.True(FileTree.TryOpen(
            caller, default, Encoding.UTF8.GetBytes(path), OpenBits.O_CREAT | OpenBits.O_RDWR, Executable,
            out OpenFile? file, out Errno error), error.ToString());
        UserSource source = new(contents);
        Assert.Equal(contents.Length, file.WriteAt(ref source, 0).Count);
        file.Release();
    }

    /// <summary>Init has come to its end. It gives up what it has itself; then nothing must be
    /// left.</summary>
    private void End()
    {
        UserThread init = UserThread.Current;
        List<int> left = [];
        for (Pid? pid = PidTable.FindAtOrAfter(2); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
            left.Add(pid.Number);
        Assert.True(left.Count == 0, "pids are still in use: " + string.Join(", ", left));
        Assert.Equal(1, init.Process.ThreadCount);
        Assert.Null(init.Process.FirstChild);
        Assert.Equal(1, init.Account.ThreadCount);

        FileCaller caller = new(new FilesystemContext(_mounts.RootLocation), Credentials.ForRoot());
        init.Process.Timers.Cancel();
        ThreadExit.LeaveMemory(init);
        init.ReleaseFiles();
        Unlink(init);
        Assert.Equal(0, init.Account.SignalCount);
        UserAccounts.Release(init.Account);
        Mount[] mounts = _mounts.List();
        for (int i = mounts.Length - 1; i > 0; i--)
            Assert.Equal(Errno.None, _mounts.Remove(new PathLocation(mounts[i], mounts[i].Root), UnmountMode.Lazily));
        Assert.Equal(Errno.None, _mounts.Remount(_mounts.RootLocation, MountOptions.None, isReadOnly: false, default));
        Empty(caller, default, "/");
        Empty(caller, MqueueType.Only.Queues.InternalRoot, "./");
        caller.Context.Release();
        Assert.Equal(_openFiles, OpenFile.Count);
        Assert.Equal(_promisedPages, Commitment.Pages);
        Assert.Equal(_tableFrames, Simulation.Current.CountFrames(FrameKind.PageTable));
        Assert.Equal(_dataFrames, Simulation.Current.CountFrames(FrameKind.Data));
        Power.Off();
    }

    private static void Unlink(UserThread init)
    {
        Process process = init.Process;
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
            {
                init.SignalState.Queue.Remove(SignalSet.All);
                process.SignalState.Queue.Remove(SignalSet.All);
                ProcessTree.RemoveThreadLocked(process, init);
            }

            process.Group.RemoveLocked(process);
            process.Pid.Process = null;
            PidTable.ReleaseIfUnusedLocked(process.Pid);
        }
    }

    /// <summary>Removes all files and directories, whatever bytes their names are.</summary>
    private static void Empty(in FileCaller caller, PathLocation from, string path)
    {
        Assert.True(FileTree.TryOpen(
            caller, from, Encoding.Latin1.GetBytes(path), OpenBits.O_RDONLY | OpenBits.O_DIRECTORY, 0,
            out OpenFile? directory, out _));
        List<string> names = [];
        byte[] room = new byte[64 * 1024];
        DirectorySink sink = new(room);
        Assert.Equal(Errno.None, directory.ReadDirectory(ref sink));
        for (int at = 0; at < sink.LengthBytes; at += BitConverter.ToUInt16(room, at + 16))
        {
            int start = at + Dirent64.NameOffset;
            names.Add(Encoding.Latin1.GetString(room, start, Array.IndexOf(room, (byte)0, start) - start));
        }

        directory.Release();
        foreach (string name in names)
        {
            if (name is "." or "..") continue;
            byte[] child = Encoding.Latin1.GetBytes(path + name);
            Errno error = FileTree.Unlink(caller, from, child);
            if (error == Errno.None) continue;
            Assert.Equal(Errno.EISDIR, error);
            Empty(caller, from, path + name + "/");
            Assert.Equal(Errno.None, FileTree.RemoveDirectory(caller, from, child));
        }
    }

    private sealed class FirstThread(TestMachine machine) : Thread
    {
        internal static FirstThread Create(TestMachine machine)
        {
            FirstThread thread = new(machine);
            Assert.True(thread.TryInitialize());
            return thread;
        }

        protected override void Main() => machine.StartInit();
    }

    private sealed class NoWork : IdleWork
    {
        public override bool TryDoSome() => false;
    }
}
