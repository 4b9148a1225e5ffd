// termios(3): sequences picked at random on a pseudo-terminal. What comes out, on either side, is printed; a shell
// case compares it with what Linux prints (shell/terminal_sequences.sh).
#include "check.h"
#include "pair.h"
#include <poll.h>

enum { STEPS = 6, LONGEST = 12, SETTLE_US = 2000 };

static uint64_t state;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static unsigned below(unsigned limit) { return (unsigned)((next() >> 16) % limit); }

static bool one_in(unsigned count) { return below(count) == 0; }

static unsigned some_of(const unsigned *flags, size_t count, unsigned always)
{
    unsigned picked = always;
    for (size_t i = 0; i < count; i++)
        if (one_in(2))
            picked ^= flags[i];
    return picked;
}

#define SOME_OF(always, ...) \
    some_of((const unsigned[]){ __VA_ARGS__ }, sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned), always)

static void print_bytes(const char *label, const unsigned char *bytes, ssize_t length)
{
    if (length < 0)
    {
        printf(" %s!%d", label, errno);
        return;
    }
    printf(" %s'", label);
    for (ssize_t i = 0; i < length; i++)
    {
        if (bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '\\' && bytes[i] != '\'')
            putchar(bytes[i]);
        else
            printf("\\%02x", bytes[i]);
    }
    printf("'");
}

static size_t pick_bytes(unsigned char *bytes, const char *from, size_t choices)
{
    size_t length = 1 + below(LONGEST);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)from[below((unsigned)choices)];
    return length;
}

static void set_modes(bool shows)
{
    struct termios modes;
    OK(tcgetattr(slave, &modes));
    modes.c_iflag = SOME_OF(ICRNL | IXON, ICRNL, IXON, IXANY, INLCR, IGNCR, ISTRIP, IUCLC, IUTF8, IMAXBEL, PARMRK,
                            IGNBRK, INPCK);
    modes.c_oflag = SOME_OF(OPOST | ONLCR, OPOST, ONLCR, OCRNL, ONOCR, ONLRET, OLCUC, XTABS);
    modes.c_lflag = SOME_OF(ICANON | ECHO | ECHOE | ECHOK | IEXTEN | ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHOKE, ECHOCTL,
                            ECHONL, ECHOPRT, IEXTEN, ISIG, NOFLSH, TOSTOP);
    modes.c_lflag |= one_in(2) ? ICANON | ECHO | IEXTEN : 0;
    modes.c_cc[VMIN] = (cc_t)below(4);
    modes.c_cc[VTIME] = 0;
    modes.c_cc[VEOL] = one_in(4) ? ';' : 0;
    modes.c_cc[VEOL2] = one_in(4) ? ':' : 0;
    OK(tcsetattr(slave, one_in(3) ? TCSAFLUSH : TCSANOW, &modes));
    if (shows)
        printf(" i%o,o%o,l%o,m%d", modes.c_iflag, modes.c_oflag, modes.c_lflag, modes.c_cc[VMIN]);
}

static void run_sequence(uint64_t seed, bool shows)
{
    static const char keys[] = "aabbcXYZ  ;:\t\b\x7f\x15\x17\x12\x16\x04\n\n\r\r\x03\x1c\x1a\x13\x11\xc3\xa9\xe2\x82\xac\x80\xff\x0f\x01";
    static const char texts[] = "abc XYZ\t\t\n\n\r\b\xc3\xa9\x07\x01\xff";
    unsigned char bytes[512];
    state = seed * 0x9E3779B97F4A7C15 + 1;
    for (int i = 0; i < 4; i++)
        next();
    master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK));
    OK(ioctl(master, TIOCSPTLCK, &(int){ 0 }));
    int number;
    OK(ioctl(master, TIOCGPTN, &number));
    char name[32];
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    slave = OK(open(name, O_RDWR | O_NOCTTY | O_NONBLOCK));
    printf("%d:", (int)seed);
    set_modes(shows);
    for (int step = 0; step < STEPS; step++)
    {
        switch (below(6))
        {
            case 0:
            {
                size_t length = pick_bytes(bytes, texts, sizeof texts - 1);
                if (shows)
                    print_bytes("W", bytes, (ssize_t)length);
                ssize_t written = write(slave, bytes, length);
                printf(" w%d", written < 0 ? -errno : (int)written);
                break;
            }
            case 1:
            {
                size_t wanted = 1 + below(20);
                print_bytes("r", bytes, read(slave, bytes, wanted));
                break;
            }
            case 2:
                if (one_in(3))
                {
                    // Nothing is to wait for the new modes.
                    OK(ioctl(slave, TCXONC, TCOOFF));
                    OK(ioctl(slave, TCXONC, TCOON));
                    usleep(SETTLE_US);
                    set_modes(shows);
                    break;
                }
                // Fall through.
            default:
            {
                size_t length = pick_bytes(bytes, keys, sizeof keys - 1);
                if (shows)
                    print_bytes("K", bytes, (ssize_t)length);
                ssize_t written = write(master, bytes, length);
                printf(" k%d", written < 0 ? -errno : (int)written);
                break;
            }
        }
        usleep(SETTLE_US);
        int waiting;
        OK(ioctl(slave, FIONREAD, &waiting));
        printf(" n%d", waiting);
        print_bytes("m", bytes, read(master, bytes, sizeof bytes));
    }
    OK(ioctl(slave, TCXONC, TCOOFF));
    OK(ioctl(slave, TCXONC, TCOON));
    usleep(SETTLE_US);
    print_bytes("m", bytes, read(master, bytes, sizeof bytes));
    for (int i = 0; i < 4; i++)
        print_bytes("r", bytes, read(slave, bytes, sizeof bytes));
    printf("\n");
    OK(close(slave));
    OK(close(master));
}

