// timer_create(2) and its family; clock_nanosleep(2) on clocks of processor time and of day.
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

// musl's timer_create starts a helper thread for some notices; here is the kernel's.
struct notice
{
    union { int number; void *pointer; } value;
    int signo, notify, tid;
    char rest[44];
};

typedef int timer_id;

static long create(int clock, struct notice *notice, timer_id *id)
{
    return syscall(SYS_timer_create, clock, notice, id);
}
static long set_raw(timer_id id, int flags, const struct itimerspec *setting, struct itimerspec *old)
{
    return syscall(SYS_timer_settime, id, flags, setting, old);
}
static long get(timer_id id, struct itimerspec *setting) { return syscall(SYS_timer_gettime, id, setting); }
static long overrun(timer_id id) { return syscall(SYS_timer_getoverrun, id); }
static long delete(timer_id id) { return syscall(SYS_timer_delete, id); }
static long sleep_on(int clock, int flags, const struct timespec *time, struct timespec *rest)
{
    return syscall(SYS_clock_nanosleep, clock, flags, time, rest);
}

static const long millisecond = 1000000;
static const long second = 1000000000;

static struct timespec span(long nanoseconds)
{
    return (struct timespec){ nanoseconds / second, nanoseconds % second };
}

static long now(int clock)
{
    struct timespec time;
    OK(syscall(SYS_clock_gettime, clock, &time));
    return time.tv_sec * second + time.tv_nsec;
}

static void set(timer_id id, int flags, long value, long interval)
{
    struct itimerspec setting = { .it_value = span(value), .it_interval = span(interval) };
    OK(set_raw(id, flags, &setting, NULL));
}

static long left(timer_id id)
{
    struct itimerspec setting;
    OK(get(id, &setting));
    return setting.it_value.tv_sec * second + setting.it_value.tv_nsec;
}

static timer_id make(int clock, int signo, int value)
{
    struct notice notice = { .value.number = value, .signo = signo, .notify = SIGEV_SIGNAL };
    timer_id id = -1;
    OK(create(clock, &notice, &id));
    return id;
}

static volatile sig_atomic_t calls;
static siginfo_t last;
static void remember(UNUSED int signo, siginfo_t *info, UNUSED void *context)
{
    last = *info;
    calls++;
}

static void burn(int clock, long nanoseconds)
{
    for (long end = now(clock) + nanoseconds; now(clock) < end;)
        ;
}

static siginfo_t take(int signo)
{
    siginfo_t info = { 0 };
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signo);
    struct timespec limit = { 10, 0 };
    CHECK_EQ(sigtimedwait(&set, &info, &limit), signo);
    return info;
}

static bool is_pending(int signo)
{
    sigset_t set;
    OK(sigpending(&set));
    return sigismember(&set, signo);
}

TEST(an_expiry_is_a_signal_that_tells_which_timer)
{
    handle_info(SIGUSR1, remember, 0);
    timer_id other = make(CLOCK_MONOTONIC, SIGUSR2, 1);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 4711);
    CHECK(id != other);
    long start = now(CLOCK_MONOTONIC);
    set(id, 0, 20 * millisecond, 0);
    long rest = left(id);
    CHECK(rest > 0 && rest <= 20 * millisecond);
    EVENTUALLY(calls == 1);
    CHECK(now(CLOCK_MONOTONIC) - start >= 20 * millisecond);
    CHECK_EQ(last.si_signo, SIGUSR1);
    CHECK_EQ(last.si_code, SI_TIMER);
    CHECK_EQ(last.si_timerid, id);
    CHECK_EQ(last.si_overrun, 0);
    CHECK_EQ(last.si_value.sival_int, 4711);
    CHECK_EQ(last.si_errno, 0);
    CHECK_EQ(left(id), 0);
    CHECK_EQ(overrun(id), 0);
}

TEST(without_a_sigevent_it_is_sigalrm_with_the_id)
{
    timer_id id = -1;
    handle_info(SIGALRM, remember, 0);
    make(CLOCK_MONOTONIC, SIGUSR1, 0);
    OK(create(CLOCK_REALTIME, NULL, &id));
    set(id, 0, 1, 0);
    EVENTUALLY(calls == 1);
    CHECK_EQ(last.si_value.sival_int, id);
    CHECK_EQ(last.si_timerid, id);
}

