namespace Cashew.Tool.Commands;

using System;
using System.IO;
using System.Threading;
using Cashew.Tool.Images;
using Cashew.Tool.Support;

/// <summary>What the command line was started from: a terminal, a pipe, a file.</summary>
internal static class HostTerminal
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    internal static bool InputIsTerminal => !Console.IsInputRedirected;

    internal static GuestSettings Settings()
    {
        if (Console.IsOutputRedirected)
            return GuestSettings.Pipe;
        string name = Environment.GetEnvironmentVariable("TERM") ?? "linux";
        return new GuestSettings(name, Console.WindowHeight, Console.WindowWidth, OutputIsTerminal: true);
    }

    /// <summary>All of standard input; null when it is a terminal.</summary>
    internal static byte[]? ReadInput(Reporter reporter)
    {
        if (InputIsTerminal)
            return null;

        // The machine starts with all of its input; someone who left a pipe open would wait without a hint.
        using Timer hint = new(_ => reporter.Say("reading standard input to its end (none: </dev/null)"));
        hint.Change(s_patience, Timeout.InfiniteTimeSpan);
        using Stream input = Console.OpenStandardInput();
        using MemoryStream content = new();
        input.CopyTo(content);
        return content.ToArray();
    }
}
