// What busybox takes for whole trees: each operation is one run of a program, its start included.
#include "../bench.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    FIND_FILES = 20000,
    TAR_FILES = 1000,
    FILES_IN_DIRECTORY = 100,
    TAR_FILE = 4000,
};

#define WALKS "/bench/walks"

// A tmpfs of its own, mounted by the first row that comes by: trees of other rows would count.
static void enter_walks(void)
{
    struct stat inside, outside;
    if (mkdir(WALKS, 0755) < 0 && errno != EEXIST)
        bench_fail("mkdir " WALKS);
    bench_ok(stat("/bench", &outside), "stat /bench");
    bench_ok(stat(WALKS, &inside), "stat " WALKS);
    if (inside.st_dev == outside.st_dev)
        bench_ok(mount("none", WALKS, "tmpfs", 0, "size=64m"), "mount tmpfs");
    bench_ok(chdir(WALKS), "chdir " WALKS);
}

// Made once and left to the other rounds.
static void make_tree(const char *tree, int files, size_t length)
{
    static char contents[TAR_FILE];
    char path[64];
    enter_walks();
    if (mkdir(tree, 0755) < 0)
        return;
    for (int i = 0; i < files; i++)
    {
        if (i % FILES_IN_DIRECTORY == 0)
        {
            snprintf(path, sizeof path, "%s/%d", tree, i / FILES_IN_DIRECTORY);
            bench_ok(mkdir(path, 0755), "mkdir");
        }

        snprintf(path, sizeof path, "%s/%d/file-%d", tree, i / FILES_IN_DIRECTORY, i);
        int file = bench_ok(open(path, O_CREAT | O_EXCL | O_WRONLY, 0644), "open");
        if (length > 0 && write(file, contents, length) != (ssize_t)length)
            bench_fail("write");
        bench_ok(close(file), "close");
    }
}

// The program's words go nowhere: what a terminal takes for them is not what is measured.
static int64_t run_busybox(int64_t count, char *const words[])
{
    char *const environment[] = { "PATH=/bin", NULL };
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        pid_t child = bench_ok(fork(), "fork");
        if (child == 0)
        {
            int nowhere = bench_ok(open("/dev/null", O_WRONLY), "open /dev/null");
            bench_ok(dup2(nowhere, STDOUT_FILENO), "dup2");
            execve("/bin/busybox", words, environment);
            bench_fail("execve");
        }

        bench_wait(child);
    }

    return bench_now() - start;
}

static int64_t run_find(int64_t count)
{
    make_tree("many", FIND_FILES, 0);
    return run_busybox(count, (char *const[]){ "find", "many", NULL });
}

static int64_t run_tar_away(int64_t count)
{
    make_tree("tree", TAR_FILES, TAR_FILE);
    return run_busybox(count, (char *const[]){ "tar", "-cf", "/dev/null", "tree", NULL });
}

static int64_t run_tar_file(int64_t count)
{
    make_tree("tree", TAR_FILES, TAR_FILE);
    return run_busybox(count, (char *const[]){ "tar", "-cf", "tree.tar", "tree", NULL });
}

const struct bench_row walk_rows[] =
{
    { .name = "find-20k", .what = "busybox find over 20,000 files in 200 directories", .run = run_find },
    { .name = "tar-tree", .what = "busybox tar of 1,000 files of 4,000 bytes to /dev/null", .run = run_tar_away },
    { .name = "tar-file", .what = "the same to a file", .run = run_tar_file },
    { .name = NULL },
};
