namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using Cashew.Tool.Support;

/// <summary>One entry of a recipe, as words.</summary>
internal readonly record struct RecipeLine(string File, int Number, string Text)
{
    internal string[] Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All but comments and empty lines.</summary>
    internal static IEnumerable<RecipeLine> Read(string file)
    {
        int number = 0;
        foreach (string text in System.IO.File.ReadLines(file))
        {
            RecipeLine line = new(file, ++number, text);
            if (line.Words.Length > 0 && !line.Words[0].StartsWith('#'))
                yield return line;
        }
    }

    internal Failure Refusal() => new($"{File}:{Number}: not an entry: {Text}");
}
