// signal(7), "Standard signals": what happens when nobody has asked for anything else.
#include "check.h"

static const int terminating[] = { SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2,
                                   SIGPROF, SIGVTALRM, SIGSTKFLT, SIGIO, SIGPWR, 32, 40, 64 };
static const int core_dumping[] = { SIGQUIT, SIGILL, SIGABRT, SIGFPE, SIGSEGV, SIGBUS, SIGSYS, SIGTRAP,
                                    SIGXCPU, SIGXFSZ };
static const int ignored[] = { SIGCHLD, SIGCONT, SIGURG, SIGWINCH };
static const int stopping[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void busy(void)
{
    for (volatile unsigned long turns = 0;; turns++)
        continue;
}

TEST(terminating_signals_end_a_sleeping_process)
{
    for (size_t i = 0; i < COUNT(terminating); i++)
    {
        FORK(child)
            for (;;)
                pause();
        OK(kill(child, terminating[i]));
        CHECK_EQ(STATUS_OF(child), terminating[i]);
    }
}

TEST(terminating_signals_end_a_process_that_makes_no_system_calls)
{
    for (size_t i = 0; i < COUNT(terminating); i++)
    {
        struct gate gate = new_gate();
        FORK(child)
        {
            open_gate(&gate);
            busy();
        }
        pass_gate(&gate);
        OK(kill(child, terminating[i]));
        CHECK_EQ(STATUS_OF(child), terminating[i]);
    }
}

TEST(core_dumping_signals_end_the_process)
{
    for (size_t i = 0; i < COUNT(core_dumping); i++)
    {
        FORK(child)
            for (;;)
                pause();
        OK(kill(child, core_dumping[i]));
        CHECK_KILLED(child, core_dumping[i]);
    }
}

TEST(ignored_signals_do_nothing)
{
    for (size_t i = 0; i < COUNT(ignored); i++)
        raise(ignored[i]);
}

TEST(stopping_signals_stop_and_sigcont_continues)
{
    for (size_t i = 0; i < COUNT(stopping); i++)
    {
        struct gate gate = new_gate();
        FORK(child)
        {
            // Not orphaned: the parent is in the same session but in another group.
            OK(setpgid(0, 0));
            open_gate(&gate);
            busy();
        }
        pass_gate(&gate);
        OK(kill(child, stopping[i]));
        CHECK_STOPS(child, stopping[i]);
        CHECK_EQ(process_state(child), 'T');
        OK(kill(child, SIGCONT));
        CHECK_EQ(check_wait(__FILE__, __LINE__, child, WCONTINUED), 0xffff);
        OK(kill(child, SIGKILL));
        CHECK_KILLED(child, SIGKILL);
    }
}

TEST(a_stopped_process_dies_of_sigkill_without_being_continued)
{
    FORK(child)
        for (;;)
            pause();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(a_stopped_process_gets_other_signals_only_when_continued)
{
    FORK(child)
        for (;;)
            pause();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGTERM));
    for (int i = 0; i < 20; i++)
        sched_yield();
    CHECK_EQ(process_state(child), 'T');
    OK(kill(child, SIGCONT));
    CHECK_KILLED(child, SIGTERM);
}

TEST(sigcont_continues_even_when_ignored_or_blocked)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        handle(SIGCONT, SIG_IGN, 0);
        block(SIGCONT);
        raise(SIGSTOP);
        open_gate(&gate);
    }
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGCONT));
    pass_gate(&gate);
    CHECK_EXITS(child, 0);
}

TEST(sigcont_discards_a_pending_stop_and_the_other_way_round)
{
    block(SIGTSTP);
    block(SIGCONT);
    sigset_t pending;
    raise(SIGTSTP);
    raise(SIGCONT);
    OK(sigpending(&pending));
    CHECK(!sigismember(&pending, SIGTSTP));
    CHECK(sigismember(&pending, SIGCONT));
    raise(SIGTSTP);
    OK(sigpending(&pending));
    CHECK(sigismember(&pending, SIGTSTP));
    CHECK(!sigismember(&pending, SIGCONT));
    handle(SIGTSTP, SIG_IGN, 0);
}

TEST(sigkill_and_sigstop_cannot_be_caught_ignored_or_blocked)
{
    static const int two[] = { SIGKILL, SIGSTOP };
    for (int i = 0; i < 2; i++)
    {
        struct sigaction action = { .sa_handler = SIG_IGN };
        CHECK_ERRNO(sigaction(two[i], &action, NULL), EINVAL);
        sigset_t set;
        sigfillset(&set);
        OK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8));
        OK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &set, 8));
        CHECK(!sigismember(&set, two[i]));
    }
    FORK(child)
        raise(SIGKILL);
    CHECK_KILLED(child, SIGKILL);
}

TEST(kill_checks_its_arguments)
{
    CHECK_ERRNO(kill(getpid(), 65), EINVAL);
    CHECK_ERRNO(kill(getpid(), -1), EINVAL);
    CHECK_ERRNO(kill(0x3ffffff, SIGTERM), ESRCH);
    CHECK_ERRNO(kill(-0x3ffffff, 0), ESRCH);
    CHECK_EQ(kill(getpid(), 0), 0);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), getpid(), 65), EINVAL);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), -1, SIGTERM), EINVAL);
    CHECK_ERRNO(syscall(SYS_tgkill, getppid(), getpid(), 0), ESRCH);
}

TEST(abort_kills_even_when_sigabrt_is_ignored_and_blocked)
{
    FORK(child)
    {
        handle(SIGABRT, SIG_IGN, 0);
        block(SIGABRT);
        abort();
    }
    CHECK_KILLED(child, SIGABRT);
}

TEST(a_process_of_two_million_sleeps_dies_at_once)
{
    FORK(child)
        nanosleep(&(struct timespec){ 2000000, 0 }, NULL);
    EVENTUALLY(process_state(child) == 'S');
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}
