// Registers and memory of a tracee.
#include "tracing.h"

static unsigned long word = 0x1122334455667788;
static const unsigned long constant = 0x8877665544332211;

#define FLAGS_AT offsetof(struct user_regs_struct, eflags)

TEST(getregs_and_peekuser_agree)
{
    TRACED(child)
        pause();
    struct user_regs_struct registers = registers_of(child);
    unsigned long words[27];
    memcpy(words, &registers, sizeof words);
    for (size_t i = 0; i < 27; i++)
        CHECK_EQ(peek_user(child, i * 8), words[i]);
    CHECK_EQ(registers.cs, 0x33);
    CHECK_EQ(registers.ss, 0x2b);
    CHECK_EQ(registers.ds, 0);
    CHECK_EQ(registers.es, 0);
    CHECK_EQ(registers.fs, 0);
    CHECK_EQ(registers.gs, 0);
    CHECK(registers.fs_base != 0);
    CHECK_EQ(registers.gs_base, 0);
    end_traced(child);
}

TEST(peekuser_reaches_all_of_struct_user_and_no_more)
{
    TRACED(child)
        pause();
    unsigned long got;
    // The kernel's has two words more than the library's.
    size_t end = sizeof(struct user) + 16;
    CHECK_EQ(end, 928);
    CHECK_EQ(peek_user(child, end - 8), 0);
    CHECK_EQ(peek_user(child, 27 * 8), 0);
    CHECK_EQ(peek_user(child, offsetof(struct user, u_debugreg[0])), 0);
    CHECK_EQ(peek_user(child, offsetof(struct user, u_debugreg[4])), 0);
    CHECK_EQ(peek_user(child, offsetof(struct user, u_debugreg[7])), 0);
    CHECK_ERRNO(PT(PTRACE_PEEKUSER, child, 4, &got), EIO);
    CHECK_ERRNO(PT(PTRACE_PEEKUSER, child, end, &got), EIO);
    CHECK_ERRNO(PT(PTRACE_PEEKUSER, child, -8, &got), EIO);
    CHECK_ERRNO(PT(PTRACE_PEEKUSER, child, 0, 8), EFAULT);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, 27 * 8, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, end - 8, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, 4, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, end, 0), EIO);
    end_traced(child);
}

TEST(general_registers_can_be_set)
{
    TRACED(child)
        pause();
    struct user_regs_struct before = registers_of(child), after;
    unsigned long *words = (unsigned long *)&before;
    for (int i = 0; i < 15; i++)
        words[i] = 0x1000000000000001ul * (unsigned long)(i + 1);
    before.rip = 0xffff800000000000;
    before.rsp = ~0ul;
    OK(PT(PTRACE_SETREGS, child, 0, &before));
    after = registers_of(child);
    CHECK_BYTES(&after, &before, sizeof after);
    end_traced(child);
}

TEST(selectors_and_bases_that_user_mode_cannot_have_are_eio)
{
    TRACED(child)
        pause();
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, cs), 0), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, cs), 0x10), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, ss), 0), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, ss), 0x18), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, ds), 0x10), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, fs_base), 1ul << 63), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, gs_base), 1ul << 62), EIO);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, cs), 0x33));
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, ss), 0x2b));
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, ds), 0));
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, gs_base), 0x12345678));
    CHECK_EQ(registers_of(child).gs_base, 0x12345678);
    end_traced(child);
}

TEST(flags_that_belong_to_the_kernel_stay)
{
    TRACED(child)
        pause();
    OK(PT(PTRACE_POKEUSER, child, FLAGS_AT, 0));
    CHECK_EQ(peek_user(child, FLAGS_AT) & ~2ul, 0x200);
    OK(PT(PTRACE_POKEUSER, child, FLAGS_AT, ~0ul));
    CHECK_EQ(peek_user(child, FLAGS_AT) & ~2ul, 0x54fd5 & ~2ul);
    end_traced(child);
}

