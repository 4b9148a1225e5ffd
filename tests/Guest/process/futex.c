// futex(2) between threads: waiting, waking, moving, waiting for several, and what is refused.
#include "check.h"
#include <pthread.h>

enum { WAIT, WAKE, REQUEUE = 3, CMP_REQUEUE, WAKE_OP, WAIT_BITSET = 9, WAKE_BITSET, PRIVATE = 128, REALTIME = 256 };
enum { SIZE_32 = 2 };

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

static long futex(void *at, int operation, uint32_t value, const void *fourth, void *second, uint32_t third)
{
    return syscall(SYS_futex, at, operation, value, fourth, second, third);
}

struct one
{
    uint64_t value, at;
    uint32_t flags, reserved;
};

static long waitv(struct one *ones, unsigned count, unsigned flags, const struct timespec *end, int clock)
{
    return syscall(SYS_futex_waitv, ones, count, flags, end, clock);
}

static struct timespec from_now(int clock, long milliseconds)
{
    struct timespec time;
    OK(clock_gettime(clock, &time));
    long sum = time.tv_nsec + milliseconds * 1000000;
    return (struct timespec){ time.tv_sec + sum / 1000000000, sum % 1000000000 };
}

static uint32_t words[8];
static volatile int woken;
static volatile int ready;

static void *wait_on(void *word)
{
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    while (futex(word, WAIT | PRIVATE, 0, NULL, NULL, 0) != 0)
        CHECK_EQ(errno, EINTR);
    __atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void start(pthread_t *threads, int count, void *(*body)(void *), void *argument)
{
    for (int i = 0; i < count; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, body, argument), 0);
}

