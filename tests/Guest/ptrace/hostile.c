// Nothing that a tracer does or leaves undone harms anybody but its tracees, and those it leaves go on.
#include "tracing.h"
#include <pthread.h>

enum
{
    ALL_OPTIONS = 0x7f,
};

static uint64_t random_state;

static uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static unsigned long random_value(void *buffer)
{
    static const unsigned long edges[] = {
        0, 1, 7, 8, 16, 64, 65, 128, 0x80, 0x7f, 216, 848, 904, 912, 0x202, 0x1000, 0x7ffffffff000,
        0x800000000000, 0xffffffff80000000, ~0ul, ~7ul, 0x7fffffff, 0x80000000,
    };
    switch (random_word() % 4)
    {
    case 0:
        return edges[random_word() % (sizeof edges / sizeof *edges)];
    case 1:
        return (unsigned long)buffer + random_word() % 64;
    case 2:
        return (unsigned long)random_word();
    default:
        return (unsigned long)buffer;
    }
}

static long random_request(void)
{
    static const int requests[] = { 1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 14, 15, 17, 21, 24, 30, 31, 32 };
    switch (random_word() % 3)
    {
    case 0:
        return 0x4200 + (long)(random_word() % 18);
    case 1:
        return requests[random_word() % (sizeof requests / sizeof *requests)];
    default:
        return (long)(random_word() % 40);
    }
}

static void *end_at_once(UNUSED void *argument)
{
    return NULL;
}

HELPER(end_with_42)
{
    return 42;
}

// Everything a tracer can be told of, and 42 at the end.
static void live_a_little(void)
{
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    child = vfork();
    if (child == 0)
        _exit(0);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    pthread_t thread;
    if (pthread_create(&thread, NULL, end_at_once, NULL) == 0)
        pthread_join(thread, NULL);
    execl(check_self, check_self, "--helper", "end_with_42", NULL);
    _exit(1);
}

// No tracer may touch process 1 or the runner: only children of its own, itself, and numbers that nobody has.
static pid_t random_pid(const pid_t *children, int count)
{
    unsigned which = (unsigned)(random_word() % 16);
    if (which == 0)
        return getpid();
    if (which == 1)
        return (pid_t)(0x700000 + random_word() % 1000);
    return children[which % (unsigned)count];
}

static void ask_at_random(uint64_t seed, int requests)
{
    enum { COUNT = 4 };
    static char buffer[8192] __attribute__((aligned(64)));
    pid_t children[COUNT];
    random_state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < COUNT; i++)
    {
        children[i] = OK(fork());
        if (children[i] == 0)
        {
            if (i & 1)
                PT(PTRACE_TRACEME, 0, 0, 0);
            for (;;)
            {
                raise(SIGCHLD);
                if (syscall(SYS_getppid) == 1)
                    _exit(0);
                sched_yield();
            }
        }
    }
    for (int i = 0; i < requests; i++)
    {
        for (size_t at = 0; at < 256; at += 8)
            *(unsigned long *)(buffer + at) = random_value(buffer);
        pid_t pid = random_pid(children, COUNT);
        if (i % 8 == 0)
            PT(i % 16 != 0 ? PTRACE_SEIZE : PTRACE_ATTACH, children[i / 8 % COUNT], 0, 0);
        PT(random_request(), pid, random_value(buffer), random_value(buffer));
        waitpid(-1, NULL, WNOHANG | __WALL | WUNTRACED);
        if (i % 16 == 0)
            sched_yield();
    }
    for (int i = 0; i < COUNT; i++)
    {
        // A number that was waited for already is nobody's.
        kill(children[i], SIGKILL);
    }
    _exit(0);
}

TEST(requests_at_random_harm_nobody)
{
    int rounds = loops(20);
    for (int round = 0; round < rounds; round++)
    {
        FORK(tracer)
            ask_at_random((uint64_t)round + 1, 400);
        (void)STATUS_OF(tracer);
    }
}

