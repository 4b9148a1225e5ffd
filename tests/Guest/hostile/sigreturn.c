// rt_sigreturn(2) with frames that no kernel has made, and system calls from odd places.
#include "check.h"
#include <ucontext.h>

// Clears the frame and returns from a signal that never was, with the stack pointer anywhere.
static void sigreturn_at(uintptr_t stack)
{
    __asm__ volatile("movq %0, %%rsp\n movl $15, %%eax\n syscall\n ud2" : : "r"(stack) : "memory");
}

#define DIES(statement)                                                                    \
    do                                                                                     \
    {                                                                                      \
        FORK(victim)                                                                       \
        {                                                                                  \
            statement;                                                                     \
        }                                                                                  \
        int check_died = STATUS_OF(victim);                                                \
        if (!WIFSIGNALED(check_died))                                                      \
            FAIL("%s, got status 0x%x, wanted a death by signal", #statement, check_died); \
    } while (0)

TEST(sigreturn_without_a_frame_kills)
{
    static char zeros[65536] __attribute__((aligned(64)));
    static char ones[65536] __attribute__((aligned(64)));
    memset(ones, 0xff, sizeof ones);
    DIES(sigreturn_at(0));
    DIES(sigreturn_at(8));
    DIES(sigreturn_at(0xffff800000000000));
    DIES(sigreturn_at(0x8000000000000000));
    DIES(sigreturn_at((uintptr_t)zeros));
    DIES(sigreturn_at((uintptr_t)ones));
    char *page = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    DIES(sigreturn_at((uintptr_t)page + CHECK_PAGE - 16));
}

static int damaged_register;
static uint64_t damage;

static void damage_frame(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    ((ucontext_t *)context)->uc_mcontext.gregs[damaged_register] = (greg_t)damage;
}

TEST(a_non_canonical_return_address_kills)
{
    static const uint64_t addresses[] = { 0x800000000000, 0x8000000000000000, 0xffff800000000000,
                                          0xffffffff80000000, 0x7fffffffffff };
    damaged_register = REG_RIP;
    handle_info(SIGUSR1, damage_frame, 0);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
    {
        damage = addresses[i];
        FORK(victim)
            raise(SIGUSR1);
        CHECK_KILLED(victim, SIGSEGV);
    }
}

TEST(kernel_selectors_in_the_frame_do_not_give_kernel_rights)
{
    // REG_CSGSFS holds cs, gs, fs and ss, 16 bits each. 0x10 and 0x18 are kernel selectors on Linux.
    static const uint64_t selectors[] = { 0x10, 0x08, 0, 0xffff, 0x18, 0x28 };
    damaged_register = REG_CSGSFS;
    handle_info(SIGUSR1, damage_frame, 0);
    for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++)
    {
        damage = selectors[i] | selectors[i] << 48;
        FORK(victim)
        {
            raise(SIGUSR1);
            // Still in user mode, if at all: this instruction faults.
            __asm__ volatile("cli");
            _exit(0);
        }
        int status = STATUS_OF(victim);
        CHECK(WIFSIGNALED(status));
    }
}

TEST(system_flags_in_the_frame_are_not_taken)
{
    // IOPL 3, NT, VM, RF and a cleared interrupt flag; the program must neither gain nor break anything.
    damaged_register = REG_EFL;
    damage = 0x3000 | 0x4000 | 0x20000 | 0x10000;
    handle_info(SIGUSR1, damage_frame, 0);
    FORK(victim)
    {
        raise(SIGUSR1);
        uint64_t flags;
        __asm__ volatile("pushfq\n popq %0" : "=r"(flags));
        CHECK_EQ(flags & 0x3000, 0);
        CHECK_EQ(flags & 0x20000, 0);
        CHECK(flags & 0x200);
        __asm__ volatile("cli");
    }
    CHECK_KILLED(victim, SIGSEGV);
}

static void damage_vectors(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    // All of the legacy image, reserved bits of mxcsr included.
    memset((void *)((ucontext_t *)context)->uc_mcontext.fpregs, 0xff, 512);
}

static void point_vectors_nowhere(UNUSED int signo, UNUSED siginfo_t *info,
                                  void *context)
{
    ((ucontext_t *)context)->uc_mcontext.fpregs = (void *)0xffff800000000000;
}

TEST(a_damaged_vector_image_kills_or_is_corrected)
{
    handle_info(SIGUSR1, damage_vectors, 0);
    handle_info(SIGUSR2, point_vectors_nowhere, 0);
    FORK(first)
        raise(SIGUSR1);
    int status = STATUS_OF(first);
    CHECK(status == 0 || WIFSIGNALED(status));
    FORK(second)
        raise(SIGUSR2);
    CHECK_KILLED(second, SIGSEGV);
}

