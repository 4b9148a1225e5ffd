// stat(2) and its relatives; chmod(2), chown(2), utimensat(2), access(2): what is stored, and who may.
#include "check.h"
#include <sys/statfs.h>
#include <sys/sysmacros.h>

static struct stat status_of(const char *path)
{
    struct stat status;
    OK(lstat(path, &status));
    return status;
}

// The kernel's struct statx; musl of this age has none.
struct statx_buffer
{
    uint32_t mask, blksize;
    uint64_t attributes;
    uint32_t nlink, uid, gid;
    uint16_t mode, spare;
    uint64_t ino, size, blocks, attributes_mask;
    struct { int64_t sec; uint32_t nsec; int32_t reserved; } atime, btime, ctime, mtime;
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t rest[14];
};

TEST(stat_fills_every_field)
{
    scratch();
    make_file("file", "hello");
    OK(chmod("file", 0640));
    struct stat status = status_of("file");
    struct stat directory = status_of(".");
    CHECK_EQ(status.st_mode, S_IFREG | 0640);
    CHECK_EQ(status.st_nlink, 1);
    CHECK_EQ(status.st_uid, 0);
    CHECK_EQ(status.st_gid, 0);
    CHECK_EQ(status.st_size, 5);
    CHECK_EQ(status.st_dev, directory.st_dev);
    CHECK(status.st_ino != 0 && status.st_ino != directory.st_ino);
    CHECK(status.st_blksize >= 512);
    CHECK(status.st_blocks * 512 >= 5);
    CHECK(S_ISDIR(directory.st_mode));
}

TEST(stat_lstat_fstat_and_fstatat_agree)
{
    struct stat status;
    scratch();
    int fd = write_file("file", "hello", 5);
    OK(symlink("file", "link"));
    ino_t inode = status_of("file").st_ino;
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_ino, inode);
    OK(stat("link", &status));
    CHECK_EQ(status.st_ino, inode);
    CHECK(status_of("link").st_ino != inode);
    OK(fstatat(AT_FDCWD, "link", &status, AT_SYMLINK_NOFOLLOW));
    CHECK(S_ISLNK(status.st_mode));
    OK(syscall(SYS_newfstatat, fd, "", &status, 0x1000 /* AT_EMPTY_PATH */));
    CHECK_EQ(status.st_ino, inode);
    CHECK_ERRNO(fstatat(AT_FDCWD, "link", &status, 0x8), EINVAL);
}

TEST(statx_agrees_with_stat)
{
    struct statx_buffer extended = { 0 };
    scratch();
    make_file("file", "hello");
    struct stat status = status_of("file");
    OK(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, &extended));
    CHECK_EQ(extended.mask & 0x7ff, 0x7ff);
    CHECK_EQ(extended.mode, status.st_mode);
    CHECK_EQ(extended.size, 5);
    CHECK_EQ(extended.ino, status.st_ino);
    CHECK_EQ(extended.nlink, 1);
    CHECK_EQ(extended.mtime.sec, status.st_mtim.tv_sec);
    CHECK_EQ(extended.mtime.nsec, status.st_mtim.tv_nsec);
    CHECK_EQ(makedev(extended.dev_major, extended.dev_minor), status.st_dev);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x80000000, &extended), EINVAL);
    CHECK_ERRNO(syscall(SYS_statx, AT_FDCWD, "missing", 0, 0x7ff, &extended), ENOENT);
}

TEST(reading_and_writing_move_the_times_they_should)
{
    struct timespec old[2] = { { 1000, 1 }, { 2000, 2 } };
    char byte;
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(futimens(fd, old));
    struct stat status = status_of("file");
    CHECK_EQ(status.st_atim.tv_sec, 1000);
    CHECK_EQ(status.st_mtim.tv_sec, 2000);
    CHECK(status.st_ctim.tv_sec > 2000);
    CHECK_EQ(write(fd, "x", 1), 1);
    CHECK(status_of("file").st_mtim.tv_sec > 2000);
    OK(futimens(fd, old));
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(status_of("file").st_mtim.tv_sec, 2000);
}

TEST(a_new_entry_moves_the_time_of_its_directory)
{
    struct timespec old[2] = { { 1000, 0 }, { 2000, 0 } };
    scratch();
    OK(mkdir("d", 0755));
    OK(utimensat(AT_FDCWD, "d", old, 0));
    make_file("d/file", "");
    CHECK(status_of("d").st_mtim.tv_sec > 2000);
    OK(utimensat(AT_FDCWD, "d", old, 0));
    OK(unlink("d/file"));
    CHECK(status_of("d").st_mtim.tv_sec > 2000);
}

