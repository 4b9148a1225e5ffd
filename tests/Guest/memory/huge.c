// Large pages of private memory: they show in the number of faults, and nowhere else.
#include "check.h"
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>

enum
{
    HUGE = 2 << 20,
    PAGES = HUGE / CHECK_PAGE,
    // Beside those of the region: what the measuring itself brings in.
    FEW = 20,
    POPULATE_WRITE = 23,
};

static const char setting[] = "/sys/kernel/mm/transparent_hugepage/enabled";

// "always", "madvise" or "never". With little memory, a kernel starts with "never".
static void choose(const char *mode)
{
    if (access(setting, F_OK) != 0)
    {
        (void)mkdir("/sys", 0755);
        OK((int)syscall(SYS_mount, "sysfs", "/sys", "sysfs", 0, NULL));
    }
    int fd = OK(open(setting, O_WRONLY));
    CHECK_EQ(write(fd, mode, strlen(mode)), (long)strlen(mode));
    OK(close(fd));
}

// So many large pages' worth of fresh memory, aligned.
static char *region(int count)
{
    static bool is_chosen;
    if (!is_chosen)
        choose("always");
    is_chosen = true;
    char *at = OK(mmap(NULL, (size_t)(count + 1) * HUGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return (char *)(((uintptr_t)at + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
}

static long faults(void)
{
    struct rusage usage;
    OK(getrusage(RUSAGE_SELF, &usage));
    return usage.ru_minflt;
}

// Writes a word to each page, and tells how many faults that took.
static long fill(char *at, int pages, int value)
{
    long before = faults();
    for (int i = 0; i < pages; i++)
        *(volatile int *)(at + (size_t)i * CHECK_PAGE) = value + i;
    return faults() - before;
}

static void check_filled(char *at, int pages, int value)
{
    for (int i = 0; i < pages; i++)
        CHECK_EQ(*(volatile int *)(at + (size_t)i * CHECK_PAGE), value + i);
}

TEST(an_aligned_region_takes_one_fault)
{
    char *at = region(2);
    CHECK(fill(at, 2 * PAGES, 1) < FEW);
    check_filled(at, 2 * PAGES, 1);
    CHECK_EQ(at[5], 0);
    CHECK_EQ(at[2 * HUGE - 1], 0);
}

TEST(advice_and_small_regions_keep_pages_small)
{
    char *at = region(1);
    OK(madvise(at, HUGE, MADV_NOHUGEPAGE));
    CHECK(fill(at, PAGES, 1) >= PAGES);
    at = region(1);
    OK(munmap(at, CHECK_PAGE));
    CHECK(fill(at + CHECK_PAGE, PAGES - 1, 1) >= PAGES - 1);
}

TEST(a_part_can_be_unmapped)
{
    char *at = region(2);
    fill(at, 2 * PAGES, 1);
    OK(munmap(at + 10 * CHECK_PAGE, 5 * CHECK_PAGE));
    check_filled(at, 10, 1);
    check_filled(at + 15 * CHECK_PAGE, 2 * PAGES - 15, 16);
    FORK(victim)
        (void)*(volatile char *)(at + 12 * CHECK_PAGE);
    CHECK_KILLED(victim, SIGSEGV);
    OK(munmap(at + HUGE / 2, HUGE));
    check_filled(at + 15 * CHECK_PAGE, PAGES / 2 - 15, 16);
    check_filled(at + HUGE + HUGE / 2, PAGES / 2, 1 + PAGES + PAGES / 2);
}

TEST(a_part_can_be_protected)
{
    char *at = region(1);
    fill(at, PAGES, 1);
    OK(mprotect(at + CHECK_PAGE, CHECK_PAGE, PROT_READ));
    FORK(victim)
        at[CHECK_PAGE] = 1;
    CHECK_KILLED(victim, SIGSEGV);
    at[0] = 7;
    at[2 * CHECK_PAGE] = 7;
    check_filled(at + CHECK_PAGE, 1, 2);
    OK(mprotect(at, HUGE, PROT_NONE));
    FORK(blind)
        (void)*(volatile char *)at;
    CHECK_KILLED(blind, SIGSEGV);
    OK(mprotect(at, HUGE, CHECK_RW));
    CHECK_EQ(at[0], 7);
    check_filled(at + 3 * CHECK_PAGE, PAGES - 3, 4);
    at[CHECK_PAGE] = 9;
}

TEST(all_of_it_can_be_protected)
{
    char *at = region(1);
    fill(at, PAGES, 1);
    OK(mprotect(at, HUGE, PROT_READ));
    check_filled(at, PAGES, 1);
    FORK(victim)
        at[HUGE / 2] = 1;
    CHECK_KILLED(victim, SIGSEGV);
    OK(mprotect(at, HUGE, PROT_NONE));
    FORK(blind)
        (void)*(volatile char *)at;
    CHECK_KILLED(blind, SIGSEGV);
    OK(mprotect(at, HUGE, CHECK_RW));
    CHECK(fill(at, PAGES, 3) < FEW);
    check_filled(at, PAGES, 3);
}

TEST(parent_and_child_do_not_see_each_others_writes)
{
    char *at = region(2);
    fill(at, 2 * PAGES, 1);
    struct gate written = new_gate();
    struct gate seen = new_gate();
    FORK(child)
    {
        pass_gate(&written);
        check_filled(at, 2 * PAGES, 1);
        fill(at, PAGES, 5000);
        at[HUGE + CHECK_PAGE] = 1;
        open_gate(&seen);
        check_filled(at, PAGES, 5000);
        check_filled(at + HUGE + 2 * CHECK_PAGE, PAGES - 2, 3 + PAGES);
    }
    at[3 * CHECK_PAGE + 100] = 1;
    fill(at + HUGE, 1, 9000);
    *(int *)(at + HUGE) = 1 + PAGES;
    open_gate(&written);
    pass_gate(&seen);
    check_filled(at, 2 * PAGES, 1);
    CHECK_EXITS(child, 0);
    check_filled(at, 2 * PAGES, 1);
    fill(at, 2 * PAGES, 70);
    check_filled(at, 2 * PAGES, 70);
}

TEST(the_last_owner_writes_in_place)
{
    char *at = region(4);
    fill(at, 4 * PAGES, 1);
    FORK(child)
        check_filled(at, 4 * PAGES, 1);
    CHECK_EXITS(child, 0);
    CHECK(fill(at, 4 * PAGES, 2) < FEW);
    check_filled(at, 4 * PAGES, 2);
}

TEST(grandchildren_share_too)
{
    char *at = region(1);
    fill(at, PAGES, 1);
    FORK(child)
    {
        at[7 * CHECK_PAGE + 8] = 5;
        FORK(grandchild)
        {
            CHECK_EQ(at[7 * CHECK_PAGE + 8], 5);
            fill(at, PAGES, 3);
        }
        CHECK_EXITS(grandchild, 0);
        check_filled(at, PAGES, 1);
        CHECK_EQ(at[7 * CHECK_PAGE + 8], 5);
    }
    CHECK_EXITS(child, 0);
    check_filled(at, PAGES, 1);
    CHECK_EQ(at[7 * CHECK_PAGE + 8], 0);
}

TEST(part_of_it_is_not_for_children)
{
    char *at = region(1);
    fill(at, PAGES, 1);
    OK(madvise(at + 4 * CHECK_PAGE, CHECK_PAGE, MADV_DONTFORK));
    OK(madvise(at + 6 * CHECK_PAGE, CHECK_PAGE, MADV_WIPEONFORK));
    FORK(child)
    {
        check_filled(at, 4, 1);
        CHECK_EQ(at[6 * CHECK_PAGE], 0);
        check_filled(at + 7 * CHECK_PAGE, PAGES - 7, 8);
        (void)*(volatile char *)(at + 4 * CHECK_PAGE);
    }
    CHECK_KILLED(child, SIGSEGV);
    check_filled(at, PAGES, 1);
}

TEST(parts_and_all_can_be_given_back)
{
    char *at = region(2);
    fill(at, 2 * PAGES, 1);
    OK(madvise(at + CHECK_PAGE, CHECK_PAGE, MADV_DONTNEED));
    CHECK_EQ(at[CHECK_PAGE], 0);
    check_filled(at, 1, 1);
    check_filled(at + 2 * CHECK_PAGE, 2 * PAGES - 2, 3);
    OK(madvise(at + HUGE, HUGE, MADV_DONTNEED));
    CHECK_EQ(at[HUGE], 0);
    OK(madvise(at + HUGE, HUGE, MADV_DONTNEED));
    CHECK_EQ(*(volatile char *)(at + HUGE + 100), 0);
}

TEST(memory_given_back_is_large_again)
{
    char *at = region(1);
    fill(at, PAGES, 1);
    OK(madvise(at, HUGE, MADV_DONTNEED));
    CHECK(fill(at, PAGES, 2) < FEW);
    check_filled(at, PAGES, 2);
}

TEST(it_moves_as_a_whole_and_in_parts)
{
    char *at = region(3);
    char *room = region(4);
    fill(at, 3 * PAGES, 1);
    OK(mremap(at, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, room));
    check_filled(room, PAGES, 1);
    OK(mremap(at + HUGE, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, room + HUGE + CHECK_PAGE));
    check_filled(room + HUGE + CHECK_PAGE, PAGES, 1 + PAGES);
    OK(mremap(at + 2 * HUGE + CHECK_PAGE, 3 * CHECK_PAGE, 3 * CHECK_PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
              room + 3 * HUGE));
    check_filled(room + 3 * HUGE, 3, 2 + 2 * PAGES);
    check_filled(at + 2 * HUGE, 1, 1 + 2 * PAGES);
    check_filled(at + 2 * HUGE + 4 * CHECK_PAGE, PAGES - 4, 5 + 2 * PAGES);
    FORK(victim)
        (void)*(volatile char *)at;
    CHECK_KILLED(victim, SIGSEGV);
}

TEST(system_calls_reach_into_it)
{
    static char buffer[3 * CHECK_PAGE];
    char *at = region(1);
    fill(at, PAGES, 1);
    int ends[2];
    OK(pipe(ends));
    CHECK_EQ(write(ends[1], at + CHECK_PAGE, 4), 4);
    CHECK_EQ(read(ends[0], at + 3, 4), 4);
    CHECK_EQ(*(int *)(at + 3), 2);
    struct iovec own = { buffer, sizeof buffer };
    struct iovec other = { at + 5 * CHECK_PAGE, sizeof buffer };
    FORK(child)
    {
        CHECK_EQ(syscall(SYS_process_vm_readv, getppid(), &own, 1, &other, 1, 0), (long)sizeof buffer);
        check_filled(buffer, 3, 6);
        memset(buffer, 9, sizeof buffer);
        CHECK_EQ(syscall(SYS_process_vm_writev, getppid(), &own, 1, &other, 1, 0), (long)sizeof buffer);
        check_filled(at + 5 * CHECK_PAGE, 3, 6);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(at[5 * CHECK_PAGE], 9);
    CHECK_EQ(at[8 * CHECK_PAGE - 1], 9);
    check_filled(at + 8 * CHECK_PAGE, PAGES - 8, 9);
    unsigned char present[PAGES];
    OK(mincore(at, HUGE, present));
    CHECK_EQ(present[0] & 1, 1);
    CHECK_EQ(present[PAGES - 1] & 1, 1);
}

TEST(what_is_populated_is_there)
{
    char *at = region(2);
    OK(madvise(at, 2 * HUGE, POPULATE_WRITE));
    CHECK(fill(at, 2 * PAGES, 1) < FEW);
    OK(mlock(at + CHECK_PAGE, CHECK_PAGE));
    OK(munlock(at, HUGE));
    check_filled(at, 2 * PAGES, 1);
}

static char *move_break(char *end) { return (char *)syscall(SYS_brk, end); }

TEST(the_heap_has_them_too)
{
    choose("always");
    char *start = move_break(NULL);
    char *at = start + (HUGE - (uintptr_t)start % HUGE);
    char *end = at + 2 * HUGE;
    CHECK(move_break(end) == end);
    CHECK(fill(at, 2 * PAGES, 1) < FEW);
    check_filled(at, 2 * PAGES, 1);
    CHECK(move_break(end - HUGE / 2) == end - HUGE / 2);
    check_filled(at, PAGES + PAGES / 2, 1);
    CHECK(move_break(end) == end);
    CHECK_EQ(end[-1], 0);
}

TEST(a_process_can_do_without)
{
    CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
    CHECK_ERRNO(prctl(PR_SET_THP_DISABLE, 1, 1, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0), EINVAL);
    OK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
    CHECK(fill(region(1), PAGES, 1) >= PAGES);
    FORK(child)
    {
        CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
        OK(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0));
        CHECK(fill(region(1), PAGES, 1) < FEW);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
}

HELPER(asks)
{
    return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0);
}

TEST(exec_keeps_that)
{
    FORK(child)
    {
        OK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
        execl(check_self, check_self, "--helper", "asks", NULL);
    }
    CHECK_EXITS(child, 1);
}

TEST(the_administrator_decides)
{
    char text[64];
    char *first = region(1);
    read_file(setting, text, sizeof text);
    CHECK(strcmp(text, "[always] madvise never\n") == 0);
    choose("madvise\n");
    read_file(setting, text, sizeof text);
    CHECK(strcmp(text, "always [madvise] never\n") == 0);
    CHECK(fill(first, PAGES, 1) >= PAGES);
    char *at = region(1);
    OK(madvise(at, HUGE, MADV_HUGEPAGE));
    CHECK(fill(at, PAGES, 1) < FEW);
    choose("never");
    at = region(1);
    OK(madvise(at, HUGE, MADV_HUGEPAGE));
    CHECK(fill(at, PAGES, 1) >= PAGES);
    int fd = OK(open(setting, O_WRONLY));
    CHECK_ERRNO(write(fd, "sometimes", 9), EINVAL);
    OK(close(fd));
    choose("always");
    read_file("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", text, sizeof text);
    CHECK(strcmp(text, "2097152\n") == 0);
}

TEST(random_use_agrees_with_a_model)
{
    enum { BLOCKS = 3, ALL = BLOCKS * PAGES };
    static unsigned char model[ALL];
    static unsigned char shadow[ALL];
    char *at = region(BLOCKS);
    unsigned state = 12345;
    for (int step = 0; step < 400; step++)
    {
        state = state * 1103515245 + 12345;
        int first = (int)((state >> 8) % ALL);
        int count = (int)((state >> 18) % 700) + 1;
        if ((state >> 4) % 4 == 0)
        {
            first = first / PAGES * PAGES;
            count = PAGES;
        }
        if (count > ALL - first)
            count = ALL - first;
        char *from = at + (size_t)first * CHECK_PAGE;
        switch ((state >> 28) % 5)
        {
        case 0:
            for (int i = 0; i < count; i++)
                from[(size_t)i * CHECK_PAGE + 9] = (char)(model[first + i] = (unsigned char)(step | 1));
            break;
        case 1:
            OK(madvise(from, (size_t)count * CHECK_PAGE, MADV_DONTNEED));
            memset(model + first, 0, (size_t)count);
            break;
        case 2:
            OK(mprotect(from, (size_t)count * CHECK_PAGE, PROT_READ));
            OK(mprotect(from, (size_t)count * CHECK_PAGE, CHECK_RW));
            break;
        case 3:
        {
            memcpy(shadow, model, sizeof model);
            FORK(child)
            {
                for (int i = 0; i < ALL; i += 7)
                    at[(size_t)i * CHECK_PAGE + 9] ^= 0x55;
                for (int i = 0; i < ALL; i++)
                    if ((unsigned char)at[(size_t)i * CHECK_PAGE + 9] != (model[i] ^ (i % 7 == 0 ? 0x55 : 0)))
                        FAIL("the child sees something else in page %d, step %d", i, step);
            }
            from[9] = (char)(model[first] = (unsigned char)(step | 1));
            CHECK_EXITS(child, 0);
            break;
        }
        default:
            OK(mmap(from, (size_t)count * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
            memset(model + first, 0, (size_t)count);
            break;
        }
        for (int i = 0; i < ALL; i++)
            if ((unsigned char)at[(size_t)i * CHECK_PAGE + 9] != model[i])
                FAIL("page %d, step %d, got %d, wanted %d", i, step, at[(size_t)i * CHECK_PAGE + 9], model[i]);
    }    choose("never");
}
