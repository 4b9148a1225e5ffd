// Two processes and a pair of sockets between them: latency and bandwidth, as for pipes.
#include "../bench.h"
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    CHUNK_BYTES = 65536,
};

static void make_pair(int type, int *pair) { bench_ok(socketpair(AF_UNIX, type, 0, pair), "socketpair"); }

static void send_byte(int to)
{
    if (write(to, "x", 1) != 1)
        bench_fail("write to a socket");
}

static void receive_byte(int from)
{
    char byte;
    if (read(from, &byte, 1) != 1)
        bench_fail("read from a socket");
}

// A byte there and back, so many times.
static int64_t run_round_trips(int type, int64_t count)
{
    int pair[2];
    make_pair(type, pair);
    pid_t child = bench_ok(fork(), "fork");
    if (child == 0)
    {
        char byte;
        close(pair[0]);
        // A datagram socket does not hear that the other end is closed: an empty message says so.
        while (recv(pair[1], &byte, 1, 0) == 1)
            send_byte(pair[1]);
        _exit(0);
    }

    close(pair[1]);
    // Once unmeasured: the child's first steps after fork are not part of it.
    send_byte(pair[0]);
    receive_byte(pair[0]);

    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        send_byte(pair[0]);
        receive_byte(pair[0]);
    }

    int64_t taken = bench_now() - start;
    if (type == SOCK_DGRAM && send(pair[0], "", 0, 0) != 0)
        bench_fail("send to a socket");
    close(pair[0]);
    bench_wait(child);
    return taken;
}

static int64_t run_stream_latency(int64_t count) { return run_round_trips(SOCK_STREAM, count); }

static int64_t run_dgram_latency(int64_t count) { return run_round_trips(SOCK_DGRAM, count); }

static int64_t run_bandwidth(int64_t count)
{
    static char chunk[CHUNK_BYTES];
    int pair[2];
    make_pair(SOCK_STREAM, pair);
    pid_t child = bench_ok(fork(), "fork");
    if (child == 0)
    {
        // Until SIGPIPE ends it.
        close(pair[0]);
        while (write(pair[1], chunk, sizeof chunk) > 0)
            continue;
        _exit(0);
    }

    close(pair[1]);
    receive_byte(pair[0]);
    int64_t start = bench_now();
    for (int64_t left = count * CHUNK_BYTES; left > 0;)
    {
        size_t wanted = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
        ssize_t length = read(pair[0], chunk, wanted);
        if (length <= 0)
            bench_fail("read from a socket");
        left -= length;
    }

    int64_t taken = bench_now() - start;
    close(pair[0]);
    bench_ok(waitpid(child, NULL, 0), "waitpid");
    return taken;
}

const struct bench_row socket_rows[] =
{
    { .name = "unix-latency", .what = "AF_UNIX stream, a byte to a process and back", .run = run_stream_latency },
    { .name = "unix-dgram", .what = "AF_UNIX datagrams, the same", .run = run_dgram_latency },
    {
        .name = "unix-bandwidth",
        .what = "AF_UNIX stream, 64 KiB at a time",
        .run = run_bandwidth,
        .bytes = CHUNK_BYTES,
    },
    { .name = NULL },
};
