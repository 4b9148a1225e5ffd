// epoll(7), epoll_ctl(2), epoll_wait(2).
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

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


static int add(int to, int fd, uint32_t events, uint64_t data)
{
    return epoll_ctl(to, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = events, .data.u64 = data });
}

static void fill(int fd) { OK(eventfd_write(fd, 1)); }

static int poll_in(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };
    OK(poll(&one, 1, 0));
    return one.revents;
}

TEST(epoll_create_checks_its_arguments)
{
    CHECK_ERRNO(syscall(SYS_epoll_create, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_epoll_create, -1), EINVAL);
    CHECK_ERRNO(epoll_create1(1), EINVAL);
    int fd = OK(syscall(SYS_epoll_create, 1));
    CHECK_EQ(OK(fcntl(fd, F_GETFD)), 0);
    CHECK_EQ(OK(fcntl(OK(epoll_create1(EPOLL_CLOEXEC)), F_GETFD)), FD_CLOEXEC);
    char byte;
    CHECK_ERRNO(read(fd, &byte, 1), EINVAL);
    CHECK_ERRNO(write(fd, &byte, 1), EINVAL);
    struct epoll_event event;
    CHECK_ERRNO(epoll_wait(999, &event, 1, 0), EBADF);
    CHECK_ERRNO(epoll_wait(0, &event, 1, 0), EINVAL);
    CHECK_ERRNO(epoll_ctl(fd, EPOLL_CTL_ADD, 999, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(fd, EPOLL_CTL_ADD, fd, NULL), EFAULT);
    CHECK_ERRNO(add(fd, OK(open("/", O_RDONLY)), EPOLLIN, 0), EPERM);
    CHECK_ERRNO(add(fd, OK(open("/dev/null", O_RDWR)), EPOLLIN, 0), EPERM);
}

TEST(as_many_events_as_there_is_room_for_and_the_others_next)
{
    struct epoll_event events[8];
    int epoll = OK(epoll_create1(0));
    for (int i = 0; i < 5; i++)
        OK(add(epoll, OK(eventfd(1, 0)), EPOLLIN, i));
    int seen = 0;
    CHECK_EQ(epoll_wait(epoll, events, 3, 0), 3);
    for (int i = 0; i < 3; i++)
        seen |= 1 << events[i].data.u64;
    CHECK_EQ(epoll_wait(epoll, events, 3, 0), 3);
    for (int i = 0; i < 3; i++)
        seen |= 1 << events[i].data.u64;
    CHECK_EQ(seen, 31);
    CHECK_EQ(epoll_wait(epoll, events, 8, 0), 5);
}

TEST(modifying_tells_of_what_is_ready_already)
{
    prepare(EPOLLOUT);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EQ(ready(), 0);
    struct epoll_event change = { .events = EPOLLIN | EPOLLET, .data.u64 = 77 };
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_MOD, ends[0], &change));
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_EQ(ready(), 0);
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_MOD, ends[0], &change));
    CHECK_EQ(ready(), EPOLLIN);
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_MOD, ends[1], &change), ENOENT);
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, ends[0], NULL));
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, ends[0], NULL), ENOENT);
    CHECK_EQ(ready(), 0);
}

TEST(an_edge_that_came_before_the_file_was_added_counts)
{
    int epoll = OK(epoll_create1(0));
    int fd = OK(eventfd(1, 0));
    struct epoll_event event;
    OK(add(epoll, fd, EPOLLIN | EPOLLOUT | EPOLLET, 5));
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 1);
    CHECK_EQ(event.events, EPOLLIN | EPOLLOUT);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    fill(fd);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 1);
}

TEST(a_file_stays_until_its_last_descriptor_is_closed)
{
    prepare(EPOLLIN);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    int copy = OK(dup(ends[0]));
    OK(close(ends[0]));
    CHECK_EQ(ready(), EPOLLIN);
    // The number names something else now, and together with it the file cannot be named any more.
    CHECK_ERRNO(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, copy, NULL), ENOENT);
    OK(close(copy));
    CHECK_EQ(ready(), 0);
}

