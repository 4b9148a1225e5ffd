// epoll(7): what an epoll tells of the files it watches when they are read in part, filled, shut down, closed, shared,
// nested; what it tells of itself in /proc; and what it refuses in which order.
#include "check.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

enum { READABLE = EPOLLIN | EPOLLRDNORM, WRITABLE = EPOLLOUT | EPOLLWRNORM, EVERYTHING = 0x3fff };

static int epoll;

static int add(int to, int fd, uint32_t events)
{
    return epoll_ctl(to, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = events, .data.u64 = (uint64_t)fd });
}

static int change(int fd, uint32_t events)
{
    return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &(struct epoll_event){ .events = events, .data.u64 = (uint64_t)fd });
}

static int next_of(int from)
{
    struct epoll_event event = { 0 };
    return OK(epoll_wait(from, &event, 1, 0)) == 1 ? (int)event.events : 0;
}

static int next(void) { return next_of(epoll); }

static void begin(int fd, uint32_t events)
{
    epoll = OK(epoll_create1(0));
    OK(add(epoll, fd, events));
}

static void say(int fd, const char *text) { CHECK_EQ(write(fd, text, strlen(text)), (long long)strlen(text)); }

static void hear(int fd, size_t count)
{
    char text[8192];
    CHECK_EQ(read(fd, text, count), (long long)count);
}

// ---- edges --------------------------------------------------------------------------------------------------------

TEST(an_edge_comes_with_each_write_and_not_with_reads)
{
    int ends[2];
    OK(pipe(ends));
    begin(ends[0], EPOLLIN | EPOLLET);
    say(ends[1], "abcdef");
    CHECK_EQ(next(), EPOLLIN);
    hear(ends[0], 2);
    CHECK_EQ(next(), 0);
    say(ends[1], "g");
    CHECK_EQ(next(), EPOLLIN);
    hear(ends[0], 5);
    say(ends[1], "h");
    CHECK_EQ(next(), EPOLLIN);
    OK(close(ends[1]));
    CHECK_EQ(next(), EPOLLIN | EPOLLHUP);
    CHECK_EQ(next(), 0);
}

TEST(a_full_pipe_gives_an_edge_when_it_was_full)
{
    static char page[4096];
    int ends[2];
    OK(pipe2(ends, O_NONBLOCK));
    begin(ends[1], EPOLLOUT | EPOLLET);
    CHECK_EQ(next(), EPOLLOUT);
    CHECK_EQ(next(), 0);
    say(ends[1], "x");
    hear(ends[0], 1);
    CHECK_EQ(next(), 0);
    while (write(ends[1], page, sizeof page) > 0)
        continue;
    CHECK_EQ(next(), 0);
    hear(ends[0], sizeof page);
    CHECK_EQ(next(), EPOLLOUT);
    hear(ends[0], sizeof page);
    CHECK_EQ(next(), 0);
    OK(close(ends[0]));
    CHECK_EQ(next(), EPOLLOUT | EPOLLERR);
}

TEST(an_eventfd_gives_an_edge_with_each_write_and_room_with_each_read)
{
    eventfd_t value;
    int fd = OK(eventfd(0, 0));
    begin(fd, EPOLLIN | EPOLLET);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(next(), EPOLLIN);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(next(), EPOLLIN);
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 2);
    CHECK_EQ(next(), 0);
    OK(change(fd, EPOLLIN | EPOLLOUT | EPOLLET));
    CHECK_EQ(next(), EPOLLOUT);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(next(), EPOLLIN | EPOLLOUT);
    OK(eventfd_read(fd, &value));
    CHECK_EQ(next(), EPOLLOUT);
}

