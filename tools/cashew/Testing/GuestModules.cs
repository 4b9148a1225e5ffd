namespace Cashew.Tool.Testing;

using System.Collections.Generic;
using System.IO;
using Cashew.Tool.Images;
using Cashew.Tool.Support;

/// <summary>What Debian's kernel has in modules and Cashew built in. The image's init loads what it
/// finds.</summary>
internal static class GuestModules
{
    private const string Folder = "run/cashew/modules";
    private const int DirectoryMode = 0x1ED;
    private const int FileMode = 0x1A4;

    /// <summary>An archive with the modules.</summary>
    internal static string MakeArchive(Repository repository, IEnumerable<string> modules)
    {
        string archive = repository.ArtifactOf("guest-modules.cpio");
        using FileStream output = File.Create(archive);
        using CpioWriter image = new(output);
        image.AddDirectory(Folder, DirectoryMode);
        foreach (string module in modules)
            image.AddFile($"{Folder}/{Path.GetFileName(module)}", FileMode, File.ReadAllBytes(module));
        return archive;
    }
}
