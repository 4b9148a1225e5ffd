using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Files.Terminals;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Net;
using Cashew.Processes;
using Cashew.Syscalls;

namespace Cashew.Kernel.Boot;

/// <summary>The first thread: brings up what programs see, starts init and ends.</summary>
internal sealed class BootThread : Cashew.Tasks.Thread
{
    // In this order, as Linux looks for them.
    private static readonly byte[][] s_usualPrograms =
    [
        "/init"u8.ToArray(), "/sbin/init"u8.ToArray(), "/etc/init"u8.ToArray(), "/bin/init"u8.ToArray(),
        "/bin/sh"u8.ToArray(),
    ];

    private readonly CommandLine _commandLine;

    private BootThread(CommandLine commandLine)
    {
        _commandLine = commandLine;
    }

    internal static BootThread? Create(CommandLine commandLine)
    {
        BootThread thread = new(commandLine);
        return thread.TryInitialize() ? thread : null;
    }

    /// <summary>With less, not even a shell could start a program, and what it says about that could mean
    /// anything.</summary>
    private static void CheckMemory()
    {
        const long FewestKilobytes = 512;
        long kilobytes = MemoryStatistics.Read().AvailablePages * (Frame.SizeBytes / 1024);
        if (kilobytes < FewestKilobytes)
            Panic.Stop($"too little memory: {kilobytes} KiB are left for programs");
    }

    protected override void Main()
    {
        JobControl.Install(new ProcessJobControl());
        SocketCaller.Install(new CallingProcess());
        MqueueCaller.Install(new ProcessMqueueCaller());
        NameCache.Start();
        VdsoMapping.Start();
        FilesystemTypes.RegisterMemoryBased();
        ProcfsType proc = ProcfsType.Create();
        SocketFiles.AddTo(proc.Instance);
        FilesystemTypes.Register(proc);
        FilesystemTypes.Register(new CgroupType());
        MemoryDevices.Register();
        Consoles.Start(_commandLine.Console);
        MountNamespace names = RootFilesystem.Create();
        CheckMemory();
        byte[][] candidates = _commandLine.Init is { } init ? [init] : s_usualPrograms;
        InitialProgram program = new(candidates, _commandLine.InitArguments, _commandLine.InitEnvironment);
        Errno error = InitialProcess.Start(names.RootLocation, program);
        if (error != Errno.None) Panic.Stop("no memory for init");
    }
}