TEST(every_clock_of_time_has_timers)
{
    const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_REALTIME_ALARM,
                           CLOCK_BOOTTIME_ALARM };
    block(SIGUSR1);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
    {
        timer_id id = make(clocks[i], SIGUSR1, (int)i);
        set(id, 0, millisecond, 0);
        CHECK_EQ(take(SIGUSR1).si_value.sival_int, (int)i);
        set(id, TIMER_ABSTIME, now(clocks[i]) + millisecond, 0);
        CHECK_EQ(take(SIGUSR1).si_value.sival_int, (int)i);
        set(id, TIMER_ABSTIME, 1, 0);
        CHECK_EQ(take(SIGUSR1).si_value.sival_int, (int)i);
        OK(delete(id));
    }
}

TEST(other_clocks_are_refused)
{
    timer_id id;
    const int refused[] = { CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, -5 };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK_ERRNO(create(refused[i], NULL, &id), EOPNOTSUPP);
    const int unknown[] = { 10, 12, 16, 99, -1, ~0xfffffff * 8 + 2 };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_ERRNO(create(unknown[i], NULL, &id), EINVAL);
}

TEST(a_user_has_no_alarm_clocks)
{
    FORK(user)
    {
        timer_id id;
        become(1000);
        CHECK_ERRNO(create(CLOCK_BOOTTIME_ALARM, NULL, &id), EPERM);
        CHECK_ERRNO(create(CLOCK_REALTIME_ALARM, NULL, &id), EPERM);
        struct timespec time = { 0, 1 };
        CHECK_ERRNO(sleep_on(CLOCK_REALTIME_ALARM, 0, &time, NULL), EPERM);
        CHECK_ERRNO(sleep_on(CLOCK_BOOTTIME_ALARM, TIMER_ABSTIME, &time, NULL), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(create_checks_its_arguments)
{
    timer_id id = -1;
    struct notice notice = { .signo = SIGUSR1, .notify = SIGEV_SIGNAL };
    CHECK_ERRNO(create(CLOCK_MONOTONIC, (struct notice *)8, &id), EFAULT);
    CHECK_ERRNO(create(CLOCK_MONOTONIC, &notice, (timer_id *)8), EFAULT);
    CHECK_ERRNO(create(99, (struct notice *)8, &id), EFAULT);
    const int signals[] = { 0, -1, 65 };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    {
        notice.signo = signals[i];
        CHECK_ERRNO(create(CLOCK_MONOTONIC, &notice, &id), EINVAL);
    }
    notice.signo = SIGUSR1;
    const int kinds[] = { 3, 5, 6, 8, -1 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    {
        notice.notify = kinds[i];
        CHECK_ERRNO(create(CLOCK_MONOTONIC, &notice, &id), EINVAL);
    }
    notice.notify = SIGEV_THREAD_ID;
    const int threads[] = { 0, -1, 0x3fffffff, getppid() };
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
    {
        notice.tid = threads[i];
        CHECK_ERRNO(create(CLOCK_MONOTONIC, &notice, &id), EINVAL);
    }
    CHECK_EQ(id, -1);
    notice.notify = SIGEV_NONE;
    notice.signo = 1234;
    OK(create(CLOCK_MONOTONIC, &notice, &id));
}

TEST(the_calls_check_their_arguments)
{
    struct itimerspec setting = { .it_value = { 1, 0 } };
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
    CHECK_ERRNO(set_raw(id, 0, NULL, NULL), EINVAL);
    CHECK_ERRNO(set_raw(id, 0, (struct itimerspec *)8, NULL), EFAULT);
    CHECK_ERRNO(set_raw(id + 1, 0, &setting, NULL), EINVAL);
    CHECK_ERRNO(set_raw(-1, 0, &setting, NULL), EINVAL);
    CHECK_ERRNO(set_raw(id, 0, &setting, (struct itimerspec *)8), EFAULT);
    CHECK(left(id) > 0);
    setting.it_value.tv_nsec = second;
    CHECK_ERRNO(set_raw(id, 0, &setting, NULL), EINVAL);
    setting.it_value = (struct timespec){ -1, 0 };
    CHECK_ERRNO(set_raw(id, 0, &setting, NULL), EINVAL);
    setting = (struct itimerspec){ .it_interval = { 0, -1 } };
    CHECK_ERRNO(set_raw(id, 0, &setting, NULL), EINVAL);
    CHECK_ERRNO(get(id, (struct itimerspec *)8), EFAULT);
    CHECK_ERRNO(get(id + 1, &setting), EINVAL);
    CHECK_ERRNO(overrun(id + 1), EINVAL);
    CHECK_ERRNO(delete(id + 1), EINVAL);
    OK(delete(id));
    CHECK_ERRNO(delete(id), EINVAL);
    CHECK_ERRNO(get(id, &setting), EINVAL);
}

TEST(settime_tells_the_setting_before)
{
    struct itimerspec old = { { 9, 9 }, { 9, 9 } };
    struct itimerspec setting = { .it_value = { 500, 0 }, .it_interval = { 7, 8 } };
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
    OK(set_raw(id, 0, &setting, &old));
    CHECK_EQ(old.it_value.tv_sec + old.it_value.tv_nsec + old.it_interval.tv_sec + old.it_interval.tv_nsec, 0);
    setting.it_value.tv_sec = 0;
    OK(set_raw(id, 0, &setting, &old));
    CHECK(old.it_value.tv_sec >= 490 && old.it_value.tv_sec <= 500);
    CHECK_EQ(old.it_interval.tv_sec, 7);
    CHECK_EQ(old.it_interval.tv_nsec, 8);
    OK(get(id, &old));
    CHECK_EQ(old.it_value.tv_sec + old.it_interval.tv_sec, 0);
}

TEST(a_periodic_timer_counts_what_nobody_took)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
    set(id, 0, 10 * millisecond, 10 * millisecond);
    nanosleep(&(struct timespec){ 0, 95 * millisecond }, NULL);
    siginfo_t info = take(SIGUSR1);
    CHECK(info.si_overrun >= 7);
    CHECK_EQ(overrun(id), info.si_overrun);
    info = take(SIGUSR1);
    CHECK(info.si_overrun <= overrun(id));
    set(id, 0, 0, 0);
    CHECK_EQ(overrun(id), 0);
}

TEST(a_period_of_a_nanosecond_has_millions_of_overruns)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
    set(id, 0, 1, 1);
    nanosleep(&(struct timespec){ 0, 5 * millisecond }, NULL);
    CHECK(take(SIGUSR1).si_overrun >= 4000000);
    struct itimerspec setting;
    OK(get(id, &setting));
    CHECK_EQ(setting.it_interval.tv_nsec, 1);
}

TEST(the_count_of_overruns_has_a_limit)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_REALTIME, SIGUSR1, 0);
    set(id, TIMER_ABSTIME, 1, 1);
    CHECK_EQ(take(SIGUSR1).si_overrun, 0x7fffffff);
    CHECK_EQ(overrun(id), 0x7fffffff);
}

