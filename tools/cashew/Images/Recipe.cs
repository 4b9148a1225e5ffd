namespace Cashew.Tool.Images;

using System;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>
/// Builds the base of a root file system from <c>rootfs/recipe.txt</c> and the files in <c>rootfs/files</c>.
/// A recipe has one entry a line: <c>dir PATH MODE</c>, <c>link PATH TARGET</c>,
/// <c>char PATH MODE MAJOR MINOR</c>.
/// </summary>
internal static class Recipe
{
    internal static void Apply(string recipe, string files, CpioWriter image)
    {
        int number = 0;
        foreach (string line in File.ReadLines(recipe))
        {
            number++;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !words[0].StartsWith('#') && !TryApply(words, image))
                throw new Failure($"{recipe}:{number}: not an entry: {line}");
        }

        CopyFiles(files, image);
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

    private static bool TryApply(string[] words, CpioWriter image)
    {
        switch (words)
        {
            case ["dir", string path, string mode]:
                image.AddDirectory(path.TrimStart('/'), Octal(mode));
                return true;
            case ["link", string path, string target]:
                image.AddSymlink(path.TrimStart('/'), target);
                return true;
            case ["char", string path, string mode, string major, string minor]:
                image.AddCharacterDevice(
                    path.TrimStart('/'), Octal(mode), int.Parse(major), int.Parse(minor));
                return true;
            default:
                return false;
        }
    }

    private static int Octal(string mode) => Convert.ToInt32(mode, 8);
}
