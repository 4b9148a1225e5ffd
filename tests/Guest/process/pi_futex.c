// futex(2), "Priority-inheritance futexes".
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

enum
{
    WAIT = 0, WAKE = 1, REQUEUE = 3, LOCK_PI = 6, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI = 11, CMP_REQUEUE_PI,
    LOCK_PI2, PRIVATE = 128, REALTIME = 256,
};

static const uint32_t waiters = 0x80000000, owner_died = 0x40000000;

static long futex(void *at, int operation, uint32_t value, const void *fourth, void *second, uint32_t third)
{
    return syscall(SYS_futex, at, operation, value, fourth, second, third);
}

static long lock(void *at) { return futex(at, LOCK_PI | PRIVATE, 0, NULL, NULL, 0); }
static long unlock(void *at) { return futex(at, UNLOCK_PI | PRIVATE, 0, NULL, NULL, 0); }
static long try_lock(void *at) { return futex(at, TRYLOCK_PI | PRIVATE, 0, NULL, NULL, 0); }
static uint32_t own(void) { return (uint32_t)syscall(SYS_gettid); }

static struct timespec from_now(int clock, long milliseconds)
{
    struct timespec time;
    OK(clock_gettime(clock, &time));
    long sum = time.tv_nsec + milliseconds * 1000000;
    return (struct timespec){ time.tv_sec + sum / 1000000000, sum % 1000000000 };
}

static char state_of(uint32_t tid)
{
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/self/task/%u/stat", tid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    return strrchr(text, ')')[2];
}

static volatile uint32_t word, second, condition_word;
static volatile uint32_t tids[8];
static volatile int order[8];
static volatile int count;
static pthread_barrier_t barrier;

static pthread_t begin(void *(*body)(void *), long number)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, body, (void *)number), 0);
    return thread;
}

static void asleep(int number)
{
    EVENTUALLY(tids[number] != 0 && state_of(tids[number]) == 'S');
}

static void *lock_and_note(void *number)
{
    tids[(long)number] = own();
    OK(lock((void *)&word));
    CHECK_EQ(word & ~waiters, own());
    order[count++] = (int)(long)number;
    OK(unlock((void *)&word));
    return NULL;
}

TEST(a_free_one_is_taken_and_freed)
{
    OK(lock((void *)&word));
    CHECK_EQ(word, own());
    CHECK_ERRNO(lock((void *)&word), EDEADLK);
    CHECK_ERRNO(try_lock((void *)&word), EDEADLK);
    OK(unlock((void *)&word));
    CHECK_EQ(word, 0);
    CHECK_ERRNO(unlock((void *)&word), EPERM);
    OK(try_lock((void *)&word));
    CHECK_EQ(word, own());
    word = 1;
    CHECK_ERRNO(unlock((void *)&word), EPERM);
}

TEST(the_word_tells_of_waiters_and_the_next_owner)
{
    OK(lock((void *)&word));
    pthread_t thread = begin(lock_and_note, 0);
    asleep(0);
    CHECK_EQ(word, own() | waiters);
    OK(unlock((void *)&word));
    pthread_join(thread, NULL);
    CHECK_EQ(word, 0);
    CHECK_EQ(count, 1);
}

TEST(the_first_in_line_comes_first)
{
    pthread_t threads[4];
    OK(lock((void *)&word));
    for (long i = 0; i < 4; i++)
    {
        threads[i] = begin(lock_and_note, i);
        asleep((int)i);
    }
    OK(unlock((void *)&word));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(order[i], i);
}

static void become_fifo(int priority)
{
    struct sched_param parameters = { .sched_priority = priority };
    OK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameters));
}

static void *lock_with_priority(void *number)
{
    become_fifo(10 + (int)(long)number);
    return lock_and_note(number);
}

TEST(the_highest_priority_comes_first)
{
    pthread_t threads[4];
    OK(lock((void *)&word));
    for (long i = 0; i < 4; i++)
    {
        threads[i] = begin(lock_with_priority, i);
        asleep((int)i);
    }
    OK(unlock((void *)&word));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(order[i], 3 - i);
}

static volatile int is_over;
static void *own_it_and_work(UNUSED void *argument)
{
    OK(lock((void *)&word));
    pthread_barrier_wait(&barrier);
    for (volatile long i = 0; i < 3000000; i++)
        ;
    OK(unlock((void *)&word));
    return NULL;
}

static void *hog(UNUSED void *argument)
{
    become_fifo(20);
    struct timespec now;
    long end = 0;
    // Keeps everybody of less priority off the processor; the bound is for a kernel without inheritance.
    do
    {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (end == 0)
            end = now.tv_sec + 8;
    }
    while (!is_over && now.tv_sec < end);
    return (void *)(long)is_over;
}

