using System;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>The first line of a script: which program reads it, and at most one argument.</summary>
/// <source>execve(2), "Interpreter scripts": everything after the interpreter's name is one argument; the
/// line is looked at up to its 255th byte.</source>
public readonly ref struct ScriptHeader
{
    /// <summary>How much of a file the loaders look at first.</summary>
    public const int LookBytes = 256;

    public ReadOnlySpan<byte> Interpreter { get; private init; }

    /// <summary>Empty when there is none: an argument of no bytes cannot be written.</summary>
    public ReadOnlySpan<byte> Argument { get; private init; }

    public static bool IsScript(ReadOnlySpan<byte> head) => head.Length >= 2 && head[0] == '#' && head[1] == '!';

    /// <param name="head">The first <see cref="LookBytes"/> of the file, or all of a shorter one.</param>
    /// <errors>ENOEXEC: no interpreter is named, or its name was cut off. EACCES: there is no name and no end
    /// of the line either.</errors>
    public static bool TryParse(ReadOnlySpan<byte> head, out ScriptHeader header, out Errno error)
    {
        header = default;
        error = Errno.ENOEXEC;
        if (!IsScript(head)) return false;

        // The last byte of the look-ahead is not part of the line: Linux keeps it for a terminator.
        if (head.Length >= LookBytes) head = head[..(LookBytes - 1)];
        ReadOnlySpan<byte> line = head[2..];
        int end = line.IndexOfAny((byte)'\n', (byte)0);
        bool isCut = end < 0 && head.Length == LookBytes - 1;
        if (end >= 0) line = line[..end];

        line = TrimStart(line);
        int nameEnd = line.IndexOfAny((byte)' ', (byte)'\t');
        if (isCut && nameEnd < 0) return false;
        ReadOnlySpan<byte> name = nameEnd < 0 ? line : line[..nameEnd];
        if (name.IsEmpty)
        {
            // Without even the end of a line the empty name is taken for the current directory, as on Linux.
            if (end < 0) error = Errno.EACCES;
            return false;
        }


        header = new ScriptHeader { Interpreter = name, Argument = TrimEnd(TrimStart(line[name.Length..])) };
        error = Errno.None;
        return true;
    }

    private static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[0])) text = text[1..];
        return text;
    }

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[^1])) text = text[..^1];
        return text;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';
}
