// ioctl_tty(2): what can be asked of the two sides of a pseudo-terminal beside its bytes: shape and speed of a line that
// is none, locked settings, exclusive use, flow, breaks; and what is refused.
#include "check.h"
#include "pair.h"
#include <poll.h>
#include <sys/vfs.h>

struct new_termios
{
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_line;
    cc_t c_cc[19];
    speed_t c_ispeed, c_ospeed;
};

enum
{
    GET_NEW = 0x802C542A,
    SET_NEW = 0x402C542B,
    OTHER_SPEED = 010000,
    SPEED_BITS = 010017,
    INPUT_SHIFT = 16,
};

static struct termios modes(void)
{
    struct termios termios;
    OK(tcgetattr(slave, &termios));
    return termios;
}

static void set_modes(const struct termios *termios) { OK(ioctl(slave, TCSETS, termios)); }

// ---- settings -------------------------------------------------------------------------------------------------------

TEST(a_pair_has_eight_bits_and_no_parity_whatever_is_asked)
{
    open_pair();
    struct termios wanted = modes();
    wanted.c_cflag &= ~(CSIZE | CREAD);
    wanted.c_cflag |= CS5 | PARENB | PARODD | CSTOPB | HUPCL | CLOCAL | CRTSCTS | 0x20000000;
    set_modes(&wanted);
    CHECK_EQ(modes().c_cflag, B38400 | CS8 | CREAD | PARODD | CSTOPB | HUPCL | CLOCAL | CRTSCTS);
}

TEST(all_other_bits_are_kept)
{
    open_pair();
    struct termios usual = modes();
    for (int bit = 0; bit < 32; bit++)
    {
        struct termios wanted = usual;
        wanted.c_iflag ^= 1u << bit;
        wanted.c_oflag ^= 1u << bit;
        // EXTPROC and ICANON, too: nobody reads meanwhile.
        wanted.c_lflag ^= 1u << bit;
        set_modes(&wanted);
        struct termios got = modes();
        CHECK_EQ(got.c_iflag, wanted.c_iflag);
        CHECK_EQ(got.c_oflag, wanted.c_oflag);
        CHECK_EQ(got.c_lflag, wanted.c_lflag);
        set_modes(&usual);
    }
}

TEST(speeds_follow_their_bits)
{
    static const struct { unsigned bits, speed; } speeds[] = {
        { 0, 0 }, { 1, 50 }, { 3, 110 }, { 4, 134 }, { 9, 1200 }, { 13, 9600 }, { 15, 38400 }, { 010001, 57600 },
        { 010002, 115200 }, { 010010, 1000000 }, { 010017, 4000000 },
    };
    struct new_termios modern;
    open_pair();
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
    {
        OK(ioctl(slave, GET_NEW, &modern));
        modern.c_cflag = (modern.c_cflag & ~(unsigned)SPEED_BITS) | speeds[i].bits;
        modern.c_ispeed = modern.c_ospeed = 12345;
        OK(ioctl(slave, SET_NEW, &modern));
        OK(ioctl(slave, GET_NEW, &modern));
        CHECK_EQ(modern.c_ispeed, speeds[i].speed);
        CHECK_EQ(modern.c_ospeed, speeds[i].speed);
        CHECK_EQ(modern.c_cflag & SPEED_BITS, speeds[i].bits);
    }
}

TEST(the_speed_of_input_may_be_another)
{
    struct new_termios modern;
    open_pair();
    OK(ioctl(slave, GET_NEW, &modern));
    modern.c_cflag = (modern.c_cflag & ~(unsigned)SPEED_BITS) | B9600 | ((tcflag_t)B1200 << INPUT_SHIFT);
    modern.c_ispeed = 777;
    modern.c_ospeed = 888;
    OK(ioctl(slave, SET_NEW, &modern));
    OK(ioctl(slave, GET_NEW, &modern));
    CHECK_EQ(modern.c_ispeed, 1200);
    CHECK_EQ(modern.c_ospeed, 9600);
    CHECK_EQ(modern.c_cflag >> INPUT_SHIFT & SPEED_BITS, B1200);
}