static void *waiter_of_high_priority(UNUSED void *argument)
{
    become_fifo(30);
    OK(lock((void *)&word));
    is_over = 1;
    OK(unlock((void *)&word));
    return NULL;
}

TEST(an_owner_is_lent_the_priority_of_who_waits)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    OK(sched_setaffinity(0, sizeof one, &one));
    become_fifo(40);
    // So that real-time threads are not throttled, if the kernel does that.
    int fd = open("/proc/sys/kernel/sched_rt_runtime_us", O_WRONLY);
    if (fd >= 0)
        CHECK_EQ(write(fd, "-1", 2), 2);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_attr_t attributes;
    struct sched_param low = { 0 };
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
    pthread_attr_setschedparam(&attributes, &low);
    pthread_t owner;
    CHECK_EQ(pthread_create(&owner, &attributes, own_it_and_work, NULL), 0);
    pthread_barrier_wait(&barrier);
    pthread_t high = begin(waiter_of_high_priority, 0);
    pthread_t middle = begin(hog, 0);
    void *was_over = NULL;
    pthread_join(middle, &was_over);
    CHECK_EQ((long)was_over, 1);
    pthread_join(high, NULL);
    pthread_join(owner, NULL);
    if (fd >= 0)
        CHECK_EQ(pwrite(fd, "950000", 6, 0), 6);
}

TEST(deadlines_are_of_day_or_of_the_chosen_clock)
{
    word = (uint32_t)getppid();
    struct timespec end = from_now(CLOCK_REALTIME, 20);
    CHECK_ERRNO(futex((void *)&word, LOCK_PI | PRIVATE, 0, &end, NULL, 0), ETIMEDOUT);
    CHECK_EQ(word, (uint32_t)getppid() | waiters);
    end = from_now(CLOCK_REALTIME, 20);
    CHECK_ERRNO(futex((void *)&word, LOCK_PI2 | PRIVATE | REALTIME, 0, &end, NULL, 0), ETIMEDOUT);
    end = from_now(CLOCK_MONOTONIC, 20);
    CHECK_ERRNO(futex((void *)&word, LOCK_PI2 | PRIVATE, 0, &end, NULL, 0), ETIMEDOUT);
    end.tv_nsec = -1;
    CHECK_ERRNO(futex((void *)&word, LOCK_PI | PRIVATE, 0, &end, NULL, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&word, LOCK_PI | PRIVATE, 0, (void *)8, NULL, 0), EFAULT);
    end.tv_nsec = 0;
    CHECK_ERRNO(futex((void *)&word, LOCK_PI | PRIVATE | REALTIME, 0, &end, NULL, 0), ENOSYS);
}

TEST(a_word_with_a_wrong_owner_is_refused)
{
    word = 0x3ffffff0;
    CHECK_ERRNO(lock((void *)&word), ESRCH);
    CHECK_ERRNO(try_lock((void *)&word), ESRCH);
    FORK(child) { }
    CHECK_EXITS(child, 0);
    word = (uint32_t)child;
    CHECK_ERRNO(lock((void *)&word), ESRCH);
    CHECK_EQ(word, (uint32_t)child | waiters);
    word = (uint32_t)getppid();
    CHECK_ERRNO(try_lock((void *)&word), EAGAIN);
    CHECK_EQ(word, (uint32_t)getppid() | waiters);
    CHECK_ERRNO(unlock((void *)&word), EPERM);
}

TEST(bad_addresses_are_refused)
{
    const int operations[] = { LOCK_PI, UNLOCK_PI, TRYLOCK_PI, LOCK_PI2 };
    for (int i = 0; i < 4; i++)
    {
        // To unlock, the owner is looked at first.
        const int misaligned = operations[i] == UNLOCK_PI ? EPERM : EINVAL;
        CHECK_ERRNO(futex((char *)&word + 1, operations[i], 0, NULL, NULL, 0), misaligned);
        CHECK_ERRNO(futex((char *)&word + 2, operations[i] | PRIVATE, 0, NULL, NULL, 0), misaligned);
        CHECK_ERRNO(futex((void *)0x1000, operations[i] | PRIVATE, 0, NULL, NULL, 0), EFAULT);
        CHECK_ERRNO(futex((void *)0x1000, operations[i], 0, NULL, NULL, 0), EFAULT);
        CHECK_ERRNO(futex((void *)0xffffffff80000000, operations[i] | PRIVATE, 0, NULL, NULL, 0), EFAULT);
    }
    void *page = mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_ERRNO(lock(page), EFAULT);
    CHECK_ERRNO(try_lock(page), EFAULT);
}

