// unix(7), SOCK_DGRAM and SOCK_SEQPACKET: messages stay whole.
#include "socket.h"

static void keep_boundaries(int type)
{
    make_pair(type);
    say(one, "first");
    say(one, "second");
    HEAR(other, "first");
    HEAR(other, "second");
    CHECK_EMPTY(other);
}

TEST(datagrams_keep_their_boundaries) { keep_boundaries(SOCK_DGRAM); }

TEST(packets_keep_their_boundaries) { keep_boundaries(SOCK_SEQPACKET); }

TEST(a_raw_socket_is_one_for_datagrams)
{
    int fd = new_socket(SOCK_RAW);
    CHECK_EQ(get_int(fd, SO_TYPE), SOCK_DGRAM);
}

static void truncate_message(int type)
{
    struct message message;
    char buffer[4] = { 0 };
    make_pair(type);
    say(one, "abcdef");
    say(one, "abcdef");
    say(one, "abcdef");
    say(one, "next");
    CHECK_EQ(recv(other, buffer, 2, 0), 2);
    CHECK_BYTES(buffer, "ab", 2);
    CHECK_EQ(recv(other, buffer, 2, MSG_TRUNC), 6);
    memset(&message, 0, sizeof message);
    message.vector = (struct iovec){ buffer, 3 };
    message.header = (struct msghdr){ .msg_iov = &message.vector, .msg_iovlen = 1 };
    CHECK_EQ(recvmsg(other, &message.header, 0), 3);
    CHECK_EQ(message.header.msg_flags, MSG_TRUNC);
    HEAR(other, "next");
}

TEST(what_does_not_fit_of_a_datagram_is_lost) { truncate_message(SOCK_DGRAM); }

TEST(what_does_not_fit_of_a_packet_is_lost) { truncate_message(SOCK_SEQPACKET); }

TEST(an_empty_datagram_is_a_message)
{
    char byte;
    make_pair(SOCK_DGRAM);
    CHECK_EQ(send(one, "", 0, 0), 0);
    CHECK_EQ(write(one, "", 0), 0);
    say(one, "x");
    // read(2) with no room takes nothing, recv(2) does.
    CHECK_EQ(read(other, &byte, 0), 0);
    CHECK_EQ(recv(other, &byte, 1, 0), 0);
    CHECK_EQ(ready(other) & POLLIN, POLLIN);
    CHECK_EQ(recv(other, &byte, 0, 0), 0);
    HEAR(other, "x");
}

TEST(an_end_of_record_is_not_shown)
{
    struct message message;
    make_pair(SOCK_SEQPACKET);
    CHECK_EQ(send(one, "x", 1, MSG_EOR), 1);
    CHECK_EQ(receive(other, &message, 0, 0), 1);
    CHECK_EQ(message.header.msg_flags, 0);
}

TEST(a_message_larger_than_the_buffer_is_refused)
{
    int most = 0;
    make_pair(SOCK_DGRAM);
    most = get_int(one, SO_SNDBUF) - 32;
    char *data = calloc(1, (size_t)most + 1);
    CHECK_EQ(send(one, data, (size_t)most, MSG_DONTWAIT), most);
    CHECK_EQ(recv(other, data, (size_t)most + 1, 0), most);
    CHECK_ERRNO(send(one, data, (size_t)most + 1, MSG_DONTWAIT), EMSGSIZE);
    make_pair(SOCK_SEQPACKET);
    CHECK_ERRNO(send(one, data, (size_t)most + 1, MSG_DONTWAIT), EMSGSIZE);
}

TEST(a_datagram_socket_hears_from_anybody)
{
    scratch();
    struct sockaddr_un from;
    socklen_t length;
    char buffer[16] = { 0 };
    int server = new_socket(SOCK_DGRAM), named = new_socket(SOCK_DGRAM), unnamed = new_socket(SOCK_DGRAM);
    OK(bind_to(server, "server"));
    OK(bind_to(named, "client"));
    CHECK_EQ(send_to(named, "a", 0, "server"), 1);
    CHECK_EQ(send_to(unnamed, "b", 0, "server"), 1);
    length = sizeof from;
    CHECK_EQ(recvfrom(server, buffer, 16, 0, (struct sockaddr *)&from, &length), 1);
    CHECK_EQ(length, NAME_OFFSET + 7);
    CHECK_EQ(from.sun_family, AF_UNIX);
    CHECK_STR(from.sun_path, "client");
    length = sizeof from;
    CHECK_EQ(recvfrom(server, buffer, 16, 0, (struct sockaddr *)&from, &length), 1);
    CHECK_EQ(length, 0);
}

