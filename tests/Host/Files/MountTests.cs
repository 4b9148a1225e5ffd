using System.Linq;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Xunit;

namespace Cashew.Host.Files;

public sealed class MountTests : FilesTest
{
    public MountTests()
    {
        foreach (string path in (string[])["/a", "/b", "/c"]) Assert.Equal(Errno.None, Mkdir(path));
    }

    [Fact]
    public void The_list_of_file_systems_is_that_of_proc_filesystems()
    {
        ByteBuilder text = new();
        FilesystemTypes.AppendList(text);
        Assert.StartsWith("nodev\ttmpfs\nnodev\tdevtmpfs\nnodev\tramfs\n", Encoding.UTF8.GetString(text.Written));
        Assert.False(FilesystemTypes.TryFind("tmp"u8, out _));
        Assert.False(FilesystemTypes.TryFind(default, out _));
    }

    [Fact]
    public void A_mount_hides_what_is_below_until_it_goes()
    {
        Create("/a/below");
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Empty(List("/a"));
        Create("/a/above");
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Empty(List("/a"));
        Assert.Equal(Errno.EBUSY, Rmdir("/a"));
        Assert.Equal(Errno.EBUSY, Rename("/a", "/x"));
        Assert.Equal(Errno.None, Unmount("/a"));
        Assert.Equal(["above"], List("/a"));
        Assert.Equal(Errno.None, Unmount("/a"));
        Assert.Equal(["below"], List("/a"));
        Assert.Equal(Errno.EINVAL, Unmount("/a"));
        Assert.Equal(Errno.EINVAL, Unmount("/"));
    }

    [Fact]
    public void A_mount_in_use_stays_unless_it_goes_lazily()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.None, Mkdir("/a/sub"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/a/sub"));
        OpenFile file = Open("/a/f");
        Assert.Equal(1, WriteAt(file, 0, "x"u8).Count);
        Assert.Equal(Errno.EBUSY, Unmount("/a"));
        Assert.Equal(Errno.None, Unmount("/a/sub"));
        Assert.Equal(Errno.EBUSY, Unmount("/a"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/a/sub"));

        Assert.Equal(Errno.None, Unmount("/a", UnmountMode.Lazily));
        Assert.Single(Mounts.List());
        Assert.Empty(List("/a"));
        byte[] buffer = new byte[1];
        Assert.Equal(1, ReadAt(file, 0, buffer).Count);

        // Nothing can be mounted on, or bound from, what is in no tree any more.
        Assert.Equal(Errno.EINVAL, Mounts.Bind(file.Location, withSubmounts: false, file.Location));
        file.Release();
    }

    [Fact]
    public void A_mark_of_expiry_is_lost_by_use()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.EAGAIN, Unmount("/a", UnmountMode.WhenExpired));
        Create("/a/f");
        Assert.Equal(Errno.EAGAIN, Unmount("/a", UnmountMode.WhenExpired));
        OpenFile file = Open("/a/f");
        Assert.Equal(Errno.EBUSY, Unmount("/a", UnmountMode.WhenExpired));
        file.Release();
        Assert.Equal(Errno.EAGAIN, Unmount("/a", UnmountMode.WhenExpired));
        Assert.Equal(Errno.None, Unmount("/a", UnmountMode.WhenExpired));
        Assert.Single(Mounts.List());
    }

    [Fact]
    public void A_bind_shows_the_same_files_and_with_rec_the_mounts_below()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.None, Mkdir("/a/sub"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/a/sub"));
        Create("/a/sub/f", "f");

        Assert.Equal(Errno.None, Bind("/a", "/b"));
        Assert.Empty(List("/b/sub"));
        Assert.Equal(Errno.None, Unmount("/b"));
        Assert.Equal(Errno.None, Bind("/a", "/b", isRecursive: true));
        Assert.Equal("f", ReadAll("/b/sub/f"));
        Assert.Equal(Errno.EBUSY, Unmount("/b"));
        Create("/x");
        Assert.Equal(Errno.ENOTDIR, Bind("/x", "/c"));
        Create("/y", "y");
        Assert.Equal(Errno.None, Bind("/y", "/x"));
        Assert.Equal("y", ReadAll("/x"));
        Assert.Equal(Errno.EBUSY, Unlink("/x"));
    }

