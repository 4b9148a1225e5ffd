// poll(2), ppoll(2), select(2), pselect(2): what each kind of file says, what is refused and in which order, and what
// signals and their masks do.
#include "check.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>

enum
{
    READABLE = POLLIN | POLLRDNORM,
    WRITABLE = POLLOUT | POLLWRNORM,
    ALWAYS = READABLE | WRITABLE,
    EVERYTHING = 0x3fff,
};

static int events_of(int fd)
{
    struct pollfd one = { .fd = fd, .events = EVERYTHING };
    OK(poll(&one, 1, 0));
    return one.revents;
}

// Which of the three sets select() leaves the descriptor in: 4, 2 and 1.
static int sets_of(int fd)
{
    fd_set sets[3];
    for (int i = 0; i < 3; i++)
    {
        FD_ZERO(&sets[i]);
        FD_SET(fd, &sets[i]);
    }
    int bits = OK(select(fd + 1, &sets[0], &sets[1], &sets[2], &(struct timeval){ 0 }));
    int left = 4 * FD_ISSET(fd, &sets[0]) + 2 * FD_ISSET(fd, &sets[1]) + FD_ISSET(fd, &sets[2]);
    CHECK_EQ(bits, __builtin_popcount((unsigned)left));
    return left;
}

// What epoll says of it, or minus the error.
static int watched(int fd)
{
    int epoll = OK(epoll_create1(0));
    struct epoll_event event = { .events = EVERYTHING };
    int result = epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0 ? -errno : 0;
    if (result == 0 && OK(epoll_wait(epoll, &event, 1, 0)) == 1)
        result = (int)event.events;
    OK(close(epoll));
    return result;
}

static int open_kind(const char *path, int flags) { return OK(open(path, flags | O_NONBLOCK | O_NOCTTY)); }

static void is_always_ready(const char *path)
{
    int fd = open_kind(path, O_RDONLY);
    CHECK_EQ(events_of(fd), ALWAYS);
    CHECK_EQ(sets_of(fd), 6);
    CHECK_EQ(watched(fd), -EPERM);
    OK(close(fd));
}

TEST(files_and_directories_are_always_ready_and_cannot_be_watched)
{
    is_always_ready("/");
    is_always_ready("/proc");
    is_always_ready("/etc/passwd");
    is_always_ready("/proc/self/status");
    is_always_ready("/proc/self/maps");
    is_always_ready("/proc/self/fd");
    is_always_ready("/dev/pts");
}

TEST(plain_devices_are_always_ready_and_cannot_be_watched)
{
    is_always_ready("/dev/null");
    is_always_ready("/dev/zero");
    is_always_ready("/dev/full");
    is_always_ready("/dev/urandom");
}

TEST(the_random_device_is_readable)
{
    int fd = open_kind("/dev/random", O_RDWR);
    CHECK_EQ(events_of(fd), READABLE);
    CHECK_EQ(sets_of(fd), 4);
    CHECK_EQ(watched(fd), READABLE);
}

TEST(the_log_is_readable_up_to_its_end)
{
    int fd = open_kind("/dev/kmsg", O_RDONLY);
    CHECK_EQ(events_of(fd), READABLE);
    CHECK_EQ(watched(fd), READABLE);
    OK(lseek(fd, 0, SEEK_END));
    CHECK_EQ(events_of(fd), 0);
}

// Linux: what is not about a process has a poll of its own, and so epoll takes it.
TEST(figures_of_the_system_are_always_ready_and_can_be_watched)
{
    static const char *const paths[] = { "/proc/uptime", "/proc/meminfo", "/proc/sys/kernel/hostname",
                                         "/proc/sys/vm/overcommit_memory" };
    for (int i = 0; i < 4; i++)
    {
        int fd = open_kind(paths[i], O_RDONLY);
        CHECK_EQ(events_of(fd), ALWAYS);
        CHECK_EQ(sets_of(fd), 6);
        CHECK_EQ(watched(fd), ALWAYS);
        OK(close(fd));
    }
}

