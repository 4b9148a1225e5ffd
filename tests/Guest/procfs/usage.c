// What /proc says of the use of memory, files and interrupts: proc_pid_smaps(5), proc_pid_io(5), proc_pid_syscall(5) and others.
#include "check.h"
#include <sys/prctl.h>

enum
{
    PAGES = 64,
};

static char text[65536];

static const char *contents(const char *path)
{
    size_t length = read_file(path, text, sizeof text - 1);
    text[length] = '\0';
    return text;
}

static long number_in(const char *where, const char *label)
{
    const char *found = strstr(where, label);
    if (found == NULL)
        FAIL("%s, got no such line, wanted one", label);
    return strtol(found + strlen(label), NULL, 10);
}

// The part of smaps about the mapping that begins here.
static const char *mapping_at(const void *start)
{
    char head[40];
    snprintf(head, sizeof head, "%lx-", (unsigned long)start);
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[400];
    bool found = false;
    size_t length = 0;
    while (fgets(line, sizeof line, file) != NULL)
    {
        if (strncmp(line, head, strlen(head)) == 0)
            found = true;
        if (found)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s", line);
        if (found && strncmp(line, "VmFlags:", 8) == 0)
            break;
    }
    fclose(file);
    CHECK(found);
    return text;
}

static char *mapped(int flags)
{
    // Between two pages of its own kind, so that no neighbor is joined to it.
    char *all = mmap(NULL, (PAGES + 2) * CHECK_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(all != MAP_FAILED);
    char *at = mmap(all + CHECK_PAGE, PAGES * CHECK_PAGE, CHECK_RW, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(at == all + CHECK_PAGE);
    return at;
}

TEST(smaps_counts_the_pages_that_were_touched)
{
    char *at = mapped(MAP_PRIVATE);
    OK(madvise(at, PAGES * CHECK_PAGE, MADV_NOHUGEPAGE));
    memset(at, 1, 10 * CHECK_PAGE);
    const char *said = mapping_at(at);
    CHECK_EQ(number_in(said, "\nSize:"), PAGES * 4);
    CHECK_EQ(number_in(said, "\nKernelPageSize:"), 4);
    CHECK_EQ(number_in(said, "\nMMUPageSize:"), 4);
    CHECK_EQ(number_in(said, "\nRss:"), 40);
    CHECK_EQ(number_in(said, "\nPss:"), 40);
    CHECK_EQ(number_in(said, "\nPss_Dirty:"), 40);
    CHECK_EQ(number_in(said, "\nPrivate_Dirty:"), 40);
    CHECK_EQ(number_in(said, "\nShared_Dirty:"), 0);
    CHECK_EQ(number_in(said, "\nPrivate_Clean:"), 0);
    CHECK_EQ(number_in(said, "\nAnonymous:"), 40);
    CHECK_EQ(number_in(said, "\nReferenced:"), 40);
    CHECK_EQ(number_in(said, "\nSwap:"), 0);
    CHECK_EQ(number_in(said, "\nLocked:"), 0);
    const char *flags = strstr(said, "\nVmFlags: ");
    CHECK(flags != NULL && strstr(flags, "rd wr mr mw me ac") != NULL && strstr(flags, " nh") != NULL);
}

TEST(pages_that_only_show_zeros_do_not_count)
{
    char *at = mapped(MAP_PRIVATE);
    OK(madvise(at, PAGES * CHECK_PAGE, MADV_NOHUGEPAGE));
    volatile char sum = 0;
    for (int i = 0; i < PAGES; i++)
        sum += at[i * CHECK_PAGE];
    CHECK_EQ(number_in(mapping_at(at), "\nRss:"), 0);
}

TEST(what_two_share_counts_half_for_each)
{
    char *at = mapped(MAP_PRIVATE);
    OK(madvise(at, PAGES * CHECK_PAGE, MADV_NOHUGEPAGE));
    memset(at, 1, 20 * CHECK_PAGE);
    struct gate done = new_gate();
    struct gate ready = new_gate();
    FORK(child)
    {
        // Its own copies of five.
        memset(at, 2, 5 * CHECK_PAGE);
        open_gate(&ready);
        pass_gate(&done);
        _exit(0);
    }
    pass_gate(&ready);
    const char *said = mapping_at(at);
    CHECK_EQ(number_in(said, "\nRss:"), 80);
    CHECK_EQ(number_in(said, "\nPss:"), 20 + 30);
    CHECK_EQ(number_in(said, "\nShared_Dirty:"), 60);
    CHECK_EQ(number_in(said, "\nPrivate_Dirty:"), 20);
    open_gate(&done);
    CHECK_EXITS(child, 0);
    CHECK_EQ(number_in(mapping_at(at), "\nPss:"), 80);
}

TEST(shared_memory_is_not_anonymous)
{
    char *at = mapped(MAP_SHARED);
    memset(at, 1, 8 * CHECK_PAGE);
    const char *said = mapping_at(at);
    CHECK_EQ(number_in(said, "\nRss:"), 32);
    CHECK_EQ(number_in(said, "\nPss:"), 32);
    CHECK_EQ(number_in(said, "\nAnonymous:"), 0);
    const char *flags = strstr(said, "\nVmFlags: ");
    CHECK(flags != NULL && strstr(flags, "rd wr sh mr mw me ms") != NULL);
}

TEST(advice_and_locks_show_in_the_flags)
{
    char *at = mapped(MAP_PRIVATE);
    OK(madvise(at, PAGES * CHECK_PAGE, MADV_DONTFORK));
    OK(madvise(at, PAGES * CHECK_PAGE, MADV_DONTDUMP));
    OK(mlock(at, PAGES * CHECK_PAGE));
    const char *said = mapping_at(at);
    CHECK_EQ(number_in(said, "\nLocked:"), PAGES * 4);
    const char *flags = strstr(said, "\nVmFlags: ");
    CHECK(flags != NULL && strstr(flags, " lo ") != NULL && strstr(flags, " dc ") != NULL);
    CHECK(strstr(flags, " dd ") != NULL);
}

TEST(the_rollup_is_the_sum_of_all)
{
    char *at = mapped(MAP_PRIVATE);
    memset(at, 1, PAGES * CHECK_PAGE);
    const char *all = contents("/proc/self/smaps_rollup");
    CHECK(strstr(all, " ---p 00000000 00:00 0 ") != NULL && strstr(all, "[rollup]\n") != NULL);
    CHECK(number_in(all, "\nRss:") >= PAGES * 4);
    CHECK(number_in(all, "\nAnonymous:") >= PAGES * 4);
    CHECK(number_in(all, "\nPss_Anon:") >= PAGES * 4);
    long resident = number_in(all, "\nRss:");
    long parts = number_in(all, "\nShared_Clean:") + number_in(all, "\nShared_Dirty:")
        + number_in(all, "\nPrivate_Clean:") + number_in(all, "\nPrivate_Dirty:");
    CHECK_EQ(resident, parts);
    CHECK(number_in(all, "\nPss_File:") + number_in(all, "\nPss_Shmem:") >= 0);
}

TEST(io_counts_calls_and_bytes)
{
    char buffer[1000];
    int zero = OK(open("/dev/zero", O_RDONLY));
    int null = OK(open("/dev/null", O_WRONLY));
    const char *said = contents("/proc/self/io");
    long read_before = number_in(said, "rchar: ");
    long written_before = number_in(said, "wchar: ");
    long reads_before = number_in(said, "syscr: ");
    long writes_before = number_in(said, "syscw: ");
    for (int i = 0; i < 10; i++)
    {
        CHECK_EQ(read(zero, buffer, sizeof buffer), sizeof buffer);
        CHECK_EQ(write(null, buffer, 100), 100);
        CHECK_EQ(pread(zero, buffer, 10, 0), 10);
        CHECK_ERRNO(read(null, buffer, 10), EBADF);
        CHECK_ERRNO(read(1000, buffer, 10), EBADF);
    }
    said = contents("/proc/self/io");
    // Reading the file itself counts as well: between one and a few calls.
    long more = number_in(said, "rchar: ") - read_before - 10100;
    CHECK(more > 0 && more < 2000);
    CHECK_EQ(number_in(said, "wchar: ") - written_before, 1000);
    long calls = number_in(said, "syscr: ") - reads_before - 20;
    CHECK(calls >= 1 && calls <= 4);
    CHECK_EQ(number_in(said, "syscw: ") - writes_before, 10);
    CHECK_EQ(number_in(said, "\nread_bytes: "), 0);
    CHECK_EQ(number_in(said, "cancelled_write_bytes: "), 0);
}

TEST(io_of_others_is_a_secret)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/io", getpid());
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(open("/proc/1/io", O_RDONLY), EACCES);
        CHECK_ERRNO(open("/proc/1/smaps", O_RDONLY), EACCES);
        CHECK_ERRNO(open("/proc/1/syscall", O_RDONLY), EACCES);
        CHECK_ERRNO(open(path, O_RDONLY), EACCES);
    }
    CHECK_EXITS(user, 0);
}

