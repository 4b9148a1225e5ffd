// poll(2) and select(2) on pipes, files and nothing at all.
#include "check.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

static int ends[2];

static short events_of(int fd, short wanted)
{
    struct pollfd one = { .fd = fd, .events = wanted, .revents = 0x7f };
    int count = OK(poll(&one, 1, 0));
    CHECK_EQ(count, one.revents != 0);
    return one.revents;
}

static void fill(void)
{
    static char page[CHECK_PAGE];
    OK(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    while (write(ends[1], page, sizeof page) > 0)
        continue;
}

static long milliseconds(void)
{
    struct timespec now;
    OK(clock_gettime(CLOCK_MONOTONIC, &now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(an_empty_pipe_is_writable_but_not_readable)
{
    OK(pipe(ends));
    CHECK_EQ(events_of(ends[0], POLLIN | POLLOUT), 0);
    CHECK_EQ(events_of(ends[1], POLLIN | POLLOUT), POLLOUT);
}

TEST(a_pipe_with_data_is_readable)
{
    OK(pipe(ends));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EQ(events_of(ends[0], POLLIN), POLLIN);
    CHECK_EQ(events_of(ends[0], 0), 0);
}

TEST(a_full_pipe_is_not_writable)
{
    OK(pipe(ends));
    fill();
    CHECK_EQ(events_of(ends[1], POLLOUT), 0);
}

TEST(a_pipe_without_writers_hangs_up)
{
    OK(pipe(ends));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    OK(close(ends[1]));
    CHECK_EQ(events_of(ends[0], POLLIN), POLLIN | POLLHUP);
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    // Not asked for, reported all the same.
    CHECK_EQ(events_of(ends[0], 0), POLLHUP);
}

TEST(a_pipe_without_readers_is_an_error)
{
    OK(pipe(ends));
    OK(close(ends[0]));
    CHECK_EQ(events_of(ends[1], POLLOUT), POLLOUT | POLLERR);
}

TEST(a_closed_descriptor_is_pollnval_and_a_negative_one_is_skipped)
{
    struct pollfd two[2] = { { .fd = 200, .events = POLLIN }, { .fd = -1, .events = POLLIN, .revents = 99 } };
    CHECK_EQ(poll(two, 2, -1), 1);
    CHECK_EQ(two[0].revents, POLLNVAL);
    CHECK_EQ(two[1].revents, 0);
}

TEST(files_and_directories_are_always_ready)
{
    int file = OK(open("/proc/self/exe", O_RDONLY));
    CHECK_EQ(events_of(file, POLLIN | POLLOUT), POLLIN | POLLOUT);
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(events_of(null, POLLIN | POLLOUT), POLLIN | POLLOUT);
}

TEST(a_timeout_of_zero_returns_at_once)
{
    OK(pipe(ends));
    struct pollfd one = { .fd = ends[0], .events = POLLIN };
    for (int i = 0; i < 1000; i++)
        CHECK_EQ(poll(&one, 1, 0), 0);
}

TEST(a_timeout_waits_at_least_so_long)
{
    OK(pipe(ends));
    struct pollfd one = { .fd = ends[0], .events = POLLIN };
    long before = milliseconds();
    CHECK_EQ(poll(&one, 1, 60), 0);
    CHECK(milliseconds() - before >= 60);
    before = milliseconds();
    CHECK_EQ(poll(NULL, 0, 40), 0);
    CHECK(milliseconds() - before >= 40);
    before = milliseconds();
    CHECK_EQ(select(0, NULL, NULL, NULL, &(struct timeval){ 0, 40000 }), 0);
    CHECK(milliseconds() - before >= 40);
}

TEST(a_sleeping_poll_is_woken_by_a_write)
{
    OK(pipe(ends));
    pid_t parent = getpid();
    FORK(writer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        CHECK_EQ(write(ends[1], "x", 1), 1);
    }
    struct pollfd one = { .fd = ends[0], .events = POLLIN };
    CHECK_EQ(poll(&one, 1, -1), 1);
    CHECK_EQ(one.revents, POLLIN);
    CHECK_EXITS(writer, 0);
}

TEST(a_sleeping_poll_for_writing_is_woken_by_a_read)
{
    OK(pipe(ends));
    fill();
    pid_t parent = getpid();
    FORK(reader)
    {
        static char data[65536];
        EVENTUALLY(process_state(parent) == 'S');
        CHECK_EQ(read(ends[0], data, sizeof data), sizeof data);
    }
    struct pollfd one = { .fd = ends[1], .events = POLLOUT };
    CHECK_EQ(poll(&one, 1, -1), 1);
    CHECK_EQ(one.revents, POLLOUT);
    CHECK_EXITS(reader, 0);
}

TEST(a_sleeping_poll_is_woken_by_hangup)
{
    OK(pipe(ends));
    pid_t parent = getpid();
    FORK(writer)
        EVENTUALLY(process_state(parent) == 'S');
    OK(close(ends[1]));
    struct pollfd one = { .fd = ends[0], .events = POLLIN };
    CHECK_EQ(poll(&one, 1, -1), 1);
    CHECK_EQ(one.revents, POLLHUP);
    CHECK_EXITS(writer, 0);
}

TEST(many_descriptors_are_polled_together)
{
    enum { COUNT = 80 };
    static int pipes[COUNT][2];
    static struct pollfd polled[COUNT];
    for (int i = 0; i < COUNT; i++)
    {
        OK(pipe(pipes[i]));
        polled[i] = (struct pollfd){ .fd = pipes[i][0], .events = POLLIN };
    }
    CHECK_EQ(poll(polled, COUNT, 0), 0);
    CHECK_EQ(write(pipes[7][1], "x", 1), 1);
    CHECK_EQ(write(pipes[COUNT - 1][1], "x", 1), 1);
    CHECK_EQ(poll(polled, COUNT, -1), 2);
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(polled[i].revents, i == 7 || i == COUNT - 1 ? POLLIN : 0);
}

TEST(select_reports_and_clears_the_sets)
{
    fd_set readable;
    fd_set writable;
    OK(pipe(ends));
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(ends[0], &readable);
    FD_SET(ends[1], &writable);
    CHECK_EQ(select(ends[1] + 1, &readable, &writable, NULL, NULL), 1);
    CHECK(!FD_ISSET(ends[0], &readable));
    CHECK(FD_ISSET(ends[1], &writable));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    FD_SET(ends[0], &readable);
    CHECK_EQ(select(ends[1] + 1, &readable, &writable, NULL, &(struct timeval){ 0, 0 }), 2);
}

TEST(select_of_a_closed_descriptor_is_ebadf)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(200, &set);
    CHECK_ERRNO(select(201, &set, NULL, NULL, &(struct timeval){ 0, 0 }), EBADF);
    CHECK_ERRNO(syscall(SYS_select, -1, NULL, NULL, NULL, NULL), EINVAL);
}

TEST(raw_select_leaves_the_remaining_time)
{
    // select(2): on Linux the timeout is modified to reflect the time not slept.
    OK(pipe(ends));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    struct { long sec, usec; } timeout = { 1000, 0 };
    CHECK_EQ(syscall(SYS_select, ends[0] + 1, &set, NULL, NULL, &timeout), 1);
    CHECK(timeout.sec >= 900 && timeout.sec <= 1000);
    CHECK_ERRNO(syscall(SYS_select, 0, NULL, NULL, NULL, &(struct timeval){ -1, 0 }), EINVAL);
}

TEST(more_descriptors_than_the_limit_is_einval)
{
    static struct pollfd polled[4];
    CHECK_ERRNO(poll(polled, 0x40000000, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_poll, 8, 1, 0), EFAULT);
}

static volatile sig_atomic_t calls;
static void count(UNUSED int signo) { calls++; }

TEST(ppoll_opens_the_mask_only_while_it_waits)
{
    OK(pipe(ends));
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    raise(SIGUSR1);
    sigset_t nothing;
    sigemptyset(&nothing);
    struct pollfd one = { .fd = ends[0], .events = POLLIN };
    CHECK_ERRNO(ppoll(&one, 1, NULL, &nothing), EINTR);
    CHECK_EQ(calls, 1);
    sigset_t mask;
    OK(sigprocmask(SIG_BLOCK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR1));
}
