// pty(7), vhangup(2), tty(4): what each side sees when the other one ends, hangs up or comes back, with and without
// data that nobody has read; and whose terminal it is.
#include "check.h"
#include "pair.h"
#include <poll.h>
#include <sys/epoll.h>

enum
{
    READABLE = POLLIN | POLLRDNORM,
    WRITABLE = POLLOUT | POLLWRNORM,
    HUNG_UP = READABLE | WRITABLE | POLLERR | POLLHUP,
};

static int events_of(int fd)
{
    settle();
    struct pollfd one = { .fd = fd, .events = 0x3fff };
    OK(poll(&one, 1, 0));
    return one.revents;
}

// ---- the slave goes -----------------------------------------------------------------------------------------------------

TEST(a_closed_slave_is_a_hang_up_until_it_is_opened_again)
{
    char byte;
    open_pair();
    CHECK_EQ(events_of(master), WRITABLE);
    OK(close(slave));
    CHECK_EQ(events_of(master), WRITABLE | POLLHUP);
    CHECK_EQ(read_now(master, &byte, 1), -EIO);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    CHECK_EQ(events_of(master), WRITABLE);
    CHECK_NOTHING(master);
}

TEST(what_the_slave_wrote_last_is_read_before_the_error)
{
    char byte;
    open_pair();
    CHECK_EQ(write(slave, "last", 4), 4);
    OK(close(slave));
    CHECK_EQ(events_of(master), READABLE | WRITABLE | POLLHUP);
    CHECK_READS(master, "last");
    CHECK_EQ(events_of(master), WRITABLE | POLLHUP);
    CHECK_EQ(read_now(master, &byte, 1), -EIO);
}

TEST(what_is_typed_without_a_slave_waits_and_is_echoed)
{
    open_pair();
    OK(close(slave));
    type("ab\n");
    CHECK_EQ(events_of(master), READABLE | WRITABLE | POLLHUP);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    CHECK_READS(slave, "ab\n");
    CHECK_READS(master, "ab\r\n");
}

TEST(what_was_typed_survives_the_slave)
{
    open_pair();
    type("typed\n");
    settle();
    reopen_slave();
    CHECK_READS(slave, "typed\n");
}

TEST(settings_size_and_flow_survive_the_slave)
{
    struct termios termios;
    struct winsize size = { 3, 4, 5, 6 };
    open_pair();
    set_flags(0, 0, 0);
    OK(ioctl(slave, TIOCSWINSZ, &size));
    reopen_slave();
    OK(tcgetattr(slave, &termios));
    CHECK_EQ(termios.c_iflag | termios.c_oflag | termios.c_lflag, 0);
    memset(&size, 0, sizeof size);
    OK(ioctl(slave, TIOCGWINSZ, &size));
    CHECK_EQ(size.ws_col, 4);
    OK(tcflow(slave, TCOOFF));
    reopen_slave();
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    CHECK_ERRNO(write(slave, "s", 1), EAGAIN);
    OK(tcflow(slave, TCOON));
    CHECK_EQ(write(slave, "s", 1), 1);
    CHECK_READS(master, "s");
}

TEST(an_epoll_sees_the_slave_go)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLET };
    open_pair();
    int epoll = OK(epoll_create1(0));
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, master, &event));
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    OK(close(slave));
    CHECK_EQ(epoll_wait(epoll, &event, 1, 10000), 1);
    CHECK_EQ(event.events & EPOLLHUP, EPOLLHUP);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
}

// ---- the master goes ----------------------------------------------------------------------------------------------------

TEST(without_a_master_the_slave_is_dead)
{
    char text[8];
    int value;
    struct termios termios;
    open_pair();
    CHECK_EQ(write(slave, "data", 4), 4);
    type("line\n");
    settle();
    OK(close(master));
    CHECK_EQ(events_of(slave), HUNG_UP);
    CHECK_EQ(read(slave, text, sizeof text), 0);
    CHECK_EQ(read(slave, text, 0), 0);
    CHECK_ERRNO(write(slave, "x", 1), EIO);
    CHECK_ERRNO(write(slave, "x", 0), EIO);
    CHECK_ERRNO(ioctl(slave, FIONREAD, &value), EIO);
    CHECK_ERRNO(tcgetattr(slave, &termios), EIO);
    CHECK_ERRNO(tcdrain(slave), EIO);
    CHECK_ERRNO(ioctl(slave, TIOCGPGRP, &value), EIO);
    value = 1;
    CHECK_ERRNO(ioctl(slave, TIOCSPGRP, &value), ENOTTY);
    CHECK_EQ(isatty(slave), 0);
    value = 0;
    OK(ioctl(slave, FIONBIO, &value));
    CHECK_ERRNO(open(slave_name, O_RDWR | O_NOCTTY), ENOENT);
}

