// A program that takes all memory is ended, and only that program. How much memory there is does not matter.
#include "check.h"
#include <sys/resource.h>

enum
{
    CHUNK = 8 << 20,
};

// Nobody else goes before it, whoever else there is.
static void volunteer(void)
{
    make_file("/proc/self/oom_score_adj", "1000");
}

static void check_all_is_well(void)
{
    FORK(child)
    {
        char *pages = OK(mmap(NULL, CHUNK, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        memset(pages, 1, CHUNK);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_program_that_touches_all_memory_is_killed)
{
    FORK(bomb)
    {
        volunteer();
        while (true)
        {
            char *chunk = mmap(NULL, CHUNK, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (chunk == MAP_FAILED)
                _exit(errno == ENOMEM ? 12 : 13);
            memset(chunk, 1, CHUNK);
        }
    }
    CHECK_KILLED(bomb, SIGKILL);
    check_all_is_well();
}

TEST(a_program_with_no_memory_but_page_tables_is_killed)
{
    FORK(bomb)
    {
        volunteer();

        // One byte of each two megabytes: reading gives the page of zeros, which is everybody's, but each needs a table.
        const size_t step = 2 << 20;
        const size_t length = 8ul << 40;
        char *space = OK(mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        OK(madvise(space, length, MADV_NOHUGEPAGE));
        for (size_t at = 0; at < length; at += step)
            if (*(volatile char *)(space + at) != 0)
                _exit(1);
    }
    CHECK_KILLED(bomb, SIGKILL);
    check_all_is_well();
}

TEST(a_copy_from_the_kernel_that_finds_no_memory_ends_the_program_too)
{
    FORK(bomb)
    {
        volunteer();
        int zeros = OK(open("/dev/zero", O_RDONLY));
        while (true)
        {
            char *chunk = mmap(NULL, CHUNK, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (chunk == MAP_FAILED)
                _exit(12);
            for (long at = 0; at < CHUNK; at += CHECK_PAGE)
                if (read(zeros, chunk + at, 1) != 1)
                    _exit(13);
        }
    }
    CHECK_KILLED(bomb, SIGKILL);
    check_all_is_well();
}

TEST(mappings_end_in_enomem)
{
    long made = 0;
    while (made < 100000)
    {
        // Neighbors that differ, or they would be one.
        int protection = made % 2 == 0 ? PROT_READ : PROT_NONE;
        if (mmap(NULL, CHECK_PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
            break;
        made++;
    }
    CHECK_EQ(errno, ENOMEM);
    CHECK(made > 30000 && made < 65536);
}