TEST(arch_prctl_of_a_tracee)
{
    TRACED(child)
        pause();
    unsigned long base = 0;
    OK(PT(30, child, &base, 0x1003));
    CHECK_EQ(base, registers_of(child).fs_base);
    OK(PT(30, child, 0x4000, 0x1001));
    CHECK_EQ(registers_of(child).gs_base, 0x4000);
    CHECK_ERRNO(PT(30, child, 1ul << 63, 0x1001), EPERM);
    CHECK_ERRNO(PT(30, child, 0, 0x9999), EINVAL);
    CHECK_ERRNO(PT(30, child, 8, 0x1003), EFAULT);
    end_traced(child);
}

TEST(getregset_gives_what_fits)
{
    TRACED(child)
        pause();
    struct user_regs_struct registers = registers_of(child), got;
    struct iovec part = { &got, sizeof got };
    OK(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, &part));
    CHECK_EQ(part.iov_len, sizeof got);
    CHECK_BYTES(&got, &registers, sizeof got);
    memset(&got, 0x55, sizeof got);
    part.iov_len = 16;
    OK(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, &part));
    CHECK_EQ(part.iov_len, 16);
    CHECK_BYTES(&got, &registers, 16);
    CHECK_EQ(got.r13, 0x5555555555555555);
    char large[4096];
    part = (struct iovec){ large, sizeof large };
    OK(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, &part));
    CHECK_EQ(part.iov_len, sizeof got);
    part.iov_len = 12;
    CHECK_ERRNO(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, &part), EINVAL);
    part.iov_len = 4096;
    CHECK_ERRNO(PT(PTRACE_GETREGSET, child, 0x999, &part), EINVAL);
    CHECK_ERRNO(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, 8), EFAULT);
    part.iov_base = (void *)8;
    CHECK_ERRNO(PT(PTRACE_GETREGSET, child, NT_PRSTATUS, &part), EFAULT);
    end_traced(child);
}

TEST(setregset_sets_what_is_given)
{
    TRACED(child)
        pause();
    struct user_regs_struct registers = registers_of(child), got;
    unsigned long two[2] = { 0x15, 0x14 };
    struct iovec part = { two, sizeof two };
    OK(PT(PTRACE_SETREGSET, child, NT_PRSTATUS, &part));
    CHECK_EQ(part.iov_len, 16);
    got = registers_of(child);
    CHECK_EQ(got.r15, 0x15);
    CHECK_EQ(got.r14, 0x14);
    CHECK_EQ(got.r13, registers.r13);
    part.iov_len = 0;
    OK(PT(PTRACE_SETREGSET, child, NT_PRSTATUS, &part));
    CHECK_EQ(part.iov_len, 0);
    end_traced(child);
}

static void hold_vectors(void)
{
    double values[2] = { 1.5, -2.25 };
    __asm__ volatile("movupd %0, %%xmm3\n\tmovupd %0, %%xmm12\n\tfld1\n\tint3\n\t"
                     "movupd %%xmm12, %0\n\tfstp %%st"
                     : "+m"(values) : : "xmm3", "xmm12", "memory");
    _exit(values[0] == 6.5 && values[1] == 8 ? 0 : 1);
}