TEST(a_dead_owners_mark_is_kept)
{
    word = owner_died | waiters;
    OK(lock((void *)&word));
    CHECK_EQ(word, owner_died | own());
    OK(unlock((void *)&word));
    CHECK_EQ(word, 0);
}

static void *take_and_die(UNUSED void *argument)
{
    OK(lock((void *)&word));
    pthread_barrier_wait(&barrier);
    asleep(0);
    return NULL;
}

static void *inherit(UNUSED void *argument)
{
    tids[0] = own();
    OK(lock((void *)&word));
    CHECK_EQ(word & ~waiters, own() | owner_died);
    OK(unlock((void *)&word));
    CHECK_EQ(word, 0);
    return NULL;
}

TEST(a_thread_that_ends_leaves_what_it_owns_to_the_next)
{
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_t owner = begin(take_and_die, 0);
    pthread_barrier_wait(&barrier);
    pthread_t heir = begin(inherit, 0);
    pthread_join(owner, NULL);
    pthread_join(heir, NULL);
}

static void *hold_second_and_lock(UNUSED void *argument)
{
    OK(lock((void *)&second));
    tids[0] = own();
    OK(lock((void *)&word));
    OK(unlock((void *)&word));
    OK(unlock((void *)&second));
    return NULL;
}

TEST(waiting_for_each_other_is_a_deadlock)
{
    OK(lock((void *)&word));
    pthread_t thread = begin(hold_second_and_lock, 0);
    asleep(0);
    CHECK_ERRNO(lock((void *)&second), EDEADLK);
    OK(unlock((void *)&word));
    pthread_join(thread, NULL);
    OK(lock((void *)&second));
}

TEST(a_word_changed_behind_the_kernels_back_is_einval)
{
    OK(lock((void *)&word));
    pthread_t thread = begin(lock_and_note, 0);
    asleep(0);
    word = (uint32_t)getppid() | waiters;
    CHECK_ERRNO(lock((void *)&word), EINVAL);
    CHECK_ERRNO(try_lock((void *)&word), EINVAL);
    word = own() | waiters;
    OK(unlock((void *)&word));
    pthread_join(thread, NULL);
}

TEST(ordinary_waiters_and_owners_do_not_mix)
{
    OK(lock((void *)&word));
    pthread_t thread = begin(lock_and_note, 0);
    asleep(0);
    CHECK_ERRNO(futex((void *)&word, WAKE | PRIVATE, 1, NULL, NULL, 0), EINVAL);
    OK(unlock((void *)&word));
    pthread_join(thread, NULL);
}

static volatile sig_atomic_t calls;
static void on_signal(UNUSED int signo) { calls++; }

TEST(a_signal_does_not_end_the_wait)
{
    handle(SIGUSR1, on_signal, 0);
    OK(lock((void *)&word));
    pthread_t thread = begin(lock_and_note, 0);
    asleep(0);
    for (int i = 0; i < 3; i++)
    {
        OK(syscall(SYS_tgkill, getpid(), tids[0], SIGUSR1));
        EVENTUALLY(calls == i + 1);
        asleep(0);
    }
    OK(unlock((void *)&word));
    pthread_join(thread, NULL);
    CHECK_EQ(count, 1);
}

TEST(a_waiter_can_be_killed)
{
    volatile uint32_t *shared = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    OK(futex((void *)shared, LOCK_PI, 0, NULL, NULL, 0));
    FORK(child) futex((void *)shared, LOCK_PI, 0, NULL, NULL, 0);
    EVENTUALLY(process_state(child) == 'S' && *shared == (own() | waiters));
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
    OK(futex((void *)shared, UNLOCK_PI, 0, NULL, NULL, 0));
    CHECK_EQ(*shared, 0);
}

TEST(an_owner_in_another_process_can_be_killed)
{
    volatile uint32_t *shared = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FORK(child)
    {
        OK(futex((void *)shared, LOCK_PI, 0, NULL, NULL, 0));
        pause();
    }
    EVENTUALLY(*shared == (uint32_t)child);
    FORK(killer)
    {
        EVENTUALLY(*shared == ((uint32_t)child | waiters));
        OK(kill(child, SIGKILL));
    }
    OK(futex((void *)shared, LOCK_PI, 0, NULL, NULL, 0));
    CHECK_EQ(*shared & ~waiters, own() | owner_died);
    CHECK_KILLED(child, SIGKILL);
    CHECK_EXITS(killer, 0);
}

