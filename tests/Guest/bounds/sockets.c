// What programs can make the kernel keep in sockets has an end, and comes back when they are closed.
#include "../health.h"
#include "../socket/socket.h"
#include <sys/resource.h>

enum
{
    USER = 1234,
    PAIRS = 150,
};

static void allow_descriptors(rlim_t count) { OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ count, count })); }

TEST(connections_that_nobody_accepts_end_with_the_backlog)
{
    struct health before = health_before();
    FORK(child)
    {
        allow_descriptors(1024);
        become(USER);
        int listener = new_listener(SOCK_STREAM, "@bounds.backlog", 1 << 30);
        int count = 0;
        for (; count < 5000; count++)
        {
            int client = OK(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
            if (connect_to(client, "@bounds.backlog") != 0)
                break;
            // What it has sent waits, though it is closed.
            say(client, "left behind");
            OK(close(client));
        }
        CHECK_EQ(errno, EAGAIN);
        CHECK_EQ(count, 4097);
        OK(close(listener));
    }
    CHECK_EXITS(child, 0);
    health_check(&before);
}

TEST(full_sockets_hold_what_their_buffers_say_and_give_it_back)
{
    struct health before = health_before();
    FORK(child)
    {
        static char chunk[65536];
        allow_descriptors(2 * PAIRS + 10);
        become(USER);
        for (int i = 0; i < PAIRS; i++)
        {
            int pair[2];
            OK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
            long sent = 0, got;
            while ((got = send(pair[0], chunk, sizeof chunk, 0)) > 0)
                sent += got;
            CHECK_EQ(errno, EAGAIN);
            CHECK(sent >= 65536 && sent <= 300000);
        }
    }
    CHECK_EXITS(child, 0);
    health_check(&before);
}

TEST(descriptors_in_messages_are_bounded_for_a_user)
{
    FORK(child)
    {
        int files[250] = { 0 };
        allow_descriptors(500);
        become(USER);
        int sent = 0;
        for (int i = 0; i < 100; i++)
        {
            int pair[2];
            OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
            if (send_files(pair[0], "x", files, 250) < 0)
                break;
            sent++;
        }
        CHECK_EQ(errno, ETOOMANYREFS);
        CHECK_EQ(sent, 3);
    }
    CHECK_EXITS(child, 0);
}
