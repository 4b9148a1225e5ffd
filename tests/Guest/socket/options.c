// socket(7), getsockopt(2), setsockopt(2).
#include "socket.h"
#include <sys/time.h>

TEST(type_domain_and_protocol_are_told)
{
    int fd = new_socket(SOCK_SEQPACKET);
    CHECK_EQ(get_int(fd, SO_TYPE), SOCK_SEQPACKET);
    CHECK_EQ(get_int(fd, SO_DOMAIN), AF_UNIX);
    CHECK_EQ(get_int(fd, SO_PROTOCOL), 0);
    CHECK_EQ(get_int(fd, SO_ERROR), 0);
    CHECK_EQ(get_int(fd, SO_ACCEPTCONN), 0);
    CHECK_EQ(get_int(fd, SO_SNDLOWAT), 1);
    CHECK_EQ(get_int(fd, SO_BSDCOMPAT), 0);
    CHECK_ERRNO(set_int(fd, SO_TYPE, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, SO_DOMAIN, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, SO_PROTOCOL, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, SO_ERROR, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, SO_SNDLOWAT, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, SO_PEERCRED, 1), ENOPROTOOPT);
    CHECK_ERRNO(set_int(fd, 9999, 1), ENOPROTOOPT);
}

TEST(switches_are_kept)
{
    static const int switches[] = { SO_REUSEADDR, SO_DONTROUTE, SO_BROADCAST, SO_KEEPALIVE,
                                    SO_OOBINLINE, SO_RXQ_OVFL, SO_PASSCRED, SO_PASSSEC, SO_DEBUG, SO_NO_CHECK };
    int fd = new_socket(SOCK_STREAM);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
    {
        CHECK_EQ(get_int(fd, switches[i]), 0);
        OK(set_int(fd, switches[i], 5));
        CHECK_EQ(get_int(fd, switches[i]), 1);
        OK(set_int(fd, switches[i], 0));
        CHECK_EQ(get_int(fd, switches[i]), 0);
    }
}

TEST(ports_are_not_shared_where_there_are_none)
{
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(set_int(fd, SO_REUSEPORT, 1), EOPNOTSUPP);
    OK(set_int(fd, SO_REUSEPORT, 0));
    CHECK_EQ(get_int(fd, SO_REUSEPORT), 0);
}

TEST(buffers_are_doubled_and_bounded)
{
    int fd = new_socket(SOCK_STREAM);
    CHECK_EQ(get_int(fd, SO_SNDBUF), 212992);
    CHECK_EQ(get_int(fd, SO_RCVBUF), 212992);
    OK(set_int(fd, SO_SNDBUF, 10000));
    OK(set_int(fd, SO_RCVBUF, 10000));
    CHECK_EQ(get_int(fd, SO_SNDBUF), 20000);
    CHECK_EQ(get_int(fd, SO_RCVBUF), 20000);
    OK(set_int(fd, SO_SNDBUF, 0));
    OK(set_int(fd, SO_RCVBUF, 0));
    CHECK_EQ(get_int(fd, SO_SNDBUF), 4608);
    CHECK_EQ(get_int(fd, SO_RCVBUF), 2304);
    OK(set_int(fd, SO_SNDBUF, -1));
    OK(set_int(fd, SO_RCVBUF, 1 << 30));
    CHECK_EQ(get_int(fd, SO_SNDBUF), 425984);
    CHECK_EQ(get_int(fd, SO_RCVBUF), 425984);
    OK(set_int(fd, SO_SNDBUFFORCE, 1 << 20));
    OK(set_int(fd, SO_RCVBUFFORCE, 1 << 20));
    CHECK_EQ(get_int(fd, SO_SNDBUF), 1 << 21);
    CHECK_EQ(get_int(fd, SO_RCVBUF), 1 << 21);
}

TEST(a_small_send_buffer_is_full_soon)
{
    static char data[100000];
    make_pair(SOCK_STREAM);
    OK(set_int(one, SO_SNDBUF, 8192));
    ssize_t sent = OK(send(one, data, sizeof data, MSG_DONTWAIT));
    CHECK(sent > 0 && sent < 40000);
    CHECK_ERRNO(send(one, data, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(privileged_options_are_refused)
{
    int fd = new_socket(SOCK_STREAM);
    OK(set_int(fd, SO_PRIORITY, 7));
    CHECK_EQ(get_int(fd, SO_PRIORITY), 7);
    OK(set_int(fd, SO_MARK, 3));
    CHECK_EQ(get_int(fd, SO_MARK), 3);
    FORK(child)
    {
        become(1234);
        CHECK_ERRNO(set_int(fd, SO_SNDBUFFORCE, 1 << 20), EPERM);
        CHECK_ERRNO(set_int(fd, SO_RCVBUFFORCE, 1 << 20), EPERM);
        CHECK_ERRNO(set_int(fd, SO_DEBUG, 1), EACCES);
        CHECK_ERRNO(set_int(fd, SO_MARK, 1), EPERM);
        CHECK_ERRNO(set_int(fd, SO_PRIORITY, 7), EPERM);
        CHECK_ERRNO(set_int(fd, SO_PRIORITY, -1), EPERM);
        OK(set_int(fd, SO_PRIORITY, 6));
    }
    CHECK_EXITS(child, 0);
}

TEST(time_outs_are_kept)
{
    struct timeval time = { 3, 500000 }, got;
    socklen_t length = sizeof got;
    int fd = new_socket(SOCK_STREAM);
    OK(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &got, &length));
    CHECK_EQ(length, sizeof got);
    CHECK_EQ(got.tv_sec, 0);
    OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    OK(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &got, &length));
    CHECK_EQ(got.tv_sec, 3);
    CHECK_EQ(got.tv_usec, 500000);
    // The numbers of programs with a wide time_t everywhere.
    OK(setsockopt(fd, SOL_SOCKET, 67, &time, sizeof time));
    OK(getsockopt(fd, SOL_SOCKET, 67, &got, &length));
    CHECK_EQ(got.tv_sec, 3);
    OK(getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &got, &length));
    CHECK_EQ(got.tv_usec, 500000);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ 0, 1000000 }, sizeof time), EDOM);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ 0, -1 }, sizeof time), EDOM);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, 8), EINVAL);
    OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ 0, 0 }, sizeof time));
}

