// ioctl_tty(2), TIOCPKT: what the master is told beside bytes; and EXTPROC, with which it does the terminal's work.
#include "check.h"
#include "pair.h"
#include <poll.h>
#include <sys/select.h>

enum { READABLE = POLLIN | POLLRDNORM, WRITABLE = POLLOUT | POLLWRNORM };

static void open_packets(void)
{
    int on = 1;
    open_pair();
    OK(ioctl(master, TIOCPKT, &on));
}

static int events_of(int fd)
{
    struct pollfd one = { .fd = fd, .events = 0x3fff };
    OK(poll(&one, 1, 0));
    return one.revents;
}

// One read of the master yields a status alone.
#define CHECK_STATUS(expected)                                              \
    do                                                                      \
    {                                                                       \
        unsigned char status[64];                                           \
        CHECK_EQ(read_now(master, status, sizeof status), 1);               \
        CHECK_EQ(status[0], (expected));                                    \
    } while (0)

TEST(data_comes_behind_a_zero_and_conditions_alone)
{
    open_packets();
    CHECK_NOTHING(master);
    CHECK_EQ(write(slave, "abc", 3), 3);
    OK(tcflow(slave, TCOOFF));
    settle();
    CHECK_EQ(events_of(master), READABLE | WRITABLE | POLLPRI);
    CHECK_STATUS(TIOCPKT_STOP);
    CHECK_READS_BYTES(master, "\0abc", 4);
    OK(tcflow(slave, TCOON));
    CHECK_STATUS(TIOCPKT_START);
    CHECK_NOTHING(master);
}

TEST(keys_stop_and_start_too)
{
    open_packets();
    type("\023");
    CHECK_STATUS(TIOCPKT_STOP);
    type("\021");
    CHECK_STATUS(TIOCPKT_START);
    // The last of the two counts.
    type("\023\021");
    CHECK_STATUS(TIOCPKT_START);
    CHECK_NOTHING(master);
}

TEST(flushes_are_told_and_data_stays)
{
    open_packets();
    CHECK_EQ(write(slave, "abc", 3), 3);
    settle();
    OK(tcflush(slave, TCOFLUSH));
    CHECK_STATUS(TIOCPKT_FLUSHWRITE);
    CHECK_READS_BYTES(master, "\0abc", 4);
    OK(tcflush(slave, TCIFLUSH));
    CHECK_STATUS(TIOCPKT_FLUSHREAD);
    OK(tcflush(slave, TCIOFLUSH));
    CHECK_STATUS(TIOCPKT_FLUSHREAD | TIOCPKT_FLUSHWRITE);
    type("\003");
    CHECK_STATUS(TIOCPKT_FLUSHREAD | TIOCPKT_FLUSHWRITE);
    CHECK_READS_BYTES(master, "\0^C", 3);
}

TEST(conditions_gather_until_they_are_read)
{
    open_packets();
    OK(tcflow(slave, TCOOFF));
    OK(tcflush(slave, TCIFLUSH));
    set_flags(0, 0, ICANON);
    CHECK_STATUS(TIOCPKT_FLUSHREAD | TIOCPKT_STOP | TIOCPKT_NOSTOP);
    OK(tcflow(slave, TCOON));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(master, &set);
    CHECK_EQ(select(master + 1, NULL, NULL, &set, &(struct timeval){ 0 }), 1);
    CHECK_STATUS(TIOCPKT_START);
    FD_SET(master, &set);
    CHECK_EQ(select(master + 1, NULL, NULL, &set, &(struct timeval){ 0 }), 0);
}

TEST(a_read_of_one_byte_gets_the_status_alone)
{
    char byte = 9;
    open_packets();
    CHECK_EQ(write(slave, "q", 1), 1);
    settle();
    CHECK_EQ(read(master, &byte, 1), 1);
    CHECK_EQ(byte, 0);
    CHECK_EQ(events_of(master), READABLE | WRITABLE);
    CHECK_READS_BYTES(master, "\0q", 2);
}