TEST(utimensat_sets_omits_and_checks)
{
    struct timespec times[2] = { { 111, 222 }, { 333, 444 } };
    scratch();
    make_file("file", "");
    OK(symlink("file", "link"));
    OK(utimensat(AT_FDCWD, "file", times, 0));
    struct stat status = status_of("file");
    CHECK_EQ(status.st_atim.tv_sec, 111);
    CHECK_EQ(status.st_atim.tv_nsec, 222);
    CHECK_EQ(status.st_mtim.tv_sec, 333);
    CHECK_EQ(status.st_mtim.tv_nsec, 444);
    times[0] = (struct timespec){ 5, UTIME_OMIT };
    times[1] = (struct timespec){ 777, 0 };
    OK(utimensat(AT_FDCWD, "file", times, 0));
    status = status_of("file");
    CHECK_EQ(status.st_atim.tv_sec, 111);
    CHECK_EQ(status.st_mtim.tv_sec, 777);
    times[0] = times[1] = (struct timespec){ 5, UTIME_NOW };
    OK(utimensat(AT_FDCWD, "file", times, 0));
    CHECK(status_of("file").st_mtim.tv_sec > 777);
    times[0] = (struct timespec){ 9, 0 };
    times[1] = (struct timespec){ 9, 0 };
    OK(utimensat(AT_FDCWD, "link", times, AT_SYMLINK_NOFOLLOW));
    CHECK_EQ(status_of("link").st_mtim.tv_sec, 9);
    CHECK(status_of("file").st_mtim.tv_sec > 777);
    times[0].tv_nsec = 1000000000;
    CHECK_ERRNO(utimensat(AT_FDCWD, "file", times, 0), EINVAL);
    CHECK_ERRNO(utimensat(AT_FDCWD, "missing", NULL, 0), ENOENT);
}

TEST(chmod_keeps_the_kind_and_twelve_bits)
{
    scratch();
    int fd = write_file("file", "", 0);
    OK(chmod("file", 07777));
    CHECK_EQ(status_of("file").st_mode, S_IFREG | 07777);
    OK(fchmod(fd, 0400));
    CHECK_EQ(status_of("file").st_mode, S_IFREG | 0400);
    OK(fchmodat(AT_FDCWD, "file", 0123456, 0));
    CHECK_EQ(status_of("file").st_mode, S_IFREG | 03456);
    CHECK_ERRNO(chmod("missing", 0), ENOENT);
}

TEST(chown_changes_owner_and_clears_setuid)
{
    scratch();
    make_file("file", "");
    OK(symlink("file", "link"));
    OK(chmod("file", 06755));
    OK(chown("file", 1000, 2000));
    struct stat status = status_of("file");
    CHECK_EQ(status.st_uid, 1000);
    CHECK_EQ(status.st_gid, 2000);
    CHECK_EQ(status.st_mode & 07777, 0755);
    OK(chown("file", (uid_t)-1, 3000));
    CHECK_EQ(status_of("file").st_uid, 1000);
    CHECK_EQ(status_of("file").st_gid, 3000);
    OK(lchown("link", 5, 6));
    CHECK_EQ(status_of("link").st_uid, 5);
    CHECK_EQ(status_of("file").st_uid, 1000);
}