TEST(one_file_may_be_watched_by_two_numbers)
{
    struct epoll_event events[4];
    prepare(EPOLLIN);
    int copy = OK(dup(ends[0]));
    OK(add(epoll_fd, copy, EPOLLIN | EPOLLET, 78));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EQ(epoll_wait(epoll_fd, events, 4, 0), 2);
    CHECK_EQ(epoll_wait(epoll_fd, events, 4, 0), 1);
    CHECK_EQ(events[0].data.u64, 77);
}

TEST(an_epoll_is_ready_when_one_of_its_files_is)
{
    struct epoll_event event;
    int inner = OK(epoll_create1(0));
    int outer = OK(epoll_create1(0));
    int fd = OK(eventfd(0, EFD_NONBLOCK));
    OK(add(inner, fd, EPOLLIN, 1));
    OK(add(outer, inner, EPOLLIN, 2));
    CHECK_EQ(poll_in(outer), 0);
    CHECK_EQ(epoll_wait(outer, &event, 1, 0), 0);
    fill(fd);
    CHECK_EQ(poll_in(inner), POLLIN);
    CHECK_EQ(poll_in(outer), POLLIN);
    CHECK_EQ(epoll_wait(outer, &event, 1, 0), 1);
    CHECK_EQ(event.data.u64, 2);
    CHECK_EQ(epoll_wait(inner, &event, 1, 0), 1);
    CHECK_EQ(event.data.u64, 1);
    eventfd_t value;
    OK(eventfd_read(fd, &value));
    CHECK_EQ(poll_in(outer), 0);
    CHECK_EQ(epoll_wait(outer, &event, 1, 0), 0);
}

TEST(a_wait_on_the_outermost_of_five_is_woken)
{
    struct epoll_event event;
    int chain[5];
    int fd = OK(eventfd(0, 0));
    int watched = fd;
    for (int i = 0; i < 5; i++)
    {
        chain[i] = OK(epoll_create1(0));
        OK(add(chain[i], watched, EPOLLIN, i));
        watched = chain[i];
    }
    pid_t parent = getpid();
    FORK(writer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        fill(fd);
    }
    CHECK_EQ(epoll_wait(chain[4], &event, 1, -1), 1);
    CHECK_EQ(event.data.u64, 4);
    CHECK_EXITS(writer, 0);
}

TEST(circles_and_long_chains_of_epolls_are_refused)
{
    int chain[8];
    for (int i = 0; i < 8; i++)
        chain[i] = OK(epoll_create1(0));
    OK(add(chain[1], chain[0], EPOLLIN, 0));
    CHECK_ERRNO(add(chain[0], chain[1], EPOLLIN, 0), ELOOP);
    OK(add(chain[2], chain[1], EPOLLIN, 0));
    CHECK_ERRNO(add(chain[0], chain[2], EPOLLIN, 0), ELOOP);
    OK(add(chain[3], chain[2], EPOLLIN, 0));
    OK(add(chain[4], chain[3], EPOLLIN, 0));
    CHECK_ERRNO(add(chain[5], chain[4], EPOLLIN, 0), ELOOP);
    // From below it is too long as well.
    CHECK_ERRNO(add(chain[0], chain[5], EPOLLIN, 0), ELOOP);
    // What is gone does not count.
    OK(close(chain[2]));
    OK(add(chain[5], chain[4], EPOLLIN, 0));
    OK(add(chain[0], chain[4], EPOLLIN, 0));
}

TEST(exclusive_goes_with_few_other_flags)
{
    int epoll = OK(epoll_create1(0));
    int fd = OK(eventfd(0, 0));
    struct epoll_event event = { .events = EPOLLIN };
    CHECK_ERRNO(add(epoll, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0), EINVAL);
    CHECK_ERRNO(add(epoll, OK(epoll_create1(0)), EPOLLIN | EPOLLEXCLUSIVE, 0), EINVAL);
    OK(add(epoll, fd, EPOLLIN | EPOLLEXCLUSIVE, 0));
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), EINVAL);
    OK(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
    OK(add(epoll, fd, EPOLLIN, 0));
    event.events |= EPOLLEXCLUSIVE;
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event), EINVAL);
}

