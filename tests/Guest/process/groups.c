// setpgid(2), setsid(2), and signals to groups.
#include "check.h"

static void sleep_forever(void)
{
    for (;;)
        pause();
}

TEST(a_child_starts_in_the_group_and_session_of_its_parent)
{
    pid_t group = getpgrp();
    pid_t session = getsid(0);
    FORK(child)
    {
        CHECK_EQ(getpgrp(), group);
        CHECK_EQ(getsid(0), session);
        CHECK_EQ(getpgid(getppid()), group);
    }
    CHECK_EXITS(child, 0);
}

TEST(setpgid_makes_a_group_and_joins_one)
{
    struct gate gate = new_gate();
    FORK(leader)
    {
        OK(setpgid(0, 0));
        CHECK_EQ(getpgrp(), getpid());
        open_gate(&gate);
        sleep_forever();
    }
    pass_gate(&gate);
    FORK(member)
    {
        OK(setpgid(0, leader));
        CHECK_EQ(getpgrp(), leader);
        CHECK_EQ(getpgid(0), leader);
    }
    CHECK_EXITS(member, 0);
    CHECK_EQ(getpgid(leader), leader);
    OK(kill(leader, SIGKILL));
    CHECK_KILLED(leader, SIGKILL);
}

TEST(a_parent_may_move_its_child)
{
    FORK(child)
        sleep_forever();
    OK(setpgid(child, child));
    CHECK_EQ(getpgid(child), child);
    OK(setpgid(child, getpgrp()));
    CHECK_EQ(getpgid(child), getpgrp());
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

HELPER(say_ready_and_sleep)
{
    CHECK_EQ(write(atoi(argv[0]), "x", 1), 1);
    sleep_forever();
    return 0;
}

TEST(a_child_that_has_executed_cannot_be_moved)
{
    struct gate gate = new_gate();
    char number[12];
    snprintf(number, sizeof number, "%d", gate.ends[1]);
    FORK(child)
        execl(check_self, check_self, "--helper", "say_ready_and_sleep", number, NULL);
    pass_gate(&gate);
    CHECK_ERRNO(setpgid(child, child), EACCES);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(setpgid_checks_its_arguments)
{
    CHECK_ERRNO(setpgid(0, -1), EINVAL);
    CHECK_ERRNO(setpgid(-5, 0), EINVAL);
    CHECK_ERRNO(setpgid(-5, 1), ESRCH);
    CHECK_ERRNO(setpgid(1, 0), ESRCH);
    CHECK_ERRNO(setpgid(getppid(), 0), ESRCH);
    FORK(child)
        CHECK_ERRNO(setpgid(0, 0x3ffffff), EPERM);
    CHECK_EXITS(child, 0);
}

TEST(getpgid_and_getsid_of_a_missing_process_are_esrch)
{
    CHECK_ERRNO(getpgid(0x3ffffff), ESRCH);
    CHECK_ERRNO(getsid(0x3ffffff), ESRCH);
    CHECK_ERRNO(getpgid(-1), ESRCH);
}

TEST(setsid_makes_a_leader_of_session_and_group)
{
    FORK(child)
    {
        CHECK_EQ(OK(setsid()), getpid());
        CHECK_EQ(getsid(0), getpid());
        CHECK_EQ(getpgrp(), getpid());
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_group_leader_cannot_make_a_session)
{
    FORK(child)
    {
        OK(setpgid(0, 0));
        CHECK_ERRNO(setsid(), EPERM);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_process_whose_pid_names_a_living_group_cannot_make_a_session)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        OK(setpgid(0, 0));
        FORK(member)
            sleep_forever();
        OK(setpgid(0, getpgid(getppid())));
        CHECK_EQ(getpgid(member), getpid());
        CHECK_ERRNO(setsid(), EPERM);
        OK(kill(member, SIGKILL));
        CHECK_KILLED(member, SIGKILL);
        open_gate(&gate);
    }
    CHECK_EXITS(child, 0);
}

TEST(groups_of_another_session_cannot_be_joined)
{
    struct gate gate = new_gate();
    FORK(leader)
    {
        OK(setsid());
        open_gate(&gate);
        sleep_forever();
    }
    pass_gate(&gate);
    FORK(child)
        CHECK_ERRNO(setpgid(0, leader), EPERM);
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(setpgid(leader, 0), EPERM);
    OK(kill(leader, SIGKILL));
    CHECK_KILLED(leader, SIGKILL);
}

TEST(kill_with_a_negative_pid_reaches_the_whole_group)
{
    struct gate gate = new_gate();
    FORK(leader)
    {
        OK(setpgid(0, 0));
        for (int i = 0; i < 3; i++)
        {
            FORK(member)
            {
                open_gate(&gate);
                sleep_forever();
            }
        }
        handle(SIGTERM, SIG_IGN, 0);
        open_gate(&gate);
        for (int i = 0; i < 3; i++)
        {
            int status;
            OK(wait(&status));
            CHECK_EQ(status, SIGTERM);
        }
        _exit(4);
    }
    for (int i = 0; i < 4; i++)
        pass_gate(&gate);
    OK(kill(-leader, SIGTERM));
    CHECK_EXITS(leader, 4);
    CHECK_ERRNO(kill(-leader, 0), ESRCH);
}

static volatile sig_atomic_t handled;
static void count(UNUSED int signo) { handled++; }

TEST(kill_zero_reaches_the_own_group_and_the_sender)
{
    FORK(leader)
    {
        OK(setpgid(0, 0));
        handle(SIGUSR1, count, 0);
        FORK(member)
        {
            EVENTUALLY(handled == 1);
        }
        OK(kill(0, SIGUSR1));
        CHECK_EQ(handled, 1);
        CHECK_EXITS(member, 0);
    }
    CHECK_EXITS(leader, 0);
}

TEST(kill_minus_one_spares_the_sender_and_those_out_of_its_reach)
{
    struct gate gate = new_gate();
    FORK(lone_user)
    {
        // A user of its own, so that the broadcast reaches only these two.
        become(54321);
        handle(SIGTERM, SIG_DFL, 0);
        FORK(victim)
        {
            open_gate(&gate);
            sleep_forever();
        }
        pass_gate(&gate);
        OK(kill(-1, SIGTERM));
        CHECK_KILLED(victim, SIGTERM);
    }
    CHECK_EXITS(lone_user, 0);
}

TEST(a_stopped_group_that_becomes_orphaned_gets_sighup_and_sigcont)
{
    struct gate ready = new_gate();
    struct gate hung_up = new_gate();
    FORK(leader)
    {
        OK(setsid());
        FORK(parent)
        {
            FORK(stopped)
            {
                OK(setpgid(0, 0));
                // Ended by SIGHUP: the write end of this pipe closes, and the reader sees the end of file.
                OK(close(hung_up.ends[0]));
                raise(SIGSTOP);
                sleep_forever();
            }
            OK(close(hung_up.ends[1]));
            CHECK_STOPS(stopped, SIGSTOP);
            open_gate(&ready);
        }
        // Its parent is gone now: nobody in this session but outside the group is left to continue it.
        CHECK_EXITS(parent, 0);
    }
    OK(close(hung_up.ends[1]));
    pass_gate(&ready);
    char byte;
    CHECK_EQ(read(hung_up.ends[0], &byte, 1), 0);
    CHECK_EXITS(leader, 0);
}

TEST(terminal_stop_signals_do_not_stop_an_orphaned_group)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        OK(setsid());
        // A session leader's group has its parent in another session: it is orphaned by definition.
        raise(SIGTSTP);
        raise(SIGTTIN);
        raise(SIGTTOU);
        open_gate(&gate);
    }
    pass_gate(&gate);
    CHECK_EXITS(child, 0);
}
