namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>
/// A root file system of Debian's packages, one archive for both kernels. It is not compressed: a kernel maps
/// the files where they lie, and a file that nobody opens costs nothing.
/// </summary>
internal sealed class PackageRoot
{
    // Counts up when the layout that this code gives an image changes.
    private const string Version = "2";

    private const string BusyboxPath = "usr/bin/busybox";
    private const int Executable = 0x1ED;

    private readonly Toolbox _tools;

    internal PackageRoot(Toolbox tools) => _tools = tools;

    /// <summary>The archive's path; it is made anew only when a package or the layout changed.</summary>
    internal string Make(IReadOnlyList<string> names)
    {
        PackageSelection selection = new(_tools.Repository, _tools.Reporter);
        IReadOnlyList<PackageFile> files = selection.Resolve(names);
        string rootfs = _tools.Repository.PathOf("tools", "cashew", "rootfs");
        string archive = _tools.Repository.ArtifactOf("roots", PackageNames.FileName(names) + ".cpio");

        using Fingerprint inputs = new Fingerprint().Text(Version).Tree(rootfs, "*")
            .Texts(files.Select(file => $"{file.FileName} {file.Hash}"));
        Cache.Make(archive, inputs, () =>
        {
            selection.Download(names, files);
            string busybox = Path.Combine(_tools.Debian.Unpacked("busybox-static"), "bin", "busybox");
            _tools.Reporter.Progress(
                $"unpack {files.Count} packages",
                show => Write(archive, rootfs, busybox, files.Select(selection.PathOf).ToArray(), show));
        });
        return archive;
    }

    private static void Write(
        string archive, string rootfs, string busybox, string[] packages, Action<double> show)
    {
        PackageConfiguration configuration = new(Path.Combine(rootfs, "configure.txt"));
        using FileStream output = File.Create(archive);
        using CpioWriter image = new(output);
        Recipe.Apply(
            Path.Combine(rootfs, "recipe.txt"), image, path => path == "." ? path : DebianLayout.Place(path));
        string files = Path.Combine(rootfs, "files");
        image.AddFile("init", Executable, File.ReadAllBytes(Path.Combine(files, "init")));
        foreach (string name in (string[])["etc/fstab", "etc/hostname", "etc/hosts"])
            image.AddFile(name, 0x1A4, File.ReadAllBytes(Path.Combine(files, name)));
        image.AddFile(BusyboxPath, Executable, File.ReadAllBytes(busybox));

        for (int i = 0; i < packages.Length; i++)
        {
            show(100.0 * i / packages.Length);
            foreach (PackageItem item in PackageReader.Read(packages[i]))
            {
                configuration.Note(item);
                Add(item, image);
            }
        }

        foreach (string folder in DebianLayout.Merged.Where(folder => configuration.Has($"usr/{folder}")))
            image.AddSymlink(folder, $"usr/{folder}");
        configuration.Apply(image);
    }

    private static void Add(PackageItem item, CpioWriter image)
    {
        switch (item.Kind)
        {
            case PackageItemKind.Directory:
                image.AddDirectory(item.Paths[0], item.Mode, item.Ownership);
                break;
            case PackageItemKind.Symlink:
                image.AddSymlink(item.Paths[0], item.Target, item.Ownership);
                break;
            case PackageItemKind.File when item.Paths.Count == 1:
                image.AddFile(item.Paths[0], item.Mode, item.Content, item.Ownership);
                break;
            case PackageItemKind.File:
                image.AddLinkedFile(item.Paths, item.Mode, item.Content, item.Ownership);
                break;
        }
    }
}
