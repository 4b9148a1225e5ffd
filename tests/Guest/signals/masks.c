// sigprocmask(2), sigpending(2), sigsuspend(2), sigtimedwait(2), sigaltstack(2).
#include "check.h"
#include <ucontext.h>

static volatile sig_atomic_t calls;
static volatile int order[8];
static void count(int signo) { order[calls++ & 7] = signo; }

static sigset_t set_of(int first, int second)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, first);
    if (second != 0)
        sigaddset(&set, second);
    return set;
}

TEST(block_unblock_and_set_combine_as_named)
{
    sigset_t usr1 = set_of(SIGUSR1, 0);
    sigset_t usr2 = set_of(SIGUSR2, 0);
    sigset_t old;
    OK(sigprocmask(SIG_SETMASK, &usr1, NULL));
    OK(sigprocmask(SIG_BLOCK, &usr2, &old));
    CHECK(sigismember(&old, SIGUSR1) && !sigismember(&old, SIGUSR2));
    OK(sigprocmask(SIG_UNBLOCK, &usr1, &old));
    CHECK(sigismember(&old, SIGUSR1) && sigismember(&old, SIGUSR2));
    OK(sigprocmask(SIG_SETMASK, &usr1, &old));
    CHECK(!sigismember(&old, SIGUSR1) && sigismember(&old, SIGUSR2));
}

TEST(bit_zero_of_the_mask_is_signal_one)
{
    uint64_t mask = 1ull << (SIGTERM - 1);
    uint64_t got[2] = { 0, 0x5555555555555555 };
    OK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8));
    OK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, got, 8));
    CHECK_EQ(got[0], mask);
    // Eight bytes and no more are written.
    CHECK_EQ(got[1], 0x5555555555555555);
}

TEST(sigprocmask_checks_its_arguments)
{
    uint64_t mask = 0;
    CHECK_ERRNO(syscall(SYS_rt_sigprocmask, 99, &mask, NULL, 8), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 128), EINVAL);
    // Without a new set the operation is not looked at.
    OK(syscall(SYS_rt_sigprocmask, 99, NULL, &mask, 8));
}

TEST(a_blocked_signal_waits_and_arrives_when_unblocked)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    raise(SIGUSR1);
    CHECK_EQ(calls, 0);
    sigset_t pending;
    OK(sigpending(&pending));
    CHECK(sigismember(&pending, SIGUSR1));
    unblock(SIGUSR1);
    CHECK_EQ(calls, 1);
    OK(sigpending(&pending));
    CHECK(!sigismember(&pending, SIGUSR1));
}

TEST(a_standard_signal_is_pending_at_most_once)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    for (int i = 0; i < 5; i++)
        raise(SIGUSR1);
    unblock(SIGUSR1);
    CHECK_EQ(calls, 1);
}

TEST(several_pending_signals_are_all_delivered)
{
    sigset_t both = set_of(SIGUSR1, SIGHUP);
    handle(SIGUSR1, count, 0);
    handle(SIGHUP, count, 0);
    OK(sigprocmask(SIG_BLOCK, &both, NULL));
    raise(SIGUSR1);
    raise(SIGHUP);
    OK(sigprocmask(SIG_UNBLOCK, &both, NULL));
    CHECK_EQ(calls, 2);
    // Linux sets up the frames in ascending order, so the handler of the higher number runs first.
    CHECK_EQ(order[0], SIGUSR1);
    CHECK_EQ(order[1], SIGHUP);
}

TEST(a_blocked_signal_with_default_action_kills_when_unblocked)
{
    FORK(child)
    {
        block(SIGTERM);
        raise(SIGTERM);
        unblock(SIGTERM);
        _exit(1);
    }
    CHECK_KILLED(child, SIGTERM);
}

TEST(sigsuspend_waits_with_another_mask_and_restores_the_first)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    raise(SIGUSR1);
    sigset_t nothing;
    sigset_t mask;
    sigemptyset(&nothing);
    CHECK_ERRNO(sigsuspend(&nothing), EINTR);
    CHECK_EQ(calls, 1);
    OK(sigprocmask(SIG_BLOCK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR1));
}

TEST(sigtimedwait_takes_a_pending_signal_without_a_handler)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    raise(SIGUSR1);
    sigset_t set = set_of(SIGUSR1, 0);
    siginfo_t info;
    CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){ 5, 0 }), SIGUSR1);
    CHECK_EQ(info.si_signo, SIGUSR1);
    CHECK_EQ(info.si_pid, getpid());
    unblock(SIGUSR1);
    CHECK_EQ(calls, 0);
}

