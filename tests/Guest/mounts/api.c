// Mounting in steps: open_tree(2), move_mount(2), fsopen(2), fsconfig(2), fsmount(2), fspick(2), mount_setattr(2); and
// pivot_root(2).
#include "mounts/mounts.h"

#include <sys/statvfs.h>

enum
{
    SYS_OPEN_TREE = 428,
    SYS_MOVE_MOUNT = 429,
    SYS_FSOPEN = 430,
    SYS_FSCONFIG = 431,
    SYS_FSMOUNT = 432,
    SYS_FSPICK = 433,
    SYS_MOUNT_SETATTR = 442,
    TREE_CLONE = 1,
    FROM_EMPTY = 4,
    TO_EMPTY = 0x40,
    SET_GROUP = 0x100,
    RECURSIVE = 0x8000,
    SET_FLAG = 0,
    SET_STRING = 1,
    SET_BINARY = 2,
    CREATE = 6,
    RECONFIGURE = 7,
};

struct attributes
{
    uint64_t set;
    uint64_t clear;
    uint64_t propagation;
    uint64_t userns;
};

static int open_tree(int at, const char *path, unsigned flags) { return (int)syscall(SYS_OPEN_TREE, at, path, flags); }
static int move_mount(int from, const char *path, int to, const char *target, unsigned flags)
{
    return (int)syscall(SYS_MOVE_MOUNT, from, path, to, target, flags);
}
static int fs_open(const char *type, unsigned flags) { return (int)syscall(SYS_FSOPEN, type, flags); }
static int fs_config(int fd, unsigned command, const char *key, const void *value, int extra)
{
    return (int)syscall(SYS_FSCONFIG, fd, command, key, value, extra);
}
static int fs_mount(int fd, unsigned flags, unsigned attributes)
{
    return (int)syscall(SYS_FSMOUNT, fd, flags, attributes);
}
static int fs_pick(int at, const char *path, unsigned flags) { return (int)syscall(SYS_FSPICK, at, path, flags); }
static int set_attributes(const char *path, unsigned flags, struct attributes attributes)
{
    return (int)syscall(SYS_MOUNT_SETATTR, AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

TEST(a_copied_tree_is_attached)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    make_file("a/sub/f", "x");
    OK(mkdir("b", 0755));
    int before = mount_count();
    int tree = OK(open_tree(AT_FDCWD, "a", TREE_CLONE | RECURSIVE | O_CLOEXEC));
    CHECK_EQ(fcntl(tree, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(mount_count(), before);
    struct stat found;
    OK(fstatat(tree, "sub/f", &found, 0));
    OK(move_mount(tree, "", AT_FDCWD, "b", FROM_EMPTY));
    CHECK(exists("b/sub/f"));
    CHECK_EQ(mount_count(), before + 2);
    OK(close(tree));
    CHECK(exists("b/sub/f"));
    OK(umount("a/sub"));
    CHECK(exists("b/sub/f"));
    leave();
}

TEST(a_copied_tree_ends_with_its_descriptor)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    int tree = OK(open_tree(AT_FDCWD, "a", TREE_CLONE));
    int fd = OK(openat(tree, "f", O_RDWR));
    CHECK_ERRNO(umount("b"), ENOENT);
    OK(umount("a"));
    OK(close(tree));
    CHECK_EQ(write(fd, "yz", 2), 2);
    OK(close(fd));
    leave();
}

TEST(a_tree_that_is_not_copied_is_a_place)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    int place = OK(open_tree(AT_FDCWD, "a/f", 0));
    CHECK_ERRNO(read(place, &place, 1), EBADF);
    struct stat found;
    OK(fstat(place, &found));
    CHECK_EQ(found.st_size, 1);
    OK(close(place));
    CHECK_ERRNO(open_tree(AT_FDCWD, "a", RECURSIVE), EINVAL);
    CHECK_ERRNO(open_tree(AT_FDCWD, "a", 2), EINVAL);
    CHECK_ERRNO(open_tree(AT_FDCWD, "", 0), ENOENT);
    CHECK_ERRNO(open_tree(AT_FDCWD, "missing", 0), ENOENT);
    leave();
}

TEST(an_unbindable_mount_is_not_copied)
{
    enter();
    tmpfs_at("a");
    OK(mount(NULL, "a", NULL, MS_UNBINDABLE, NULL));
    CHECK_ERRNO(open_tree(AT_FDCWD, "a", TREE_CLONE), EINVAL);
    leave();
}

TEST(a_mount_moves_by_path)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    OK(mkdir("b", 0755));
    OK(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", 0));
    CHECK(exists("b/f"));
    CHECK_ERRNO(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", 0), EINVAL);
    CHECK_ERRNO(move_mount(AT_FDCWD, "", AT_FDCWD, "b", 0), ENOENT);
    CHECK_ERRNO(move_mount(AT_FDCWD, "b", AT_FDCWD, "a", 0x1000), EINVAL);
    make_file("file", "x");
    CHECK_ERRNO(move_mount(AT_FDCWD, "b", AT_FDCWD, "file", 0), EINVAL);
    leave();
}

TEST(a_copy_attached_to_a_shared_mount_is_repeated)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    tmpfs_at("s");
    OK(mkdir("s/sub", 0755));
    OK(mount(NULL, "s", NULL, MS_SHARED, NULL));
    OK(mkdir("t", 0755));
    OK(mount("s", "t", NULL, MS_BIND, NULL));
    int tree = OK(open_tree(AT_FDCWD, "a", TREE_CLONE));
    int target = OK(open("s/sub", O_PATH));
    OK(move_mount(tree, "", target, "", FROM_EMPTY | TO_EMPTY));
    CHECK(exists("t/sub/f"));
    OK(close(tree));
    OK(close(target));
    leave();
}

TEST(a_file_system_is_made_in_steps)
{
    enter();
    OK(mkdir("a", 0755));
    int fs = OK(fs_open("tmpfs", 1));
    CHECK_EQ(fcntl(fs, F_GETFD), FD_CLOEXEC);
    OK(fs_config(fs, SET_STRING, "size", "64k", 0));
    OK(fs_config(fs, SET_STRING, "source", "mine", 0));
    CHECK_ERRNO(fs_mount(fs, 0, 0), EINVAL);
    OK(fs_config(fs, CREATE, NULL, NULL, 0));
    CHECK_ERRNO(fs_config(fs, SET_STRING, "size", "64k", 0), EBUSY);
    CHECK_ERRNO(fs_config(fs, CREATE, NULL, NULL, 0), EBUSY);
    int tree = OK(fs_mount(fs, 1, 1 | 2 | 0x10));
    CHECK_EQ(fcntl(tree, F_GETFD), FD_CLOEXEC);
    OK(move_mount(tree, "", AT_FDCWD, "a", FROM_EMPTY));
    CHECK(has_option("a", "ro"));
    CHECK(has_option("a", "nosuid"));
    CHECK(has_option("a", "noatime"));
    char line[2000];
    mountinfo("a", line, sizeof line);
    CHECK(strstr(line, " - tmpfs mine rw,") != NULL);
    struct statvfs status;
    OK(statvfs("a", &status));
    CHECK_EQ(status.f_blocks, 16);
    CHECK_ERRNO(mkdir("a/d", 0755), EROFS);
    // The same descriptor changes what it has made.
    OK(fs_config(fs, SET_STRING, "size", "32k", 0));
    OK(fs_config(fs, RECONFIGURE, NULL, NULL, 0));
    OK(statvfs("a", &status));
    CHECK_EQ(status.f_blocks, 8);
    OK(close(fs));
    OK(close(tree));
    leave();
}

TEST(a_file_system_that_nobody_mounts_goes_with_its_descriptors)
{
    int fs = OK(fs_open("tmpfs", 0));
    OK(fs_config(fs, CREATE, NULL, NULL, 0));
    OK(close(fs));
    fs = OK(fs_open("tmpfs", 0));
    OK(fs_config(fs, CREATE, NULL, NULL, 0));
    int tree = OK(fs_mount(fs, 0, 0));
    int fd = OK(openat(tree, "f", O_CREAT | O_RDWR, 0644));
    OK(close(fs));
    OK(close(tree));
    CHECK_EQ(write(fd, "x", 1), 1);
    OK(close(fd));
}

TEST(a_picked_file_system_is_changed)
{
    enter();
    tmpfs_at("a");
    int fs = OK(fs_pick(AT_FDCWD, "a", 0));
    OK(fs_config(fs, SET_FLAG, "ro", NULL, 0));
    int fd = write_file("a/f", "x", 1);
    CHECK_ERRNO(fs_config(fs, RECONFIGURE, NULL, NULL, 0), EBUSY);
    OK(close(fs));
    OK(close(fd));
    fs = OK(fs_pick(AT_FDCWD, "a", 0));
    OK(fs_config(fs, SET_FLAG, "ro", NULL, 0));
    OK(fs_config(fs, RECONFIGURE, NULL, NULL, 0));
    CHECK_ERRNO(open("a/f", O_RDWR), EROFS);
    OK(close(fs));
    OK(mkdir("d", 0755));
    CHECK_ERRNO(fs_pick(AT_FDCWD, "d", 0), EINVAL);
    CHECK_ERRNO(fs_pick(AT_FDCWD, "a", 0x10), EINVAL);
    leave();
}

TEST(steps_with_wrong_arguments_are_refused)
{
    CHECK_ERRNO(fs_open("nosuch", 0), ENODEV);
    CHECK_ERRNO(fs_open("tmpfs", 2), EINVAL);
    CHECK_ERRNO(fs_open((char *)8, 0), EFAULT);
    int fs = OK(fs_open("tmpfs", 0));
    CHECK_ERRNO(fs_config(fs, SET_FLAG, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_FLAG, "ro", "x", 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_STRING, "size", NULL, 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_STRING, "size", "x", 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_STRING, "nosuch", "x", 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_FLAG, "nosuch", NULL, 0), EINVAL);
    CHECK_ERRNO(fs_config(fs, SET_STRING, (char *)8, "x", 0), EFAULT);
    CHECK_ERRNO(fs_config(fs, 99, NULL, NULL, 0), EOPNOTSUPP);
    CHECK_ERRNO(fs_config(fs, RECONFIGURE, NULL, NULL, 0), EBUSY);
    CHECK_ERRNO(fs_config(-1, CREATE, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(fs_config(fs + 50, CREATE, NULL, NULL, 0), EBADF);
    CHECK_ERRNO(fs_config(0, CREATE, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(fs_mount(fs, 2, 0), EINVAL);
    CHECK_ERRNO(fs_mount(fs, 0, 0x30), EINVAL);
    CHECK_ERRNO(fs_mount(fs, 0, 0x100), EINVAL);
    CHECK_ERRNO(fs_mount(0, 0, 0), EINVAL);
    OK(close(fs));
    FORK(child)
    {
        become(1000);
        CHECK_ERRNO(fs_open("tmpfs", 0), EPERM);
        CHECK_ERRNO(fs_pick(AT_FDCWD, "/", 0), EPERM);
        CHECK_ERRNO(open_tree(AT_FDCWD, "/", TREE_CLONE), EPERM);
        CHECK_ERRNO(move_mount(AT_FDCWD, "/", AT_FDCWD, "/", 0), EPERM);
        CHECK_ERRNO(set_attributes("/", 0, (struct attributes){ .set = 1 }), EPERM);
        CHECK_ERRNO(syscall(SYS_pivot_root, "/", "/"), EPERM);
    }
    CHECK_EXITS(child, 0);
}

TEST(attributes_are_set_and_taken_away)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    OK(set_attributes("a", 0, (struct attributes){ .set = 1 | 2 | 8 }));
    CHECK(has_option("a", "ro") && has_option("a", "nosuid") && has_option("a", "noexec"));
    CHECK(has_option("a/sub", "rw"));
    OK(set_attributes("a", 0, (struct attributes){ .clear = 1 | 8, .set = 4 }));
    CHECK(has_option("a", "rw") && has_option("a", "nosuid") && has_option("a", "nodev"));
    CHECK(!has_option("a", "noexec"));
    OK(set_attributes("a", RECURSIVE, (struct attributes){ .clear = 0x70, .set = 0x10 }));
    CHECK(has_option("a", "noatime") && has_option("a/sub", "noatime"));
    OK(set_attributes("a", RECURSIVE, (struct attributes){ .propagation = MS_SHARED }));
    CHECK(shared("a") != 0 && shared("a/sub") != 0);
    OK(set_attributes("a", 0, (struct attributes){ 0 }));
    leave();
}

TEST(a_writer_below_keeps_all_as_they_are)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/one");
    tmpfs_at("a/two");
    int fd = write_file("a/two/f", "x", 1);
    CHECK_ERRNO(set_attributes("a", RECURSIVE, (struct attributes){ .set = 1 }), EBUSY);
    CHECK(has_option("a", "rw") && has_option("a/one", "rw") && has_option("a/two", "rw"));
    OK(close(fd));
    OK(set_attributes("a", RECURSIVE, (struct attributes){ .set = 1 }));
    CHECK(has_option("a", "ro") && has_option("a/one", "ro") && has_option("a/two", "ro"));
    leave();
}

TEST(attributes_that_make_no_sense_are_refused)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/d", 0755));
    struct attributes none = { 0 };
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .set = 0x10 }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .clear = 0x10 }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .clear = 0x70, .set = 0x30 }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .set = 0x100 }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .propagation = 1 }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 0, (struct attributes){ .propagation = MS_SHARED | MS_PRIVATE }), EINVAL);
    CHECK_ERRNO(set_attributes("a", 2, (struct attributes){ .set = 1 }), EINVAL);
    CHECK_ERRNO(set_attributes("a/d", 0, (struct attributes){ .set = 1 }), EINVAL);
    CHECK_ERRNO(syscall(SYS_MOUNT_SETATTR, AT_FDCWD, "a", 0, &none, 31), EINVAL);
    CHECK_ERRNO(syscall(SYS_MOUNT_SETATTR, AT_FDCWD, "a", 0, &none, 4097), E2BIG);
    CHECK_ERRNO(syscall(SYS_MOUNT_SETATTR, AT_FDCWD, "a", 0, 8L, 32), EFAULT);
    leave();
}

