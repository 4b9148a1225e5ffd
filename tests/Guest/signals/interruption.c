// signal(7), "Interruption of system calls": which calls restart, and which fail with EINTR.
#include "check.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

static volatile sig_atomic_t calls;
static void count(UNUSED int signo) { calls++; }

static struct gate unused_pipe;

// Sends the signal to the parent as soon as that sleeps, then, if it must restart, lets it finish.
static pid_t interrupt_parent(int signo, struct gate *finish)
{
    pid_t parent = getpid();
    FORK(child)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(kill(parent, signo));
        if (finish != NULL)
        {
            EVENTUALLY(process_state(parent) == 'S');
            open_gate(finish);
        }
    }
    return child;
}

static long block_forever(int which)
{
    char byte;
    struct pollfd poll_one = { .fd = unused_pipe.ends[0], .events = POLLIN };
    fd_set set;
    FD_ZERO(&set);
    FD_SET(unused_pipe.ends[0], &set);
    switch (which)
    {
        case 0: return read(unused_pipe.ends[0], &byte, 1);
        case 1: return poll(&poll_one, 1, -1);
        case 2: return select(unused_pipe.ends[0] + 1, &set, NULL, NULL, NULL);
        case 3: return pause();
        case 4: return nanosleep(&(struct timespec){ 1000, 0 }, NULL);
        case 5: return ppoll(&poll_one, 1, &(struct timespec){ 1000, 0 }, NULL);
        default: return clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 1000, 0 }, NULL) == EINTR
                            ? (errno = EINTR, -1) : 0;
    }
}

TEST(without_sa_restart_blocking_calls_fail_with_eintr)
{
    unused_pipe = new_gate();
    handle(SIGUSR1, count, 0);
    for (int which = 0; which < 7; which++)
    {
        pid_t child = interrupt_parent(SIGUSR1, NULL);
        CHECK_ERRNO(block_forever(which), EINTR);
        CHECK_EXITS(child, 0);
        CHECK_EQ(calls, which + 1);
    }
}

TEST(poll_select_pause_and_sleeps_never_restart)
{
    unused_pipe = new_gate();
    handle(SIGUSR1, count, SA_RESTART);
    for (int which = 1; which < 7; which++)
    {
        pid_t child = interrupt_parent(SIGUSR1, NULL);
        CHECK_ERRNO(block_forever(which), EINTR);
        CHECK_EXITS(child, 0);
    }
}

TEST(with_sa_restart_a_read_of_a_pipe_goes_on)
{
    struct gate gate = new_gate();
    handle(SIGUSR1, count, SA_RESTART);
    pid_t child = interrupt_parent(SIGUSR1, &gate);
    char byte;
    CHECK_EQ(read(gate.ends[0], &byte, 1), 1);
    CHECK_EQ(byte, 'x');
    CHECK_EQ(calls, 1);
    CHECK_EXITS(child, 0);
}

TEST(with_sa_restart_waitpid_goes_on)
{
    struct gate gate = new_gate();
    FORK(waited)
        pass_gate(&gate);
    handle(SIGUSR1, count, SA_RESTART);
    pid_t child = interrupt_parent(SIGUSR1, &gate);
    int status;
    CHECK_EQ(waitpid(waited, &status, 0), waited);
    CHECK_EQ(calls, 1);
    CHECK_EXITS(child, 0);
}

TEST(without_sa_restart_waitpid_fails_with_eintr)
{
    FORK(waited)
        for (;;)
            pause();
    handle(SIGUSR1, count, 0);
    pid_t child = interrupt_parent(SIGUSR1, NULL);
    CHECK_ERRNO(waitpid(waited, NULL, 0), EINTR);
    CHECK_EXITS(child, 0);
    OK(kill(waited, SIGKILL));
    CHECK_KILLED(waited, SIGKILL);
}

TEST(an_ignored_signal_does_not_interrupt)
{
    struct gate gate = new_gate();
    pid_t child = interrupt_parent(SIGWINCH, &gate);
    char byte;
    CHECK_EQ(read(gate.ends[0], &byte, 1), 1);
    CHECK_EXITS(child, 0);
}

