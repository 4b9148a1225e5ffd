// epoll(7), eventfd(2), timerfd_create(2), signalfd(2).
#include "check.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static int epoll_fd;
static int ends[2];

static void prepare(uint32_t events)
{
    epoll_fd = OK(epoll_create1(EPOLL_CLOEXEC));
    OK(pipe(ends));
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[0], &(struct epoll_event){ .events = events, .data.u64 = 77 }));
}

static int ready(void)
{
    struct epoll_event event = { 0 };
    int count = OK(epoll_wait(epoll_fd, &event, 1, 0));
    if (count == 1)
        CHECK_EQ(event.data.u64, 77);
    return count == 1 ? (int)event.events : 0;
}

TEST(level_triggered_reports_as_long_as_there_is_data)
{
    char byte;
    prepare(EPOLLIN);
    CHECK_EQ(ready(), 0);
    CHECK_EQ(write(ends[1], "ab", 2), 2);
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(ready(), 0);
}

TEST(edge_triggered_reports_once_for_each_arrival)
{
    prepare(EPOLLIN | EPOLLET);
    CHECK_EQ(write(ends[1], "a", 1), 1);
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_EQ(ready(), 0);
    CHECK_EQ(write(ends[1], "b", 1), 1);
    CHECK_EQ(ready(), EPOLLIN);
}

TEST(oneshot_reports_once_until_it_is_armed_again)
{
    prepare(EPOLLIN | EPOLLONESHOT);
    CHECK_EQ(write(ends[1], "a", 1), 1);
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_EQ(ready(), 0);
    struct epoll_event again = { .events = EPOLLIN | EPOLLONESHOT, .data.u64 = 77 };
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_MOD, ends[0], &again));
    CHECK_EQ(ready(), EPOLLIN);
}

TEST(a_closed_descriptor_leaves_the_set)
{
    prepare(EPOLLIN);
    CHECK_EQ(write(ends[1], "a", 1), 1);
    OK(close(ends[0]));
    CHECK_EQ(ready(), 0);
}

TEST(hangup_is_reported_without_being_asked_for)
{
    prepare(0);
    OK(close(ends[1]));
    CHECK_EQ(ready(), EPOLLHUP);
}

TEST(epoll_ctl_checks_its_arguments)
{
    struct epoll_event event = { .events = EPOLLIN };
    prepare(EPOLLIN);
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[0], &event), EEXIST);
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, ends[1], &event), ENOENT);
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, epoll_fd, &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll_fd, 99, ends[0], &event), EINVAL);
    CHECK_ERRNO(epoll_wait(epoll_fd, &event, 0, 0), EINVAL);
    int file = OK(open("/proc/self/exe", O_RDONLY));
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, file, &event), EPERM);
}

TEST(a_sleeping_epoll_wait_is_woken)
{
    struct epoll_event event;
    prepare(EPOLLIN);
    pid_t parent = getpid();
    FORK(writer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        CHECK_EQ(write(ends[1], "x", 1), 1);
    }
    CHECK_EQ(epoll_wait(epoll_fd, &event, 1, -1), 1);
    CHECK_EXITS(writer, 0);
}

TEST(eventfd_adds_up_and_resets)
{
    eventfd_t value;
    int fd = OK(eventfd(3, EFD_NONBLOCK));
    OK(eventfd_write(fd, 4));
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 7);
    CHECK_ERRNO(eventfd_read(fd, &value), EAGAIN);
    CHECK_ERRNO(eventfd_write(fd, UINT64_MAX), EINVAL);
    OK(eventfd_write(fd, UINT64_MAX - 1));
    CHECK_ERRNO(eventfd_write(fd, 1), EAGAIN);
    int semaphore = OK(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK));
    OK(eventfd_read(semaphore, &value));
    CHECK_EQ(value, 1);
    OK(eventfd_read(semaphore, &value));
    CHECK_ERRNO(eventfd_read(semaphore, &value), EAGAIN);
}

TEST(timerfd_counts_expirations)
{
    uint64_t count;
    int fd = OK(timerfd_create(CLOCK_MONOTONIC, 0));
    OK(timerfd_settime(fd, 0, &(struct itimerspec){ { 0, 10000000 }, { 0, 10000000 } }, NULL));
    nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    CHECK_EQ(read(fd, &count, sizeof count), sizeof count);
    CHECK(count >= 4);
}

TEST(signalfd_reads_what_is_blocked)
{
    struct signalfd_siginfo info;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    block(SIGUSR1);
    int fd = OK(signalfd(-1, &set, SFD_NONBLOCK));
    CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
    raise(SIGUSR1);
    CHECK_EQ(read(fd, &info, sizeof info), sizeof info);
    CHECK_EQ(info.ssi_signo, SIGUSR1);
    CHECK_EQ(info.ssi_pid, (uint32_t)getpid());
}
