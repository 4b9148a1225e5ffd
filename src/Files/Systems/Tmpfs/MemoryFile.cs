using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>
/// Files of memory that never had a name in any directory. They are on a tmpfs that nobody can mount, at a
/// place below its root that shows what they are called; so whatever a path leads to works with them, too:
/// /proc/PID/fd, maps, and running one.
/// </summary>
/// <source>memfd_create(2).</source>
public static class MemoryFile
{
    /// <summary>The longest name, without the prefix.</summary>
    public const int MaxNameBytes = NameRules.MaxNameBytes - 6;

    private const uint Permissions = 0x1FF;

    private static readonly TmpfsFilesystem s_filesystem = CreateFilesystem();

    /// <summary>An empty file, open for reading and writing.</summary>
    /// <errors>ENOMEM.</errors>
    public static bool TryCreate(
        in FileCaller caller, ReadOnlySpan<byte> name, FileSeals seals, [NotNullWhen(true)] out OpenFile? file,
        out Errno error)
    {
        file = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreateFile()) return false;

        Credentials credentials = caller.Credentials;
        NewNode node = new(Mode.S_IFREG | Permissions, credentials.Fsuid, credentials.Fsgid);
        if (!s_filesystem.TryCreateInode(node, out Inode? inode, out error)) return false;
        ((TmpfsFile)inode).Contents.StartSealed(seals);

        PathLocation location = s_filesystem.LocateUnlinked(inode, [.. "memfd:"u8, .. name]);
        bool isPinned = location.TryPin() && inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isPinned, "nobody else knows them yet");
        bool isOpen = inode.TryOpen(new OpenRequest(caller, location, OpenBits.O_RDWR), out file, out error);
        System.Diagnostics.Debug.Assert(isOpen, "a regular file opens");

        // The link that an inode is made with: this one has no name.
        inode.DropLinks();
        return isOpen;
    }

    private static TmpfsFilesystem CreateFilesystem()
    {
        TmpfsOptions options = TmpfsOptions.Default;
        options.MaxPages = 0;
        options.MaxInodes = 0;
        return new TmpfsFilesystem(new InternalFilesystemType("tmpfs"), options, options);
    }
}
