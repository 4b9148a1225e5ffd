// What it costs to look at many files, none of which but the last is ready; and two processes that count for each other.
#include "../bench.h"
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

enum
{
    FEW = 10,
    SOME = 100,
    MANY = 1000,
};

static int files[MANY];

static void make_files(int count)
{
    struct rlimit limit = { MANY + 100, MANY + 100 };
    bench_ok(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    for (int i = 0; i < count; i++)
        files[i] = bench_ok(eventfd(i == count - 1, 0), "eventfd");
}

static void close_files(int count)
{
    for (int i = 0; i < count; i++)
        close(files[i]);
}

static int64_t do_poll(int files_count, int64_t count)
{
    static struct pollfd polled[MANY];
    make_files(files_count);
    for (int i = 0; i < files_count; i++)
        polled[i] = (struct pollfd){ .fd = files[i], .events = POLLIN };
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (poll(polled, (nfds_t)files_count, -1) != 1)
            bench_fail("poll");
    }

    int64_t taken = bench_now() - start;
    close_files(files_count);
    return taken;
}

static int64_t do_select(int files_count, int64_t count)
{
    fd_set all, set;
    int last = 0;
    make_files(files_count);
    FD_ZERO(&all);
    for (int i = 0; i < files_count; i++)
    {
        if (files[i] >= FD_SETSIZE)
            bench_refuse("the descriptors are too many for select");
        FD_SET(files[i], &all);
        last = files[i];
    }

    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        set = all;
        if (select(last + 1, &set, NULL, NULL, NULL) != 1)
            bench_fail("select");
    }

    int64_t taken = bench_now() - start;
    close_files(files_count);
    return taken;
}

static int64_t do_epoll(int files_count, int64_t count)
{
    make_files(files_count);
    int epoll = bench_ok(epoll_create1(0), "epoll_create1");
    for (int i = 0; i < files_count; i++)
    {
        struct epoll_event event = { .events = EPOLLIN };
        bench_ok(epoll_ctl(epoll, EPOLL_CTL_ADD, files[i], &event), "epoll_ctl");
    }

    struct epoll_event found;
    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        if (epoll_wait(epoll, &found, 1, -1) != 1)
            bench_fail("epoll_wait");
    }

    int64_t taken = bench_now() - start;
    close(epoll);
    close_files(files_count);
    return taken;
}

static int64_t run_poll_few(int64_t count)
{
    return do_poll(FEW, count);
}

static int64_t run_poll_some(int64_t count)
{
    return do_poll(SOME, count);
}

static int64_t run_poll_many(int64_t count)
{
    return do_poll(MANY, count);
}

static int64_t run_select_few(int64_t count)
{
    return do_select(FEW, count);
}

static int64_t run_select_some(int64_t count)
{
    return do_select(SOME, count);
}

static int64_t run_select_many(int64_t count)
{
    return do_select(MANY, count);
}

static int64_t run_epoll_few(int64_t count)
{
    return do_epoll(FEW, count);
}

static int64_t run_epoll_some(int64_t count)
{
    return do_epoll(SOME, count);
}

static int64_t run_epoll_many(int64_t count)
{
    return do_epoll(MANY, count);
}

static int64_t run_eventfd(int64_t count)
{
    eventfd_t value;
    int there = bench_ok(eventfd(0, 0), "eventfd");
    int back = bench_ok(eventfd(0, 0), "eventfd");
    pid_t child = (pid_t)bench_ok(fork(), "fork");
    if (child == 0)
    {
        for (int64_t i = 0; i < count; i++)
        {
            if (eventfd_read(there, &value) < 0 || eventfd_write(back, 1) < 0)
                _exit(1);
        }

        _exit(0);
    }

    int64_t start = bench_now();
    for (int64_t i = 0; i < count; i++)
    {
        bench_ok(eventfd_write(there, 1), "write");
        bench_ok(eventfd_read(back, &value), "read");
    }

    int64_t taken = bench_now() - start;
    bench_wait(child);
    close(there);
    close(back);
    return taken;
}

const struct bench_row readiness_rows[] =
{
    { .name = "poll-10", .what = "poll of 10 files, one ready", .run = run_poll_few },
    { .name = "poll-100", .what = "poll of 100 files, one ready", .run = run_poll_some },
    { .name = "poll-1000", .what = "poll of 1,000 files, one ready", .run = run_poll_many },
    { .name = "select-10", .what = "select of 10 files, one ready", .run = run_select_few },
    { .name = "select-100", .what = "select of 100 files, one ready", .run = run_select_some },
    { .name = "select-1000", .what = "select of 1,000 files, one ready", .run = run_select_many },
    { .name = "epoll-10", .what = "epoll_wait with 10 files, one ready", .run = run_epoll_few },
    { .name = "epoll-100", .what = "epoll_wait with 100 files, one ready", .run = run_epoll_some },
    { .name = "epoll-1000", .what = "epoll_wait with 1,000 files, one ready", .run = run_epoll_many },
    { .name = "eventfd", .what = "eventfd to another process and back", .run = run_eventfd },
    { 0 },
};
