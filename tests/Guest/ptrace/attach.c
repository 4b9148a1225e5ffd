// Attaching, seizing, letting go, and who may.
#include "tracing.h"
#include <sys/prctl.h>

static void wait_for_ever(void)
{
    for (;;)
        pause();
}

TEST(attach_stops_a_process_with_sigstop)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_signo, SIGSTOP);
    CHECK_EQ(info.si_code, SI_KERNEL);
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    end_traced(child);
}

TEST(detach_lets_it_go_on_untraced)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pass_gate(&gate);
        _exit(6);
    }
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    OK(PT(PTRACE_DETACH, child, 0, 0));
    CHECK_ERRNO(PT(PTRACE_DETACH, child, 0, 0), ESRCH);
    CHECK_EQ(status_number(child, "\nTracerPid:\t"), 0);
    open_gate(&gate);
    CHECK_EXITS(child, 6);
}

TEST(detach_can_give_a_signal_along)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    OK(PT(PTRACE_DETACH, child, 0, SIGTERM));
    CHECK_NEXT(child, SIGTERM);
}

TEST(detach_from_a_sigstop_can_leave_it_stopped)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    OK(PT(PTRACE_DETACH, child, 0, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    EVENTUALLY(state_of(child) == 'T');
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_stopped_process_can_be_attached_to)
{
    FORK(child)
        wait_for_ever();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CHECK_EQ(state_of(child), 't');
    (void)registers_of(child);
    // Back among the stopped.
    OK(PT(PTRACE_DETACH, child, 0, 0));
    EVENTUALLY(state_of(child) == 'T');
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(nobody_can_be_traced_twice)
{
    TRACED(child)
        wait_for_ever();
    CHECK_ERRNO(PT(PTRACE_ATTACH, child, 0, 0), EPERM);
    CHECK_ERRNO(PT(PTRACE_SEIZE, child, 0, 0), EPERM);
    FORK(other)
    {
        CHECK_ERRNO(PT(PTRACE_ATTACH, child, 0, 0), EPERM);
        CHECK_ERRNO(PT(PTRACE_CONT, child, 0, 0), ESRCH);
        CHECK_ERRNO(PT(PTRACE_KILL, child, 0, 0), ESRCH);
        CHECK_ERRNO(PT(PTRACE_INTERRUPT, child, 0, 0), ESRCH);
    }
    CHECK_EXITS(other, 0);
    end_traced(child);
}

TEST(no_process_traces_itself)
{
    CHECK_ERRNO(PT(PTRACE_ATTACH, getpid(), 0, 0), EPERM);
    CHECK_ERRNO(PT(PTRACE_SEIZE, getpid(), 0, 0), EPERM);
    CHECK_ERRNO(PT(PTRACE_CONT, getpid(), 0, 0), ESRCH);
}

TEST(there_is_nobody_to_attach_to_at_odd_numbers)
{
    static const int pids[] = { 0, -1, 1 << 22, 0x7fffffff, (int)0x80000000 };
    for (size_t i = 0; i < sizeof pids / sizeof *pids; i++)
    {
        CHECK_ERRNO(PT(PTRACE_ATTACH, pids[i], 0, 0), ESRCH);
        CHECK_ERRNO(PT(PTRACE_SEIZE, pids[i], 0, 0), ESRCH);
        CHECK_ERRNO(PT(PTRACE_CONT, pids[i], 0, 0), ESRCH);
    }
}

TEST(a_zombie_cannot_be_attached_to)
{
    FORK(child)
        _exit(0);
    EVENTUALLY(state_of(child) == 'Z');
    CHECK_ERRNO(PT(PTRACE_ATTACH, child, 0, 0), EPERM);
    CHECK_ERRNO(PT(PTRACE_SEIZE, child, 0, 0), EPERM);
    CHECK_EXITS(child, 0);
}

TEST(others_processes_are_out_of_reach)
{
    struct gate ready = new_gate();
    FORK(child)
    {
        become(1000);
        open_gate(&ready);
        wait_for_ever();
    }
    pass_gate(&ready);
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(PT(PTRACE_ATTACH, child, 0, 0), EPERM);
        CHECK_ERRNO(PT(PTRACE_SEIZE, child, 0, 0), EPERM);
        CHECK_ERRNO(PT(PTRACE_ATTACH, 1, 0, 0), EPERM);
    }
    CHECK_EXITS(stranger, 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(processes_that_are_not_dumpable_are_out_of_reach)
{
    struct gate ready = new_gate();
    FORK(child)
    {
        become(1000);
        OK(prctl(PR_SET_DUMPABLE, 0));
        open_gate(&ready);
        wait_for_ever();
    }
    pass_gate(&ready);
    FORK(stranger)
    {
        become(1000);
        CHECK_ERRNO(PT(PTRACE_ATTACH, child, 0, 0), EPERM);
    }
    CHECK_EXITS(stranger, 0);
    // Root may.
    OK(PT(PTRACE_ATTACH, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    end_traced(child);
}

TEST(seize_does_not_stop_and_interrupt_does)
{
    FORK(child)
        wait_for_ever();
    EVENTUALLY(state_of(child) == 'S');
    OK(PT(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESYSGOOD));
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    CHECK_EQ(state_of(child), 'S');
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_signo, SIGTRAP);
    CHECK_EQ(info.si_code, SIGTRAP | PTRACE_EVENT_STOP << 8);
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    end_traced(child);
}

TEST(seize_wants_no_address_and_known_options)
{
    FORK(child)
        wait_for_ever();
    CHECK_ERRNO(PT(PTRACE_SEIZE, child, 1, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_SEIZE, child, 0, 0x100), EIO);
    CHECK_ERRNO(PT(PTRACE_SEIZE, child, 0, ~0ul), EIO);
    OK(PT(PTRACE_SEIZE, child, 0, 0xff));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    OK(PT(PTRACE_SETOPTIONS, child, 0, 0));
    end_traced(child);
}

TEST(an_interrupt_of_a_stopped_tracee_stops_it_again)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(kill(child, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    end_traced(child);
}

TEST(group_stop_of_a_seized_process_is_an_event)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(kill(child, SIGTSTP));
    CHECK_NEXT(child, STOP_STATUS(SIGTSTP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP) | PTRACE_EVENT_STOP << 16);
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_signo, SIGSTOP);
    CHECK_EQ(info.si_code, SIGSTOP | PTRACE_EVENT_STOP << 8);
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    end_traced(child);
}

TEST(listen_keeps_a_group_stop_until_sigcont)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    CHECK_ERRNO(PT(PTRACE_LISTEN, child, 0, 0), ESRCH);
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CHECK_ERRNO(PT(PTRACE_LISTEN, child, 0, 0), EIO);
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP) | PTRACE_EVENT_STOP << 16);
    OK(PT(PTRACE_LISTEN, child, 0, 0));
    struct user_regs_struct registers;
    CHECK_ERRNO(PT(PTRACE_GETREGS, child, 0, &registers), ESRCH);
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    OK(kill(child, SIGCONT));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCONT));
    CONT(child, SIGCONT);
    EVENTUALLY(state_of(child) == 'S');
    end_traced(child);
}

