// Two processes and pipes between them: latency, the switch inside it, and bandwidth.
#include "../bench.h"
#include <sys/wait.h>
#include <unistd.h>

enum
{
    CHUNK_BYTES = 65536,
    RING = 8,
};

struct pipe_ends
{
    int from;
    int to;
};

static struct pipe_ends new_pipe(void)
{
    int ends[2];
    bench_ok(pipe(ends), "pipe");
    return (struct pipe_ends){ ends[0], ends[1] };
}

static void close_pipe(struct pipe_ends pipe)
{
    close(pipe.from);
    close(pipe.to);
}

static void send_byte(int to)
{
    if (write(to, "x", 1) != 1)
        bench_fail("write to a pipe");
}

static void receive_byte(int from)
{
    char byte;
    if (read(from, &byte, 1) != 1)
        bench_fail("read from a pipe");
}

// A byte there and back, so many times.
static int64_t run_latency(int64_t count)
{
    struct pipe_ends there = new_pipe();
    struct pipe_ends back = new_pipe();
    pid_t child = bench_ok(fork(), "fork");
    if (child == 0)
    {
        char byte;
        close(there.to);
        close(back.from);
        while (read(there.from, &byte, 1) == 1)
            send_byte(back.to);
        _exit(0);
    }

    close(there.from);
    close(back.to);
    // Once unmeasured: the child's first steps after fork are not part of it.
    send_byte(there.to);
    receive_byte(back.from);

    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        send_byte(there.to);
        receive_byte(back.from);
    }

    int64_t taken = bench_now() - start;
    close(there.to);
    close(back.from);
    bench_wait(child);
    return taken;
}

// The same writes and reads in one process, which never waits.
static int64_t run_without_switch(int64_t count)
{
    struct pipe_ends pipe = new_pipe();
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        send_byte(pipe.to);
        receive_byte(pipe.from);
    }

    int64_t taken = bench_now() - start;
    close_pipe(pipe);
    return taken;
}

// A round trip holds two switches, and two writes with their reads; these are taken off.
static int64_t run_switch(int64_t count)
{
    return run_latency(count) / 2 - run_without_switch(count);
}

static void hand_on(struct pipe_ends from, struct pipe_ends to)
{
    char byte;
    while (read(from.from, &byte, 1) == 1)
        send_byte(to.to);
    _exit(0);
}

// A byte goes round in a ring of processes; the write and the read of each step are taken off.
static int64_t run_ring(int64_t count)
{
    struct pipe_ends pipes[RING];
    pid_t children[RING];
    for (int i = 0; i < RING; i++)
        pipes[i] = new_pipe();
    for (int i = 1; i < RING; i++)
    {
        children[i] = bench_ok(fork(), "fork");
        if (children[i] != 0)
            continue;
        // A pipe ends when nobody else can write to it.
        for (int other = 0; other < RING; other++)
        {
            if (other != (i + 1) % RING)
                close(pipes[other].to);
        }

        hand_on(pipes[i], pipes[(i + 1) % RING]);
    }

    for (int i = 0; i < RING; i++)
    {
        if (i != 1)
            close(pipes[i].to);
    }

    send_byte(pipes[1].to);
    receive_byte(pipes[0].from);
    int64_t rounds = count / RING + 1;
    int64_t start = bench_now();
    for (int64_t i = 0; i < rounds; i++)
    {
        send_byte(pipes[1].to);
        receive_byte(pipes[0].from);
    }

    int64_t taken = bench_now() - start;
    close(pipes[1].to);
    for (int i = 1; i < RING; i++)
        bench_wait(children[i]);
    for (int i = 0; i < RING; i++)
        close(pipes[i].from);
    return taken * count / (rounds * RING) - run_without_switch(count);
}

static int64_t run_bandwidth(int64_t count)
{
    static char chunk[CHUNK_BYTES];
    struct pipe_ends pipe = new_pipe();
    pid_t child = bench_ok(fork(), "fork");
    if (child == 0)
    {
        // Until SIGPIPE ends it.
        close(pipe.from);
        while (write(pipe.to, chunk, sizeof chunk) > 0)
            continue;
        _exit(0);
    }

    close(pipe.to);
    receive_byte(pipe.from);
    int64_t start = bench_now();
    for (int64_t left = count * CHUNK_BYTES; left > 0;)
    {
        size_t wanted = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
        ssize_t length = read(pipe.from, chunk, wanted);
        if (length <= 0)
            bench_fail("read from a pipe");
        left -= length;
    }

    int64_t taken = bench_now() - start;
    close(pipe.from);
    bench_ok(waitpid(child, NULL, 0), "waitpid");
    return taken;
}

const struct bench_row pipe_rows[] =
{
    { .name = "pipe-latency", .what = "pipe, a byte to a process and back", .run = run_latency },
    { .name = "switch", .what = "context switch, 2 processes", .run = run_switch },
    { .name = "switch-8", .what = "context switch, 8 processes", .run = run_ring },
    {
        .name = "pipe-bandwidth",
        .what = "pipe, 64 KiB at a time",
        .run = run_bandwidth,
        .bytes = CHUNK_BYTES,
    },
    { .name = NULL },
};