TEST(any_number_is_a_speed_if_asked_so)
{
    struct new_termios modern;
    open_pair();
    OK(ioctl(slave, GET_NEW, &modern));
    modern.c_cflag = (modern.c_cflag & ~(unsigned)SPEED_BITS) | OTHER_SPEED;
    modern.c_ispeed = modern.c_ospeed = 12345;
    OK(ioctl(slave, SET_NEW, &modern));
    // The old call keeps what it cannot say.
    struct termios old = modes();
    set_modes(&old);
    OK(ioctl(slave, GET_NEW, &modern));
    CHECK_EQ(modern.c_ispeed, 12345);
    CHECK_EQ(modern.c_ospeed, 12345);
    modern.c_cflag |= (tcflag_t)OTHER_SPEED << INPUT_SHIFT;
    modern.c_ispeed = 4321;
    modern.c_ospeed = 4800;
    OK(ioctl(slave, SET_NEW, &modern));
    OK(ioctl(slave, GET_NEW, &modern));
    CHECK_EQ(modern.c_ispeed, 4321);
    CHECK_EQ(modern.c_ospeed, 4800);
}

TEST(locked_settings_stay)
{
    open_pair();
    struct termios locked = { .c_iflag = ICRNL, .c_oflag = ONLCR, .c_cflag = HUPCL, .c_lflag = ECHO };
    struct termios got = { .c_lflag = 7 };
    OK(ioctl(slave, TIOCGLCKTRMIOS, &got));
    CHECK_EQ(got.c_lflag | got.c_iflag | got.c_oflag | got.c_cflag, 0);
    locked.c_cc[VINTR] = 255;
    OK(ioctl(slave, TIOCSLCKTRMIOS, &locked));
    OK(ioctl(master, TIOCGLCKTRMIOS, &got));
    CHECK_EQ(got.c_iflag, ICRNL);
    CHECK_EQ(got.c_lflag, ECHO);
    CHECK_EQ(got.c_cc[VINTR], 255);

    struct termios usual = modes();
    struct termios wanted = usual;
    wanted.c_iflag ^= ICRNL | IXON;
    wanted.c_oflag ^= ONLCR | OPOST;
    wanted.c_cflag ^= HUPCL | PARODD;
    wanted.c_lflag ^= ECHO | ICANON;
    wanted.c_cc[VINTR] = 9;
    wanted.c_cc[VQUIT] = 8;
    set_modes(&wanted);
    got = modes();
    CHECK_EQ(got.c_iflag ^ usual.c_iflag, IXON);
    CHECK_EQ(got.c_oflag ^ usual.c_oflag, OPOST);
    CHECK_EQ(got.c_cflag ^ usual.c_cflag, PARODD);
    CHECK_EQ(got.c_lflag ^ usual.c_lflag, ICANON);
    CHECK_EQ(got.c_cc[VINTR], 3);
    CHECK_EQ(got.c_cc[VQUIT], 8);

    CHECK_ERRNO(ioctl(slave, TIOCGLCKTRMIOS, 1), EFAULT);
    CHECK_ERRNO(ioctl(slave, TIOCSLCKTRMIOS, 1), EFAULT);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(ioctl(slave, TIOCSLCKTRMIOS, &locked), EPERM);
        OK(ioctl(slave, TIOCGLCKTRMIOS, &got));
    }
    CHECK_EXITS(user, 0);
}

TEST(soft_carrier_is_a_bit_of_the_settings)
{
    open_pair();
    for (int side = 0; side < 2; side++)
    {
        int fd = side == 0 ? slave : master;
        for (int wanted = 1; wanted >= 0; wanted--)
        {
            int got = 99;
            OK(ioctl(fd, TIOCSSOFTCAR, &wanted));
            OK(ioctl(fd, TIOCGSOFTCAR, &got));
            CHECK_EQ(got, wanted);
            CHECK_EQ((modes().c_cflag & CLOCAL) != 0, wanted);
        }
    }
}

TEST(the_discipline_is_the_usual_one_and_its_number_a_byte_of_the_settings)
{
    int number = 99;
    open_pair();
    OK(ioctl(slave, TIOCGETD, &number));
    CHECK_EQ(number, 0);
    OK(ioctl(slave, TIOCSETD, &number));
    number = -1;
    CHECK_ERRNO(ioctl(slave, TIOCSETD, &number), EINVAL);
    number = 31;
    CHECK_ERRNO(ioctl(slave, TIOCSETD, &number), EINVAL);
    CHECK_ERRNO(ioctl(slave, TIOCSETD, 1), EFAULT);
    struct termios termios = modes();
    termios.c_line = 5;
    set_modes(&termios);
    CHECK_EQ(modes().c_line, 5);
}

// ---- exclusive use ----------------------------------------------------------------------------------------------------

