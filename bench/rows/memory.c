// Mappings, and the faults that fill them.
#include "../bench.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum
{
    SMALL_BYTES = 64 * 1024,
    REGION_PAGES = 1024,
    REGION_BYTES = REGION_PAGES * BENCH_PAGE,

    LARGE_BYTES = 64 << 20,
    HUGE_BYTES = 2 << 20,
    RESIDENT_BYTES = 256 << 20,

    // Odd, so that every page has its turn; far apart, so that what a fault brings along is not touched next.
    PAGE_STRIDE = 257,
};

static char *map_fresh(size_t bytes)
{
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        bench_fail("mmap");
    return at;
}

static int64_t map_and_unmap(int64_t count, size_t bytes)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(munmap(map_fresh(bytes), bytes), "munmap");

    return bench_now() - start;
}

static int64_t run_mmap(int64_t count)
{
    return map_and_unmap(count, SMALL_BYTES);
}

static int64_t run_mmap_page(int64_t count)
{
    return map_and_unmap(count, BENCH_PAGE);
}

static int64_t run_mmap_large(int64_t count)
{
    return map_and_unmap(count, LARGE_BYTES);
}

// Touches pages of fresh mappings until there were so many; only the touches count.
static int64_t touch_pages(int64_t count, int file)
{
    int protection = file < 0 ? PROT_READ | PROT_WRITE : PROT_READ;
    int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    int64_t taken = 0;
    while (count > 0)
    {
        volatile char *region = mmap(NULL, REGION_BYTES, protection, flags, file, 0);
        if (region == MAP_FAILED)
            bench_fail("mmap");
        // One fault a page is what is measured. A kernel without large pages may refuse the advice.
        if (file < 0)
            (void)madvise((void *)region, REGION_BYTES, MADV_NOHUGEPAGE);

        int64_t pages = count < REGION_PAGES ? count : REGION_PAGES;
        int64_t start = bench_now();
        for (int64_t i = 0; i < pages; i++)
        {
            volatile char *page = region + i * PAGE_STRIDE % REGION_PAGES * BENCH_PAGE;
            if (file < 0)
                *page = 1;
            else
                (void)*page;
        }

        taken += bench_now() - start;
        bench_ok(munmap((void *)region, REGION_BYTES), "munmap");
        count -= pages;
    }

    return taken;
}

static int64_t run_anonymous_faults(int64_t count)
{
    return touch_pages(count, -1);
}

// Touches aligned stretches of 2 MiB, each once: a large page where the kernel gives one, and all its small pages
// where it does not.
static int64_t run_huge_faults(int64_t count)
{
    int64_t taken = 0;
    while (count > 0)
    {
        char *region = map_fresh(LARGE_BYTES + HUGE_BYTES);
        char *first = (char *)(((uintptr_t)region + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1));
        int64_t stretches = count < LARGE_BYTES / HUGE_BYTES ? count : LARGE_BYTES / HUGE_BYTES;
        int64_t start = bench_now();
        for (int64_t at = 0; at < stretches * HUGE_BYTES; at += BENCH_PAGE)
            *(volatile char *)(first + at) = 1;

        taken += bench_now() - start;
        bench_ok(munmap(region, LARGE_BYTES + HUGE_BYTES), "munmap");
        count -= stretches;
    }

    return taken;
}

static int64_t fork_with(int64_t count, int advice)
{
    char *region = map_fresh(RESIDENT_BYTES);
    if (advice != 0)
        (void)madvise(region, RESIDENT_BYTES, advice);
    for (int64_t at = 0; at < RESIDENT_BYTES; at += BENCH_PAGE)
        *(volatile char *)(region + at) = 1;

    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        pid_t child = bench_ok(fork(), "fork");
        if (child == 0)
            _exit(0);
        bench_wait(child);
    }

    int64_t taken = bench_now() - start;
    bench_ok(munmap(region, RESIDENT_BYTES), "munmap");
    return taken;
}

static int64_t run_fork_resident(int64_t count)
{
    return fork_with(count, 0);
}

static int64_t run_fork_small(int64_t count)
{
    return fork_with(count, MADV_NOHUGEPAGE);
}

static int64_t run_file_faults(int64_t count)
{
    static char page[BENCH_PAGE];
    int file = bench_ok(open(BENCH_DATA, O_RDWR | O_CREAT, 0600), "open " BENCH_DATA);
    off_t length = bench_ok(lseek(file, 0, SEEK_END), "lseek");
    for (; length < REGION_BYTES; length += BENCH_PAGE)
    {
        memset(page, (int)(length / BENCH_PAGE), sizeof page);
        if (write(file, page, sizeof page) != sizeof page)
            bench_fail("write " BENCH_DATA);
    }

    // Whole regions only: the first pages of one fault more often than the last, which earlier faults brought
    // along.
    int64_t pages = (count + REGION_PAGES - 1) / REGION_PAGES * REGION_PAGES;
    int64_t taken = touch_pages(pages, file);
    close(file);
    return taken * count / pages;
}

const struct bench_row memory_rows[] =
{
    { .name = "mmap", .what = "mmap + munmap of 64 KiB", .run = run_mmap },
    { .name = "mmap-page", .what = "mmap + munmap of one page", .run = run_mmap_page },
    { .name = "mmap-large", .what = "mmap + munmap of 64 MiB", .run = run_mmap_large },
    { .name = "fault-anonymous", .what = "page fault, anonymous", .run = run_anonymous_faults },
    { .name = "fault-huge", .what = "first touch of 2 MiB, page by page", .run = run_huge_faults },
    { .name = "fault-file", .what = "page fault, file in the page cache", .run = run_file_faults },
    { .name = "fork-resident", .what = "fork + exit with 256 MiB resident", .run = run_fork_resident },
    { .name = "fork-small", .what = "fork + exit with 256 MiB in small pages", .run = run_fork_small },
    { .name = NULL },
};
