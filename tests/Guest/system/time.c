// clock_gettime(2), nanosleep(2), times(2), getrusage(2). Bounds are lower bounds: nothing is said of speed.
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec now;
    // The system call itself, not the vDSO.
    OK(syscall(SYS_clock_gettime, clock, &now));
    CHECK(now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

TEST(the_monotonic_clock_never_goes_back)
{
    int64_t last = nanoseconds(CLOCK_MONOTONIC);
    for (int i = 0; i < 20000; i++)
    {
        int64_t now = nanoseconds(CLOCK_MONOTONIC);
        CHECK(now >= last);
        last = now;
    }
}

TEST(the_clock_advances_in_small_steps)
{
    int64_t start = nanoseconds(CLOCK_MONOTONIC);
    int64_t now;
    while ((now = nanoseconds(CLOCK_MONOTONIC)) == start)
        continue;
    CHECK(now - start < 100000000);
}

TEST(the_library_and_the_system_call_read_the_same_clock)
{
    for (int i = 0; i < 100; i++)
    {
        struct timespec middle;
        int64_t before = nanoseconds(CLOCK_MONOTONIC);
        OK(clock_gettime(CLOCK_MONOTONIC, &middle));
        int64_t after = nanoseconds(CLOCK_MONOTONIC);
        int64_t between = middle.tv_sec * 1000000000ll + middle.tv_nsec;
        CHECK(before <= between && between <= after);
    }
}

TEST(the_wall_clock_is_past_2020_and_all_readers_agree)
{
    struct timeval tv;
    int64_t realtime = nanoseconds(CLOCK_REALTIME);
    OK(gettimeofday(&tv, NULL));
    int64_t day = tv.tv_sec * 1000000ll + tv.tv_usec;
    time_t seconds = time(NULL);
    CHECK(realtime > 1577836800ll * 1000000000);
    CHECK(day * 1000 >= realtime - 1000);
    CHECK(seconds >= realtime / 1000000000 && seconds <= realtime / 1000000000 + 60);
    CHECK_EQ(syscall(SYS_gettimeofday, NULL, NULL), 0);
}

TEST(all_clocks_exist_and_unknown_ones_do_not)
{
    static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                        CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
                                        CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME };
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
    {
        struct timespec resolution;
        CHECK(nanoseconds(clocks[i]) >= 0);
        OK(clock_getres(clocks[i], &resolution));
        CHECK_EQ(resolution.tv_sec, 0);
        CHECK(resolution.tv_nsec > 0 && resolution.tv_nsec <= 10000000);
    }
    struct timespec now;
    CHECK_ERRNO(syscall(SYS_clock_gettime, 99, &now), EINVAL);
    CHECK_ERRNO(syscall(SYS_clock_gettime, CLOCK_REALTIME, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_clock_getres, 99, &now), EINVAL);
}

TEST(a_sleep_lasts_at_least_as_long_as_asked)
{
    static const long lengths[] = { 1, 1000, 1000000, 30000000, 110000000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
    {
        int64_t start = nanoseconds(CLOCK_MONOTONIC);
        OK(nanosleep(&(struct timespec){ 0, lengths[i] }, NULL));
        CHECK(nanoseconds(CLOCK_MONOTONIC) - start >= lengths[i]);
    }
}

TEST(an_absolute_sleep_ends_at_its_time_and_not_before)
{
    int64_t wake = nanoseconds(CLOCK_MONOTONIC) + 40000000;
    struct timespec at = { wake / 1000000000, wake % 1000000000 };
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL), 0);
    CHECK(nanoseconds(CLOCK_MONOTONIC) >= wake);
    // In the past: returns at once.
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){ 0, 1 }, NULL), 0);
}

TEST(sleeps_check_their_arguments)
{
    CHECK_ERRNO(nanosleep(&(struct timespec){ 0, 1000000000 }, NULL), EINVAL);
    CHECK_ERRNO(nanosleep(&(struct timespec){ 0, -1 }, NULL), EINVAL);
    CHECK_ERRNO(nanosleep(&(struct timespec){ -1, 0 }, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_nanosleep, 8, NULL), EFAULT);
    CHECK_EQ(clock_nanosleep(99, 0, &(struct timespec){ 0, 1 }, NULL), EINVAL);
    OK(nanosleep(&(struct timespec){ 0, 0 }, NULL));
}

TEST(sleepers_wake_in_the_order_of_their_times)
{
    int ends[2];
    OK(pipe(ends));
    for (int i = 3; i >= 1; i--)
    {
        FORK(sleeper)
        {
            nanosleep(&(struct timespec){ 0, i * 200000000 }, NULL);
            CHECK_EQ(write(ends[1], &"0123"[i], 1), 1);
        }
    }
    char order[4] = "";
    for (int i = 0; i < 3; i++)
        CHECK_EQ(read(ends[0], order + i, 1), 1);
    CHECK_STR(order, "123");
    while (wait(NULL) > 0)
        continue;
}

static void burn(long milliseconds)
{
    int64_t start = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    while (nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - start < milliseconds * 1000000)
        for (volatile int i = 0; i < 100000; i++)
            continue;
}

TEST(cpu_time_counts_work_and_not_sleep)
{
    int64_t start = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    OK(nanosleep(&(struct timespec){ 0, 300000000 }, NULL));
    CHECK(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - start < 250000000);
    burn(50);
    CHECK(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - start >= 50000000);
    CHECK(clock() > 0);
}

TEST(times_and_getrusage_count_children_once_they_are_waited_for)
{
    struct tms before;
    struct tms after;
    struct rusage usage;
    CHECK(times(&before) != (clock_t)-1);
    FORK(child)
        burn(100);
    EVENTUALLY(process_state(child) == 'Z');
    times(&after);
    CHECK_EQ(after.tms_cutime + after.tms_cstime, 0);
    CHECK_EXITS(child, 0);
    times(&after);
    CHECK(after.tms_cutime + after.tms_cstime >= 5);
    OK(getrusage(RUSAGE_CHILDREN, &usage));
    CHECK(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 50000 || usage.ru_utime.tv_sec > 0);
    OK(getrusage(RUSAGE_SELF, &usage));
    CHECK_ERRNO(getrusage(99, &usage), EINVAL);
}

TEST(page_faults_and_switches_are_counted)
{
    struct rusage before;
    struct rusage after;
    OK(getrusage(RUSAGE_SELF, &before));
    char *pages = OK(mmap(NULL, 100 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < 100; i++)
        pages[i * CHECK_PAGE] = 1;
    OK(nanosleep(&(struct timespec){ 0, 1000000 }, NULL));
    OK(getrusage(RUSAGE_SELF, &after));
    CHECK(after.ru_minflt > before.ru_minflt);
    CHECK(after.ru_nvcsw > before.ru_nvcsw);
}
