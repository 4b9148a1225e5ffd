// What a row of measurements is, and what rows share. The harness is bench.c; the rows are in rows/.
#ifndef BENCH_H
#define BENCH_H

#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum
{
    BENCH_PAGE = 4096,
};

// Where the image keeps the programs and files that rows use.
#define BENCH_FILE "/bench/exit"
#define BENCH_DATA "/bench/data"

struct bench_row
{
    const char *name;
    const char *what;

    // Does the operation so many times and returns how many nanoseconds they took, without what it took to
    // get ready and to clean up.
    int64_t (*run)(int64_t count);

    // More than zero makes a row of bandwidth: the bytes that one operation moves.
    int64_t bytes;

    // Instead of run: a row whose value, in KiB, is looked up once.
    int64_t (*look_up)(void);
};

// Each ends with a row without a name.
extern const struct bench_row usage_rows[], file_rows[], tree_rows[], walk_rows[], readiness_rows[], pipe_rows[],
    socket_rows[], process_rows[], memory_rows[], signal_rows[], thread_rows[], clock_rows[];

// The machine's memory in KiB as the command line says; 0 when it does not.
extern int64_t bench_machine_kib;

int64_t bench_now(void);

// Both end the row with a line that says why; the second adds what errno means.
_Noreturn void bench_refuse(const char *why);
_Noreturn void bench_fail(const char *call);

// Ends the row when a call that must not fail did.
static inline int64_t bench_ok(int64_t result, const char *call)
{
    if (result < 0)
        bench_fail(call);
    return result;
}

// Waits for a child that has to exit with 0.
void bench_wait(pid_t child);

#endif
