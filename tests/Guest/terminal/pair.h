// What the tests of pseudo-terminals share: a pair, and what can be read at its sides now.
#ifndef PAIR_H
#define PAIR_H

#include "check.h"
#include <sys/ioctl.h>
#include <termios.h>

// Not in every C library.
enum
{
    EXTPROC_ = 0200000,
    TIOCPKT_IOCTL_ = 64,
    TIOCSIG_ = 0x40045436,
    TIOCGPTPEER_ = 0x5441,
};
#define TIOCGEXCL_ 0x80045440
#define TIOCGPKT_ 0x80045438

static int master, slave;
static char slave_name[64];

UNUSED static void open_pair(void)
{
    int number = -1;
    int unlock = 0;
    master = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    OK(ioctl(master, TIOCGPTN, &number));
    OK(ioctl(master, TIOCSPTLCK, &unlock));
    snprintf(slave_name, sizeof slave_name, "/dev/pts/%d", number);
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
}

UNUSED static void reopen_slave(void)
{
    OK(close(slave));
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
}

// Linux moves bytes from one side to the other in a thread of its own.
UNUSED static void settle(void) { OK(nanosleep(&(struct timespec){ 0, 3000000 }, NULL)); }

UNUSED static void type(const char *keys)
{
    CHECK_EQ(write(master, keys, strlen(keys)), (long long)strlen(keys));
}

UNUSED static void set_flags(tcflag_t input, tcflag_t output, tcflag_t local)
{
    struct termios termios;
    OK(tcgetattr(slave, &termios));
    termios.c_iflag = input;
    termios.c_oflag = output;
    termios.c_lflag = local;
    OK(ioctl(slave, TCSETS, &termios));
}

// Reads without waiting; the result or minus the error.
UNUSED static long read_now(int fd, void *bytes, size_t size)
{
    settle();
    int flags = OK(fcntl(fd, F_GETFL));
    OK(fcntl(fd, F_SETFL, flags | O_NONBLOCK));
    long result = read(fd, bytes, size);
    if (result < 0)
        result = -errno;
    OK(fcntl(fd, F_SETFL, flags));
    return result;
}

// All that can be read now is this; the text may hold NULs when its length is given.
#define CHECK_READS_BYTES(fd, expected, length)                     \
    do                                                              \
    {                                                               \
        unsigned char read_bytes[512] = { 0 };                      \
        CHECK_EQ(read_now((fd), read_bytes, sizeof read_bytes), (length)); \
        CHECK_BYTES(read_bytes, (expected), (length));              \
    } while (0)

#define CHECK_READS(fd, expected) CHECK_READS_BYTES(fd, expected, (long)strlen(expected))

#define CHECK_NOTHING(fd)                                           \
    do                                                              \
    {                                                               \
        char read_byte;                                             \
        CHECK_EQ(read_now((fd), &read_byte, 1), -EAGAIN);           \
    } while (0)

#endif