TEST(an_attribute_of_sysfs_is_exceptional_until_it_is_read)
{
    char text[128];
    int fd = open_kind("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY);
    CHECK_EQ(events_of(fd), ALWAYS | POLLPRI | POLLERR);
    CHECK_EQ(sets_of(fd), 7);
    CHECK_EQ(watched(fd), ALWAYS | POLLPRI | POLLERR);
    CHECK(OK(read(fd, text, sizeof text)) > 0);
    CHECK_EQ(events_of(fd), ALWAYS);
    CHECK_EQ(watched(fd), ALWAYS);
}

// select(2) has no word for it: such a descriptor is in all sets.
TEST(a_place_in_the_tree_is_pollnval_and_in_all_sets)
{
    int fd = OK(open("/etc/passwd", O_PATH));
    CHECK_EQ(events_of(fd), POLLNVAL);
    CHECK_EQ(sets_of(fd), 7);
    CHECK_EQ(watched(fd), -EBADF);
}

TEST(errors_and_ends_of_pipes_come_unasked)
{
    int ends[2];
    OK(pipe(ends));
    OK(close(ends[1]));
    struct pollfd one = { .fd = ends[0], .events = 0 };
    CHECK_EQ(OK(poll(&one, 1, 0)), 1);
    CHECK_EQ(one.revents, POLLHUP);
    CHECK_EQ(events_of(ends[0]), POLLHUP);
    CHECK_EQ(sets_of(ends[0]), 4);
    OK(pipe(ends));
    OK(close(ends[0]));
    CHECK_EQ(events_of(ends[1]), WRITABLE | POLLERR);
    CHECK_EQ(sets_of(ends[1]), 6);
}

TEST(a_full_pipe_is_writable_again_when_a_page_is_free)
{
    static char page[4096];
    int ends[2];
    OK(pipe2(ends, O_NONBLOCK));
    while (write(ends[1], page, sizeof page) > 0)
        continue;
    CHECK_EQ(events_of(ends[1]), 0);
    CHECK_EQ(read(ends[0], page, 4095), 4095);
    CHECK_EQ(events_of(ends[1]), 0);
    CHECK_EQ(read(ends[0], page, 1), 1);
    CHECK_EQ(events_of(ends[1]), WRITABLE);
}

TEST(a_fifo_without_a_writer_yet_is_not_at_its_end)
{
    scratch();
    OK(mkfifo("f", 0600));
    int reader = open_kind("f", O_RDONLY);
    CHECK_EQ(events_of(reader), 0);
    int writer = open_kind("f", O_WRONLY);
    CHECK_EQ(events_of(reader), 0);
    CHECK_EQ(events_of(writer), WRITABLE);
    OK(close(writer));
    CHECK_EQ(events_of(reader), POLLHUP);
    writer = open_kind("f", O_WRONLY);
    CHECK_EQ(events_of(reader), 0);
    OK(close(reader));
    CHECK_EQ(events_of(writer), WRITABLE | POLLERR);
    OK(close(writer));
    int both = open_kind("f", O_RDWR);
    CHECK_EQ(events_of(both), WRITABLE);
}

TEST(an_eventfd_is_full_one_below_the_greatest_number)
{
    int fd = OK(eventfd(0, 0));
    CHECK_EQ(events_of(fd), POLLOUT);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(events_of(fd), POLLIN | POLLOUT);
    OK(eventfd_write(fd, 0xfffffffffffffffd));
    CHECK_EQ(events_of(fd), POLLIN);
}

// ---- what is refused --------------------------------------------------------------------------------------------

static long raw_ppoll(const void *entries, unsigned count, const void *time, const void *mask, size_t size)
{
    return syscall(SYS_ppoll, entries, count, time, mask, size);
}

TEST(poll_looks_at_the_count_before_the_memory)
{
    struct pollfd entries[12];
    memset(entries, -1, sizeof entries);
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 10, 4096 }));
    CHECK_ERRNO(poll(entries, 11, 0), EINVAL);
    CHECK_EQ(poll(entries, 10, 0), 0);
    CHECK_ERRNO(poll((void *)1, 11, 0), EINVAL);
    CHECK_ERRNO(poll((void *)1, 1, 0), EFAULT);
    CHECK_ERRNO(poll(NULL, 1, 0), EFAULT);
    CHECK_ERRNO(poll(NULL, (nfds_t)-1, 0), EINVAL);
    CHECK_EQ(poll(NULL, 0, 0), 0);
}