TEST(floating_point_registers_can_be_read_and_set)
{
    TRACED(child)
        hold_vectors();
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(siginfo_of(child).si_code, SI_KERNEL);
    struct user_fpregs_struct fp;
    CHECK_EQ(sizeof fp, 512);
    OK(PT(PTRACE_GETFPREGS, child, 0, &fp));
    double held[2];
    memcpy(held, &fp.xmm_space[3 * 4], sizeof held);
    CHECK(held[0] == 1.5 && held[1] == -2.25);
    CHECK_EQ(fp.cwd, 0x37f);
    CHECK_EQ(fp.swd >> 11 & 7, 7);
    CHECK_EQ(fp.ftw, 0x80);
    CHECK_EQ(fp.mxcsr, 0x1f80);
    unsigned short top[5];
    memcpy(top, fp.st_space, sizeof top);
    CHECK_EQ(top[4], 0x3fff);
    CHECK_EQ(top[3], 0x8000);
    held[0] = 6.5;
    held[1] = 8;
    memcpy(&fp.xmm_space[12 * 4], held, sizeof held);
    OK(PT(PTRACE_SETFPREGS, child, 0, &fp));
    struct user_fpregs_struct bad = fp;
    bad.mxcsr = 0xffff0000;
    CHECK_ERRNO(PT(PTRACE_SETFPREGS, child, 0, &bad), EINVAL);
    struct iovec part = { &bad, sizeof bad };
    OK(PT(PTRACE_GETREGSET, child, NT_PRFPREG, &part));
    CHECK_EQ(part.iov_len, 512);
    CHECK_BYTES(&bad, &fp, 416);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(the_extended_state_says_what_is_in_it)
{
    TRACED(child)
        hold_vectors();
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    static uint64_t area[1024], again[1024];
    struct iovec part = { area, sizeof area };
    OK(PT(PTRACE_GETREGSET, child, NT_X86_XSTATE, &part));
    size_t length = part.iov_len;
    CHECK(length >= 576 && length < sizeof area);
    // The mask of components where software may write, and the header behind the legacy area.
    uint64_t components = area[464 / 8];
    CHECK_EQ(components & 3, 3);
    CHECK_EQ(area[512 / 8] & ~components, 0);
    CHECK_EQ(area[512 / 8] & 3, 3);
    CHECK_EQ(area[520 / 8], 0);
    double held[2] = { 6.5, 8 };
    memcpy((char *)area + 160 + 12 * 16, held, sizeof held);
    part = (struct iovec){ area, length };
    OK(PT(PTRACE_SETREGSET, child, NT_X86_XSTATE, &part));
    part = (struct iovec){ again, sizeof again };
    OK(PT(PTRACE_GETREGSET, child, NT_X86_XSTATE, &part));
    CHECK_BYTES(again, area, 512);
    part = (struct iovec){ area, 512 };
    CHECK_ERRNO(PT(PTRACE_SETREGSET, child, NT_X86_XSTATE, &part), EFAULT);
    part = (struct iovec){ area, length };
    area[512 / 8] |= 1ul << 62;
    CHECK_ERRNO(PT(PTRACE_SETREGSET, child, NT_X86_XSTATE, &part), EINVAL);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(memory_can_be_read_and_written)
{
    TRACED(child)
        _exit(word == 0x99 ? 0 : 1);
    CHECK_EQ(peek(child, &word), 0x1122334455667788);
    CHECK_EQ(peek(child, (char *)&word + 1) & 0xffffff, 0x556677);
    unsigned long got;
    CHECK_ERRNO(PT(PTRACE_PEEKDATA, child, 8, &got), EIO);
    CHECK_ERRNO(PT(PTRACE_PEEKTEXT, child, -8, &got), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEDATA, child, 8, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_PEEKDATA, child, &word, 8), EFAULT);
    OK(PT(PTRACE_POKETEXT, child, &word, 0x99));
    CHECK_EQ(word, 0x1122334455667788);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(words_may_cross_pages_but_not_into_nothing)
{
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(munmap(pages + 2 * CHECK_PAGE, CHECK_PAGE));
    pages[CHECK_PAGE - 1] = 1;
    pages[CHECK_PAGE] = 2;
    TRACED(child)
        _exit(pages[CHECK_PAGE - 4] == 0x77 && pages[CHECK_PAGE + 3] == 0x77 ? 0 : 1);
    CHECK_EQ(peek(child, pages + CHECK_PAGE - 1), 0x201);
    OK(PT(PTRACE_POKEDATA, child, pages + CHECK_PAGE - 4, 0x7777777777777777));
    unsigned long got;
    CHECK_ERRNO(PT(PTRACE_PEEKDATA, child, pages + 2 * CHECK_PAGE - 4, &got), EIO);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(read_only_private_memory_is_copied_and_written)
{
    TRACED(child)
        _exit(*(volatile const unsigned long *)&constant == 7 ? 0 : 1);
    OK(PT(PTRACE_POKEDATA, child, &constant, 7));
    CHECK_EQ(peek(child, &constant), 7);
    CHECK_EQ(*(volatile const unsigned long *)&constant, 0x8877665544332211);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(memory_without_any_right_can_be_read_but_a_shared_read_only_page_not_written)
{
    char *none = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    strcpy(none, "secret");
    OK(mprotect(none, CHECK_PAGE, PROT_NONE));
    char *shared = OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    TRACED(child)
        pause();
    unsigned long got = peek(child, none);
    CHECK_BYTES(&got, "secret", 7);
    CHECK_EQ(peek(child, shared), 0);
    CHECK_ERRNO(PT(PTRACE_POKEDATA, child, shared, 1), EIO);
    OK(PT(PTRACE_POKEDATA, child, none, 1));
    CHECK_EQ(peek(child, none), 1);
    end_traced(child);
}

static int open_mem(pid_t pid, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    return open(path, flags);
}

TEST(proc_mem_reads_and_writes_where_it_is_sought)
{
    TRACED(child)
        _exit(word == 0x1234 && *(volatile const unsigned long *)&constant == 9 ? 0 : 1);
    int fd = OK(open_mem(child, O_RDWR));
    unsigned long got = 0, value = 0x1234;
    CHECK_EQ(pread(fd, &got, 8, (off_t)(uintptr_t)&word), 8);
    CHECK_EQ(got, 0x1122334455667788);
    CHECK_EQ(pwrite(fd, &value, 8, (off_t)(uintptr_t)&word), 8);
    value = 9;
    CHECK_EQ(lseek(fd, (off_t)(uintptr_t)&constant, SEEK_SET), (off_t)(uintptr_t)&constant);
    CHECK_EQ(write(fd, &value, 8), 8);
    CHECK_EQ(lseek(fd, -8, SEEK_CUR), (off_t)(uintptr_t)&constant);
    CHECK_EQ(read(fd, &got, 8), 8);
    CHECK_EQ(got, 9);
    CHECK_ERRNO(lseek(fd, 0, SEEK_END), EINVAL);
    CHECK_EQ(lseek(fd, -4096, SEEK_SET), -4096);
    CHECK_ERRNO(pread(fd, &got, 8, 8), EIO);
    CHECK_ERRNO(pwrite(fd, &got, 8, 8), EIO);
    CHECK_ERRNO(pread(fd, (void *)8, 8, (off_t)(uintptr_t)&word), EFAULT);
    CHECK_EQ(pread(fd, &got, 0, 8), 0);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
    // The memory has gone with the process.
    CHECK_EQ(pread(fd, &got, 8, (off_t)(uintptr_t)&word), 0);
}

TEST(proc_mem_comes_up_short_at_the_end_of_a_mapping)
{
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(munmap(pages + 2 * CHECK_PAGE, CHECK_PAGE));
    static char got[4 * CHECK_PAGE];
    int fd = OK(open_mem(getpid(), O_RDWR));
    CHECK_EQ(pread(fd, got, sizeof got, (off_t)(uintptr_t)pages), 2 * CHECK_PAGE);
    CHECK_EQ(pwrite(fd, got, sizeof got, (off_t)(uintptr_t)pages + 100), 2 * CHECK_PAGE - 100);
}

TEST(proc_mem_is_for_those_who_may_trace)
{
    struct gate ready = new_gate();
    FORK(child)
    {
        become(1000);
        open_gate(&ready);
        pause();
    }
    pass_gate(&ready);
    OK(close(OK(open_mem(child, O_RDWR))));
    FORK(other)
    {
        become(1234);
        CHECK_ERRNO(open_mem(child, O_RDONLY), EACCES);
    }
    CHECK_EXITS(other, 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(the_place_of_restartable_sequences_can_be_read)
{
    static char area[32] __attribute__((aligned(32)));
    TRACED(child)
    {
        OK(syscall(SYS_rseq, area, 32, 0, 0x53053053));
        raise(SIGUSR1);
    }
    struct { uint64_t pointer; uint32_t size, signature, flags, pad; } got;
    CHECK_EQ(PT(0x420f, child, sizeof got, &got), 24);
    CHECK_EQ(got.pointer, 0);
    CHECK_EQ(got.signature, 0);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CHECK_EQ(PT(0x420f, child, sizeof got, &got), 24);
    CHECK_EQ(got.pointer, (uintptr_t)area);
    CHECK_EQ(got.size, 32);
    CHECK_EQ(got.signature, 0x53053053);
    CHECK_EQ(got.flags, 0);
    got.signature = 1;
    CHECK_EQ(PT(0x420f, child, 8, &got), 24);
    CHECK_EQ(got.signature, 1);
    CHECK_ERRNO(PT(0x420f, child, sizeof got, 8), EFAULT);
    end_traced(child);
}
