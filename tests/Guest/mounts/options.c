// Read-only mounts, options of mounts, and the ways to take mounts away: mount(2), umount2(2).
#include "mounts/mounts.h"

#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#ifndef UMOUNT_NOFOLLOW
#define UMOUNT_NOFOLLOW 8
#endif

enum { REBIND = MS_REMOUNT | MS_BIND };

TEST(a_mount_with_an_open_writer_does_not_become_read_only)
{
    enter();
    tmpfs_at("a");
    int fd = write_file("a/f", "x", 1);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
    CHECK_ERRNO(mount(NULL, "a", NULL, REBIND | MS_RDONLY, NULL), EBUSY);
    CHECK_EQ(write(fd, "y", 1), 1);
    make_file("a/g", "x");
    OK(close(fd));
    fd = OK(open("a/f", O_RDONLY));
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL));
    CHECK_ERRNO(open("a/f", O_RDWR), EROFS);
    OK(mount(NULL, "a", NULL, MS_REMOUNT, NULL));
    OK(close(fd));
    make_file("a/h", "x");
    leave();
}

TEST(a_writer_on_another_mount_of_the_file_system_counts_for_the_file_system)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("b", 0755));
    OK(mount("a", "b", NULL, MS_BIND, NULL));
    int fd = write_file("b/f", "x", 1);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
    OK(mount(NULL, "a", NULL, REBIND | MS_RDONLY, NULL));
    CHECK_ERRNO(open("a/g", O_CREAT | O_WRONLY, 0644), EROFS);
    OK(close(fd));
    make_file("b/g", "x");
    leave();
}

TEST(a_writable_mapping_is_a_writer)
{
    enter();
    tmpfs_at("a");
    int fd = write_file("a/f", "x", 1);
    char *map = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED);
    OK(close(fd));
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
    OK(munmap(map, CHECK_PAGE));
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL));
    leave();
}

TEST(an_open_file_without_a_name_keeps_the_file_system_writable)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    int fd = OK(open("a/f", O_RDONLY));
    OK(unlink("a/f"));
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
    OK(close(fd));
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL));
    leave();
}

TEST(a_failed_open_leaves_no_writer)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/dir", 0755));
    CHECK_ERRNO(open("a/dir", O_RDWR), EISDIR);
    CHECK_ERRNO(open("a/f", O_RDWR), ENOENT);
    make_file("a/f", "x");
    CHECK_ERRNO(open("a/f", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    OK(truncate("a/f", 0));
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_RDONLY, NULL));
    leave();
}

TEST(a_bind_mount_has_options_of_its_own)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("b", 0755));
    OK(mount("a", "b", NULL, MS_BIND | MS_RDONLY, NULL));
    CHECK(has_option("b", "rw"));
    OK(mount(NULL, "b", NULL, REBIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME, NULL));
    const char *options[] = { "ro", "nosuid", "nodev", "noexec", "noatime" };
    for (int i = 0; i < 5; i++)
    {
        CHECK(has_option("b", options[i]));
        CHECK(!has_option("a", options[i]));
    }
    CHECK(has_option("a", "relatime"));
    CHECK_ERRNO(open("b/f", O_CREAT | O_WRONLY, 0644), EROFS);
    CHECK_ERRNO(mkdir("b/d", 0755), EROFS);
    make_file("a/f", "x");
    CHECK_ERRNO(unlink("b/f"), EROFS);
    CHECK_ERRNO(chmod("b/f", 0600), EROFS);
    struct statvfs status;
    OK(statvfs("b", &status));
    CHECK_EQ(status.f_flag & (ST_RDONLY | ST_NOSUID), ST_RDONLY | ST_NOSUID);
    // What is not named goes; access times stay as they were.
    OK(mount(NULL, "b", NULL, REBIND, NULL));
    CHECK(has_option("b", "rw"));
    CHECK(!has_option("b", "nosuid"));
    CHECK(has_option("b", "noatime"));
    OK(mount(NULL, "b", NULL, REBIND | MS_STRICTATIME, NULL));
    CHECK(!has_option("b", "noatime"));
    CHECK(!has_option("b", "relatime"));
    leave();
}

