namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Cashew.Tool.Support;

/// <summary>
/// Reads the files of a Debian package. They never lie on the host, where owners need privileges.
/// </summary>
/// <source>deb(5): data.tar, compressed in one of several ways; dpkg-deb knows them all.</source>
internal static class PackageReader
{
    internal static IReadOnlyList<PackageItem> Read(string archive)
    {
        ProcessStartInfo start = new("dpkg-deb", ["--fsys-tarfile", archive])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = External.Start(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Stream output = process.StandardOutput.BaseStream;
        IReadOnlyList<PackageItem> items = Items(output, Path.GetFileName(archive));
        output.CopyTo(Stream.Null);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new Failure($"dpkg-deb cannot read {archive}", errors.Result.Trim());
        return items;
    }

    /// <param name="tar">The archive, from here on.</param>
    /// <param name="name">What to call it in messages.</param>
    internal static IReadOnlyList<PackageItem> Items(Stream tar, string name)
    {
        List<PackageItem> items = [];
        Dictionary<string, PackageItem> files = new(StringComparer.Ordinal);
        using TarReader reader = new(tar, leaveOpen: true);
        while (reader.GetNextEntry() is TarEntry entry)
        {
            string path = DebianLayout.Place(entry.Name);
            if (path.Length == 0 || DebianLayout.IsLeftOut(path))
                continue;
            if (entry.EntryType == TarEntryType.HardLink)
            {
                AddLink(entry, path, files, name);
                continue;
            }

            PackageItem item = Item(entry, path, name);
            items.Add(item);
            if (item.Kind == PackageItemKind.File)
                files[path] = item;
        }

        return items;
    }

    private static void AddLink(
        TarEntry entry, string path, Dictionary<string, PackageItem> files, string name)
    {
        if (!files.TryGetValue(DebianLayout.Place(entry.LinkName), out PackageItem? item))
            throw new Failure($"{name}: {entry.Name} is a link to a file that was not there");
        item.Paths.Add(path);
    }

    private static PackageItem Item(TarEntry entry, string path, string name) => new()
    {
        Kind = entry.EntryType switch
        {
            TarEntryType.Directory => PackageItemKind.Directory,
            TarEntryType.SymbolicLink => PackageItemKind.Symlink,
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => PackageItemKind.File,
            _ => throw new Failure($"{name}: {entry.Name} is of a kind that packages do not have"),
        },
        Paths = [path],
        Mode = (int)entry.Mode,
        Ownership = new FileOwnership(entry.Uid, entry.Gid, (int)entry.ModificationTime.ToUnixTimeSeconds()),
        Content = Content(entry),
        Target = entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : "",
    };

    private static byte[] Content(TarEntry entry)
    {
        if (entry.DataStream == null)
            return [];
        byte[] content = new byte[entry.Length];
        entry.DataStream.ReadExactly(content);
        return content;
    }
}
