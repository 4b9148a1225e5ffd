// signal(7), "Queueing and delivery semantics for real-time signals", and rt_sigqueueinfo(2).
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

static long queue_to(pid_t pid, int signo, int code, int value)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = 63;
    info.si_code = code;
    info.si_pid = 4242;
    info.si_uid = 77;
    info.si_value.sival_int = value;
    return syscall(SYS_rt_sigqueueinfo, pid, signo, &info);
}

static long queue_to_thread(pid_t pid, pid_t tid, int signo, int code)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = code;
    return syscall(SYS_rt_tgsigqueueinfo, pid, tid, signo, &info);
}

static siginfo_t take(int signo)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, signo);
    OK(sigtimedwait(&set, &info, &(struct timespec){ 0, 0 }));
    return info;
}

static pid_t sleeper(void)
{
    FORK(child)
        for (;;)
            pause();
    return child;
}

TEST(a_process_may_queue_anything_to_itself)
{
    block(SIGUSR1);
    static const int codes[] = { SI_QUEUE, SI_USER, SI_TKILL, 0x80, 1, 77, -60, SI_TIMER };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    {
        OK(queue_to(getpid(), SIGUSR1, codes[i], 9));
        siginfo_t info = take(SIGUSR1);
        // The number is the argument's.
        CHECK_EQ(info.si_signo, SIGUSR1);
        CHECK_EQ(info.si_code, codes[i]);
        CHECK_EQ(info.si_pid, 4242);
        CHECK_EQ(info.si_uid, 77);
    }
}

TEST(only_negative_codes_other_than_si_tkill_go_to_others)
{
    pid_t other = sleeper();
    CHECK_ERRNO(queue_to(other, SIGWINCH, SI_USER, 0), EPERM);
    CHECK_ERRNO(queue_to(other, SIGWINCH, 0x80, 0), EPERM);
    CHECK_ERRNO(queue_to(other, SIGWINCH, SI_TKILL, 0), EPERM);
    CHECK_ERRNO(queue_to(other, 0, SI_USER, 0), EPERM);
    OK(queue_to(other, SIGWINCH, SI_QUEUE, 0));
    OK(queue_to(other, SIGWINCH, -77, 0));
    OK(queue_to(other, 0, SI_QUEUE, 0));
    CHECK_ERRNO(queue_to(other, 65, SI_QUEUE, 0), EINVAL);
    CHECK_ERRNO(queue_to(other, -1, SI_QUEUE, 0), EINVAL);
    CHECK_ERRNO(queue_to(0x3ffffff, SIGWINCH, SI_QUEUE, 0), ESRCH);
    CHECK_ERRNO(syscall(SYS_rt_sigqueueinfo, other, SIGWINCH, NULL), EFAULT);
    CHECK_ERRNO(queue_to_thread(other, other, SIGWINCH, SI_USER), EPERM);
    CHECK_ERRNO(queue_to_thread(other, other, SIGWINCH, SI_TKILL), EPERM);
    OK(queue_to_thread(other, other, SIGWINCH, SI_QUEUE));
    CHECK_ERRNO(queue_to_thread(other, 0, SIGWINCH, SI_QUEUE), EINVAL);
    CHECK_ERRNO(queue_to_thread(0, other, SIGWINCH, SI_QUEUE), EINVAL);
    CHECK_ERRNO(queue_to_thread(getpid(), other, SIGWINCH, SI_QUEUE), ESRCH);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(queue_to(other, SIGWINCH, SI_QUEUE, 0), EPERM);
        CHECK_ERRNO(queue_to_thread(other, other, 0, SI_QUEUE), EPERM);
    }
    CHECK_EXITS(user, 0);
    OK(kill(other, SIGKILL));
    CHECK_KILLED(other, SIGKILL);
}

static int order[32];
static volatile sig_atomic_t arrived;
static int values[32];

static void arrive(int signo, siginfo_t *info, UNUSED void *context)
{
    values[arrived] = info->si_value.sival_int;
    order[arrived++] = signo;
}

TEST(lower_numbers_come_first_and_each_in_its_own_order)
{
    static const int sent[] = { 40, SIGUSR2, 36, 40, SIGUSR1, 36, SIGUSR2, 34 + 20 };
    static const int wanted[] = { SIGUSR1, SIGUSR2, 36, 36, 40, 40, 54 };
    sigset_t all, old, none;
    sigfillset(&all);
    sigemptyset(&none);
    OK(sigprocmask(SIG_SETMASK, &all, &old));
    for (int i = 0; i < 8; i++)
    {
        struct sigaction action = { .sa_sigaction = arrive, .sa_flags = SA_SIGINFO, .sa_mask = all };
        OK(sigaction(sent[i], &action, NULL));
        OK(queue_to(getpid(), sent[i], SI_QUEUE, i));
    }
    OK(sigprocmask(SIG_SETMASK, &none, NULL));
    CHECK_EQ(arrived, 7);
    for (int i = 0; i < 7; i++)
        CHECK_EQ(order[i], wanted[i]);
    CHECK_EQ(values[1], 1);
    CHECK_EQ(values[2], 2);
    CHECK_EQ(values[3], 5);
    CHECK_EQ(values[4], 0);
    CHECK_EQ(values[5], 3);
}

