namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>Where the files of Debian's packages go.</summary>
internal static class DebianLayout
{
    /// <summary>
    /// Symbolic links to the folders of the same names in usr. Packages still name them; an installed system
    /// has them merged.
    /// </summary>
    /// <source>Debian 12's release notes, 5.1.9, "Merged-/usr".</source>
    internal static readonly string[] Merged = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    /// <summary>Folders that packages bring and an installed system has as symbolic links, which
    /// <c>rootfs/recipe.txt</c> makes, with where they lead.</summary>
    private static readonly (string Name, string Target)[] s_moved = [("var/run", "run"), ("var/lock", "run/lock")];

    // Nothing that a program needs to run, and half of all files. Debian's own images for containers leave
    // out the same.
    private static readonly string[] s_leftOut =
    [
        "usr/share/doc", "usr/share/doc-base", "usr/share/info", "usr/share/linda", "usr/share/lintian",
        "usr/share/locale", "usr/share/man", "usr/share/bug",
    ];

    /// <summary>A package's <c>./bin/sh</c> as the image's <c>usr/bin/sh</c>; empty for the root.</summary>
    internal static string Place(string name)
    {
        List<string> parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".").ToList();
        if (parts.Contains(".."))
            throw new ArgumentException($"a package's file outside the root: {name}", nameof(name));
        if (parts.Count > 0 && Merged.Contains(parts[0]))
            parts.Insert(0, "usr");
        return Move(string.Join('/', parts));
    }

    // What is below such a folder; the folder itself is a link.
    private static string Move(string path)
    {
        foreach ((string name, string target) in s_moved)
        {
            if (path.StartsWith(name + "/", StringComparison.Ordinal))
                return target + path[name.Length..];
        }

        return path;
    }

    internal static bool IsLeftOut(string path) => s_moved.Any(folder => folder.Name == path) || s_leftOut.Any(folder =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || path[folder.Length] == '/'));
}