TEST(a_datagram_needs_an_address)
{
    int fd = new_socket(SOCK_DGRAM);
    CHECK_ERRNO(send(fd, "x", 1, 0), ENOTCONN);
    CHECK_ERRNO(send_to(fd, "x", 0, "@nobody.here"), ECONNREFUSED);
    CHECK_ERRNO(send_to(fd, "x", 0, "/no/such/path"), ENOENT);
    CHECK_ERRNO(sendto(fd, "x", 1, 0, name("/tmp"), 1), EINVAL);
    CHECK_ERRNO(sendto(fd, "x", 1, 0, name("/tmp"), 2), EINVAL);
    CHECK_ERRNO(send_to(fd, "x", 0, "/tmp"), ECONNREFUSED);
}

TEST(connecting_a_datagram_socket_gives_it_an_address)
{
    int server = new_socket(SOCK_DGRAM), client = new_socket(SOCK_DGRAM), third = new_socket(SOCK_DGRAM);
    struct sockaddr_un peer;
    socklen_t length = sizeof peer;
    OK(bind_to(server, "@dgram.server"));
    OK(bind_to(third, "@dgram.third"));
    OK(connect_to(client, "@dgram.server"));
    OK(getpeername(client, (struct sockaddr *)&peer, &length));
    CHECK_EQ(length, NAME_OFFSET + 13);
    say(client, "to server");
    HEAR(server, "to server");
    CHECK_EQ(send_to(client, "elsewhere", 0, "@dgram.third"), 9);
    HEAR(third, "elsewhere");
    OK(connect_to(client, "@dgram.third"));
    say(client, "to third");
    HEAR(third, "to third");
    OK(connect(client, &(struct sockaddr){ .sa_family = AF_UNSPEC }, 2));
    CHECK_ERRNO(send(client, "x", 1, 0), ENOTCONN);
    CHECK_ERRNO(getpeername(client, (struct sockaddr *)&peer, &length), ENOTCONN);
}

TEST(a_connected_datagram_socket_hears_from_its_peer_only)
{
    int a = new_socket(SOCK_DGRAM), b = new_socket(SOCK_DGRAM), c = new_socket(SOCK_DGRAM);
    OK(bind_to(a, "@only.a"));
    OK(bind_to(b, "@only.b"));
    OK(connect_to(a, "@only.b"));
    CHECK_ERRNO(send_to(c, "x", 0, "@only.a"), EPERM);
    CHECK_ERRNO(connect_to(c, "@only.a"), EPERM);
    CHECK_EQ(send_to(b, "x", 0, "@only.a"), 1);
    OK(connect_to(b, "@only.a"));
    say(b, "y");
}

TEST(a_queue_of_datagrams_has_eleven_places)
{
    char buffer[8];
    int server = new_socket(SOCK_DGRAM), client = new_socket(SOCK_DGRAM);
    OK(bind_to(server, "@eleven"));
    for (int i = 0; i < 11; i++)
        CHECK_EQ(send_to(client, "x", MSG_DONTWAIT, "@eleven"), 1);
    CHECK_ERRNO(send_to(client, "x", MSG_DONTWAIT, "@eleven"), EAGAIN);
    CHECK_EQ(ready(client) & POLLOUT, POLLOUT);
    OK(connect_to(client, "@eleven"));
    CHECK_EQ(ready(client) & POLLOUT, 0);
    CHECK_EQ(recv(server, buffer, 8, 0), 1);
    CHECK_EQ(ready(client) & POLLOUT, POLLOUT);
    say(client, "y");
}

