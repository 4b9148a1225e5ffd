// timerfd_create(2).
#include "check.h"
#include <poll.h>
#include <sys/timerfd.h>

static const long millisecond = 1000000;

static int new_timer(int clock, int flags) { return OK(timerfd_create(clock, flags)); }

static void set(int fd, int flags, long value, long interval)
{
    struct itimerspec setting = {
        .it_value = { value / 1000000000, value % 1000000000 },
        .it_interval = { interval / 1000000000, interval % 1000000000 },
    };
    OK(timerfd_settime(fd, flags, &setting, NULL));
}

static long now(clockid_t clock)
{
    struct timespec time;
    OK(clock_gettime(clock, &time));
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static uint64_t count_of(int fd)
{
    uint64_t count = 0;
    CHECK_EQ(read(fd, &count, sizeof count), sizeof count);
    return count;
}

TEST(a_read_waits_for_the_expiry)
{
    int fd = new_timer(CLOCK_MONOTONIC, 0);
    long start = now(CLOCK_MONOTONIC);
    set(fd, 0, 30 * millisecond, 0);
    CHECK_EQ(count_of(fd), 1);
    CHECK(now(CLOCK_MONOTONIC) - start >= 30 * millisecond);
}

TEST(periods_that_nobody_read_are_counted)
{
    uint64_t count;
    int fd = new_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);
    set(fd, 0, 10 * millisecond, 10 * millisecond);
    CHECK_ERRNO(read(fd, &count, sizeof count), EAGAIN);
    nanosleep(&(struct timespec){ 0, 50 * millisecond }, NULL);
    CHECK(count_of(fd) >= 4);
    struct pollfd one = { .fd = fd, .events = POLLIN };
    CHECK_EQ(poll(&one, 1, 5000), 1);
    CHECK(count_of(fd) >= 1);
}

TEST(a_period_of_a_nanosecond_counts_millions)
{
    int fd = new_timer(CLOCK_MONOTONIC, 0);
    set(fd, 0, 1, 1);
    nanosleep(&(struct timespec){ 0, 5 * millisecond }, NULL);
    CHECK(count_of(fd) >= 5000000);
    CHECK(count_of(fd) >= 1);
}

TEST(an_absolute_time_that_has_passed_expires_at_once)
{
    int fd = new_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);
    set(fd, TFD_TIMER_ABSTIME, 1, 0);
    struct pollfd one = { .fd = fd, .events = POLLIN };
    CHECK_EQ(poll(&one, 1, 5000), 1);
    CHECK_EQ(count_of(fd), 1);
    fd = new_timer(CLOCK_REALTIME, 0);
    set(fd, TFD_TIMER_ABSTIME, now(CLOCK_REALTIME) + 20 * millisecond, 0);
    CHECK_EQ(count_of(fd), 1);
}

TEST(the_time_left_and_the_old_setting_are_told)
{
    struct itimerspec seen;
    int fd = new_timer(CLOCK_MONOTONIC, 0);
    OK(timerfd_gettime(fd, &seen));
    CHECK_EQ(seen.it_value.tv_sec + seen.it_value.tv_nsec, 0);
    set(fd, 0, 100000 * millisecond, 7 * millisecond);
    OK(timerfd_gettime(fd, &seen));
    CHECK(seen.it_value.tv_sec >= 90 && seen.it_value.tv_sec < 100);
    CHECK_EQ(seen.it_interval.tv_nsec, 7 * millisecond);
    struct itimerspec none = { 0 };
    memset(&seen, 0, sizeof seen);
    OK(timerfd_settime(fd, 0, &none, &seen));
    CHECK(seen.it_value.tv_sec >= 90 && seen.it_value.tv_sec < 100);
    OK(timerfd_gettime(fd, &seen));
    CHECK_EQ(seen.it_value.tv_sec + seen.it_value.tv_nsec, 0);
}

TEST(setting_it_anew_forgets_what_it_counted)
{
    uint64_t count;
    int fd = new_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);
    set(fd, 0, 1, 0);
    struct pollfd one = { .fd = fd, .events = POLLIN };
    CHECK_EQ(poll(&one, 1, 5000), 1);
    set(fd, 0, 100000 * millisecond, 0);
    CHECK_EQ(poll(&one, 1, 0), 0);
    CHECK_ERRNO(read(fd, &count, sizeof count), EAGAIN);
}

TEST(arguments_are_checked)
{
    struct itimerspec setting = { .it_value = { 0, 1000000000 } };
    char bytes[8];
    CHECK_ERRNO(timerfd_create(99, 0), EINVAL);
    CHECK_ERRNO(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
    int fd = new_timer(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(timerfd_settime(fd, 0, &setting, NULL), EINVAL);
    setting.it_value.tv_nsec = 0;
    CHECK_ERRNO(timerfd_settime(fd, 4, &setting, NULL), EINVAL);
    CHECK_ERRNO(timerfd_settime(0, 0, &setting, NULL), EINVAL);
    CHECK_ERRNO(timerfd_settime(999, 0, &setting, NULL), EBADF);
    CHECK_ERRNO(timerfd_gettime(0, &setting), EINVAL);
    CHECK_ERRNO(read(fd, bytes, 7), EINVAL);
    CHECK_ERRNO(write(fd, bytes, 8), EINVAL);
    become(1000);
    CHECK_ERRNO(timerfd_create(CLOCK_BOOTTIME_ALARM, 0), EPERM);
}

TEST(setting_the_clock_cancels_who_asked_for_it_and_moves_the_others)
{
    uint64_t count;
    int canceled = new_timer(CLOCK_REALTIME, TFD_NONBLOCK);
    int moved = new_timer(CLOCK_REALTIME, TFD_NONBLOCK);
    int relative = new_timer(CLOCK_REALTIME, TFD_NONBLOCK);
    long later = now(CLOCK_REALTIME) + 1000000 * millisecond;
    set(canceled, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, later, 0);
    set(moved, TFD_TIMER_ABSTIME, later, 0);
    set(relative, 0, 1000000 * millisecond, 0);
    struct timespec time;
    OK(clock_gettime(CLOCK_REALTIME, &time));
    time.tv_sec += 2000;
    OK(clock_settime(CLOCK_REALTIME, &time));
    struct pollfd all[] = { { .fd = canceled, .events = POLLIN }, { .fd = moved, .events = POLLIN } };
    EVENTUALLY(poll(all, 2, 0) == 2);
    struct pollfd other = { .fd = relative, .events = POLLIN };
    int seen = poll(&other, 1, 0);
    OK(clock_gettime(CLOCK_REALTIME, &time));
    time.tv_sec -= 2000;
    OK(clock_settime(CLOCK_REALTIME, &time));
    CHECK_EQ(seen, 0);
    CHECK_ERRNO(read(canceled, &count, sizeof count), ECANCELED);
    CHECK_EQ(count_of(moved), 1);
}