TEST(an_exclusive_terminal_is_for_root_alone)
{
    int value = 99;
    open_pair();
    OK(chmod(slave_name, 0666));
    OK(ioctl(slave, TIOCEXCL));
    OK(ioctl(slave, TIOCGEXCL_, &value));
    CHECK_EQ(value, 1);
    // Each side has its own.
    OK(ioctl(master, TIOCGEXCL_, &value));
    CHECK_EQ(value, 0);
    OK(close(OK(open(slave_name, O_RDWR | O_NOCTTY))));
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(open(slave_name, O_RDWR | O_NOCTTY), EBUSY);
        CHECK_ERRNO(ioctl(master, TIOCGPTPEER_, O_RDWR | O_NOCTTY), EBUSY);
        OK(ioctl(slave, TIOCNXCL));
        OK(open(slave_name, O_RDWR | O_NOCTTY));
        OK(ioctl(slave, TIOCEXCL));
    }
    CHECK_EXITS(user, 0);
    // It outlives the descriptors, as long as there is the other side.
    OK(close(slave));
    slave = OK(open(slave_name, O_RDWR | O_NOCTTY));
    OK(ioctl(slave, TIOCGEXCL_, &value));
    CHECK_EQ(value, 1);
}

// ---- flow and queues --------------------------------------------------------------------------------------------------

TEST(a_break_is_no_business_of_a_pair)
{
    open_pair();
    for (int side = 0; side < 2; side++)
    {
        int fd = side == 0 ? slave : master;
        OK(ioctl(fd, TIOCSBRK, 0));
        OK(ioctl(fd, TIOCCBRK, 0));
        OK(ioctl(fd, TCSBRK, 0));
        OK(ioctl(fd, TCSBRK, 1));
        OK(ioctl(fd, TCSBRKP, 0));
    }
    CHECK_NOTHING(slave);
    CHECK_NOTHING(master);
}

TEST(flow_characters_go_to_the_other_side)
{
    open_pair();
    OK(tcflow(slave, TCIOFF));
    CHECK_READS(master, "\023");
    OK(tcflow(slave, TCION));
    CHECK_READS(master, "\021");
    // From the master they are typed, and mean something.
    OK(tcflow(master, TCIOFF));
    struct pollfd one = { .fd = slave, .events = POLLOUT };
    EVENTUALLY(OK(poll(&one, 1, 0)) == 0);
    OK(tcflow(master, TCION));
    EVENTUALLY(OK(poll(&one, 1, 0)) == 1);
    CHECK_NOTHING(slave);
    set_flags(0, 0, 0);
    OK(tcflow(master, TCIOFF));
    OK(tcflow(master, TCION));
    CHECK_READS(slave, "\023\021");
    CHECK_ERRNO(ioctl(slave, TCXONC, 4), EINVAL);
    CHECK_ERRNO(ioctl(master, TCXONC, -1), EINVAL);
}

TEST(the_master_can_be_stopped_too)
{
    open_pair();
    OK(fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK));
    OK(tcflow(master, TCOOFF));
    CHECK_ERRNO(write(master, "a\n", 2), EAGAIN);
    OK(tcflow(master, TCOON));
    type("b\n");
    CHECK_READS(slave, "b\n");
    CHECK_READS(master, "b\r\n");
}

TEST(flushing_output_leaves_what_the_master_can_read)
{
    open_pair();
    CHECK_EQ(write(slave, "abc", 3), 3);
    settle();
    OK(tcflush(slave, TCOFLUSH));
    CHECK_READS(master, "abc");
    // A signal flushes both, and the same is true.
    CHECK_EQ(write(slave, "abc", 3), 3);
    settle();
    type("\003");
    CHECK_READS(master, "abc^C");
}

TEST(flushing_the_master_forgets_what_it_could_read)
{
    open_pair();
    type("typed");
    settle();
    OK(tcflush(master, TCOFLUSH));
    CHECK_READS(master, "typed");
    type("\n");
    CHECK_READS(slave, "typed\n");
    CHECK_READS(master, "\r\n");
    CHECK_EQ(write(slave, "abc", 3), 3);
    settle();
    OK(tcflush(master, TCIFLUSH));
    CHECK_NOTHING(master);
    type("gone\n");
    settle();
    OK(tcflush(slave, TCIFLUSH));
    CHECK_NOTHING(slave);
    CHECK_READS(master, "gone\r\n");
    CHECK_ERRNO(ioctl(slave, TCFLSH, 3), EINVAL);
    CHECK_ERRNO(ioctl(master, TCFLSH, -1), EINVAL);
}

TEST(flushing_makes_room_for_a_writer)
{
    static char text[1000];
    int waiting;
    open_pair();
    OK(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK));
    while (write(slave, text, sizeof text) > 0)
        settle();
    struct pollfd one = { .fd = slave, .events = POLLOUT };
    CHECK_EQ(poll(&one, 1, 0), 0);
    OK(tcflush(slave, TCOFLUSH));
    CHECK_EQ(poll(&one, 1, 0), 1);
    OK(ioctl(master, FIONREAD, &waiting));
    CHECK(waiting >= 4095);
}