TEST(stop_and_continue_do_not_interrupt_a_read)
{
    struct gate gate = new_gate();
    FORK(reader)
    {
        char byte;
        CHECK_EQ(read(gate.ends[0], &byte, 1), 1);
    }
    EVENTUALLY(process_state(reader) == 'S');
    OK(kill(reader, SIGSTOP));
    CHECK_STOPS(reader, SIGSTOP);
    OK(kill(reader, SIGCONT));
    EVENTUALLY(process_state(reader) == 'S');
    open_gate(&gate);
    CHECK_EXITS(reader, 0);
}

TEST(stop_and_continue_do_not_interrupt_a_sleep)
{
    FORK(sleeper)
        CHECK_EQ(nanosleep(&(struct timespec){ 0, 300000000 }, NULL), 0);
    OK(kill(sleeper, SIGSTOP));
    CHECK_STOPS(sleeper, SIGSTOP);
    OK(kill(sleeper, SIGCONT));
    CHECK_EXITS(sleeper, 0);
}

TEST(an_interrupted_sleep_tells_the_remaining_time)
{
    handle(SIGUSR1, count, 0);
    pid_t child = interrupt_parent(SIGUSR1, NULL);
    struct timespec remaining = { -1, -1 };
    CHECK_ERRNO(nanosleep(&(struct timespec){ 500, 0 }, &remaining), EINTR);
    CHECK(remaining.tv_sec >= 400 && remaining.tv_sec < 500);
    CHECK(remaining.tv_nsec >= 0 && remaining.tv_nsec < 1000000000);
    CHECK_EXITS(child, 0);
}

TEST(a_partly_done_write_returns_the_count_when_interrupted)
{
    static char data[200000];
    struct gate gate = new_gate();
    handle(SIGUSR1, count, 0);
    pid_t child = interrupt_parent(SIGUSR1, NULL);
    ssize_t written = write(gate.ends[1], data, sizeof data);
    CHECK(written >= CHECK_PAGE && written < (ssize_t)sizeof data);
    CHECK_EXITS(child, 0);
}

TEST(alarm_interrupts_and_returns_the_seconds_left)
{
    unused_pipe = new_gate();
    handle(SIGALRM, count, 0);
    CHECK_EQ(alarm(500), 0);
    long left = alarm(1);
    CHECK(left > 400 && left <= 500);
    CHECK_ERRNO(block_forever(0), EINTR);
    CHECK_EQ(calls, 1);
    CHECK_EQ(alarm(0), 0);
}

TEST(setitimer_repeats_and_getitimer_counts_down)
{
    unused_pipe = new_gate();
    handle(SIGALRM, count, 0);
    struct itimerval timer = { .it_value = { 0, 20000 }, .it_interval = { 0, 20000 } };
    OK(setitimer(ITIMER_REAL, &timer, NULL));
    while (calls < 3)
        CHECK_ERRNO(block_forever(0), EINTR);
    struct itimerval old;
    timer = (struct itimerval){ .it_value = { 700, 0 } };
    OK(setitimer(ITIMER_REAL, &timer, &old));
    CHECK_EQ(old.it_interval.tv_usec, 20000);
    OK(getitimer(ITIMER_REAL, &timer));
    CHECK(timer.it_value.tv_sec >= 600 && timer.it_value.tv_sec <= 700);
    timer.it_value.tv_usec = 1000000;
    CHECK_ERRNO(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_setitimer, 7, &timer, NULL), EINVAL);
}

TEST(a_timer_interrupts_a_busy_loop)
{
    handle(SIGALRM, count, 0);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL));
    while (calls == 0)
        continue;
}

TEST(virtual_and_profiling_timers_count_the_time_of_the_process)
{
    handle(SIGVTALRM, count, 0);
    handle(SIGPROF, count, 0);
    OK(setitimer(ITIMER_VIRTUAL, &(struct itimerval){ .it_value = { 0, 30000 } }, NULL));
    OK(setitimer(ITIMER_PROF, &(struct itimerval){ .it_value = { 0, 30000 } }, NULL));
    while (calls < 2)
        continue;
}