TEST(two_timers_may_share_a_standard_signal)
{
    block(SIGUSR1);
    timer_id first = make(CLOCK_MONOTONIC, SIGUSR1, 1);
    timer_id next = make(CLOCK_MONOTONIC, SIGUSR1, 2);
    set(first, 0, 1, 0);
    EVENTUALLY(is_pending(SIGUSR1));
    set(next, 0, 1, 0);
    nanosleep(&(struct timespec){ 0, 20 * millisecond }, NULL);
    CHECK_EQ(take(SIGUSR1).si_value.sival_int, 1);
    CHECK(is_pending(SIGUSR1));
    CHECK_EQ(take(SIGUSR1).si_value.sival_int, 2);
    CHECK(!is_pending(SIGUSR1));
}

TEST(an_expiry_while_the_signal_is_pending_is_an_overrun)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 1);
    for (int i = 0; i < 3; i++)
    {
        set(id, 0, 1, 0);
        nanosleep(&(struct timespec){ 0, 10 * millisecond }, NULL);
    }
    CHECK_EQ(take(SIGUSR1).si_overrun, 2);
    CHECK(!is_pending(SIGUSR1));
}

TEST(a_timer_without_notice_only_counts_down)
{
    struct notice notice = { .notify = SIGEV_NONE };
    timer_id id;
    OK(create(CLOCK_MONOTONIC, &notice, &id));
    set(id, 0, 5 * millisecond, 0);
    CHECK(left(id) > 0);
    EVENTUALLY(left(id) == 0);
    set(id, 0, 5 * millisecond, 3 * millisecond);
    nanosleep(&(struct timespec){ 0, 12 * millisecond }, NULL);
    long rest = left(id);
    CHECK(rest > 0 && rest <= 3 * millisecond);
    CHECK_EQ(overrun(id), 0);
}

static pthread_barrier_t barrier;
static volatile pid_t other_tid;
static volatile int got;
static void *other_thread(UNUSED void *argument)
{
    block(SIGUSR1);
    other_tid = (pid_t)syscall(SYS_gettid);
    pthread_barrier_wait(&barrier);
    got = take(SIGUSR1).si_value.sival_int;
    pthread_barrier_wait(&barrier);
    return NULL;
}

