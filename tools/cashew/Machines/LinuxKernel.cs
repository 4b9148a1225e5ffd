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
        string package = _debian.Dependency(MetaPackage, "linux-image-");
        string boot = Path.Combine(_debian.Unpacked(package), "boot");
        return Directory.EnumerateFiles(boot, "vmlinuz-*").Order(StringComparer.Ordinal).Last();
    }
}
