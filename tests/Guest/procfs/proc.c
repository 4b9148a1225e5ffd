// proc(5), as far as BusyBox and the C library look.
#include "check.h"
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/vfs.h>

static char text[65536];

static void slurp(const char *format, int pid)
{
    char path[64];
    snprintf(path, sizeof path, format, pid);
    read_file(path, text, sizeof text);
}

static long number_after(const char *label)
{
    char *at = strstr(text, label);
    if (at == NULL)
        FAIL("line \"%s\", got none, wanted one", label);
    return strtol(at + strlen(label), NULL, 10);
}

TEST(self_is_a_link_to_the_own_pid)
{
    char link[32] = "";
    CHECK(readlink("/proc/self", link, sizeof link) > 0);
    CHECK_EQ(atoi(link), getpid());
    FORK(child)
    {
        char other[32] = "";
        CHECK(readlink("/proc/self", other, sizeof other) > 0);
        CHECK_EQ(atoi(other), getpid());
    }
    CHECK_EXITS(child, 0);
}

TEST(stat_has_52_fields_in_their_places)
{
    char state;
    int pid, parent, group, session, consumed;
    slurp("/proc/self/stat", 0);
    char *rest = strrchr(text, ')') + 1;
    CHECK_EQ(sscanf(text, "%d", &pid), 1);
    CHECK_EQ(sscanf(rest, " %c %d %d %d%n", &state, &parent, &group, &session, &consumed), 4);
    CHECK_EQ(pid, getpid());
    CHECK_EQ(state, 'R');
    CHECK_EQ(parent, getppid());
    CHECK_EQ(group, getpgrp());
    CHECK_EQ(session, getsid(0));
    int fields = 2;
    for (char *field = strtok(rest, " \n"); field != NULL; field = strtok(NULL, " \n"))
        fields++;
    CHECK_EQ(fields, 52);
}

TEST(a_sleeping_process_shows_as_s_and_a_stopped_one_as_t)
{
    FORK(child)
        for (;;)
            pause();
    EVENTUALLY(process_state(child) == 'S');
    OK(kill(child, SIGSTOP));
    EVENTUALLY(process_state(child) == 'T');
    OK(kill(child, SIGKILL));
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_KILLED(child, SIGKILL);
    CHECK_EQ(process_state(child), 0);
}

TEST(status_names_ids_and_signals)
{
    block(SIGUSR1);
    handle(SIGUSR2, SIG_IGN, 0);
    raise(SIGUSR1);
    slurp("/proc/self/status", 0);
    CHECK(strncmp(text, "Name:\tprocfs-proc", 13) == 0);
    CHECK_EQ(number_after("\nPid:\t"), getpid());
    CHECK_EQ(number_after("\nPPid:\t"), getppid());
    CHECK_EQ(number_after("\nUid:\t"), 0);
    CHECK_EQ(number_after("\nThreads:\t"), 1);
    CHECK(number_after("\nVmRSS:\t") > 0);
    CHECK(strstr(text, "\nSigBlk:\t0000000000000200\n") != NULL);
    CHECK(strstr(text, "\nSigIgn:\t0000000000000800\n") != NULL);
    CHECK(strstr(text, "\nShdPnd:\t") != NULL);
}

TEST(cmdline_separates_by_nul_and_environ_too)
{
    slurp("/proc/self/cmdline", 0);
    CHECK_STR(text, check_self);
    // Without arguments or with the name of this case.
    char *second = text + strlen(text) + 1;
    CHECK(second[0] == '\0' || strstr(second, "cmdline") != NULL);
    read_file("/proc/self/environ", text, sizeof text);
}

TEST(exe_cwd_and_root_are_links)
{
    char link[300] = "";
    OK(chdir("/dev"));
    CHECK(readlink("/proc/self/exe", link, sizeof link - 1) > 0);
    CHECK_STR(link, check_self);
    memset(link, 0, sizeof link);
    CHECK(readlink("/proc/self/cwd", link, sizeof link - 1) > 0);
    CHECK_STR(link, "/dev");
    memset(link, 0, sizeof link);
    CHECK(readlink("/proc/self/root", link, sizeof link - 1) > 0);
    CHECK_STR(link, "/");
}

TEST(fd_lists_the_open_descriptors_as_links)
{
    char link[300] = "";
    char path[64];
    scratch();
    int fd = write_file("file", "abc", 3);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    CHECK(readlink(path, link, sizeof link - 1) > 0);
    CHECK(strstr(link, "/check.") != NULL && strstr(link, "/file") != NULL);
    int ends[2];
    OK(pipe(ends));
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    memset(link, 0, sizeof link);
    CHECK(readlink(path, link, sizeof link - 1) > 0);
    CHECK(strncmp(link, "pipe:[", 6) == 0);
    OK(close(fd));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    CHECK_ERRNO(readlink(path, link, sizeof link), ENOENT);
}

