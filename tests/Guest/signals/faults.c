// Processor exceptions become signals: which signal, si_code and si_addr, as sigaction(2) lists them.
#include "check.h"
#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf recover;
static volatile siginfo_t seen;
static volatile unsigned long registers[NGREG];

static void catch(UNUSED int signo, siginfo_t *info, void *context)
{
    seen = *info;
    for (int i = 0; i < (int)NGREG; i++)
        registers[i] = (unsigned long)((ucontext_t *)context)->uc_mcontext.gregs[i];
    siglongjmp(recover, 1);
}

// Runs a statement that must fault, and checks what the handler was told.
#define FAULTS(signo, code, statement)                                  \
    do                                                                  \
    {                                                                   \
        handle_info(SIGSEGV, catch, 0);                                 \
        handle_info(SIGBUS, catch, 0);                                  \
        handle_info(SIGILL, catch, 0);                                  \
        handle_info(SIGFPE, catch, 0);                                  \
        handle_info(SIGTRAP, catch, 0);                                 \
        if (sigsetjmp(recover, 1) == 0)                                 \
        {                                                               \
            statement;                                                  \
            FAIL("%s, got no fault, wanted %s", #statement, #signo);    \
        }                                                               \
        CHECK_EQ(seen.si_signo, signo);                                 \
        CHECK_EQ(seen.si_code, code);                                   \
    } while (0)

#define KILLS(signo, statement)                                         \
    do                                                                  \
    {                                                                   \
        FORK(victim)                                                    \
        {                                                               \
            for (int i = 1; i < 32; i++)                                \
                signal(i, SIG_DFL);                                     \
            statement;                                                  \
        }                                                               \
        CHECK_KILLED(victim, signo);                                    \
    } while (0)

enum { KERNEL_CODE = 0x80 }; // SI_KERNEL

#define ASM(text) __asm__ volatile(text : : : "rax", "rcx", "rdx", "memory", "cc")

TEST(division_by_zero_is_sigfpe_intdiv_at_the_instruction)
{
    FAULTS(SIGFPE, FPE_INTDIV, ASM("xorl %%ecx, %%ecx\n xorl %%edx, %%edx\n divl %%ecx"));
    CHECK_EQ((uintptr_t)seen.si_addr, registers[REG_RIP]);
    CHECK_EQ(*(unsigned char *)seen.si_addr, 0xf7);
    CHECK_EQ(registers[REG_TRAPNO], 0);
    KILLS(SIGFPE, ASM("xorl %%ecx, %%ecx\n divl %%ecx"));
}

TEST(overflowing_division_is_sigfpe_too)
{
    FAULTS(SIGFPE, FPE_INTDIV, ASM("movl $0x80000000, %%eax\n cltd\n movl $-1, %%ecx\n idivl %%ecx"));
}

TEST(an_undefined_instruction_is_sigill_illopn)
{
    FAULTS(SIGILL, ILL_ILLOPN, ASM("ud2"));
    CHECK_EQ((uintptr_t)seen.si_addr, registers[REG_RIP]);
    CHECK_EQ(registers[REG_TRAPNO], 6);
    KILLS(SIGILL, ASM("ud2"));
}

TEST(a_breakpoint_is_sigtrap_after_the_instruction)
{
    FAULTS(SIGTRAP, KERNEL_CODE, ASM("int3"));
    CHECK_EQ(*(unsigned char *)(registers[REG_RIP] - 1), 0xcc);
    CHECK_EQ(registers[REG_TRAPNO], 3);
    KILLS(SIGTRAP, ASM("int3"));
}

TEST(the_trap_flag_is_sigtrap_trace)
{
    FAULTS(SIGTRAP, TRAP_TRACE,
           ASM("sub $128, %%rsp\n pushfq\n orl $0x100, (%%rsp)\n popfq\n nop\n nop\n"));
    KILLS(SIGTRAP, ASM("sub $128, %%rsp\n pushfq\n orl $0x100, (%%rsp)\n popfq\n nop\n nop\n"));
}

TEST(a_null_pointer_is_sigsegv_maperr_at_zero)
{
    FAULTS(SIGSEGV, SEGV_MAPERR, ASM("xorl %%eax, %%eax\n movb (%%rax), %%cl"));
    CHECK(seen.si_addr == NULL);
    CHECK_EQ(registers[REG_TRAPNO], 14);
    CHECK_EQ(registers[REG_CR2], 0);
    // Error code: user mode, read, not present.
    CHECK_EQ(registers[REG_ERR], 4);
    KILLS(SIGSEGV, ASM("xorl %%eax, %%eax\n movb %%cl, (%%rax)"));
}

TEST(the_faulting_address_is_exact)
{
    char *page = OK(mmap(NULL, 2 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(munmap(page + CHECK_PAGE, CHECK_PAGE));
    FAULTS(SIGSEGV, SEGV_MAPERR, *(volatile char *)(page + CHECK_PAGE + 0x123) = 1);
    CHECK(seen.si_addr == page + CHECK_PAGE + 0x123);
    // User mode, write, not present.
    CHECK_EQ(registers[REG_ERR], 6);
    // An access that begins on a good page faults at the first byte of the bad one.
    FAULTS(SIGSEGV, SEGV_MAPERR, *(volatile uint64_t *)(page + CHECK_PAGE - 4) = 1);
    CHECK(seen.si_addr == page + CHECK_PAGE);
}

TEST(writing_to_a_read_only_page_is_sigsegv_accerr)
{
    char *page = OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK_EQ(*(volatile char *)page, 0);
    FAULTS(SIGSEGV, SEGV_ACCERR, *(volatile char *)page = 1);
    CHECK(seen.si_addr == page);
    // User mode, write, present.
    CHECK_EQ(registers[REG_ERR], 7);
}

TEST(executing_a_page_without_permission_is_sigsegv_accerr)
{
    char *page = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    page[0] = (char)0xc3;
    FAULTS(SIGSEGV, SEGV_ACCERR, ((void (*)(void))(uintptr_t)page)());
    CHECK(seen.si_addr == page);
    CHECK_EQ(registers[REG_RIP], (uintptr_t)page);
}

TEST(jumping_to_null_is_sigsegv_at_zero)
{
    FAULTS(SIGSEGV, SEGV_MAPERR, ASM("xorl %%eax, %%eax\n call *%%rax"));
    CHECK_EQ(registers[REG_RIP], 0);
}

TEST(kernel_addresses_are_sigsegv)
{
    FAULTS(SIGSEGV, SEGV_MAPERR, *(volatile char *)0xffffffff80000000);
    CHECK((uintptr_t)seen.si_addr == 0xffffffff80000000);
    FAULTS(SIGSEGV, SEGV_MAPERR, *(volatile char *)0xffff800000000000 = 1);
    CHECK((uintptr_t)seen.si_addr == 0xffff800000000000);
    KILLS(SIGSEGV, ((void (*)(void))0xffffffff80100000)());
}

TEST(a_non_canonical_address_is_sigsegv_without_address)
{
    // The processor reports #GP, which carries no address.
    FAULTS(SIGSEGV, KERNEL_CODE, *(volatile char *)0x8000000000000000);
    CHECK(seen.si_addr == NULL);
    CHECK_EQ(registers[REG_TRAPNO], 13);
    FAULTS(SIGSEGV, KERNEL_CODE, *(volatile char *)0x0100000000000000 = 1);
}

TEST(jumping_to_a_non_canonical_address_is_sigsegv)
{
    KILLS(SIGSEGV, ASM("movabs $0x8000000000000000, %%rax\n jmp *%%rax"));
    KILLS(SIGSEGV, ASM("movabs $0x0100000000000000, %%rax\n push %%rax\n ret"));
}

TEST(privileged_instructions_are_sigsegv)
{
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("hlt"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("cli"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("movq %%cr0, %%rax"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("xorl %%ecx, %%ecx\n rdmsr"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("xorl %%ecx, %%ecx\n wrmsr"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("inb $0x60, %%al"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("outb %%al, $0x80"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("xorl %%eax, %%eax\n lgdt (%%rax)"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("movw $0xfff0, %%ax\n movw %%ax, %%ds"));
}

TEST(software_interrupts_without_a_gate_are_sigsegv)
{
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("int $0x42"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("int $14"));
    FAULTS(SIGSEGV, KERNEL_CODE, ASM("int $0xff"));
}

TEST(memory_past_the_end_of_a_file_is_sigbus)
{
    scratch();
    int fd = write_file("file", "short", 5);
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    CHECK_EQ(pages[CHECK_PAGE - 1], 0);
    FAULTS(SIGBUS, BUS_ADRERR, *(volatile char *)(pages + CHECK_PAGE + 7));
    CHECK(seen.si_addr == pages + CHECK_PAGE + 7);
    KILLS(SIGBUS, *(volatile char *)(pages + 2 * CHECK_PAGE) = 1);
}

static void set_mxcsr(unsigned value) { __asm__ volatile("ldmxcsr %0" : : "m"(value)); }

static unsigned get_mxcsr(void)
{
    unsigned value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

// QEMU's software emulation records SSE exceptions and never raises them: then there is nothing to deliver. A
// kernel cannot hide an exception that the processor raises, so on all others the fault must arrive.
#define SSE_FAULTS(code, flag, statement)                               \
    do                                                                  \
    {                                                                   \
        handle_info(SIGFPE, catch, 0);                                  \
        if (sigsetjmp(recover, 1) == 0)                                 \
        {                                                               \
            set_mxcsr(0x1f80 & ~((flag) << 7));                         \
            statement;                                                  \
            CHECK(get_mxcsr() & (flag));                                \
        }                                                               \
        else                                                            \
        {                                                               \
            CHECK_EQ(seen.si_signo, SIGFPE);                            \
            CHECK_EQ(seen.si_code, code);                               \
            CHECK_EQ(registers[REG_TRAPNO], 19);                        \
        }                                                               \
    } while (0)

TEST(unmasked_sse_exceptions_are_sigfpe_with_their_code)
{
    volatile double zero = 0;
    volatile double one = 1;
    volatile double huge = 1e308;
    volatile double tiny = 1e-308;
    volatile double result;
    SSE_FAULTS(FPE_FLTINV, 0x01, result = zero / zero);
    SSE_FAULTS(FPE_FLTDIV, 0x04, result = one / zero);
    SSE_FAULTS(FPE_FLTOVF, 0x08, result = huge * huge);
    SSE_FAULTS(FPE_FLTUND, 0x10, result = tiny * tiny);
    SSE_FAULTS(FPE_FLTRES, 0x20, result = one / 3);
    (void)result;
}

TEST(unmasked_x87_exceptions_are_sigfpe_with_their_code)
{
    unsigned short control = 0x37f & ~4;
    FAULTS(SIGFPE, FPE_FLTDIV, __asm__ volatile("fldcw %0\n fld1\n fldz\n fdivrp\n fwait" : : "m"(control)));
    control = 0x37f & ~1;
    FAULTS(SIGFPE, FPE_FLTINV,
           __asm__ volatile("fninit\n fldcw %0\n fldz\n fldz\n fdivp\n fwait" : : "m"(control)));
}

TEST(a_blocked_or_ignored_fault_kills_all_the_same)
{
    KILLS(SIGSEGV, { block(SIGSEGV); *(volatile char *)8 = 1; });
    KILLS(SIGSEGV, { handle(SIGSEGV, SIG_IGN, 0); *(volatile char *)8 = 1; });
    KILLS(SIGILL, { handle(SIGILL, SIG_IGN, 0); ASM("ud2"); });
    KILLS(SIGFPE, { block(SIGFPE); ASM("xorl %%ecx, %%ecx\n divl %%ecx"); });
}

static void fault_again(UNUSED int signo) { *(volatile char *)8 = 1; }

TEST(a_fault_inside_its_own_handler_kills)
{
    KILLS(SIGSEGV, { handle(SIGSEGV, fault_again, 0); *(volatile char *)8 = 1; });
}

static char *guarded;

static void repair(UNUSED int signo, UNUSED siginfo_t *info,
                   UNUSED void *context)
{
    if (mprotect(guarded, CHECK_PAGE, PROT_READ | PROT_WRITE) != 0)
        _exit(1);
}

TEST(a_handler_may_repair_the_page_and_the_instruction_is_repeated)
{
    guarded = OK(mmap(NULL, CHECK_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    handle_info(SIGSEGV, repair, 0);
    *(volatile int *)guarded = 77;
    CHECK_EQ(*(volatile int *)guarded, 77);
}

TEST(a_thousand_faults_in_a_row_leave_no_trace)
{
    volatile int caught = 0;
    handle_info(SIGSEGV, catch, 0);
    while (caught < 1000)
    {
        if (sigsetjmp(recover, 1) == 0)
            *(volatile char *)16 = 1;
        caught++;
    }
}
