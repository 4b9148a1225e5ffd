// Many processes in a row: nothing may be used up. GUEST_LOOPS sets how many for a soak.
#include "check.h"

static long free_kilobytes(void)
{
    char text[4096];
    read_file("/proc/meminfo", text, sizeof text);
    char *line = strstr(text, "MemAvailable:");
    CHECK(line != NULL);
    return atol(line + strlen("MemAvailable:"));
}

HELPER(exit_at_once)
{
    return 0;
}

static void fork_and_exec(void)
{
    char *const arguments[] = { check_self, "--helper", "exit_at_once", NULL };
    FORK(child)
        execv(check_self, arguments);
    CHECK_EXITS(child, 0);
}

TEST(many_fork_exec_exit_wait_rounds_leave_the_memory_as_it_was)
{
    for (int i = 0; i < 20; i++)
        fork_and_exec();
    long before = free_kilobytes();
    for (int i = loops(400); i > 0; i--)
        fork_and_exec();
    // One page per round would be 1.6 MB; an address space more than 20 MB.
    CHECK(free_kilobytes() > before - 12000);
}

TEST(many_forks_with_dirty_memory_leave_the_memory_as_it_was)
{
    char *pages = OK(mmap(NULL, 4 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(pages, 1, 4 << 20);
    long before = free_kilobytes();
    for (int i = 0; i < 100; i++)
    {
        FORK(child)
            memset(pages, 2, 1 << 20);
        CHECK_EXITS(child, 0);
    }
    // A leak of what the children dirtied would be 100 MB.
    CHECK(free_kilobytes() > before - 24000);
}

TEST(many_mappings_made_and_dropped_leave_the_memory_as_it_was)
{
    long before = free_kilobytes();
    for (int i = 0; i < 300; i++)
    {
        char *pages = OK(mmap(NULL, 1 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        memset(pages, 1, 1 << 20);
        OK(munmap(pages, 1 << 20));
    }
    CHECK(free_kilobytes() > before - 24000);
}

TEST(many_files_made_and_removed_leave_the_memory_as_it_was)
{
    static char block[100000];
    scratch();
    long before = free_kilobytes();
    for (int i = 0; i < 1000; i++)
    {
        OK(close(write_file("file", block, sizeof block)));
        OK(unlink("file"));
    }
    CHECK(free_kilobytes() > before - 24000);
}

TEST(many_pipes_made_and_dropped_leave_the_memory_as_it_was)
{
    static char block[60000];
    long before = free_kilobytes();
    for (int i = 0; i < 1000; i++)
    {
        int ends[2];
        OK(pipe(ends));
        CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
        OK(close(ends[0]));
        OK(close(ends[1]));
    }
    CHECK(free_kilobytes() > before - 24000);
}

TEST(a_chain_of_execs_in_one_process_leaves_the_memory_as_it_was)
{
    long before = free_kilobytes();
    FORK(child)
    {
        execl(check_self, check_self, "--helper", "exec_again", "150", NULL);
        _exit(1);
    }
    CHECK_EXITS(child, 0);
    CHECK(free_kilobytes() > before - 12000);
}

HELPER(exec_again)
{
    char number[12];
    int left = atoi(argv[0]);
    if (left == 0)
        return 0;
    snprintf(number, sizeof number, "%d", left - 1);
    execl("/proc/self/exe", "storm", "--helper", "exec_again", number, NULL);
    return 1;
}
