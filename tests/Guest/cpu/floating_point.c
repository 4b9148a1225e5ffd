// The vector and x87 state of a process belongs to it, whatever the kernel and others do meanwhile.
#include "check.h"
#include <sys/time.h>
#include <ucontext.h>

typedef struct { unsigned char bytes[16][16]; } vectors;

static void fill(vectors *pattern, int seed)
{
    for (int i = 0; i < 256; i++)
        pattern->bytes[i / 16][i % 16] = (unsigned char)(seed + i * 7);
}

#define EACH_XMM(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define LOAD(n) "movups " #n "*16(%[in]), %%xmm" #n "\n"
#define STORE(n) "movups %%xmm" #n ", " #n "*16(%[out])\n"
#define CLOBBERS "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
                 "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

// Loads all sixteen registers, makes one system call, and stores them.
static long call_with_vectors(long number, long a, long b, long c, const vectors *in, vectors *out)
{
    long result;
    __asm__ volatile(EACH_XMM(LOAD) "syscall\n" EACH_XMM(STORE)
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), [in] "r"(in), [out] "r"(out)
                     : "rcx", "r11", "memory", CLOBBERS);
    return result;
}

static void spin_with_vectors(const vectors *in, vectors *out, long turns)
{
    __asm__ volatile(EACH_XMM(LOAD) "1: decq %[turns]\n jnz 1b\n" EACH_XMM(STORE)
                     : [turns] "+r"(turns)
                     : [in] "r"(in), [out] "r"(out)
                     : "memory", "cc", CLOBBERS);
}

TEST(sixteen_vector_registers_survive_a_system_call)
{
    vectors in;
    vectors out;
    fill(&in, 1);
    CHECK_EQ(call_with_vectors(SYS_getpid, 0, 0, 0, &in, &out), getpid());
    CHECK_BYTES(&out, &in, sizeof in);
}

TEST(they_survive_calls_that_copy_and_clear_memory)
{
    static char buffer[65536];
    vectors in;
    vectors out;
    fill(&in, 3);
    int zero = OK(open("/dev/zero", O_RDONLY));
    CHECK_EQ(call_with_vectors(SYS_read, zero, (long)buffer, sizeof buffer, &in, &out), sizeof buffer);
    CHECK_BYTES(&out, &in, sizeof in);
    char *pages = (char *)call_with_vectors(SYS_brk, 0, 0, 0, &in, &out);
    call_with_vectors(SYS_brk, (long)pages + 65536, 0, 0, &in, &out);
    CHECK_BYTES(&out, &in, sizeof in);
    char name[400];
    memset(&name, 0, sizeof name);
    call_with_vectors(SYS_uname, (long)name, 0, 0, &in, &out);
    CHECK_BYTES(&out, &in, sizeof in);
}

TEST(they_survive_page_faults)
{
    vectors in;
    vectors out;
    fill(&in, 5);
    char *pages = OK(mmap(NULL, 64 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    long count = 64;
    __asm__ volatile(EACH_XMM(LOAD) "1: movb $1, (%[page])\n addq $4096, %[page]\n decq %[count]\n jnz 1b\n"
                     EACH_XMM(STORE)
                     : [page] "+r"(pages), [count] "+r"(count)
                     : [in] "r"(&in), [out] "r"(&out)
                     : "memory", "cc", CLOBBERS);
    CHECK_BYTES(&out, &in, sizeof in);
}

TEST(a_child_inherits_them_and_the_parent_keeps_them)
{
    vectors in;
    vectors out;
    fill(&in, 7);
    long pid = call_with_vectors(SYS_fork, 0, 0, 0, &in, &out);
    CHECK_BYTES(&out, &in, sizeof in);
    if (pid == 0)
        _exit(0);
    CHECK_EXITS((pid_t)pid, 0);
}

TEST(processes_that_take_turns_do_not_see_each_others_registers)
{
    pid_t children[4];
    for (int i = 0; i < 4; i++)
    {
        FORK(child)
        {
            vectors in;
            vectors out;
            fill(&in, 11 + 31 * i);
            for (int turn = 0; turn < 200; turn++)
            {
                call_with_vectors(SYS_sched_yield, 0, 0, 0, &in, &out);
                CHECK_BYTES(&out, &in, sizeof in);
            }
            for (int turn = 0; turn < 20; turn++)
            {
                spin_with_vectors(&in, &out, 300000);
                CHECK_BYTES(&out, &in, sizeof in);
            }
        }
        children[i] = child;
    }
    for (int i = 0; i < 4; i++)
        CHECK_EXITS(children[i], 0);
}

static volatile sig_atomic_t ticks;

static void clobber(UNUSED int signo)
{
    vectors other;
    vectors out;
    fill(&other, 0x80 + ticks++);
    spin_with_vectors(&other, &out, 10);
    unsigned mxcsr = 0x7f80;
    unsigned short control = 0x27f;
    __asm__ volatile("ldmxcsr %0\n fninit\n fldcw %1\n fldpi\n fldpi" : : "m"(mxcsr), "m"(control));
}

TEST(a_handler_that_uses_them_does_not_disturb_the_interrupted_code)
{
    vectors in;
    vectors out;
    fill(&in, 13);
    handle(SIGALRM, clobber, 0);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 2000 }, { 0, 2000 } }, NULL));
    while (ticks < 20)
    {
        spin_with_vectors(&in, &out, 100000);
        CHECK_BYTES(&out, &in, sizeof in);
    }
}

