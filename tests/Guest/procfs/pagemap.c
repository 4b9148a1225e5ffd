// proc_pid_pagemap(5), proc_pid_clear_refs(5).
#include "check.h"
#include <sys/prctl.h>

#define PRESENT (1ull << 63)
#define FILE_OR_SHARED (1ull << 61)
#define EXCLUSIVE (1ull << 56)
#define FRAME ((1ull << 55) - 1)

static int open_map(void)
{
    return OK(open("/proc/self/pagemap", O_RDONLY));
}

static uint64_t entry_of(int map, const void *address)
{
    uint64_t entry;
    CHECK_EQ(pread(map, &entry, sizeof entry, (off_t)((uintptr_t)address / CHECK_PAGE * sizeof entry)), sizeof entry);
    return entry;
}

static char *anonymous(size_t pages, int flags)
{
    char *memory = mmap(NULL, pages * CHECK_PAGE, CHECK_RW, flags | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

TEST(present_pages_have_a_frame_and_others_nothing)
{
    int map = open_map();
    char *memory = anonymous(4, MAP_PRIVATE);
    memory[0] = 1;
    memory[2 * CHECK_PAGE] = 1;
    uint64_t entries[4];
    off_t at = (off_t)((uintptr_t)memory / CHECK_PAGE * sizeof entries[0]);
    CHECK_EQ(pread(map, entries, sizeof entries, at), sizeof entries);
    CHECK((entries[0] & PRESENT) != 0 && (entries[2] & PRESENT) != 0);
    CHECK((entries[0] & FRAME) != 0 && (entries[0] & FRAME) != (entries[2] & FRAME));
    CHECK((entries[0] & EXCLUSIVE) != 0 && (entries[0] & FILE_OR_SHARED) == 0);
    CHECK_EQ(entries[1] & (PRESENT | FRAME | EXCLUSIVE | FILE_OR_SHARED), 0);
    CHECK_EQ(entries[3] & (PRESENT | FRAME | EXCLUSIVE | FILE_OR_SHARED), 0);
    OK(munmap(memory, 4 * CHECK_PAGE));
    CHECK_EQ(entry_of(map, memory) & (PRESENT | FRAME), 0);
    OK(close(map));
}

TEST(what_a_child_shares_is_one_frame_until_somebody_writes)
{
    int map = open_map();
    char *own = anonymous(1, MAP_PRIVATE);
    char *shared = anonymous(1, MAP_SHARED);
    own[0] = shared[0] = 1;
    int ends[2], back[2];
    OK(pipe(ends));
    OK(pipe(back));
    uint64_t before = entry_of(map, own), together = entry_of(map, shared);
    CHECK((together & FILE_OR_SHARED) != 0);
    FORK(child)
    {
        int mine = open_map();
        uint64_t seen[3] = { entry_of(mine, own), shared[0] == 1 ? entry_of(mine, shared) : 0 };
        own[0] = 2;
        seen[2] = entry_of(mine, own);
        CHECK_EQ(write(ends[1], seen, sizeof seen), sizeof seen);
        char end;
        CHECK_EQ(read(back[0], &end, 1), 1);
    }
    uint64_t seen[3];
    CHECK_EQ(read(ends[0], seen, sizeof seen), sizeof seen);
    CHECK_EQ(seen[0] & FRAME, before & FRAME);
    CHECK((seen[0] & EXCLUSIVE) == 0);
    CHECK_EQ(seen[1] & FRAME, together & FRAME);
    CHECK((seen[1] & EXCLUSIVE) == 0 && (entry_of(map, shared) & EXCLUSIVE) == 0);
    CHECK((seen[2] & FRAME) != (before & FRAME) && (seen[2] & EXCLUSIVE) != 0);
    CHECK_EQ(write(back[1], "", 1), 1);
    CHECK_EXITS(child, 0);
    CHECK((entry_of(map, shared) & EXCLUSIVE) != 0);
}

TEST(only_whole_entries_are_read)
{
    int map = open_map();
    uint64_t entry[2];
    CHECK_ERRNO(pread(map, entry, 7, 0), EINVAL);
    CHECK_ERRNO(pread(map, entry, 12, 0), EINVAL);
    CHECK_ERRNO(pread(map, entry, 8, 4), EINVAL);
    CHECK_EQ(pread(map, entry, 0, 0), 0);
    CHECK_EQ(pread(map, entry, 16, 0), 16);
    CHECK_EQ(entry[0], 0);
    CHECK_EQ(pread(map, entry, 8, (off_t)1 << 50), 0);
    CHECK_ERRNO(pread(map, (void *)8, 8, 0), EFAULT);
    CHECK_ERRNO(lseek(map, 0, SEEK_END), EINVAL);
    CHECK_EQ(lseek(map, 8, SEEK_SET), 8);
    CHECK_EQ(read(map, entry, 8), 8);
    CHECK_EQ(lseek(map, 0, SEEK_CUR), 16);
}

TEST(frames_are_hidden_from_users)
{
    struct stat status;
    OK(stat("/proc/self/pagemap", &status));
    CHECK_EQ(status.st_mode, S_IFREG | 0400);
    OK(stat("/proc/self/clear_refs", &status));
    CHECK_EQ(status.st_mode, S_IFREG | 0200);
    FORK(user)
    {
        become(1234);
        CHECK_ERRNO(open("/proc/1/pagemap", O_RDONLY), EACCES);
        CHECK_ERRNO(open("/proc/1/clear_refs", O_WRONLY), EACCES);
        OK(prctl(PR_SET_DUMPABLE, 1));
        char *memory = anonymous(1, MAP_PRIVATE);
        memory[0] = 1;
        uint64_t entry = entry_of(open_map(), memory);
        CHECK((entry & PRESENT) != 0);
        CHECK_EQ(entry & FRAME, 0);
    }
    CHECK_EXITS(user, 0);
}

TEST(the_memory_of_a_program_that_has_gone_is_empty)
{
    int ends[2];
    OK(pipe(ends));
    FORK(child)
    {
        char end;
        CHECK_EQ(read(ends[0], &end, 1), 1);
    }
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/pagemap", child);
    int map = OK(open(path, O_RDONLY));
    CHECK_EQ(write(ends[1], "", 1), 1);
    CHECK_EXITS(child, 0);
    uint64_t entry;
    CHECK_EQ(pread(map, &entry, sizeof entry, 0), 0);
}

// ---- clear_refs -------------------------------------------------------------------------------------------------

static int clear(const char *what)
{
    int file = OK(open("/proc/self/clear_refs", O_WRONLY));
    ssize_t written = write(file, what, strlen(what));
    int error = errno;
    OK(close(file));
    errno = error;
    return written == (ssize_t)strlen(what) ? 0 : -1;
}

static long field_at(const char *path, const void *address, const char *label)
{
    static char text[300000];
    int file = OK(open(path, O_RDONLY));
    size_t length = 0;
    ssize_t got;
    while ((got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = 0;
    OK(close(file));
    char *at = text;
    if (address != NULL)
    {
        char start[40];
        snprintf(start, sizeof start, "%lx-", (unsigned long)(uintptr_t)address);
        at = strstr(text, start);
        CHECK(at != NULL);
    }
    at = strstr(at, label);
    CHECK(at != NULL);
    return strtol(at + strlen(label), NULL, 10);
}

TEST(references_begin_again)
{
    // Neighbors with other rights, so that it is a mapping of its own.
    char *memory = anonymous(6, MAP_PRIVATE);
    OK(mprotect(memory, CHECK_PAGE, PROT_READ));
    OK(mprotect(memory + 5 * CHECK_PAGE, CHECK_PAGE, PROT_READ));
    char *middle = memory + CHECK_PAGE;
    for (int i = 0; i < 4; i++)
        middle[i * CHECK_PAGE] = 1;
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Referenced:"), 16);
    OK(clear("1"));
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Referenced:"), 0);
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Rss:"), 16);
    // The processor may remember that it has noted the access before: this makes it forget.
    OK(mprotect(middle, 4 * CHECK_PAGE, PROT_READ));
    OK(mprotect(middle, 4 * CHECK_PAGE, CHECK_RW));
    middle[CHECK_PAGE] = 2;
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Referenced:"), 4);
    OK(clear("3\n"));
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Referenced:"), 4);
    OK(clear("2"));
    CHECK_EQ(field_at("/proc/self/smaps", middle, "Referenced:"), 0);
    CHECK_EQ(middle[0], 1);
}

TEST(the_peak_begins_again)
{
    enum { PAGES = 2000 };
    char *memory = anonymous(PAGES, MAP_PRIVATE);
    for (int i = 0; i < PAGES; i++)
        memory[i * CHECK_PAGE] = 1;
    OK(munmap(memory, PAGES * CHECK_PAGE));
    long peak = field_at("/proc/self/status", NULL, "VmHWM:");
    // Some pages may not have been counted yet.
    CHECK(peak >= PAGES * 3);
    OK(clear("5"));
    CHECK(field_at("/proc/self/status", NULL, "VmHWM:") < peak - PAGES * 2);
}

TEST(other_numbers_are_refused)
{
    CHECK_ERRNO(clear("0"), EINVAL);
    CHECK_ERRNO(clear("6"), EINVAL);
    CHECK_ERRNO(clear("-1"), EINVAL);
    CHECK_ERRNO(clear("x"), EINVAL);
    char text[4];
    int file = OK(open("/proc/self/clear_refs", O_RDWR));
    CHECK_ERRNO(read(file, text, sizeof text), EINVAL);
}