TEST(a_changed_item_tells_again_whatever_its_mode)
{
    int fd = OK(eventfd(1, 0));
    begin(fd, EPOLLIN | EPOLLET | EPOLLONESHOT);
    CHECK_EQ(next(), EPOLLIN);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(next(), 0);
    OK(change(fd, EPOLLIN | EPOLLET | EPOLLONESHOT));
    CHECK_EQ(next(), EPOLLIN);
    OK(change(fd, EPOLLIN | EPOLLET));
    CHECK_EQ(next(), EPOLLIN);
    CHECK_EQ(next(), 0);
    OK(change(fd, EPOLLIN | EPOLLET));
    CHECK_EQ(next(), EPOLLIN);
    OK(change(fd, 0));
    CHECK_EQ(next(), 0);
    OK(change(fd, EPOLLIN));
    CHECK_EQ(next(), EPOLLIN);
    CHECK_EQ(next(), EPOLLIN);
}

// ---- the halves of a connection -------------------------------------------------------------------------------------

static int pair[2];

static void begin_pair(int type)
{
    OK(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, pair));
    begin(pair[0], EVERYTHING | EPOLLET);
    CHECK_EQ(next(), WRITABLE | EPOLLWRBAND);
    CHECK_EQ(next(), 0);
}

static void tells_of_each_half(int type)
{
    const int usual = READABLE | WRITABLE | EPOLLWRBAND;
    begin_pair(type);
    say(pair[1], "abc");
    CHECK_EQ(next(), usual);
    OK(shutdown(pair[1], SHUT_WR));
    CHECK_EQ(next(), usual | EPOLLRDHUP);
    CHECK_EQ(next(), 0);
    OK(shutdown(pair[1], SHUT_RD));
    CHECK_EQ(next(), usual | EPOLLRDHUP | EPOLLHUP);
    OK(close(pair[1]));
    CHECK_EQ(next(), usual | EPOLLRDHUP | EPOLLHUP);
    CHECK_EQ(next(), 0);
}

TEST(a_stream_tells_of_each_half) { tells_of_each_half(SOCK_STREAM); }

TEST(sequenced_packets_tell_of_each_half) { tells_of_each_half(SOCK_SEQPACKET); }

TEST(a_datagram_socket_tells_of_its_own_halves_alone)
{
    begin_pair(SOCK_DGRAM);
    OK(shutdown(pair[0], SHUT_RD));
    CHECK_EQ(next() & (EPOLLRDHUP | EPOLLHUP), EPOLLRDHUP);
    OK(shutdown(pair[0], SHUT_WR));
    CHECK_EQ(next() & (EPOLLRDHUP | EPOLLHUP), EPOLLRDHUP | EPOLLHUP);
}

TEST(unread_bytes_at_a_closed_end_are_an_error_and_a_hang_up)
{
    begin_pair(SOCK_STREAM);
    say(pair[0], "unread");
    OK(close(pair[1]));
    int seen = next();
    CHECK_EQ(seen & (EPOLLERR | EPOLLHUP | EPOLLRDHUP), EPOLLERR | EPOLLHUP | EPOLLRDHUP);
}

// ---- descriptors and files ------------------------------------------------------------------------------------------

TEST(an_item_lives_as_long_as_its_file_and_is_named_by_its_number)
{
    int fd = OK(eventfd(1, 0));
    begin(fd, EPOLLIN);
    int copy = OK(dup(fd));
    OK(close(fd));
    CHECK_EQ(next(), EPOLLIN);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), EBADF);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, copy, NULL), ENOENT);
    OK(add(epoll, copy, EPOLLIN));
    struct epoll_event events[4];
    CHECK_EQ(epoll_wait(epoll, events, 4, 0), 2);
    OK(close(copy));
    CHECK_EQ(epoll_wait(epoll, events, 4, 0), 0);
}

TEST(a_child_shares_the_epoll_and_what_it_watches)
{
    int fd = OK(eventfd(1, 0));
    begin(fd, EPOLLIN | EPOLLONESHOT);
    FORK(child)
    {
        CHECK_EQ(next(), EPOLLIN);
        int own = OK(eventfd(1, 0));
        OK(add(epoll, own, EPOLLIN));
    }
    CHECK_EXITS(child, 0);
    // The child has had the one shot, and its own file is gone with it.
    CHECK_EQ(next(), 0);
    OK(change(fd, EPOLLIN));
    FORK(closing)
        OK(close(fd));
    CHECK_EXITS(closing, 0);
    CHECK_EQ(next(), EPOLLIN);
}

