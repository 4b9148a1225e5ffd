// pty(7): a pair of pseudoterminals, and with it what a person at a terminal does.
#include "check.h"
#include <poll.h>
#include <pty.h>
#include <sys/inotify.h>
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

// Programs copy these to their own terminals, or print them.
TEST(a_new_pair_has_the_usual_settings)
{
    struct termios termios;
    open_pair();
    OK(tcgetattr(slave, &termios));
    CHECK_EQ(termios.c_iflag, ICRNL | IXON);
    CHECK_EQ(termios.c_oflag, OPOST | ONLCR);
    CHECK_EQ(termios.c_cflag, B38400 | CS8 | CREAD);
    CHECK_EQ(termios.c_lflag, ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN);
    CHECK_EQ(cfgetispeed(&termios), B38400);
    CHECK_EQ(cfgetospeed(&termios), B38400);
    CHECK_EQ(termios.c_cc[VINTR], 3);
    CHECK_EQ(termios.c_cc[VERASE], 127);
    CHECK_EQ(termios.c_cc[VMIN], 1);
    CHECK_EQ(termios.c_cc[VTIME], 0);
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

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

TEST(a_locked_slave_cannot_be_opened)
{
    int number = -1;
    int locked = -1;
    master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    OK(ioctl(master, TIOCGPTN, &number));
    snprintf(slave_name, sizeof slave_name, "/dev/pts/%d", number);
    OK(ioctl(master, TIOCGPTLCK, &locked));
    CHECK_EQ(locked, 1);
    CHECK_ERRNO(open(slave_name, O_RDWR | O_NOCTTY), EIO);
    locked = 0;
    OK(ioctl(master, TIOCSPTLCK, &locked));
    OK(ioctl(master, TIOCGPTLCK, &locked));
    CHECK_EQ(locked, 0);
    OK(open(slave_name, O_RDWR | O_NOCTTY));
}

TEST(the_slave_is_a_terminal_with_a_number_of_its_own)
{
    struct stat status;
    open_pair();
    CHECK_EQ(isatty(slave), 1);
    OK(stat(slave_name, &status));
    CHECK(S_ISCHR(status.st_mode));
    CHECK_EQ(status.st_uid, getuid());
    CHECK_EQ(status.st_rdev >> 8, 136);
    struct stat of_file;
    OK(fstat(slave, &of_file));
    CHECK_EQ(of_file.st_ino, status.st_ino);
    int number;
    CHECK_ERRNO(ioctl(slave, TIOCGPTN, &number), ENOTTY);
}

TEST(the_directory_lists_the_slaves_that_there_are)
{
    open_pair();
    int found = 0;
    for (int round = 0; round < 2; round++)
    {
        DIR *directory = opendir("/dev/pts");
        CHECK(directory != NULL);
        struct dirent *entry;
        while ((entry = readdir(directory)) != NULL)
            found += strcmp(entry->d_name, slave_name + strlen("/dev/pts/")) == 0;
        OK(closedir(directory));
        CHECK_EQ(found, 1);
        if (round == 0)
            OK(close(master));
        found = round == 0 ? 1 : found;
    }
}

TEST(who_watches_the_directory_is_told_of_slaves)
{
    char buffer[1024] __attribute__((aligned(8)));
    struct inotify_event *event = (void *)buffer;
    int watch = OK(inotify_init1(IN_NONBLOCK));
    OK(inotify_add_watch(watch, "/dev/pts", IN_CREATE | IN_DELETE));
    open_pair();
    CHECK(OK(read(watch, buffer, sizeof buffer)) >= (long)sizeof *event);
    CHECK_EQ(event->mask, IN_CREATE);
    CHECK_STR(event->name, strrchr(slave_name, '/') + 1);
    CHECK_ERRNO(read(watch, buffer, sizeof buffer), EAGAIN);
    OK(close(master));
    CHECK(OK(read(watch, buffer, sizeof buffer)) >= (long)sizeof *event);
    CHECK_EQ(event->mask, IN_DELETE);
    CHECK_STR(event->name, strrchr(slave_name, '/') + 1);
    CHECK_ERRNO(read(watch, buffer, sizeof buffer), EAGAIN);
    OK(close(slave));
    CHECK_ERRNO(read(watch, buffer, sizeof buffer), EAGAIN);
    OK(close(watch));
}

TEST(the_peer_can_be_opened_without_its_name)
{
    open_pair();
    OK(close(slave));
    slave = OK(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    CHECK_EQ(fcntl(slave, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(isatty(slave), 1);
    type("hello\r");
    expect(slave, "hello\n");
}

TEST(a_reopened_slave_ends_the_error)
{
    char byte;
    open_pair();
    OK(close(slave));
    CHECK_ERRNO(read(master, &byte, 1), EIO);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    CHECK_EQ(write(slave, "x", 1), 1);
    expect(master, "x");
}

TEST(what_was_written_is_read_after_the_slave_has_gone)
{
    char byte;
    open_pair();
    CHECK_EQ(write(slave, "last words", 10), 10);
    OK(close(slave));
    expect(master, "last words");
    CHECK_ERRNO(read(master, &byte, 1), EIO);
}

TEST(a_full_terminal_makes_the_writer_wait)
{
    static char block_of[65536];
    memset(block_of, 'x', sizeof block_of);
    open_pair();
    FORK(writer)
        CHECK_EQ(write(slave, block_of, sizeof block_of), sizeof block_of);
    size_t total = 0;
    while (total < sizeof block_of)
        total += (size_t)OK(read(master, block_of, 1000));
    CHECK_EQ(total, sizeof block_of);
    CHECK_EXITS(writer, 0);
}

TEST(a_full_input_makes_the_master_wait)
{
    struct termios termios;
    char text[1024];
    open_pair();
    OK(tcgetattr(slave, &termios));
    cfmakeraw(&termios);
    OK(tcsetattr(slave, TCSANOW, &termios));
    OK(fcntl(master, F_SETFL, O_NONBLOCK));
    long typed = 0;
    ssize_t count;
    memset(text, 'y', sizeof text);
    while ((count = write(master, text, sizeof text)) > 0)
        typed += count;
    CHECK_EQ(errno, EAGAIN);
    CHECK(typed >= 4095);
    struct pollfd one = { .fd = master, .events = POLLOUT };
    CHECK_EQ(poll(&one, 1, 0), 0);
    while (typed > 0)
    {
        count = OK(read(slave, text, sizeof text));
        typed -= count;
    }
    CHECK_EQ(typed, 0);
    CHECK_EQ(poll(&one, 1, 1000), 1);
}

static int status_byte(void)
{
    unsigned char text[64];
    CHECK_EQ(read(master, text, sizeof text), 1);
    return text[0];
}

TEST(packet_mode_tells_what_happens_to_the_terminal)
{
    char text[16];
    int on = 1;
    open_pair();
    OK(ioctl(master, TIOCPKT, &on));
    on = 0;
    OK(ioctl(master, TIOCGPKT, &on));
    CHECK_EQ(on, 1);
    CHECK_EQ(write(slave, "abc", 3), 3);
    CHECK_EQ(read(master, text, sizeof text), 4);
    CHECK_BYTES(text, "\0abc", 4);

    struct pollfd one = { .fd = master, .events = POLLIN | POLLPRI };
    CHECK_EQ(poll(&one, 1, 0), 0);
    OK(tcflow(slave, TCOOFF));
    CHECK_EQ(poll(&one, 1, 1000), 1);
    CHECK(one.revents & POLLPRI);
    CHECK_EQ(status_byte(), TIOCPKT_STOP);
    OK(tcflow(slave, TCOON));
    CHECK_EQ(status_byte(), TIOCPKT_START);

    struct termios termios;
    OK(tcgetattr(slave, &termios));
    termios.c_iflag &= ~IXON;
    OK(tcsetattr(slave, TCSANOW, &termios));
    CHECK_EQ(status_byte(), TIOCPKT_NOSTOP);
    termios.c_iflag |= IXON;
    OK(tcsetattr(slave, TCSANOW, &termios));
    CHECK_EQ(status_byte(), TIOCPKT_DOSTOP);
    OK(tcflush(slave, TCIFLUSH));
    CHECK_EQ(status_byte() & TIOCPKT_FLUSHREAD, TIOCPKT_FLUSHREAD);

    on = 0;
    OK(ioctl(master, TIOCPKT, &on));
    CHECK_EQ(write(slave, "d", 1), 1);
    expect(master, "d");
}

static struct gate told;

static void leader_with_a_job(void)
{
    // The job is in the foreground, and the leader is not.
    FORK(job)
    {
        OK(setpgid(0, 0));
        signal(SIGTTOU, SIG_IGN);
        OK(tcsetpgrp(slave, getpid()));
        open_gate(&told);
        sleep(20);
        _exit(7);
    }
    handle(SIGHUP, SIG_IGN, 0);
    sigset_t set;
    int signo;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    block(SIGHUP);
    handle(SIGHUP, SIG_DFL, 0);
    open_gate(&told);
    CHECK_EQ(sigwait(&set, &signo), 0);
    // The job has not been told: that is for the leader to do.
    nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    CHECK_EQ(waitpid(job, NULL, WNOHANG), 0);
    OK(kill(job, SIGKILL));
    CHECK_KILLED(job, SIGKILL);
}

TEST(a_hang_up_is_told_to_the_leader_of_the_session)
{
    open_pair();
    told = new_gate();
    pid_t leader = start_session(leader_with_a_job);
    pass_gate(&told);
    pass_gate(&told);
    OK(close(master));
    CHECK_EXITS(leader, 0);
}

TEST(a_writer_to_a_terminal_that_nobody_has_open_waits_and_can_be_interrupted)
{
    static char lines[4096];
    int master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    OK(ioctl(master, TIOCSPTLCK, &(int){ 0 }));
    OK(close(OK(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY))));
    memset(lines, '\n', sizeof lines);
    FORK(writer)
    {
        while (write(master, lines, sizeof lines) > 0)
            continue;
        _exit(1);
    }
    EVENTUALLY(process_state(writer) == 'S');
    OK(kill(writer, SIGKILL));
    CHECK_KILLED(writer, SIGKILL);
}
