// sigaltstack(2), and the frame of a handler: the image of the floating-point registers as debuggers and
// run-time systems read it.
#include "check.h"
#include <cpuid.h>
#include <ucontext.h>

static char stack_memory[65536] __attribute__((aligned(64)));
static stack_t seen_stack, seen_context_stack;
static volatile int seen_change_errno;
static volatile uintptr_t seen_here;
static volatile sig_atomic_t calls;

static void look(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    char here;
    seen_here = (uintptr_t)&here;
    seen_context_stack = ((ucontext_t *)context)->uc_stack;
    sigaltstack(NULL, &seen_stack);
    seen_change_errno = sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL) == 0 ? 0 : errno;
    calls++;
}

static void use_stack(int flags)
{
    stack_t stack = { .ss_sp = stack_memory, .ss_size = sizeof stack_memory, .ss_flags = flags };
    OK(sigaltstack(&stack, NULL));
}

TEST(the_handler_sees_that_it_is_on_the_stack)
{
    use_stack(0);
    handle_info(SIGUSR1, look, SA_ONSTACK);
    OK(raise(SIGUSR1));
    CHECK(seen_here > (uintptr_t)stack_memory && seen_here < (uintptr_t)stack_memory + sizeof stack_memory);
    CHECK_EQ(seen_stack.ss_flags, SS_ONSTACK);
    CHECK_EQ(seen_change_errno, EPERM);
    CHECK(seen_context_stack.ss_sp == stack_memory);
    CHECK_EQ(seen_context_stack.ss_size, sizeof stack_memory);
    CHECK_EQ(seen_context_stack.ss_flags, 0);
    OK(sigaltstack(NULL, &seen_stack));
    CHECK_EQ(seen_stack.ss_flags, 0);
    CHECK(seen_stack.ss_sp == stack_memory);
}

enum { AUTODISARM = 1 << 31 };

TEST(ss_autodisarm_takes_the_stack_away_for_the_handler)
{
    use_stack(AUTODISARM);
    OK(sigaltstack(NULL, &seen_stack));
    CHECK_EQ(seen_stack.ss_flags, AUTODISARM);
    handle_info(SIGUSR1, look, SA_ONSTACK);
    OK(raise(SIGUSR1));
    CHECK(seen_here > (uintptr_t)stack_memory && seen_here < (uintptr_t)stack_memory + sizeof stack_memory);
    CHECK_EQ(seen_stack.ss_flags, SS_DISABLE);
    CHECK_EQ(seen_change_errno, 0);
    CHECK_EQ(seen_context_stack.ss_flags, AUTODISARM);
    CHECK(seen_context_stack.ss_sp == stack_memory);
    // The return sets it up again.
    OK(sigaltstack(NULL, &seen_stack));
    CHECK_EQ(seen_stack.ss_flags, AUTODISARM);
    CHECK_EQ(seen_stack.ss_size, sizeof stack_memory);
}

// The library checks on its own.
static long set_stack(const stack_t *wanted, stack_t *old) { return syscall(SYS_sigaltstack, wanted, old); }

TEST(flags_and_sizes_are_checked)
{
    stack_t stack = { .ss_sp = stack_memory, .ss_size = MINSIGSTKSZ - 1 };
    CHECK_ERRNO(set_stack(&stack, NULL), ENOMEM);
    stack.ss_size = sizeof stack_memory;
    stack.ss_flags = SS_ONSTACK;
    // As ever on Linux, SS_ONSTACK is allowed and means nothing.
    OK(set_stack(&stack, NULL));
    OK(set_stack(NULL, &stack));
    CHECK_EQ(stack.ss_flags, 0);
    stack.ss_flags = 3;
    CHECK_ERRNO(set_stack(&stack, NULL), EINVAL);
    stack.ss_flags = 4;
    CHECK_ERRNO(set_stack(&stack, NULL), EINVAL);
    stack.ss_flags = SS_ONSTACK | AUTODISARM;
    OK(set_stack(&stack, NULL));
    stack.ss_flags = SS_DISABLE | AUTODISARM;
    stack.ss_size = 1;
    OK(set_stack(&stack, NULL));
    OK(set_stack(NULL, &stack));
    CHECK_EQ(stack.ss_flags, SS_DISABLE | AUTODISARM);
    CHECK(stack.ss_sp == NULL);
    CHECK_EQ(stack.ss_size, 0);
    CHECK_ERRNO(set_stack((void *)8, NULL), EFAULT);
    CHECK_ERRNO(syscall(SYS_sigaltstack, NULL, (void *)8), EFAULT);
}