    [Fact]
    public void A_bind_of_the_root_below_itself_does_not_copy_the_copy()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/b"));
        Assert.Equal(Errno.None, Bind("/", "/a", isRecursive: true));
        Assert.Equal(4, Mounts.List().Length);
        Assert.Equal(["a", "b", "c"], List("/a"));
        Assert.Empty(List("/a/a"));
    }

    [Fact]
    public void What_may_not_be_bound_is_left_out_of_recursive_binds()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/b"));
        Assert.Equal(Errno.None, Mkdir("/b/sub"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/b/sub"));
        PathLocation b = Find("/b");
        Assert.Equal(Errno.None, MountNamespace.SetPropagation(b, withSubmounts: false, Propagation.Unbindable));
        Assert.Equal(Errno.None, MountNamespace.SetPropagation(b, withSubmounts: true, Propagation.Slave));
        b.Unpin();
        Assert.Equal(Errno.EINVAL, Bind("/b", "/c"));
        Assert.Equal(Errno.None, Bind("/", "/a", isRecursive: true));
        Assert.Equal(4, Mounts.List().Length);
        PathLocation sub = Find("/c");
        Assert.Equal(Errno.EINVAL, MountNamespace.SetPropagation(sub, withSubmounts: false, Propagation.Private));
        sub.Unpin();
    }

    private Filesystem MountIn(FilesystemContext context, string path)
    {
        FileCaller caller = new(context, Credentials);
        Assert.True(FilesystemTypes.TryFind("tmpfs"u8, out FilesystemType? type));
        Assert.True(type.TryMount(caller, default, default, out Filesystem? filesystem, out _));
        Assert.True(PathWalk.TryFind(caller, default, Bytes(path), WalkFlags.FollowLast, out PathLocation place, out _));
        Assert.Equal(Errno.None, context.Namespace.Add(filesystem, default, MountOptions.None, place));
        place.Unpin();
        return filesystem;
    }

    // mount_namespaces(7).
    [Fact]
    public void A_copy_of_the_mounts_goes_with_its_last_user()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.True(Context.TryCloneWithMounts(out FilesystemContext? copy, out _));
        FilesystemContext other = copy.Clone();
        Filesystem inner = MountIn(copy, "/b");
        Assert.Equal(2, Mounts.List().Length);
        Assert.Equal(3, copy.Namespace.List().Length);
        copy.Release();
        Assert.True(inner.IsMounted);
        other.Release();
        Assert.False(inner.IsMounted);
        Assert.Equal(2, Mounts.List().Length);
    }

    // mount_namespaces(7), "Restrictions on mount namespaces".
    [Fact]
    public void A_mount_point_of_another_namespace_can_be_removed()
    {
        Assert.True(Context.TryCloneWithMounts(out FilesystemContext? copy, out _));
        Filesystem removed = MountIn(copy, "/b");
        Filesystem replaced = MountIn(copy, "/c");
        Assert.Equal(Errno.EBUSY, FileTree.RemoveDirectory(new FileCaller(copy, Credentials), default, "/b"u8));
        Assert.Equal(Errno.None, Rmdir("/b"));
        Assert.False(removed.IsMounted);
        Assert.Equal(Errno.None, Rename("/a", "/c"));
        Assert.False(replaced.IsMounted);
        Assert.Single(copy.Namespace.List());
        copy.Release();
    }

    [Fact]
    public void There_are_as_many_namespaces_as_may_be()
    {
        System.Collections.Generic.List<FilesystemContext> copies = [];
        Errno error;
        while (Context.TryCloneWithMounts(out FilesystemContext? copy, out error)) copies.Add(copy);
        Assert.Equal(Errno.ENOSPC, error);
        Assert.InRange(copies.Count, 1, MountNamespace.MostNamespaces);
        foreach (FilesystemContext copy in copies) copy.Release();
        Assert.True(Context.TryCloneWithMounts(out FilesystemContext? one, out _));
        one.Release();
    }

    [Fact]
    public void A_mount_moves_with_what_is_below_it_and_parents_stay_before_children()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.None, Mkdir("/a/sub"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/a/sub"));
        Create("/a/sub/f", "f");
        Assert.Equal(Errno.None, Mount("tmpfs", "/b"));
        Assert.Equal(Errno.None, Mkdir("/b/in"));

        Assert.Equal(Errno.ELOOP, Move("/a", "/a/sub"));
        Assert.Equal(Errno.EINVAL, Move("/c", "/a"));
        Assert.Equal(Errno.EINVAL, Move("/", "/c"));
        Assert.Equal(Errno.None, Move("/a", "/b/in"));
        Assert.Equal("f", ReadAll("/b/in/sub/f"));
        Assert.Empty(List("/a"));

        // A recursive bind copies parents first: with the list in the wrong order, what was moved would be
        // left out.
        Assert.Equal(Errno.None, Bind("/", "/c", isRecursive: true));
        Assert.Equal("f", ReadAll("/c/b/in/sub/f"));
        Assert.Equal(Errno.None, Unmount("/b", UnmountMode.Lazily));
        Assert.Equal(5, Mounts.List().Length);
    }

    [Fact]
    public void Dot_dot_leads_out_of_a_mount()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.None, Mkdir("/a/d"));
        Assert.Equal(GetStat("/b").st_ino, GetStat("/a/d/../../b").st_ino);
        Assert.Equal(GetStat("/").st_dev, GetStat("/a/..").st_dev);
        Assert.NotEqual(GetStat("/").st_dev, GetStat("/a").st_dev);
    }

    [Fact]
    public void A_remount_changes_a_file_system_and_a_bind_remount_only_the_mount()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/a"));
        Assert.Equal(Errno.None, Bind("/a", "/b"));
        PathLocation b = Find("/b");
        Assert.Equal(Errno.None, Mounts.SetOptions(b, MountOptions.ReadOnly));
        Assert.Equal(Errno.EROFS, Mkdir("/b/x"));
        Assert.Equal(Errno.None, Mkdir("/a/x"));
        Assert.Equal(Errno.None, Mounts.Remount(b, MountOptions.None, isReadOnly: true, default));
        b.Unpin();
        Assert.Equal(Errno.EROFS, Rmdir("/a/x"));
        PathLocation c = Find("/c");
        Assert.Equal(Errno.EINVAL, Mounts.SetOptions(c, MountOptions.ReadOnly));
        c.Unpin();
    }

    [Fact]
    public void A_new_process_has_the_namespace_of_its_root()
    {
        Assert.Same(Mounts, Context.Namespace);
        FilesystemContext copy = Context.Clone();
        Assert.Same(Mounts, copy.Namespace);
        copy.Release();
        Assert.Equal(3, List("/").Count(name => name.Length == 1));
    }
}
