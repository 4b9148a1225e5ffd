// Process groups and the controlling terminal: tcsetpgrp(3), SIGTTIN, SIGTTOU, SIGHUP, TIOCSCTTY, TIOCNOTTY.
#include "check.h"
#include <sys/ioctl.h>
#include <termios.h>

static int tty;

static void open_terminal(void) { tty = OK(open("/dev/tty", O_RDWR)); }

static void set_foreground(pid_t group)
{
    handle(SIGTTOU, SIG_IGN, 0);
    OK(tcsetpgrp(tty, group));
    handle(SIGTTOU, SIG_DFL, 0);
}

// Runs the body in a background group, which is not orphaned as this process stays its parent, and expects
// a stop.
#define BACKGROUND_STOPS(signo, statement)          \
    do                                              \
    {                                               \
        set_foreground(getpgrp());                  \
        FORK(background)                            \
        {                                           \
            OK(setpgid(0, 0));                      \
            statement;                              \
        }                                           \
        CHECK_STOPS(background, signo);             \
        OK(kill(background, SIGKILL));              \
        CHECK_KILLED(background, SIGKILL);          \
    } while (0)

TEST(reading_in_the_background_stops_with_sigttin)
{
    char byte;
    open_terminal();
    BACKGROUND_STOPS(SIGTTIN, (void)!read(tty, &byte, 1));
}

TEST(reading_in_the_background_with_sigttin_ignored_is_eio)
{
    char byte;
    open_terminal();
    set_foreground(getpgrp());
    FORK(ignoring)
    {
        OK(setpgid(0, 0));
        handle(SIGTTIN, SIG_IGN, 0);
        CHECK_ERRNO(read(tty, &byte, 1), EIO);
        handle(SIGTTIN, SIG_DFL, 0);
        block(SIGTTIN);
        CHECK_ERRNO(read(tty, &byte, 1), EIO);
    }
    CHECK_EXITS(ignoring, 0);
}

TEST(reading_in_an_orphaned_group_is_eio)
{
    char byte;
    open_terminal();
    set_foreground(getpgrp());
    struct gate orphaned = new_gate();
    struct gate done = new_gate();
    FORK(parent)
    {
        FORK(orphan)
        {
            OK(setpgid(0, 0));
            pass_gate(&orphaned);
            CHECK_ERRNO(read(tty, &byte, 1), EIO);
            open_gate(&done);
        }
    }
    CHECK_EXITS(parent, 0);
    open_gate(&orphaned);
    OK(close(done.ends[1]));
    pass_gate(&done);
}

TEST(writing_in_the_background_stops_only_with_tostop)
{
    struct termios termios;
    struct termios original;
    open_terminal();
    set_foreground(getpgrp());
    OK(tcgetattr(tty, &original));
    FORK(allowed)
    {
        OK(setpgid(0, 0));
        CHECK_EQ(write(tty, "\r", 1), 1);
    }
    CHECK_EXITS(allowed, 0);
    termios = original;
    termios.c_lflag |= TOSTOP;
    OK(tcsetattr(tty, TCSANOW, &termios));
    BACKGROUND_STOPS(SIGTTOU, (void)!write(tty, "\r", 1));
    FORK(ignoring)
    {
        OK(setpgid(0, 0));
        handle(SIGTTOU, SIG_IGN, 0);
        CHECK_EQ(write(tty, "\r", 1), 1);
    }
    CHECK_EXITS(ignoring, 0);
    OK(tcsetattr(tty, TCSANOW, &original));
}

TEST(changing_the_terminal_from_the_background_stops_with_sigttou)
{
    struct termios termios;
    open_terminal();
    OK(tcgetattr(tty, &termios));
    BACKGROUND_STOPS(SIGTTOU, tcsetattr(tty, TCSANOW, &termios));
    BACKGROUND_STOPS(SIGTTOU, tcsetpgrp(tty, getpgrp()));
}

