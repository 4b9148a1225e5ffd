// build: static static-pie
// What a new program finds: the auxiliary vector, the stack, the registers.
#include "check.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;

static uint64_t *auxiliary(void)
{
    char **at = environ;
    while (*at != NULL)
        at++;
    return (uint64_t *)(at + 1);
}

static bool find(uint64_t tag, uint64_t *value)
{
    for (uint64_t *entry = auxiliary(); entry[0] != AT_NULL; entry += 2)
    {
        if (entry[0] == tag)
        {
            *value = entry[1];
            return true;
        }
    }
    return false;
}

static uint64_t get(uint64_t tag)
{
    uint64_t value = 0;
    if (!find(tag, &value))
        FAIL("auxiliary vector entry %d, got none, wanted one", (int)tag);
    return value;
}

extern const Elf64_Ehdr __ehdr_start;
extern char _start[];

TEST(program_headers_are_where_the_file_has_them)
{
    CHECK_EQ(get(AT_PHDR), (uintptr_t)&__ehdr_start + __ehdr_start.e_phoff);
    CHECK_EQ(get(AT_PHENT), sizeof(Elf64_Phdr));
    CHECK_EQ(get(AT_PHNUM), __ehdr_start.e_phnum);
}

TEST(the_entry_point_is_start_and_there_is_no_loader)
{
    CHECK_EQ(get(AT_ENTRY), (uintptr_t)_start);
    CHECK_EQ(get(AT_BASE), 0);
    CHECK_EQ(get(AT_FLAGS), 0);
}

TEST(page_size_and_clock_ticks_are_those_of_the_abi)
{
    CHECK_EQ(get(AT_PAGESZ), 4096);
    CHECK_EQ(get(AT_CLKTCK), 100);
}

TEST(identity_is_that_of_the_process)
{
    CHECK_EQ(get(AT_UID), getuid());
    CHECK_EQ(get(AT_EUID), geteuid());
    CHECK_EQ(get(AT_GID), getgid());
    CHECK_EQ(get(AT_EGID), getegid());
    CHECK_EQ(get(AT_SECURE), 0);
}

HELPER(print_random)
{
    return write(1, (void *)get(AT_RANDOM), 16) == 16 ? 0 : 1;
}

static void random_of_a_new_process(unsigned char bytes[16])
{
    int ends[2];
    OK(pipe(ends));
    FORK(child)
    {
        OK(dup2(ends[1], 1));
        OK(execl(check_self, check_self, "--helper", "print_random", NULL));
    }
    CHECK_EQ(read(ends[0], bytes, 16), 16);
    CHECK_EXITS(child, 0);
}

TEST(the_sixteen_random_bytes_differ_between_programs)
{
    unsigned char first[16];
    unsigned char second[16];
    random_of_a_new_process(first);
    random_of_a_new_process(second);
    CHECK(memcmp(first, second, 16) != 0);
}

TEST(hardware_capabilities_are_those_of_cpuid)
{
    unsigned a = 1, b, c, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    CHECK_EQ(get(AT_HWCAP) & 0xffffffff, d);
    CHECK_STR((const char *)get(AT_PLATFORM), "x86_64");
}

HELPER(check_execfn)
{
    CHECK_STR((const char *)get(AT_EXECFN), argv[0]);
    CHECK_EQ(get(AT_SECURE), 0);
    return 0;
}

TEST(the_file_name_is_the_one_given_to_execve)
{
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, "argument zero", "--helper", "check_execfn", check_self, NULL));
}

TEST(a_vdso_if_offered_is_an_elf_image)
{
    uint64_t vdso;
    if (find(AT_SYSINFO_EHDR, &vdso))
        CHECK(memcmp((void *)vdso, ELFMAG, SELFMAG) == 0);
}

TEST(the_stack_pointer_was_aligned_to_16_at_entry)
{
    // The System V ABI: at entry, argc lies at rsp, argv right above it, and rsp is a multiple of 16.
    char **argv = environ - 1;
    int argc = 0;
    while ((uintptr_t)argv[-1] > 4096)
    {
        argv--;
        argc++;
    }
    CHECK_EQ(*(long *)(argv - 1), argc);
    CHECK_EQ((uintptr_t)(argv - 1) % 16, 0);
}

static volatile int zero_initialized[5000];
static volatile int initialized[3] = { 7, 8, 9 };

TEST(bss_is_zero_and_data_is_loaded)
{
    for (size_t i = 0; i < sizeof zero_initialized / sizeof *zero_initialized; i++)
        CHECK_EQ(zero_initialized[i], 0);
    CHECK_EQ(initialized[0] + initialized[1] + initialized[2], 24);
}

static const int constant = 5;

TEST(constants_and_code_cannot_be_written)
{
    FORK(data)
        *(volatile int *)&constant = 6;
    CHECK_KILLED(data, SIGSEGV);
    FORK(code)
        *(volatile char *)(uintptr_t)_start = 0;
    CHECK_KILLED(code, SIGSEGV);
}

TEST(data_and_stack_cannot_be_executed)
{
    static unsigned char in_data[] = { 0xc3 };
    FORK(data)
        ((void (*)(void))(uintptr_t)in_data)();
    CHECK_KILLED(data, SIGSEGV);
    FORK(stack)
    {
        unsigned char on_stack[] = { 0xc3 };
        __asm__ volatile("" : : "r"(on_stack) : "memory");
        ((void (*)(void))(uintptr_t)on_stack)();
    }
    CHECK_KILLED(stack, SIGSEGV);
}
