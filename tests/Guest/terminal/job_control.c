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

// A line, not one side of a pair: the next session shall not find anybody of the last one there.
TEST(a_line_is_hung_up_when_the_leader_of_its_session_exits)
{
    char byte;
    struct gate ready = new_gate();
    struct gate seen = new_gate();
    int line = OK(open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_NONBLOCK));
    FORK(leader)
    {
        OK(setsid());
        OK(ioctl(line, TIOCSCTTY, 1));
        FORK(member)
        {
            struct termios termios;
            block(SIGHUP);
            open_gate(&ready);
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGHUP);
            CHECK_EQ(sigwaitinfo(&set, NULL), SIGHUP);
            EVENTUALLY(tcgetattr(line, &termios) == -1);
            CHECK_EQ(errno, EIO);
            CHECK_EQ(read(line, &byte, 1), 0);
            CHECK_ERRNO(write(line, "\r", 1), EIO);
            open_gate(&seen);
        }
        pass_gate(&ready);
    }
    CHECK_EXITS(leader, 0);
    OK(close(seen.ends[1]));
    pass_gate(&seen);
    CHECK_EQ(read(line, &byte, 1), 0);
    int again = OK(open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_NONBLOCK));
    CHECK_ERRNO(read(again, &byte, 1), EAGAIN);
    // The console works on.
    int console = OK(open("/dev/console", O_RDWR | O_NOCTTY | O_NONBLOCK));
    CHECK_EQ(write(console, "\r", 1), 1);
}

static volatile sig_atomic_t hang_ups, continues;

static void count(int signo)
{
    if (signo == SIGHUP)
        hang_ups++;
    else
        continues++;
}

// The counts of a member of the foreground when the leader of its session gives up a pair, or dies.
static void leave_terminal(bool by_exit)
{
    int number;
    struct gate told = new_gate();
    FORK(leader)
    {
        OK(setsid());
        int master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
        OK(ioctl(master, TIOCSPTLCK, &(int){ 0 }));
        OK(ioctl(master, TIOCGPTN, &number));
        char name[32];
        snprintf(name, sizeof name, "/dev/pts/%d", number);
        int slave = OK(open(name, O_RDWR | O_NOCTTY));
        OK(ioctl(slave, TIOCSCTTY, 0));
        struct gate ready = new_gate();
        FORK(member)
        {
            handle(SIGHUP, count, 0);
            handle(SIGCONT, count, 0);
            open_gate(&ready);
            EVENTUALLY(hang_ups == 1);
            EVENTUALLY(by_exit || continues == 1);
            OK(nanosleep(&(struct timespec){ 0, 20000000 }, NULL));
            CHECK_EQ(hang_ups, 1);
            CHECK_EQ(continues, by_exit ? 0 : 1);
            open_gate(&told);
        }
        pass_gate(&ready);
        if (!by_exit)
        {
            signal(SIGHUP, SIG_IGN);
            OK(ioctl(slave, TIOCNOTTY));
            CHECK_EXITS(member, 0);
        }
    }
    CHECK_EXITS(leader, 0);
    OK(close(told.ends[1]));
    pass_gate(&told);
}

TEST(the_foreground_is_continued_when_the_leader_gives_its_terminal_up) { leave_terminal(false); }

TEST(the_foreground_is_only_hung_up_when_the_leader_dies) { leave_terminal(true); }
