// termios(3), tty_ioctl(4), on the controlling terminal. The program that runs these gives them one.
#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

static int tty;
static struct termios original;

// A case starts in a background group; this makes it the foreground one.
static void take_terminal(void)
{
    tty = OK(open("/dev/tty", O_RDWR));
    handle(SIGTTOU, SIG_IGN, 0);
    OK(tcsetpgrp(tty, getpgrp()));
    handle(SIGTTOU, SIG_DFL, 0);
    OK(tcgetattr(tty, &original));
}

static void restore(void) { OK(tcsetattr(tty, TCSANOW, &original)); }

static void set_raw(int minimum, int tenths)
{
    struct termios raw = original;
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = (cc_t)minimum;
    raw.c_cc[VTIME] = (cc_t)tenths;
    OK(tcsetattr(tty, TCSANOW, &raw));
}

static long milliseconds(void)
{
    struct timespec now;
    OK(clock_gettime(CLOCK_MONOTONIC, &now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(a_terminal_starts_in_canonical_mode_with_the_usual_characters)
{
    take_terminal();
    CHECK(isatty(tty));
    CHECK_EQ(original.c_lflag & (ICANON | ECHO | ISIG), ICANON | ECHO | ISIG);
    CHECK_EQ(original.c_iflag & ICRNL, ICRNL);
    CHECK_EQ(original.c_oflag & (OPOST | ONLCR), OPOST | ONLCR);
    CHECK_EQ(original.c_cc[VINTR], 3);
    CHECK_EQ(original.c_cc[VQUIT], 28);
    CHECK_EQ(original.c_cc[VERASE], 127);
    CHECK_EQ(original.c_cc[VKILL], 21);
    CHECK_EQ(original.c_cc[VEOF], 4);
    CHECK_EQ(original.c_cc[VSUSP], 26);
    CHECK_EQ(original.c_cc[VMIN], 1);
    CHECK_EQ(original.c_cc[VTIME], 0);
}

TEST(what_tcsetattr_sets_tcgetattr_returns)
{
    take_terminal();
    struct termios wanted = original;
    struct termios got;
    cfmakeraw(&wanted);
    wanted.c_cc[VINTR] = 24;
    static const int when[] = { TCSANOW, TCSADRAIN, TCSAFLUSH };
    for (int i = 0; i < 3; i++)
    {
        wanted.c_cc[VTIME] = (cc_t)(i + 5);
        OK(tcsetattr(tty, when[i], &wanted));
        OK(tcgetattr(tty, &got));
        CHECK_EQ(got.c_lflag, wanted.c_lflag);
        CHECK_EQ(got.c_iflag, wanted.c_iflag);
        CHECK_EQ(got.c_oflag, wanted.c_oflag);
        CHECK_EQ(got.c_cc[VINTR], 24);
        CHECK_EQ(got.c_cc[VTIME], i + 5);
    }
    restore();
}

TEST(modes_belong_to_the_terminal_not_to_the_process)
{
    take_terminal();
    FORK(child)
        set_raw(1, 0);
    CHECK_EXITS(child, 0);
    struct termios got;
    OK(tcgetattr(tty, &got));
    CHECK_EQ(got.c_lflag & ICANON, 0);
    restore();
}

TEST(the_window_size_is_kept_and_a_change_is_signaled)
{
    take_terminal();
    struct winsize size;
    struct winsize before;
    OK(ioctl(tty, TIOCGWINSZ, &before));
    block(SIGWINCH);
    handle(SIGWINCH, SIG_DFL, 0);
    sigset_t set;
    sigset_t pending;
    sigemptyset(&set);
    sigaddset(&set, SIGWINCH);
    size = (struct winsize){ .ws_row = 41, .ws_col = 133, .ws_xpixel = 7, .ws_ypixel = 8 };
    OK(ioctl(tty, TIOCSWINSZ, &size));
    memset(&size, 0, sizeof size);
    OK(ioctl(tty, TIOCGWINSZ, &size));
    CHECK_EQ(size.ws_row, 41);
    CHECK_EQ(size.ws_col, 133);
    CHECK_EQ(size.ws_xpixel, 7);
    CHECK_EQ(size.ws_ypixel, 8);
    CHECK_EQ(sigtimedwait(&set, NULL, &(struct timespec){ 5, 0 }), SIGWINCH);
    // The same size again is no change.
    OK(ioctl(tty, TIOCSWINSZ, &size));
    OK(sigpending(&pending));
    CHECK(!sigismember(&pending, SIGWINCH));
    OK(ioctl(tty, TIOCSWINSZ, &before));
}

TEST(an_empty_terminal_is_writable_but_not_readable)
{
    take_terminal();
    struct pollfd one = { .fd = tty, .events = POLLIN | POLLOUT };
    CHECK_EQ(poll(&one, 1, 1000), 1);
    CHECK_EQ(one.revents, POLLOUT);
    int count = -1;
    OK(ioctl(tty, FIONREAD, &count));
    CHECK_EQ(count, 0);
}

TEST(a_nonblocking_read_without_input_is_eagain)
{
    char byte;
    take_terminal();
    int nonblocking = OK(open("/dev/tty", O_RDWR | O_NONBLOCK));
    CHECK_ERRNO(read(nonblocking, &byte, 1), EAGAIN);
    set_raw(1, 0);
    CHECK_ERRNO(read(nonblocking, &byte, 1), EAGAIN);
    restore();
}

TEST(vmin_zero_returns_at_once_or_after_vtime)
{
    char byte;
    take_terminal();
    set_raw(0, 0);
    CHECK_EQ(read(tty, &byte, 1), 0);
    set_raw(0, 2);
    long before = milliseconds();
    CHECK_EQ(read(tty, &byte, 1), 0);
    CHECK(milliseconds() - before >= 100);
    restore();
}

TEST(a_blocked_read_is_interrupted_by_a_signal)
{
    char byte;
    take_terminal();
    pid_t parent = getpid();
    struct sigaction action = { .sa_handler = (void (*)(int))block };
    OK(sigaction(SIGUSR1, &action, NULL));
    FORK(child)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(kill(parent, SIGUSR1));
    }
    CHECK_ERRNO(read(tty, &byte, 1), EINTR);
    CHECK_EXITS(child, 0);
}

TEST(output_is_accepted_and_can_be_drained)
{
    take_terminal();
    CHECK_EQ(write(tty, "\r", 1), 1);
    OK(tcdrain(tty));
    OK(tcflush(tty, TCIFLUSH));
    CHECK_ERRNO(tcflush(tty, 4711), EINVAL);
}

TEST(the_session_of_the_terminal_is_that_of_the_process)
{
    take_terminal();
    CHECK_EQ(tcgetsid(tty), getsid(0));
    CHECK_EQ(tcgetpgrp(tty), getpgrp());
}

TEST(terminal_calls_on_something_else_are_enotty)
{
    struct termios termios;
    struct winsize size;
    int null = OK(open("/dev/null", O_RDWR));
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(tcgetattr(null, &termios), ENOTTY);
    CHECK_ERRNO(tcgetpgrp(ends[0]), ENOTTY);
    CHECK_ERRNO(ioctl(ends[0], TIOCGWINSZ, &size), ENOTTY);
    CHECK_ERRNO(ioctl(null, TIOCSCTTY, 0), ENOTTY);
    CHECK_ERRNO(tcgetattr(150, &termios), EBADF);
}

TEST(bad_pointers_and_unknown_requests_are_refused)
{
    take_terminal();
    CHECK_ERRNO(syscall(SYS_ioctl, tty, TCGETS, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_ioctl, tty, TCSETS, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_ioctl, tty, TIOCGWINSZ, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_ioctl, tty, TIOCGPGRP, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_ioctl, tty, TIOCSPGRP, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_ioctl, tty, 0x54ee, 0), ENOTTY);
}

TEST(terminals_cannot_seek)
{
    take_terminal();
    CHECK_ERRNO(lseek(tty, 0, SEEK_CUR), ESPIPE);
}

// The second line: the first one is what the machine talks through. QEMU's wires say that somebody is there.
TEST(the_wires_of_a_line_can_be_read_and_set)
{
    const int there = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;
    int usual, lines = 0;
    int line = OK(open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_NONBLOCK));
    OK(ioctl(line, TIOCMGET, &usual));
    CHECK_EQ(usual & there, there);
    CHECK_EQ(usual & (TIOCM_DTR | TIOCM_RTS), TIOCM_DTR | TIOCM_RTS);
    lines = TIOCM_RTS;
    OK(ioctl(line, TIOCMBIC, &lines));
    OK(ioctl(line, TIOCMGET, &lines));
    CHECK_EQ(lines, usual & ~TIOCM_RTS);
    lines = TIOCM_RTS | TIOCM_CTS;
    OK(ioctl(line, TIOCMBIS, &lines));
    OK(ioctl(line, TIOCMGET, &lines));
    CHECK_EQ(lines, usual);
    lines = TIOCM_RTS;
    OK(ioctl(line, TIOCMSET, &lines));
    OK(ioctl(line, TIOCMGET, &lines));
    CHECK_EQ(lines & (there | TIOCM_DTR | TIOCM_RTS), there | TIOCM_RTS);
    OK(ioctl(line, TIOCMSET, &usual));
    CHECK_ERRNO(ioctl(line, TIOCMGET, 1), EFAULT);
    CHECK_ERRNO(ioctl(line, TIOCMSET, 1), EFAULT);
}

TEST(a_break_holds_the_line_for_a_quarter_of_a_second)
{
    struct timespec before, after;
    int line = OK(open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_NONBLOCK));
    OK(clock_gettime(CLOCK_MONOTONIC, &before));
    OK(ioctl(line, TCSBRK, 0));
    OK(clock_gettime(CLOCK_MONOTONIC, &after));
    CHECK((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 240);
    OK(ioctl(line, TCSBRKP, 1));
    OK(ioctl(line, TIOCSBRK, 0));
    OK(ioctl(line, TIOCCBRK, 0));
}

TEST(a_serial_console_has_no_keyboard)
{
    char byte;
    int line = OK(open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_NONBLOCK));
    CHECK_ERRNO(ioctl(line, 0x4B33, &byte), ENOTTY);
    CHECK_ERRNO(ioctl(line, 0x4B44, &byte), ENOTTY);
    CHECK_ERRNO(ioctl(line, 0x5603, &byte), ENOTTY);
    CHECK_ERRNO(ioctl(line, TIOCLINUX, "\006"), ENOTTY);
}
