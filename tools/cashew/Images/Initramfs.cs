namespace Cashew.Tool.Images;

using System.Collections.Generic;
using System.IO;

/// <summary>Puts the archives of one run together into the one file that a boot loader hands over.</summary>
internal static class Initramfs
{
    private const int Alignment = 4096;

    internal static void Compose(
        string path, IEnumerable<string> archives, GuestSettings settings, GuestProgram? program)
    {
        using FileStream output = File.Create(path);
        foreach (string archive in archives)
        {
            using FileStream input = File.OpenRead(archive);
            input.CopyTo(output);
            // So that what is page-aligned in its own archive stays so. Kernels skip NULs between archives.
            output.SetLength((output.Length + Alignment - 1) & -Alignment);
            output.Position = output.Length;
        }

        RunArchive.Append(output, settings, program);
    }
}