TEST(opening_a_descriptor_in_fd_opens_the_file_again)
{
    char path[64];
    char byte;
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(lseek(fd, 2, SEEK_SET));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = OK(open(path, O_RDONLY));
    CHECK_EQ(read(again, &byte, 1), 1);
    CHECK_EQ(byte, 'a');
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
}

TEST(the_list_of_processes_has_self_parent_and_init)
{
    bool init = false, self = false, parent = false;
    DIR *directory = opendir("/proc");
    CHECK(directory != NULL);
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
    {
        init |= strcmp(entry->d_name, "1") == 0;
        self |= atoi(entry->d_name) == getpid();
        parent |= atoi(entry->d_name) == getppid();
    }
    CHECK(init && self && parent);
}

TEST(meminfo_is_consistent)
{
    slurp("/proc/meminfo", 0);
    long total = number_after("MemTotal:");
    long free_now = number_after("MemFree:");
    long available = number_after("MemAvailable:");
    CHECK(total > 16384);
    CHECK(free_now > 0 && free_now < total);
    CHECK(available > 0 && available < total);
    number_after("Buffers:");
    number_after("Cached:");
    number_after("SwapTotal:");
}

TEST(meminfo_follows_what_is_allocated)
{
    enum { SIZE = 40 << 20 };
    slurp("/proc/meminfo", 0);
    long before = number_after("MemFree:");
    char *pages = OK(mmap(NULL, SIZE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(pages, 1, SIZE);
    slurp("/proc/meminfo", 0);
    CHECK(before - number_after("MemFree:") > 30 << 10);
}

TEST(uptime_and_loadavg_have_their_shape)
{
    double up, idle, load[3];
    int running, total, last;
    slurp("/proc/uptime", 0);
    CHECK_EQ(sscanf(text, "%lf %lf", &up, &idle), 2);
    CHECK(up > 0);
    slurp("/proc/loadavg", 0);
    CHECK_EQ(sscanf(text, "%lf %lf %lf %d/%d %d", load, load + 1, load + 2, &running, &total, &last), 6);
    CHECK(running >= 1 && total >= running && last >= getpid());
}

TEST(mounts_lists_the_root_and_procfs)
{
    slurp("/proc/mounts", 0);
    CHECK(strstr(text, " / ") != NULL);
    CHECK(strstr(text, " /proc proc ") != NULL);
}

TEST(the_global_stat_has_a_line_of_cpu_times)
{
    slurp("/proc/stat", 0);
    CHECK(strncmp(text, "cpu  ", 5) == 0);
    CHECK(strstr(text, "\ncpu0 ") != NULL);
    number_after("\nbtime ");
    number_after("\nprocesses ");
}

TEST(version_and_cpuinfo_and_filesystems_exist)
{
    slurp("/proc/version", 0);
    CHECK(strncmp(text, "Linux version ", 14) == 0);
    slurp("/proc/cpuinfo", 0);
    CHECK(strstr(text, "processor\t: 0") != NULL);
    CHECK(strstr(text, "flags\t\t: ") != NULL);
    slurp("/proc/filesystems", 0);
    CHECK(strstr(text, "nodev\tproc\n") != NULL);
    CHECK(strstr(text, "nodev\ttmpfs\n") != NULL);
}

TEST(files_of_a_dead_process_are_gone)
{
    char path[64];
    struct stat status;
    FORK(child)
        for (;;)
            pause();
    snprintf(path, sizeof path, "/proc/%d/status", child);
    int fd = OK(open(path, O_RDONLY));
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
    CHECK_ERRNO(read(fd, text, sizeof text), ESRCH);
    CHECK_ERRNO(stat(path, &status), ENOENT);
}

TEST(procfs_cannot_be_written_like_a_disk)
{
    CHECK_ERRNO(open("/proc/new", O_RDWR | O_CREAT, 0644), ENOENT);
    CHECK_ERRNO(mkdir("/proc/new", 0755), ENOENT);
    CHECK_ERRNO(unlink("/proc/version"), EPERM);
}

TEST(a_small_read_can_be_continued)
{
    char whole[256];
    char parts[256] = "";
    read_file("/proc/version", whole, sizeof whole);
    int fd = OK(open("/proc/version", O_RDONLY));
    size_t length = 0;
    while (OK(read(fd, parts + length, 1)) == 1)
        length++;
    CHECK_STR(parts, whole);
    CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
    CHECK_EQ(read(fd, parts, 7), 7);
    CHECK_BYTES(parts, "version", 7);
}