TEST(without_masks_the_last_handler_that_is_set_up_runs_first)
{
    // All pending ones get their frames at once; the highest number is on top.
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    OK(sigprocmask(SIG_SETMASK, &all, NULL));
    for (int signo = 40; signo < 43; signo++)
    {
        handle_info(signo, arrive, 0);
        OK(queue_to(getpid(), signo, SI_QUEUE, 0));
    }
    OK(sigprocmask(SIG_SETMASK, &none, NULL));
    CHECK_EQ(arrived, 3);
    CHECK_EQ(order[0], 42);
    CHECK_EQ(order[2], 40);
}

TEST(the_limit_of_pending_signals_is_eagain_for_queued_ones)
{
    OK(setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){ 3, 3 }));
    // As another user, so that nobody else's signals count.
    become(54331);
    block(40);
    block(SIGUSR1);
    block(SIGUSR2);
    for (int i = 0; i < 3; i++)
        OK(queue_to(getpid(), 40, SI_QUEUE, i));
    CHECK_ERRNO(queue_to(getpid(), 40, SI_QUEUE, 3), EAGAIN);
    CHECK_ERRNO(queue_to(getpid(), 41, SI_QUEUE, 3), EAGAIN);
    // A standard signal gets through, even without its information.
    OK(queue_to(getpid(), SIGUSR2, SI_QUEUE, 5));
    siginfo_t info = take(SIGUSR2);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_value.sival_int, 0);
    OK(kill(getpid(), SIGUSR1));
    info = take(SIGUSR1);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, getpid());
}

TEST(kill_of_a_real_time_signal_beyond_the_limit_loses_what_it_says)
{
    OK(setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){ 1, 1 }));
    become(54332);
    block(40);
    block(41);
    OK(queue_to(getpid(), 40, SI_QUEUE, 1));
    OK(kill(getpid(), 41));
    OK(kill(getpid(), 41));
    siginfo_t info = take(41);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, 0);
    sigset_t pending;
    OK(sigpending(&pending));
    CHECK(!sigismember(&pending, 41));
    CHECK(sigismember(&pending, 40));
    CHECK_EQ(take(40).si_value.sival_int, 1);
    OK(queue_to(getpid(), 40, SI_QUEUE, 2));
    CHECK_EQ(take(40).si_value.sival_int, 2);
}

static void *send_to_main(UNUSED void *argument)
{
    OK(queue_to_thread(getpid(), getpid(), 40, SI_QUEUE));
    // The rule asks for the very thread, not for the process.
    CHECK_ERRNO(queue_to_thread(getpid(), getpid(), 41, SI_USER), EPERM);
    CHECK_ERRNO(queue_to(getpid(), 41, SI_TKILL, 0), EPERM);
    return NULL;
}

TEST(a_thread_is_another_than_the_first)
{
    block(40);
    block(41);
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, send_to_main, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(take(40).si_code, SI_QUEUE);
}

TEST(sigtimedwait_takes_the_lowest_and_checks_its_arguments)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    static const int sent[] = { 45, SIGUSR2, SIGHUP, 40 };
    static const int wanted[] = { SIGHUP, SIGUSR2, 40, 45 };
    for (int i = 0; i < 4; i++)
    {
        sigaddset(&set, sent[i]);
        block(sent[i]);
        OK(kill(getpid(), sent[i]));
    }
    for (int i = 0; i < 4; i++)
        CHECK_EQ(OK(sigwaitinfo(&set, &info)), wanted[i]);
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){ 0, 1000000000 }), EINVAL);
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){ -1, 0 }), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, NULL, &info, NULL, 8), EFAULT);
    OK(kill(getpid(), SIGHUP));
    CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, (void *)8, NULL, 8), EFAULT);
    // That took it all the same.
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){ 0, 0 }), EAGAIN);
}

TEST(a_threads_own_signals_come_before_those_of_the_process)
{
    block(SIGUSR1);
    block(SIGHUP);
    OK(kill(getpid(), SIGHUP));
    OK(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGHUP);
    CHECK_EQ(OK(sigwaitinfo(&set, &info)), SIGUSR1);
    CHECK_EQ(OK(sigwaitinfo(&set, &info)), SIGHUP);
}

TEST(pending_signals_are_not_inherited)
{
    block(SIGUSR1);
    OK(kill(getpid(), SIGUSR1));
    FORK(child)
    {
        sigset_t pending;
        OK(sigpending(&pending));
        CHECK(!sigismember(&pending, SIGUSR1));
    }
    CHECK_EXITS(child, 0);
}