static int poll_of(int fd)
{
    struct pollfd one = { .fd = fd, .events = EVERYTHING };
    OK(poll(&one, 1, 0));
    return one.revents;
}

TEST(readiness_rises_through_five_epolls)
{
    int chain[5];
    int fd = OK(eventfd(1, 0));
    for (int i = 0; i < 5; i++)
        chain[i] = OK(epoll_create1(0));
    for (int i = 0; i < 4; i++)
        OK(add(chain[i], chain[i + 1], EPOLLIN));
    OK(add(chain[4], fd, EPOLLIN));
    for (int i = 0; i < 5; i++)
    {
        CHECK_EQ(poll_of(chain[i]), POLLIN | POLLRDNORM);
        CHECK_EQ(next_of(chain[i]), EPOLLIN);
    }
    CHECK_ERRNO(add(chain[4], chain[0], EPOLLIN), ELOOP);
    CHECK_ERRNO(add(chain[2], chain[0], EPOLLIN), ELOOP);
    int outer = OK(epoll_create1(0));
    CHECK_ERRNO(add(outer, chain[0], EPOLLIN), ELOOP);
    eventfd_t value;
    OK(eventfd_read(fd, &value));
    CHECK_EQ(poll_of(chain[0]), 0);
}

// ---- /proc ----------------------------------------------------------------------------------------------------------

static void details(int fd, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    read_file(path, text, size);
}

TEST(fdinfo_lists_what_is_watched)
{
    char text[2048];
    char line[128];
    struct stat status;
    int fd = OK(eventfd(1, 0));
    int other = OK(dup2(fd, 100));
    epoll = OK(epoll_create1(0));
    struct epoll_event event = { .events = EPOLLIN | EPOLLET | EPOLLONESHOT, .data.u64 = 0x123456789abcdef };
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, other, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLWAKEUP;
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    OK(fstat(fd, &status));
    details(epoll, text, sizeof text);
    snprintf(line, sizeof line, "tfd: %8d events: 30000019 data:  123456789abcdef  pos:0 ino:%lx sdev:", fd,
             (unsigned long)status.st_ino);
    CHECK(strstr(text, line) != NULL);
    CHECK(strstr(text, "tfd:      100 events: c0000019 data:  123456789abcdef  pos:0 ino:") != NULL);
    // A shot that has been fired leaves the mode.
    struct epoll_event events[4];
    CHECK_EQ(epoll_wait(epoll, events, 4, 0), 2);
    details(epoll, text, sizeof text);
    CHECK(strstr(text, "tfd:      100 events: c0000000 data:") != NULL);
    OK(close(other));
    OK(close(fd));
    details(epoll, text, sizeof text);
    CHECK(strstr(text, "tfd:") == NULL);
}

TEST(fdinfo_tells_the_count_of_an_eventfd)
{
    char text[512];
    int fd = OK(eventfd(0, 0));
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\neventfd-count:                0\n") != NULL);
    OK(eventfd_write(fd, 0xfffffffffffffffe));
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\neventfd-count: fffffffffffffffe\n") != NULL);
    CHECK(strstr(text, "\neventfd-id: ") != NULL);
}

