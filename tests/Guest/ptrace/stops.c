// Stops for signals and for the group, and how a tracee goes on from them.
#include "tracing.h"

static volatile sig_atomic_t handled;

static void count_signal(UNUSED int signal)
{
    handled++;
}

TEST(traceme_twice_is_eperm)
{
    FORK(child)
    {
        OK(PT(PTRACE_TRACEME, 0, 0, 0));
        CHECK_ERRNO(PT(PTRACE_TRACEME, 0, 0, 0), EPERM);
    }
    CHECK_EXITS(child, 0);
}

TEST(every_signal_stops_a_tracee_before_it_is_delivered)
{
    TRACED(child)
    {
        signal(SIGUSR1, count_signal);
        raise(SIGUSR1);
        _exit(handled);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CONT(child, SIGUSR1);
    CHECK_EXITS(child, 1);
}

TEST(a_signal_can_be_suppressed)
{
    TRACED(child)
    {
        raise(SIGTERM);
        _exit(7);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTERM));
    CONT(child, 0);
    CHECK_EXITS(child, 7);
}

TEST(another_signal_can_be_injected)
{
    TRACED(child)
        raise(SIGUSR1);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CONT(child, SIGHUP);
    CHECK_NEXT(child, SIGHUP);
}

TEST(an_injected_signal_comes_from_the_tracer)
{
    TRACED(child)
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR1);
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR2);
        CHECK_EQ(info.si_code, SI_USER);
        CHECK_EQ(info.si_pid, getppid());
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    // It is blocked, so it is pending again, and stops nothing until it is taken.
    CONT(child, SIGUSR2);
    CHECK_EXITS(child, 0);
}

TEST(ignored_signals_are_told_of_too)
{
    TRACED(child)
    {
        signal(SIGUSR1, SIG_IGN);
        raise(SIGUSR1);
        raise(SIGCHLD);
        raise(SIGWINCH);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CONT(child, SIGUSR1);
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, SIGCHLD);
    CHECK_NEXT(child, STOP_STATUS(SIGWINCH));
    CONT(child, SIGWINCH);
    CHECK_EXITS(child, 0);
}

TEST(getsiginfo_tells_who_sent_it_and_setsiginfo_changes_that)
{
    TRACED(child)
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        raise(SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK_EQ(info.si_code, SI_QUEUE);
        CHECK_EQ(info.si_int, 4711);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_signo, SIGUSR1);
    CHECK_EQ(info.si_code, SI_TKILL);
    CHECK_EQ(info.si_pid, child);
    info.si_code = SI_QUEUE;
    info.si_int = 4711;
    OK(PT(PTRACE_SETSIGINFO, child, 0, &info));
    // Blocked only now, which a tracer can do, too.
    uint64_t mask = 1ull << (SIGUSR1 - 1);
    OK(PT(PTRACE_SETSIGMASK, child, 8, &mask));
    CONT(child, SIGUSR1);
    CHECK_EXITS(child, 0);
}