static volatile int depth = 1 << 30;

static int recurse(int left)
{
    volatile char large[1024];
    large[0] = (char)left;
    return left == 0 ? 0 : recurse(left - 1) + large[0];
}

static void recurse_here(UNUSED int signo) { depth = recurse(depth); }

TEST(overflowing_the_alternate_stack_kills)
{
    FORK(child)
    {
        char *memory = OK(mmap(NULL, 5 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        OK(mprotect(memory, CHECK_PAGE, PROT_NONE));
        stack_t stack = { .ss_sp = memory + CHECK_PAGE, .ss_size = 4 * CHECK_PAGE };
        OK(sigaltstack(&stack, NULL));
        handle(SIGSEGV, recurse_here, SA_ONSTACK);
        *(volatile char *)8 = 1;
    }
    CHECK_KILLED(child, SIGSEGV);
}

TEST(a_frame_too_large_for_the_alternate_stack_kills)
{
    // Room for the frame is looked for within the stack.
    FORK(child)
    {
        stack_t stack = { .ss_sp = stack_memory + 32768, .ss_size = MINSIGSTKSZ };
        if (sigaltstack(&stack, NULL) != 0)
            raise(SIGSEGV);
        handle_info(SIGUSR1, look, SA_ONSTACK | SA_NODEFER);
        // Down to the last bytes of it.
        __asm__ volatile("movq %%rsp, %%rbx\n movq %0, %%rsp\n movl $200, %%eax\n"
                         "movl %1, %%edi\n movl %2, %%esi\n syscall\n movq %%rbx, %%rsp"
                         : : "r"(stack_memory + 32768 + 256), "r"((int)syscall(SYS_gettid)), "i"(SIGUSR1)
                         : "rax", "rbx", "rcx", "r11", "rdi", "rsi", "memory");
    }
    CHECK_KILLED(child, SIGSEGV);
}

enum { MAGIC1 = 0x46505853, MAGIC2 = 0x46505845, SOFTWARE_BYTES = 464 };

struct software_bytes
{
    uint32_t magic1, extended_size;
    uint64_t features;
    uint32_t xstate_size;
};

static struct software_bytes software;
static uint32_t magic2;
static uint64_t xstate_bv, xcomp_bv;
static uint64_t flags;
static unsigned char xmm7[16];
static uint32_t mxcsr;
static uint16_t control_word;
static uintptr_t image_address;

static void read_image(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    char *image = (char *)user->uc_mcontext.fpregs;
    image_address = (uintptr_t)image;
    flags = user->uc_flags;
    memcpy(&software, image + SOFTWARE_BYTES, sizeof software);
    memcpy(&magic2, image + software.xstate_size, 4);
    memcpy(&xstate_bv, image + 512, 8);
    memcpy(&xcomp_bv, image + 520, 8);
    memcpy(xmm7, image + 160 + 7 * 16, 16);
    memcpy(&mxcsr, image + 24, 4);
    memcpy(&control_word, image, 2);
}

static unsigned long long enabled_features(void)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (unsigned long long)high << 32 | low;
}

static bool has_xsave(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_OSXSAVE);
}

TEST(the_frame_has_the_whole_xsave_area_between_its_marks)
{
    if (!has_xsave())
        return;
    handle_info(SIGUSR1, read_image, 0);
    unsigned char value[16] __attribute__((aligned(16))) = "fifteen letters";
    __asm__ volatile("movdqa (%0), %%xmm7\n movl $200, %%eax\n movl %1, %%edi\n movl %2, %%esi\n syscall"
                     : : "r"(value), "r"((int)syscall(SYS_gettid)), "i"(SIGUSR1)
                     : "rax", "rcx", "r11", "rdi", "rsi", "memory", "xmm7");
    CHECK_EQ(image_address % 64, 0);
    CHECK_EQ(software.magic1, MAGIC1);
    CHECK_EQ(magic2, MAGIC2);
    CHECK_EQ(software.extended_size, software.xstate_size + 4);
    CHECK_EQ(software.features & ~enabled_features(), 0);
    CHECK_EQ(software.features & 3, 3);
    unsigned a, b, c, d;
    __cpuid_count(13, 0, a, b, c, d);
    CHECK(software.xstate_size >= 576 && software.xstate_size <= b);
    CHECK_EQ(xstate_bv & ~software.features, 0);
    CHECK(xstate_bv & 2);
    CHECK_EQ(xcomp_bv, 0);
    CHECK_BYTES(xmm7, value, 16);
    CHECK_EQ(mxcsr, 0x1f80);
    CHECK_EQ(control_word, 0x37f);
    // UC_FP_XSTATE, UC_SIGCONTEXT_SS, UC_STRICT_RESTORE_SS
    CHECK_EQ(flags, 7);
}

