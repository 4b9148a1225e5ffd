using System;
using System.Collections.Generic;
using Cashew.Runtime;

namespace Cashew.Kernel.Boot;

/// <summary>
/// The kernel's command line, taken apart. Words that the kernel does not know belong to init: NAME=VALUE
/// goes to its environment, others and everything behind <c>--</c> to its arguments; words with a dot in
/// their name are options of parts of the kernel, and never init's.
/// </summary>
/// <source>bootparam(7); The kernel's command-line parameters,
/// docs.kernel.org/admin-guide/kernel-parameters.html.</source>
internal sealed class CommandLine
{
    private readonly List<byte[]> _arguments = [];
    private readonly List<byte[]> _environment = ["HOME=/"u8.ToArray(), "TERM=linux"u8.ToArray()];

    internal CommandLine(ReadOnlySpan<byte> text)
    {
        bool belongsToInit = false;
        while (TryTakeWord(ref text, out byte[] word))
        {
            if (belongsToInit) _arguments.Add(word);
            else if (word.AsSpan().SequenceEqual("--"u8)) belongsToInit = true;
            else Accept(word);
        }
    }

    /// <summary>init= or rdinit=: the program to run first, and no other; null when it is not said.</summary>
    internal byte[]? Init { get; private set; }

    /// <summary>selftest: run the kernel's own tests, not init.</summary>
    internal bool RunsSelfTests { get; private set; }

    /// <summary>Messages more urgent than this (a number of syslog(2)) go to the console.</summary>
    internal int ConsoleLevel { get; private set; } = DefaultConsoleLevel;

    /// <summary>console=: the name of the terminal that /dev/console is; the last one counts.</summary>
    internal byte[] Console { get; private set; } = "ttyS0"u8.ToArray();

    /// <summary>cashew.gc=stress: collect at every safe point; stress-steps: one tiny step at every safe
    /// point; stress-allocations: collect at every allocation, too.</summary>
    internal CollectorStress CollectorStress { get; private set; }

    internal byte[][] InitArguments => _arguments.ToArray();
    internal byte[][] InitEnvironment => _environment.ToArray();

    private const int DefaultConsoleLevel = 7;
    private const int QuietConsoleLevel = 4;
    private const int DebugConsoleLevel = 8;

    private void Accept(byte[] word)
    {
        int equals = word.AsSpan().IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? word : word.AsSpan(0, equals);
        ReadOnlySpan<byte> value = equals < 0 ? default : word.AsSpan(equals + 1);
        if (name.SequenceEqual("init"u8) || name.SequenceEqual("rdinit"u8)) Init = value.ToArray();
        else if (word.AsSpan().SequenceEqual("selftest"u8)) RunsSelfTests = true;
        else if (word.AsSpan().SequenceEqual("quiet"u8)) ConsoleLevel = QuietConsoleLevel;
        else if (word.AsSpan().SequenceEqual("debug"u8)) ConsoleLevel = DebugConsoleLevel;
        else if (name.SequenceEqual("loglevel"u8)) ConsoleLevel = ParseLevel(value);
        else if (name.SequenceEqual("console"u8)) Console = UpTo(value, (byte)',').ToArray();
        else if (name.SequenceEqual("cashew.gc"u8)) CollectorStress = ParseStress(value);
        else if (name.Contains((byte)'.') || KernelWords.Contain(name)) return;
        else if (equals < 0) _arguments.Add(word);
        else SetVariable(word, name);
    }

    // A variable that is said twice has its last value.
    private void SetVariable(byte[] word, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _environment.Count; i++)
        {
            if (!UpTo(_environment[i], (byte)'=').SequenceEqual(name)) continue;
            _environment[i] = word;
            return;
        }

        _environment.Add(word);
    }

    private static int ParseLevel(ReadOnlySpan<byte> text)
        => text.Length == 1 && text[0] is >= (byte)'0' and <= (byte)'8' ? text[0] - '0' : DefaultConsoleLevel;

    private static CollectorStress ParseStress(ReadOnlySpan<byte> text)
        => text.SequenceEqual("stress"u8) ? CollectorStress.EverySafePoint
            : text.SequenceEqual("stress-steps"u8) ? CollectorStress.SmallSteps
            : text.SequenceEqual("stress-allocations"u8) ? CollectorStress.AtOnce
            : CollectorStress.None;

    private static ReadOnlySpan<byte> UpTo(ReadOnlySpan<byte> text, byte end)
    {
        int at = text.IndexOf(end);
        return at < 0 ? text : text[..at];
    }

    /// <summary>Words end at blanks, except between double quotes, which are left out themselves.</summary>
    private static bool TryTakeWord(ref ReadOnlySpan<byte> text, out byte[] word)
    {
        int at = 0;
        while (at < text.Length && IsBlank(text[at])) at++;
        List<byte> taken = [];
        bool isQuoted = false;
        bool hasWord = at < text.Length;
        for (; at < text.Length && (isQuoted || !IsBlank(text[at])); at++)
        {
            if (text[at] == (byte)'"') isQuoted = !isQuoted;
            else taken.Add(text[at]);
        }

        text = text[at..];
        word = taken.ToArray();
        return hasWord;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n';
}