// One tracer's life: it goes on with whatever stops, in its own way, and is gone after some steps.
static void trace_for(pid_t tracee, struct gate *go, int steps, int style)
{
    static const int ways[] = { PTRACE_SYSCALL, PTRACE_CONT, PTRACE_SINGLESTEP };
    OK(PT(PTRACE_SEIZE, tracee, 0, ALL_OPTIONS));
    open_gate(go);
    PT(PTRACE_INTERRUPT, tracee, 0, 0);
    for (int i = 0; i < steps; i++)
    {
        int status;
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0)
            _exit(0);
        if (WIFSTOPPED(status))
            PT(style == 3 ? ways[i % 2] : ways[style], pid, 0, 0);
    }
    // The last one is left where it is.
    raise(SIGKILL);
}

static void leave_after(int steps, int style)
{
    struct gate go = new_gate();
    FORK(tracee)
    {
        pass_gate(&go);
        live_a_little();
    }
    FORK(tracer)
        trace_for(tracee, &go, steps, style);
    (void)STATUS_OF(tracer);
    int status = STATUS_OF(tracee);
    // A step that nobody waits for any more may end a program on Linux.
    if (status != ENDED_STATUS(42) && (status & 0x7f) != SIGTRAP)
        FAIL("after %d steps of style %d, got status 0x%x", steps, style, status);
}

TEST(a_tracer_that_dies_between_calls_leaves_nobody_stuck)
{
    for (int steps = 0; steps < loops(90); steps++)
        leave_after(steps, 0);
}

TEST(a_tracer_that_dies_between_events_leaves_nobody_stuck)
{
    for (int steps = 0; steps < loops(25); steps++)
        leave_after(steps, 1);
}

TEST(a_tracer_that_dies_between_single_steps_leaves_nobody_stuck)
{
    for (int steps = 0; steps < loops(60); steps++)
        leave_after(steps * 13, 2);
}

TEST(a_tracer_that_dies_between_this_and_that_leaves_nobody_stuck)
{
    for (int steps = 0; steps < loops(60); steps++)
        leave_after(steps, 3);
}

TEST(a_tracee_that_is_killed_at_any_stop_is_gone)
{
    for (int steps = 0; steps < loops(60); steps++)
    {
        FORK(session)
        {
            TRACED(tracee)
                live_a_little();
            OK(PT(PTRACE_SETOPTIONS, tracee, 0, 0x1f));
            CONT(tracee, 0);
            int status = 0;
            for (int i = 0; i < steps; i++)
            {
                pid_t pid = OK(waitpid(-1, &status, __WALL));
                if (pid == tracee && !WIFSTOPPED(status))
                    break;
                if (WIFSTOPPED(status))
                    PT(PTRACE_SYSCALL, pid, 0, 0);
            }
            kill(tracee, SIGKILL);
            // Its children go on, and are waited for, too.
            for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;)
                if (WIFSTOPPED(status))
                    PT(PTRACE_CONT, pid, 0, 0);
        }
        CHECK_EXITS(session, 0);
    }
}

TEST(exitkill_takes_all_of_them_along)
{
    for (int steps = 1; steps < loops(30); steps++)
    {
        struct gate go = new_gate();
        FORK(tracee)
        {
            pass_gate(&go);
            for (;;)
                if (fork() == 0)
                    _exit(0);
                else
                    while (waitpid(-1, NULL, 0) > 0)
                        ;
        }
        FORK(tracer)
        {
            OK(PT(PTRACE_SEIZE, tracee, 0, PTRACE_O_EXITKILL | 0xf));
            open_gate(&go);
            for (int i = 0; i < steps; i++)
            {
                int status;
                pid_t pid = OK(waitpid(-1, &status, __WALL));
                if (WIFSTOPPED(status))
                    PT(PTRACE_SYSCALL, pid, 0, 0);
            }
        }
        (void)STATUS_OF(tracer);
        CHECK_EQ(STATUS_OF(tracee), SIGKILL);
    }
}

TEST(stopped_children_of_a_killed_tracer_go_on)
{
    enum { COUNT = 60 };
    int ends[2];
    OK(pipe(ends));
    FORK(tracer)
    {
        for (int i = 0; i < COUNT; i++)
        {
            TRACED(child)
                CHECK_EQ(write(ends[1], "x", 1), 1);
            (void)child;
        }
        raise(SIGKILL);
    }
    CHECK_EQ(STATUS_OF(tracer), SIGKILL);
    OK(close(ends[1]));
    char byte;
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}
