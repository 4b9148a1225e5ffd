// Registers across system calls, interrupts and switches: only rax, rcx and r11 may change in a call.
#include "check.h"
#include <sys/time.h>

enum { SET_GS = 0x1001, SET_FS = 0x1002, GET_FS = 0x1003, GET_GS = 0x1004 };

struct frame
{
    uint64_t rbx, rbp, r8, r9, r10, r12, r13, r14, r15, rdi, rsi, rdx;
    uint64_t rsp_before, rsp_after, flags, rcx, r11, rip;
};

// In assembly by name: no register is left to point to it.
struct frame call_frame;

// Fills every register that a system call must keep, makes the call, and stores what came back.
__attribute__((noinline)) static long call_with_patterns(long number, long first)
{
    __asm__ volatile(
        "pushq %%rbp\n pushq %%rbx\n"
        "movq $0x0101010101010101, %%rbx\n movq $0x0202020202020202, %%rbp\n"
        "movq $0x0303030303030303, %%r8\n  movq $0x0404040404040404, %%r9\n"
        "movq $0x0505050505050505, %%r10\n movq $0x0606060606060606, %%r12\n"
        "movq $0x0707070707070707, %%r13\n movq $0x0808080808080808, %%r14\n"
        "movq $0x0909090909090909, %%r15\n movq $0x0a0a0a0a0a0a0a0a, %%rsi\n"
        "movq $0x0b0b0b0b0b0b0b0b, %%rdx\n"
        "movq %%rsp, call_frame+96(%%rip)\n"
        "std\n stc\n"
        "syscall\n"
        "1: movq %%rsp, call_frame+104(%%rip)\n"
        "movq %%rcx, call_frame+120(%%rip)\n movq %%r11, call_frame+128(%%rip)\n"
        "pushfq\n popq call_frame+112(%%rip)\n"
        "cld\n"
        "leaq call_frame(%%rip), %%rcx\n"
        "movq %%rbx, 0(%%rcx)\n movq %%rbp, 8(%%rcx)\n movq %%r8, 16(%%rcx)\n movq %%r9, 24(%%rcx)\n"
        "movq %%r10, 32(%%rcx)\n movq %%r12, 40(%%rcx)\n movq %%r13, 48(%%rcx)\n movq %%r14, 56(%%rcx)\n"
        "movq %%r15, 64(%%rcx)\n movq %%rdi, 72(%%rcx)\n movq %%rsi, 80(%%rcx)\n movq %%rdx, 88(%%rcx)\n"
        "leaq 1b(%%rip), %%rdx\n movq %%rdx, 136(%%rcx)\n"
        "popq %%rbx\n popq %%rbp\n"
        : "+a"(number), "+D"(first)
        :
        : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return number;
}

static void check_patterns(long first)
{
    const struct frame *frame = &call_frame;
    CHECK_EQ(frame->rbx, 0x0101010101010101);
    CHECK_EQ(frame->rbp, 0x0202020202020202);
    CHECK_EQ(frame->r8, 0x0303030303030303);
    CHECK_EQ(frame->r9, 0x0404040404040404);
    CHECK_EQ(frame->r10, 0x0505050505050505);
    CHECK_EQ(frame->r12, 0x0606060606060606);
    CHECK_EQ(frame->r13, 0x0707070707070707);
    CHECK_EQ(frame->r14, 0x0808080808080808);
    CHECK_EQ(frame->r15, 0x0909090909090909);
    CHECK_EQ(frame->rdi, first);
    CHECK_EQ(frame->rsi, 0x0a0a0a0a0a0a0a0a);
    CHECK_EQ(frame->rdx, 0x0b0b0b0b0b0b0b0b);
    CHECK(frame->flags & 1);
    CHECK(frame->flags & 0x400);
    CHECK_EQ(frame->rsp_after, frame->rsp_before);
}

TEST(a_system_call_keeps_all_registers_but_three)
{
    CHECK_EQ(call_with_patterns(SYS_getppid, 0x0c0c), getppid());
    check_patterns(0x0c0c);
    CHECK_EQ(call_frame.rcx, call_frame.rip);
}

TEST(a_failing_and_an_unknown_call_keep_them_too)
{
    CHECK_EQ(call_with_patterns(SYS_close, 0x7fffffff), -EBADF);
    check_patterns(0x7fffffff);
    CHECK_EQ(call_with_patterns(99999, 0), -ENOSYS);
    check_patterns(0);
}

TEST(a_call_that_switches_processes_keeps_them)
{
    FORK(other)
        for (int i = 0; i < 100; i++)
            sched_yield();
    for (int i = 0; i < 100; i++)
    {
        CHECK_EQ(call_with_patterns(SYS_sched_yield, 5), 0);
        check_patterns(5);
    }
    CHECK_EXITS(other, 0);
}

static volatile sig_atomic_t ticks;
static void tick(UNUSED int signo) { ticks++; }

TEST(an_interrupted_loop_finds_its_registers_unchanged)
{
    handle(SIGALRM, tick, SA_RESTART);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 2000 }, { 0, 2000 } }, NULL));
    while (ticks < 20)
    {
        uint64_t sum;
        __asm__ volatile("movq $1, %%r8\n movq $2, %%r9\n movq $4, %%r10\n movq $8, %%r11\n"
                         "movq $16, %%r12\n movq $32, %%r13\n movq $64, %%r14\n movq $128, %%r15\n"
                         "movl $100000, %%ecx\n"
                         "1: decl %%ecx\n jnz 1b\n"
                         "leaq (%%r8,%%r9), %0\n addq %%r10, %0\n addq %%r11, %0\n addq %%r12, %0\n"
                         "addq %%r13, %0\n addq %%r14, %0\n addq %%r15, %0\n"
                         : "=a"(sum) : : "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc");
        CHECK_EQ(sum, 255);
    }
}