TEST(blocked_users_of_the_slave_see_the_master_go)
{
    char byte;
    open_pair();
    struct gate ready = new_gate();
    FORK(reader)
    {
        OK(close(master));
        open_gate(&ready);
        CHECK_ERRNO(read(slave, &byte, 1), EIO);
    }
    FORK(poller)
    {
        OK(close(master));
        struct pollfd one = { .fd = slave, .events = POLLIN };
        open_gate(&ready);
        CHECK_EQ(poll(&one, 1, -1), 1);
        CHECK(one.revents & POLLHUP);
    }
    pass_gate(&ready);
    pass_gate(&ready);
    OK(tcflow(slave, TCOOFF));
    FORK(writer)
    {
        OK(close(master));
        open_gate(&ready);
        CHECK_ERRNO(write(slave, "x", 1), EIO);
    }
    pass_gate(&ready);
    EVENTUALLY(process_state(reader) == 'S' && process_state(poller) == 'S' && process_state(writer) == 'S');
    OK(close(master));
    CHECK_EXITS(reader, 0);
    CHECK_EXITS(poller, 0);
    CHECK_EXITS(writer, 0);
}

// ---- hang-ups by hand -----------------------------------------------------------------------------------------------------

TEST(a_hung_up_slave_is_dead_and_can_be_opened_anew)
{
    char byte;
    struct termios termios;
    open_pair();
    set_flags(0, 0, 0);
    OK(ioctl(slave, TIOCVHANGUP, 0));
    CHECK_EQ(events_of(slave), HUNG_UP);
    CHECK_EQ(read(slave, &byte, 1), 0);
    CHECK_ERRNO(write(slave, "x", 1), EIO);
    // The master sees nothing of it.
    CHECK_EQ(events_of(master), WRITABLE);
    CHECK_NOTHING(master);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    CHECK_EQ(events_of(slave), WRITABLE);
    OK(tcgetattr(slave, &termios));
    CHECK_EQ(termios.c_iflag, ICRNL | IXON);
    CHECK_EQ(termios.c_oflag, OPOST | ONLCR);
    CHECK(termios.c_lflag & ICANON);
    CHECK_EQ(termios.c_cc[VMIN], 1);
    CHECK_EQ(write(slave, "y", 1), 1);
    CHECK_READS(master, "y");
    type("z\n");
    CHECK_READS(slave, "z\n");
}

TEST(what_is_typed_after_a_hang_up_waits_and_is_not_echoed)
{
    open_pair();
    OK(ioctl(slave, TIOCVHANGUP, 0));
    type("x");
    settle();
    CHECK_EQ(events_of(master), WRITABLE);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    type("z\n");
    CHECK_READS(slave, "xz\n");
}

TEST(a_hung_up_master_is_dead_and_the_slave_lives)
{
    char byte;
    open_pair();
    OK(ioctl(master, TIOCVHANGUP, 0));
    CHECK_EQ(events_of(master), HUNG_UP);
    CHECK_EQ(events_of(slave), WRITABLE);
    CHECK_EQ(read(master, &byte, 1), 0);
    CHECK_ERRNO(write(master, "x", 1), EIO);
    CHECK_NOTHING(slave);
    CHECK_EQ(write(slave, "x", 1), 1);
}

TEST(vhangup_is_for_the_callers_own_terminal)
{
    FORK(leader)
    {
        OK(setsid());
        // Without one nothing happens.
        OK(syscall(SYS_vhangup));
        open_pair();
        signal(SIGHUP, SIG_IGN);
        OK(ioctl(slave, TIOCSCTTY, 0));
        OK(syscall(SYS_vhangup));
        CHECK_EQ(events_of(slave), HUNG_UP);
        CHECK_ERRNO(write(slave, "x", 1), EIO);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        CHECK_EQ(events_of(master), WRITABLE);
    }
    CHECK_EXITS(leader, 0);
}

// ---- whose terminal it is ---------------------------------------------------------------------------------------------------

static bool is_mine(int fd, unsigned long request)
{
    int id = -1;
    OK(ioctl(fd, request, &id));
    return id == getpid();
}

TEST(both_sides_know_the_session_and_the_foreground)
{
    int id = 77;
    FORK(leader)
    {
        OK(setsid());
        open_pair();
        CHECK_ERRNO(ioctl(slave, TIOCGSID, &id), ENOTTY);
        CHECK_ERRNO(ioctl(master, TIOCGSID, &id), ENOTTY);
        OK(ioctl(master, TIOCGPGRP, &id));
        CHECK_EQ(id, 0);
        OK(ioctl(slave, TIOCSCTTY, 0));
        CHECK(is_mine(slave, TIOCGSID) && is_mine(master, TIOCGSID));
        CHECK(is_mine(slave, TIOCGPGRP) && is_mine(master, TIOCGPGRP));
        id = getpid();
        OK(ioctl(master, TIOCSPGRP, &id));
        id = -5;
        CHECK_ERRNO(ioctl(slave, TIOCSPGRP, &id), EINVAL);
        CHECK_ERRNO(ioctl(master, TIOCSPGRP, &id), EINVAL);
        id = 0;
        CHECK_ERRNO(ioctl(slave, TIOCSPGRP, &id), ESRCH);
        CHECK_ERRNO(ioctl(slave, TIOCSPGRP, 1), EFAULT);
        CHECK_ERRNO(ioctl(slave, TIOCGPGRP, 1), EFAULT);
        OK(ioctl(slave, TIOCSCTTY, 0));
        OK(ioctl(master, TIOCSCTTY, 0));
        CHECK_ERRNO(ioctl(master, TIOCNOTTY, 0), ENOTTY);
    }
    CHECK_EXITS(leader, 0);
}

