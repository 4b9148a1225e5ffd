// termios(3), "Canonical and noncanonical mode": for how much and for how long a read waits, with each of VMIN and VTIME
// zero or not; what poll(2) says meanwhile; and what a signal leaves.
#include "check.h"
#include "pair.h"
#include <poll.h>
#include <sys/time.h>

static void open_raw(int minimum, int tenths)
{
    struct termios termios;
    open_pair();
    OK(tcgetattr(slave, &termios));
    cfmakeraw(&termios);
    termios.c_cc[VMIN] = (cc_t)minimum;
    termios.c_cc[VTIME] = (cc_t)tenths;
    OK(ioctl(slave, TCSETS, &termios));
}

static long now_ms(void)
{
    struct timespec now;
    OK(clock_gettime(CLOCK_MONOTONIC, &now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Types from another process when this one sleeps, one key after the other.
static pid_t type_later(const char *keys)
{
    pid_t reader = getpid();
    FORK(typist)
    {
        for (; *keys != '\0'; keys++)
        {
            EVENTUALLY(process_state(reader) == 'S');
            OK(nanosleep(&(struct timespec){ 0, 10000000 }, NULL));
            CHECK_EQ(write(master, keys, 1), 1);
        }
    }
    return typist;
}

static bool is_readable(void)
{
    settle();
    struct pollfd one = { .fd = slave, .events = POLLIN };
    return OK(poll(&one, 1, 0)) == 1;
}

#define CHECK_READ(size, expected)                              \
    do                                                          \
    {                                                           \
        char bytes[64] = { 0 };                                 \
        CHECK_EQ(read(slave, bytes, (size)), (long)strlen(expected)); \
        CHECK_STR(bytes, (expected));                           \
    } while (0)

TEST(with_neither_a_read_takes_what_there_is)
{
    open_raw(0, 0);
    CHECK_READ(8, "");
    type("abc");
    CHECK(is_readable());
    CHECK_READ(2, "ab");
    CHECK_READ(8, "c");
    CHECK_READ(8, "");
    CHECK(!is_readable());
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    CHECK_READ(8, "");
}

TEST(with_time_alone_a_read_waits_that_long_for_one_byte)
{
    open_raw(0, 2);
    long before = now_ms();
    CHECK_READ(8, "");
    CHECK(now_ms() - before >= 190);
    CHECK(!is_readable());
    pid_t typist = type_later("x");
    CHECK_READ(8, "x");
    CHECK_EXITS(typist, 0);
    type("yz");
    settle();
    CHECK_READ(8, "yz");
    // Who does not wait is told that there is nothing, by EAGAIN.
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    char byte;
    CHECK_ERRNO(read(slave, &byte, 1), EAGAIN);
}

TEST(with_a_minimum_alone_a_read_waits_for_so_many_bytes)
{
    open_raw(3, 0);
    pid_t typist = type_later("abc");
    CHECK_READ(8, "abc");
    CHECK_EXITS(typist, 0);
    // Or for as many as it asks for.
    typist = type_later("d");
    CHECK_READ(1, "d");
    CHECK_EXITS(typist, 0);
    type("ef");
    CHECK(!is_readable());
    type("g");
    CHECK(is_readable());
    CHECK_READ(2, "ef");
    CHECK(!is_readable());
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    CHECK_READ(8, "g");
    char byte;
    CHECK_ERRNO(read(slave, &byte, 1), EAGAIN);
}

TEST(with_both_the_time_runs_between_bytes)
{
    open_raw(5, 2);
    pid_t typist = type_later("ab");
    CHECK_READ(8, "ab");
    CHECK_EXITS(typist, 0);
    // The first one may take as long as it likes.
    pid_t reader = getpid();
    FORK(slow)
    {
        EVENTUALLY(process_state(reader) == 'S');
        OK(nanosleep(&(struct timespec){ 0, 500000000 }, NULL));
        type("c");
    }
    long before = now_ms();
    CHECK_READ(8, "c");
    CHECK(now_ms() - before >= 600);
    CHECK_EXITS(slow, 0);
    type("defgh");
    settle();
    CHECK_READ(3, "def");
    CHECK(is_readable());
    CHECK_READ(2, "gh");
}

TEST(with_time_poll_tells_of_the_first_byte)
{
    open_raw(5, 2);
    CHECK(!is_readable());
    type("a");
    CHECK(is_readable());
}

static volatile int caught;

static void note(int signo) { caught = signo; }

TEST(a_signal_leaves_what_was_typed_to_the_read)
{
    char bytes[8];
    open_raw(3, 0);
    handle(SIGUSR1, note, 0);
    pid_t reader = getpid();
    FORK(sender)
    {
        EVENTUALLY(process_state(reader) == 'S');
        type("ab");
        settle();
        OK(kill(reader, SIGUSR1));
    }
    CHECK_EQ(read(slave, bytes, sizeof bytes), 2);
    CHECK_EXITS(sender, 0);
    CHECK_EQ(caught, SIGUSR1);
    FORK(another)
    {
        EVENTUALLY(process_state(reader) == 'S');
        OK(kill(reader, SIGUSR1));
    }
    CHECK_ERRNO(read(slave, bytes, sizeof bytes), EINTR);
    CHECK_EXITS(another, 0);
}

TEST(a_change_of_mode_turns_what_there_is_into_a_line_and_back)
{
    open_raw(1, 0);
    type("ab\ncd");
    settle();
    set_flags(0, 0, ICANON);
    // All of it is one line now, the newline within it or not.
    CHECK_READS(slave, "ab\ncd");
    type("half");
    CHECK_NOTHING(slave);
    set_flags(0, 0, 0);
    CHECK_READS(slave, "half");
}

// ---- limits of the input ------------------------------------------------------------------------------------------------

static void type_many(size_t count)
{
    static char keys[500];
    char echo[512];
    memset(keys, 'q', sizeof keys);
    for (; count > 0; count -= sizeof keys)
    {
        CHECK_EQ(write(master, keys, sizeof keys), sizeof keys);
        // All of it is echoed, whether there is room or not; and no bell.
        CHECK_EQ(read_now(master, echo, sizeof echo), sizeof keys);
        CHECK_BYTES(echo, keys, sizeof keys);
    }
}

// termios(3): 4095 bytes and the end.
static void fill_a_line(tcflag_t input)
{
    static char line[6000];
    open_pair();
    set_flags(input, 0, ICANON | ECHO);
    type_many(5000);
    type("x\n");
    CHECK_READS(master, "x\n");
    CHECK_EQ(read_now(slave, line, sizeof line), 4096);
    CHECK_EQ(line[4094], 'q');
    CHECK_EQ(line[4095], '\n');
    type("short\n");
    CHECK_READS(slave, "short\n");
}

TEST(what_a_line_has_no_room_for_replaces_its_last_byte) { fill_a_line(0); }

TEST(no_bell_rings_for_a_full_line) { fill_a_line(IMAXBEL); }

TEST(who_types_is_not_asked_to_pause)
{
    static char bytes[5000];
    open_pair();
    set_flags(IXOFF, 0, 0);
    memset(bytes, 'q', 4000);
    CHECK_EQ(write(master, bytes, 4000), 4000);
    CHECK_NOTHING(master);
    CHECK_EQ(read_now(slave, bytes, sizeof bytes), 4000);
    CHECK_NOTHING(master);
}

TEST(what_was_to_be_echoed_waits_for_output_when_echoing_ends)
{
    open_pair();
    OK(tcflow(slave, TCOOFF));
    type("abc");
    settle();
    set_flags(0, 0, ICANON);
    OK(tcflow(slave, TCOON));
    CHECK_NOTHING(master);
    type("d");
    CHECK_NOTHING(master);
    CHECK_EQ(write(slave, "W", 1), 1);
    CHECK_READS(master, "abcW");
}
