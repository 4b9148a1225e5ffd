// What programs can make the kernel keep of processes has an end, and the end is an errno.
#include "check.h"
#include <grp.h>
#include <sys/resource.h>

static long number_in(const char *path)
{
    char text[64];
    read_file(path, text, sizeof text);
    return atol(text);
}

static void set_number(const char *path, long number)
{
    char text[32];
    int fd = OK(open(path, O_WRONLY));
    snprintf(text, sizeof text, "%ld", number);
    OK(write(fd, text, strlen(text)));
    OK(close(fd));
}

static int count_threads(void)
{
    char text[128];
    read_file("/proc/loadavg", text, sizeof text);
    char *slash = strchr(text, '/');
    CHECK(slash != NULL);
    return atoi(slash + 1);
}

TEST(a_fork_bomb_of_root_ends_in_eagain_and_leaves_the_others_alive)
{
    long most = number_in("/proc/sys/kernel/threads-max");
    CHECK(most > 100);
    set_number("/proc/sys/kernel/threads-max", count_threads() + 200);
    int report[2];
    OK(pipe(report));
    FORK(bomb)
    {
        OK(setpgid(0, 0));
        while (fork() >= 0)
            continue;
        char byte = errno == EAGAIN ? 'A' : '?';
        CHECK_EQ(write(report[1], &byte, 1), 1);
        while (true)
            pause();
    }

    // It has gone off. Whoever runs already goes on: files, pipes and memory are there.
    char byte;
    CHECK_EQ(read(report[0], &byte, 1), 1);
    CHECK_EQ(byte, 'A');
    scratch();
    make_file("file", "still alive");
    char *pages = OK(mmap(NULL, 1 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(pages, 1, 1 << 20);
    CHECK_ERRNO(fork(), EAGAIN);

    OK(kill(-bomb, SIGKILL));
    CHECK_KILLED(bomb, SIGKILL);
    set_number("/proc/sys/kernel/threads-max", most);
    EVENTUALLY(kill(-bomb, 0) == -1 && errno == ESRCH);
    FORK(child)
        continue;
    CHECK_EXITS(child, 0);
}

TEST(queued_signals_end_in_eagain)
{
    struct rlimit limit = { 500, 500 };
    OK(setrlimit(RLIMIT_SIGPENDING, &limit));
    block(SIGRTMIN);
    int sent = 0;
    while (sent < 1000 && sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = sent }) == 0)
        sent++;
    CHECK_EQ(errno, EAGAIN);
    CHECK(sent > 400 && sent <= 500);

    // Those that got in are all there, in order.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    for (int i = 0; i < sent; i++)
    {
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
        CHECK_EQ(info.si_value.sival_int, i);
    }
}

TEST(sixty_five_thousand_groups_can_be_had_and_no_more)
{
    enum
    {
        GROUPS = 65536,
    };
    static gid_t groups[GROUPS + 1];
    for (int i = 0; i <= GROUPS; i++)
        groups[i] = 100 + (gid_t)i;
    CHECK_ERRNO(syscall(SYS_setgroups, GROUPS + 1, groups), EINVAL);
    OK(syscall(SYS_setgroups, GROUPS, groups));
    memset(groups, 0, sizeof groups);
    CHECK_EQ(syscall(SYS_getgroups, GROUPS, groups), GROUPS);
    CHECK_EQ(groups[GROUPS - 1], 100 + GROUPS - 1);
    CHECK_ERRNO(syscall(SYS_getgroups, GROUPS - 1, groups), EINVAL);
    FORK(child)
        CHECK_EQ(syscall(SYS_getgroups, 0, NULL), GROUPS);
    CHECK_EXITS(child, 0);
}