TEST(one_session_has_one_terminal_at_a_time)
{
    int id;
    FORK(leader)
    {
        OK(setsid());
        signal(SIGHUP, SIG_IGN);
        open_pair();
        OK(ioctl(slave, TIOCSCTTY, 0));
        int first = slave;
        open_pair();
        CHECK_ERRNO(ioctl(slave, TIOCSCTTY, 0), EPERM);
        CHECK_ERRNO(ioctl(slave, TIOCSCTTY, 1), EPERM);
        CHECK_ERRNO(ioctl(slave, TIOCNOTTY, 0), ENOTTY);
        CHECK_ERRNO(ioctl(slave, TIOCGPGRP, &id), ENOTTY);
        id = getpid();
        CHECK_ERRNO(ioctl(slave, TIOCSPGRP, &id), ENOTTY);
        OK(ioctl(first, TIOCNOTTY, 0));
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        OK(ioctl(slave, TIOCSCTTY, 0));
        OK(close(OK(open("/dev/tty", O_RDWR))));
    }
    CHECK_EXITS(leader, 0);
}

TEST(opening_for_reading_takes_a_terminal_and_for_writing_does_not)
{
    FORK(leader)
    {
        OK(setsid());
        signal(SIGHUP, SIG_IGN);
        open_pair();
        int writer = OK(open(slave_name, O_WRONLY));
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        // An administrator may take it all the same.
        OK(ioctl(writer, TIOCSCTTY, 0));
        OK(ioctl(writer, TIOCNOTTY, 0));
        int reader = OK(open(slave_name, O_RDONLY));
        OK(close(OK(open("/dev/tty", O_RDWR))));
        OK(ioctl(reader, TIOCNOTTY, 0));
        become(1000);
        CHECK_ERRNO(ioctl(writer, TIOCSCTTY, 0), EPERM);
        OK(ioctl(reader, TIOCSCTTY, 0));
    }
    CHECK_EXITS(leader, 0);
}

TEST(a_stolen_terminal_is_gone_and_its_descriptors_work)
{
    int id;
    FORK(victim)
    {
        OK(setsid());
        signal(SIGHUP, SIG_IGN);
        open_pair();
        OK(ioctl(slave, TIOCSCTTY, 0));
        struct gate stolen = new_gate();
        FORK(thief)
        {
            OK(setsid());
            CHECK_ERRNO(ioctl(slave, TIOCSCTTY, 0), EPERM);
            OK(ioctl(slave, TIOCSCTTY, 1));
            CHECK(is_mine(slave, TIOCGSID));
            open_gate(&stolen);
            for (;;)
                pause();
        }
        pass_gate(&stolen);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        CHECK_ERRNO(ioctl(slave, TIOCGSID, &id), ENOTTY);
        CHECK_ERRNO(ioctl(slave, TIOCGPGRP, &id), ENOTTY);
        OK(kill(thief, SIGKILL));
        CHECK_KILLED(thief, SIGKILL);
        CHECK_EQ(events_of(slave), WRITABLE);
        CHECK_EQ(write(slave, "x", 1), 1);
        CHECK_NOTHING(slave);
    }
    CHECK_EXITS(victim, 0);
}

static volatile sig_atomic_t hang_ups;

static void count(UNUSED int signo) { hang_ups++; }

TEST(the_terminal_works_on_when_the_leader_has_died)
{
    struct gate told = new_gate();
    FORK(leader)
    {
        OK(setsid());
        open_pair();
        OK(ioctl(slave, TIOCSCTTY, 0));
        struct gate ready = new_gate();
        FORK(member)
        {
            int id;
            struct termios termios;
            handle(SIGHUP, count, 0);
            open_gate(&ready);
            EVENTUALLY(hang_ups == 1);
            CHECK_EQ(events_of(slave), WRITABLE);
            CHECK_NOTHING(slave);
            CHECK_EQ(write(slave, "x", 1), 1);
            OK(tcgetattr(slave, &termios));
            CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
            CHECK_ERRNO(ioctl(slave, TIOCGPGRP, &id), ENOTTY);
            CHECK_READS(master, "x");
            open_gate(&told);
        }
        pass_gate(&ready);
    }
    CHECK_EXITS(leader, 0);
    OK(close(told.ends[1]));
    pass_gate(&told);
}