static bool damages_magic1, damages_magic2;

static void replace_xmm7(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    char *image = (char *)((ucontext_t *)context)->uc_mcontext.fpregs;
    memset(image + 160 + 7 * 16, 'n', 16);
    uint64_t components;
    memcpy(&components, image + 512, 8);
    components |= 2;
    memcpy(image + 512, &components, 8);
    struct software_bytes *bytes = (void *)(image + SOFTWARE_BYTES);
    if (damages_magic2)
        memset(image + bytes->xstate_size, 0, 4);
    if (damages_magic1)
        bytes->magic1 = 0;
}

static void check_xmm7_is_replaced(void)
{
    unsigned char value[16] __attribute__((aligned(16))) = "fifteen letters";
    unsigned char wanted[16];
    memset(wanted, 'n', 16);
    handle_info(SIGUSR1, replace_xmm7, 0);
    __asm__ volatile("movdqa (%0), %%xmm7\n movl $200, %%eax\n movl %1, %%edi\n movl %2, %%esi\n syscall\n"
                     "movdqa %%xmm7, (%0)"
                     : : "r"(value), "r"((int)syscall(SYS_gettid)), "i"(SIGUSR1)
                     : "rax", "rcx", "r11", "rdi", "rsi", "memory", "xmm7");
    CHECK_BYTES(value, wanted, 16);
}

TEST(a_handler_changes_the_vector_registers_in_the_frame) { check_xmm7_is_replaced(); }

TEST(a_frame_without_its_marks_has_the_legacy_registers_only)
{
    damages_magic1 = true;
    check_xmm7_is_replaced();
    damages_magic1 = false;
    damages_magic2 = true;
    check_xmm7_is_replaced();
}

static int damage;

static void damage_header(UNUSED int signo, UNUSED siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    char *image = (char *)user->uc_mcontext.fpregs;
    uint64_t value;
    switch (damage)
    {
        case 0: // Bits that no processor has.
            memset(image + 512, 0xff, 8);
            break;
        case 1: // The compacted format.
            value = 0x8000000000000003;
            memcpy(image + 520, &value, 8);
            break;
        case 2: // Reserved bytes of the header.
            memset(image + 528, 0xff, 8);
            break;
        case 3: // Reserved bits of MXCSR.
            memset(image + 24, 0xff, 4);
            break;
        case 4: // Not aligned.
            user->uc_mcontext.fpregs = (void *)(image + 8);
            break;
        case 5: // A kernel address.
            user->uc_mcontext.fpregs = (void *)0xffffffff80000000;
            break;
        case 6: // Nothing mapped.
            user->uc_mcontext.fpregs = (void *)4096;
            break;
        default: // None: the registers are reset.
            user->uc_mcontext.fpregs = NULL;
            break;
    }
}

TEST(a_damaged_header_of_the_xsave_area_is_sigsegv)
{
    if (!has_xsave())
        return;
    int got[8];
    bool same = true;
    static const int wanted[] = { 11, 11, 11, 11, 11, 11, 11, 0 };
    handle_info(SIGUSR1, damage_header, 0);
    for (damage = 0; damage < 8; damage++)
    {
        FORK(child)
            raise(SIGUSR1);
        got[damage] = STATUS_OF(child) & 0x7f;
        // QEMU's software emulation does not check MXCSR: harmless then.
        same &= got[damage] == wanted[damage] || (damage == 3 && got[damage] == 0);
    }
    if (!same)
        FAIL("got %d %d %d %d %d %d %d %d", got[0], got[1], got[2], got[3], got[4], got[5], got[6], got[7]);
}
