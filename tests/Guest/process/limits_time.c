// getrlimit(2): the limits of time and priority. sched(7).
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>

static volatile sig_atomic_t calls;
static volatile rlim_t seen[8];
static int watched;

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    OK(setrlimit(resource, &(struct rlimit){ soft, hard }));
}

static void note(UNUSED int signo)
{
    struct rlimit now;
    if (getrlimit(watched, &now) == 0 && calls < 8)
        seen[calls] = now.rlim_cur;
    calls++;
}

static long elapsed_ms(const struct timespec *start)
{
    struct timespec now;
    OK(clock_gettime(CLOCK_MONOTONIC, &now));
    return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static struct timespec now(void)
{
    struct timespec time;
    OK(clock_gettime(CLOCK_MONOTONIC, &time));
    return time;
}

static long microseconds(struct timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

static int become_realtime(int policy, int priority)
{
    struct sched_param param = { .sched_priority = priority };
    return (int)syscall(SYS_sched_setscheduler, 0, policy, &param);
}

TEST(sigxcpu_comes_each_second_and_moves_the_soft_limit)
{
    FORK(child)
    {
        watched = RLIMIT_CPU;
        handle(SIGXCPU, note, 0);
        limit(RLIMIT_CPU, 1, 4);
        while (calls < 3)
            continue;
        for (int i = 0; i < 3; i++)
            CHECK_EQ(seen[i], 2 + i);
        for (;;)
            continue;
    }
    CHECK_KILLED(child, SIGKILL);
}

TEST(no_processor_time_at_all_is_allowed)
{
    FORK(hard)
    {
        limit(RLIMIT_CPU, 0, 0);
        for (;;)
            continue;
    }
    CHECK_KILLED(hard, SIGKILL);
    FORK(soft)
    {
        limit(RLIMIT_CORE, 0, 0);
        limit(RLIMIT_CPU, 0, 5);
        for (;;)
            continue;
    }
    CHECK_KILLED(soft, SIGXCPU);
}

TEST(a_child_has_the_limit_but_not_the_time)
{
    FORK(parent)
    {
        limit(RLIMIT_CORE, 0, 0);
        limit(RLIMIT_CPU, 1, 10);
        // Half of the limit each.
        for (int i = 0; i < 3; i++)
        {
            FORK(child)
            {
                struct rusage used;
                do
                    OK(getrusage(RUSAGE_SELF, &used));
                while (microseconds(used.ru_utime) + microseconds(used.ru_stime) < 500000);
            }
            CHECK_EXITS(child, 0);
        }
        FORK(last)
            for (;;)
                continue;
        CHECK_KILLED(last, SIGXCPU);
    }
    CHECK_EXITS(parent, 0);
}

TEST(a_realtime_thread_that_never_waits_is_told_and_killed)
{
    FORK(child)
    {
        watched = RLIMIT_RTTIME;
        handle(SIGXCPU, note, 0);
        OK(become_realtime(SCHED_FIFO, 10));
        limit(RLIMIT_RTTIME, 300000, 3000000);
        while (calls == 0)
            continue;
        CHECK_EQ(seen[0], 1300000);
        while (calls == 1)
            continue;
        CHECK_EQ(seen[1], 2300000);
        for (;;)
            continue;
    }
    CHECK_KILLED(child, SIGKILL);
}

TEST(to_wait_gives_a_realtime_thread_new_time_and_to_yield_does_not)
{
    FORK(child)
    {
        watched = RLIMIT_RTTIME;
        handle(SIGXCPU, note, 0);
        OK(become_realtime(SCHED_RR, 10));
        limit(RLIMIT_RTTIME, 600000, 3000000);
        for (int i = 0; i < 8; i++)
        {
            struct timespec start = now();
            while (elapsed_ms(&start) < 120)
                continue;
            OK(nanosleep(&(struct timespec){ 0, 2000000 }, NULL));
        }
        CHECK_EQ(calls, 0);
        while (calls == 0)
            sched_yield();
    }
    CHECK_EXITS(child, 0);
}

TEST(the_limit_of_realtime_begins_with_the_policy)
{
    FORK(child)
    {
        watched = RLIMIT_RTTIME;
        handle(SIGXCPU, note, 0);
        limit(RLIMIT_RTTIME, 200000, 5000000);
        // Others are not concerned.
        struct timespec start = now();
        while (elapsed_ms(&start) < 600)
            continue;
        CHECK_EQ(calls, 0);
        OK(become_realtime(SCHED_FIFO, 1));
        while (calls == 0)
            continue;
    }
    CHECK_EXITS(child, 0);
}

// sched(7), "Limiting the CPU usage of real-time and deadline processes".
TEST(a_realtime_loop_leaves_something_to_others)
{
    char text[32];
    read_file("/proc/sys/kernel/sched_rt_runtime_us", text, sizeof text);
    CHECK_STR(text, "950000\n");
    read_file("/proc/sys/kernel/sched_rt_period_us", text, sizeof text);
    CHECK_STR(text, "1000000\n");
    read_file("/proc/sys/kernel/sched_rr_timeslice_ms", text, sizeof text);
    CHECK_STR(text, "100\n");
    struct gate started = new_gate();
    FORK(loop)
    {
        // Both, as one after the other they would use the last processor.
        FORK(second)
        {
            OK(become_realtime(SCHED_RR, 50));
            for (;;)
                continue;
        }
        OK(become_realtime(SCHED_FIFO, 50));
        open_gate(&started);
        for (;;)
            continue;
    }
    pass_gate(&started);
    // We get here at all, and do some work.
    struct timespec start = now();
    while (elapsed_ms(&start) < 2500)
        continue;
    OK(killpg(0, 0));
    handle(SIGTERM, SIG_IGN, 0);
    OK(killpg(0, SIGTERM));
    CHECK_KILLED(loop, SIGTERM);
}

TEST(nice_values_have_a_limit)
{
    limit(RLIMIT_NICE, 25, 25);
    become(1000);
    OK(setpriority(PRIO_PROCESS, 0, -5));
    CHECK_ERRNO(setpriority(PRIO_PROCESS, 0, -6), EACCES);
    OK(setpriority(PRIO_PROCESS, 0, 10));
    OK(setpriority(PRIO_PROCESS, 0, -5));
    CHECK_ERRNO(syscall(SYS_setpriority, PRIO_PROCESS, 0, -6), EACCES);
    OK(setpriority(PRIO_PROCESS, 0, 19));
    limit(RLIMIT_NICE, 0, 0);
    CHECK_ERRNO(setpriority(PRIO_PROCESS, 0, 18), EACCES);
    // Who is less than nothing must not become more: to leave SCHED_IDLE needs the nice value to be allowed.
    OK(become_realtime(SCHED_IDLE, 0));
    CHECK_ERRNO(become_realtime(SCHED_OTHER, 0), EPERM);
    CHECK_ERRNO(become_realtime(SCHED_BATCH, 0), EPERM);
}

TEST(realtime_priorities_have_a_limit)
{
    limit(RLIMIT_RTPRIO, 10, 10);
    become(1000);
    struct sched_param param = { .sched_priority = 11 };
    OK(become_realtime(SCHED_FIFO, 10));
    CHECK_ERRNO(become_realtime(SCHED_FIFO, 11), EPERM);
    CHECK_ERRNO(syscall(SYS_sched_setparam, 0, &param), EPERM);
    param.sched_priority = 5;
    OK(syscall(SYS_sched_setparam, 0, &param));
    limit(RLIMIT_RTPRIO, 0, 0);
    // With a limit of 0 it may only go down.
    param.sched_priority = 4;
    OK(syscall(SYS_sched_setparam, 0, &param));
    param.sched_priority = 5;
    CHECK_ERRNO(syscall(SYS_sched_setparam, 0, &param), EPERM);
    CHECK_ERRNO(become_realtime(SCHED_RR, 3), EPERM);
    OK(become_realtime(SCHED_OTHER, 0));
    CHECK_ERRNO(become_realtime(SCHED_FIFO, 1), EPERM);
}
