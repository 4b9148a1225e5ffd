// wait4(2), waitid(2): which child, which event, which status word.
#include "check.h"
#include <sys/resource.h>

static void wait_for_signals(void)
{
    for (;;)
        pause();
}

TEST(exit_status_is_the_low_eight_bits)
{
    static const int codes[] = { 0, 1, 42, 127, 128, 255, 256, 0x1234, -1 };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    {
        FORK(child)
            _exit(codes[i]);
        CHECK_EXITS(child, codes[i] & 0xff);
    }
}

TEST(death_by_a_signal_is_the_bare_signal_number)
{
    static const int signals[] = { SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGPIPE, SIGALRM, SIGTERM };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    {
        FORK(child)
            wait_for_signals();
        OK(kill(child, signals[i]));
        CHECK_EQ(STATUS_OF(child), signals[i]);
    }
}

TEST(without_a_core_file_the_core_flag_is_clear)
{
    OK(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }));
    FORK(child)
        abort();
    CHECK_EQ(STATUS_OF(child), SIGABRT);
}

TEST(wnohang_returns_zero_while_the_child_runs)
{
    struct gate gate = new_gate();
    FORK(child)
        pass_gate(&gate);
    int status = 0x5a5a;
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK_EQ(status, 0x5a5a);
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    open_gate(&gate);
    CHECK_EXITS(child, 0);
}

TEST(without_children_it_is_echild)
{
    CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
    CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
    CHECK_ERRNO(waitpid(0, NULL, 0), ECHILD);
}

TEST(somebody_elses_child_is_echild)
{
    FORK(child)
        wait_for_signals();
    FORK(other)
        CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
    CHECK_EXITS(other, 0);
    CHECK_ERRNO(waitpid(1, NULL, WNOHANG), ECHILD);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(a_grandchild_is_not_waited_for)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        FORK(grandchild)
            pass_gate(&gate);
    }
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
    open_gate(&gate);
}

TEST(a_given_pid_is_waited_for_although_another_child_ended_first)
{
    FORK(first)
        _exit(1);
    EVENTUALLY(process_state(first) == 'Z');
    struct gate gate = new_gate();
    FORK(second)
    {
        pass_gate(&gate);
        _exit(2);
    }
    open_gate(&gate);
    CHECK_EXITS(second, 2);
    CHECK_EXITS(first, 1);
}

TEST(minus_group_and_zero_select_by_process_group)
{
    FORK(in_own_group)
    {
        OK(setpgid(0, 0));
        _exit(1);
    }
    EVENTUALLY(process_state(in_own_group) == 'Z');
    FORK(in_my_group)
        _exit(2);
    int status;
    CHECK_EQ(waitpid(0, &status, 0), in_my_group);
    CHECK_EQ(waitpid(-in_own_group, &status, 0), in_own_group);
    CHECK_ERRNO(waitpid(-in_own_group, &status, 0), ECHILD);
}

TEST(unknown_options_are_einval)
{
    CHECK_ERRNO(syscall(SYS_wait4, -1, NULL, 0x100, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_wait4, -1, NULL, ~0, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_waitid, P_ALL, 0, NULL, 0, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_waitid, 77, 0, NULL, WEXITED, NULL), EINVAL);
}

TEST(the_most_negative_pid_is_esrch)
{
    // wait4(2): INT_MIN has no absolute value; Linux 4.13 and later answer ESRCH.
    CHECK_ERRNO(syscall(SYS_wait4, (long)(int)0x80000000, NULL, 0, NULL), ESRCH);
}

