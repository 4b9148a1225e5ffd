using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Init's thread, which begins in the kernel and executes the first program itself.</summary>
internal sealed class InitialThread : UserThread
{
    private readonly InitialProgram _program;

    internal InitialThread(Process process, Pid pid, FilesystemContext filesystem, InitialProgram program)
        : base(process, pid, Credentials.ForRoot(), new DescriptorTable(), filesystem)
    {
        _program = program;
        Name = new CommandName("init"u8);
    }

    protected override void Prepare()
    {
        OpenConsole();
        foreach (byte[] candidate in _program.Candidates)
        {
            Errno error = TryExecute(candidate);
            if (error == Errno.None) return;
            if (error != Errno.ENOENT) Log.Warning($"cannot run {candidate}: error {(int)error}");
        }

        Panic.Stop("there is no init that can be run");
    }

    /// <summary>Standard input, output and error.</summary>
    private void OpenConsole()
    {
        const int StandardCount = 3;
        if (!FileTree.TryOpen(
            FileCaller, default, "/dev/console"u8, OpenBits.O_RDWR, 0, out OpenFile? console, out Errno error))
        {
            Log.Warning($"init starts without a console: error {(int)error}");
            return;
        }

        for (int i = 0; i < StandardCount; i++)
        {
            console.Retain();
            if (!Descriptors.TryAdd(console, StandardCount, FdFlags.None, out _, out _)) console.Release();
        }

        console.Release();
    }

    private Errno TryExecute(byte[] path)
    {
        if (!ProgramFile.TryOpen(
            FileCaller, default, path, WalkFlags.FollowLast, out OpenFile? file, out Errno error)) return error;

        ArgumentStrings strings = ArgumentStrings.Create(Process.Limits.Soft(RlimitResource.RLIMIT_STACK));
        error = Gather(strings, path);
        if (error == Errno.None) error = Exec.Execute(this, ref Context.User, file, path, strings);
        else file.Release();
        strings.Release();
        return error;
    }

    private Errno Gather(ArgumentStrings strings, byte[] path)
    {
        Errno error = strings.Append(path, StringKind.Argument);
        foreach (byte[] argument in _program.Arguments)
        {
            if (error == Errno.None) error = strings.Append(argument, StringKind.Argument);
        }

        foreach (byte[] variable in _program.Environment)
        {
            if (error == Errno.None) error = strings.Append(variable, StringKind.Environment);
        }

        return error;
    }
}