TEST(fdinfo_tells_how_a_timer_is_set)
{
    char text[512];
    long seconds, nanoseconds;
    int fd = OK(timerfd_create(CLOCK_MONOTONIC, 0));
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nclockid: 1\nticks: 0\nsettime flags: 00\nit_value: (0, 0)\nit_interval: (0, 0)\n") != NULL);
    struct itimerspec setting = { { 7, 8 }, { 1000, 0 } };
    OK(timerfd_settime(fd, 0, &setting, NULL));
    details(fd, text, sizeof text);
    const char *value = strstr(text, "\nit_value: (");
    CHECK(value != NULL);
    CHECK_EQ(sscanf(value, "\nit_value: (%ld, %ld)", &seconds, &nanoseconds), 2);
    CHECK_EQ(seconds, 999);
    CHECK(strstr(text, ")\nit_interval: (7, 8)\n") != NULL);
    setting = (struct itimerspec){ { 0, 0 }, { 0, 1 } };
    OK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting, NULL));
    EVENTUALLY(poll_of(fd) == POLLIN);
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nclockid: 1\nticks: 1\nsettime flags: 01\nit_value: (0, 0)\n") != NULL);
    fd = OK(timerfd_create(CLOCK_BOOTTIME_ALARM, 0));
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nclockid: 9\n") != NULL);
}

TEST(fdinfo_tells_the_signals_of_a_signalfd)
{
    char text[512];
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGKILL);
    details(OK(signalfd(-1, &set, 0)), text, sizeof text);
    CHECK(strstr(text, "\nsigmask:\t0000000000004200\n") != NULL);
}

TEST(fdinfo_counts_the_descriptors_that_wait_in_a_socket)
{
    char text[512];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    details(pair[1], text, sizeof text);
    CHECK(strstr(text, "\nscm_fds: 0\n") != NULL);
    char space[CMSG_SPACE(2 * sizeof(int))] = { 0 };
    struct msghdr message = { .msg_iov = &(struct iovec){ "x", 1 }, .msg_iovlen = 1, .msg_control = space,
                              .msg_controllen = sizeof space };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(header), (int[]){ 0, 1 }, 2 * sizeof(int));
    OK(sendmsg(pair[0], &message, 0));
    details(pair[1], text, sizeof text);
    CHECK(strstr(text, "\nscm_fds: 2\n") != NULL);
    hear(pair[1], 1);
    details(pair[1], text, sizeof text);
    CHECK(strstr(text, "\nscm_fds: 0\n") != NULL);
}

TEST(a_file_of_memory_shows_that_it_may_be_large)
{
    char text[512];
    int fd = OK((int)syscall(SYS_memfd_create, "x", 0));
    CHECK_EQ(OK((int)syscall(SYS_fcntl, fd, F_GETFL, 0)), 0100002);
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nflags:\t0100002\n") != NULL);
    OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nflags:\t02100002\n") != NULL);
    details(OK(eventfd(0, 0)), text, sizeof text);
    CHECK(strstr(text, "\nflags:\t02\n") != NULL);
}

// ---- limits and refusals ----------------------------------------------------------------------------------------------

static void set_most_watches(const char *text)
{
    int fd = OK(open("/proc/sys/fs/epoll/max_user_watches", O_WRONLY));
    CHECK_EQ(write(fd, text, strlen(text)), (long long)strlen(text));
    OK(close(fd));
}

TEST(a_user_watches_so_many_files_and_no_more)
{
    char usual[32];
    read_file("/proc/sys/fs/epoll/max_user_watches", usual, sizeof usual);
    struct gate done = new_gate();
    epoll = OK(epoll_create1(0));
    FORK(other)
    {
        // An account of its own, whatever the rest of root watches.
        become(1234);
        pass_gate(&done);
        int fds[5];
        for (int i = 0; i < 5; i++)
            fds[i] = OK(eventfd(0, 0));
        for (int i = 0; i < 4; i++)
            OK(add(epoll, fds[i], EPOLLIN));
        CHECK_ERRNO(add(epoll, fds[4], EPOLLIN), ENOSPC);
        OK(epoll_ctl(epoll, EPOLL_CTL_DEL, fds[0], NULL));
        OK(add(epoll, fds[4], EPOLLIN));
    }
    set_most_watches("4\n");
    open_gate(&done);
    int status = STATUS_OF(other);
    set_most_watches(usual);
    CHECK_EQ(status, 0);
}