TEST(a_mount_expires_when_nobody_uses_it_in_between)
{
    enter();
    tmpfs_at("a");
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EAGAIN);
    OK(umount2("a", MNT_EXPIRE));
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EINVAL);
    leave();
}

TEST(a_stat_keeps_a_mount_from_expiring)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "x");
    struct stat found;
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EAGAIN);
    OK(stat("a/f", &found));
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EAGAIN);
    OK(access("a", R_OK));
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EAGAIN);
    OK(umount2("a", MNT_EXPIRE));
    leave();
}

TEST(a_mount_in_use_does_not_expire)
{
    enter();
    tmpfs_at("a");
    int fd = write_file("a/f", "x", 1);
    CHECK_ERRNO(umount2("a", MNT_EXPIRE), EBUSY);
    OK(close(fd));
    CHECK_ERRNO(umount2("a", MNT_EXPIRE | MNT_DETACH), EINVAL);
    CHECK_ERRNO(umount2("a", MNT_EXPIRE | MNT_FORCE), EINVAL);
    leave();
}

TEST(umount_follows_a_link_unless_told_not_to)
{
    enter();
    tmpfs_at("a");
    OK(symlink("a", "link"));
    CHECK_ERRNO(umount2("link", UMOUNT_NOFOLLOW), EINVAL);
    OK(umount2("link", 0));
    CHECK_ERRNO(umount2("a", 0), EINVAL);
    leave();
}

TEST(what_is_mounted_twice_comes_back_when_the_upper_goes)
{
    enter();
    tmpfs_at("a");
    make_file("a/lower", "x");
    tmpfs_at("a");
    make_file("a/upper", "x");
    CHECK(!exists("a/lower"));
    OK(umount("a"));
    CHECK(exists("a/lower"));
    CHECK(!exists("a/upper"));
    leave();
}

TEST(a_mount_with_mounts_below_is_busy)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/b");
    CHECK_ERRNO(umount("a"), EBUSY);
    OK(umount2("a", MNT_DETACH));
    CHECK(!exists("a/b"));
    leave();
}

TEST(a_detached_mount_lives_on_with_its_users)
{
    enter();
    tmpfs_at("a");
    make_file("a/f", "text");
    int fd = OK(open("a", O_RDONLY | O_DIRECTORY));
    OK(umount2("a", MNT_DETACH));
    struct stat found;
    OK(fstatat(fd, "f", &found, 0));
    CHECK_EQ(found.st_size, 4);
    CHECK_EQ(fchdir(fd), 0);
    CHECK(exists("f"));
    OK(close(fd));
    OK(chdir("/"));
    char name[300];
    check_scratch_name(name, sizeof name, getpid());
    OK(chdir(name));
    OK(chdir("base"));
    leave();
}

TEST(a_file_is_mounted_on_a_file)
{
    enter();
    make_file("a", "one");
    make_file("b", "two");
    OK(mount("a", "b", NULL, MS_BIND, NULL));
    char text[10];
    read_file("b", text, sizeof text);
    CHECK_STR(text, "one");
    CHECK_ERRNO(unlink("b"), EBUSY);
    OK(mkdir("d", 0755));
    CHECK_ERRNO(mount("a", "d", NULL, MS_BIND, NULL), ENOTDIR);
    CHECK_ERRNO(mount("d", "a", NULL, MS_BIND, NULL), ENOTDIR);
    OK(umount("b"));
    leave();
}

TEST(mounting_needs_the_right)
{
    enter();
    OK(mkdir("a", 0777));
    FORK(child)
    {
        become(1000);
        CHECK_ERRNO(mount("none", "a", "tmpfs", 0, NULL), EPERM);
        CHECK_ERRNO(mount(NULL, "a", NULL, MS_SHARED, NULL), EPERM);
        CHECK_ERRNO(umount("a"), EPERM);
    }
    CHECK_EXITS(child, 0);
    leave();
}