TEST(signal_masks_can_be_read_and_set)
{
    TRACED(child)
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_SETMASK, &set, NULL);
        raise(SIGTRAP);
        sigprocmask(SIG_BLOCK, NULL, &set);
        CHECK(sigismember(&set, SIGUSR2));
        CHECK(!sigismember(&set, SIGUSR1));
        CHECK(!sigismember(&set, SIGKILL));
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    uint64_t mask = 0;
    OK(PT(PTRACE_GETSIGMASK, child, 8, &mask));
    CHECK_EQ(mask, 1ull << (SIGUSR1 - 1));
    CHECK_ERRNO(PT(PTRACE_GETSIGMASK, child, 4, &mask), EINVAL);
    CHECK_ERRNO(PT(PTRACE_GETSIGMASK, child, 8, 8), EFAULT);
    mask = 1ull << (SIGUSR2 - 1) | 1ull << (SIGKILL - 1);
    OK(PT(PTRACE_SETSIGMASK, child, 8, &mask));
    OK(PT(PTRACE_GETSIGMASK, child, 8, &mask));
    CHECK_EQ(mask, 1ull << (SIGUSR2 - 1));
    CHECK_ERRNO(PT(PTRACE_SETSIGMASK, child, 16, &mask), EINVAL);
    CHECK_ERRNO(PT(PTRACE_SETSIGMASK, child, 8, 8), EFAULT);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(peeksiginfo_shows_what_is_pending)
{
    TRACED(child)
    {
        sigset_t set;
        sigfillset(&set);
        sigdelset(&set, SIGTRAP);
        sigprocmask(SIG_SETMASK, &set, NULL);
        for (int i = 0; i < 3; i++)
            sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 100 + i });
        raise(SIGUSR1);
        raise(SIGTRAP);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    struct { uint64_t off; uint32_t flags; int32_t nr; } ask = { 0, 1, 10 };
    siginfo_t got[10];
    CHECK_EQ(PT(PTRACE_PEEKSIGINFO, child, &ask, got), 3);
    for (int i = 0; i < 3; i++)
    {
        CHECK_EQ(got[i].si_signo, SIGRTMIN + 1);
        CHECK_EQ(got[i].si_int, 100 + i);
    }
    ask.off = 2;
    CHECK_EQ(PT(PTRACE_PEEKSIGINFO, child, &ask, got), 1);
    CHECK_EQ(got[0].si_int, 102);
    ask.off = 3;
    CHECK_EQ(PT(PTRACE_PEEKSIGINFO, child, &ask, got), 0);
    ask.off = 0;
    ask.nr = 2;
    CHECK_EQ(PT(PTRACE_PEEKSIGINFO, child, &ask, got), 2);
    ask.flags = 0;
    CHECK_EQ(PT(PTRACE_PEEKSIGINFO, child, &ask, got), 1);
    CHECK_EQ(got[0].si_signo, SIGUSR1);
    CHECK_ERRNO(PT(PTRACE_PEEKSIGINFO, child, &ask, 8), EFAULT);
    CHECK_ERRNO(PT(PTRACE_PEEKSIGINFO, child, 8, got), EFAULT);
    ask.flags = 2;
    CHECK_ERRNO(PT(PTRACE_PEEKSIGINFO, child, &ask, got), EINVAL);
    ask.flags = 0;
    ask.nr = -1;
    CHECK_ERRNO(PT(PTRACE_PEEKSIGINFO, child, &ask, got), EINVAL);
    end_traced(child);
}

TEST(sigkill_ends_a_stopped_tracee)
{
    TRACED(child)
        _exit(1);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(ptrace_kill_ends_a_stopped_tracee)
{
    TRACED(child)
        _exit(1);
    OK(PT(PTRACE_KILL, child, 0, 0));
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_group_stop_follows_the_stop_for_its_signal)
{
    TRACED(child)
        raise(SIGTSTP);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTSTP));
    siginfo_t info;
    OK(PT(PTRACE_GETSIGINFO, child, 0, &info));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    // This one is no stop for a signal.
    CHECK_ERRNO(PT(PTRACE_GETSIGINFO, child, 0, &info), EINVAL);
    CHECK_EQ(state_of(child), 't');
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(sigcont_does_not_move_a_tracee_in_group_stop)
{
    TRACED(child)
        raise(SIGSTOP);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    CONT(child, SIGSTOP);
    CHECK_NEXT(child, STOP_STATUS(SIGSTOP));
    OK(kill(child, SIGCONT));
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCONT));
    CONT(child, SIGCONT);
    CHECK_EXITS(child, 0);
}

TEST(a_stop_is_reported_once_and_without_wuntraced)
{
    TRACED(child)
        raise(SIGUSR1);
    CONT(child, 0);
    siginfo_t info = { 0 };
    OK(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    CHECK_EQ(info.si_code, CLD_TRAPPED);
    CHECK_EQ(info.si_status, SIGUSR1);
    CHECK_EQ(info.si_pid, child);
    int status = 0;
    CHECK_EQ(wait4(-1, &status, 0, NULL), child);
    CHECK_EQ(status, STOP_STATUS(SIGUSR1));
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    end_traced(child);
}

TEST(stops_raise_sigchld_unless_sa_nocldstop)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    OK(sigprocmask(SIG_BLOCK, &set, NULL));
    TRACED(child)
        raise(SIGUSR1);
    siginfo_t info;
    CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
    CHECK_EQ(info.si_code, CLD_TRAPPED);
    CHECK_EQ(info.si_status, SIGUSR1);
    CHECK_EQ(info.si_pid, child);
    struct sigaction quiet = { .sa_handler = count_signal, .sa_flags = SA_NOCLDSTOP };
    OK(sigaction(SIGCHLD, &quiet, NULL));
    CONT(child, SIGCONT);
    CHECK_EXITS(child, 0);
}

TEST(a_stopped_tracee_shows_it_in_proc)
{
    TRACED(child)
        pause();
    CHECK_EQ(state_of(child), 't');
    CHECK_EQ(status_number(child, "\nTracerPid:\t"), getpid());
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    OK(PT(PTRACE_DETACH, child, 0, 0));
    CHECK_EQ(status_number(child, "\nTracerPid:\t"), 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, SIGKILL);
}

