namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

/// <summary>
/// Does what the scripts of Debian's packages would have done, as far as programs need it:
/// <c>rootfs/configure.txt</c> says what.
/// </summary>
internal sealed class PackageConfiguration
{
    private readonly RecipeLine[] _lines;
    private readonly HashSet<string> _sources;
    private readonly Dictionary<string, byte[]> _patterns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    internal PackageConfiguration(string file)
    {
        _lines = RecipeLine.Read(file).ToArray();
        _sources = _lines.Where(line => line.Words[0] == "copy")
            .Select(line => DebianLayout.Place(line.Words[1])).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>True once a package has brought a file or folder there.</summary>
    internal bool Has(string path) => _paths.Contains(path);

    /// <summary>Takes note of what a package brings.</summary>
    internal void Note(PackageItem item)
    {
        foreach (string path in item.Paths)
        {
            _paths.Add(path);
            if (_sources.Contains(path))
                _patterns[path] = item.Content;
        }
    }

    /// <summary>Adds everything to the image in which the packages' files are.</summary>
    internal void Apply(CpioWriter image)
    {
        foreach (RecipeLine line in _lines)
        {
            switch (line.Words)
            {
                case ["copy", string source, string path, string mode]:
                    Copy(source, path, mode, image);
                    break;
                case ["make", string source, string path, string mode]:
                    Make(source, path, mode, image);
                    break;
                case ["line", ..]: // Taken by the file before.
                    break;
                case ["first", string path, .. string[] targets]:
                    LinkToFirst(path, targets, image);
                    break;
                case [_, string path, ..]:
                    bool isFree = _paths.Add(DebianLayout.Place(path));
                    if (isFree && !Recipe.TryApply(line.Words, image, DebianLayout.Place))
                        throw line.Refusal();
                    break;
                default:
                    throw line.Refusal();
            }
        }
    }

    private void Copy(string source, string path, string mode, CpioWriter image)
    {
        string place = DebianLayout.Place(path);
        if (!_patterns.TryGetValue(DebianLayout.Place(source), out byte[]? pattern) || !_paths.Add(place))
            return;

        AddFile(path, mode, pattern, image);
    }

    private void Make(string source, string path, string mode, CpioWriter image)
    {
        if (Has(DebianLayout.Place(source)) && _paths.Add(DebianLayout.Place(path)))
            AddFile(path, mode, [], image);
    }

    private void AddFile(string path, string mode, byte[] pattern, CpioWriter image)
    {
        using MemoryStream content = new();
        content.Write(pattern);
        foreach (RecipeLine line in _lines.Where(line => line.Words is ["line", string of, ..] && of == path))
        {
            int text = line.Text.IndexOf(path, StringComparison.Ordinal) + path.Length;
            content.Write(Encoding.UTF8.GetBytes(line.Text[text..].Trim() + "\n"));
        }

        image.AddFile(DebianLayout.Place(path), Recipe.Octal(mode), content.ToArray());
    }

    private void LinkToFirst(string path, string[] targets, CpioWriter image)
    {
        string? target = targets.FirstOrDefault(target => Has(DebianLayout.Place(target)));
        if (target != null && _paths.Add(DebianLayout.Place(path)))
            image.AddSymlink(DebianLayout.Place(path), target);
    }
}