TEST(closing_the_slave_is_no_flush_and_leaves_the_mode)
{
    int on = 0;
    open_packets();
    OK(close(slave));
    settle();
    CHECK_EQ(events_of(master), WRITABLE | POLLHUP);
    CHECK_EQ(read_now(master, &on, sizeof on), -EIO);
    OK(ioctl(master, TIOCGPKT_, &on));
    CHECK_EQ(on, 1);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    CHECK_EQ(write(slave, "x", 1), 1);
    CHECK_READS_BYTES(master, "\0x", 2);
}

// ---- EXTPROC ------------------------------------------------------------------------------------------------------------

static const tcflag_t usual = ISIG | ICANON | ECHO | IEXTEN;

TEST(with_extproc_each_change_is_told)
{
    open_packets();
    set_flags(ICRNL | IXON, OPOST | ONLCR, usual | EXTPROC_);
    CHECK_STATUS(TIOCPKT_IOCTL_);
    set_flags(ICRNL | IXON, OPOST | ONLCR, usual | EXTPROC_);
    CHECK_STATUS(TIOCPKT_IOCTL_);
    set_flags(ICRNL, OPOST | ONLCR, usual | EXTPROC_);
    CHECK_STATUS(TIOCPKT_IOCTL_ | TIOCPKT_NOSTOP);
    set_flags(ICRNL, OPOST | ONLCR, usual);
    CHECK_STATUS(TIOCPKT_IOCTL_);
    set_flags(0, OPOST | ONLCR, usual);
    CHECK_NOTHING(master);
}

TEST(with_extproc_input_is_handed_on_as_it_is)
{
    int waiting = -1;
    open_pair();
    set_flags(ICRNL | IXON, OPOST | ONLCR, usual | EXTPROC_);
    CHECK_EQ(write(master, "ab\177c\r\n\003\004\023x", 10), 10);
    settle();
    OK(ioctl(slave, FIONREAD, &waiting));
    CHECK_EQ(waiting, 10);
    CHECK_EQ(events_of(slave), READABLE | WRITABLE);
    CHECK_READS(slave, "ab\177c\r\n\003\004\023x");
    CHECK_NOTHING(master);
    // A line need not be complete.
    type("x");
    CHECK_READS(slave, "x");
    // Output is as ever.
    CHECK_EQ(write(slave, "o\n", 2), 2);
    CHECK_READS(master, "o\r\n");
}

TEST(with_extproc_bytes_are_still_stripped_and_made_small)
{
    open_pair();
    set_flags(ISTRIP | ICRNL, OPOST, usual | EXTPROC_);
    type("aB\301\377");
    CHECK_READS(slave, "aBA\177");
    set_flags(IUCLC, OPOST, usual | EXTPROC_);
    type("aB\r");
    CHECK_READS(slave, "ab\r");
    set_flags(ISTRIP | IUCLC | PARMRK, OPOST, usual | EXTPROC_);
    type("B\301");
    CHECK_READS(slave, "ba");
    set_flags(PARMRK, OPOST, usual | EXTPROC_);
    type("\377");
    CHECK_READS(slave, "\377");
}

TEST(with_extproc_and_without_lines_vmin_counts)
{
    struct termios termios;
    open_pair();
    OK(tcgetattr(slave, &termios));
    termios.c_lflag = EXTPROC_ | ECHO;
    termios.c_cc[VMIN] = 3;
    termios.c_cc[VTIME] = 0;
    OK(ioctl(slave, TCSETS, &termios));
    type("ab");
    settle();
    CHECK_EQ(events_of(slave), WRITABLE);
    type("c");
    settle();
    CHECK_EQ(events_of(slave), READABLE | WRITABLE);
    CHECK_READS(slave, "abc");
    CHECK_NOTHING(master);
}

TEST(what_came_with_extproc_becomes_a_line_without)
{
    open_pair();
    set_flags(0, 0, ICANON | EXTPROC_);
    type("abc");
    settle();
    set_flags(0, 0, ICANON);
    CHECK_READS(slave, "abc");
    type("half");
    CHECK_NOTHING(slave);
    set_flags(0, 0, ICANON | EXTPROC_);
    CHECK_READS(slave, "half");
}
