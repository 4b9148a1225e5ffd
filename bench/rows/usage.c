// What a kernel leaves of the machine's memory.
#include "../bench.h"
#include <stdio.h>
#include <string.h>

static int64_t from_meminfo(const char *wanted)
{
    FILE *file = fopen("/proc/meminfo", "r");
    if (file == NULL)
        bench_fail("open /proc/meminfo");
    char line[128];
    char name[64];
    long long value;
    while (fgets(line, sizeof line, file) != NULL)
    {
        if (sscanf(line, "%63[^:]: %lld", name, &value) == 2 && strcmp(name, wanted) == 0)
        {
            fclose(file);
            return value;
        }
    }

    bench_refuse("/proc/meminfo lacks MemTotal or MemFree");
}

static int64_t memory_used(void)
{
    return from_meminfo("MemTotal") - from_meminfo("MemFree");
}

// MemTotal leaves out what a kernel took before it began to count.
static int64_t memory_taken(void)
{
    if (bench_machine_kib == 0)
        bench_refuse("needs --memory-kib");
    return bench_machine_kib - from_meminfo("MemFree");
}

const struct bench_row usage_rows[] =
{
    {
        .name = "memory-used",
        .what = "memory in use after boot (MemTotal - MemFree)",
        .look_up = memory_used,
    },
    {
        .name = "memory-taken",
        .what = "memory not free after boot (the machine's - MemFree)",
        .look_up = memory_taken,
    },
    { .name = NULL },
};
