// Permission rules that programs rely on and few know: sticky, set-ID bits, whiteouts, statx.
#include "check.h"
#include <sys/mount.h>
#include <sys/sysmacros.h>

#ifndef STATX_BTIME
struct statx_time
{
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t unused;
};

struct statx
{
    uint32_t stx_mask, stx_blksize;
    uint64_t stx_attributes;
    uint32_t stx_nlink, stx_uid, stx_gid;
    uint16_t stx_mode, unused;
    uint64_t stx_ino, stx_size, stx_blocks, stx_attributes_mask;
    struct statx_time times[4];
    uint32_t stx_rdev_major, stx_rdev_minor, stx_dev_major, stx_dev_minor;
    uint64_t stx_mnt_id, more[13];
};

enum
{
    STATX_BASIC_STATS = 0x7ff,
    STATX_BTIME = 0x800,
    STATX_MNT_ID = 0x1000,
    STATX_ATTR_MOUNT_ROOT = 0x2000,
};
#endif

static unsigned mode_of(const char *path)
{
    struct stat status;
    OK(stat(path, &status));
    return status.st_mode & 07777;
}

TEST(directories_pass_their_group_and_its_bit_on)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chown("d", 0, 50));
    OK(chmod("d", 02777));
    OK(mkdir("d/sub", 0755));
    make_file("d/file", "");
    struct stat status;
    OK(stat("d/sub", &status));
    CHECK_EQ(status.st_gid, 50);
    CHECK_EQ(mode_of("d/sub"), 02755);
    OK(stat("d/file", &status));
    CHECK_EQ(status.st_gid, 50);
    CHECK_EQ(mode_of("d/file"), 0644);
    OK(symlink("x", "d/link"));
    OK(lstat("d/link", &status));
    CHECK_EQ(status.st_gid, 50);
}

TEST(who_is_not_in_the_group_makes_no_set_group_id_files)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chown("d", 0, 50));
    OK(chmod("d", 02777));
    become(1000);
    umask(0);
    OK(close(OK(open("d/file", O_CREAT | O_RDWR, 02775))));
    CHECK_EQ(mode_of("d/file"), 0775);
    OK(close(OK(open("d/plain", O_CREAT | O_RDWR, 02764))));
    CHECK_EQ(mode_of("d/plain"), 02764);
    OK(mkdir("d/sub", 0775));
    CHECK_EQ(mode_of("d/sub"), 02775);
    OK(chmod("d/file", 02775));
    CHECK_EQ(mode_of("d/file"), 0775);
}

TEST(writing_and_giving_away_takes_set_id_bits)
{
    scratch();
    make_file("f", "x");
    OK(chmod("f", 06755));
    OK(chown("f", 1000, 1000));
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 06745));
    OK(chown("f", 1000, 1000));
    CHECK_EQ(mode_of("f"), 02745);
    OK(chmod("f", 06755));
    OK(chown("f", -1, -1));
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 06755));
    OK(chmod(".", 0777));
    become(1000);
    int fd = OK(open("f", O_WRONLY));
    CHECK_EQ(mode_of("f"), 06755);
    CHECK_EQ(write(fd, "y", 1), 1);
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 06755));
    OK(ftruncate(fd, 0));
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 06755));
    OK(close(OK(open("f", O_WRONLY | O_TRUNC))));
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 06755));
    OK(fallocate(fd, 0, 0, 10));
    CHECK_EQ(mode_of("f"), 0755);
    OK(chmod("f", 04711));
    OK(utimensat(AT_FDCWD, "f", NULL, 0));
    CHECK_EQ(mode_of("f"), 04711);
}

TEST(root_keeps_set_id_bits_when_it_writes)
{
    scratch();
    int fd = write_file("f", "x", 1);
    OK(fchmod(fd, 06755));
    CHECK_EQ(write(fd, "y", 1), 1);
    CHECK_EQ(mode_of("f"), 06755);
}

