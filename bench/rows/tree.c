// What names cost: paths, files that come and go, copies, long directories. All on a tmpfs of its own.
#include "../bench.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    SMALL_FILE = 10 * 1024,
    CHUNK = 64 * 1024,
    CHUNKS = 64,
    ENTRIES = 10000,
};

#define TREE "/bench/tree"
#define DEEP "a/b/c/d/e/f/g"

static char chunk[CHUNK];

// Mounted by the first row that comes by, and left to the others.
static void enter_tree(void)
{
    struct stat inside, outside;
    if (mkdir(TREE, 0755) < 0 && errno != EEXIST)
        bench_fail("mkdir " TREE);
    bench_ok(stat("/bench", &outside), "stat /bench");
    bench_ok(stat(TREE, &inside), "stat " TREE);
    if (inside.st_dev == outside.st_dev)
        bench_ok(mount("none", TREE, "tmpfs", 0, "size=64m"), "mount tmpfs");
    bench_ok(chdir(TREE), "chdir " TREE);
}

static void make_file(const char *path)
{
    bench_ok(close(bench_ok(open(path, O_CREAT | O_RDWR, 0644), "open")), "close");
}

static void make_deep(void)
{
    char path[] = DEEP;
    enter_tree();
    for (char *slash = path; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/')
    {
        *slash = 0;
        if (mkdir(path, 0755) < 0 && errno != EEXIST)
            bench_fail("mkdir");
    }

    if (mkdir(DEEP, 0755) < 0 && errno != EEXIST)
        bench_fail("mkdir");
    make_file(DEEP "/file");
    make_file("file");
}

static int64_t stat_path(const char *path, int64_t count)
{
    struct stat status;
    make_deep();
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(stat(path, &status), "stat");
    return bench_now() - start;
}

static int64_t run_stat_one(int64_t count)
{
    return stat_path("file", count);
}

static int64_t run_stat_eight(int64_t count)
{
    return stat_path(DEEP "/file", count);
}

static int64_t open_path(const char *path, int64_t count)
{
    make_deep();
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(close(bench_ok(open(path, O_RDONLY), "open")), "close");
    return bench_now() - start;
}

static int64_t run_open_one(int64_t count)
{
    return open_path("file", count);
}

static int64_t run_open_eight(int64_t count)
{
    return open_path(DEEP "/file", count);
}

static int64_t create_and_unlink(size_t length, int64_t count)
{
    enter_tree();
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        int file = bench_ok(open("short-lived", O_CREAT | O_EXCL | O_WRONLY, 0644), "open");
        if (length > 0 && write(file, chunk, length) != (ssize_t)length)
            bench_fail("write");
        bench_ok(close(file), "close");
        bench_ok(unlink("short-lived"), "unlink");
    }

    return bench_now() - start;
}

static int64_t run_create_empty(int64_t count)
{
    return create_and_unlink(0, count);
}

static int64_t run_create_small(int64_t count)
{
    return create_and_unlink(SMALL_FILE, count);
}

// A file of 4 MiB whose pages are there.
static int full_file(const char *name)
{
    enter_tree();
    int file = bench_ok(open(name, O_CREAT | O_RDWR, 0644), "open");
    for (int i = 0; i < CHUNKS; i++)
    {
        if (pwrite(file, chunk, CHUNK, (off_t)i * CHUNK) != CHUNK)
            bench_fail("pwrite");
    }

    return file;
}

static int64_t run_file_read(int64_t count)
{
    int file = full_file("full");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (pread(file, chunk, CHUNK, i % CHUNKS * CHUNK) != CHUNK)
            bench_fail("pread");
    }

    int64_t taken = bench_now() - start;
    close(file);
    return taken;
}

static int64_t run_file_write(int64_t count)
{
    int file = full_file("full");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (pwrite(file, chunk, CHUNK, i % CHUNKS * CHUNK) != CHUNK)
            bench_fail("pwrite");
    }

    int64_t taken = bench_now() - start;
    close(file);
    return taken;
}

static int64_t run_copy(int64_t count)
{
    int from = full_file("full");
    int to = full_file("copy");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        off_t at = i % CHUNKS * CHUNK;
        if (pread(from, chunk, CHUNK, at) != CHUNK || pwrite(to, chunk, CHUNK, at) != CHUNK)
            bench_fail("pread or pwrite");
    }

    int64_t taken = bench_now() - start;
    close(from);
    close(to);
    return taken;
}

static int64_t run_copy_range(int64_t count)
{
    int from = full_file("full");
    int to = full_file("copy");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        off_t in = i % CHUNKS * CHUNK, out = in;
        if (syscall(SYS_copy_file_range, from, &in, to, &out, CHUNK, 0) != CHUNK)
            bench_fail("copy_file_range");
    }

    int64_t taken = bench_now() - start;
    close(from);
    close(to);
    return taken;
}

// One operation is the whole directory. It is made once, and left to the other rounds.
static int64_t run_getdents(int64_t count)
{
    static char entries[32 * 1024];
    char name[32];
    enter_tree();
    if (mkdir("long", 0755) == 0)
    {
        for (int i = 0; i < ENTRIES; i++)
        {
            snprintf(name, sizeof name, "long/entry-%d", i);
            make_file(name);
        }
    }

    int directory = bench_ok(open("long", O_RDONLY | O_DIRECTORY), "open");
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        bench_ok(lseek(directory, 0, SEEK_SET), "lseek");
        while (bench_ok(syscall(SYS_getdents64, directory, entries, sizeof entries), "getdents64") > 0)
            ;
    }

    int64_t taken = bench_now() - start;
    close(directory);
    return taken;
}

const struct bench_row tree_rows[] =
{
    { .name = "stat-1", .what = "stat of a path of one component", .run = run_stat_one },
    { .name = "stat-8", .what = "stat of a path of eight components", .run = run_stat_eight },
    { .name = "open-1", .what = "open and close of a path of one component", .run = run_open_one },
    { .name = "open-8", .what = "open and close of a path of eight components", .run = run_open_eight },
    { .name = "create-0k", .what = "create, close and unlink", .run = run_create_empty },
    { .name = "create-10k", .what = "create, write 10 KiB, close and unlink", .run = run_create_small },
    { .name = "file-read", .what = "read 64 KiB of a file", .run = run_file_read, .bytes = CHUNK },
    { .name = "file-write", .what = "write 64 KiB of a file", .run = run_file_write, .bytes = CHUNK },
    { .name = "copy", .what = "copy 64 KiB by read and write", .run = run_copy, .bytes = CHUNK },
    { .name = "copy-range", .what = "copy 64 KiB by copy_file_range", .run = run_copy_range, .bytes = CHUNK },
    { .name = "getdents", .what = "list a directory of 10,000 entries", .run = run_getdents },
    { 0 },
};