static void join(pthread_t *threads, int count)
{
    for (int i = 0; i < count; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

// All that have been started sleep in the kernel.
static void all_asleep(int count)
{
    EVENTUALLY(ready == count);
    nanosleep(&(struct timespec){ 0, 30000000 }, NULL);
}

TEST(as_many_are_woken_as_was_asked_for)
{
    pthread_t threads[5];
    start(threads, 5, wait_on, &words[0]);
    all_asleep(5);
    CHECK_EQ(futex(&words[0], WAKE | PRIVATE, 2, NULL, NULL, 0), 2);
    EVENTUALLY(woken == 2);
    CHECK_EQ(futex(&words[0], WAKE | PRIVATE, INT32_MAX, NULL, NULL, 0), 3);
    join(threads, 5);
}

TEST(requeue_wakes_some_and_moves_others)
{
    pthread_t threads[5];
    start(threads, 5, wait_on, &words[0]);
    all_asleep(5);
    CHECK_ERRNO(futex(&words[0], CMP_REQUEUE | PRIVATE, 1, (void *)2, &words[1], 7), EAGAIN);
    CHECK_EQ(futex(&words[0], CMP_REQUEUE | PRIVATE, 1, (void *)2, &words[1], 0), 3);
    EVENTUALLY(woken == 1);
    CHECK_EQ(futex(&words[1], WAKE | PRIVATE, 10, NULL, NULL, 0), 2);
    EVENTUALLY(woken == 3);
    CHECK_EQ(futex(&words[0], WAKE | PRIVATE, 10, NULL, NULL, 0), 2);
    join(threads, 5);
}

TEST(wake_op_changes_the_second_word)
{
    pthread_t threads[2];
    start(threads, 1, wait_on, &words[0]);
    start(threads + 1, 1, wait_on, &words[1]);
    all_asleep(2);
    // words[1] += 5, wakes there if it was 0
    CHECK_EQ(futex(&words[0], WAKE_OP | PRIVATE, 1, (void *)1, &words[1], 1U << 28 | 5U << 12), 2);
    CHECK_EQ(words[1], 5);
    join(threads, 2);
    CHECK_ERRNO(futex(&words[0], WAKE_OP | PRIVATE, 1, (void *)1, &words[1], 7U << 28), ENOSYS);
}

TEST(private_and_shared_waiters_do_not_meet)
{
    pthread_t thread;
    start(&thread, 1, wait_on, &words[0]);
    all_asleep(1);
    CHECK_EQ(futex(&words[0], WAKE | PRIVATE, 10, NULL, NULL, 0), 1);
    join(&thread, 1);
}

TEST(timeouts_are_relative_or_absolute)
{
    struct timespec span = { 0, 20000000 };
    CHECK_ERRNO(futex(&words[0], WAIT, 0, &span, NULL, 0), ETIMEDOUT);
    struct timespec end = from_now(CLOCK_MONOTONIC, 20);
    CHECK_ERRNO(futex(&words[0], WAIT_BITSET, 0, &end, NULL, 1), ETIMEDOUT);
    end = from_now(CLOCK_REALTIME, 20);
    CHECK_ERRNO(futex(&words[0], WAIT_BITSET | REALTIME, 0, &end, NULL, 1), ETIMEDOUT);
    end = (struct timespec){ 1, 0 };
    CHECK_ERRNO(futex(&words[0], WAIT_BITSET, 0, &end, NULL, 1), ETIMEDOUT);
    end.tv_nsec = 1000000000;
    CHECK_ERRNO(futex(&words[0], WAIT_BITSET, 0, &end, NULL, 1), EINVAL);
    CHECK_ERRNO(futex(&words[0], WAIT, 0, &end, NULL, 0), EINVAL);
    CHECK_ERRNO(futex(&words[0], WAIT, 0, (void *)8, NULL, 0), EFAULT);
}

TEST(bad_words_are_refused)
{
    char *page = mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct timespec span = { 0, 1000000 };
    const int operations[] = { WAIT, WAKE, WAIT | PRIVATE, WAKE | PRIVATE };
    for (int i = 0; i < 4; i++)
    {
        CHECK_ERRNO(futex((char *)words + 2, operations[i], 1, &span, NULL, 0), EINVAL);
        CHECK_ERRNO(futex((void *)0xffffffff80000000, operations[i], 1, &span, NULL, 0), EFAULT);
    }
    CHECK_ERRNO(futex(page, WAIT | PRIVATE, 0, &span, NULL, 0), ETIMEDOUT);
    CHECK_ERRNO(futex(words, WAKE_OP | PRIVATE, 1, (void *)1, page, 1U << 28), EFAULT);
    OK(munmap(page, CHECK_PAGE));
    CHECK_ERRNO(futex(page, WAIT, 0, &span, NULL, 0), EFAULT);
    CHECK_ERRNO(futex(page, WAIT | PRIVATE, 0, &span, NULL, 0), EFAULT);
    CHECK_EQ(futex(page, WAKE | PRIVATE, 1, NULL, NULL, 0), 0);
    CHECK_ERRNO(futex(words, WAIT_BITSET, 0, &span, NULL, 0), EINVAL);
    CHECK_ERRNO(futex(words, WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(futex(words, CMP_REQUEUE, (uint32_t)-1, (void *)1, words + 1, 0), EINVAL);
    CHECK_ERRNO(futex(words, 2, 1, NULL, NULL, 0), ENOSYS);
    CHECK_ERRNO(futex(words, 99, 1, NULL, NULL, 0), ENOSYS);
    CHECK_ERRNO(futex(words, WAIT | REALTIME, 0, &span, NULL, 0), ENOSYS);
    CHECK_ERRNO(futex(words, WAKE | REALTIME, 1, NULL, NULL, 0), ENOSYS);
}

static struct one ones[130];
static void *wait_for_any(UNUSED void *argument)
{
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    return (void *)waitv(ones, 3, 0, NULL, 0);
}

static void fill(int count)
{
    for (int i = 0; i < count; i++)
        ones[i] = (struct one){ .at = (uintptr_t)&words[i % 8], .flags = SIZE_32 | PRIVATE };
}

TEST(one_of_several_wakes_and_is_named)
{
    for (int i = 0; i < 3; i++)
    {
        pthread_t thread;
        void *result = NULL;
        ready = 0;
        fill(3);
        start(&thread, 1, wait_for_any, NULL);
        all_asleep(1);
        CHECK_EQ(futex(&words[i], WAKE | PRIVATE, 1, NULL, NULL, 0), 1);
        CHECK_EQ(pthread_join(thread, &result), 0);
        CHECK_EQ((long)result, i);
        for (int other = 0; other < 3; other++)
            CHECK_EQ(futex(&words[other], WAKE | PRIVATE, 1, NULL, NULL, 0), 0);
    }
}

TEST(waiting_for_several_checks_values_and_times)
{
    fill(128);
    struct timespec end = from_now(CLOCK_MONOTONIC, 20);
    CHECK_ERRNO(waitv(ones, 128, 0, &end, CLOCK_MONOTONIC), ETIMEDOUT);
    end = from_now(CLOCK_REALTIME, 20);
    CHECK_ERRNO(waitv(ones, 1, 0, &end, CLOCK_REALTIME), ETIMEDOUT);
    ones[100].value = 1;
    CHECK_ERRNO(waitv(ones, 128, 0, &end, CLOCK_MONOTONIC), EAGAIN);
    ones[100].value = 0;
    CHECK_ERRNO(waitv(ones, 0, 0, NULL, 0), EINVAL);
    CHECK_ERRNO(waitv(ones, 129, 0, NULL, 0), EINVAL);
    CHECK_ERRNO(waitv(NULL, 1, 0, NULL, 0), EINVAL);
    CHECK_ERRNO(waitv(ones, 1, 1, NULL, 0), EINVAL);
    CHECK_ERRNO(waitv(ones, 1, 0, &end, CLOCK_BOOTTIME), EINVAL);
    CHECK_ERRNO(waitv(ones, 1, 0, (void *)8, CLOCK_MONOTONIC), EFAULT);
    CHECK_ERRNO(waitv((void *)8, 1, 0, NULL, 0), EFAULT);
    end.tv_nsec = -1;
    CHECK_ERRNO(waitv(ones, 1, 0, &end, CLOCK_MONOTONIC), EINVAL);
    ones[1].flags = PRIVATE;
    CHECK_ERRNO(waitv(ones, 2, 0, NULL, 0), EINVAL);
    ones[1].flags = SIZE_32 | 4;
    CHECK_ERRNO(waitv(ones, 2, 0, NULL, 0), EINVAL);
    ones[1].flags = SIZE_32;
    ones[1].reserved = 1;
    CHECK_ERRNO(waitv(ones, 2, 0, NULL, 0), EINVAL);
    ones[1].reserved = 0;
    ones[1].at += 2;
    CHECK_ERRNO(waitv(ones, 2, 0, NULL, 0), EINVAL);
    ones[1].at = 8;
    CHECK_ERRNO(waitv(ones, 2, 0, NULL, 0), EFAULT);
}

enum { THREADS = 8 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long shared_count;
static int turn;

static void *add_under_the_mutex(void *rounds)
{
    for (long i = 0; i < (long)rounds; i++)
    {
        pthread_mutex_lock(&mutex);
        long seen = shared_count;
        if (i % 64 == 0)
            sched_yield();
        shared_count = seen + 1;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

TEST(a_mutex_of_many_threads_loses_no_wake_up)
{
    pthread_t threads[THREADS];
    long rounds = loops(2000);
    start(threads, THREADS, add_under_the_mutex, (void *)rounds);
    join(threads, THREADS);
    CHECK_EQ(shared_count, THREADS * rounds);
}

static void *take_turns(void *number)
{
    for (int i = 0; i < loops(100); i++)
    {
        pthread_mutex_lock(&mutex);
        while (turn % THREADS != (int)(long)number)
            pthread_cond_wait(&condition, &mutex);
        turn++;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

TEST(threads_take_turns_by_a_condition)
{
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        start(&threads[i], 1, take_turns, (void *)i);
    join(threads, THREADS);
    CHECK_EQ(turn, THREADS * loops(100));
}

static volatile int stopped;
static void *wait_in_rounds(void *word)
{
    struct timespec short_time = { 0, 300000 };
    while (!stopped)
    {
        futex(word, WAIT | PRIVATE, 0, (uintptr_t)word % 8 == 0 ? &short_time : NULL, NULL, 0);
        __atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

TEST(waiters_that_are_moved_to_and_fro_are_all_woken_at_last)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        start(&threads[i], 1, wait_in_rounds, &words[i]);
    for (int i = 0; i < loops(3000); i++)
    {
        int from = i * 5 % THREADS;
        int to = i * 3 % THREADS;
        futex(&words[from], REQUEUE | PRIVATE, (uint32_t)i % 2, (void *)(long)(i % 4), &words[to], 0);
        if (i % 16 == 0)
            sched_yield();
    }
    stopped = 1;
    for (int i = 0; i < THREADS; i++)
        __atomic_store_n(&words[i], 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < THREADS; i++)
        futex(&words[i], WAKE | PRIVATE, INT32_MAX, NULL, NULL, 0);
    join(threads, THREADS);
}

static volatile int *shared_ready;
TEST(a_robust_mutex_is_inherited_from_the_dead)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t *robust = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared_ready = (int *)((char *)robust + 2048);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    CHECK_EQ(pthread_mutex_init(robust, &attributes), 0);
    FORK(owner)
    {
        pthread_mutex_lock(robust);
        *shared_ready = 1;
        pause();
    }
    EVENTUALLY(*shared_ready == 1);
    FORK(waiter)
    {
        CHECK_EQ(pthread_mutex_lock(robust), EOWNERDEAD);
        pthread_mutex_consistent(robust);
        pthread_mutex_unlock(robust);
    }
    EVENTUALLY(process_state(waiter) == 'S');
    OK(kill(owner, SIGKILL));
    CHECK_KILLED(owner, SIGKILL);
    CHECK_EXITS(waiter, 0);
    CHECK_EQ(pthread_mutex_lock(robust), 0);
}