TEST(refusals_come_in_order)
{
    struct epoll_event event = { .events = EPOLLIN };
    int fd = OK(eventfd(1, 0));
    int file = OK(open("/etc/passwd", O_RDONLY));
    int place = OK(open("/", O_PATH));
    epoll = OK(epoll_create1(0));
    void *bad = (void *)1;
    CHECK_ERRNO(epoll_ctl(-1, EPOLL_CTL_ADD, -1, bad), EFAULT);
    CHECK_ERRNO(epoll_ctl(-1, EPOLL_CTL_ADD, fd, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, 999, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, place, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(place, EPOLL_CTL_ADD, fd, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, file, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(epoll, 99, file, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(file, EPOLL_CTL_ADD, file, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(fd, EPOLL_CTL_ADD, epoll, &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, NULL), EFAULT);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, bad), ENOENT);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), ENOENT);
    CHECK_ERRNO(epoll_ctl(epoll, 0, fd, &event), EINVAL);

    // Static: so many events behind it are still below the end of user space.
    static struct epoll_event events[2];
    CHECK_ERRNO(epoll_wait(-1, events, 0, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(-1, events, 1, 0), EBADF);
    CHECK_ERRNO(epoll_wait(fd, events, 1, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(-1, (void *)-4096, 1, 0), EFAULT);
    CHECK_ERRNO(epoll_wait(epoll, events, -1, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(epoll, events, 0x7fffffff / 12 + 1, 0), EINVAL);
    CHECK_EQ(epoll_wait(epoll, events, 0x7fffffff / 12, 0), 0);
    CHECK_EQ(syscall(SYS_epoll_pwait, epoll, events, 1, 0, NULL, 4), 0);
    CHECK_ERRNO(syscall(SYS_epoll_pwait, epoll, events, 1, 0, events, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_epoll_pwait, epoll, events, 1, 0, bad, 8), EFAULT);
}

TEST(exclusive_items_allow_and_forbid)
{
    int fd = OK(eventfd(1, 0));
    int inner = OK(epoll_create1(0));
    epoll = OK(epoll_create1(0));
    CHECK_ERRNO(add(epoll, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLONESHOT), EINVAL);
    CHECK_ERRNO(add(epoll, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLRDHUP), EINVAL);
    CHECK_ERRNO(add(epoll, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLPRI), EINVAL);
    CHECK_ERRNO(add(epoll, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLRDNORM), EINVAL);
    CHECK_ERRNO(add(epoll, inner, EPOLLEXCLUSIVE | EPOLLIN), EINVAL);
    OK(add(epoll, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLOUT | EPOLLET | EPOLLWAKEUP | EPOLLHUP | EPOLLERR));
    CHECK_ERRNO(change(fd, EPOLLIN), EINVAL);
    CHECK_ERRNO(change(fd, EPOLLIN | EPOLLEXCLUSIVE), EINVAL);
    OK(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
    OK(add(epoll, fd, EPOLLIN));
    CHECK_ERRNO(change(fd, EPOLLIN | EPOLLEXCLUSIVE), EINVAL);
}

// They have an offset, which never moves.
TEST(seeking_in_files_of_events_goes_nowhere)
{
    sigset_t set;
    sigemptyset(&set);
    int fds[] = { OK(epoll_create1(0)), OK(eventfd(0, 0)), OK(timerfd_create(CLOCK_MONOTONIC, 0)),
                  OK(signalfd(-1, &set, 0)), OK(inotify_init1(0)) };
    char byte;
    for (int i = 0; i < 5; i++)
    {
        CHECK_EQ(lseek(fds[i], 5, SEEK_SET), 0);
        CHECK_EQ(lseek(fds[i], -7, SEEK_END), 0);
        CHECK_ERRNO(lseek(fds[i], 0, 99), EINVAL);
        CHECK_ERRNO(pread(fds[i], &byte, 1, 0), ESPIPE);
    }
}
