// Stopping and continuing whole processes under a tracer.
#include "tracing.h"
#include <pthread.h>

enum
{
    STOPPED_EVENT = (SIGSTOP | PTRACE_EVENT_STOP << 8) << 8 | 0x7f,
};

static void *sleep_for_ever(UNUSED void *argument)
{
    for (;;)
        pause();
    return NULL;
}

// A process of two threads, both seized.
static pid_t start_two(pid_t *thread)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pthread_t made;
        pass_gate(&gate);
        pthread_create(&made, NULL, sleep_for_ever, NULL);
        sleep_for_ever(NULL);
    }
    OK(PT(PTRACE_SEIZE, child, 0, PTRACE_O_TRACECLONE));
    open_gate(&gate);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_CLONE));
    *thread = (pid_t)message_of(child);
    CHECK_NEXT(*thread, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(child, 0);
    CONT(*thread, 0);
    EVENTUALLY(state_of(child) == 'S' && state_of(*thread) == 'S');
    return child;
}

static void end_two(pid_t child, pid_t thread)
{
    OK(kill(child, SIGKILL));
    CHECK_NEXT(thread, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_stop_signal_is_asked_about_once_and_stops_all_threads)
{
    pid_t thread, child = start_two(&thread);
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CHECK_EQ(waitpid(thread, NULL, WNOHANG | __WALL), 0);
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOPPED_EVENT);
    CHECK_NEXT(thread, STOPPED_EVENT);
    end_two(child, thread);
}

TEST(a_continue_signal_is_an_event_for_all_threads_and_a_signal_for_one)
{
    pid_t thread, child = start_two(&thread);
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOPPED_EVENT);
    CHECK_NEXT(thread, STOPPED_EVENT);
    OK(PT(PTRACE_LISTEN, child, 0, 0));
    OK(PT(PTRACE_LISTEN, thread, 0, 0));
    OK(kill(child, SIGCONT));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    CHECK_NEXT(thread, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(thread, 0);
    CONT(child, 0);
    int status;
    pid_t taker = OK(waitpid(-1, &status, __WALL));
    CHECK_EQ(status, STOP_STATUS(SIGCONT));
    CONT(taker, SIGCONT);
    EVENTUALLY(state_of(child) == 'S' && state_of(thread) == 'S');
    end_two(child, thread);
}

TEST(a_new_thread_of_a_stopping_process_stops_as_well)
{
    pid_t thread, child = start_two(&thread);
    OK(syscall(SYS_tgkill, child, thread, SIGSTOP));
    CHECK_NEXT(thread, STOP_STATUS(SIGSTOP));
    CONT(thread, SIGSTOP);
    CHECK_NEXT(thread, STOPPED_EVENT);
    CHECK_NEXT(child, STOPPED_EVENT);
    // Resumed by its tracer it runs, though its process counts as stopped.
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    CHECK_EQ(state_of(thread), 't');
    end_two(child, thread);
}

TEST(a_suppressed_stop_signal_stops_nobody)
{
    pid_t thread, child = start_two(&thread);
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S' && state_of(thread) == 'S');
    CHECK_EQ(waitpid(-1, NULL, WNOHANG | __WALL), 0);
    end_two(child, thread);
}

TEST(a_continue_signal_takes_back_a_stop_that_the_tracer_holds)
{
    pid_t thread, child = start_two(&thread);
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    OK(kill(child, SIGCONT));
    CHECK_NEXT(thread, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    end_two(child, thread);
}

TEST(the_parent_hears_of_a_group_stop_under_anothers_tracing)
{
    struct gate attached = new_gate(), resume = new_gate();
    FORK(child)
        sleep_for_ever(NULL);
    FORK(tracer)
    {
        OK(PT(PTRACE_SEIZE, child, 0, 0));
        open_gate(&attached);
        CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
        CONT(child, SIGSTOP);
        CHECK_NEXT(child, STOPPED_EVENT);
        OK(PT(PTRACE_LISTEN, child, 0, 0));
        CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
        CONT(child, 0);
        CHECK_NEXT(child, STOP_STATUS(SIGCONT));
        CONT(child, SIGCONT);
        pass_gate(&resume);
    }
    pass_gate(&attached);
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGCONT));
    int status;
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    CHECK_EQ(status, 0xffff);
    open_gate(&resume);
    CHECK_EXITS(tracer, 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(detaching_leaves_a_stopped_process_stopped)
{
    FORK(child)
        sleep_for_ever(NULL);
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOPPED_EVENT);
    OK(PT(PTRACE_DETACH, child, 0, 0));
    EVENTUALLY(state_of(child) == 'T');
    OK(kill(child, SIGCONT));
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_tracee_of_a_tracer_that_ignores_sigchld_is_waited_for_all_the_same)
{
    TRACED(child)
        raise(SIGUSR1);
    signal(SIGCHLD, SIG_IGN);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CONT(child, 0);
    CHECK_NEXT(child, 0);
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
}

TEST(wclone_and_wall_choose_among_tracees)
{
    pid_t thread, child = start_two(&thread);
    OK(PT(PTRACE_INTERRUPT, thread, 0, 0));
    EVENTUALLY(state_of(thread) == 't');
    int status;
    CHECK_EQ(waitpid(-1, &status, WNOHANG), thread);
    CHECK_EQ(status, EVENT_STATUS(PTRACE_EVENT_STOP));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    EVENTUALLY(state_of(child) == 't');
    CHECK_EQ(waitpid(-getpgrp(), &status, WNOHANG | __WCLONE), child);
    end_two(child, thread);
}

TEST(a_descriptor_of_a_process_names_its_leader_as_a_tracee)
{
    pid_t thread, child = start_two(&thread);
    int fd = OK(syscall(SYS_pidfd_open, child, 0));
    siginfo_t info = { 0 };
    OK(PT(PTRACE_INTERRUPT, thread, 0, 0));
    EVENTUALLY(state_of(thread) == 't');
    OK(syscall(SYS_waitid, 3, fd, &info, WEXITED | WNOHANG, NULL));
    CHECK_EQ(info.si_pid, 0);
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    OK(syscall(SYS_waitid, 3, fd, &info, WEXITED, NULL));
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_code, CLD_TRAPPED);
    CHECK_EQ(info.si_status, SIGTRAP | PTRACE_EVENT_STOP << 8);
    CHECK_NEXT(thread, EVENT_STATUS(PTRACE_EVENT_STOP));
    end_two(child, thread);
}
