// Sockets in poll(2), select(2) and epoll(7).
#include "socket.h"
#include <sys/epoll.h>
#include <sys/select.h>

static int epoll_fd;

static void watch(int fd, uint32_t events)
{
    epoll_fd = OK(epoll_create1(EPOLL_CLOEXEC));
    OK(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = events }));
}

static int seen(void)
{
    struct epoll_event event = { 0 };
    int count = OK(epoll_wait(epoll_fd, &event, 1, 0));
    return count == 1 ? (int)event.events : 0;
}

TEST(epoll_sees_data_come_and_go)
{
    make_pair(SOCK_STREAM);
    watch(other, EPOLLIN);
    CHECK_EQ(seen(), 0);
    say(one, "x");
    CHECK_EQ(seen(), EPOLLIN);
    CHECK_EQ(seen(), EPOLLIN);
    HEAR(other, "x");
    CHECK_EQ(seen(), 0);
}

TEST(edge_triggered_epoll_sees_each_arrival)
{
    make_pair(SOCK_STREAM);
    watch(other, EPOLLIN | EPOLLET);
    say(one, "x");
    CHECK_EQ(seen(), EPOLLIN);
    CHECK_EQ(seen(), 0);
    say(one, "y");
    CHECK_EQ(seen(), EPOLLIN);
    CHECK_EQ(seen(), 0);
    HEAR(other, "xy");
    CHECK_EQ(seen(), 0);
}

TEST(edge_triggered_epoll_sees_room)
{
    static char chunk[4096];
    make_pair(SOCK_STREAM);
    watch(one, EPOLLOUT | EPOLLET);
    CHECK_EQ(seen(), EPOLLOUT);
    CHECK_EQ(seen(), 0);
    while (send(one, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        continue;
    CHECK_EQ(seen(), 0);
    while (recv(other, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        continue;
    CHECK_EQ(seen(), EPOLLOUT);
}

TEST(epoll_sees_the_end_of_the_other)
{
    make_pair(SOCK_STREAM);
    watch(other, EPOLLRDHUP | EPOLLET);
    CHECK_EQ(seen(), 0);
    OK(shutdown(one, SHUT_WR));
    CHECK_EQ(seen(), EPOLLRDHUP);
    CHECK_EQ(seen(), 0);
    OK(close(one));
    CHECK_EQ(seen(), EPOLLRDHUP | EPOLLHUP);
}

TEST(epoll_sees_connections)
{
    int listener = new_listener(SOCK_STREAM, "@epoll.listener", 5);
    watch(listener, EPOLLIN | EPOLLOUT);
    CHECK_EQ(seen(), 0);
    OK(connect_to(new_socket(SOCK_STREAM), "@epoll.listener"));
    CHECK_EQ(seen(), EPOLLIN);
    OK(accept(listener, NULL, NULL));
    CHECK_EQ(seen(), 0);
}

TEST(epoll_follows_a_socket_that_connects)
{
    int listener = new_listener(SOCK_STREAM, "@epoll.follows", 5), client = new_socket(SOCK_STREAM);
    watch(client, EPOLLIN | EPOLLOUT);
    CHECK_EQ(seen(), EPOLLOUT | EPOLLHUP);
    OK(connect_to(client, "@epoll.follows"));
    CHECK_EQ(seen(), EPOLLOUT);
    int server = OK(accept(listener, NULL, NULL));
    say(server, "x");
    CHECK_EQ(seen(), EPOLLIN | EPOLLOUT);
}

TEST(epoll_sees_room_in_the_queue_of_a_peer)
{
    char buffer[8];
    int server = new_socket(SOCK_DGRAM), client = new_socket(SOCK_DGRAM);
    OK(bind_to(server, "@epoll.room"));
    OK(connect_to(client, "@epoll.room"));
    watch(client, EPOLLOUT | EPOLLET);
    CHECK_EQ(seen(), EPOLLOUT);
    while (send(client, "x", 1, MSG_DONTWAIT) > 0)
        continue;
    CHECK_EQ(seen(), 0);
    CHECK_EQ(ready(client) & POLLOUT, 0);
    CHECK_EQ(recv(server, buffer, 8, 0), 1);
    CHECK_EQ(seen(), EPOLLOUT);
}

TEST(a_blocked_poll_wakes_on_data_and_on_the_end)
{
    make_pair(SOCK_STREAM);
    struct gate gate = new_gate();
    FORK(child)
    {
        char byte;
        OK(close(one));
        struct pollfd entry = { .fd = other, .events = POLLIN };
        CHECK_EQ(poll(&entry, 1, -1), 1);
        CHECK_EQ(entry.revents, POLLIN);
        CHECK_EQ(read(other, &byte, 1), 1);
        open_gate(&gate);
        CHECK_EQ(poll(&entry, 1, -1), 1);
        CHECK_EQ(entry.revents, POLLIN | POLLHUP);
    }
    EVENTUALLY(process_state(child) == 'S');
    say(one, "x");
    pass_gate(&gate);
    EVENTUALLY(process_state(child) == 'S');
    OK(close(one));
    CHECK_EXITS(child, 0);
}

TEST(select_sees_sockets)
{
    fd_set reading, writing;
    make_pair(SOCK_DGRAM);
    FD_ZERO(&reading);
    FD_ZERO(&writing);
    FD_SET(one, &reading);
    FD_SET(one, &writing);
    CHECK_EQ(select(one + 1, &reading, &writing, NULL, &(struct timeval){ 0, 0 }), 1);
    CHECK(!FD_ISSET(one, &reading) && FD_ISSET(one, &writing));
    say(other, "x");
    FD_SET(one, &reading);
    CHECK_EQ(select(one + 1, &reading, NULL, NULL, NULL), 1);
}

TEST(a_pending_error_is_seen)
{
    make_pair(SOCK_STREAM);
    say(one, "unread");
    watch(one, EPOLLIN);
    OK(close(other));
    CHECK_EQ(seen(), EPOLLIN | EPOLLERR | EPOLLHUP);
    CHECK_EQ(get_int(one, SO_ERROR), ECONNRESET);
    CHECK_EQ(seen(), EPOLLIN | EPOLLHUP);
}

TEST(a_watched_socket_in_a_message_is_watched_still)
{
    int outer[2];
    make_pair(SOCK_STREAM);
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, outer));
    watch(other, EPOLLIN);
    CHECK_EQ(send_file(outer[0], "x", other), 1);
    OK(close(other));
    say(one, "x");
    CHECK_EQ(seen(), EPOLLIN);
    OK(close(outer[0]));
    OK(close(outer[1]));
    EVENTUALLY(seen() == 0);
}