TEST(the_size_of_a_tmpfs_is_kept_and_changed)
{
    enter();
    OK(mkdir("a", 0755));
    OK(mount("none", "a", "tmpfs", 0, "size=64k,nr_inodes=5,mode=1700,uid=12,gid=34"));
    struct stat top;
    OK(stat("a", &top));
    CHECK_EQ(top.st_mode, S_IFDIR | 01700);
    CHECK_EQ(top.st_uid, 12);
    CHECK_EQ(top.st_gid, 34);
    struct statvfs status;
    OK(statvfs("a", &status));
    CHECK_EQ(status.f_blocks, 16);
    CHECK_EQ(status.f_files, 5);
    char *data = calloc(1, 65536);
    int fd = OK(open("a/f", O_CREAT | O_RDWR, 0644));
    CHECK_EQ(write(fd, data, 65536), 65536);
    CHECK_ERRNO(write(fd, data, 1), ENOSPC);
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "size=68k"));
    CHECK_EQ(write(fd, data, 4096), 4096);
    CHECK_ERRNO(write(fd, data, 1), ENOSPC);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT, "size=4k"), EINVAL);
    OK(ftruncate(fd, 0));
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "size=4k,nr_inodes=3"));
    CHECK_EQ(write(fd, data, 4096), -1 + 4097);
    OK(statvfs("a", &status));
    CHECK_EQ(status.f_blocks, 1);
    make_file("a/g", "");
    CHECK_ERRNO(open("a/h", O_CREAT | O_RDWR, 0644), ENOSPC);
    char line[2000];
    mountinfo("a", line, sizeof line);
    CHECK(strstr(line, "size=4k,nr_inodes=3,mode=1700,uid=12,gid=34") != NULL);
    OK(close(fd));
    leave();
}

TEST(options_of_a_tmpfs_that_make_no_sense_are_refused)
{
    enter();
    OK(mkdir("a", 0755));
    const char *bad[] = { "size=x", "nr_inodes=-", "mode=9", "uid=-5", "what", "huge=sometimes", "nr_blocks=q" };
    for (int i = 0; i < 7; i++)
        CHECK_ERRNO(mount("none", "a", "tmpfs", 0, bad[i]), EINVAL);
    OK(mount("none", "a", "tmpfs", 0, "nr_blocks=3"));
    struct statvfs status;
    OK(statvfs("a", &status));
    CHECK_EQ(status.f_blocks, 3);
    leave();
}

TEST(half_of_memory_is_the_default_and_percent_of_it_may_be_asked_for)
{
    enter();
    OK(mkdir("a", 0755));
    OK(mkdir("b", 0755));
    OK(mount("none", "a", "tmpfs", 0, "size=50%"));
    OK(mount("none", "b", "tmpfs", 0, NULL));
    struct statvfs asked;
    struct statvfs usual;
    OK(statvfs("a", &asked));
    OK(statvfs("b", &usual));
    long difference = (long)asked.f_blocks - (long)usual.f_blocks;
    CHECK(difference > -64 && difference < 64);
    leave();
}

// The options of the file system at the end of a mount's line.
static const char *shared_options(const char *path)
{
    static char line[2000];
    mountinfo(path, line, sizeof line);
    char *at = strstr(line, " - ");
    CHECK(at != NULL);
    at = strrchr(at, ' ') + 1;
    at[strcspn(at, "\n")] = '\0';
    return at;
}

TEST(options_of_a_file_system_are_shown_for_all_its_mounts)
{
    enter();
    OK(mkdir("a", 0755));
    OK(mkdir("b", 0755));
    unsigned long all = MS_SYNCHRONOUS | MS_DIRSYNC | MS_MANDLOCK | MS_LAZYTIME;
    OK(mount("none", "a", "tmpfs", all | MS_NOEXEC | MS_SILENT, NULL));
    OK(mount("a", "b", NULL, MS_BIND, NULL));
    OK(mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL));
    CHECK_STR(shared_options("a"), "rw,sync,dirsync,mand,lazytime,inode64");
    CHECK_STR(shared_options("b"), "rw,sync,dirsync,mand,lazytime,inode64");
    CHECK(has_option("a", "noexec") && !has_option("a", "sync"));
    CHECK(has_option("b", "nosuid") && !has_option("b", "noexec"));
    struct statvfs status;
    OK(statvfs("b", &status));
    CHECK((status.f_flag & ST_SYNCHRONOUS) != 0 && (status.f_flag & ST_MANDLOCK) != 0);
    // A remount sets what it can; dirsync is for ever.
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_LAZYTIME, NULL));
    CHECK_STR(shared_options("b"), "rw,dirsync,lazytime,inode64");
    OK(mount(NULL, "a", NULL, MS_REMOUNT, NULL));
    CHECK_STR(shared_options("b"), "rw,dirsync,inode64");
    leave();
}

