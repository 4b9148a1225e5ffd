// Read-only mounts, options of mounts, and the ways to take mounts away: mount(2), umount2(2).
#include "mounts/mounts.h"

#include <sys/statvfs.h>

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
