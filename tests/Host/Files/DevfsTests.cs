using Cashew.Abi;
using Cashew.Files;
using Xunit;

namespace Cashew.Host.Files;

public sealed class DevfsTests : FilesTest
{
    public DevfsTests()
    {
        MemoryDevices.Register();
        Assert.Equal(Errno.None, Mkdir("/dev"));
        Assert.Equal(Errno.None, Mkdir("/other"));
        Assert.Equal(Errno.None, Mount("devtmpfs", "/dev"));
    }

    [Theory]
    [InlineData("null", 3, 0x1B6)]
    [InlineData("zero", 5, 0x1B6)]
    [InlineData("full", 7, 0x1B6)]
    [InlineData("random", 8, 0x1B6)]
    [InlineData("urandom", 9, 0x1B6)]
    [InlineData("kmsg", 11, 0x1A4)]
    public void Registered_devices_have_nodes(string name, uint minor, uint permissions)
    {
        Stat stat = GetStat($"/dev/{name}");
        Assert.Equal(Mode.S_IFCHR | permissions, stat.st_mode);
        Assert.Equal(new DeviceNumber(1, minor).Encoded, stat.st_rdev);
        Assert.Equal(Errno.None, OpenError($"/dev/{name}"));
    }

    [Fact]
    public void It_has_the_usual_links_and_directories()
    {
        Assert.Equal(Mode.S_IFLNK, GetStat("/dev/fd").st_mode & Mode.S_IFMT);
        Assert.True(FileTree.TryReadLink(Caller, default, "/dev/stderr"u8, out byte[]? target, out _));
        Assert.Equal("/proc/self/fd/2"u8, target);
        Assert.Equal(Mode.S_IFDIR | 0x1EDu, GetStat("/dev/pts").st_mode);
        Assert.Equal(Mode.S_IFDIR | 0x3FFu, GetStat("/dev/shm").st_mode);
        Assert.Equal(Mode.S_IFDIR | 0x1EDu, GetStat("/dev").st_mode);
    }

    [Fact]
    public void There_is_one_wherever_it_is_mounted_and_it_outlives_its_mounts()
    {
        Create("/dev/mine", "x");
        Assert.Equal(Errno.None, Mount("devtmpfs", "/other"));
        Assert.Equal("x", ReadAll("/other/mine"));
        Assert.Equal(Errno.EBUSY, Mount("devtmpfs", "/other"));
        Assert.Equal(Errno.None, Unmount("/dev"));
        Assert.Equal(Errno.None, Unmount("/other"));
        Assert.Equal(Errno.ENOENT, StatError("/dev/null"));

        Assert.Equal(Errno.None, Mount("devtmpfs", "/dev", "size=50%"));
        Assert.Equal("x", ReadAll("/dev/mine"));
        Assert.Equal(Errno.None, Unlink("/dev/mine"));
    }

    [Fact]
    public void A_read_only_mount_leaves_the_others_writable()
    {
        Assert.Equal(Errno.None, Mount("devtmpfs", "/other", "", MountOptions.ReadOnly));
        Assert.Equal(Errno.EROFS, Mkdir("/other/x"));
        Assert.Equal(Errno.None, Mkdir("/dev/x"));
        Assert.Equal(Errno.None, Rmdir("/dev/x"));
    }

    [Fact]
    public void A_device_that_comes_later_gets_its_node_below_the_directory_it_names()
    {
        Assert.True(CharacterDevices.All.Length > 0);
        CharacterDevices.Register(new CharacterDevices.Registration
        {
            Number = new DeviceNumber(200, 7),
            Name = "late/comer",
            Permissions = 0x180, // 0600
            Device = CharacterDevices.All[0].Device,
        });
        Assert.Equal(Mode.S_IFCHR | 0x180u, GetStat("/dev/late/comer").st_mode);
    }

    [Fact]
    public void No_device_opens_where_the_mount_says_so()
    {
        Assert.Equal(Errno.None, Mount("devtmpfs", "/other", "", MountOptions.NoDevices));
        Assert.Equal(Errno.EACCES, OpenError("/other/null"));
    }
}