static void *wait_to_be_moved(void *number)
{
    tids[(long)number] = own();
    OK(futex((void *)&condition_word, WAIT_REQUEUE_PI | PRIVATE, 0, NULL, (void *)&word, 0));
    CHECK_EQ(word & ~waiters, own());
    order[count++] = (int)(long)number;
    OK(unlock((void *)&word));
    return NULL;
}

static long move(int how_many)
{
    return futex((void *)&condition_word, CMP_REQUEUE_PI | PRIVATE, 1, (void *)(long)how_many, (void *)&word, 0);
}

TEST(waiters_are_moved_to_a_free_one)
{
    pthread_t threads[3];
    for (long i = 0; i < 3; i++)
    {
        threads[i] = begin(wait_to_be_moved, i);
        asleep((int)i);
    }
    CHECK_EQ(move(100), 3);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(count, 3);
    CHECK_EQ(order[0], 0);
    CHECK_EQ(word, 0);
}

TEST(waiters_are_moved_to_one_that_the_caller_has)
{
    pthread_t threads[3];
    for (long i = 0; i < 3; i++)
    {
        threads[i] = begin(wait_to_be_moved, i);
        asleep((int)i);
    }
    OK(lock((void *)&word));
    CHECK_EQ(move(1), 2);
    CHECK_EQ(move(100), 1);
    CHECK_EQ(move(100), 0);
    CHECK_EQ(count, 0);
    CHECK_EQ(word, own() | waiters);
    OK(unlock((void *)&word));
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(count, 3);
    CHECK_EQ(word, 0);
}

TEST(moving_checks_its_arguments)
{
    CHECK_ERRNO(futex((void *)&condition_word, CMP_REQUEUE_PI | PRIVATE, 2, (void *)1, (void *)&word, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&condition_word, CMP_REQUEUE_PI | PRIVATE, 1, (void *)-1, (void *)&word, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&word, CMP_REQUEUE_PI | PRIVATE, 1, (void *)1, (void *)&word, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&condition_word, CMP_REQUEUE_PI | PRIVATE, 1, (void *)1, (void *)&word, 9), EAGAIN);
    CHECK_ERRNO(futex((void *)&word, WAIT_REQUEUE_PI | PRIVATE, 0, NULL, (void *)&word, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&condition_word, WAIT_REQUEUE_PI | PRIVATE, 7, NULL, (void *)&word, 0), EAGAIN);
    struct timespec end = from_now(CLOCK_MONOTONIC, 20);
    CHECK_ERRNO(futex((void *)&condition_word, WAIT_REQUEUE_PI | PRIVATE, 0, &end, (void *)&word, 0), ETIMEDOUT);
    end = from_now(CLOCK_REALTIME, 20);
    CHECK_ERRNO(futex((void *)&condition_word, WAIT_REQUEUE_PI | PRIVATE | REALTIME, 0, &end, (void *)&word, 0),
                ETIMEDOUT);
    CHECK_EQ(move(100), 0);
}

TEST(who_waits_to_be_moved_cannot_be_woken_or_moved_elsewhere)
{
    pthread_t thread = begin(wait_to_be_moved, 0);
    asleep(0);
    CHECK_ERRNO(futex((void *)&condition_word, WAKE | PRIVATE, 1, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&condition_word, REQUEUE | PRIVATE, 0, (void *)1, (void *)&second, 0), EINVAL);
    CHECK_ERRNO(futex((void *)&condition_word, CMP_REQUEUE_PI | PRIVATE, 1, (void *)1, (void *)&second, 0), EINVAL);
    CHECK_EQ(move(0), 1);
    pthread_join(thread, NULL);
}

static pthread_mutex_t mutex;
static long total;
static void *add(void *rounds)
{
    for (long i = 0; i < (long)rounds; i++)
    {
        pthread_mutex_lock(&mutex);
        long seen = total;
        if (i % 16 == 0)
            sched_yield();
        total = seen + 1;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

TEST(a_mutex_with_inheritance_keeps_many_threads_apart)
{
    enum { THREADS = 8 };
    pthread_mutexattr_t attributes;
    pthread_t threads[THREADS];
    long rounds = loops(500);
    pthread_mutexattr_init(&attributes);
    CHECK_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
    CHECK_EQ(pthread_mutex_init(&mutex, &attributes), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, add, (void *)rounds), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(total, THREADS * rounds);
}

TEST(a_robust_mutex_with_inheritance_is_inherited)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t *robust = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    volatile int *ready = (int *)((char *)robust + 2048);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    CHECK_EQ(pthread_mutex_init(robust, &attributes), 0);
    FORK(owner)
    {
        pthread_mutex_lock(robust);
        *ready = 1;
        pause();
    }
    EVENTUALLY(*ready == 1);
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
    CHECK_EQ(pthread_mutex_unlock(robust), 0);
}
