// kcmp(2), ioprio_set(2), and options of prctl(2) that few programs use.
#include "check.h"
#include <pthread.h>
#include <sys/prctl.h>

static long control(int option, unsigned long second, unsigned long third, unsigned long fourth)
{
    return syscall(SYS_prctl, option, second, third, fourth, 0UL);
}

static long compare(pid_t first, pid_t second, int type, unsigned long left, unsigned long right)
{
    return syscall(SYS_kcmp, first, second, type, left, right);
}

enum { BY_FILE, BY_MEMORY, BY_FILES, BY_FS, BY_HANDLERS, BY_IO };

TEST(kcmp_tells_what_is_shared)
{
    pid_t own = getpid();
    int copy = OK(dup(1));
    int other = OK(open("/dev/null", O_RDONLY));
    CHECK_EQ(compare(own, own, BY_FILE, 1, (unsigned long)copy), 0);
    CHECK(compare(own, own, BY_FILE, 1, (unsigned long)other) > 0);
    for (int type = BY_MEMORY; type <= BY_IO; type++)
        CHECK_EQ(compare(own, own, type, 0, 0), 0);
    FORK(child) pause();
    CHECK_EQ(compare(own, child, BY_FILE, 1, 1), 0);
    for (int type = BY_MEMORY; type <= BY_HANDLERS; type++)
        CHECK(compare(own, child, type, 0, 0) > 0);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

static void *compare_with_leader(UNUSED void *argument)
{
    for (int type = BY_MEMORY; type <= BY_HANDLERS; type++)
        CHECK_EQ(compare(getpid(), (pid_t)syscall(SYS_gettid), type, 0, 0), 0);
    return NULL;
}

TEST(threads_share_all_that_kcmp_asks_for)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, compare_with_leader, NULL), 0);
    pthread_join(thread, NULL);
}

TEST(kcmp_checks_its_arguments)
{
    pid_t own = getpid();
    CHECK_ERRNO(compare(own, own, BY_FILE, 1, 999), EBADF);
    CHECK_ERRNO(compare(own, own, BY_FILE, 999, 1), EBADF);
    CHECK_ERRNO(compare(own, own, 8, 0, 0), EINVAL);
    CHECK_ERRNO(compare(own, own, -1, 0, 0), EINVAL);
    CHECK_ERRNO(compare(own, 0x3fffffff, BY_MEMORY, 0, 0), ESRCH);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(compare(getpid(), own, BY_MEMORY, 0, 0), EPERM);
    }
    CHECK_EXITS(user, 0);
}

enum { OF_PROCESS = 1, OF_GROUP, OF_USER };
enum { REALTIME = 1 << 13, BEST_EFFORT = 2 << 13, IDLE = 3 << 13 };

static long io_get(int which, int who) { return syscall(SYS_ioprio_get, which, who); }
static long io_set(int which, int who, int priority) { return syscall(SYS_ioprio_set, which, who, priority); }

TEST(io_priorities_are_kept_and_inherited)
{
    CHECK_EQ(io_get(OF_PROCESS, 0), 0);
    OK(io_set(OF_PROCESS, 0, BEST_EFFORT | 7));
    CHECK_EQ(io_get(OF_PROCESS, getpid()), BEST_EFFORT | 7);
    FORK(child) CHECK_EQ(io_get(OF_PROCESS, 0), BEST_EFFORT | 7);
    CHECK_EXITS(child, 0);
    OK(io_set(OF_PROCESS, 0, IDLE));
    CHECK_EQ(io_get(OF_PROCESS, 0), IDLE);
    OK(io_set(OF_GROUP, 0, BEST_EFFORT | 3));
    CHECK_EQ(io_get(OF_PROCESS, 0), BEST_EFFORT | 3);
    CHECK_EQ(io_get(OF_GROUP, 0), BEST_EFFORT | 3);
    OK(io_set(OF_PROCESS, 0, REALTIME | 2));
    CHECK_EQ(io_get(OF_GROUP, getpgrp()), REALTIME | 2);
    OK(io_set(OF_PROCESS, 0, 0));
    CHECK_EQ(io_get(OF_GROUP, 0), BEST_EFFORT | 4);
}