TEST(syscall_tells_where_a_process_sleeps)
{
    int ends[2];
    char buffer[8];
    char path[64];
    char wanted[200];
    OK(pipe(ends));
    FORK(child)
    {
        syscall(SYS_read, ends[0], buffer, 5);
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/syscall", child);
    snprintf(wanted, sizeof wanted, "0 0x%x 0x%lx 0x5 0x", ends[0], (unsigned long)buffer);
    EVENTUALLY(strncmp(contents(path), wanted, strlen(wanted)) == 0);
    int words = 0;
    for (const char *at = text; *at != '\0'; at++)
        words += *at == ' ' || *at == '\n';
    CHECK_EQ(words, 9);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EXITS(child, 0);
}

TEST(syscall_of_a_stopped_loop_has_no_call)
{
    char path[64];
    volatile char *turns = mapped(MAP_SHARED);
    FORK(child)
    {
        for (;;)
            ++*turns;
    }
    snprintf(path, sizeof path, "/proc/%d/syscall", child);
    // Before it comes out of fork it runs, too.
    EVENTUALLY(*turns != 0);
    EVENTUALLY(strcmp(contents(path), "running\n") == 0);
    OK(kill(child, SIGSTOP));
    EVENTUALLY(strncmp(contents(path), "running", 7) != 0);
    CHECK(strncmp(text, "-1 0x", 5) == 0);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(the_old_oom_adjustment_is_the_new_one_on_another_scale)
{
    static const struct { const char *set; long told; } cases[] = {
        { "15", 1000 }, { "-17", -1000 }, { "8", 470 }, { "-8", -470 }, { "0", 0 },
    };
    int file = OK(open("/proc/self/oom_adj", O_RDWR));
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
    {
        CHECK_EQ(pwrite(file, cases[i].set, strlen(cases[i].set), 0), (long)strlen(cases[i].set));
        CHECK_EQ(atol(contents("/proc/self/oom_score_adj")), cases[i].told);
    }
    CHECK_EQ(pwrite(file, "16", 2, 0), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(pwrite(file, "-18", 3, 0), -1);
    CHECK_EQ(errno, EINVAL);
    int score = OK(open("/proc/self/oom_score_adj", O_WRONLY));
    CHECK_EQ(write(score, "1000", 4), 4);
    CHECK_EQ(atol(contents("/proc/self/oom_adj")), 15);
    CHECK_EQ(write(score, "500", 3), 3);
    CHECK_EQ(atol(contents("/proc/self/oom_adj")), 8);
}

TEST(the_slack_of_timers_can_be_set)
{
    int file = OK(open("/proc/self/timerslack_ns", O_RDWR));
    CHECK_EQ(write(file, "12345", 5), 5);
    CHECK_EQ(prctl(PR_GET_TIMERSLACK), 12345);
    CHECK_EQ(write(file, "x", 1), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(write(file, "0", 1), 1);
    CHECK_EQ(prctl(PR_GET_TIMERSLACK), 50000);
    CHECK_EQ(atol(contents("/proc/self/timerslack_ns")), 50000);
    FORK(user)
    {
        become(1000);
        int other = open("/proc/1/timerslack_ns", O_WRONLY);
        CHECK(other >= 0);
        CHECK_EQ(write(other, "1", 1), -1);
        CHECK_EQ(errno, EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(nobody_has_logged_in)
{
    CHECK_STR(contents("/proc/self/loginuid"), "4294967295");
    CHECK_STR(contents("/proc/self/sessionid"), "4294967295");
}

TEST(mountstats_names_device_place_and_type)
{
    CHECK(strstr(contents("/proc/self/mountstats"), " mounted on /proc with fstype proc\n") != NULL);
    struct stat status;
    OK(stat("/proc/self/mountstats", &status));
    CHECK_EQ(status.st_mode & 0777, 0400);
}

TEST(interrupts_are_counted)
{
    const char *said = contents("/proc/interrupts");
    CHECK(strncmp(said, "           CPU0", 15) == 0);
    long before = number_in(said, "LOC:");
    struct timespec moment = { 0, 20000000 };
    OK(nanosleep(&moment, NULL));
    CHECK(number_in(contents("/proc/interrupts"), "LOC:") > before);
    long all = number_in(contents("/proc/stat"), "\nintr ");
    CHECK(all > before);
    // As many numbers as there are inputs, and each a part of the sum.
    const char *line = strstr(text, "\nintr ") + 6;
    char *end;
    long parts = -strtol(line, &end, 10);
    parts = 0;
    while (*end == ' ' && end[1] != '\n')
        parts += strtol(end + 1, &end, 10);
    CHECK(parts <= all);
}
