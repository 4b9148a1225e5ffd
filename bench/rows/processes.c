// What it takes to make a process, and to start a program in it. The parent waits for the end of each.
#include "../bench.h"
#include <sys/wait.h>
#include <unistd.h>

static int64_t run_fork(int64_t count)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        pid_t child = bench_ok(fork(), "fork");
        if (child == 0)
            _exit(0);
        bench_wait(child);
    }

    return bench_now() - start;
}

static int64_t run_program(int64_t count, char *const words[])
{
    char *const environment[] = { "PATH=/bin", NULL };
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        pid_t child = bench_ok(fork(), "fork");
        if (child == 0)
        {
            execve(words[0], words, environment);
            bench_fail("execve");
        }

        bench_wait(child);
    }

    return bench_now() - start;
}

static int64_t run_exec(int64_t count)
{
    return run_program(count, (char *const[]){ BENCH_FILE, NULL });
}

static int64_t run_dynamic(int64_t count)
{
    return run_program(count, (char *const[]){ "/bin/true", NULL });
}

static int64_t run_shell(int64_t count)
{
    return run_program(count, (char *const[]){ "/bin/sh", "-c", BENCH_FILE, NULL });
}

const struct bench_row process_rows[] =
{
    { .name = "fork-exit", .what = "fork + exit", .run = run_fork },
    { .name = "fork-exec", .what = "fork + exec of a small program", .run = run_exec },
    {
        .name = "exec-dynamic",
        .what = "fork + exec of a dynamic program, with glibc",
        .run = run_dynamic,
    },
    { .name = "fork-sh", .what = "fork + sh -c of the same program", .run = run_shell },
    { .name = NULL },
};
