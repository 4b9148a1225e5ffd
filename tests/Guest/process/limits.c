// getrlimit(2), and that processes which try everything are stopped by it, not the machine.
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>

static void limit(int resource, rlim_t value)
{
    OK(setrlimit(resource, &(struct rlimit){ value, value }));
}

TEST(limits_are_read_set_and_inherited)
{
    struct rlimit got;
    OK(getrlimit(RLIMIT_NOFILE, &got));
    CHECK(got.rlim_cur <= got.rlim_max && got.rlim_cur >= 256);
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 300, 400 }));
    FORK(child)
    {
        OK(getrlimit(RLIMIT_NOFILE, &got));
        CHECK_EQ(got.rlim_cur, 300);
        CHECK_EQ(got.rlim_max, 400);
    }
    CHECK_EXITS(child, 0);
    OK(getrlimit(RLIMIT_STACK, &got));
    CHECK_EQ(got.rlim_cur, 8 << 20);
}

TEST(a_soft_limit_above_the_hard_one_is_einval)
{
    CHECK_ERRNO(setrlimit(RLIMIT_CPU, &(struct rlimit){ 10, 5 }), EINVAL);
    CHECK_ERRNO(syscall(SYS_getrlimit, 99, &(struct rlimit){ 0, 0 }), EINVAL);
    CHECK_ERRNO(syscall(SYS_prlimit64, 0x3ffffff, RLIMIT_CPU, NULL, NULL), ESRCH);
}

TEST(a_user_cannot_raise_a_hard_limit)
{
    limit(RLIMIT_FSIZE, 1000);
    become(1000);
    CHECK_ERRNO(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 2000 }), EPERM);
    OK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 500, 900 }));
    OK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 900, 900 }));
}

TEST(prlimit_reads_and_writes_those_of_another_process)
{
    struct rlimit old;
    FORK(child)
        for (;;)
            pause();
    OK(prlimit(child, RLIMIT_NOFILE, &(struct rlimit){ 123, 200 }, NULL));
    OK(prlimit(child, RLIMIT_NOFILE, NULL, &old));
    CHECK_EQ(old.rlim_cur, 123);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(the_file_size_limit_is_sigxfsz_and_efbig)
{
    scratch();
    int fd = write_file("file", "", 0);
    limit(RLIMIT_FSIZE, 1000);
    char block[2000] = "";
    CHECK_EQ(write(fd, block, 2000), 1000);
    FORK(child)
        (void)!write(fd, block, 1);
    CHECK_KILLED(child, SIGXFSZ);
    handle(SIGXFSZ, SIG_IGN, 0);
    CHECK_ERRNO(write(fd, block, 1), EFBIG);
    CHECK_ERRNO(ftruncate(fd, 2000), EFBIG);
}

TEST(the_address_space_limit_is_enomem)
{
    FORK(child)
    {
        limit(RLIMIT_AS, 64 << 20);
        size_t got = 0;
        while (mmap(NULL, 1 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
            got++;
        CHECK_EQ(errno, ENOMEM);
        CHECK(got > 30 && got <= 64);
        uintptr_t end = (uintptr_t)syscall(SYS_brk, 0);
        CHECK_EQ(syscall(SYS_brk, end + (8 << 20)), end);
    }
    CHECK_EXITS(child, 0);
}

TEST(an_allocation_bomb_is_stopped_by_its_limit)
{
    FORK(bomb)
    {
        limit(RLIMIT_AS, 100 << 20);
        char *block;
        size_t total = 0;
        while ((block = malloc(100000)) != NULL)
        {
            memset(block, 1, 100000);
            total += 100000;
        }
        CHECK(total > 50 << 20 && total <= 100 << 20);
    }
    CHECK_EXITS(bomb, 0);
}

TEST(a_user_who_forks_without_end_gets_eagain)
{
    FORK(user)
    {
        limit(RLIMIT_NPROC, 40);
        become(54322);
        int made = 0;
        pid_t pid;
        while ((pid = fork()) > 0)
            made++;
        if (pid == 0)
            for (;;)
                pause();
        CHECK_EQ(errno, EAGAIN);
        CHECK_EQ(made, 39);
        OK(kill(-1, SIGKILL));
        for (int i = 0; i < made; i++)
            OK(wait(NULL));
        // All are gone, and there is room again.
        FORK(again)
            _exit(0);
        CHECK_EXITS(again, 0);
    }
    CHECK_EXITS(user, 0);
}

static void bomb(void)
{
    for (;;)
        (void)!fork();
}

static bool fork_that_exits(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}

static int fork_and_reap(int count)
{
    int made = 0;
    while (made < count && fork_that_exits())
        made++;
    for (int i = 0; i < made; i++)
        OK(wait(NULL));
    return made;
}

TEST(a_fork_bomb_is_contained_and_can_be_ended)
{
    FORK(user)
    {
        limit(RLIMIT_NPROC, 30);
        become(54323);
        FORK(first)
            bomb();
        nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
        OK(kill(-1, SIGKILL));
        CHECK_KILLED(first, SIGKILL);
        // All of them are gone when there is room for as many again. (That kill(-1) fails cannot be the
        // sign: Linux returns 0 even when it found only processes of others.)
        EVENTUALLY(fork_and_reap(29) == 29);
    }
    CHECK_EXITS(user, 0);
}

static volatile sig_atomic_t calls;
static void count(UNUSED int signo) { calls++; }

TEST(the_cpu_limit_sends_sigxcpu_then_sigkill)
{
    FORK(child)
    {
        OK(setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 2 }));
        handle(SIGXCPU, count, 0);
        while (calls == 0)
            continue;
        for (;;)
            continue;
    }
    CHECK_KILLED(child, SIGKILL);
    FORK(other)
    {
        limit(RLIMIT_CORE, 0);
        OK(setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 20 }));
        for (;;)
            continue;
    }
    CHECK_KILLED(other, SIGXCPU);
}
