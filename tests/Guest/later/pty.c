// pty(7): a pair of pseudoterminals, and with it what a person at a terminal does.
#include "check.h"
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

static int master, slave;
static char slave_name[64];

static void open_pair(void)
{
    int number = -1;
    int unlock = 0;
    master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    OK(ioctl(master, TIOCGPTN, &number));
    OK(ioctl(master, TIOCSPTLCK, &unlock));
    snprintf(slave_name, sizeof slave_name, "/dev/pts/%d", number);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
}

static void type(const char *keys) { CHECK_EQ(write(master, keys, strlen(keys)), (long)strlen(keys)); }

static void expect(int fd, const char *wanted)
{
    char text[256] = "";
    size_t length = 0;
    while (length < strlen(wanted))
    {
        ssize_t got = OK(read(fd, text + length, strlen(wanted) - length));
        CHECK(got > 0);
        length += (size_t)got;
    }
    CHECK_STR(text, wanted);
}

static void set_local(tcflag_t clear)
{
    struct termios termios;
    OK(tcgetattr(slave, &termios));
    termios.c_lflag &= ~clear;
    OK(tcsetattr(slave, TCSANOW, &termios));
}

TEST(a_line_arrives_when_it_is_complete_and_is_echoed)
{
    open_pair();
    struct pollfd one = { .fd = slave, .events = POLLIN };
    type("hel");
    CHECK_EQ(poll(&one, 1, 0), 0);
    type("lo\r");
    CHECK_EQ(poll(&one, 1, 1000), 1);
    expect(slave, "hello\n");
    expect(master, "hello\r\n");
}

TEST(erase_and_kill_edit_the_line)
{
    open_pair();
    set_local(ECHO);
    type("abx\177c\r");
    expect(slave, "abc\n");
    type("all wrong\025right\r");
    expect(slave, "right\n");
    type("two words\027last\r");
    expect(slave, "two last\n");
}

TEST(control_d_ends_the_file_or_the_read)
{
    char byte;
    open_pair();
    set_local(ECHO);
    type("\004");
    CHECK_EQ(read(slave, &byte, 1), 0);
    type("part\004");
    expect(slave, "part");
}

TEST(raw_mode_hands_over_every_byte)
{
    struct termios termios;
    open_pair();
    OK(tcgetattr(slave, &termios));
    cfmakeraw(&termios);
    OK(tcsetattr(slave, TCSANOW, &termios));
    type("a\r\003\004\177");
    expect(slave, "a\r\003\004\177");
    CHECK_EQ(write(slave, "out\n", 4), 4);
    expect(master, "out\n");
}

TEST(output_newlines_become_carriage_return_newline)
{
    open_pair();
    CHECK_EQ(write(slave, "one\ntwo\n", 8), 8);
    expect(master, "one\r\ntwo\r\n");
}

static pid_t start_session(void (*body)(void))
{
    struct gate gate = new_gate();
    FORK(leader)
    {
        OK(setsid());
        OK(ioctl(slave, TIOCSCTTY, 0));
        OK(close(master));
        open_gate(&gate);
        body();
    }
    pass_gate(&gate);
    return leader;
}

static void busy(void)
{
    for (;;)
        continue;
}

TEST(the_interrupt_quit_and_suspend_keys_signal_the_foreground_group)
{
    open_pair();
    pid_t leader = start_session(busy);
    type("\003");
    CHECK_KILLED(leader, SIGINT);
    open_pair();
    leader = start_session(busy);
    type("\034");
    CHECK_KILLED(leader, SIGQUIT);
}

TEST(closing_the_master_hangs_up_the_session)
{
    open_pair();
    pid_t leader = start_session(busy);
    OK(close(master));
    CHECK_KILLED(leader, SIGHUP);
    char byte;
    CHECK_EQ(read(slave, &byte, 1), 0);
    CHECK_ERRNO(write(slave, "x", 1), EIO);
}

TEST(closing_the_slave_is_eio_on_the_master)
{
    char byte;
    open_pair();
    OK(close(slave));
    struct pollfd one = { .fd = master, .events = POLLIN };
    CHECK_EQ(poll(&one, 1, 1000), 1);
    CHECK(one.revents & POLLHUP);
    CHECK_ERRNO(read(master, &byte, 1), EIO);
}

static void read_forever(void)
{
    char byte;
    while (read(slave, &byte, 1) >= 0)
        continue;
}

TEST(a_window_change_on_the_master_is_signaled_to_the_slave)
{
    open_pair();
    block(SIGWINCH);
    pid_t leader = start_session(read_forever);
    struct winsize size = { .ws_row = 7, .ws_col = 77 };
    OK(ioctl(master, TIOCSWINSZ, &size));
    memset(&size, 0, sizeof size);
    OK(ioctl(slave, TIOCGWINSZ, &size));
    CHECK_EQ(size.ws_col, 77);
    OK(kill(leader, SIGKILL));
    CHECK_KILLED(leader, SIGKILL);
}

TEST(vmin_and_vtime_shape_raw_reads)
{
    char text[16];
    struct termios termios;
    open_pair();
    OK(tcgetattr(slave, &termios));
    cfmakeraw(&termios);
    termios.c_cc[VMIN] = 3;
    termios.c_cc[VTIME] = 0;
    OK(tcsetattr(slave, TCSANOW, &termios));
    FORK(typist)
    {
        for (int i = 0; i < 3; i++)
        {
            type("x");
            sched_yield();
        }
    }
    CHECK_EQ(read(slave, text, sizeof text), 3);
    CHECK_EXITS(typist, 0);
    termios.c_cc[VMIN] = 10;
    termios.c_cc[VTIME] = 1;
    OK(tcsetattr(slave, TCSANOW, &termios));
    type("y");
    CHECK_EQ(read(slave, text, sizeof text), 1);
}

TEST(fifty_pairs_have_fifty_names)
{
    static int masters[50];
    static char names[50][64];
    for (int i = 0; i < 50; i++)
    {
        open_pair();
        masters[i] = master;
        strcpy(names[i], slave_name);
        for (int j = 0; j < i; j++)
            CHECK(strcmp(names[i], names[j]) != 0);
        OK(close(slave));
    }
    for (int i = 0; i < 50; i++)
        OK(close(masters[i]));
    CHECK_ERRNO(open(names[20], O_RDWR), ENOENT);
}
