// sigaction(2): how a handler is called, and what the flags change.
#include "check.h"
#include <setjmp.h>
#include <ucontext.h>

static volatile sig_atomic_t calls;
static volatile int order[8];
static volatile siginfo_t seen;

static void count(int signo) { order[calls++ & 7] = signo; }

static void remember(UNUSED int signo, siginfo_t *info, UNUSED void *context)
{
    seen = *info;
    calls++;
}

TEST(a_handler_gets_the_signal_number)
{
    handle(SIGUSR1, count, 0);
    raise(SIGUSR1);
    CHECK_EQ(calls, 1);
    CHECK_EQ(order[0], SIGUSR1);
}

TEST(a_handler_stays_installed)
{
    handle(SIGUSR1, count, 0);
    for (int i = 0; i < 5; i++)
        raise(SIGUSR1);
    CHECK_EQ(calls, 5);
}

TEST(sa_resethand_calls_once_and_then_the_default_acts)
{
    handle(SIGUSR1, count, SA_RESETHAND);
    raise(SIGUSR1);
    CHECK_EQ(calls, 1);
    struct sigaction action;
    OK(sigaction(SIGUSR1, NULL, &action));
    CHECK(action.sa_handler == SIG_DFL);
}

TEST(sigaction_returns_what_was_installed)
{
    struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART | SA_NODEFER };
    struct sigaction old;
    sigaddset(&action.sa_mask, SIGUSR2);
    OK(sigaction(SIGUSR1, &action, &old));
    CHECK(old.sa_handler == SIG_DFL);
    OK(sigaction(SIGUSR1, NULL, &old));
    CHECK(old.sa_handler == count);
    CHECK_EQ(old.sa_flags & (SA_RESTART | SA_NODEFER | SA_SIGINFO), SA_RESTART | SA_NODEFER);
    CHECK(sigismember(&old.sa_mask, SIGUSR2));
    CHECK(!sigismember(&old.sa_mask, SIGUSR1));
}

TEST(sigaction_checks_signal_number_and_size)
{
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } raw = { 0 };
    CHECK_ERRNO(syscall(SYS_rt_sigaction, 0, &raw, NULL, 8), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, 65, &raw, NULL, 8), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, -1, NULL, NULL, 8), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, &raw, NULL, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, 8, NULL, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, NULL, 8, 8), EFAULT);
    OK(syscall(SYS_rt_sigaction, 32, &raw, NULL, 8));
}

static volatile int depth;
static volatile int deepest;

static void nest(int signo)
{
    if (++depth > deepest)
        deepest = depth;
    if (calls++ < 3)
        raise(signo);
    depth--;
}

TEST(a_signal_is_blocked_while_its_handler_runs)
{
    handle(SIGUSR1, nest, 0);
    raise(SIGUSR1);
    CHECK_EQ(calls, 4);
    CHECK_EQ(deepest, 1);
}

TEST(sa_nodefer_lets_a_handler_interrupt_itself)
{
    handle(SIGUSR1, nest, SA_NODEFER);
    raise(SIGUSR1);
    CHECK_EQ(calls, 4);
    CHECK_EQ(deepest, 4);
}

static volatile int usr2_during_usr1;

static void raise_usr2(UNUSED int signo)
{
    raise(SIGUSR2);
    usr2_during_usr1 = calls;
}

TEST(sa_mask_blocks_others_during_the_handler_only)
{
    struct sigaction action = { .sa_handler = raise_usr2 };
    handle(SIGUSR2, count, 0);
    sigaddset(&action.sa_mask, SIGUSR2);
    OK(sigaction(SIGUSR1, &action, NULL));
    raise(SIGUSR1);
    CHECK_EQ(usr2_during_usr1, 0);
    CHECK_EQ(calls, 1);
    sigset_t mask;
    OK(sigprocmask(SIG_BLOCK, NULL, &mask));
    CHECK(!sigismember(&mask, SIGUSR1));
    CHECK(!sigismember(&mask, SIGUSR2));
}

TEST(without_sa_mask_another_handler_interrupts_a_handler)
{
    handle(SIGUSR1, raise_usr2, 0);
    handle(SIGUSR2, count, 0);
    raise(SIGUSR1);
    CHECK_EQ(usr2_during_usr1, 1);
}

TEST(kill_tells_the_sender)
{
    handle_info(SIGUSR1, remember, 0);
    pid_t parent = getpid();
    FORK(child)
    {
        OK(setuid(1234));
        // Root's process cannot be signaled by another user; so only check the failure here.
        CHECK_ERRNO(kill(parent, SIGUSR1), EPERM);
    }
    CHECK_EXITS(child, 0);
    FORK(sender)
        OK(kill(parent, SIGUSR1));
    CHECK_EXITS(sender, 0);
    CHECK_EQ(calls, 1);
    CHECK_EQ(seen.si_signo, SIGUSR1);
    CHECK_EQ(seen.si_code, SI_USER);
    CHECK_EQ(seen.si_pid, sender);
    CHECK_EQ(seen.si_uid, getuid());
}

