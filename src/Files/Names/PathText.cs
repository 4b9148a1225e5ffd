using System;

namespace Cashew.Files;

/// <summary>Paths as /proc shows them.</summary>
public static class PathText
{
    /// <summary>The path of a place, seen from a root; marked when the file has lost the name.</summary>
    public static void Append(ByteBuilder text, PathLocation location, PathLocation root)
    {
        if (location.IsNone) return;

        byte[] buffer = new byte[NameRules.MaxPathBytes + 1];
        if (DirectoryTree.TryFormat(location, root, buffer, out ReadOnlySpan<byte> path, out _)) text.Append(path);
        if (location.Dentry.IsUnlinked) text.Append(" (deleted)"u8);
    }

    /// <summary>With blanks, tabs, newlines and backslashes as octal escapes, as mount tables have
    /// them.</summary>
    /// <source>getmntent(3).</source>
    public static void AppendEscaped(ByteBuilder text, ReadOnlySpan<byte> path)
    {
        foreach (byte value in path)
        {
            if (value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\' or (byte)'#')
            {
                text.Append((byte)'\\').AppendOctal(value, 3);
            }
            else
            {
                text.Append(value);
            }
        }
    }
}
