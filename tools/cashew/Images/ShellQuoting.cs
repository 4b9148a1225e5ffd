namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.IO;

/// <summary>Writes words so that a POSIX shell reads them back unchanged, whatever bytes they hold.</summary>
/// <source>POSIX.1-2017, Shell Command Language, 2.2.2 Single-Quotes.</source>
internal static class ShellQuoting
{
    internal static byte[] Quote(IEnumerable<byte[]> words)
    {
        MemoryStream quoted = new();
        foreach (byte[] word in words)
        {
            if (quoted.Length > 0)
                quoted.WriteByte((byte)' ');
            Append(quoted, word);
        }

        return quoted.ToArray();
    }

    // Inside single quotes every byte stands for itself; only the quote has to leave them: '\''.
    private static void Append(MemoryStream quoted, byte[] word)
    {
        quoted.WriteByte((byte)'\'');
        foreach (byte at in word)
        {
            if (at == (byte)'\'')
                quoted.Write("'\\''"u8);
            else
                quoted.WriteByte(at);
        }

        quoted.WriteByte((byte)'\'');
    }
}