TEST(interrupt_ends_listening)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(kill(child, SIGSTOP));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP) | PTRACE_EVENT_STOP << 16);
    OK(PT(PTRACE_LISTEN, child, 0, 0));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP) | PTRACE_EVENT_STOP << 16);
    end_traced(child);
}

TEST(a_stopped_process_can_be_seized)
{
    FORK(child)
        wait_for_ever();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP) | PTRACE_EVENT_STOP << 16);
    OK(PT(PTRACE_LISTEN, child, 0, 0));
    OK(kill(child, SIGCONT));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    end_traced(child);
}

TEST(sigcont_stops_a_running_seized_process)
{
    FORK(child)
        wait_for_ever();
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(kill(child, SIGCONT));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCONT));
    end_traced(child);
}

// A tracer that is no relative, and reports through a gate.
static pid_t start_tracer(pid_t tracee, long options, struct gate *attached)
{
    FORK(tracer)
    {
        OK(PT(PTRACE_SEIZE, tracee, 0, options));
        OK(PT(PTRACE_INTERRUPT, tracee, 0, 0));
        CHECK_NEXT(tracee, EVENT_STATUS(PTRACE_EVENT_STOP));
        open_gate(attached);
        wait_for_ever();
    }
    pass_gate(attached);
    return tracer;
}

TEST(when_the_tracer_dies_the_tracee_goes_on)
{
    struct gate attached = new_gate();
    FORK(child)
        wait_for_ever();
    pid_t tracer = start_tracer(child, 0, &attached);
    CHECK_EQ(state_of(child), 't');
    CHECK_EQ(status_number(child, "\nTracerPid:\t"), tracer);
    OK(kill(tracer, SIGKILL));
    CHECK_NEXT(tracer, SIGKILL);
    EVENTUALLY(state_of(child) == 'S');
    CHECK_EQ(status_number(child, "\nTracerPid:\t"), 0);
    OK(kill(child, SIGTERM));
    CHECK_NEXT(child, SIGTERM);
}

