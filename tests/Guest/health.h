// Whether the machine is well after something hostile: programs still run, nothing is left, and memory has
// come back.
#ifndef HEALTH_H
#define HEALTH_H

#include "check.h"

enum
{
    // Caches that both kernels keep, and what they do not count exactly.
    HEALTH_TOLERANCE_KB = 16384,

    // Cashew counts exactly, but keeps some stacks and tables for the next who needs one.
    HEALTH_TOLERANCE_OBJECTS = 150,
    HEALTH_TOLERANCE_FRAMES = 200,
};

struct health
{
    long available_kb;

    // Of the kernel's own: -1 where nobody tells.
    long objects;
    long frames;
};

// The number behind a name in a text of names and numbers.
UNUSED static long health_number(const char *path, const char *name)
{
    static char text[8192];
    if (access(path, R_OK) != 0)
        return -1;
    read_file(path, text, sizeof text);
    const char *line = strstr(text, name);
    CHECK(line != NULL);
    return atol(line + strlen(name));
}

UNUSED static void health_write(const char *path, const char *word)
{
    int fd = open(path, O_WRONLY);
    if (fd < 0)
        return;
    CHECK_EQ(write(fd, word, strlen(word)), strlen(word));
    OK(close(fd));
}

// What is there when caches and garbage are gone.
UNUSED static struct health health_now(void)
{
    health_write("/proc/sys/vm/drop_caches", "3");
    health_write("/proc/cashew/gc", "collect");
    struct health now = {
        .available_kb = health_number("/proc/meminfo", "MemAvailable:"),
        .objects = health_number("/proc/cashew/gc", "live_objects "),
        .frames = -1,
    };
    if (now.objects >= 0)
        now.frames = health_number("/proc/cashew/frames", "total ") - health_number("/proc/cashew/frames", "free ")
            - health_number("/proc/cashew/frames", "heap ");
    return now;
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

UNUSED static struct health health_before(void)
{
    // What the first pipeline sets up for good is not to count.
    health_run_shell();
    return health_now();
}

UNUSED static bool health_is_as_before(const struct health *before)
{
    struct health now = health_now();
    return now.available_kb >= before->available_kb - HEALTH_TOLERANCE_KB
        && now.objects <= before->objects + HEALTH_TOLERANCE_OBJECTS
        && now.frames <= before->frames + HEALTH_TOLERANCE_FRAMES;
}

UNUSED static void health_check(const struct health *before)
{
    health_run_shell();
    CHECK_ERRNO(waitpid(-1, NULL, WNOHANG | __WALL), ECHILD);
    for (int i = 0; i < 200 && !health_is_as_before(before); i++)
        usleep(20000);
    struct health now = health_now();
    if (!health_is_as_before(before))
        FAIL("something is left: %ld KiB available, %ld objects, %ld frames; before %ld, %ld, %ld", now.available_kb,
             now.objects, now.frames, before->available_kb, before->objects, before->frames);
}

#endif