TEST(sticky_directories_protect_the_files_of_others)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chmod("d", 01777));
    make_file("d/roots", "");
    OK(mkdir("d/rootsdir", 0777));
    FORK(first)
    {
        become(1000);
        make_file("d/mine", "");
        CHECK_ERRNO(unlink("d/roots"), EPERM);
        CHECK_ERRNO(rmdir("d/rootsdir"), EPERM);
        CHECK_ERRNO(rename("d/roots", "d/x"), EPERM);
        CHECK_ERRNO(rename("d/mine", "d/roots"), EPERM);
        OK(rename("d/mine", "d/still"));
        _exit(0);
    }

    CHECK_EXITS(first, 0);
    FORK(second)
    {
        become(1234);
        CHECK_ERRNO(unlink("d/still"), EPERM);
        _exit(0);
    }

    CHECK_EXITS(second, 0);
    OK(chown("d", 1234, 0));
    FORK(owner)
    {
        become(1234);
        OK(unlink("d/still"));
        OK(unlink("d/roots"));
        _exit(0);
    }

    CHECK_EXITS(owner, 0);
}

static long setting(const char *name)
{
    char path[100], text[32];
    snprintf(path, sizeof path, "/proc/sys/fs/%s", name);
    read_file(path, text, sizeof text);
    return atol(text);
}

// As Debian builds it; who wants the others sets them.
TEST(links_are_protected_unless_told_otherwise)
{
    CHECK_EQ(setting("protected_hardlinks"), 1);
    CHECK_EQ(setting("protected_symlinks"), 1);
    CHECK_EQ(setting("protected_fifos"), 0);
    CHECK_EQ(setting("protected_regular"), 0);
}

static void protect(const char *name, int value)
{
    char path[100], text[8];
    snprintf(path, sizeof path, "/proc/sys/fs/%s", name);
    int fd = OK(open(path, O_WRONLY));
    int length = sprintf(text, "%d\n", value);
    CHECK_EQ(write(fd, text, (size_t)length), length);
    OK(close(fd));
}

TEST(links_of_others_are_not_for_everybody)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chmod("d", 01777));
    make_file("d/secret", "");
    OK(chmod("d/secret", 0600));
    make_file("target", "");
    OK(chmod("target", 0666));
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(link("d/secret", "d/mine"), EPERM);
        OK(link("target", "d/writable"));
        OK(symlink("../target", "d/link"));
        OK(close(OK(open("d/link", O_RDONLY))));
        _exit(0);
    }

    int status = STATUS_OF(user);
    FORK(other)
    {
        become(1234);
        CHECK_ERRNO(open("d/link", O_RDONLY), EACCES);
        struct stat found;
        OK(lstat("d/link", &found));
        _exit(0);
    }

    int second = STATUS_OF(other);
    protect("protected_hardlinks", 0);
    protect("protected_symlinks", 0);
    FORK(unprotected)
    {
        become(1234);
        OK(close(OK(open("d/link", O_RDONLY))));
        OK(link("d/secret", "d/taken"));
        _exit(0);
    }

    int third = STATUS_OF(unprotected);
    protect("protected_hardlinks", 1);
    protect("protected_symlinks", 1);
    CHECK_EQ(third, 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(second, 0);
}

TEST(fifos_and_files_are_protected_when_asked)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chmod("d", 01777));
    FORK(maker)
    {
        become(1234);
        umask(0);
        make_file("d/file", "");
        OK(chmod("d/file", 0666));
        OK(mkfifo("d/fifo", 0666));
        _exit(0);
    }

    CHECK_EXITS(maker, 0);
    protect("protected_fifos", 1);
    protect("protected_regular", 1);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(open("d/file", O_CREAT | O_WRONLY, 0600), EACCES);
        OK(close(OK(open("d/file", O_WRONLY))));
        CHECK_ERRNO(open("d/fifo", O_CREAT | O_RDWR, 0600), EACCES);
        OK(close(OK(open("d/fifo", O_RDWR))));
        _exit(0);
    }

    int status = STATUS_OF(user);
    protect("protected_fifos", 0);
    protect("protected_regular", 0);
    CHECK_EQ(status, 0);
}