TEST(a_group_is_handed_to_a_private_mount)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("b", 0755));
    OK(mount("a", "b", NULL, MS_BIND, NULL));
    CHECK_ERRNO(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", SET_GROUP), EINVAL);
    OK(mount(NULL, "a", NULL, MS_SHARED, NULL));
    OK(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", SET_GROUP));
    CHECK_EQ(shared("b"), shared("a"));
    CHECK_ERRNO(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", SET_GROUP), EINVAL);
    tmpfs_at("c");
    CHECK_ERRNO(move_mount(AT_FDCWD, "a", AT_FDCWD, "c", SET_GROUP), EINVAL);
    leave();
}

TEST(another_mount_becomes_the_root)
{
    enter();
    tmpfs_at("a");
    make_file("a/of-old", "x");
    tmpfs_at("a/new");
    make_file("a/new/of-new", "x");
    OK(mkdir("a/new/old", 0755));
    FORK(child)
    {
        OK(chdir("a"));
        OK(chroot("."));
        OK(syscall(SYS_pivot_root, "/new", "/new/old"));
        CHECK(exists("/of-new"));
        CHECK(exists("/old/of-old"));
        char here[100];
        OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
        CHECK_STR(here, "/");
        CHECK(exists("of-new"));
        OK(umount2("/old", MNT_DETACH));
        CHECK(!exists("/old/of-old"));
    }
    CHECK_EXITS(child, 0);
    CHECK(exists("a/of-new"));
    leave();
}

TEST(a_root_is_put_atop_itself_and_taken_away)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/new");
    make_file("a/new/of-new", "x");
    FORK(child)
    {
        OK(chroot("a"));
        OK(chdir("/new"));
        OK(syscall(SYS_pivot_root, ".", "."));
        OK(umount2(".", MNT_DETACH));
        OK(chdir("/"));
        CHECK(exists("/of-new"));
        CHECK(!exists("/new"));
    }
    CHECK_EXITS(child, 0);
    leave();
}

TEST(another_process_at_the_old_root_gets_the_new_one)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/new");
    make_file("a/new/of-new", "x");
    OK(mkdir("a/new/old", 0755));
    FORK(child)
    {
        OK(chroot("a"));
        OK(chdir("/"));
        struct gate gate;
        OK(pipe(gate.ends));
        FORK(other)
        {
            char byte;
            CHECK_EQ(read(gate.ends[0], &byte, 1), 1);
            CHECK(exists("/of-new"));
            CHECK(exists("of-new"));
        }
        OK(syscall(SYS_pivot_root, "new", "new/old"));
        CHECK_EQ(write(gate.ends[1], "x", 1), 1);
        CHECK_EXITS(other, 0);
    }
    CHECK_EXITS(child, 0);
    leave();
}

