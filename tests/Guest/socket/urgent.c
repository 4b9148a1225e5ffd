// MSG_OOB on streams: one byte that is ahead of the others. send(2), recv(2), sockatmark(3).
#include "socket.h"

static char urgent(int fd)
{
    char byte = 0;
    CHECK_EQ(recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT), 1);
    return byte;
}

static void say_urgently(int fd, const char *text)
{
    CHECK_EQ(send(fd, text, strlen(text), MSG_OOB), (long long)strlen(text));
}

static int at_mark(int fd)
{
    int result = -1;
    OK(ioctl(fd, 0x8905, &result));
    return result;
}

TEST(the_last_byte_is_urgent_and_can_be_had_first)
{
    make_pair(SOCK_STREAM);
    say_urgently(one, "abc");
    CHECK_EQ(ready(other) & POLLPRI, POLLPRI);
    CHECK_EQ(urgent(other), 'c');
    CHECK_EQ(ready(other) & POLLPRI, 0);
    HEAR(other, "ab");
}

TEST(there_may_be_nothing_urgent)
{
    char byte;
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EINVAL);
    say(one, "a");
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EINVAL);
    say_urgently(one, "b");
    CHECK_EQ(urgent(other), 'b');
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EINVAL);
    CHECK_ERRNO(send(one, "", 0, MSG_OOB), EOPNOTSUPP);
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EINVAL);
    make_pair(SOCK_DGRAM);
    CHECK_ERRNO(send(one, "a", 1, MSG_OOB), EOPNOTSUPP);
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EOPNOTSUPP);
}

TEST(reading_stops_at_the_mark_and_passes_over_it)
{
    make_pair(SOCK_STREAM);
    say(one, "ab");
    say_urgently(one, "c");
    say(one, "de");
    CHECK_EQ(at_mark(other), 0);
    HEAR(other, "ab");
    CHECK_EQ(at_mark(other), 1);
    HEAR(other, "de");
    CHECK_EQ(at_mark(other), 0);
}

TEST(the_mark_stays_when_the_byte_was_had)
{
    make_pair(SOCK_STREAM);
    say(one, "ab");
    say_urgently(one, "c");
    say(one, "de");
    CHECK_EQ(urgent(other), 'c');
    HEAR(other, "ab");
    HEAR(other, "de");
}

TEST(an_inline_byte_is_like_the_others)
{
    char byte;
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_OOBINLINE, 1));
    say(one, "ab");
    say_urgently(one, "c");
    say(one, "de");
    CHECK_ERRNO(recv(other, &byte, 1, MSG_OOB), EINVAL);
    HEAR(other, "ab");
    CHECK_EQ(at_mark(other), 1);
    HEAR(other, "cde");
}

TEST(a_later_one_makes_the_earlier_one_ordinary)
{
    make_pair(SOCK_STREAM);
    say_urgently(one, "a");
    say_urgently(one, "b");
    CHECK_EQ(urgent(other), 'b');
    HEAR(other, "a");
}

TEST(an_urgent_byte_can_be_peeked_at)
{
    char byte;
    make_pair(SOCK_STREAM);
    say_urgently(one, "ab");
    CHECK_EQ(recv(other, &byte, 1, MSG_OOB | MSG_PEEK), 1);
    CHECK_EQ(byte, 'b');
    CHECK_EQ(urgent(other), 'b');
    HEAR(other, "a");
}

TEST(an_urgent_byte_alone_is_nothing_to_a_reader)
{
    char byte;
    make_pair(SOCK_STREAM);
    say_urgently(one, "a");
    CHECK_ERRNO(recv(other, &byte, 1, MSG_DONTWAIT), EAGAIN);
    say_urgently(one, "b");
    FORK(child)
    {
        CHECK_EQ(recv(other, &byte, 1, 0), 1);
        CHECK_EQ(byte, 'x');
    }
    EVENTUALLY(process_state(child) == 'S');
    say(one, "x");
    CHECK_EXITS(child, 0);
}