TEST(a_thread_can_be_the_one_to_be_told)
{
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    CHECK_EQ(pthread_create(&thread, NULL, other_thread, NULL), 0);
    pthread_barrier_wait(&barrier);
    struct notice notice = { .signo = SIGUSR1, .notify = SIGEV_THREAD_ID, .tid = other_tid, .value.number = 31 };
    timer_id id;
    OK(create(CLOCK_MONOTONIC, &notice, &id));
    set(id, 0, millisecond, 0);
    pthread_barrier_wait(&barrier);
    CHECK_EQ(got, 31);
    pthread_join(thread, NULL);
    // Nobody is left to be told; the signal would end the process.
    set(id, 0, 1, millisecond);
    nanosleep(&(struct timespec){ 0, 20 * millisecond }, NULL);
    OK(delete(id));
}

TEST(an_ignored_signal_is_not_sent_and_comes_once_it_is_not)
{
    handle(SIGUSR1, SIG_IGN, 0);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 5);
    set(id, 0, 1, millisecond);
    nanosleep(&(struct timespec){ 0, 20 * millisecond }, NULL);
    CHECK(!is_pending(SIGUSR1));
    handle_info(SIGUSR1, remember, 0);
    EVENTUALLY(calls > 0);
    CHECK_EQ(last.si_value.sival_int, 5);
}

TEST(processor_time_of_the_process_and_the_thread_expire_by_work)
{
    const int clocks[] = { CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, -6, -2, -8, -7 };
    handle_info(SIGUSR1, remember, 0);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
    {
        calls = 0;
        timer_id id = make(clocks[i], SIGUSR1, (int)i);
        long start = now(clocks[i]);
        set(id, 0, 20 * millisecond, 0);
        CHECK(left(id) > 0);
        while (calls == 0)
            now(CLOCK_MONOTONIC);
        CHECK(now(clocks[i]) - start >= 19 * millisecond);
        CHECK_EQ(last.si_value.sival_int, (int)i);
        OK(delete(id));
    }
}

TEST(processor_time_does_not_pass_in_sleep)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_PROCESS_CPUTIME_ID, SIGUSR1, 0);
    set(id, 0, 60 * millisecond, 0);
    nanosleep(&(struct timespec){ 0, 150 * millisecond }, NULL);
    CHECK(!is_pending(SIGUSR1));
    burn(CLOCK_PROCESS_CPUTIME_ID, 70 * millisecond);
    take(SIGUSR1);
}

TEST(a_periodic_timer_of_processor_time_repeats)
{
    handle_info(SIGUSR1, remember, 0);
    timer_id id = make(CLOCK_THREAD_CPUTIME_ID, SIGUSR1, 0);
    set(id, 0, 10 * millisecond, 10 * millisecond);
    burn(CLOCK_THREAD_CPUTIME_ID, 100 * millisecond);
    CHECK(calls >= 3);
    struct itimerspec setting;
    OK(get(id, &setting));
    CHECK_EQ(setting.it_interval.tv_nsec, 10 * millisecond);
}

TEST(processor_time_of_a_child_can_be_waited_for)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pass_gate(&gate);
        for (;;)
            ;
    }
    int clock = ~child * 8 + 2;
    block(SIGUSR1);
    timer_id id = make(clock, SIGUSR1, 0);
    set(id, TIMER_ABSTIME, now(clock) + 20 * millisecond, 0);
    open_gate(&gate);
    take(SIGUSR1);
    CHECK(now(clock) >= 20 * millisecond);
    struct timespec more = { 0, 20 * millisecond };
    long start = now(clock);
    OK(sleep_on(clock, 0, &more, NULL));
    CHECK(now(clock) - start >= 20 * millisecond);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
    CHECK_ERRNO(syscall(SYS_clock_gettime, clock, &more), EINVAL);
    CHECK_ERRNO(sleep_on(clock, 0, &more, NULL), EINVAL);
}

static volatile bool is_done;
static void *burner(UNUSED void *argument)
{
    while (!is_done)
        ;
    return NULL;
}

TEST(sleeping_on_the_time_of_the_own_process_ends_by_the_work_of_others)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, burner, NULL), 0);
    long start = now(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec time = { 0, 40 * millisecond };
    OK(sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, &time, NULL));
    CHECK(now(CLOCK_PROCESS_CPUTIME_ID) - start >= 40 * millisecond);
    time = span(now(CLOCK_PROCESS_CPUTIME_ID) + 20 * millisecond);
    OK(sleep_on(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &time, NULL));
    is_done = true;
    pthread_join(thread, NULL);
}

