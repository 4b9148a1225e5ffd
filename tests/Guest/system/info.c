// uname(2), sysinfo(2), sched_yield(2), personality and other small calls.
#include "check.h"
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/mount.h>
#include <sys/reboot.h>

TEST(uname_says_linux_on_x86_64)
{
    struct utsname name;
    OK(uname(&name));
    CHECK_STR(name.sysname, "Linux");
    CHECK_STR(name.machine, "x86_64");
    // Programs parse the release: at least major.minor, and new enough for what they expect.
    int major, minor;
    CHECK_EQ(sscanf(name.release, "%d.%d", &major, &minor), 2);
    CHECK(major >= 5);
    CHECK(name.version[0] != '\0');
}

TEST(the_host_name_is_set_by_root_only)
{
    char name[65];
    OK(gethostname(name, sizeof name));
    OK(syscall(SYS_sethostname, "cashew-test", 11));
    char text[65];
    OK(gethostname(text, sizeof text));
    CHECK_STR(text, "cashew-test");
    CHECK_ERRNO(syscall(SYS_sethostname, text, 65), EINVAL);
    CHECK_ERRNO(syscall(SYS_sethostname, text, -1), EINVAL);
    OK(syscall(SYS_sethostname, name, strlen(name)));
    become(1000);
    CHECK_ERRNO(syscall(SYS_sethostname, "x", 1), EPERM);
}

TEST(sysinfo_agrees_with_meminfo)
{
    struct sysinfo info;
    char text[4096];
    OK(sysinfo(&info));
    read_file("/proc/meminfo", text, sizeof text);
    long total = atol(strstr(text, "MemTotal:") + 9);
    CHECK_EQ(info.totalram * info.mem_unit / 1024, total);
    CHECK(info.freeram <= info.totalram);
    CHECK(info.uptime < 1000000000);
    CHECK(info.procs >= 2);
}

TEST(sched_yield_lets_the_other_process_run)
{
    volatile int *turn = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(child)
    {
        for (int i = 0; i < 100; i++)
        {
            while (*turn != 1)
                sched_yield();
            *turn = 0;
        }
    }
    for (int i = 0; i < 100; i++)
    {
        while (*turn != 0)
            sched_yield();
        *turn = 1;
    }
    CHECK_EXITS(child, 0);
}

TEST(two_busy_processes_share_one_processor)
{
    // Neither yields: only preemption lets both advance.
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    OK(sched_setaffinity(0, sizeof one, &one));
    volatile long *counts = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(child)
        for (;;)
            counts[1]++;
    while (counts[0] < 1000 || counts[1] < 1000)
        counts[0]++;
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(affinity_has_at_least_one_processor)
{
    unsigned long mask[16] = { 0 };
    long length = OK(syscall(SYS_sched_getaffinity, 0, sizeof mask, mask));
    CHECK(length >= 8 && length % 8 == 0);
    CHECK(mask[0] & 1);
    CHECK_ERRNO(syscall(SYS_sched_getaffinity, 0x3ffffff, sizeof mask, mask), ESRCH);
    CHECK_ERRNO(syscall(SYS_sched_getaffinity, 0, 1, mask), EINVAL);
}

TEST(what_only_root_may_do_is_eperm_for_users)
{
    scratch();
    OK(mkdir("point", 0755));
    become(1000);
    CHECK_ERRNO(mount("none", "point", "tmpfs", 0, NULL), EPERM);
    CHECK_ERRNO(umount("point"), EPERM);
    CHECK_ERRNO(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x4321fedc, NULL), EPERM);
    CHECK_ERRNO(clock_settime(CLOCK_REALTIME, &(struct timespec){ 1700000000, 0 }), EPERM);
}

TEST(a_tmpfs_can_be_mounted_used_and_unmounted)
{
    struct stat inside;
    struct stat outside;
    scratch();
    OK(mkdir("point", 0755));
    make_file("point/hidden", "");
    OK(stat("point", &outside));
    OK(mount("none", "point", "tmpfs", 0, NULL));
    OK(stat("point", &inside));
    CHECK(inside.st_dev != outside.st_dev);
    CHECK_ERRNO(stat("point/hidden", &inside), ENOENT);
    make_file("point/file", "x");
    CHECK_ERRNO(link("point/file", "file"), EXDEV);
    CHECK_ERRNO(rename("point/file", "file"), EXDEV);
    CHECK_ERRNO(rmdir("point"), EBUSY);
    CHECK_ERRNO(rename("point", "other"), EBUSY);
    int fd = OK(open("point/file", O_RDONLY));
    CHECK_ERRNO(umount("point"), EBUSY);
    OK(close(fd));
    OK(umount("point"));
    OK(stat("point/hidden", &inside));
    CHECK_ERRNO(umount("point"), EINVAL);
}

TEST(a_full_tmpfs_is_enospc)
{
    static char block[65536];
    scratch();
    OK(mkdir("small", 0755));
    OK(mount("none", "small", "tmpfs", 0, "size=256k"));
    int fd = OK(open("small/file", O_RDWR | O_CREAT, 0644));
    long total = 0;
    ssize_t length;
    while ((length = write(fd, block, sizeof block)) > 0)
        total += length;
    CHECK_EQ(errno, ENOSPC);
    CHECK_EQ(total, 256 << 10);
    OK(ftruncate(fd, 0));
    CHECK_EQ(write(fd, block, sizeof block), sizeof block);
    OK(close(fd));
    OK(umount("small"));
}

TEST(a_read_only_mount_is_erofs)
{
    scratch();
    OK(mkdir("point", 0755));
    OK(mount("none", "point", "tmpfs", MS_RDONLY, NULL));
    CHECK_ERRNO(open("point/file", O_RDWR | O_CREAT, 0644), EROFS);
    CHECK_ERRNO(mkdir("point/directory", 0755), EROFS);
    OK(umount("point"));
}

TEST(mount_checks_its_arguments)
{
    scratch();
    OK(mkdir("point", 0755));
    make_file("file", "");
    CHECK_ERRNO(mount("none", "point", "no-such-filesystem", 0, NULL), ENODEV);
    CHECK_ERRNO(mount("none", "missing", "tmpfs", 0, NULL), ENOENT);
    CHECK_ERRNO(mount("none", "file", "tmpfs", 0, NULL), ENOTDIR);
    CHECK_ERRNO(umount("missing"), ENOENT);
}
