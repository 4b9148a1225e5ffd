using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>The one instance of sysfs.</summary>
/// <source>sysfs(5).</source>
public sealed class SysFilesystem : GeneratedFilesystem
{
    private const uint Permissions = 0x1ED; // 0755
    private const uint RootPermissions = 0x16D; // 0555
    private const int ShownFileBytes = 4096;

    private readonly GeneratedDirectory _root;

    internal SysFilesystem(FilesystemType type)
        : base(type, FilesystemMagic.SYSFS_MAGIC)
    {
        _root = new GeneratedDirectory(this, NextNumber(), new NewNode(Mode.S_IFDIR | RootPermissions, 0, 0));
        Keep();
    }

    /// <summary>A page, whatever is in it.</summary>
    public override long ShownLengthBytes => ShownFileBytes;

    public override bool TellsUnread => true;

    protected override GeneratedDirectory Root => _root;

    protected override uint DirectoryPermissions => Permissions;
}
