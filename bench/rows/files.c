// What a system call costs, and what a path costs.
#include "../bench.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t run_getppid(int64_t count)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        (void)getppid();
    return bench_now() - start;
}

static int64_t run_read(int64_t count)
{
    char byte;
    int file = bench_ok(open("/dev/zero", O_RDONLY), "open /dev/zero");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (read(file, &byte, 1) != 1)
            bench_fail("read /dev/zero");
    }

    int64_t taken = bench_now() - start;
    close(file);
    return taken;
}

static int64_t run_write(int64_t count)
{
    char byte = 0;
    int file = bench_ok(open("/dev/null", O_WRONLY), "open /dev/null");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (write(file, &byte, 1) != 1)
            bench_fail("write /dev/null");
    }

    int64_t taken = bench_now() - start;
    close(file);
    return taken;
}

static int64_t run_stat(int64_t count)
{
    struct stat status;
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(stat(BENCH_FILE, &status), "stat");
    return bench_now() - start;
}

static int64_t run_fstat(int64_t count)
{
    struct stat status;
    int file = bench_ok(open(BENCH_FILE, O_RDONLY), "open");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(fstat(file, &status), "fstat");
    int64_t taken = bench_now() - start;
    close(file);
    return taken;
}

static int64_t run_open(int64_t count)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(close(bench_ok(open(BENCH_FILE, O_RDONLY), "open")), "close");
    return bench_now() - start;
}

const struct bench_row file_rows[] =
{
    { .name = "getppid", .what = "getppid()", .run = run_getppid },
    { .name = "read", .what = "read 1 byte of /dev/zero", .run = run_read },
    { .name = "write", .what = "write 1 byte to /dev/null", .run = run_write },
    { .name = "stat", .what = "stat of /bench/exit", .run = run_stat },
    { .name = "fstat", .what = "fstat", .run = run_fstat },
    { .name = "open", .what = "open + close", .run = run_open },
    { .name = NULL },
};