TEST(a_tmpfs_shows_what_it_was_given)
{
    enter();
    OK(mkdir("a", 0755));
    static const char *const options[][2] = {
        { "size=1M", "rw,size=1024k,inode64" },
        { "size=1k", "rw,size=4k,inode64" },
        { "size=4097", "rw,size=8k,inode64" },
        { "size=0", "rw,size=0k,inode64" },
        { "nr_blocks=10", "rw,size=40k,inode64" },
        { "nr_inodes=1k", "rw,nr_inodes=1024,inode64" },
        { "nr_inodes=0", "rw,nr_inodes=0,inode64" },
        { "mode=0700", "rw,mode=700,inode64" },
        { "mode=17777", "rw,mode=7777,inode64" },
        { "uid=1,gid=2,mode=0123", "rw,mode=123,uid=1,gid=2,inode64" },
        { "size=1M,size=2M", "rw,size=2048k,inode64" },
        { "huge=within_size", "rw,inode64,huge=within_size" },
        { "inode32", "rw,inode32" },
        { "mpol=bind:0", "rw,inode64,mpol=bind:0" },
        { "mpol=default,huge=never", "rw,inode64" },
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    {
        OK(mount("none", "a", "tmpfs", 0, options[i][0]));
        CHECK_STR(shared_options("a"), options[i][1]);
        OK(umount("a"));
    }
    static const char *const wrong[] = { "size=-1", "size=x", "size=", "nr_inodes=x", "mode=x", "mode=9", "uid=-1", "huge=x",
                                         "mpol=x", "mpol=bind:9", "nonsense", "inode64=1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_ERRNO(mount("none", "a", "tmpfs", 0, wrong[i]), EINVAL);
    leave();
}

TEST(limits_of_a_tmpfs_are_not_set_below_its_use_nor_after_there_were_none)
{
    enter();
    OK(mkdir("a", 0755));
    OK(mount("none", "a", "tmpfs", 0, "size=1M,nr_inodes=20"));
    char page[4096] = { 0 };
    int file = OK(open("a/file", O_CREAT | O_RDWR, 0644));
    for (int i = 0; i < 100; i++)
        CHECK_EQ(write(file, page, sizeof page), (long)sizeof page);
    OK(close(file));
    struct statfs status;
    OK(statfs("a", &status));
    CHECK_EQ(status.f_blocks, 256);
    CHECK_EQ(status.f_bfree, 156);
    CHECK_EQ(status.f_ffree, 18);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT, "size=396k"), EINVAL);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT, "nr_inodes=1"), EINVAL);
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "size=400k,nr_inodes=2"));
    OK(statfs("a", &status));
    CHECK_EQ(status.f_bfree, 0);
    CHECK_EQ(status.f_ffree, 0);
    CHECK_ERRNO(open("a/more", O_CREAT | O_RDWR, 0644), ENOSPC);
    file = OK(open("a/file", O_RDWR | O_APPEND));
    CHECK_ERRNO(write(file, page, 1), ENOSPC);
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "size=404k"));
    CHECK_EQ(write(file, page, sizeof page), 4096);
    OK(close(file));
    OK(unlink("a/file"));
    OK(statfs("a", &status));
    CHECK_EQ(status.f_bfree, 101);
    CHECK_EQ(status.f_ffree, 1);
    // No limit cannot be taken back; the other one stays as it was.
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "size=0"));
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT, "size=2M"), EINVAL);
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "nr_inodes=0"));
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_REMOUNT, "nr_inodes=100"), EINVAL);
    // Mode and owner are for the beginning.
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "mode=0700,uid=3,gid=4"));
    struct stat root;
    OK(stat("a", &root));
    CHECK_EQ(root.st_mode, S_IFDIR | S_ISVTX | 0777);
    CHECK_EQ(root.st_uid, 0);
    leave();
}