TEST(tgkill_and_sigqueue_have_their_own_codes)
{
    handle_info(SIGUSR1, remember, 0);
    OK(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
    CHECK_EQ(seen.si_code, SI_TKILL);
    CHECK_EQ(seen.si_pid, getpid());
    OK(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 4711 }));
    CHECK_EQ(seen.si_code, SI_QUEUE);
    CHECK_EQ(seen.si_value.sival_int, 4711);
}

static jmp_buf escape;
static void jump(UNUSED int signo) { siglongjmp(escape, 1); }

TEST(siglongjmp_leaves_a_handler_and_restores_the_mask)
{
    handle(SIGUSR1, jump, 0);
    for (volatile int i = 0; i < 3; i++)
    {
        if (sigsetjmp(escape, 1) == 0)
        {
            raise(SIGUSR1);
            FAIL("raise returned although the handler jumped");
        }
        calls++;
    }
    CHECK_EQ(calls, 3);
}

static volatile uintptr_t handler_stack;

static void look_at_stack(UNUSED int signo)
{
    handler_stack = (uintptr_t)__builtin_frame_address(0);
}

TEST(the_stack_of_a_handler_is_aligned)
{
    handle(SIGUSR1, look_at_stack, 0);
    // The frame address is rbp after the push: 16-aligned when rsp was at the call.
    for (int shift = 0; shift < 4; shift++)
    {
        __asm__ volatile("" : : "r"(__builtin_alloca((size_t)shift * 8 + 1)));
        raise(SIGUSR1);
        CHECK_EQ(handler_stack % 16, 0);
    }
}

TEST(the_red_zone_below_the_stack_pointer_survives_a_handler)
{
    handle(SIGUSR1, count, 0);
    long pid = getpid();
    long intact;
    __asm__ volatile("movq $0x1122334455667788, %%rcx\n"
                     "movq %%rcx, -8(%%rsp)\n"
                     "movq %%rcx, -128(%%rsp)\n"
                     "movl %[call], %%eax\n"
                     "movq %[pid], %%rdi\n"
                     "movl %[signo], %%esi\n"
                     "syscall\n"
                     "movq $0x1122334455667788, %%rcx\n"
                     "xorl %%eax, %%eax\n"
                     "cmpq %%rcx, -8(%%rsp)\n"
                     "jne 1f\n"
                     "cmpq %%rcx, -128(%%rsp)\n"
                     "jne 1f\n"
                     "incl %%eax\n"
                     "1:\n"
                     : "=a"(intact)
                     : [call] "i"(SYS_kill), [pid] "r"(pid), [signo] "i"(SIGUSR1)
                     : "rcx", "rdi", "rsi", "r11", "memory", "cc");
    CHECK_EQ(calls, 1);
    CHECK_EQ(intact, 1);
}

static void skip_instruction(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RIP] += 2;
    user->uc_mcontext.gregs[REG_RBX] = 0x1234;
}

TEST(a_handler_can_change_the_interrupted_registers)
{
    handle_info(SIGILL, skip_instruction, 0);
    long value = 0;
    __asm__ volatile("ud2" : "+b"(value) : : "memory");
    CHECK_EQ(value, 0x1234);
}

TEST(changing_the_mask_in_the_context_changes_it_after_the_handler)
{
    extern void add_to_mask(int, siginfo_t *, void *);
    handle_info(SIGUSR1, add_to_mask, 0);
    raise(SIGUSR1);
    sigset_t mask;
    OK(sigprocmask(SIG_BLOCK, NULL, &mask));
    CHECK(sigismember(&mask, SIGUSR2));
}

void add_to_mask(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGUSR2);
}

TEST(a_system_call_interrupted_late_keeps_its_result)
{
    // The signal is delivered on the way out of kill(), whose result must still be 0.
    handle(SIGUSR1, count, 0);
    for (int i = 0; i < 100; i++)
        CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    CHECK_EQ(calls, 100);
}

TEST(a_handler_set_to_ignore_discards_what_is_pending)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR1);
    raise(SIGUSR1);
    handle(SIGUSR1, SIG_IGN, 0);
    handle(SIGUSR1, count, 0);
    unblock(SIGUSR1);
    CHECK_EQ(calls, 0);
}

TEST(a_handler_whose_stack_is_unusable_kills_by_sigsegv)
{
    FORK(child)
    {
        handle(SIGUSR1, count, 0);
        __asm__ volatile("movl $39, %%eax\n" // getpid
                         "syscall\n"
                         "movl %%eax, %%edi\n"
                         "movl $10, %%esi\n" // SIGUSR1
                         "movl $62, %%eax\n" // kill
                         "xorl %%esp, %%esp\n"
                         "syscall\n"
                         "ud2\n"
                         : : : "rax", "rcx", "rdi", "rsi", "r11", "memory");
    }
    CHECK_KILLED(child, SIGSEGV);
}