TEST(an_interrupted_sleep_on_processor_time_tells_the_rest)
{
    handle_info(SIGALRM, remember, 0);
    timer_id id;
    OK(create(CLOCK_MONOTONIC, NULL, &id));
    set(id, 0, 30 * millisecond, 0);
    struct timespec time = { 50, 0 };
    struct timespec rest = { 0, 0 };
    CHECK_ERRNO(sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, &time, &rest), EINTR);
    CHECK(rest.tv_sec >= 48 && rest.tv_sec < 50);
    CHECK_EQ(calls, 1);
}

TEST(clocks_that_cannot_be_slept_on_are_refused)
{
    struct timespec time = { 0, 1 };
    CHECK_ERRNO(sleep_on(CLOCK_THREAD_CPUTIME_ID, 0, &time, NULL), EOPNOTSUPP);
    CHECK_ERRNO(sleep_on(CLOCK_MONOTONIC_RAW, 0, &time, NULL), EOPNOTSUPP);
    CHECK_ERRNO(sleep_on(CLOCK_REALTIME_COARSE, 0, &time, NULL), EOPNOTSUPP);
    CHECK_ERRNO(sleep_on(-2, 0, &time, NULL), EINVAL);
    CHECK_ERRNO(sleep_on(-1, 0, &time, NULL), EINVAL);
    CHECK_ERRNO(sleep_on(-5, 0, &time, NULL), EOPNOTSUPP);
    CHECK_ERRNO(sleep_on(12, 0, &time, NULL), EINVAL);
}

TEST(clocks_of_processor_time_have_a_resolution_and_cannot_be_set)
{
    struct timespec time;
    for (int id = -2; id >= -8; id--)
    {
        if (id == -5)
            continue;
        OK(syscall(SYS_clock_getres, id, &time));
        CHECK_EQ(time.tv_sec, 0);
        CHECK_EQ(time.tv_nsec, (id & 3) == 2 ? 1 : 4000000);
        CHECK_ERRNO(syscall(SYS_clock_settime, id, &time), EPERM);
    }
    CHECK_ERRNO(syscall(SYS_clock_getres, -1, &time), EINVAL);
    CHECK_ERRNO(syscall(SYS_clock_getres, -5, &time), EINVAL);
    CHECK_ERRNO(syscall(SYS_clock_settime, CLOCK_PROCESS_CPUTIME_ID, &time), EINVAL);
}

static void move_clock(long nanoseconds)
{
    struct timespec time = span(now(CLOCK_REALTIME) + nanoseconds);
    OK(clock_settime(CLOCK_REALTIME, &time));
}

TEST(a_clock_that_is_set_ends_absolute_sleeps_and_timers)
{
    block(SIGUSR1);
    timer_id absolute = make(CLOCK_REALTIME, SIGUSR1, 1);
    timer_id relative = make(CLOCK_REALTIME, SIGUSR1, 2);
    set(absolute, TIMER_ABSTIME, now(CLOCK_REALTIME) + 1000 * second, 0);
    set(relative, 0, 1000 * second, 0);
    struct timespec end = span(now(CLOCK_REALTIME) + 1000 * second);
    FORK(sleeper) OK(sleep_on(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL));
    EVENTUALLY(process_state(sleeper) == 'S');
    move_clock(2000 * second);
    CHECK_EQ(take(SIGUSR1).si_value.sival_int, 1);
    CHECK(left(relative) > 900 * second);
    CHECK_EXITS(sleeper, 0);
    move_clock(-2000 * second);
    CHECK(!is_pending(SIGUSR1));
}

TEST(a_clock_that_is_set_back_prolongs_absolute_sleeps)
{
    struct timespec end = span(now(CLOCK_REALTIME) + 100 * millisecond);
    FORK(sleeper) OK(sleep_on(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL));
    move_clock(-100 * second);
    nanosleep(&(struct timespec){ 0, 250 * millisecond }, NULL);
    CHECK_EQ(process_state(sleeper), 'S');
    move_clock(100 * second);
    CHECK_EXITS(sleeper, 0);
}