TEST(only_the_low_half_of_the_call_number_counts)
{
    // Linux takes the number from eax.
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(0x100000000 + SYS_getpid) : "rcx", "r11", "memory");
    CHECK_EQ(result, getpid());
}

TEST(unknown_call_numbers_are_enosys)
{
    static const long numbers[] = { 380, 400, 500, 511, 548, 1000, 65536, 0x7fffffff, -1, -5,
                                    (long)0x80000000 };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK_ERRNO(syscall(numbers[i], 1, 2, 3, 4, 5, 6), ENOSYS);
}

TEST(fs_and_gs_bases_are_set_and_kept_across_switches)
{
    uint64_t original_fs = 0;
    uint64_t value = 0;
    OK(syscall(SYS_arch_prctl, GET_FS, &original_fs));
    CHECK(original_fs != 0);
    uint64_t storage = 0x1234567890;
    OK(syscall(SYS_arch_prctl, SET_GS, &storage));
    FORK(child)
    {
        // Inherited by fork, then changed in the child only.
        OK(syscall(SYS_arch_prctl, GET_GS, &value));
        CHECK_EQ(value, (uintptr_t)&storage);
        OK(syscall(SYS_arch_prctl, SET_GS, 0x1000));
        for (int i = 0; i < 50; i++)
            sched_yield();
    }
    for (int i = 0; i < 50; i++)
    {
        __asm__ volatile("movq %%gs:0, %0" : "=r"(value));
        CHECK_EQ(value, storage);
        sched_yield();
    }
    CHECK_EXITS(child, 0);
    OK(syscall(SYS_arch_prctl, GET_GS, &value));
    CHECK_EQ(value, (uintptr_t)&storage);
    OK(syscall(SYS_arch_prctl, SET_FS, original_fs));
}

TEST(arch_prctl_checks_its_arguments)
{
    CHECK_ERRNO(syscall(SYS_arch_prctl, 0x4711, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_arch_prctl, GET_FS, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_arch_prctl, SET_GS, 0xffff800000000000), EPERM);
    CHECK_ERRNO(syscall(SYS_arch_prctl, SET_FS, 0x0100000000000000), EPERM);
}

TEST(set_tid_address_returns_the_thread_id)
{
    int word;
    CHECK_EQ(syscall(SYS_set_tid_address, &word), getpid());
    CHECK_EQ(syscall(SYS_gettid), getpid());
}

TEST(futex_wait_and_wake_without_waiters)
{
    int word = 5;
    enum { WAIT, WAKE };
    CHECK_ERRNO(syscall(SYS_futex, &word, WAIT, 4, NULL, NULL, 0), EAGAIN);
    CHECK_EQ(syscall(SYS_futex, &word, WAKE, 10, NULL, NULL, 0), 0);
    CHECK_ERRNO(syscall(SYS_futex, &word, WAIT, 5, &(struct timespec){ 0, 20000000 }, NULL, 0), ETIMEDOUT);
    CHECK_ERRNO(syscall(SYS_futex, (char *)&word + 1, WAIT, 5, NULL, NULL, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_futex, 0x1000, WAIT, 5, NULL, NULL, 0), EFAULT);
}

TEST(a_futex_in_shared_memory_wakes_another_process)
{
    enum { WAIT, WAKE };
    int *word = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(waiter)
        while (*(volatile int *)word == 0)
            syscall(SYS_futex, word, WAIT, 0, NULL, NULL, 0);
    EVENTUALLY(process_state(waiter) == 'S');
    *(volatile int *)word = 1;
    CHECK_EQ(syscall(SYS_futex, word, WAKE, 1, NULL, NULL, 0), 1);
    CHECK_EXITS(waiter, 0);
}
