// Calls that nobody should use any more and somebody does.
#include "check.h"
#include <sys/sysmacros.h>

struct old_entry
{
    unsigned long ino;
    long off;
    unsigned short length;
    char name[];
};

TEST(getdents_puts_the_type_last)
{
    scratch();
    make_file("file", "");
    OK(mkdir("directory", 0755));
    int fd = OK(open(".", O_RDONLY));
    char buffer[512];
    long length = OK(syscall(SYS_getdents, fd, buffer, sizeof buffer));
    int found = 0;
    struct stat status;
    for (long at = 0; at < length;)
    {
        struct old_entry *entry = (void *)(buffer + at);
        CHECK_EQ(entry->length % 8, 0);
        char type = buffer[at + entry->length - 1];
        OK(stat(entry->name, &status));
        if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0)
            CHECK_EQ(entry->ino, status.st_ino);
        CHECK_EQ(type, strcmp(entry->name, "file") == 0 ? DT_REG : DT_DIR);
        found++;
        at += entry->length;
    }

    CHECK_EQ(found, 4);
    CHECK_EQ(syscall(SYS_getdents, fd, buffer, sizeof buffer), 0);
    OK(lseek(fd, 0, SEEK_SET));
    CHECK_EQ(syscall(SYS_getdents, fd, buffer, 24), 24);
    CHECK_ERRNO(syscall(SYS_getdents, fd, buffer, 10), EINVAL);
    CHECK_ERRNO(syscall(SYS_getdents, fd, (void *)16, 512), EFAULT);
    CHECK_ERRNO(syscall(SYS_getdents, 99, buffer, 512), EBADF);
    int file = OK(open("file", O_RDONLY));
    CHECK_ERRNO(syscall(SYS_getdents, file, buffer, 512), ENOTDIR);
}

TEST(ustat_tells_of_mounted_devices)
{
    struct { int free; unsigned long inodes; char name[6], pack[6]; } data;
    struct stat status;
    OK(stat("/tmp", &status));
    OK(syscall(SYS_ustat, (unsigned)(minor(status.st_dev) | major(status.st_dev) << 8), &data));
    CHECK(data.free >= 0);
    CHECK_ERRNO(syscall(SYS_ustat, 0x7f7f, &data), EINVAL);
    CHECK_ERRNO(syscall(SYS_ustat, (unsigned)status.st_dev, (void *)16), EFAULT);
}

TEST(sysfs_numbers_the_file_systems)
{
    long count = syscall(SYS_sysfs, 3, 0, 0);
    if (count < 0)
    {
        CHECK_EQ(errno, ENOSYS);
        return;
    }

    char name[64];
    int seen = 0;
    for (long i = 0; i < count; i++)
    {
        OK(syscall(SYS_sysfs, 2, i, name));
        CHECK_EQ(syscall(SYS_sysfs, 1, name, 0), i);
        seen += strcmp(name, "tmpfs") == 0;
    }

    CHECK_EQ(seen, 1);
    CHECK_ERRNO(syscall(SYS_sysfs, 2, count, name), EINVAL);
    CHECK_ERRNO(syscall(SYS_sysfs, 1, "nonesuch", 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sysfs, 4, 0, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sysfs, 1, (void *)16, 0), EFAULT);
}

TEST(vhangup_needs_privilege)
{
    become(1000);
    CHECK_ERRNO(syscall(SYS_vhangup), EPERM);
}

TEST(vhangup_ends_the_terminal)
{
    int master = OK(posix_openpt(O_RDWR | O_NOCTTY));
    OK(grantpt(master));
    OK(unlockpt(master));
    FORK(leader)
    {
        OK(setsid());
        signal(SIGHUP, SIG_IGN);
        int slave = OK(open(ptsname(master), O_RDWR));
        OK(syscall(SYS_vhangup));
        char byte;
        CHECK_EQ(read(slave, &byte, 1), 0);
        CHECK_ERRNO(write(slave, "x", 1), EIO);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        _exit(0);
    }

    CHECK_EXITS(leader, 0);
}

TEST(removed_calls_are_not_there)
{
    CHECK_ERRNO(syscall(134), ENOSYS);
    CHECK_ERRNO(syscall(156), ENOSYS);
    CHECK_ERRNO(syscall(177), ENOSYS);
    CHECK_ERRNO(syscall(181), ENOSYS);
    CHECK_ERRNO(syscall(182), ENOSYS);
    CHECK_ERRNO(syscall(183), ENOSYS);
    CHECK_ERRNO(syscall(184), ENOSYS);
    CHECK_ERRNO(syscall(185), ENOSYS);
    CHECK_ERRNO(syscall(236), ENOSYS);
}
