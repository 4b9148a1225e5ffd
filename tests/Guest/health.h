// Whether the machine is well after something hostile: programs still run, nothing is left, and memory has
// come back.
#ifndef HEALTH_H
#define HEALTH_H

#include "check.h"

// Caches that both kernels keep, and what they do not count exactly.
enum { HEALTH_TOLERANCE_KB = 16384 };

struct health
{
    long available_kb;
};

UNUSED static long health_available_kb(void)
{
    static char text[8192];
    read_file("/proc/meminfo", text, sizeof text);
    const char *line = strstr(text, "MemAvailable:");
    CHECK(line != NULL);
    return atol(line + strlen("MemAvailable:"));
}

UNUSED static struct health health_before(void)
{
    return (struct health){ health_available_kb() };
}

// A pipeline of two programs of a new shell.
UNUSED static void health_run_shell(void)
{
    int ends[2];
    OK(pipe(ends));
    FORK(shell)
    {
        dup2(ends[1], 1);
        execl("/bin/sh", "sh", "-c", "echo one two | wc -w", NULL);
    }
    OK(close(ends[1]));
    char text[16] = "";
    size_t length = 0;
    ssize_t got;
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    OK(close(ends[0]));
    CHECK_EXITS(shell, 0);
    CHECK_EQ(atoi(text), 2);
}

UNUSED static void health_check(const struct health *before)
{
    health_run_shell();
    CHECK_ERRNO(waitpid(-1, NULL, WNOHANG | __WALL), ECHILD);
    EVENTUALLY(health_available_kb() >= before->available_kb - HEALTH_TOLERANCE_KB);
}

#endif