TEST(with_sigttou_blocked_the_background_may_change_the_terminal)
{
    open_terminal();
    set_foreground(getpgrp());
    FORK(background)
    {
        struct termios termios;
        OK(setpgid(0, 0));
        block(SIGTTOU);
        OK(tcgetattr(tty, &termios));
        OK(tcsetattr(tty, TCSANOW, &termios));
        OK(tcsetpgrp(tty, getpgrp()));
        CHECK_EQ(tcgetpgrp(tty), getpid());
    }
    CHECK_EXITS(background, 0);
}

TEST(a_stopped_reader_goes_on_when_it_is_brought_to_the_foreground)
{
    open_terminal();
    set_foreground(getpgrp());
    FORK(reader)
    {
        char byte;
        OK(setpgid(0, 0));
        int nonblocking = OK(open("/dev/tty", O_RDWR | O_NONBLOCK));
        CHECK_ERRNO(read(nonblocking, &byte, 1), EAGAIN);
    }
    CHECK_STOPS(reader, SIGTTIN);
    set_foreground(reader);
    OK(kill(-reader, SIGCONT));
    CHECK_EXITS(reader, 0);
}

TEST(tcsetpgrp_checks_the_group)
{
    open_terminal();
    set_foreground(getpgrp());
    CHECK_ERRNO(tcsetpgrp(tty, -1), EINVAL);
    CHECK_ERRNO(tcsetpgrp(tty, 0x3ffffff), ESRCH);
    struct gate gate = new_gate();
    struct gate done = new_gate();
    FORK(other_session)
    {
        OK(setsid());
        open_gate(&gate);
        pass_gate(&done);
        // Its own terminal it is no longer.
        CHECK_ERRNO(tcgetpgrp(tty), ENOTTY);
    }
    pass_gate(&gate);
    CHECK_ERRNO(tcsetpgrp(tty, other_session), EPERM);
    open_gate(&done);
    CHECK_EXITS(other_session, 0);
}

TEST(tiocnotty_gives_the_terminal_up_for_one_process)
{
    open_terminal();
    FORK(child)
    {
        OK(ioctl(tty, TIOCNOTTY));
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
    }
    CHECK_EXITS(child, 0);
    OK(close(OK(open("/dev/tty", O_RDWR))));
}

TEST(only_a_session_leader_may_take_a_terminal)
{
    open_terminal();
    FORK(child)
    {
        OK(ioctl(tty, TIOCNOTTY));
        CHECK_ERRNO(ioctl(tty, TIOCSCTTY, 0), EPERM);
    }
    CHECK_EXITS(child, 0);
}

TEST(a_terminal_in_use_is_not_given_to_another_session)
{
    open_terminal();
    FORK(leader)
    {
        OK(setsid());
        CHECK_ERRNO(ioctl(tty, TIOCSCTTY, 0), EPERM);
        become(1000);
        CHECK_ERRNO(ioctl(tty, TIOCSCTTY, 1), EPERM);
    }
    CHECK_EXITS(leader, 0);
    CHECK_EQ(tcgetsid(tty), getsid(0));
}

TEST(a_session_leader_that_exits_hangs_up_its_foreground_group)
{
    // Takes the terminal away from the session that runs the tests; that takes it back afterwards.
    open_terminal();
    struct gate ready = new_gate();
    struct gate hung_up = new_gate();
    FORK(leader)
    {
        OK(setsid());
        OK(ioctl(tty, TIOCSCTTY, 1));
        CHECK_EQ(tcgetsid(tty), getpid());
        FORK(member)
        {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGHUP);
            OK(sigprocmask(SIG_BLOCK, &set, NULL));
            open_gate(&ready);
            CHECK_EQ(sigwaitinfo(&set, NULL), SIGHUP);
            CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
            open_gate(&hung_up);
        }
        pass_gate(&ready);
    }
    CHECK_EXITS(leader, 0);
    OK(close(hung_up.ends[1]));
    pass_gate(&hung_up);
}
