// proc(5), as far as BusyBox and the C library look.
#include "check.h"
#include <sys/prctl.h>
#include <sys/resource.h>
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
    CHECK(strstr(text, "\naddress sizes\t: ") != NULL);
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

TEST(opening_a_descriptor_with_creation_and_truncation_opens_the_file_itself)
{
    char path[64];
    struct stat before, after;
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(fstat(fd, &before));
    OK(unlink("file"));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = OK(open(path, O_RDWR | O_CREAT | O_TRUNC, 0600));
    OK(fstat(again, &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK_EQ(after.st_size, 0);
    CHECK_ERRNO(open(path, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
}

TEST(a_pipe_opened_again_waits_for_nobody)
{
    char path[64];
    char bytes[8];
    int ends[2];
    OK(pipe(ends));
    CHECK_EQ(write(ends[1], "abc", 3), 3);
    OK(close(ends[1]));
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int again = OK(open(path, O_RDONLY));
    CHECK_EQ(read(again, bytes, sizeof bytes), 3);
    CHECK_EQ(read(again, bytes, sizeof bytes), 0);
}

TEST(maps_are_many_and_come_in_order)
{
    enum { COUNT = 300 };
    unsigned long start, end, last = 0;
    char *base = OK(mmap(NULL, 2 * COUNT * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < COUNT; i++)
        OK(mprotect(base + 2 * i * 4096, 4096, PROT_READ));
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    int inside = 0;
    while (fgets(text, sizeof text, maps) != NULL)
    {
        CHECK_EQ(sscanf(text, "%lx-%lx", &start, &end), 2);
        CHECK(start >= last && end > start);
        last = end;
        inside += start >= (unsigned long)base && end <= (unsigned long)base + 2 * COUNT * 4096;
    }
    fclose(maps);
    CHECK(inside >= 2 * COUNT - 2);
}

TEST(secrets_of_others_are_kept)
{
    char link[64];
    FORK(child)
    {
        OK(setgid(1000));
        OK(setuid(1000));
        CHECK_ERRNO(open("/proc/1/environ", O_RDONLY), EACCES);
        CHECK_ERRNO(open("/proc/1/fd", O_RDONLY), EACCES);
        CHECK_ERRNO(open("/proc/1/maps", O_RDONLY), EACCES);
        CHECK_ERRNO(readlink("/proc/1/exe", link, sizeof link), EACCES);
        CHECK_ERRNO(readlink("/proc/1/cwd", link, sizeof link), EACCES);
        OK(open("/proc/1/stat", O_RDONLY));
        OK(open("/proc/1/status", O_RDONLY));
        OK(open("/proc/self/fd", O_RDONLY));
        CHECK_ERRNO(open("/proc/sys/kernel/hostname", O_WRONLY), EACCES);
    }
    CHECK_EXITS(child, 0);
}

TEST(comm_is_written_by_the_process_itself)
{
    int fd = OK(open("/proc/self/comm", O_RDWR));
    CHECK_EQ(write(fd, "renamed by itself", 17), 17);
    slurp("/proc/self/comm", 0);
    CHECK_STR(text, "renamed by itse\n");
    FORK(child)
    {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/comm", getppid());
        int other = OK(open(path, O_WRONLY));
        CHECK_ERRNO(write(other, "x", 1), EINVAL);
    }
    CHECK_EXITS(child, 0);
}

static void check_row(const char *name, const char *soft, const char *hard, const char *unit)
{
    char row[128];
    snprintf(row, sizeof row, "%-25s %-20s %-20s %-10s\n", name, soft, hard, unit);
    CHECK(strstr(text, row) != NULL);
}

TEST(limits_are_a_table)
{
    struct rlimit limit = { 77, 78 };
    OK(setrlimit(RLIMIT_NOFILE, &limit));
    slurp("/proc/self/limits", 0);
    check_row("Limit", "Soft Limit", "Hard Limit", "Units");
    check_row("Max open files", "77", "78", "files");
    check_row("Max cpu time", "unlimited", "unlimited", "seconds");
}

TEST(what_can_be_set_keeps_its_value_and_its_bounds)
{
    slurp("/proc/self/oom_score_adj", 0);
    CHECK_EQ(atoi(text), 0);
    int fd = OK(open("/proc/self/oom_score_adj", O_RDWR | O_TRUNC));
    CHECK_EQ(write(fd, "300\n", 4), 4);
    slurp("/proc/self/oom_score_adj", 0);
    CHECK_STR(text, "300\n");
    CHECK_ERRNO(write(fd, "1001", 4), EINVAL);
    CHECK_ERRNO(write(fd, "x", 1), EINVAL);
    fd = OK(open("/proc/sys/vm/overcommit_memory", O_RDWR));
    CHECK_ERRNO(write(fd, "3", 1), EINVAL);
    slurp("/proc/sys/vm/overcommit_memory", 0);
    CHECK(text[0] >= '0' && text[0] <= '2');
}

TEST(seeking_to_the_start_shows_fresh_figures)
{
    int fd = OK(open("/proc/self/stat", O_RDONLY));
    CHECK(read(fd, text, sizeof text) > 0);
    OK(prctl(PR_SET_NAME, "fresh"));
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    ssize_t length = OK(read(fd, text, sizeof text - 1));
    text[length] = 0;
    CHECK(strstr(text, "(fresh)") != NULL);
}

TEST(mountinfo_names_root_and_mount_point)
{
    int id, parent;
    char root[64], point[64], options[128];
    slurp("/proc/self/mountinfo", 0);
    char *line = strstr(text, " /proc ");
    CHECK(line != NULL);
    while (line > text && line[-1] != '\n')
        line--;
    CHECK_EQ(sscanf(line, "%d %d %*s %63s %63s %127s", &id, &parent, root, point, options), 5);
    CHECK_STR(root, "/");
    CHECK_STR(point, "/proc");
    CHECK(strncmp(options, "rw", 2) == 0);
    CHECK(strstr(line, " - proc ") != NULL);
}
