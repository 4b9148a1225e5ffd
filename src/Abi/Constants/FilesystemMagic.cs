namespace Cashew.Abi;

/// <summary>File-system types as statfs(2) reports them.</summary>
/// <source>statfs(2)</source>
public static class FilesystemMagic
{
    public const long TMPFS_MAGIC = 0x1021994;
    public const long RAMFS_MAGIC = 0x858458F6;
    public const long PROC_SUPER_MAGIC = 0x9FA0;
    public const long SYSFS_MAGIC = 0x62656572;
    public const long DEVPTS_SUPER_MAGIC = 0x1CD1;
    public const long PIPEFS_MAGIC = 0x50495045;
    public const long SOCKFS_MAGIC = 0x534F434B;
    public const long ANON_INODE_FS_MAGIC = 0x9041934;
    public const long EXT4_SUPER_MAGIC = 0xEF53;
    public const long OVERLAYFS_SUPER_MAGIC = 0x794C7630;
    public const long CGROUP2_SUPER_MAGIC = 0x63677270;
    public const long CGROUP_SUPER_MAGIC = 0x27E0EB;
    public const long MQUEUE_MAGIC = 0x19800202;
    public const long HUGETLBFS_MAGIC = 0x958458F6;
    public const long DEBUGFS_MAGIC = 0x64626720;
    public const long TRACEFS_MAGIC = 0x74726163;
    public const long SECURITYFS_MAGIC = 0x73636673;
    public const long BPF_FS_MAGIC = 0xCAFE4A11;
    public const long NSFS_MAGIC = 0x6E736673;
    public const long ISOFS_SUPER_MAGIC = 0x9660;
    public const long SQUASHFS_MAGIC = 0x73717368;
    public const long FUSE_SUPER_MAGIC = 0x65735546;
    public const long V9FS_MAGIC = 0x1021997;
}
