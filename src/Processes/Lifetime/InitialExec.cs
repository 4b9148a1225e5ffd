using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What init's thread does first: it opens the console and executes the first program
/// itself.</summary>
internal static class InitialExec
{
    // A path may be longer than the message that it is a part of.
    private const int MostPathBytes = 100;

    internal static void Run(UserThread init, InitialProgram program)
    {
        OpenConsole(init);
        LogMessage reasons = new(0, 0);
        reasons.AppendLiteral("no init can be run:");
        foreach (byte[] candidate in program.Candidates)
        {
            Errno error = TryExecute(init, program, candidate);
            if (error == Errno.None) return;

            ReadOnlySpan<byte> path = candidate.AsSpan(0, Math.Min(candidate.Length, MostPathBytes));
            string reason = Describe(error);
            // Of several usual places most are empty; and maybe another one is not.
            if (error != Errno.ENOENT) Log.Error($"cannot run {path}: {reason}");
            reasons.AppendLiteral(" ");
            reasons.AppendFormatted(path);
            reasons.AppendLiteral(" (");
            reasons.AppendLiteral(reason);
            reasons.AppendLiteral(")");
        }

        Panic.Stop(ref reasons);
    }

    /// <source>execve(2), ERRORS.</source>
    private static string Describe(Errno error) => error switch
    {
        Errno.ENOENT => "it or its interpreter is not there",
        Errno.EACCES => "it may not be executed",
        Errno.ENOEXEC => "it is no program",
        Errno.ELIBBAD => "its interpreter is no program",
        Errno.EINVAL => "its headers are wrong",
        Errno.EISDIR => "its interpreter is a directory",
        Errno.ELOOP or Errno.ENOTDIR or Errno.ENAMETOOLONG => "there is no such path",
        Errno.E2BIG => "its arguments are too long",
        Errno.ENOMEM => "there is not enough memory",
        _ => "it cannot be read",
    };

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
        ProgramName name = new(path, vanishes: false);
        if (error == Errno.None) error = Exec.Execute(init, ref init.Context.User, file, name, strings);
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