TEST(roots_that_cannot_be_exchanged_are_refused)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/new");
    OK(mkdir("a/new/old", 0755));
    OK(mkdir("a/dir", 0755));
    tmpfs_at("a/other");
    // The caller's root is what the kernel has started with, or at least no mount that hangs on another.
    FORK(child)
    {
        OK(chroot("a"));
        OK(chdir("/"));
        CHECK_ERRNO(syscall(SYS_pivot_root, "dir", "dir"), EBUSY);
        CHECK_ERRNO(syscall(SYS_pivot_root, "new", "dir"), EBUSY);
        CHECK_ERRNO(syscall(SYS_pivot_root, "new/old", "new/old"), EINVAL);
        CHECK_ERRNO(syscall(SYS_pivot_root, "new", "other"), EINVAL);
        CHECK_ERRNO(syscall(SYS_pivot_root, "missing", "new"), ENOENT);
        make_file("file", "x");
        CHECK_ERRNO(syscall(SYS_pivot_root, "file", "new"), ENOTDIR);
        OK(mount(NULL, "/", NULL, MS_SHARED, NULL));
        CHECK_ERRNO(syscall(SYS_pivot_root, "new", "new/old"), EINVAL);
        OK(mount(NULL, "/", NULL, MS_PRIVATE, NULL));
        OK(mount(NULL, "new", NULL, MS_SHARED, NULL));
        CHECK_ERRNO(syscall(SYS_pivot_root, "new", "new/old"), EINVAL);
        OK(mount(NULL, "new", NULL, MS_PRIVATE, NULL));
        OK(chroot("dir"));
        OK(chdir("/"));
        CHECK_ERRNO(syscall(SYS_pivot_root, ".", "."), EBUSY);
    }
    CHECK_EXITS(child, 0);
    leave();
}
