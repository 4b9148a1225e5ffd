// mprotect(2), mremap(2), madvise(2), brk(2) and the growth of the stack.
#include "check.h"
#include <sys/resource.h>

enum { RW = PROT_READ | PROT_WRITE, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

static char *map(size_t length) { return OK(mmap(NULL, length, RW, ANONYMOUS, -1, 0)); }

#define DIES(statement)                     \
    do                                      \
    {                                       \
        FORK(victim)                        \
        {                                   \
            statement;                      \
        }                                   \
        CHECK_KILLED(victim, SIGSEGV);      \
    } while (0)

TEST(protection_can_be_taken_and_given_back)
{
    char *page = map(CHECK_PAGE);
    page[0] = 5;
    OK(mprotect(page, CHECK_PAGE, PROT_NONE));
    DIES((void)*(volatile char *)page);
    OK(mprotect(page, CHECK_PAGE, PROT_READ));
    CHECK_EQ(*(volatile char *)page, 5);
    DIES(*(volatile char *)page = 6);
    OK(mprotect(page, CHECK_PAGE, RW));
    page[0] = 6;
    CHECK_EQ(page[0], 6);
}

TEST(the_middle_of_a_mapping_can_be_protected)
{
    char *pages = map(3 * CHECK_PAGE);
    OK(mprotect(pages + CHECK_PAGE, CHECK_PAGE, PROT_READ));
    pages[0] = pages[2 * CHECK_PAGE] = 1;
    DIES(pages[CHECK_PAGE] = 1);
    DIES(pages[2 * CHECK_PAGE - 1] = 1);
}

TEST(code_written_to_memory_runs_once_it_is_executable)
{
    static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; // mov eax, 42; ret
    char *page = map(CHECK_PAGE);
    memcpy(page, code, sizeof code);
    int (*function)(void) = (int (*)(void))(uintptr_t)page;
    DIES(function());
    OK(mprotect(page, CHECK_PAGE, PROT_READ | PROT_EXEC));
    CHECK_EQ(function(), 42);
    DIES(*(volatile char *)page = 1);
}

TEST(protection_after_fork_is_of_one_process_only)
{
    char *page = map(CHECK_PAGE);
    page[0] = 1;
    FORK(child)
        OK(mprotect(page, CHECK_PAGE, PROT_NONE));
    CHECK_EXITS(child, 0);
    page[0] = 2;
    CHECK_EQ(page[0], 2);
}

TEST(mprotect_checks_its_arguments)
{
    char *pages = map(2 * CHECK_PAGE);
    CHECK_ERRNO(syscall(SYS_mprotect, 0x123, CHECK_PAGE, PROT_READ), EINVAL);
    CHECK_ERRNO(syscall(SYS_mprotect, pages, CHECK_PAGE, 0x70), EINVAL);
    OK(munmap(pages + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(mprotect(pages, 2 * CHECK_PAGE, PROT_READ), ENOMEM);
    CHECK_EQ(syscall(SYS_mprotect, pages, 0, PROT_READ), 0);
}

TEST(system_calls_respect_protections)
{
    char *page = map(CHECK_PAGE);
    int zero = OK(open("/dev/zero", O_RDONLY));
    struct gate gate = new_gate();
    OK(mprotect(page, CHECK_PAGE, PROT_READ));
    CHECK_ERRNO(read(zero, page, 10), EFAULT);
    OK(mprotect(page, CHECK_PAGE, PROT_NONE));
    CHECK_ERRNO(write(gate.ends[1], page, 10), EFAULT);
}

TEST(mremap_grows_and_keeps_the_contents)
{
    char *pages = map(2 * CHECK_PAGE);
    pages[0] = 'a';
    pages[2 * CHECK_PAGE - 1] = 'z';
    char *grown = OK(mremap(pages, 2 * CHECK_PAGE, 100 * CHECK_PAGE, MREMAP_MAYMOVE));
    CHECK_EQ(grown[0], 'a');
    CHECK_EQ(grown[2 * CHECK_PAGE - 1], 'z');
    CHECK_EQ(grown[2 * CHECK_PAGE], 0);
    grown[100 * CHECK_PAGE - 1] = 1;
}

TEST(mremap_shrinks_in_place)
{
    char *pages = map(4 * CHECK_PAGE);
    CHECK(mremap(pages, 4 * CHECK_PAGE, CHECK_PAGE, 0) == pages);
    DIES(pages[CHECK_PAGE] = 1);
}

TEST(mremap_without_room_or_with_nothing_there_fails)
{
    char *pages = map(3 * CHECK_PAGE);
    CHECK_ERRNO(mremap(pages, CHECK_PAGE, 2 * CHECK_PAGE, 0), ENOMEM);
    CHECK_ERRNO(mremap(pages + 1, CHECK_PAGE, CHECK_PAGE, 0), EINVAL);
    CHECK_ERRNO(mremap(pages, CHECK_PAGE, 0, 0), EINVAL);
    OK(munmap(pages, 3 * CHECK_PAGE));
    CHECK_ERRNO(mremap(pages, CHECK_PAGE, 2 * CHECK_PAGE, MREMAP_MAYMOVE), EFAULT);
}

TEST(madvise_dontneed_gives_zeros_back)
{
    char *pages = map(2 * CHECK_PAGE);
    memset(pages, 'x', 2 * CHECK_PAGE);
    OK(madvise(pages, CHECK_PAGE, MADV_DONTNEED));
    CHECK_EQ(pages[0], 0);
    CHECK_EQ(pages[CHECK_PAGE], 'x');
    CHECK_ERRNO(madvise(pages + 1, CHECK_PAGE, MADV_DONTNEED), EINVAL);
    CHECK_ERRNO(madvise(pages, CHECK_PAGE, 4711), EINVAL);
}

static uintptr_t raw_brk(uintptr_t wanted) { return (uintptr_t)syscall(SYS_brk, wanted); }

TEST(brk_grows_by_zeroed_memory_and_shrinks)
{
    uintptr_t start = raw_brk(0);
    CHECK_EQ(raw_brk(start + 10 * CHECK_PAGE), start + 10 * CHECK_PAGE);
    char *heap = (char *)start;
    for (int i = 0; i < 10 * CHECK_PAGE; i++)
        CHECK_EQ(heap[i], 0);
    memset(heap, 'x', 10 * CHECK_PAGE);
    CHECK_EQ(raw_brk(start + CHECK_PAGE), start + CHECK_PAGE);
    CHECK_EQ(heap[0], 'x');
    // What was given back and taken again is zero again.
    CHECK_EQ(raw_brk(start + 10 * CHECK_PAGE), start + 10 * CHECK_PAGE);
    CHECK_EQ(heap[5 * CHECK_PAGE], 0);
    CHECK_EQ(raw_brk(start), start);
}

TEST(brk_that_cannot_be_met_returns_the_old_break)
{
    uintptr_t start = raw_brk(0);
    CHECK_EQ(raw_brk(1), start);
    CHECK_EQ(raw_brk(UINTPTR_MAX), start);
    CHECK_EQ(raw_brk(0xffff800000000000), start);
    // Byte-exact, although pages are what is mapped.
    CHECK_EQ(raw_brk(start + 123), start + 123);
    CHECK_EQ(raw_brk(0), start + 123);
}

TEST(the_break_is_inherited_and_independent)
{
    uintptr_t start = raw_brk(0);
    raw_brk(start + 2 * CHECK_PAGE);
    *(char *)start = 'p';
    FORK(child)
    {
        CHECK_EQ(raw_brk(0), start + 2 * CHECK_PAGE);
        CHECK_EQ(*(char *)start, 'p');
        raw_brk(start + 8 * CHECK_PAGE);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(raw_brk(0), start + 2 * CHECK_PAGE);
}

static int use_stack(int frames)
{
    volatile char frame[4096];
    frame[0] = (char)frames;
    return frames == 0 ? 0 : use_stack(frames - 1) + (frame[0] == (char)frames);
}

TEST(the_stack_grows_to_megabytes_on_demand)
{
    CHECK_EQ(use_stack(1500), 1500);
}

TEST(the_stack_grows_under_a_single_large_frame_and_under_a_system_call)
{
    volatile char large[1000000];
    large[0] = 1;
    CHECK_EQ(large[0], 1);
    // The kernel is the first to touch this part of the stack.
    FORK(child)
    {
        char *deep = __builtin_alloca(3000000);
        int zero = OK(open("/dev/zero", O_RDONLY));
        CHECK_EQ(read(zero, deep, 10), 10);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_lower_stack_limit_is_obeyed)
{
    FORK(child)
    {
        OK(setrlimit(RLIMIT_STACK, &(struct rlimit){ 512 << 10, 512 << 10 }));
        _exit(use_stack(1500) & 1);
    }
    CHECK_KILLED(child, SIGSEGV);
}

TEST(a_mapping_below_the_stack_is_not_swallowed)
{
    char *here = (char *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)(CHECK_PAGE - 1));
    char *guard = here - 512 * CHECK_PAGE;
    FORK(child)
    {
        CHECK(mmap(guard, CHECK_PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == guard);
        guard[7] = 'g';
        _exit(use_stack(1500) & 1);
    }
    CHECK_KILLED(child, SIGSEGV);
}
