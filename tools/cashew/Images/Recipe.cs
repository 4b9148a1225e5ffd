namespace Cashew.Tool.Images;

using System;
using System.IO;
using System.Linq;

/// <summary>
/// Builds the base of a root file system from <c>rootfs/recipe.txt</c> and the files in <c>rootfs/files</c>.
/// A recipe has one entry a line: <c>dir PATH MODE</c>, <c>link PATH TARGET</c>,
/// <c>char PATH MODE MAJOR MINOR</c>.
/// </summary>
internal static class Recipe
{
    /// <param name="recipe">The entries.</param>
    /// <param name="image">Gets them.</param>
    /// <param name="place">Where in the image a path goes, which then has no slash at its start.</param>
    internal static void Apply(string recipe, CpioWriter image, Func<string, string> place)
    {
        foreach (RecipeLine line in RecipeLine.Read(recipe))
        {
            if (!TryApply(line.Words, image, place))
                throw line.Refusal();
        }
    }

    /// <summary>
    /// Adds every file below a folder; executable files stay executable, all others are 0644.
    /// </summary>
    internal static void CopyFiles(string folder, CpioWriter image, string prefix = "")
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            // Only this bit: the others depend on the umask of whoever cloned the repository.
            bool isExecutable = (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;
            int mode = isExecutable ? 0x1ED : 0x1A4;
            image.AddFile(prefix + Path.GetRelativePath(folder, path), mode, File.ReadAllBytes(path));
        }
    }

    /// <summary>False for an entry of another kind.</summary>
    internal static bool TryApply(string[] words, CpioWriter image, Func<string, string> place)
    {
        switch (words)
        {
            case ["dir", string path, string mode]:
                image.AddDirectory(place(path), Octal(mode));
                return true;
            case ["link", string path, string target]:
                image.AddSymlink(place(path), target);
                return true;
            case ["char", string path, string mode, string major, string minor]:
                image.AddCharacterDevice(place(path), Octal(mode), int.Parse(major), int.Parse(minor));
                return true;
            default:
                return false;
        }
    }

    internal static int Octal(string mode) => Convert.ToInt32(mode, 8);
}