TEST(linger_is_kept)
{
    struct linger got = { 0 };
    socklen_t length = sizeof got;
    int fd = new_socket(SOCK_STREAM);
    OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 30 }, sizeof got));
    OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &length));
    CHECK_EQ(got.l_onoff, 1);
    CHECK_EQ(got.l_linger, 30);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_LINGER, &got, 4), EINVAL);
}

TEST(lengths_are_checked)
{
    char value[16] = { 0 };
    socklen_t length = 1;
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, 3), EINVAL);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, (socklen_t)-1), EINVAL);
    CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NULL, 4), EFAULT);
    OK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, 16));
    value[1] = 9;
    OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, value, &length));
    CHECK_EQ(length, 1);
    CHECK_EQ(value[0], SOCK_STREAM);
    CHECK_EQ(value[1], 9);
    length = (socklen_t)-1;
    CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_TYPE, value, &length), EINVAL);
    CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_TYPE, value, NULL), EFAULT);
    length = 4;
    CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_TYPE, NULL, &length), EFAULT);
    CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, 9999, value, &length), ENOPROTOOPT);
    CHECK_ERRNO(getsockopt(fd, 6, 1, value, &length), EOPNOTSUPP);
    CHECK_ERRNO(setsockopt(fd, 6, 1, value, 4), EOPNOTSUPP);
}

TEST(the_peer_of_a_pair_is_its_maker)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    FORK(child)
    {
        OK(syscall(SYS_setresgid, 1, 2, 3));
        OK(syscall(SYS_setresuid, 10, 20, 30));
        make_pair(SOCK_STREAM);
        OK(getsockopt(one, SOL_SOCKET, SO_PEERCRED, &peer, &length));
        CHECK_EQ(length, sizeof peer);
        CHECK_EQ(peer.pid, getpid());
        CHECK_EQ(peer.uid, 20);
        CHECK_EQ(peer.gid, 2);
    }
    CHECK_EXITS(child, 0);
}

TEST(the_peer_of_a_connection_is_who_connected_or_listened)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    int listener = new_listener(SOCK_STREAM, "@peers", 1);
    FORK(child)
    {
        become(1234);
        int client = new_socket(SOCK_STREAM);
        OK(getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &length));
        CHECK_EQ(peer.pid, 0);
        CHECK_EQ(peer.uid, (uid_t)-1);
        OK(connect_to(client, "@peers"));
        OK(getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &length));
        CHECK_EQ(peer.pid, getppid());
        CHECK_EQ(peer.uid, 0);
    }
    CHECK_EXITS(child, 0);
    int server = OK(accept(listener, NULL, NULL));
    OK(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    CHECK_EQ(peer.pid, child);
    CHECK_EQ(peer.uid, 1234);
    CHECK_EQ(peer.gid, 1234);
}

TEST(the_groups_of_a_peer_are_told)
{
    gid_t groups[4] = { 5, 7, 9 }, got[4] = { 0 };
    socklen_t length = sizeof got;
    FORK(child)
    {
        OK(syscall(SYS_setgroups, 3, groups));
        make_pair(SOCK_STREAM);
        OK(getsockopt(one, SOL_SOCKET, SO_PEERGROUPS, got, &length));
        CHECK_EQ(length, 12);
        CHECK_EQ(got[0] + got[1] + got[2], 21);
        length = 8;
        CHECK_ERRNO(getsockopt(one, SOL_SOCKET, SO_PEERGROUPS, got, &length), ERANGE);
        CHECK_EQ(length, 12);
        length = sizeof got;
        CHECK_ERRNO(getsockopt(new_socket(SOCK_STREAM), SOL_SOCKET, SO_PEERGROUPS, got, &length), ENODATA);
    }
    CHECK_EXITS(child, 0);
}

TEST(there_is_no_security_label)
{
    char label[64];
    socklen_t length = sizeof label;
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(getsockopt(one, SOL_SOCKET, SO_PEERSEC, label, &length), ENOPROTOOPT);
}