// ---- what is done to the terminal beside typing and writing ------------------------------------------------------------

static void pick_modes(int fd, bool shows)
{
    struct termios modes;
    OK(tcgetattr(fd, &modes));
    modes.c_iflag = SOME_OF(ICRNL | IXON, ICRNL, IXON, IXANY, INLCR, ISTRIP, IUTF8, PARMRK);
    modes.c_oflag = SOME_OF(OPOST | ONLCR, OPOST, OCRNL, XTABS);
    modes.c_lflag = SOME_OF(ICANON | ECHO | ECHOE | ECHOK | IEXTEN | ISIG, ICANON, ECHO, ECHOKE, ECHOCTL, NOFLSH);
    modes.c_lflag |= one_in(4) ? EXTPROC_ : 0;
    modes.c_cflag = SOME_OF(B38400 | CREAD, CS8, PARENB, CLOCAL);
    modes.c_cc[VMIN] = (cc_t)below(3);
    modes.c_cc[VTIME] = 0;
    OK(ioctl(fd, TCSETS, &modes));
    OK(tcgetattr(fd, &modes));
    printf(" c%o", modes.c_cflag);
    if (shows)
        printf(" i%o,o%o,l%o,m%d", modes.c_iflag, modes.c_oflag, modes.c_lflag, modes.c_cc[VMIN]);
}

static void do_something(bool shows)
{
    static const char keys[] = "aabcXY \t\x7f\x15\x04\n\r\x03\x13\x11\x16\xc3\xa9\xff";
    unsigned char bytes[64];
    int fd = one_in(4) ? master : slave;
    unsigned action = below(12);
    if (shows)
        printf(" [%u%c]", action, fd == master ? 'm' : 's');
    switch (action)
    {
        case 0:
            pick_modes(fd, shows);
            break;
        case 1:
            printf(" q%d", ioctl(fd, TCFLSH, below(3)));
            break;
        case 2:
            // The master's own output stays on: nobody could start it again here.
            printf(" x%d", ioctl(slave, TCXONC, below(4)));
            break;
        case 3:
        {
            int on = (int)below(2);
            printf(" p%d,%d", on, ioctl(master, TIOCPKT, &on));
            break;
        }
        case 4:
            OK(close(slave));
            slave = OK(open(slave_name, O_RDWR | O_NOCTTY | O_NONBLOCK));
            printf(" o");
            break;
        case 5:
            printf(" t%d", ioctl(slave, TIOCSTI, &keys[below(sizeof keys - 1)]));
            break;
        case 6:
        case 7:
        {
            size_t length = pick_bytes(bytes, "ab\t\n\r \xc3\xa9", 8);
            ssize_t written = write(slave, bytes, length);
            printf(" w%d", written < 0 ? -errno : (int)written);
            break;
        }
        case 8:
        {
            size_t wanted = 1 + below(12);
            print_bytes("r", bytes, read(slave, bytes, wanted));
            break;
        }
        default:
        {
            size_t length = pick_bytes(bytes, keys, sizeof keys - 1);
            if (shows)
                print_bytes("K", bytes, (ssize_t)length);
            ssize_t written = write(master, bytes, length);
            printf(" k%d", written < 0 ? -errno : (int)written);
            break;
        }
    }
}

static void run_actions(uint64_t seed, bool shows)
{
    unsigned char bytes[512];
    state = seed * 0x9E3779B97F4A7C15 + 1;
    for (int i = 0; i < 4; i++)
        next();
    open_pair();
    OK(fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK));
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    printf("%d:", (int)seed);
    for (int step = 0; step < 2 * STEPS; step++)
    {
        do_something(shows);
        usleep(SETTLE_US);
        struct pollfd sides[] = { { .fd = master, .events = 0x3fff }, { .fd = slave, .events = 0x3fff } };
        int waiting;
        OK(ioctl(slave, FIONREAD, &waiting));
        OK(poll(sides, 2, 0));
        printf(" n%d,%x,%x", waiting, sides[0].revents, sides[1].revents);
        if (one_in(2))
            print_bytes("m", bytes, read(master, bytes, 1 + below(40)));
    }
    printf("\n");
    OK(close(slave));
    OK(close(master));
}

// The same for what else is done to a terminal, with its readiness after each step.
HELPER(print_actions)
{
    int first = argc > 0 ? atoi(argv[0]) : 0;
    int end = argc > 1 ? atoi(argv[1]) : first + 1;
    signal(SIGHUP, SIG_IGN);
    for (int seed = first; seed < end; seed++)
        run_actions((uint64_t)seed, argc > 2);
    return 0;
}

// Sequences from the first seed to before the second; a third word shows what is done, too.
HELPER(print_sequences)
{
    int first = argc > 0 ? atoi(argv[0]) : 0;
    int end = argc > 1 ? atoi(argv[1]) : first + 1;
    for (int seed = first; seed < end; seed++)
        run_sequence((uint64_t)seed, argc > 2);
    return 0;
}
