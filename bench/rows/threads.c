// What threads cost: one of them, a futex between two, and a mutex that several want.
#include "../bench.h"
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    MOST_THREADS = 16,

    // linux/futex.h, which musl does not bring along.
    FUTEX_WAIT_PRIVATE = 128,
    FUTEX_WAKE_PRIVATE = 129,
};

static void start(pthread_t *thread, void *(*body)(void *), void *argument)
{
    if (pthread_create(thread, NULL, body, argument) != 0)
        bench_refuse("pthread_create");
}

static void *nothing(void *argument)
{
    return argument;
}

static int64_t run_create(int64_t count)
{
    int64_t start_time = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        pthread_t thread;
        start(&thread, nothing, NULL);
        pthread_join(thread, NULL);
    }

    return bench_now() - start_time;
}

// Whose turn it is: each waits for its own number.
static volatile uint32_t turn;

static void pass_turn(uint32_t own)
{
    while (turn != own)
        syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, 1 - own, NULL, NULL, 0);
    turn = 1 - own;
    syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *answer(void *count)
{
    for (int64_t i = 0; i < *(int64_t *)count; i++)
        pass_turn(1);
    return NULL;
}

// There and back: two switches between threads of one address space.
static int64_t run_futex(int64_t count)
{
    pthread_t thread;
    turn = 0;
    start(&thread, answer, &count);
    int64_t start_time = bench_now();
    for (int64_t i = 0; i < count; i++)
        pass_turn(0);
    pthread_join(thread, NULL);
    return bench_now() - start_time;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *contend(void *count)
{
    for (int64_t i = 0; i < *(int64_t *)count; i++)
    {
        pthread_mutex_lock(&mutex);
        // On one processor nobody else would see it taken.
        sched_yield();
        pthread_mutex_unlock(&mutex);
    }

    return NULL;
}

// Each thread takes its share of the turns.
static int64_t run_mutex(int64_t count, int threads)
{
    pthread_t all[MOST_THREADS];
    int64_t share = count / threads + 1;
    int64_t start_time = bench_now();
    for (int i = 0; i < threads; i++)
        start(&all[i], contend, &share);
    for (int i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
    return (bench_now() - start_time) * count / (share * threads);
}

static int64_t run_mutex_2(int64_t count)
{
    return run_mutex(count, 2);
}

static int64_t run_mutex_16(int64_t count)
{
    return run_mutex(count, MOST_THREADS);
}

const struct bench_row thread_rows[] =
{
    { .name = "thread-create", .what = "pthread_create + join", .run = run_create },
    { .name = "futex-ping-pong", .what = "a futex, there and back", .run = run_futex },
    { .name = "mutex-2", .what = "a mutex that 2 threads want", .run = run_mutex_2 },
    { .name = "mutex-16", .what = "a mutex that 16 threads want", .run = run_mutex_16 },
    { .name = NULL },
};
