// Loads of the kind that stress-ng makes: many workers at once, each doing one thing over and over, and nothing is
// left when they are gone. GUEST_LOOPS=N makes a soak: N rounds of each.
#include "../health.h"
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1 };

enum
{
    WORKERS = 4,
    ROUNDS = 30,
    THREADS = 6,
    PAGES = 256,
    NAMES = 8,
};

typedef void worker(unsigned seed);

static unsigned state;

static unsigned next(void)
{
    state = state * 1103515245 + 12345;
    return state >> 8;
}

static unsigned below(unsigned limit) { return next() % limit; }

HELPER(nothing)
{
    return 0;
}

// ---- workers -------------------------------------------------------------------------------------------------

static void make_processes(unsigned seed)
{
    char *const arguments[] = { check_self, "--helper", "nothing", NULL };
    state = seed;
    for (int i = loops(ROUNDS); i > 0; i--)
    {
        unsigned kind = below(4);
        pid_t child = OK(kind == 0 ? vfork() : fork());
        if (child == 0)
        {
            if (kind < 2)
                execv(check_self, arguments);
            if (kind == 2)
                _exit(0);
            // One more, whose end process 1 has to hear of.
            if (fork() == 0)
                _exit(0);
            _exit(0);
        }
        CHECK_EXITS(child, 0);
    }
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int turn;

static void *take_turns(void *number)
{
    for (int i = 0; i < 10; i++)
    {
        pthread_mutex_lock(&mutex);
        while (turn % THREADS != (int)(intptr_t)number)
            pthread_cond_wait(&condition, &mutex);
        turn++;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return number;
}

static void make_threads(unsigned seed)
{
    state = seed;
    for (int i = loops(ROUNDS) / 3; i > 0; i--)
    {
        pthread_t threads[THREADS];
        turn = 0;
        for (intptr_t n = 0; n < THREADS; n++)
            CHECK_EQ(pthread_create(&threads[n], NULL, take_turns, (void *)n), 0);
        for (intptr_t n = 0; n < THREADS; n++)
        {
            void *result;
            CHECK_EQ(pthread_join(threads[n], &result), 0);
            CHECK_EQ((intptr_t)result, n);
        }
        CHECK_EQ(turn, 10 * THREADS);
    }
}

// A mark on each page says what was written there last: whatever is done with the mappings, it has to be found again.
static void change_mappings(unsigned seed)
{
    state = seed;
    unsigned char *area = OK(mmap(NULL, PAGES * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    unsigned char marks[PAGES] = { 0 };
    for (int i = loops(ROUNDS) * 20; i > 0; i--)
    {
        unsigned first = below(PAGES);
        unsigned count = 1 + below(PAGES - first < 16 ? PAGES - first : 16);
        unsigned char *at = area + first * CHECK_PAGE;
        switch (below(5))
        {
            case 0:
                OK(mmap(at, count * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
                memset(marks + first, 0, count);
                break;
            case 1:
                OK(madvise(at, count * CHECK_PAGE, MADV_DONTNEED));
                memset(marks + first, 0, count);
                break;
            case 2:
                OK(mprotect(at, count * CHECK_PAGE, PROT_READ));
                for (unsigned n = 0; n < count; n++)
                    CHECK_EQ(at[n * CHECK_PAGE], marks[first + n]);
                OK(mprotect(at, count * CHECK_PAGE, CHECK_RW));
                break;
            case 3:
            {
                unsigned char *moved = OK(mmap(NULL, count * CHECK_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
                OK(mremap(at, count * CHECK_PAGE, count * CHECK_PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, moved));
                OK(mremap(moved, count * CHECK_PAGE, count * CHECK_PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at));
                break;
            }
            default:
                for (unsigned n = 0; n < count; n++)
                {
                    CHECK_EQ(at[n * CHECK_PAGE], marks[first + n]);
                    at[n * CHECK_PAGE] = marks[first + n] = (unsigned char)next();
                }
        }
        if (i % 64 == 0)
        {
            // A child sees the same and changes only its own.
            FORK(child)
            {
                for (unsigned n = 0; n < PAGES; n++)
                {
                    CHECK_EQ(area[n * CHECK_PAGE], marks[n]);
                    area[n * CHECK_PAGE]++;
                }
            }
            CHECK_EXITS(child, 0);
        }
    }
    for (unsigned n = 0; n < PAGES; n++)
        CHECK_EQ(area[n * CHECK_PAGE], marks[n]);
    OK(munmap(area, PAGES * CHECK_PAGE));
}

// Everybody plays with the same few names: each call may fail, but only in ways that make sense.
static void change_names(unsigned seed)
{
    state = seed;
    for (int i = loops(ROUNDS) * 20; i > 0; i--)
    {
        char one[32];
        char other[32];
        snprintf(one, sizeof one, "d%u/n%u", below(2), below(NAMES));
        snprintf(other, sizeof other, "d%u/n%u", below(2), below(NAMES));
        int result = 0;
        switch (below(7))
        {
            case 0:
            {
                int fd = open(one, O_RDWR | O_CREAT, 0600);
                if (fd >= 0)
                {
                    CHECK_EQ(write(fd, one, sizeof one), sizeof one);
                    OK(unlink(one) == 0 || errno == ENOENT || errno == EISDIR ? 0 : -1);
                    char text[sizeof one];
                    CHECK_EQ(pread(fd, text, sizeof text, 0), sizeof text);
                    OK(close(fd));
                }
                else
                    result = -1;
                break;
            }
            case 1: result = mkdir(one, 0700); break;
            case 2: result = rmdir(one); break;
            case 3: result = rename(one, other); break;
            case 4: result = link(one, other); break;
            case 5: result = symlink(other, one); break;
            default: result = unlink(one); break;
        }
        if (result != 0)
            CHECK(errno == ENOENT || errno == EEXIST || errno == ENOTDIR || errno == EISDIR || errno == ENOTEMPTY
                  || errno == EPERM || errno == ELOOP || errno == EINVAL);
    }
}

static void pass_a_token(unsigned seed)
{
    enum { RING = 5 };
    state = seed;
    int ring[RING][2];
    pid_t members[RING];
    int turns = loops(ROUNDS) * 3;
    for (int n = 0; n < RING; n++)
        OK(pipe2(ring[n], O_CLOEXEC));
    for (int n = 0; n < RING; n++)
    {
        FORK(member)
        {
            int value;
            for (int i = 0; i < turns; i++)
            {
                CHECK_EQ(read(ring[n][0], &value, sizeof value), sizeof value);
                value++;
                CHECK_EQ(write(ring[(n + 1) % RING][1], &value, sizeof value), sizeof value);
            }
        }
        members[n] = member;
    }
    int token = 0;
    CHECK_EQ(write(ring[0][1], &token, sizeof token), sizeof token);
    for (int n = 0; n < RING; n++)
        CHECK_EXITS(members[n], 0);
    CHECK_EQ(read(ring[0][0], &token, sizeof token), sizeof token);
    CHECK_EQ(token, turns * RING);
    for (int n = 0; n < RING; n++)
    {
        OK(close(ring[n][0]));
        OK(close(ring[n][1]));
    }
}

static volatile sig_atomic_t caught;

static void count_signal(UNUSED int signo) { caught++; }

// Real-time signals queue: as many are caught as were sent.
static void exchange_signals(unsigned seed)
{
    state = seed;
    handle(SIGRTMIN, count_signal, SA_RESTART);
    handle(SIGUSR1, count_signal, 0);
    int rounds = loops(ROUNDS);
    FORK(sender)
    {
        union sigval value = { .sival_int = 1 };
        for (int i = 0; i < rounds * 4; i++)
        {
            OK(kill(getppid(), SIGUSR1));
            if (sigqueue(getppid(), SIGRTMIN, value) != 0)
                CHECK_EQ(errno, EAGAIN);
        }
    }
    int status;
    while (waitpid(sender, &status, 0) < 0)
        CHECK_EQ(errno, EINTR);
    CHECK_EQ(status, 0);
    CHECK(caught > 0);
    signal(SIGRTMIN, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
}

static void wait_for_events(unsigned seed)
{
    state = seed;
    for (int i = loops(ROUNDS); i > 0; i--)
    {
        int epoll = OK(epoll_create1(EPOLL_CLOEXEC));
        int event = OK(eventfd(0, EFD_NONBLOCK));
        int timer = OK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
        struct epoll_event watch = { .events = EPOLLIN | EPOLLET };
        OK(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &watch));
        OK(epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &watch));
        struct itimerspec soon = { .it_value = { .tv_nsec = 1 + below(1000000) } };
        OK(timerfd_settime(timer, 0, &soon, NULL));
        uint64_t one = 1;
        CHECK_EQ(write(event, &one, sizeof one), sizeof one);
        int seen = 0;
        struct epoll_event got[2];
        while (seen < 2)
            seen += OK(epoll_wait(epoll, got, 2, -1));
        OK(close(timer));
        OK(close(epoll));
        OK(close(event));
    }
}

// Words in shared memory: wakers and waiters of several processes on the same one.
static void wait_on_words(unsigned seed)
{
    state = seed;
    unsigned *word = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    int rounds = loops(ROUNDS) * 3;
    FORK(other)
    {
        for (int i = 0; i < rounds; i++)
        {
            while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != 1)
                syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL);
            __atomic_store_n(word, 0, __ATOMIC_RELEASE);
            syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
        }
    }
    for (int i = 0; i < rounds; i++)
    {
        __atomic_store_n(word, 1, __ATOMIC_RELEASE);
        syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
        while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != 0)
            syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL);
    }
    CHECK_EXITS(other, 0);
    OK(munmap(word, CHECK_PAGE));
}

// ---- cases ---------------------------------------------------------------------------------------------------

static void run(worker *const *workers, int count)
{
    OK(mkdir("d0", 0700));
    OK(mkdir("d1", 0700));
    // Once for what is set up the first time.
    for (int i = 0; i < count; i++)
    {
        FORK(first)
            workers[i](99);
        CHECK_EXITS(first, 0);
    }
    struct health before = health_before();
    pid_t running[WORKERS * 8];
    int started = 0;
    for (int i = 0; i < count; i++)
    {
        int copies = count == 1 ? WORKERS : 1;
        for (int n = 0; n < copies; n++)
        {
            FORK(one)
                workers[i]((unsigned)(started + 1));
            running[started++] = one;
        }
    }
    for (int i = 0; i < started; i++)
        CHECK_EXITS(running[i], 0);
    FORK(cleaner)
        execl("/bin/sh", "sh", "-c", "rm -rf d0 d1", NULL);
    CHECK_EXITS(cleaner, 0);
    health_check(&before);
}

#define LOAD(load_name, ...)                                                                            \
    TEST(load_name)                                                                                     \
    {                                                                                                   \
        static worker *const workers[] = { __VA_ARGS__ };                                               \
        run(workers, sizeof workers / sizeof *workers);                                                 \
    }

LOAD(processes_leave_nothing, make_processes)
LOAD(threads_leave_nothing, make_threads)
LOAD(mappings_leave_nothing_and_lose_nothing, change_mappings)
LOAD(names_leave_nothing, change_names)
LOAD(tokens_in_pipes_leave_nothing, pass_a_token)
LOAD(signals_leave_nothing, exchange_signals)
LOAD(events_leave_nothing, wait_for_events)
LOAD(futexes_leave_nothing, wait_on_words)
LOAD(everything_at_once_leaves_nothing, make_processes, make_threads, change_mappings, change_names, change_names,
     pass_a_token, exchange_signals, wait_for_events, wait_on_words)