TEST(terminals_are_mounted_with_options)
{
    enter();
    OK(mkdir("a", 0755));
    static const char *const options[][2] = {
        { "", "rw,mode=600,ptmxmode=000" },
        { "newinstance", "rw,mode=600,ptmxmode=000" },
        { "ptmxmode=0666,mode=0620,gid=5,uid=3", "rw,uid=3,gid=5,mode=620,ptmxmode=666" },
        { "max=4", "rw,mode=600,ptmxmode=000,max=4" },
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    {
        OK(mount("none", "a", "devpts", 0, options[i][0]));
        CHECK_STR(shared_options("a"), options[i][1]);
        OK(umount("a"));
    }
    CHECK_ERRNO(mount("none", "a", "devpts", 0, "nonsense"), EINVAL);
    CHECK_ERRNO(mount("none", "a", "devpts", 0, "gid=-1"), EINVAL);
    CHECK_ERRNO(mount("none", "a", "devpts", 0, "mode=9"), EINVAL);
    OK(mount("none", "a", "devpts", 0, "ptmxmode=0666,max=2,mode=0640,gid=7"));
    struct stat node;
    OK(stat("a/ptmx", &node));
    CHECK_EQ(node.st_mode, S_IFCHR | 0666);
    int masters[3];
    masters[0] = OK(open("a/ptmx", O_RDWR | O_NOCTTY));
    masters[1] = OK(open("a/ptmx", O_RDWR | O_NOCTTY));
    CHECK_ERRNO(open("a/ptmx", O_RDWR | O_NOCTTY), ENOSPC);
    OK(stat("a/0", &node));
    CHECK_EQ(node.st_mode, S_IFCHR | 0640);
    CHECK_EQ(node.st_gid, 7);
    OK(close(masters[0]));
    masters[2] = OK(open("a/ptmx", O_RDWR | O_NOCTTY));
    OK(mount(NULL, "a", NULL, MS_REMOUNT, "ptmxmode=0600,mode=0600"));
    OK(stat("a/ptmx", &node));
    CHECK_EQ(node.st_mode, S_IFCHR | 0600);
    OK(close(masters[1]));
    OK(close(masters[2]));
    leave();
}

TEST(a_way_out_of_a_root_is_a_directory_that_is_open)
{
    enter();
    OK(mkdir("jail", 0755));
    OK(mkdir("jail/in", 0755));
    make_file("outside", "");
    FORK(child)
    {
        int out = OK(open(".", O_RDONLY | O_DIRECTORY));
        OK(chroot("jail"));
        OK(chdir("/"));
        CHECK(!exists("../outside") && !exists("/../../outside"));
        CHECK(exists("in"));
        // chroot(2): whoever has a directory from outside, or another root below, gets out.
        OK(fchdir(out));
        CHECK(exists("outside"));
        OK(chdir("/in"));
        OK(chroot("."));
        OK(fchdir(out));
        char where[300];
        CHECK(syscall(SYS_getcwd, where, sizeof where) > 0);
        CHECK(strncmp(where, "(unreachable)", 13) == 0);
        OK(close(out));
    }
    CHECK_EXITS(child, 0);
    FORK(other)
    {
        OK(chroot("jail"));
        OK(chdir("/in"));
        OK(chroot("/in"));
        CHECK(!exists("../outside"));
        become(1234);
        CHECK_ERRNO(chroot("/"), EPERM);
    }
    CHECK_EXITS(other, 0);
    leave();
}

TEST(a_mount_is_unmounted_with_flags_that_go_together)
{
    enter();
    tmpfs_at("a");
    CHECK_ERRNO(umount2("a", 0x10), EINVAL);
    CHECK_ERRNO(umount2("a", MNT_EXPIRE | MNT_FORCE), EINVAL);
    CHECK_ERRNO(umount2("a", MNT_EXPIRE | MNT_DETACH), EINVAL);
    int file = OK(open("a/file", O_CREAT | O_RDWR, 0644));
    CHECK_ERRNO(umount2("a", MNT_FORCE), EBUSY);
    CHECK_ERRNO(umount2("a/file", 0), EINVAL);
    OK(umount2("a", MNT_FORCE | MNT_DETACH));
    CHECK_ERRNO(umount2("a", MNT_DETACH), EINVAL);
    OK(close(file));
    tmpfs_at("a");
    OK(umount2("a", MNT_FORCE));
    FORK(user)
    {
        become(1234);
        CHECK_ERRNO(umount2(".", 0), EPERM);
    }
    CHECK_EXITS(user, 0);
    leave();
}

TEST(a_ramfs_has_no_limits_and_understands_one_option)
{
    enter();
    OK(mkdir("a", 0755));
    OK(mount("none", "a", "ramfs", 0, "mode=0700,size=1k,nonsense"));
    CHECK_STR(shared_options("a"), "rw,mode=700");
    struct stat root;
    OK(stat("a", &root));
    CHECK_EQ(root.st_mode, S_IFDIR | 0700);
    struct statfs status;
    OK(statfs("a", &status));
    CHECK_EQ(status.f_type, 0x858458f6);
    CHECK_EQ(status.f_blocks, 0);
    char page[4096] = { 0 };
    int file = OK(open("a/file", O_CREAT | O_RDWR, 0644));
    for (int i = 0; i < 10; i++)
        CHECK_EQ(write(file, page, sizeof page), (long)sizeof page);
    OK(close(file));
    OK(umount("a"));
    CHECK_ERRNO(mount("none", "a", "ramfs", 0, "mode=x"), EINVAL);
    leave();
}

TEST(devices_are_the_same_wherever_they_are_mounted)
{
    static const struct
    {
        const char *name;
        unsigned major, minor, mode;
    } nodes[] = {
        { "null", 1, 3, 0666 }, { "zero", 1, 5, 0666 }, { "full", 1, 7, 0666 }, { "random", 1, 8, 0666 },
        { "urandom", 1, 9, 0666 }, { "kmsg", 1, 11, 0644 }, { "tty", 5, 0, 0666 }, { "console", 5, 1, 0600 },
        { "ptmx", 5, 2, 0666 },
    };
    enter();
    OK(mkdir("a", 0755));
    OK(mkdir("b", 0755));
    OK(mount("none", "a", "devtmpfs", 0, NULL));
    OK(mount("none", "b", "devtmpfs", 0, NULL));
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++)
    {
        char path[40];
        struct stat node;
        snprintf(path, sizeof path, "a/%s", nodes[i].name);
        OK(stat(path, &node));
        CHECK_EQ(node.st_mode, S_IFCHR | nodes[i].mode);
        CHECK_EQ(node.st_rdev, makedev(nodes[i].major, nodes[i].minor));
        CHECK_EQ(node.st_uid, 0);
    }
    struct stat one, other;
    OK(stat("a", &one));
    OK(stat("b", &other));
    CHECK_EQ(one.st_dev, other.st_dev);
    CHECK_EQ(one.st_mode, S_IFDIR | 0755);
    char name[60];
    snprintf(name, sizeof name, "a/own-%d", (int)getpid());
    OK(mknod(name, S_IFCHR | 0600, makedev(1, 5)));
    name[0] = 'b';
    OK(unlink(name));
    leave();
}