TEST(a_move_can_leave_a_whiteout)
{
    scratch();
    make_file("f", "");
    make_file("h", "");
    OK(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 4));
    struct stat status;
    OK(stat("f", &status));
    CHECK_EQ(status.st_mode & S_IFMT, S_IFCHR);
    CHECK_EQ(status.st_rdev, 0);
    CHECK_EQ(status.st_mode & 07777, 0);
    OK(access("g", F_OK));
    CHECK_ERRNO(syscall(SYS_renameat2, AT_FDCWD, "g", AT_FDCWD, "h", 4 | 1), EEXIST);
    CHECK_ERRNO(syscall(SYS_renameat2, AT_FDCWD, "g", AT_FDCWD, "h", 4 | 2), EINVAL);
    OK(syscall(SYS_renameat2, AT_FDCWD, "g", AT_FDCWD, "h", 4));
    CHECK_ERRNO(open("g", O_RDONLY), ENXIO);
    OK(unlink("g"));
    OK(unlink("f"));
    OK(mkdir("d", 0755));
    OK(syscall(SYS_renameat2, AT_FDCWD, "d", AT_FDCWD, "e", 4));
    OK(stat("d", &status));
    CHECK_EQ(status.st_mode & S_IFMT, S_IFCHR);
    OK(stat(".", &status));
    CHECK_EQ(status.st_nlink, 3);
    OK(chmod(".", 0777));
    become(1000);
    make_file("mine", "");
    OK(syscall(SYS_renameat2, AT_FDCWD, "mine", AT_FDCWD, "yours", 4));
    CHECK_ERRNO(mknod("node", S_IFCHR, makedev(1, 3)), EPERM);
    OK(mknod("white", S_IFCHR, 0));
}

TEST(statx_knows_the_mount_by_path_and_by_descriptor)
{
    scratch();
    make_file("f", "text");
    struct statx by_path, by_fd;
    int fd = OK(open("f", O_RDONLY));
    OK(syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &by_path));
    OK(syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &by_fd));
    CHECK_EQ(by_path.stx_mnt_id, by_fd.stx_mnt_id);
    CHECK(by_path.stx_mnt_id > 0);
    CHECK_EQ(by_fd.stx_mask, by_path.stx_mask);
    CHECK_EQ(by_fd.stx_mask & (STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID),
             STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID);
    CHECK_EQ(by_fd.stx_ino, by_path.stx_ino);
    CHECK_EQ(by_fd.stx_size, 4);
    CHECK((by_fd.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0);
    CHECK_EQ(by_fd.stx_attributes & STATX_ATTR_MOUNT_ROOT, 0);
    OK(mkdir("m", 0755));
    OK(mount("none", "m", "tmpfs", 0, NULL));
    OK(syscall(SYS_statx, AT_FDCWD, "m", 0, STATX_BASIC_STATS, &by_path));
    CHECK((by_path.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0);
    CHECK(by_path.stx_mnt_id != by_fd.stx_mnt_id);
    OK(umount("m"));
    int fds[2];
    OK(pipe(fds));
    OK(syscall(SYS_statx, fds[0], "", AT_EMPTY_PATH, STATX_BASIC_STATS, &by_fd));
    CHECK_EQ(by_fd.stx_mode & S_IFMT, S_IFIFO);
    CHECK((by_fd.stx_mask & STATX_MNT_ID) != 0);
}

TEST(statx_checks_its_arguments)
{
    struct statx data;
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, ".", 0x8000, STATX_BASIC_STATS, &data), EINVAL);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, ".", 0, 0x80000000u, &data), EINVAL);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, ".", 0x6000, STATX_BASIC_STATS, &data), EINVAL);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, "", 0, STATX_BASIC_STATS, &data), ENOENT);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, ".", 0, STATX_BASIC_STATS, (void *)16), EFAULT);
    OK(syscall(SYS_statx, AT_FDCWD, "", AT_EMPTY_PATH, 0, &data));
    CHECK_EQ(data.stx_mode & S_IFMT, S_IFDIR);
}