TEST(one_exclusive_waiter_is_woken_and_all_the_others)
{
    enum { WAITERS = 4 };
    int fd = OK(eventfd(0, 0));
    struct gate woken = new_gate();
    pid_t waiters[WAITERS];
    for (int i = 0; i < WAITERS; i++)
    {
        FORK(waiter)
        {
            struct epoll_event event;
            int epoll = OK(epoll_create1(0));
            OK(add(epoll, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE, i));
            CHECK_EQ(epoll_wait(epoll, &event, 1, -1), 1);
            open_gate(&woken);
        }
        waiters[i] = waiter;
        EVENTUALLY(process_state(waiter) == 'S');
    }
    for (int i = 0; i < WAITERS; i++)
    {
        // Each event wakes at least one, or this would wait for ever.
        fill(fd);
        pass_gate(&woken);
    }
    for (int i = 0; i < WAITERS; i++)
        CHECK_EXITS(waiters[i], 0);
}

static void nothing(UNUSED int signo) {}

TEST(a_signal_ends_the_wait_even_with_restarting_handlers)
{
    struct epoll_event event;
    prepare(EPOLLIN);
    pid_t parent = getpid();
    handle(SIGUSR1, nothing, SA_RESTART);
    FORK(killer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(kill(parent, SIGUSR1));
    }
    CHECK_ERRNO(epoll_wait(epoll_fd, &event, 1, -1), EINTR);
    CHECK_EXITS(killer, 0);
}

static volatile sig_atomic_t handled;

static void note(UNUSED int signo) { handled = 1; }

TEST(the_mask_of_epoll_pwait_holds_for_the_wait)
{
    struct epoll_event event;
    prepare(EPOLLIN);
    handle(SIGUSR1, note, 0);
    block(SIGUSR1);
    OK(raise(SIGUSR1));
    sigset_t none;
    sigset_t now;
    sigemptyset(&none);
    CHECK_EQ(epoll_wait(epoll_fd, &event, 1, 0), 0);
    CHECK_EQ(handled, 0);
    CHECK_ERRNO(epoll_pwait(epoll_fd, &event, 1, -1, &none), EINTR);
    CHECK_EQ(handled, 1);
    OK(sigprocmask(SIG_SETMASK, NULL, &now));
    CHECK_EQ(sigismember(&now, SIGUSR1), 1);
    CHECK_ERRNO(syscall(SYS_epoll_pwait, epoll_fd, &event, 1, 0, &none, 4), EINVAL);
}

TEST(time_outs_are_kept_in_milliseconds_and_in_nanoseconds)
{
    struct epoll_event event;
    struct timespec before;
    struct timespec after;
    prepare(EPOLLIN);
    OK(clock_gettime(CLOCK_MONOTONIC, &before));
    CHECK_EQ(epoll_wait(epoll_fd, &event, 1, 30), 0);
    struct timespec time = { 0, 20000000 };
    CHECK_EQ(syscall(SYS_epoll_pwait2, epoll_fd, &event, 1, &time, NULL, 8), 0);
    OK(clock_gettime(CLOCK_MONOTONIC, &after));
    CHECK((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >= 50000000);
    time.tv_nsec = 1000000000;
    CHECK_ERRNO(syscall(SYS_epoll_pwait2, epoll_fd, &event, 1, &time, NULL, 8), EINVAL);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EQ(syscall(SYS_epoll_pwait2, epoll_fd, &event, 1, NULL, NULL, 8), 1);
}

TEST(an_event_that_cannot_be_stored_is_not_lost)
{
    prepare(EPOLLIN | EPOLLET);
    char *page = mmap(NULL, CHECK_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_ERRNO(epoll_wait(epoll_fd, (struct epoll_event *)page, 1, 0), EFAULT);
    CHECK_EQ(ready(), EPOLLIN);
}

TEST(a_closed_epoll_leaves_its_files_alone)
{
    prepare(EPOLLIN);
    int other = OK(epoll_create1(0));
    OK(add(other, ends[0], EPOLLIN, 1));
    OK(add(other, epoll_fd, EPOLLIN, 2));
    OK(close(epoll_fd));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    struct epoll_event events[2];
    CHECK_EQ(epoll_wait(other, events, 2, 0), 1);
    CHECK_EQ(events[0].data.u64, 1);
    OK(close(ends[0]));
    CHECK_EQ(epoll_wait(other, events, 2, 0), 0);
}

TEST(a_thousand_files_are_watched)
{
    enum { FILES = 1000 };
    static int fds[FILES];
    struct epoll_event events[16];
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 2048, 2048 }));
    int epoll = OK(epoll_create1(0));
    for (int i = 0; i < FILES; i++)
    {
        fds[i] = OK(eventfd(0, EFD_NONBLOCK));
        OK(add(epoll, fds[i], EPOLLIN, i));
    }
    CHECK_EQ(epoll_wait(epoll, events, 16, 0), 0);
    for (int round = 0; round < 50; round++)
    {
        int which = round * 37 % FILES;
        eventfd_t value;
        fill(fds[which]);
        CHECK_EQ(epoll_wait(epoll, events, 16, 0), 1);
        CHECK_EQ(events[0].data.u64, which);
        OK(eventfd_read(fds[which], &value));
    }
    for (int i = 0; i < FILES; i++)
        OK(close(fds[i]));
    CHECK_EQ(epoll_wait(epoll, events, 16, 0), 0);
}

