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

    // Odd, so that every page has its turn; far apart, so that what a fault brings along is not touched next.
    PAGE_STRIDE = 257,
};

static int64_t run_mmap(int64_t count)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        char *at = mmap(NULL, SMALL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED)
            bench_fail("mmap");
        bench_ok(munmap(at, SMALL_BYTES), "munmap");
    }

    return bench_now() - start;
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
    { .name = "fault-anonymous", .what = "page fault, anonymous", .run = run_anonymous_faults },
    { .name = "fault-file", .what = "page fault, file in the page cache", .run = run_file_faults },
    { .name = NULL },
};
