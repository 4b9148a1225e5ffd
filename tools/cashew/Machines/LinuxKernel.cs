namespace Cashew.Tool.Machines;

using System;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>Debian's kernel for virtual machines: the one that tests and measurements compare with.</summary>
internal sealed class LinuxKernel
{
    private const string MetaPackage = "linux-image-cloud-amd64";

    private readonly DebianArchive _debian;

    internal LinuxKernel(DebianArchive debian) => _debian = debian;

    internal string Image()
    {
        string boot = Path.Combine(Unpacked(), "boot");
        return Directory.EnumerateFiles(boot, "vmlinuz-*").Order(StringComparer.Ordinal).Last();
    }

    /// <summary>A part of the kernel that it does not have built in, to be loaded with insmod.</summary>
    internal string Module(string name) =>
        Directory.EnumerateFiles(Path.Combine(Unpacked(), "lib", "modules"), name, SearchOption.AllDirectories).Single();

    private string Unpacked() => _debian.Unpacked(_debian.Dependency(MetaPackage, "linux-image-"));
}