TEST(what_a_mount_forbids_is_refused)
{
    enter();
    tmpfs_at("a");
    OK(mknod("a/null", S_IFCHR | 0666, makedev(1, 3)));
    make_file("a/program", "#!/bin/busybox true\n");
    OK(chmod("a/program", 0755));
    OK(symlink("program", "a/link"));
    OK(access("a/program", X_OK));
    OK(close(OK(open("a/null", O_RDWR))));

    OK(mount(NULL, "a", NULL, REBIND | MS_NODEV, NULL));
    CHECK_ERRNO(open("a/null", O_RDWR), EACCES);
    OK(close(OK(open("a/null", O_PATH))));

    OK(mount(NULL, "a", NULL, REBIND | MS_NOEXEC, NULL));
    CHECK_ERRNO(access("a/program", X_OK), EACCES);
    char *const arguments[] = { "program", NULL };
    CHECK_ERRNO(execve("a/program", arguments, arguments + 1), EACCES);
    int file = OK(open("a/program", O_RDONLY));
    CHECK_ERRNO((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0), EPERM);
    void *mapped = OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0));
    CHECK_ERRNO(mprotect(mapped, 4096, PROT_READ | PROT_EXEC), EACCES);
    OK(munmap(mapped, 4096));
    OK(close(file));

    OK(mount(NULL, "a", NULL, REBIND | 256, NULL));
    CHECK_ERRNO(open("a/link", O_RDONLY), ELOOP);
    char target[20];
    CHECK_EQ(readlink("a/link", target, sizeof target), 7);

    OK(mount(NULL, "a", NULL, REBIND | MS_RDONLY, NULL));
    CHECK_ERRNO(open("a/program", O_RDWR), EROFS);
    CHECK_ERRNO(open("a/new", O_CREAT | O_RDWR, 0644), EROFS);
    CHECK_ERRNO(mkdir("a/new", 0755), EROFS);
    CHECK_ERRNO(unlink("a/program"), EROFS);
    CHECK_ERRNO(rename("a/program", "a/new"), EROFS);
    CHECK_ERRNO(link("a/program", "a/new"), EROFS);
    CHECK_ERRNO(symlink("x", "a/new"), EROFS);
    CHECK_ERRNO(mknod("a/new", S_IFIFO | 0600, 0), EROFS);
    CHECK_ERRNO(chmod("a/program", 0600), EROFS);
    CHECK_ERRNO(chown("a/program", 1, 1), EROFS);
    CHECK_ERRNO(truncate("a/program", 0), EROFS);
    CHECK_ERRNO(utimensat(AT_FDCWD, "a/program", NULL, 0), EROFS);
    CHECK_ERRNO(access("a/program", W_OK), EROFS);
    // What is no file of the file system's can be written to.
    OK(access("a/null", W_OK));
    OK(close(OK(open("a/null", O_RDWR))));
    leave();
}