TEST(a_sender_waits_for_room_in_the_queue)
{
    char buffer[8];
    int server = new_socket(SOCK_DGRAM), client = new_socket(SOCK_DGRAM);
    OK(bind_to(server, "@waiting"));
    for (int i = 0; i < 11; i++)
        CHECK_EQ(send_to(client, "x", MSG_DONTWAIT, "@waiting"), 1);
    FORK(child)
    {
        CHECK_EQ(send_to(client, "late", 0, "@waiting"), 4);
    }
    FORK(second)
    {
        OK(connect_to(client, "@waiting"));
        CHECK_EQ(write(client, "late", 4), 4);
    }
    EVENTUALLY(process_state(child) == 'S' && process_state(second) == 'S');
    for (int i = 0; i < 11; i++)
        CHECK_EQ(recv(server, buffer, 8, 0), 1);
    CHECK_EXITS(child, 0);
    CHECK_EXITS(second, 0);
    CHECK_EQ(recv(server, buffer, 8, 0), 4);
    CHECK_EQ(recv(server, buffer, 8, 0), 4);
}

TEST(a_datagram_to_a_closed_peer_is_refused_and_disconnects)
{
    make_pair(SOCK_DGRAM);
    OK(close(other));
    CHECK_EQ(ready(one), POLLOUT | POLLWRNORM | POLLWRBAND);
    CHECK_ERRNO(send(one, "x", 1, 0), ECONNREFUSED);
    CHECK_ERRNO(send(one, "x", 1, 0), ENOTCONN);
}

TEST(a_packet_to_a_closed_peer_is_epipe_without_a_signal)
{
    char byte;
    make_pair(SOCK_SEQPACKET);
    say(other, "last");
    OK(close(other));
    CHECK_ERRNO(send(one, "x", 1, 0), EPIPE);
    CHECK_ERRNO(write(one, "x", 1), EPIPE);
    HEAR(one, "last");
    CHECK_EQ(recv(one, &byte, 1, 0), 0);
}

TEST(a_datagram_to_who_does_not_read_is_epipe_without_a_signal)
{
    char byte;
    make_pair(SOCK_DGRAM);
    OK(shutdown(other, SHUT_RD));
    CHECK_ERRNO(send(one, "x", 1, 0), EPIPE);
    OK(shutdown(one, SHUT_WR));
    CHECK_ERRNO(send(one, "x", 1, 0), EPIPE);
    // Who waits is told the end, who does not is told that there is nothing.
    CHECK_ERRNO(recv(other, &byte, 1, MSG_DONTWAIT), EAGAIN);
    CHECK_EQ(recv(other, &byte, 1, 0), 0);
}

TEST(losing_a_packet_resets_the_connection)
{
    char byte;
    make_pair(SOCK_SEQPACKET);
    say(one, "unread");
    say(other, "kept");
    OK(close(other));
    CHECK_EQ(ready(one) & POLLERR, POLLERR);
    // Unlike a stream's, the error comes before the data.
    CHECK_ERRNO(recv(one, &byte, 1, 0), ECONNRESET);
    HEAR(one, "kept");
}