TEST(a_signal_on_return_from_a_call_keeps_them)
{
    vectors in;
    vectors out;
    fill(&in, 17);
    handle(SIGUSR1, clobber, 0);
    CHECK_EQ(call_with_vectors(SYS_kill, getpid(), SIGUSR1, 0, &in, &out), 0);
    CHECK_EQ(ticks, 1);
    CHECK_BYTES(&out, &in, sizeof in);
}

TEST(the_x87_stack_and_both_control_words_survive_calls_and_signals)
{
    unsigned mxcsr = 0x3fa0;
    unsigned short control = 0xb7f;
    double sum;
    handle(SIGUSR1, clobber, 0);
    __asm__ volatile("ldmxcsr %[mxcsr]\n fninit\n fldcw %[control]\n fld1\n fldpi\n fldl2e\n"
                     "syscall\n"
                     "faddp\n faddp\n fstpl %[sum]\n stmxcsr %[mxcsr]\n fnstcw %[control]\n"
                     : [mxcsr] "+m"(mxcsr), [control] "+m"(control), [sum] "=m"(sum)
                     : "a"(SYS_kill), "D"(getpid()), "S"(SIGUSR1)
                     : "rcx", "r11", "memory", "st", "st(1)", "st(2)");
    unsigned usual = 0x1f80;
    __asm__ volatile("ldmxcsr %0\n fninit" : : "m"(usual));
    CHECK_EQ(ticks, 1);
    CHECK_EQ(mxcsr & 0xffc0, 0x3fa0 & 0xffc0);
    CHECK_EQ(control, 0xb7f);
    CHECK(sum > 5.584 && sum < 5.585);
}

HELPER(check_fresh_state)
{
    unsigned mxcsr;
    unsigned short control;
    unsigned short status;
    __asm__ volatile("stmxcsr %0\n fnstcw %1\n fnstsw %2" : "=m"(mxcsr), "=m"(control), "=m"(status));
    CHECK_EQ(mxcsr & ~0x3fu, 0x1f80);
    CHECK_EQ(control, 0x37f);
    CHECK_EQ(status & 0x3800, 0);
    return 0;
}

TEST(exec_starts_with_the_state_of_the_abi)
{
    unsigned mxcsr = 0x7f80;
    unsigned short control = 0x27f;
    __asm__ volatile("ldmxcsr %0\n fldcw %1" : : "m"(mxcsr), "m"(control));
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, check_self, "--helper", "check_fresh_state", NULL));
}

HELPER(check_clean_vectors)
{
    // A new image must not see what the old one, or the kernel, left in the registers. The C library has run
    // since, so only look for the pattern.
    vectors out;
    vectors pattern;
    fill(&pattern, 19);
    __asm__ volatile("movq %[out], %%rax\n" "movups %%xmm15, 240(%%rax)\n movups %%xmm14, 224(%%rax)\n"
                     : : [out] "r"(&out) : "rax", "memory");
    CHECK(memcmp(out.bytes[15], pattern.bytes[15], 16) != 0);
    CHECK(memcmp(out.bytes[14], pattern.bytes[14], 16) != 0);
    return 0;
}

TEST(exec_does_not_leak_the_old_registers)
{
    vectors in;
    vectors out;
    fill(&in, 19);
    char *const arguments[] = { check_self, "--helper", "check_clean_vectors", NULL };
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    CHECK_EQ(call_with_vectors(SYS_execve, (long)check_self, (long)arguments, 0, &in, &out), 0);
}

static void change_xmm(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    // The frame's FXSAVE image has xmm0 at byte 160.
    memset((char *)((ucontext_t *)context)->uc_mcontext.fpregs + 160, 0x77, 16);
}

TEST(a_handler_can_change_them_through_its_context)
{
    vectors in;
    vectors out;
    fill(&in, 23);
    handle_info(SIGUSR1, change_xmm, 0);
    CHECK_EQ(call_with_vectors(SYS_kill, getpid(), SIGUSR1, 0, &in, &out), 0);
    CHECK_EQ(out.bytes[0][0], 0x77);
    CHECK_EQ(out.bytes[0][15], 0x77);
    CHECK_BYTES(out.bytes[1], in.bytes[1], 15 * 16);
}

static bool has_avx(void)
{
    unsigned a = 1, b, c = 0, d, low, high;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if ((c & (1 << 27)) == 0 || (c & (1 << 28)) == 0)
        return false;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6;
}

TEST(upper_halves_of_ymm_survive_calls_switches_and_signals)
{
    if (!has_avx())
        return;
    handle(SIGUSR1, clobber, 0);
    unsigned char in[32];
    unsigned char out[32];
    FORK(other)
    {
        for (int i = 0; i < 100; i++)
        {
            memset(in, 0xee, sizeof in);
            __asm__ volatile("vmovups %0, %%ymm9\n syscall" : : "m"(in), "a"(SYS_sched_yield)
                             : "rcx", "r11", "memory", "xmm9");
        }
    }
    for (int i = 0; i < 100; i++)
    {
        long number = i % 2 == 0 ? SYS_sched_yield : SYS_kill;
        memset(in, i, sizeof in);
        __asm__ volatile("vmovups %[in], %%ymm9\n syscall\n vmovups %%ymm9, %[out]\n vzeroupper"
                         : [out] "=m"(out), "+a"(number)
                         : [in] "m"(in), "D"(getpid()), "S"(SIGUSR1)
                         : "rcx", "r11", "memory", "xmm9");
        CHECK_BYTES(out, in, sizeof in);
    }
    CHECK_EQ(ticks, 50);
    CHECK_EXITS(other, 0);
}