TEST(ppoll_looks_at_the_time_before_the_mask)
{
    struct timespec bad = { 0, 1000000000 };
    struct timespec none = { 0 };
    CHECK_ERRNO(raw_ppoll(NULL, 0, &bad, NULL, 8), EINVAL);
    CHECK_ERRNO(raw_ppoll(NULL, 0, &bad, (void *)1, 8), EINVAL);
    bad = (struct timespec){ -1, 0 };
    CHECK_ERRNO(raw_ppoll(NULL, 0, &bad, NULL, 8), EINVAL);
    bad = (struct timespec){ 0, -1 };
    CHECK_ERRNO(raw_ppoll(NULL, 0, &bad, NULL, 8), EINVAL);
    CHECK_ERRNO(raw_ppoll(NULL, 0, (void *)1, &none, 3), EFAULT);
    CHECK_ERRNO(raw_ppoll(NULL, 0, &none, (void *)1, 8), EFAULT);
    CHECK_ERRNO(raw_ppoll(NULL, 0, &none, &none, 4), EINVAL);
    CHECK_ERRNO(raw_ppoll(NULL, 0, &none, &none, 16), EINVAL);
    // Without a mask nobody looks at its size.
    CHECK_EQ(raw_ppoll(NULL, 0, &none, NULL, 4), 0);
}

TEST(select_checks_its_arguments)
{
    struct timeval none = { 0 };
    struct timeval bad = { -1, 0 };
    CHECK_ERRNO(syscall(SYS_select, 0, NULL, NULL, NULL, &bad), EINVAL);
    bad = (struct timeval){ 0, -1 };
    CHECK_ERRNO(syscall(SYS_select, 0, NULL, NULL, NULL, &bad), EINVAL);
    CHECK_ERRNO(syscall(SYS_select, -1, NULL, NULL, NULL, &none), EINVAL);
    CHECK_ERRNO(syscall(SYS_select, 1, (void *)1, NULL, NULL, &none), EFAULT);
    CHECK_EQ(syscall(SYS_select, 0, (void *)1, (void *)1, (void *)1, &none), 0);
    CHECK_ERRNO(syscall(SYS_select, 1, NULL, NULL, NULL, (void *)1), EFAULT);
    // Microseconds may be many.
    struct timespec before, after;
    struct timeval more = { 0, 1100000 };
    OK(clock_gettime(CLOCK_MONOTONIC, &before));
    CHECK_EQ(syscall(SYS_select, 0, NULL, NULL, NULL, &more), 0);
    OK(clock_gettime(CLOCK_MONOTONIC, &after));
    CHECK(after.tv_sec > before.tv_sec);
    CHECK_EQ(more.tv_sec, 0);
    CHECK_EQ(more.tv_usec, 0);
}

TEST(select_passes_over_bits_beyond_what_there_can_be)
{
    struct timeval none = { 0 };
    fd_set set;
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 20, 4096 }));
    FD_ZERO(&set);
    FD_SET(15, &set);
    CHECK_ERRNO(select(16, &set, NULL, NULL, &none), EBADF);
    CHECK_EQ(select(15, &set, NULL, NULL, &none), 0);
    // Linux looks as far as there have been descriptors, in steps of 64.
    CHECK_EQ(syscall(SYS_select, 0x7fffffff, NULL, NULL, NULL, &none), 0);
}

TEST(pselect_looks_at_the_time_before_the_mask)
{
    struct timespec none = { 0 };
    struct { const void *mask; size_t size; } packed = { NULL, 99 };
    CHECK_EQ(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &none, &packed), 0);
    packed.mask = &none;
    CHECK_ERRNO(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &none, &packed), EINVAL);
    CHECK_ERRNO(syscall(SYS_pselect6, 0, NULL, NULL, NULL, (void *)1, &packed), EFAULT);
    packed.mask = (void *)1;
    packed.size = 8;
    CHECK_ERRNO(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &none, &packed), EFAULT);
    CHECK_ERRNO(syscall(SYS_pselect6, -1, NULL, NULL, NULL, &(struct timespec){ 0, -1 }, &packed), EINVAL);
    CHECK_ERRNO(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &none, (void *)1), EFAULT);
    CHECK_ERRNO(syscall(SYS_pselect6, -1, NULL, NULL, NULL, &none, NULL), EINVAL);
}

