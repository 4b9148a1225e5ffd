using System.Diagnostics.CodeAnalysis;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>Fills the root with what the boot loader left in memory: cpio archives, plain or compressed with
/// gzip, one after the other, with any number of NULs in between.</summary>
/// <remarks>
/// The data of plain archives is not touched: files refer to it, and what they refer to stays as long as they
/// do. So the time that this takes depends on the number of files. Of several entries with one name, the last
/// counts.
/// </remarks>
/// <source>initramfs buffer format, docs.kernel.org/driver-api/early-userspace/buffer-format.html.</source>
public static class Initramfs
{
    /// <summary>Unpacks everything.</summary>
    /// <param name="root">Nobody else uses it yet: no mount shows it, no file of it is open.</param>
    /// <param name="message">What is wrong and where, in one line. What came before it has been
    /// unpacked.</param>
    /// <remarks>An entry that cannot be placed (its directory is missing, say) is left out with a line in the
    /// log, as Linux does; everything that makes the rest doubtful ends it.</remarks>
    /// <locking>May sleep.</locking>
    public static bool TryUnpack(
        BootModule module, TmpfsFilesystem root, [NotNullWhen(false)] out string? message)
    {
        ArchiveReader reader = new(module, root);
        bool isWhole = reader.TryReadAll();
        message = isWhole ? null : reader.Failure;
        reader.LogSkipped();
        return isWhole;
    }
}
