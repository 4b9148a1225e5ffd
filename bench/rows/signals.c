// Setting a signal's handler, and running it.
#include "../bench.h"
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void handle(int signal)
{
    (void)signal;
    caught++;
}

static void install(void)
{
    struct sigaction action = { .sa_handler = handle };
    bench_ok(sigaction(SIGUSR1, &action, NULL), "sigaction");
}

static int64_t run_install(int64_t count)
{
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        install();
    return bench_now() - start;
}

// kill rather than raise, which would add two calls that block and unblock signals.
static int64_t run_catch(int64_t count)
{
    pid_t self = getpid();
    install();
    caught = 0;
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
        bench_ok(kill(self, SIGUSR1), "kill");
    int64_t taken = bench_now() - start;
    if (caught != count)
        bench_refuse("signals were lost");
    return taken;
}

const struct bench_row signal_rows[] =
{
    { .name = "signal-install", .what = "sigaction", .run = run_install },
    { .name = "signal-catch", .what = "a signal to itself, caught", .run = run_catch },
    { .name = NULL },
};