TEST(a_system_call_on_the_last_bytes_of_a_page_returns)
{
    // syscall; ret, so that the return address is the first byte of the next page, which may be missing.
    char *pages = OK(mmap(NULL, 2 * CHECK_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memcpy(pages + CHECK_PAGE - 2, "\x0f\x05\xc3", 3);
    long result;
    __asm__ volatile("call *%1" : "=a"(result) : "r"(pages + CHECK_PAGE - 2), "a"(SYS_getpid)
                     : "rcx", "r11", "memory");
    CHECK_EQ(result, getpid());
    OK(munmap(pages + CHECK_PAGE, CHECK_PAGE));
    FORK(victim)
        __asm__ volatile("call *%1" : "=a"(result) : "r"(pages + CHECK_PAGE - 2), "a"(SYS_getpid)
                         : "rcx", "r11", "memory");
    CHECK_KILLED(victim, SIGSEGV);
}

TEST(a_system_call_with_any_stack_pointer_works)
{
    static const uint64_t stacks[] = { 0, 8, 0x8000000000000000, 0xffff800000000000, 0xffffffffffffffff };
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++)
    {
        long result;
        __asm__ volatile("movq %%rsp, %%r12\n movq %2, %%rsp\n syscall\n movq %%r12, %%rsp"
                         : "=a"(result) : "a"(SYS_getpid), "r"(stacks[i]) : "rcx", "r11", "r12", "memory");
        CHECK_EQ(result, getpid());
    }
}

TEST(strange_flags_across_a_system_call_are_harmless)
{
    // NT and AC set by the program; the kernel must not run with either, and the program keeps them.
    uint64_t flags;
    long result;
    __asm__ volatile("pushfq\n orq $0x44000, (%%rsp)\n popfq\n syscall\n"
                     "pushfq\n popq %1\n"
                     "pushfq\n andq $~0x44000, (%%rsp)\n popfq"
                     : "=a"(result), "=&r"(flags) : "a"(SYS_getpid) : "rcx", "r11", "memory", "cc");
    CHECK_EQ(result, getpid());
    CHECK_EQ(flags & 0x40000, 0x40000);
}

TEST(a_thousand_random_system_calls_are_survived)
{
    // Numbers and arguments at random, in a child that may die of them, but not of anything it must not.
    static const uint64_t interesting[] = { 0, 1, 7, 8, 0xfff, 0x1000, 0x7fffffff, 0x80000000, 0xffffffff,
                                            0x7ffffffff000, 0x800000000000, 0xffff800000000000, UINT64_MAX,
                                            1ull << 63 };
    scratch();
    FORK(user)
    {
        uint64_t seed = 88172645463325252ull;
        become(54324);
        for (int round = loops(1000); round > 0; round--)
        {
            uint64_t a[7];
            for (int i = 0; i < 7; i++)
            {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                a[i] = interesting[seed % (sizeof interesting / sizeof *interesting)];
            }
            long number = (long)(seed >> 32) % 335;
            // Not those that wait for ever, end the process, or let it act on others by accident.
            switch (number)
            {
                case SYS_pause: case SYS_exit: case SYS_exit_group: case SYS_kill: case SYS_tkill:
                case SYS_tgkill: case SYS_rt_sigsuspend: case SYS_rt_sigreturn: case SYS_fork: case SYS_vfork:
                case SYS_clone: case SYS_select: case SYS_pselect6: case SYS_poll: case SYS_ppoll:
                case SYS_read: case SYS_readv: case SYS_rt_sigtimedwait: case SYS_wait4: case SYS_waitid:
                case SYS_futex: case SYS_ptrace: case SYS_close: case SYS_munmap: case SYS_mprotect:
                case SYS_mremap: case SYS_brk: case SYS_mmap: case SYS_arch_prctl: case SYS_setrlimit:
                case SYS_prlimit64: case SYS_alarm: case SYS_setitimer: case SYS_prctl: case SYS_modify_ldt:
                case SYS_rt_sigprocmask: case SYS_dup2: case SYS_dup3: case SYS_fcntl: case SYS_seccomp:
                case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_rt_sigqueueinfo: case SYS_ioctl:
                case SYS_rt_tgsigqueueinfo: case SYS_timer_create: case SYS_set_tid_address: case SYS_accept:
                case SYS_rt_sigaction: case SYS_shmat: case SYS_remap_file_pages: case SYS_madvise:
                case SYS_sigaltstack: case SYS_userfaultfd: case 436:
                case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_io_getevents: case SYS_msgrcv:
                case SYS_semop: case SYS_semtimedop: case SYS_mq_timedreceive: case SYS_setpgid:
                case SYS_setpriority: case SYS_sched_setscheduler: case SYS_sched_setaffinity: case 334:
                case SYS_syslog: case SYS_mlockall: case SYS_setsid: case SYS_set_robust_list: case SYS_flock:
                case SYS_sendfile: case SYS_splice: case SYS_tee: case SYS_vmsplice: case SYS_preadv:
                case SYS_preadv2: case SYS_write: case SYS_writev: case SYS_pwritev: case SYS_pwritev2:
                case SYS_pwrite64: case SYS_fallocate: case SYS_ftruncate: case SYS_copy_file_range:
                    continue;
                default:
                    break;
            }
            long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
            CHECK(result >= -1 || result < -4095);
        }
        // The process is whole: it can still do its work.
        make_file("alive", "x");
    }
    CHECK_EXITS(user, 0);
}