TEST(a_typed_byte_can_be_faked_on_either_side)
{
    open_pair();
    OK(ioctl(slave, TIOCSTI, "x"));
    CHECK_READS(master, "x");
    OK(ioctl(slave, TIOCSTI, "\n"));
    CHECK_READS(slave, "x\n");
    CHECK_READS(master, "\r\n");
    OK(ioctl(master, TIOCSTI, "Q"));
    CHECK_READS(master, "Q");
    CHECK_NOTHING(slave);
    CHECK_ERRNO(ioctl(slave, TIOCSTI, 1), EFAULT);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(ioctl(slave, TIOCSTI, "x"), EPERM);
        CHECK_ERRNO(ioctl(slave, TIOCVHANGUP, 0), EPERM);
        CHECK_ERRNO(syscall(SYS_vhangup), EPERM);
    }
    CHECK_EXITS(user, 0);
}

// ---- signals from the master ------------------------------------------------------------------------------------------

TEST(the_master_sends_the_signals_of_keys)
{
    open_pair();
    for (int signo = -1; signo < 70; signo++)
    {
        bool is_key = signo == SIGINT || signo == SIGQUIT || signo == SIGTSTP;
        if (is_key)
            OK(ioctl(master, TIOCSIG_, signo));
        else
            CHECK_ERRNO(ioctl(master, TIOCSIG_, signo), EINVAL);
    }
    CHECK_ERRNO(ioctl(slave, TIOCSIG_, SIGINT), ENOTTY);
    struct gate gate = new_gate();
    FORK(leader)
    {
        OK(setsid());
        OK(ioctl(slave, TIOCSCTTY, 0));
        open_gate(&gate);
        for (;;)
            pause();
    }
    pass_gate(&gate);
    // Nothing is flushed, and nothing echoed.
    type("half");
    settle();
    OK(ioctl(master, TIOCSIG_, SIGINT));
    CHECK_KILLED(leader, SIGINT);
    type("\n");
    CHECK_READS(slave, "half\n");
}

// ---- what is not there --------------------------------------------------------------------------------------------------

TEST(what_pairs_do_not_have_is_enotty)
{
    static const unsigned long requests[] = {
        TIOCMGET, TIOCMSET, TIOCMBIS, TIOCMBIC, TIOCGICOUNT, TIOCMIWAIT, TIOCGSERIAL, TIOCSSERIAL, TIOCSERGETLSR,
        TIOCSERCONFIG, 0x4B33, 0x4B3B, 0x5600, 0x5432, 0xdead,
    };
    char buffer[256] = { 0 };
    open_pair();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
    {
        CHECK_ERRNO(ioctl(slave, requests[i], buffer), ENOTTY);
        CHECK_ERRNO(ioctl(master, requests[i], buffer), ENOTTY);
    }
    CHECK_ERRNO(ioctl(slave, TIOCPKT, buffer), ENOTTY);
    CHECK_ERRNO(ioctl(slave, TIOCSPTLCK, buffer), ENOTTY);
    CHECK_ERRNO(ioctl(slave, TIOCGPTPEER_, O_RDWR), EIO);
}

TEST(the_peer_is_opened_with_whatever_flags)
{
    open_pair();
    int peer = OK(ioctl(master, TIOCGPTPEER_, O_RDWR | O_NOCTTY | O_CREAT | O_EXCL | O_TRUNC));
    CHECK_EQ(fcntl(peer, F_GETFD), 0);
    CHECK_EQ(isatty(peer), 1);
    peer = OK(ioctl(master, TIOCGPTPEER_, O_RDONLY | O_NOCTTY | O_NONBLOCK));
    CHECK_EQ(fcntl(peer, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY | O_NONBLOCK);
}

TEST(bad_pointers_are_efault_on_either_side)
{
    static const unsigned long requests[] = { TIOCGWINSZ, TIOCSWINSZ, TCGETS, TCSETS, FIONREAD, TIOCOUTQ };
    open_pair();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
    {
        CHECK_ERRNO(ioctl(slave, requests[i], 1), EFAULT);
        CHECK_ERRNO(ioctl(master, requests[i], 1), EFAULT);
    }
    CHECK_ERRNO(ioctl(master, TIOCGPTN, 1), EFAULT);
    CHECK_ERRNO(ioctl(master, TIOCPKT, 1), EFAULT);
}
