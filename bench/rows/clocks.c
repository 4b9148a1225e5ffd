// What it costs to ask for the time, in the way that programs do: through the C library, which goes to the vDSO.
#include "../bench.h"
#include <time.h>

static int64_t run(int64_t count, clockid_t clock)
{
    struct timespec now;
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(clock_gettime(clock, &now), "clock_gettime");
    return bench_now() - start;
}

static int64_t run_monotonic(int64_t count)
{
    return run(count, CLOCK_MONOTONIC);
}

static int64_t run_realtime(int64_t count)
{
    return run(count, CLOCK_REALTIME);
}

const struct bench_row clock_rows[] =
{
    { .name = "clock-monotonic", .what = "clock_gettime, since boot", .run = run_monotonic },
    { .name = "clock-realtime", .what = "clock_gettime, time of day", .run = run_realtime },
    { .name = NULL },
};