TEST(a_user_is_bound_by_the_permission_bits)
{
    scratch();
    make_file("private", "x");
    make_file("group", "x");
    make_file("others", "x");
    OK(chmod("private", 0600));
    OK(chown("group", 0, 1000));
    OK(chmod("group", 0640));
    OK(chmod("others", 0604));
    OK(mkdir("closed", 0700));
    OK(mkdir("listed", 0744));
    make_file("listed/file", "");
    FORK(user)
    {
        struct stat status;
        become(1000);
        CHECK_ERRNO(open("private", O_RDONLY), EACCES);
        OK(close(OK(open("group", O_RDONLY))));
        CHECK_ERRNO(open("group", O_WRONLY), EACCES);
        OK(close(OK(open("others", O_RDONLY))));
        CHECK_ERRNO(chdir("closed"), EACCES);
        CHECK_ERRNO(stat("closed/file", &status), EACCES);
        // Reading a directory needs r, looking something up in it needs x.
        OK(close(OK(open("listed", O_RDONLY))));
        CHECK_ERRNO(stat("listed/file", &status), EACCES);
        CHECK_ERRNO(open("listed/new", O_RDWR | O_CREAT, 0644), EACCES);
        CHECK_ERRNO(chmod("others", 0777), EPERM);
        CHECK_ERRNO(chown("others", 1000, 1000), EPERM);
        CHECK_ERRNO(truncate("group", 0), EACCES);
        CHECK_ERRNO(chroot("."), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(the_owner_class_decides_even_when_it_grants_less)
{
    scratch();
    make_file("file", "x");
    OK(chown("file", 1000, 1000));
    OK(chmod("file", 0066));
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(open("file", O_RDONLY), EACCES);
        OK(chmod("file", 0600));
        OK(close(OK(open("file", O_RDWR))));
        CHECK_ERRNO(chown("file", 1001, (gid_t)-1), EPERM);
        CHECK_ERRNO(chown("file", (uid_t)-1, 1001), EPERM);
        OK(chown("file", (uid_t)-1, 1000));
    }
    CHECK_EXITS(user, 0);
}

TEST(supplementary_groups_count)
{
    scratch();
    make_file("file", "x");
    OK(chown("file", 0, 4242));
    OK(chmod("file", 0640));
    FORK(user)
    {
        gid_t groups[2] = { 17, 4242 };
        OK(syscall(SYS_setgroups, 2, groups));
        OK(syscall(SYS_setgid, 1000));
        OK(syscall(SYS_setuid, 1000));
        OK(close(OK(open("file", O_RDONLY))));
        CHECK_ERRNO(open("file", O_WRONLY), EACCES);
    }
    CHECK_EXITS(user, 0);
}

TEST(the_sticky_bit_protects_other_peoples_files)
{
    scratch();
    OK(mkdir("sticky", 0755));
    OK(chmod("sticky", 01777));
    make_file("sticky/roots", "");
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(unlink("sticky/roots"), EPERM);
        CHECK_ERRNO(rename("sticky/roots", "sticky/mine"), EPERM);
        make_file("sticky/own", "");
        OK(unlink("sticky/own"));
    }
    CHECK_EXITS(user, 0);
}

TEST(a_setgid_directory_passes_its_group_on)
{
    scratch();
    OK(mkdir("shared", 0755));
    OK(chown("shared", 0, 4242));
    OK(chmod("shared", 02777));
    make_file("shared/file", "");
    OK(mkdir("shared/directory", 0755));
    CHECK_EQ(status_of("shared/file").st_gid, 4242);
    CHECK_EQ(status_of("shared/directory").st_gid, 4242);
    CHECK(status_of("shared/directory").st_mode & S_ISGID);
}

TEST(writing_by_a_user_clears_setuid)
{
    scratch();
    make_file("file", "abc");
    OK(chown("file", 1000, 1000));
    OK(chmod("file", 06777));
    FORK(user)
    {
        become(1001);
        int fd = OK(open("file", O_WRONLY));
        CHECK_EQ(write(fd, "x", 1), 1);
    }
    CHECK_EXITS(user, 0);
    CHECK_EQ(status_of("file").st_mode & 07777, 0777);
}

TEST(access_uses_the_real_user)
{
    scratch();
    make_file("file", "");
    OK(chmod("file", 0600));
    OK(access("file", F_OK));
    OK(access("file", R_OK | W_OK));
    // Root may do anything, except execute what nobody may.
    CHECK_ERRNO(access("file", X_OK), EACCES);
    CHECK_ERRNO(access("missing", F_OK), ENOENT);
    CHECK_ERRNO(access("file", 8), EINVAL);
    CHECK_ERRNO(access("file/x", F_OK), ENOTDIR);
    FORK(user)
    {
        OK(setreuid(1000, 0));
        OK(close(OK(open("file", O_RDONLY))));
        CHECK_ERRNO(access("file", R_OK), EACCES);
        OK(access("file", F_OK));
    }
    CHECK_EXITS(user, 0);
}

TEST(statfs_describes_the_file_system)
{
    struct statfs fs;
    OK(statfs("/proc", &fs));
    CHECK_EQ(fs.f_type, 0x9fa0);
    OK(statfs("/", &fs));
    CHECK(fs.f_bsize >= 512);
    CHECK_EQ(fs.f_namelen, 255);
    CHECK_ERRNO(statfs("/missing", &fs), ENOENT);
    CHECK_ERRNO(fstatfs(150, &fs), EBADF);
}

TEST(mknod_makes_files_fifos_and_for_root_devices)
{
    char byte = 1;
    scratch();
    OK(mknod("regular", S_IFREG | 0644, 0));
    OK(mknod("fifo", S_IFIFO | 0644, 0));
    CHECK(S_ISREG(status_of("regular").st_mode));
    CHECK(S_ISFIFO(status_of("fifo").st_mode));
    CHECK_ERRNO(mknod("regular", S_IFREG | 0644, 0), EEXIST);
    CHECK_ERRNO(mknod("directory", S_IFDIR | 0755, 0), EPERM);
    OK(mknod("zero", S_IFCHR | 0666, makedev(1, 5)));
    int fd = OK(open("zero", O_RDONLY));
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(byte, 0);
    CHECK_EQ(status_of("zero").st_rdev, makedev(1, 5));
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(mknod("theirs", S_IFCHR | 0666, makedev(1, 5)), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(flags_nobody_defined_are_einval)
{
    scratch();
    make_file("file", "");
    CHECK_ERRNO(syscall(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "other", 0x77), EINVAL);
    CHECK_ERRNO(syscall(SYS_fchownat, AT_FDCWD, "file", 0, 0, 0x77), EINVAL);
    CHECK_ERRNO(syscall(SYS_utimensat, AT_FDCWD, "file", NULL, 0x77), EINVAL);
    CHECK_ERRNO(syscall(SYS_unlinkat, AT_FDCWD, "file", 0x77), EINVAL);
    CHECK_ERRNO(syscall(SYS_faccessat2, AT_FDCWD, "file", 0, 0x77), EINVAL);
}
