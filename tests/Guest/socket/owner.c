// The signals of sockets: fcntl(2), F_SETOWN and O_ASYNC; unix(7), socket(7).
#include "check.h"
#include <sys/ioctl.h>
#include <sys/socket.h>

static volatile sig_atomic_t seen;
static volatile sig_atomic_t seen_code;
static volatile sig_atomic_t seen_fd;

static void note(UNUSED int signo, siginfo_t *info, UNUSED void *context)
{
    seen++;
    seen_code = info->si_code;
    seen_fd = info->si_fd;
}

static int ends[2];

static void open_pair(int type)
{
    seen = 0;
    OK(socketpair(AF_UNIX, type, 0, ends));
}

static void data_is_told(int type)
{
    open_pair(type);
    handle_info(SIGIO, note, 0);
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    OK(fcntl(ends[0], F_SETFL, O_ASYNC));
    CHECK_EQ(send(ends[1], "x", 1, 0), 1);
    EVENTUALLY(seen == 1);
    CHECK_EQ(seen_code, SI_KERNEL);
    OK(fcntl(ends[0], F_SETFL, 0));
    CHECK_EQ(send(ends[1], "x", 1, 0), 1);
    usleep(20000);
    CHECK_EQ(seen, 1);
}

TEST(the_owner_of_a_stream_is_told_of_data) { data_is_told(SOCK_STREAM); }

TEST(the_owner_of_a_datagram_socket_is_told_of_data) { data_is_told(SOCK_DGRAM); }

TEST(the_owner_is_told_of_a_connection)
{
    struct sockaddr_un { sa_family_t family; char path[108]; } address = { AF_UNIX, "listener" };
    int listener = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    OK(bind(listener, (struct sockaddr *)&address, sizeof address));
    OK(listen(listener, 1));
    seen = 0;
    handle_info(SIGIO, note, 0);
    OK(fcntl(listener, F_SETOWN, getpid()));
    OK(ioctl(listener, FIOASYNC, &(int){ 1 }));
    int client = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    OK(connect(client, (struct sockaddr *)&address, sizeof address));
    EVENTUALLY(seen >= 1);
}

TEST(a_chosen_signal_names_the_socket)
{
    open_pair(SOCK_STREAM);
    handle_info(SIGRTMIN, note, 0);
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    OK(fcntl(ends[0], F_SETSIG, SIGRTMIN));
    OK(fcntl(ends[0], F_SETFL, O_ASYNC));
    CHECK_EQ(send(ends[1], "x", 1, 0), 1);
    EVENTUALLY(seen >= 1);
    CHECK_EQ(seen_fd, ends[0]);
    CHECK_EQ(seen_code, POLL_IN);
}

TEST(an_urgent_byte_is_told_to_the_owner)
{
    open_pair(SOCK_STREAM);
    handle_info(SIGURG, note, 0);
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    if (send(ends[1], "u", 1, MSG_OOB) < 0)
    {
        // A kernel without urgent bytes on these sockets.
        CHECK_EQ(errno, EOPNOTSUPP);
        return;
    }
    EVENTUALLY(seen == 1);
    CHECK_EQ(seen_code, SI_KERNEL);
    CHECK_EQ(send(ends[1], "x", 1, 0), 1);
    usleep(20000);
    CHECK_EQ(seen, 1);
}

TEST(ioctls_name_the_owner_too)
{
    int id = 77;
    open_pair(SOCK_DGRAM);
    for (int way = 0; way < 2; way++)
    {
        unsigned long set = way == 0 ? FIOSETOWN : SIOCSPGRP;
        unsigned long get = way == 0 ? FIOGETOWN : SIOCGPGRP;
        id = getpid();
        OK(ioctl(ends[0], set, &id));
        CHECK_EQ(fcntl(ends[0], F_GETOWN), getpid());
        id = -getpgrp();
        OK(ioctl(ends[0], set, &id));
        id = 0;
        OK(ioctl(ends[0], get, &id));
        CHECK_EQ(id, -getpgrp());
        id = 0x3ffffff;
        CHECK_ERRNO(ioctl(ends[0], set, &id), ESRCH);
        CHECK_ERRNO(ioctl(ends[0], set, 1), EFAULT);
        CHECK_ERRNO(ioctl(ends[0], get, 1), EFAULT);
        id = 0;
        OK(ioctl(ends[0], set, &id));
        CHECK_EQ(fcntl(ends[0], F_GETOWN), 0);
    }
    int pipe_ends[2];
    OK(pipe(pipe_ends));
    CHECK_ERRNO(ioctl(pipe_ends[0], FIOGETOWN, &id), ENOTTY);
}