// ---- signals ------------------------------------------------------------------------------------------------------

static volatile int caught;

static void note(int signo) { caught = signo; }

static void alarm_soon(void)
{
    caught = 0;
    handle(SIGALRM, note, SA_RESTART);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 30000 } }, NULL));
}

TEST(a_signal_ends_each_wait_and_leaves_the_time)
{
    struct timespec time = { 30, 0 };
    struct timeval coarse = { 30, 0 };
    alarm_soon();
    CHECK_ERRNO(raw_ppoll(NULL, 0, &time, NULL, 8), EINTR);
    CHECK_EQ(time.tv_sec, 29);
    alarm_soon();
    CHECK_ERRNO(syscall(SYS_select, 0, NULL, NULL, NULL, &coarse), EINTR);
    CHECK_EQ(coarse.tv_sec, 29);
    alarm_soon();
    time = (struct timespec){ 30, 0 };
    CHECK_ERRNO(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &time, NULL), EINTR);
    CHECK_EQ(time.tv_sec, 29);
    alarm_soon();
    CHECK_ERRNO(poll(NULL, 0, 30000), EINTR);
    CHECK_EQ(caught, SIGALRM);
}

TEST(the_time_left_is_told_when_something_is_ready_too)
{
    int fd = OK(eventfd(1, 0));
    struct pollfd one = { .fd = fd, .events = POLLIN };
    struct timespec time = { 30, 5 };
    CHECK_EQ(raw_ppoll(&one, 1, &time, NULL, 8), 1);
    CHECK_EQ(time.tv_sec, 29 + (time.tv_sec == 30));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    struct timeval coarse = { 0, 20000 };
    CHECK_EQ(raw_ppoll(NULL, 0, &(struct timespec){ 0, 1000000 }, NULL, 8), 0);
    CHECK_EQ(syscall(SYS_select, fd + 1, &set, NULL, NULL, &coarse), 1);
    CHECK(coarse.tv_usec <= 20000);
}

TEST(a_time_that_cannot_be_written_back_does_not_matter)
{
    struct timespec *time = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    time->tv_nsec = 1000;
    OK(mprotect(time, CHECK_PAGE, PROT_READ));
    CHECK_EQ(raw_ppoll(NULL, 0, time, NULL, 8), 0);
    CHECK_EQ(syscall(SYS_select, 0, NULL, NULL, NULL, time), 0);
    CHECK_EQ(syscall(SYS_pselect6, 0, NULL, NULL, NULL, time, NULL), 0);
}

// What is ready comes first; and where nothing is, the signal comes even when there is no time to wait.
TEST(a_mask_lets_a_pending_signal_in_when_nothing_is_ready)
{
    sigset_t nothing;
    struct timespec none = { 0 };
    int fd = OK(eventfd(1, 0));
    struct pollfd one = { .fd = fd, .events = POLLIN };
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    sigemptyset(&nothing);
    handle(SIGUSR1, note, SA_RESTART);
    block(SIGUSR1);
    OK(raise(SIGUSR1));
    CHECK_EQ(ppoll(&one, 1, &none, &nothing), 1);
    CHECK_EQ(caught, 0);
    CHECK_EQ(pselect(fd + 1, &set, NULL, NULL, &none, &nothing), 1);
    CHECK_EQ(caught, 0);
    CHECK_ERRNO(ppoll(NULL, 0, &none, &nothing), EINTR);
    CHECK_EQ(caught, SIGUSR1);
    caught = 0;
    OK(raise(SIGUSR1));
    CHECK_ERRNO(pselect(0, NULL, NULL, NULL, &none, &nothing), EINTR);
    CHECK_EQ(caught, SIGUSR1);

    struct epoll_event event = { .events = EPOLLIN };
    int epoll = OK(epoll_create1(0));
    caught = 0;
    OK(raise(SIGUSR1));
    CHECK_EQ(epoll_pwait(epoll, &event, 1, 0, &nothing), 0);
    CHECK_EQ(caught, 0);
    CHECK_ERRNO(epoll_pwait(epoll, &event, 1, 10000, &nothing), EINTR);
    CHECK_EQ(caught, SIGUSR1);

    sigset_t now;
    OK(sigprocmask(SIG_BLOCK, NULL, &now));
    CHECK(sigismember(&now, SIGUSR1));
}
