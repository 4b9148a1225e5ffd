namespace Cashew.Tool.Images;

using System;
using System.IO;
using Cashew.Tool.Support;

/// <summary>
/// The default initramfs: the recipe, and Debian's statically linked BusyBox with a link for every applet.
/// <see cref="PackageRoot"/> makes the one with Debian's packages.
/// </summary>
internal sealed class RootFilesystem
{
    // Counts up when the layout that this code gives an image changes.
    private const string Version = "1";

    private readonly Repository _repository;
    private readonly DebianArchive _debian;

    internal RootFilesystem(Repository repository, DebianArchive debian)
    {
        _repository = repository;
        _debian = debian;
    }

    /// <summary>The archive's path; it is made anew only when something that goes into it changed.</summary>
    internal string Make()
    {
        string busybox = Path.Combine(_debian.Unpacked("busybox-static"), "bin", "busybox");
        string rootfs = _repository.PathOf("tools", "cashew", "rootfs");
        string archive = _repository.ArtifactOf("initramfs.cpio");

        using Fingerprint inputs = new Fingerprint().Text(Version).File(busybox).Tree(rootfs, "*");
        Cache.Make(archive, inputs, () => Write(archive, rootfs, busybox));
        return archive;
    }

    private static void Write(string archive, string rootfs, string busybox)
    {
        using FileStream output = File.Create(archive);
        using CpioWriter image = new(output);
        Recipe.Apply(Path.Combine(rootfs, "recipe.txt"), image, path => path.TrimStart('/'));
        Recipe.CopyFiles(Path.Combine(rootfs, "files"), image);
        image.AddFile("bin/busybox", 0x1ED, File.ReadAllBytes(busybox));

        string applets = External.RunChecked(busybox, ["--list-full"]);
        foreach (string applet in applets.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (applet != "bin/busybox")
                image.AddSymlink(applet, "/bin/busybox");
        }
    }
}
