using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What init's thread does first: it opens the console and executes the first program itself.</summary>
internal static class InitialExec
{
    internal static void Run(UserThread init, InitialProgram program)
    {
        OpenConsole(init);
        foreach (byte[] candidate in program.Candidates)
        {
            Errno error = TryExecute(init, program, candidate);
            if (error == Errno.None) return;
            // Of several usual places most are empty; one that was asked for is not.
            if (error != Errno.ENOENT || program.Candidates.Length == 1)
                Log.Error($"cannot run {candidate}: error {(int)error}");
        }

        Panic.Stop("there is no init that can be run");
    }

    /// <summary>Standard input, output and error.</summary>
    private static void OpenConsole(UserThread init)
    {
        const int StandardCount = 3;
        if (!FileTree.TryOpen(
            init.FileCaller, default, "/dev/console"u8, OpenBits.O_RDWR, 0, out OpenFile? console, out Errno error))
        {
            Log.Warning($"init starts without a console: error {(int)error}");
            return;
        }

        for (int i = 0; i < StandardCount; i++)
        {
            console.Retain();
            if (!init.Descriptors.TryAdd(console, StandardCount, FdFlags.None, out _, out _)) console.Release();
        }

        console.Release();
    }

    private static Errno TryExecute(UserThread init, InitialProgram program, byte[] path)
    {
        if (!ProgramFile.TryOpen(
            init.FileCaller, default, path, WalkFlags.FollowLast, out OpenFile? file, out Errno error)) return error;

        ArgumentStrings strings = ArgumentStrings.Create(init.Process.Limits.Soft(RlimitResource.RLIMIT_STACK));
        error = Gather(program, strings, path);
        if (error == Errno.None) error = Exec.Execute(init, ref init.Context.User, file, path, strings);
        else file.Release();
        strings.Release();
        return error;
    }

    private static Errno Gather(InitialProgram program, ArgumentStrings strings, byte[] path)
    {
        Errno error = strings.Append(path, StringKind.Argument);
        foreach (byte[] argument in program.Arguments)
        {
            if (error == Errno.None) error = strings.Append(argument, StringKind.Argument);
        }

        foreach (byte[] variable in program.Environment)
        {
            if (error == Errno.None) error = strings.Append(variable, StringKind.Environment);
        }

        return error;
    }
}