TEST(an_unconnected_packet_socket_carries_nothing)
{
    char byte;
    int fd = new_socket(SOCK_SEQPACKET);
    CHECK_ERRNO(send(fd, "x", 1, 0), ENOTCONN);
    CHECK_ERRNO(recv(fd, &byte, 1, 0), ENOTCONN);
    CHECK_EQ(ready(fd), POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
}

TEST(an_address_of_a_packet_is_passed_over)
{
    make_pair(SOCK_SEQPACKET);
    CHECK_EQ(send_to(one, "x", 0, "@nobody.here"), 1);
    HEAR(other, "x");
}

TEST(peek_shows_a_message_and_leaves_it)
{
    char buffer[8] = { 0 };
    make_pair(SOCK_DGRAM);
    say(one, "abc");
    say(one, "def");
    CHECK_EQ(recv(other, buffer, 8, MSG_PEEK), 3);
    CHECK_EQ(recv(other, buffer, 1, MSG_PEEK | MSG_TRUNC), 3);
    OK(set_int(other, SO_PEEK_OFF, 1));
    CHECK_EQ(recv(other, buffer, 1, MSG_PEEK), 1);
    CHECK_EQ(buffer[0], 'b');
    CHECK_EQ(recv(other, buffer, 8, MSG_PEEK), 1);
    CHECK_EQ(buffer[0], 'c');
    CHECK_EQ(recv(other, buffer, 8, MSG_PEEK), 3);
    CHECK_BYTES(buffer, "def", 3);
    HEAR(other, "abc");
    CHECK_EQ(get_int(other, SO_PEEK_OFF), 3);
}

TEST(fionread_tells_the_length_of_the_first)
{
    int count = -1;
    make_pair(SOCK_DGRAM);
    say(one, "abc");
    say(one, "defghi");
    OK(ioctl(other, FIONREAD, &count));
    CHECK_EQ(count, 3);
    OK(ioctl(one, TIOCOUTQ, &count));
    CHECK(count >= 9);
}

// Of a connection it tells all there is, whole or not.
TEST(fionread_of_sequenced_packets_tells_all)
{
    int count = -1;
    make_pair(SOCK_SEQPACKET);
    say(one, "abc");
    say(one, "defghi");
    OK(ioctl(other, FIONREAD, &count));
    CHECK_EQ(count, 9);
    HEAR(other, "abc");
    OK(ioctl(other, FIONREAD, &count));
    CHECK_EQ(count, 6);
}

TEST(only_streams_have_a_mark)
{
    int mark;
    make_pair(SOCK_DGRAM);
    CHECK_ERRNO(ioctl(one, SIOCATMARK, &mark), EOPNOTSUPP);
    make_pair(SOCK_SEQPACKET);
    CHECK_ERRNO(ioctl(one, SIOCATMARK, &mark), EOPNOTSUPP);
    make_pair(SOCK_STREAM);
    OK(ioctl(one, SIOCATMARK, &mark));
    CHECK_EQ(mark, 0);
}

TEST(a_bad_address_takes_a_message_away)
{
    char *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    make_pair(SOCK_DGRAM);
    CHECK_ERRNO(send(one, bad, 4, 0), EFAULT);
    CHECK_EMPTY(other);
    say(one, "abc");
    CHECK_ERRNO(recv(other, bad, 4, 0), EFAULT);
    CHECK_EMPTY(other);
}

TEST(several_messages_go_in_one_call)
{
    struct mmsghdr headers[4] = { 0 };
    struct iovec vectors[4];
    char buffers[4][8] = { "a", "bc", "def", "" };
    make_pair(SOCK_DGRAM);
    for (int i = 0; i < 4; i++)
    {
        vectors[i] = (struct iovec){ buffers[i], (size_t)i + 1 };
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    CHECK_EQ(sendmmsg(one, headers, 3, 0), 3);
    CHECK_EQ(headers[2].msg_len, 3);
    for (int i = 0; i < 4; i++)
        vectors[i].iov_len = 8;
    CHECK_EQ(syscall(SYS_recvmmsg, other, headers, 4, MSG_WAITFORONE, NULL), 3);
    CHECK_EQ(headers[0].msg_len, 1);
    CHECK_EQ(headers[2].msg_len, 3);
    CHECK_BYTES(buffers[2], "def", 3);
    CHECK_ERRNO(syscall(SYS_recvmmsg, other, headers, 4, MSG_DONTWAIT, NULL), EAGAIN);
    CHECK_ERRNO(syscall(SYS_recvmmsg, other, headers, 4, 0, &(struct timespec){ 0, -1 }), EINVAL);
    CHECK_EQ(syscall(SYS_recvmmsg, other, headers, 0, 0, NULL), 0);
    CHECK_EQ(sendmmsg(one, headers, 0, 0), 0);
}

TEST(a_timestamp_comes_with_a_datagram)
{
    struct message message;
    struct timeval now, *sent;
    make_pair(SOCK_DGRAM);
    OK(set_int(other, SO_TIMESTAMP, 1));
    CHECK_EQ(get_int(other, SO_TIMESTAMP), 1);
    say(one, "x");
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    struct cmsghdr *found = find_control(&message, SO_TIMESTAMP);
    CHECK(found != NULL);
    sent = (struct timeval *)CMSG_DATA(found);
    now.tv_sec = time(NULL);
    CHECK(sent->tv_sec <= now.tv_sec && sent->tv_sec >= now.tv_sec - 30);
}

TEST(turning_to_another_peer_loses_what_waits_and_tells)
{
    make_pair(SOCK_DGRAM);
    int third = new_socket(SOCK_DGRAM);
    OK(bind_to(third, "@turning"));
    say(other, "lost");
    OK(connect_to(one, "@turning"));
    CHECK_EMPTY(one);
    CHECK_EQ(get_int(other, SO_ERROR), ECONNRESET);
}