TEST(a_null_status_pointer_is_fine)
{
    FORK(child)
        _exit(3);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

TEST(a_bad_status_pointer_is_efault_and_the_child_is_gone_all_the_same)
{
    FORK(child)
        _exit(3);
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_ERRNO(syscall(SYS_wait4, child, 8, 0, NULL), EFAULT);
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
}

TEST(stops_are_reported_once_and_only_with_wuntraced)
{
    FORK(child)
        wait_for_signals();
    OK(kill(child, SIGSTOP));
    EVENTUALLY(process_state(child) == 'T');
    int status;
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK_EQ(status, (SIGSTOP << 8) | 0x7f);
    CHECK_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(continuing_is_reported_with_wcontinued)
{
    FORK(child)
        wait_for_signals();
    OK(kill(child, SIGTSTP));
    CHECK_STOPS(child, SIGTSTP);
    OK(kill(child, SIGCONT));
    int status;
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    CHECK_EQ(status, 0xffff);
    CHECK_EQ(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
    OK(kill(child, SIGTERM));
    CHECK_KILLED(child, SIGTERM);
}

TEST(waitid_with_wnowait_leaves_the_child_waitable)
{
    FORK(child)
        _exit(5);
    for (int i = 0; i < 2; i++)
    {
        siginfo_t info = { 0 };
        OK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
        CHECK_EQ(info.si_signo, SIGCHLD);
        CHECK_EQ(info.si_code, CLD_EXITED);
        CHECK_EQ(info.si_pid, child);
        CHECK_EQ(info.si_status, 5);
        CHECK_EQ(info.si_uid, getuid());
    }
    CHECK_EXITS(child, 5);
}

TEST(waitid_wnohang_without_an_event_clears_the_pid)
{
    FORK(child)
        wait_for_signals();
    siginfo_t info;
    memset(&info, 0x55, sizeof info);
    CHECK_EQ(waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG), 0);
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_signo, 0);
    OK(kill(child, SIGINT));
    OK(waitid(P_ALL, 0, &info, WEXITED));
    CHECK_EQ(info.si_code, CLD_KILLED);
    CHECK_EQ(info.si_status, SIGINT);
}

TEST(a_default_sigchld_does_not_reap_by_itself)
{
    FORK(child)
        _exit(6);
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_EXITS(child, 6);
}

TEST(an_ignored_sigchld_reaps_and_wait_ends_with_echild)
{
    handle(SIGCHLD, SIG_IGN, 0);
    struct gate gate = new_gate();
    FORK(child)
        pass_gate(&gate);
    open_gate(&gate);
    // wait(2): blocks until all children have ended, then fails with ECHILD.
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
    CHECK_EQ(process_state(child), 0);
}

static volatile sig_atomic_t signals_seen;
static volatile siginfo_t last_info;

static void remember(UNUSED int signo, siginfo_t *info, UNUSED void *context)
{
    last_info = *info;
    signals_seen++;
}

TEST(sa_nocldwait_reaps_but_still_signals)
{
    handle_info(SIGCHLD, remember, SA_NOCLDWAIT);
    FORK(child)
        _exit(0);
    EVENTUALLY(signals_seen == 1);
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
}

TEST(sigchld_tells_who_and_how)
{
    handle_info(SIGCHLD, remember, SA_RESTART);
    FORK(child)
        wait_for_signals();
    OK(kill(child, SIGSTOP));
    EVENTUALLY(signals_seen == 1);
    CHECK_EQ(last_info.si_code, CLD_STOPPED);
    CHECK_EQ(last_info.si_status, SIGSTOP);
    CHECK_EQ(last_info.si_pid, child);
    OK(kill(child, SIGCONT));
    EVENTUALLY(signals_seen == 2);
    CHECK_EQ(last_info.si_code, CLD_CONTINUED);
    CHECK_EQ(last_info.si_status, SIGCONT);
    OK(kill(child, SIGUSR1));
    EVENTUALLY(signals_seen == 3);
    CHECK_EQ(last_info.si_code, CLD_KILLED);
    CHECK_EQ(last_info.si_status, SIGUSR1);
    CHECK_KILLED(child, SIGUSR1);
}

TEST(sa_nocldstop_hides_stops_but_not_exits)
{
    handle_info(SIGCHLD, remember, SA_NOCLDSTOP | SA_RESTART);
    FORK(child)
        wait_for_signals();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGCONT));
    int status;
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    CHECK_EQ(signals_seen, 0);
    OK(kill(child, SIGTERM));
    CHECK_KILLED(child, SIGTERM);
    EVENTUALLY(signals_seen == 1);
}

TEST(a_zombie_can_be_signaled_and_keeps_its_status)
{
    FORK(child)
        _exit(11);
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_EQ(kill(child, 0), 0);
    CHECK_EQ(kill(child, SIGKILL), 0);
    CHECK_EXITS(child, 11);
    CHECK_ERRNO(kill(child, 0), ESRCH);
}

TEST(an_orphan_gets_process_1_as_its_parent)
{
    struct gate orphaned = new_gate();
    struct gate answer = new_gate();
    FORK(child)
    {
        FORK(grandchild)
        {
            pass_gate(&orphaned);
            pid_t parent = getppid();
            CHECK_EQ(write(answer.ends[1], &parent, sizeof parent), sizeof parent);
        }
    }
    CHECK_EXITS(child, 0);
    open_gate(&orphaned);
    pid_t parent = 0;
    CHECK_EQ(read(answer.ends[0], &parent, sizeof parent), sizeof parent);
    CHECK_EQ(parent, 1);
}

TEST(an_orphaned_zombie_is_reaped_by_process_1)
{
    pid_t *pids = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(child)
    {
        FORK(grandchild)
            _exit(0);
        pids[0] = grandchild;
        EVENTUALLY(process_state(grandchild) == 'Z');
    }
    CHECK_EXITS(child, 0);
    EVENTUALLY(process_state(pids[0]) == 0);
}

TEST(exit_closes_descriptors)
{
    int ends[2];
    OK(pipe(ends));
    FORK(child)
        _exit(0);
    OK(close(ends[1]));
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EXITS(child, 0);
}

TEST(rusage_of_the_child_is_filled)
{
    FORK(child)
    {
        char *pages = OK(mmap(NULL, 1 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        memset(pages, 1, 1 << 20);
    }
    struct rusage usage;
    memset(&usage, 0xff, sizeof usage);
    int status;
    CHECK_EQ(wait4(child, &status, 0, &usage), child);
    CHECK(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 20);
    CHECK(usage.ru_utime.tv_usec >= 0 && usage.ru_utime.tv_usec < 1000000);
    CHECK(usage.ru_minflt >= 200);
    CHECK(usage.ru_maxrss >= 1024);
}