TEST(requests_on_a_running_tracee_are_esrch)
{
    TRACED(child)
        for (;;)
            pause();
    CONT(child, 0);
    unsigned long word;
    CHECK_ERRNO(PT(PTRACE_PEEKDATA, child, &handled, &word), ESRCH);
    CHECK_ERRNO(PT(PTRACE_CONT, child, 0, 0), ESRCH);
    CHECK_ERRNO(PT(PTRACE_GETREGS, child, 0, &word), ESRCH);
    CHECK_ERRNO(PT(PTRACE_DETACH, child, 0, 0), ESRCH);
    CHECK_ERRNO(PT(12345, child, 0, 0), ESRCH);
    end_traced(child);
    CHECK_ERRNO(PT(PTRACE_CONT, child, 0, 0), ESRCH);
}

TEST(unknown_requests_and_signals_are_eio)
{
    TRACED(child)
        pause();
    CHECK_ERRNO(PT(12345, child, 0, 0), EIO);
    CHECK_ERRNO(PT(-1, child, 0, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_CONT, child, 0, 65), EIO);
    CHECK_ERRNO(PT(PTRACE_CONT, child, 0, -1), EIO);
    CHECK_ERRNO(PT(PTRACE_DETACH, child, 0, 65), EIO);
    CHECK_ERRNO(PT(PTRACE_SETOPTIONS, child, 0, 0x100), EINVAL);
    CHECK_ERRNO(PT(PTRACE_SETOPTIONS, child, 0, ~0ul), EINVAL);
    OK(PT(PTRACE_SETOPTIONS, child, 0, 0x1000ff));
    OK(PT(PTRACE_SETOPTIONS, child, 0, 0));
    CHECK_ERRNO(PT(PTRACE_INTERRUPT, child, 0, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_LISTEN, child, 0, 0), EIO);
    CHECK_ERRNO(PT(PTRACE_GETEVENTMSG, child, 0, 8), EFAULT);
    CHECK_ERRNO(PT(PTRACE_GETSIGINFO, child, 0, 8), EFAULT);
    CHECK_ERRNO(PT(PTRACE_SETSIGINFO, child, 0, 8), EFAULT);
    CHECK_ERRNO(PT(PTRACE_GETREGS, child, 0, 8), EFAULT);
    end_traced(child);
}

TEST(a_sleep_that_a_suppressed_signal_ends_goes_on)
{
    int gate[2];
    OK(pipe(gate));
    TRACED(child)
    {
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
        _exit(byte);
    }
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    // The call is still to be told of: its number is there, and the code that makes it begin again.
    struct user_regs_struct registers = registers_of(child);
    CHECK_EQ(registers.orig_rax, SYS_read);
    CHECK_EQ(registers.rax, -512l);
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    CHECK_EQ(write(gate[1], "\x05", 1), 1);
    CHECK_EXITS(child, 5);
}

TEST(a_tracer_can_take_a_restart_away)
{
    int gate[2];
    OK(pipe(gate));
    TRACED(child)
    {
        char byte;
        long got = syscall(SYS_read, gate[0], &byte, 1);
        _exit(got == -1 && errno == ENOANO ? 3 : 4);
    }
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    struct user_regs_struct registers = registers_of(child);
    registers.orig_rax = -1;
    registers.rax = -ENOANO;
    OK(PT(PTRACE_SETREGS, child, 0, &registers));
    CONT(child, 0);
    CHECK_EXITS(child, 3);
}

TEST(a_handler_runs_in_the_middle_of_a_restarted_call)
{
    int gate[2];
    OK(pipe(gate));
    TRACED(child)
    {
        struct sigaction action = { .sa_handler = count_signal, .sa_flags = SA_RESTART };
        sigaction(SIGUSR1, &action, NULL);
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
        _exit(byte + handled);
    }
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    CONT(child, SIGUSR1);
    EVENTUALLY(state_of(child) == 'S');
    CHECK_EQ(write(gate[1], "\x05", 1), 1);
    CHECK_EXITS(child, 6);
}

TEST(a_fatal_signal_is_fatal_only_after_the_tracer_agrees)
{
    TRACED(child)
    {
        *(volatile int *)8 = 1;
        _exit(1);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGSEGV));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, SEGV_MAPERR);
    CHECK_EQ((long)info.si_addr, 8);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGSEGV));
    CONT(child, SIGSEGV);
    CHECK_EQ(NEXT(child) & 0x7f, SIGSEGV);
}
