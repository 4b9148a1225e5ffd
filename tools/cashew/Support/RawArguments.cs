namespace Cashew.Tool.Support;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

/// <summary>
/// The words after <c>--</c> as the bytes they were given in: .NET turns the argument vector into strings and
/// loses bytes that are not UTF-8, but a file name in the guest may hold any.
/// </summary>
internal static class RawArguments
{
    /// <summary>Splits the arguments at the first <c>--</c>; null where there is none.</summary>
    internal static (string[] Own, IReadOnlyList<byte[]>? Program) Split(string[] arguments)
    {
        int dashes = Array.IndexOf(arguments, "--");
        if (dashes < 0)
            return (arguments, null);
        int count = arguments.Length - dashes - 1;
        List<byte[]> words = SplitWords(File.ReadAllBytes("/proc/self/cmdline"));
        return (arguments[..dashes], words.TakeLast(count).ToList());
    }

    /// <source>proc_pid_cmdline(5): the words one after another, each ended by a NUL.</source>
    internal static List<byte[]> SplitWords(ReadOnlySpan<byte> commandLine)
    {
        List<byte[]> words = [];
        while (!commandLine.IsEmpty)
        {
            int end = commandLine.IndexOf((byte)0);
            if (end < 0)
                end = commandLine.Length;
            words.Add(commandLine[..end].ToArray());
            commandLine = commandLine[Math.Min(end + 1, commandLine.Length)..];
        }

        return words;
    }
}