TEST(io_priorities_check_their_arguments)
{
    CHECK_ERRNO(io_get(0, 0), EINVAL);
    CHECK_ERRNO(io_get(4, 0), EINVAL);
    CHECK_ERRNO(io_get(OF_PROCESS, 0x3fffffff), ESRCH);
    CHECK_ERRNO(io_get(OF_USER, 424242), ESRCH);
    CHECK_ERRNO(io_set(OF_PROCESS, 0, 5), EINVAL);
    CHECK_ERRNO(io_set(OF_PROCESS, 0, 4 << 13), EINVAL);
    CHECK_ERRNO(io_set(OF_PROCESS, 0, -1), EINVAL);
    CHECK_ERRNO(io_set(9, 0, 0), EINVAL);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(io_set(OF_PROCESS, 0, REALTIME | 1), EPERM);
        CHECK_ERRNO(io_set(OF_PROCESS, getppid(), BEST_EFFORT), EPERM);
        OK(io_set(OF_PROCESS, 0, BEST_EFFORT | 1));
    }
    CHECK_EXITS(user, 0);
}

TEST(rare_options_are_kept_or_refused)
{
    CHECK_EQ(control(PR_MCE_KILL_GET, 0, 0, 0), PR_MCE_KILL_DEFAULT);
    OK(control(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0));
    CHECK_EQ(control(PR_MCE_KILL_GET, 0, 0, 0), PR_MCE_KILL_EARLY);
    CHECK_ERRNO(control(PR_MCE_KILL, PR_MCE_KILL_SET, 3, 0), EINVAL);
    CHECK_ERRNO(control(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 1, 0), EINVAL);
    CHECK_ERRNO(control(PR_MCE_KILL_GET, 1, 0, 0), EINVAL);
    OK(control(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0));
    CHECK_EQ(control(PR_GET_TIMING, 0, 0, 0), PR_TIMING_STATISTICAL);
    CHECK_ERRNO(control(PR_SET_TIMING, PR_TIMING_TIMESTAMP, 0, 0), EINVAL);
    OK(control(PR_SET_TSC, PR_TSC_ENABLE, 0, 0));
    CHECK_ERRNO(control(PR_SET_TSC, 3, 0, 0), EINVAL);
    OK(control(PR_TASK_PERF_EVENTS_DISABLE, 0, 0, 0));
    CHECK_ERRNO(control(PR_GET_SPECULATION_CTRL, 3, 0, 0), ENODEV);
    CHECK_ERRNO(control(PR_GET_SPECULATION_CTRL, 0, 1, 0), EINVAL);
    CHECK_ERRNO(control(PR_SET_SPECULATION_CTRL, 0, PR_SPEC_DISABLE, 0), ENXIO);
    CHECK_ERRNO(control(PR_SET_MM, 99, 0, 0), EINVAL);
    CHECK_ERRNO(control(999, 0, 0, 0), EINVAL);
}

TEST(an_io_flusher_needs_the_capability)
{
    OK(control(57, 1, 0, 0));
    CHECK_EQ(control(58, 0, 0, 0), 1);
    FORK(user)
    {
        CHECK_EQ(control(58, 0, 0, 0), 1);
        become(1000);
        CHECK_ERRNO(control(57, 0, 0, 0), EPERM);
        CHECK_ERRNO(control(58, 0, 0, 0), EPERM);
        CHECK_ERRNO(control(PR_SET_MM, 6, 0, 0), EPERM);
    }
    CHECK_EXITS(user, 0);
    CHECK_ERRNO(control(57, 2, 0, 0), EINVAL);
    OK(control(57, 0, 0, 0));
    CHECK_EQ(control(58, 0, 0, 0), 0);
}