TEST(the_limit_of_pending_signals_limits_timers)
{
    FORK(user)
    {
        timer_id id;
        int count = 0;
        OK(syscall(SYS_setresuid, 1234, 1234, 1234));
        struct rlimit limit = { 20, 20 };
        OK(setrlimit(RLIMIT_SIGPENDING, &limit));
        while (create(CLOCK_MONOTONIC, NULL, &id) == 0)
            count++;
        CHECK_EQ(errno, EAGAIN);
        CHECK_EQ(count, 20);
        block(SIGRTMIN);
        CHECK_ERRNO(sigqueue(getpid(), SIGRTMIN, (union sigval){ 0 }), EAGAIN);
        OK(delete(id));
        OK(sigqueue(getpid(), SIGRTMIN, (union sigval){ 0 }));
        CHECK_ERRNO(create(CLOCK_MONOTONIC, NULL, &id), EAGAIN);
        take(SIGRTMIN);
        OK(create(CLOCK_MONOTONIC, NULL, &id));
    }
    CHECK_EXITS(user, 0);
}

TEST(a_child_has_none_of_its_parents_timers)
{
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
    set(id, 0, 1000 * second, 0);
    FORK(child)
    {
        struct itimerspec setting;
        CHECK_ERRNO(get(id, &setting), EINVAL);
    }
    CHECK_EXITS(child, 0);
    CHECK(left(id) > 0);
}

HELPER(after_exec)
{
    struct itimerspec setting;
    sigset_t set;
    CHECK_ERRNO(get(0, &setting), EINVAL);
    CHECK_ERRNO(get(1, &setting), EINVAL);
    OK(sigpending(&set));
    // What the timer had sent is gone with it, what somebody else has sent is not.
    return sigismember(&set, SIGUSR1) == 0 && sigismember(&set, SIGUSR2) == 1 ? 0 : 1;
}

TEST(a_new_program_has_no_timers)
{
    FORK(child)
    {
        block(SIGUSR1);
        block(SIGUSR2);
        timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 0);
        set(id, 0, 1, millisecond);
        EVENTUALLY(is_pending(SIGUSR1));
        OK(raise(SIGUSR2));
        execl(check_self, check_self, "--helper", "after_exec", (char *)NULL);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_deleted_timers_signal_still_arrives)
{
    block(SIGUSR1);
    timer_id id = make(CLOCK_MONOTONIC, SIGUSR1, 8);
    set(id, 0, 1, millisecond);
    EVENTUALLY(is_pending(SIGUSR1));
    OK(delete(id));
    CHECK_EQ(take(SIGUSR1).si_value.sival_int, 8);
    nanosleep(&(struct timespec){ 0, 20 * millisecond }, NULL);
    CHECK(!is_pending(SIGUSR1));
}

TEST(proc_lists_the_timers)
{
    char text[1024];
    char wanted[512];
    int own = getpid();
    timer_id first = make(CLOCK_MONOTONIC, SIGUSR1, 0x1234);
    struct notice none = { .notify = SIGEV_NONE, .value.number = 7 };
    timer_id next;
    OK(create(CLOCK_PROCESS_CPUTIME_ID, &none, &next));
    struct notice thread = { .notify = SIGEV_THREAD_ID, .signo = SIGUSR2, .tid = own };
    timer_id third;
    OK(create(CLOCK_REALTIME, &thread, &third));
    read_file("/proc/self/timers", text, sizeof text);
    snprintf(wanted, sizeof wanted,
             "ID: %d\nsignal: 12/0000000000000000\nnotify: signal/tid.%d\nClockID: 0\n"
             "ID: %d\nsignal: 0/0000000000000007\nnotify: none/pid.%d\nClockID: -6\n"
             "ID: %d\nsignal: 10/0000000000001234\nnotify: signal/pid.%d\nClockID: 1\n",
             third, own, next, own, first, own);
    CHECK_STR(text, wanted);
}

TEST(a_thousand_timers_expire_and_are_deleted)
{
    enum { COUNT = 1000 };
    static timer_id ids[COUNT];
    block(SIGRTMIN);
    for (int i = 0; i < COUNT; i++)
        ids[i] = make(CLOCK_MONOTONIC, SIGRTMIN, i);
    long soon = now(CLOCK_MONOTONIC) + 20 * millisecond;
    for (int i = 0; i < COUNT; i++)
        set(ids[i], TIMER_ABSTIME, soon, 0);
    for (int i = 0; i < COUNT; i++)
        take(SIGRTMIN);
    CHECK(!is_pending(SIGRTMIN));
    for (int i = 0; i < COUNT; i += 2)
        OK(delete(ids[i]));
    // The end of the process deletes the others.
}