static bool read_moves_time(const char *path)
{
    struct timespec now;
    OK(clock_gettime(CLOCK_REALTIME, &now));
    struct timespec times[2] = { { now.tv_sec - 100, 0 }, { now.tv_sec - 200, 0 } };
    OK(utimensat(AT_FDCWD, path, times, 0));
    // The change time is now; only a later access time keeps relatime from setting it.
    times[0].tv_sec = now.tv_sec + 100;
    OK(utimensat(AT_FDCWD, path, times, 0));
    struct stat status;
    OK(stat(path, &status));
    if (S_ISDIR(status.st_mode))
    {
        DIR *directory = opendir(path);
        while (readdir(directory) != NULL)
            ;
        closedir(directory);
    }
    else
    {
        char byte;
        int file = OK(open(path, O_RDONLY));
        CHECK_EQ(read(file, &byte, 1), 1);
        OK(close(file));
    }
    OK(stat(path, &status));
    return status.st_atim.tv_sec != times[0].tv_sec;
}

TEST(access_times_are_kept_as_the_mount_says)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/dir", 0755));
    make_file("a/file", "text");
    CHECK(!read_moves_time("a/file"));
    OK(mount(NULL, "a", NULL, REBIND | MS_STRICTATIME, NULL));
    CHECK(read_moves_time("a/file"));
    CHECK(read_moves_time("a/dir"));
    OK(mount(NULL, "a", NULL, REBIND | MS_STRICTATIME | MS_NODIRATIME, NULL));
    CHECK(read_moves_time("a/file"));
    CHECK(!read_moves_time("a/dir"));
    OK(mount(NULL, "a", NULL, REBIND | MS_NOATIME, NULL));
    CHECK(!read_moves_time("a/file"));
    CHECK(!read_moves_time("a/dir"));
    OK(mount(NULL, "a", NULL, REBIND | MS_STRICTATIME | MS_RDONLY, NULL));
    OK(mount(NULL, "a", NULL, REBIND | MS_RELATIME, NULL));
    CHECK(!read_moves_time("a/file"));
    // An access before the last change is noted, and one after it is not.
    struct timespec times[2] = { { 1000, 0 }, { 2000, 0 } };
    struct stat status;
    OK(utimensat(AT_FDCWD, "a/file", times, 0));
    char text[10];
    read_file("a/file", text, sizeof text);
    OK(stat("a/file", &status));
    CHECK(status.st_atim.tv_sec > 2000);
    leave();
}