TEST(sigtimedwait_times_out_with_eagain)
{
    block(SIGUSR1);
    sigset_t set = set_of(SIGUSR1, 0);
    CHECK_ERRNO(sigtimedwait(&set, NULL, &(struct timespec){ 0, 0 }), EAGAIN);
    CHECK_ERRNO(sigtimedwait(&set, NULL, &(struct timespec){ 0, 20000000 }), EAGAIN);
    CHECK_ERRNO(sigtimedwait(&set, NULL, &(struct timespec){ 0, 1000000000 }), EINVAL);
}

TEST(sigwaitinfo_is_woken_by_another_process)
{
    block(SIGUSR1);
    pid_t parent = getpid();
    FORK(child)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(kill(parent, SIGUSR1));
    }
    sigset_t set = set_of(SIGUSR1, 0);
    siginfo_t info;
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK_EQ(info.si_pid, child);
    CHECK_EXITS(child, 0);
}

static char alternate[65536] __attribute__((aligned(16)));
static volatile uintptr_t address_in_handler;
static volatile int flags_in_handler;
static volatile int change_in_handler;

static void look(UNUSED int signo)
{
    stack_t stack;
    int local;
    address_in_handler = (uintptr_t)&local;
    sigaltstack(NULL, &stack);
    flags_in_handler = stack.ss_flags;
    stack_t other = { .ss_sp = alternate, .ss_size = sizeof alternate };
    change_in_handler = sigaltstack(&other, NULL) == 0 ? 0 : errno;
}

TEST(sa_onstack_runs_the_handler_on_the_alternate_stack)
{
    OK(sigaltstack(&(stack_t){ .ss_sp = alternate, .ss_size = sizeof alternate }, NULL));
    handle(SIGUSR1, look, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK(address_in_handler > (uintptr_t)alternate);
    CHECK(address_in_handler < (uintptr_t)alternate + sizeof alternate);
    CHECK_EQ(flags_in_handler, SS_ONSTACK);
    CHECK_EQ(change_in_handler, EPERM);
    stack_t stack;
    OK(sigaltstack(NULL, &stack));
    CHECK_EQ(stack.ss_flags, 0);
    CHECK_EQ(stack.ss_size, sizeof alternate);
    CHECK(stack.ss_sp == alternate);
}

TEST(without_sa_onstack_the_alternate_stack_is_not_used)
{
    OK(sigaltstack(&(stack_t){ .ss_sp = alternate, .ss_size = sizeof alternate }, NULL));
    handle(SIGUSR1, look, 0);
    raise(SIGUSR1);
    CHECK(address_in_handler < (uintptr_t)alternate
          || address_in_handler >= (uintptr_t)alternate + sizeof alternate);
}

TEST(sigaltstack_checks_its_arguments)
{
    CHECK_ERRNO(syscall(SYS_sigaltstack, &(stack_t){ .ss_sp = alternate, .ss_size = 100 }, NULL), ENOMEM);
    CHECK_ERRNO(syscall(SYS_sigaltstack, &(stack_t){ .ss_sp = alternate, .ss_size = 65536, .ss_flags = 0x44 },
                        NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_sigaltstack, 8, NULL), EFAULT);
    stack_t stack;
    OK(sigaltstack(NULL, &stack));
    CHECK_EQ(stack.ss_flags, SS_DISABLE);
}

static void leave(UNUSED int signo) { _exit(33); }

static int overflow(int frames)
{
    volatile char frame[4096];
    frame[0] = (char)frames;
    return frames == 0 ? 0 : overflow(frames - 1) + frame[0];
}

TEST(a_stack_overflow_can_be_handled_on_the_alternate_stack)
{
    FORK(child)
    {
        OK(sigaltstack(&(stack_t){ .ss_sp = alternate, .ss_size = sizeof alternate }, NULL));
        handle(SIGSEGV, leave, SA_ONSTACK);
        _exit(overflow(1 << 30));
    }
    CHECK_EXITS(child, 33);
}

TEST(a_stack_overflow_without_an_alternate_stack_kills_by_sigsegv)
{
    FORK(child)
    {
        handle(SIGSEGV, leave, 0);
        _exit(overflow(1 << 30));
    }
    CHECK_KILLED(child, SIGSEGV);
}

TEST(sigreturn_restores_the_mask_that_was_interrupted)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR2);
    raise(SIGUSR1);
    sigset_t mask;
    OK(sigprocmask(SIG_BLOCK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR2));
    CHECK(!sigismember(&mask, SIGUSR1));
}

TEST(real_time_signals_queue_in_order_with_their_values)
{
    sigset_t set = set_of(SIGRTMIN, SIGRTMIN + 1);
    OK(sigprocmask(SIG_BLOCK, &set, NULL));
    for (int i = 0; i < 3; i++)
    {
        OK(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 10 + i }));
        OK(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i }));
    }
    for (int i = 0; i < 6; i++)
    {
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), i < 3 ? SIGRTMIN : SIGRTMIN + 1);
        CHECK_EQ(info.si_value.sival_int, i < 3 ? i : 10 + i - 3);
    }
}