TEST(no_event_is_lost_between_a_writer_and_an_edge_triggered_reader)
{
    int rounds = loops(300);
    int there = OK(eventfd(0, EFD_NONBLOCK));
    int back = OK(eventfd(0, EFD_NONBLOCK));
    FORK(echo)
    {
        int epoll = OK(epoll_create1(0));
        OK(add(epoll, there, EPOLLIN | EPOLLET, 0));
        for (int i = 0; i < rounds; i++)
        {
            struct epoll_event event;
            eventfd_t value;
            CHECK_EQ(epoll_wait(epoll, &event, 1, -1), 1);
            OK(eventfd_read(there, &value));
            CHECK_EQ(value, 1);
            fill(back);
        }
    }
    int epoll = OK(epoll_create1(0));
    OK(add(epoll, back, EPOLLIN | EPOLLET, 0));
    for (int i = 0; i < rounds; i++)
    {
        struct epoll_event event;
        eventfd_t value;
        fill(there);
        CHECK_EQ(epoll_wait(epoll, &event, 1, -1), 1);
        OK(eventfd_read(back, &value));
    }
    CHECK_EXITS(echo, 0);
}

static int shared_epoll;
static int shared_sum;

static void *drain(UNUSED void *unused)
{
    struct epoll_event event;
    // A oneshot item is one thread's at a time.
    while (epoll_wait(shared_epoll, &event, 1, -1) == 1)
    {
        eventfd_t value;
        int fd = event.data.fd;
        if (eventfd_read(fd, &value) != 0)
            continue;
        if (value >= 1000000)
        {
            // The word to stop is for the others as well.
            eventfd_write(fd, value);
            return NULL;
        }
        __atomic_fetch_add(&shared_sum, (int)value, __ATOMIC_SEQ_CST);
        event.events = EPOLLIN | EPOLLONESHOT;
        if (epoll_ctl(shared_epoll, EPOLL_CTL_MOD, fd, &event) != 0)
            return NULL;
    }
    return NULL;
}

TEST(threads_share_one_epoll)
{
    enum { THREADS = 4, FILES = 3 };
    int rounds = loops(200);
    pthread_t threads[THREADS];
    int fds[FILES];
    shared_epoll = OK(epoll_create1(0));
    for (int i = 0; i < FILES; i++)
    {
        fds[i] = OK(eventfd(0, EFD_NONBLOCK));
        struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.fd = fds[i] };
        OK(epoll_ctl(shared_epoll, EPOLL_CTL_ADD, fds[i], &event));
    }
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, drain, NULL), 0);
    for (int i = 0; i < rounds; i++)
    {
        fill(fds[i % FILES]);
        if (i % 16 == 0)
            sched_yield();
    }
    EVENTUALLY(__atomic_load_n(&shared_sum, __ATOMIC_SEQ_CST) == rounds);
    int stop = OK(eventfd(0, EFD_NONBLOCK));
    struct epoll_event event = { .events = EPOLLIN, .data.fd = stop };
    OK(epoll_ctl(shared_epoll, EPOLL_CTL_ADD, stop, &event));
    OK(eventfd_write(stop, 1000000));
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}
