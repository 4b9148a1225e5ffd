namespace Cashew.Tool.Images;

using System.Collections.Generic;
using System.IO;

/// <summary>Puts the archives of one run together into the one file that a boot loader hands over.</summary>
internal static class Initramfs
{
    private const int Alignment = 4096;

    private const long Mebibyte = 1 << 20;
    private const long WorkingMebibytes = 256;

    /// <summary>
    /// As QEMU reads it: enough memory for programs beside the root file system. Linux unpacks it into half
    /// of what it has without the archive, so that it takes three times the archive; both kernels get the
    /// same.
    /// </summary>
    internal static string Memory(string root)
    {
        long rootMebibytes = new FileInfo(root).Length / Mebibyte;
        long wanted = WorkingMebibytes + (rootMebibytes * 13 / 4);
        return $"{(wanted + WorkingMebibytes - 1) / WorkingMebibytes * WorkingMebibytes}M";
    }

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
