// unix(7), SCM_RIGHTS: descriptors of sockets in messages that wait in just such sockets. Whatever was
// passed in
// circles and dropped must be gone: the system's count of open files tells.
#include "socket.h"

static long open_files(void)
{
    char text[64];
    read_file("/proc/sys/fs/file-nr", text, sizeof text);
    return atol(text);
}

// Linux gives files back a little later, and counts in steps of 32 for each processor.
#define CHECK_ALL_GONE(before) EVENTUALLY(open_files() <= (before) + 64)

static int witness;

// An end of a pipe that must be closed in the end: its other end tells.
static int make_witness(void)
{
    int ends[2];
    OK(pipe(ends));
    witness = ends[1];
    signal(SIGPIPE, SIG_IGN);
    return ends[0];
}

static bool is_witness_gone(void) { return write(witness, "x", 1) < 0 && errno == EPIPE; }

// Linux looks for circles when a socket is closed that nothing else refers to.
static void close_some_socket(void)
{
    int pair[2];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    OK(close(pair[0]));
    OK(close(pair[1]));
}

static void in_itself(int type)
{
    int watched = make_witness();
    make_pair(type);
    CHECK_EQ(send_file(one, "w", watched), 1);
    CHECK_EQ(send_file(one, "x", other), 1);
    OK(close(watched));
    OK(close(other));
    OK(close(one));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
}

TEST(a_stream_in_itself_is_freed) { in_itself(SOCK_STREAM); }

TEST(a_datagram_socket_in_itself_is_freed) { in_itself(SOCK_DGRAM); }

TEST(a_packet_socket_in_itself_is_freed) { in_itself(SOCK_SEQPACKET); }

TEST(both_ends_in_each_other_are_freed)
{
    int watched = make_witness();
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "w", watched), 1);
    CHECK_EQ(send_file(one, "x", one), 1);
    CHECK_EQ(send_file(other, "x", other), 1);
    OK(close(watched));
    OK(close(one));
    OK(close(other));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
}

TEST(a_ring_of_sockets_is_freed)
{
    enum
    {
        LENGTH = 100,
    };
    int pairs[LENGTH][2];
    long before = open_files();
    int watched = make_witness();
    for (int i = 0; i < LENGTH; i++)
        OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pairs[i]));
    CHECK_EQ(send_file(pairs[7][0], "w", watched), 1);
    // Each waits in the next.
    for (int i = 0; i < LENGTH; i++)
        CHECK_EQ(send_file(pairs[(i + 1) % LENGTH][0], "x", pairs[i][1]), 1);
    OK(close(watched));
    for (int i = 0; i < LENGTH; i++)
        OK(close(pairs[i][0]));
    CHECK(!is_witness_gone());
    for (int i = 0; i < LENGTH; i++)
        OK(close(pairs[i][1]));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
    OK(close(witness));
    CHECK_ALL_GONE(before);
}

TEST(a_circle_that_can_be_reached_stays)
{
    int outside[2];
    OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, outside));
    // The receiver of a circle waits in a queue that somebody has: it can come back.
    int watched = make_witness();
    make_pair(SOCK_DGRAM);
    CHECK_EQ(send_file(one, "x", other), 1);
    CHECK_EQ(send_file(one, "w", watched), 1);
    CHECK_EQ(send_file(outside[0], "o", other), 1);
    OK(close(watched));
    OK(close(other));
    OK(close(one));
    close_some_socket();
    CHECK(!is_witness_gone());
    int back = receive_file(outside[1]);
    int again = receive_file(back);
    watched = receive_file(again);
    OK(close(back));
    OK(close(again));
    close_some_socket();
    CHECK(!is_witness_gone());
    OK(close(watched));
    CHECK(is_witness_gone());
}

TEST(a_circle_through_a_connection_that_waits_is_freed)
{
    int watched = make_witness();
    int listener = new_listener(SOCK_STREAM, "@circle.listener", 5), client = new_socket(SOCK_STREAM);
    OK(connect_to(client, "@circle.listener"));
    CHECK_EQ(send_file(client, "w", watched), 1);
    CHECK_EQ(send_file(client, "x", listener), 1);
    OK(close(watched));
    OK(close(listener));
    OK(close(client));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
}

TEST(a_socket_waits_while_it_is_in_a_message)
{
    make_pair(SOCK_STREAM);
    int outer[2];
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, outer));
    CHECK_EQ(send_file(outer[0], "x", other), 1);
    say(one, "patient");
    OK(close(other));
    close_some_socket();
    int back = receive_file(outer[1]);
    HEAR(back, "patient");
}

TEST(messages_in_messages_are_freed_however_deep)
{
    enum
    {
        DEPTH = 2000,
    };
    int watched = make_witness();
    int inner = watched;
    for (int i = 0; i < DEPTH; i++)
    {
        int pair[2];
        OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
        ssize_t sent = send_file(pair[0], "x", inner);
        // Some kernels let messages nest only so deep.
        if (sent < 0)
            CHECK_EQ(errno, ETOOMANYREFS);
        OK(close(pair[0]));
        OK(close(inner));
        inner = pair[1];
    }
    OK(close(inner));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
}

TEST(thousands_of_circles_leave_nothing)
{
    enum
    {
        ROUNDS = 2000,
    };
    long before = open_files();
    for (int i = loops(ROUNDS); i > 0; i--)
    {
        make_pair(i % 2 == 0 ? SOCK_STREAM : SOCK_SEQPACKET);
        CHECK_EQ(send_file(one, "x", one), 1);
        CHECK_EQ(send_file(other, "x", other), 1);
        CHECK_EQ(send_file(other, "x", one), 1);
        OK(close(one));
        OK(close(other));
    }
    close_some_socket();
    CHECK_ALL_GONE(before);
}

TEST(a_process_that_dies_leaves_no_circles)
{
    long before = open_files();
    int watched = make_witness();
    FORK(child)
    {
        for (int i = 0; i < 50; i++)
        {
            make_pair(SOCK_STREAM);
            CHECK_EQ(send_file(one, "x", one), 1);
            CHECK_EQ(send_file(other, "x", other), 1);
            CHECK_EQ(send_file(other, "w", watched), 1);
        }
        kill(getpid(), SIGKILL);
    }
    CHECK_KILLED(child, SIGKILL);
    OK(close(watched));
    close_some_socket();
    EVENTUALLY(is_witness_gone());
    OK(close(witness));
    CHECK_ALL_GONE(before);
}