TEST(with_exitkill_the_tracee_dies_with_its_tracer)
{
    struct gate attached = new_gate();
    FORK(child)
        wait_for_ever();
    pid_t tracer = start_tracer(child, PTRACE_O_EXITKILL, &attached);
    OK(kill(tracer, SIGKILL));
    CHECK_NEXT(tracer, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

static void die_before_a_signal_is_decided(int wait_flags, int expected)
{
    struct gate attached = new_gate();
    FORK(child)
        wait_for_ever();
    FORK(tracer)
    {
        OK(PT(PTRACE_SEIZE, child, 0, 0));
        OK(kill(child, SIGTERM));
        siginfo_t info;
        OK(waitid(P_PID, child, &info, WSTOPPED | wait_flags));
        CHECK_EQ(info.si_status, SIGTERM);
        open_gate(&attached);
        wait_for_ever();
    }
    pass_gate(&attached);
    OK(kill(tracer, SIGKILL));
    CHECK_NEXT(tracer, SIGKILL);
    EVENTUALLY(status_number(child, "\nTracerPid:\t") == 0);
    if (expected == SIGKILL)
        OK(kill(child, SIGKILL));
    CHECK_NEXT(child, expected);
}

TEST(a_signal_the_dead_tracer_had_not_heard_of_is_delivered)
{
    die_before_a_signal_is_decided(WNOWAIT, SIGTERM);
}

TEST(a_signal_the_dead_tracer_had_heard_of_is_lost)
{
    die_before_a_signal_is_decided(0, SIGKILL);
}

TEST(the_tracer_hears_of_the_end_before_the_parent)
{
    struct gate attached = new_gate(), go = new_gate(), seen = new_gate();
    FORK(child)
        wait_for_ever();
    FORK(tracer)
    {
        OK(PT(PTRACE_SEIZE, child, 0, 0));
        open_gate(&attached);
        siginfo_t info = { 0 };
        OK(waitid(P_PID, child, &info, WEXITED | WNOWAIT | __WALL));
        CHECK_EQ(info.si_code, CLD_KILLED);
        open_gate(&seen);
        pass_gate(&go);
        CHECK_NEXT(child, SIGKILL);
        CHECK_ERRNO(waitpid(child, NULL, __WALL), ECHILD);
    }
    pass_gate(&attached);
    OK(kill(child, SIGKILL));
    pass_gate(&seen);
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    open_gate(&go);
    CHECK_EXITS(tracer, 0);
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_tracer_that_dies_leaves_the_end_to_the_parent)
{
    struct gate attached = new_gate();
    FORK(child)
        wait_for_ever();
    pid_t tracer = start_tracer(child, 0, &attached);
    OK(kill(child, SIGKILL));
    EVENTUALLY(state_of(child) == 'Z');
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    OK(kill(tracer, SIGKILL));
    CHECK_NEXT(tracer, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_parent_does_not_see_the_stops_of_a_tracee)
{
    struct gate attached = new_gate();
    FORK(child)
        wait_for_ever();
    pid_t tracer = start_tracer(child, 0, &attached);
    CHECK_EQ(waitpid(child, NULL, WNOHANG | WUNTRACED), 0);
    OK(kill(tracer, SIGKILL));
    CHECK_NEXT(tracer, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, WNOHANG | WUNTRACED), 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

HELPER(tell_ids)
{
    _exit(geteuid() == 1234 ? 1 : 2);
}

TEST(a_program_that_is_traced_by_less_gets_no_more_rights)
{
    scratch();
    char text[700];
    snprintf(text, sizeof text, "cp %s suid && chown 1234 suid && chmod 4755 suid", check_self);
    CHECK_EQ(system(text), 0);
    FORK(parent)
    {
        become(1000);
        TRACED(child)
            execl("./suid", "./suid", "--helper", "tell_ids", NULL);
        CONT(child, 0);
        CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
        CONT(child, 0);
        CHECK_EXITS(child, 2);
        FORK(untraced)
            execl("./suid", "./suid", "--helper", "tell_ids", NULL);
        CHECK_EXITS(untraced, 1);
    }
    CHECK_EXITS(parent, 0);
    // Root's tracees get them.
    TRACED(child)
        execl("./suid", "./suid", "--helper", "tell_ids", NULL);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CONT(child, 0);
    CHECK_EXITS(child, 1);
}
