// unix(7), SOCK_STREAM: pairs and the transfer of bytes; send(2), recv(2), shutdown(2).
#include "socket.h"
#include <sys/sendfile.h>

static void fill(int fd)
{
    static char chunk[4096];
    while (send(fd, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        continue;
    CHECK_EQ(errno, EAGAIN);
}

TEST(bytes_go_both_ways_in_order)
{
    make_pair(SOCK_STREAM);
    say(one, "abc");
    say(one, "def");
    say(other, "xyz");
    HEAR(other, "abcdef");
    HEAR(one, "xyz");
    CHECK_EMPTY(one);
    CHECK_EMPTY(other);
}

TEST(read_and_write_are_the_same_as_recv_and_send)
{
    char buffer[8] = { 0 };
    make_pair(SOCK_STREAM);
    CHECK_EQ(write(one, "hello", 5), 5);
    CHECK_EQ(read(other, buffer, 2), 2);
    CHECK_EQ(read(other, buffer + 2, 6), 3);
    CHECK_STR(buffer, "hello");
    CHECK_EQ(write(one, "", 0), 0);
    CHECK_EQ(read(other, buffer, 0), 0);
    CHECK_EMPTY(other);
}

TEST(vectors_are_one_run_of_bytes)
{
    char a[2], b[4] = { 0 };
    make_pair(SOCK_STREAM);
    CHECK_EQ(writev(one, (struct iovec[]){ { "ab", 2 }, { "", 0 }, { "cde", 3 } }, 3), 5);
    CHECK_EQ(readv(other, (struct iovec[]){ { a, 2 }, { b, 3 } }, 2), 5);
    CHECK_BYTES(a, "ab", 2);
    CHECK_STR(b, "cde");
}

TEST(a_socket_has_no_offset)
{
    char byte;
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(lseek(one, 0, SEEK_SET), ESPIPE);
    CHECK_ERRNO(pread(one, &byte, 1, 0), ESPIPE);
    CHECK_ERRNO(pwrite(one, "x", 1, 0), ESPIPE);
    CHECK_ERRNO(fsync(one), EINVAL);
    CHECK_ERRNO(ftruncate(one, 0), EINVAL);
    CHECK_ERRNO((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, one, 0), ENODEV);
}

TEST(a_blocked_reader_gets_what_is_written)
{
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        char buffer[8] = { 0 };
        CHECK_EQ(read(other, buffer, sizeof buffer), 4);
        CHECK_STR(buffer, "late");
    }
    EVENTUALLY(process_state(child) == 'S');
    say(one, "late");
    CHECK_EXITS(child, 0);
}

TEST(a_blocked_writer_goes_on_when_there_is_room)
{
    enum
    {
        TOTAL = 1 << 20,
    };
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        char *data = malloc(TOTAL);
        for (int i = 0; i < TOTAL; i++)
            data[i] = (char)(i * 7 + i / 251);
        CHECK_EQ(write(one, data, TOTAL), TOTAL);
    }
    char buffer[10000];
    for (int at = 0; at < TOTAL;)
    {
        ssize_t got = OK(read(other, buffer, sizeof buffer));
        CHECK(got > 0);
        for (ssize_t i = 0; i < got; i++, at++)
            CHECK_EQ(buffer[i], (char)(at * 7 + at / 251));
    }
    CHECK_EXITS(child, 0);
}

TEST(a_full_socket_refuses_and_takes_again_when_it_was_read)
{
    static char rest[1 << 20];
    make_pair(SOCK_STREAM);
    CHECK_EQ(ready(one) & POLLOUT, POLLOUT);
    fill(one);
    CHECK_EQ(ready(one) & POLLOUT, 0);
    CHECK_ERRNO(send(one, "x", 1, MSG_DONTWAIT), EAGAIN);
    while (recv(other, rest, sizeof rest, MSG_DONTWAIT) > 0)
        continue;
    CHECK_EQ(ready(one) & POLLOUT, POLLOUT);
    say(one, "x");
}

TEST(the_end_comes_after_the_data)
{
    char byte;
    make_pair(SOCK_STREAM);
    say(one, "last");
    OK(close(one));
    CHECK_EQ(ready(other), POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
    HEAR(other, "last");
    CHECK_EQ(recv(other, &byte, 1, 0), 0);
    CHECK_EQ(read(other, &byte, 1), 0);
}

TEST(writing_to_a_closed_end_is_epipe_and_sigpipe)
{
    make_pair(SOCK_STREAM);
    OK(close(one));
    CHECK_ERRNO(send(other, "x", 1, MSG_NOSIGNAL), EPIPE);
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(other, "x", 1), EPIPE);
    CHECK_ERRNO(send(other, "x", 1, 0), EPIPE);
    FORK(child)
    {
        signal(SIGPIPE, SIG_DFL);
        send(other, "x", 1, 0);
    }
    CHECK_KILLED(child, SIGPIPE);
    FORK(second)
    {
        signal(SIGPIPE, SIG_DFL);
        (void)!write(other, "x", 1);
    }
    CHECK_KILLED(second, SIGPIPE);
}

TEST(closing_with_unread_bytes_resets_the_other_end)
{
    char byte;
    make_pair(SOCK_STREAM);
    say(one, "unread");
    say(other, "kept");
    OK(close(other));
    CHECK_EQ(ready(one) & POLLERR, POLLERR);
    HEAR(one, "kept");
    CHECK_ERRNO(recv(one, &byte, 1, 0), ECONNRESET);
    CHECK_EQ(recv(one, &byte, 1, 0), 0);
}

TEST(a_reset_is_told_once_by_so_error)
{
    make_pair(SOCK_STREAM);
    say(one, "unread");
    OK(close(other));
    CHECK_EQ(get_int(one, SO_ERROR), ECONNRESET);
    CHECK_EQ(get_int(one, SO_ERROR), 0);
}

TEST(shutdown_of_writing_is_the_end_for_the_reader)
{
    char byte;
    make_pair(SOCK_STREAM);
    say(one, "ab");
    OK(shutdown(one, SHUT_WR));
    HEAR(other, "ab");
    CHECK_EQ(recv(other, &byte, 1, 0), 0);
    CHECK_ERRNO(send(one, "x", 1, MSG_NOSIGNAL), EPIPE);
    say(other, "back");
    HEAR(one, "back");
    CHECK_EQ(ready(other), POLLIN | POLLRDNORM | POLLRDHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
}

TEST(shutdown_of_reading_refuses_the_writer)
{
    char byte;
    make_pair(SOCK_STREAM);
    say(one, "ab");
    OK(shutdown(other, SHUT_RD));
    CHECK_ERRNO(send(one, "x", 1, MSG_NOSIGNAL), EPIPE);
    HEAR(other, "ab");
    CHECK_EQ(recv(other, &byte, 1, 0), 0);
    say(other, "back");
    HEAR(one, "back");
}

TEST(shutdown_of_both_ends_hangs_up)
{
    make_pair(SOCK_STREAM);
    OK(shutdown(one, SHUT_RDWR));
    CHECK_EQ(ready(one), POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
    CHECK_EQ(ready(other), POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
    CHECK_ERRNO(shutdown(one, 3), EINVAL);
    CHECK_ERRNO(shutdown(one, -1), EINVAL);
    OK(shutdown(one, SHUT_RD));
}

TEST(shutdown_wakes_a_blocked_reader)
{
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        char byte;
        CHECK_EQ(read(other, &byte, 1), 0);
    }
    EVENTUALLY(process_state(child) == 'S');
    OK(shutdown(other, SHUT_RDWR));
    CHECK_EXITS(child, 0);
}

TEST(closing_wakes_a_blocked_writer)
{
    make_pair(SOCK_STREAM);
    fill(one);
    FORK(child)
    {
        OK(close(other));
        // What waited was lost, which it is told first.
        CHECK_ERRNO(send(one, "x", 1, MSG_NOSIGNAL), ECONNRESET);
        CHECK_ERRNO(send(one, "x", 1, MSG_NOSIGNAL), EPIPE);
    }
    EVENTUALLY(process_state(child) == 'S');
    OK(close(other));
    CHECK_EXITS(child, 0);
}

TEST(peek_leaves_the_bytes)
{
    char buffer[8] = { 0 };
    make_pair(SOCK_STREAM);
    say(one, "peek");
    CHECK_EQ(recv(other, buffer, 2, MSG_PEEK), 2);
    CHECK_STR(buffer, "pe");
    CHECK_EQ(recv(other, buffer, 8, MSG_PEEK), 4);
    HEAR(other, "peek");
}

TEST(peek_offset_moves_along)
{
    char buffer[8] = { 0 };
    make_pair(SOCK_STREAM);
    CHECK_EQ(get_int(other, SO_PEEK_OFF), -1);
    OK(set_int(other, SO_PEEK_OFF, 1));
    say(one, "abcdef");
    CHECK_EQ(recv(other, buffer, 2, MSG_PEEK), 2);
    CHECK_BYTES(buffer, "bc", 2);
    CHECK_EQ(get_int(other, SO_PEEK_OFF), 3);
    CHECK_EQ(recv(other, buffer, 2, MSG_PEEK), 2);
    CHECK_BYTES(buffer, "de", 2);
    CHECK_EQ(recv(other, buffer, 2, 0), 2);
    CHECK_BYTES(buffer, "ab", 2);
    CHECK_EQ(get_int(other, SO_PEEK_OFF), 3);
    OK(set_int(other, SO_PEEK_OFF, -1));
    CHECK_EQ(recv(other, buffer, 8, MSG_PEEK), 4);
    CHECK_BYTES(buffer, "cdef", 4);
}

TEST(waitall_waits_for_all)
{
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        char buffer[8] = { 0 };
        OK(close(one));
        CHECK_EQ(recv(other, buffer, 6, MSG_WAITALL), 6);
        CHECK_STR(buffer, "abcdef");
        CHECK_EQ(recv(other, buffer, 6, MSG_WAITALL), 2);
    }
    say(one, "abc");
    EVENTUALLY(process_state(child) == 'S');
    say(one, "def");
    EVENTUALLY(process_state(child) == 'S');
    say(one, "gh");
    OK(close(other));
    OK(close(one));
    CHECK_EXITS(child, 0);
}

TEST(low_water_makes_a_reader_wait_for_more)
{
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_RCVLOWAT, 4));
    CHECK_EQ(get_int(other, SO_RCVLOWAT), 4);
    FORK(child)
    {
        char buffer[8] = { 0 };
        CHECK_EQ(read(other, buffer, 8), 5);
        CHECK_STR(buffer, "abcde");
    }
    say(one, "abc");
    EVENTUALLY(process_state(child) == 'S');
    say(one, "de");
    CHECK_EXITS(child, 0);
}

TEST(trunc_on_a_stream_means_nothing)
{
    char buffer[2];
    make_pair(SOCK_STREAM);
    say(one, "abcd");
    CHECK_EQ(recv(other, buffer, 2, MSG_TRUNC), 2);
    HEAR(other, "cd");
}

TEST(an_address_is_refused)
{
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(send_to(one, "x", 0, "@nobody"), EISCONN);
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(send_to(fd, "x", 0, "@nobody"), EOPNOTSUPP);
}

TEST(an_unconnected_socket_carries_nothing)
{
    char byte;
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(send(fd, "x", 1, 0), ENOTCONN);
    CHECK_ERRNO(write(fd, "x", 1), ENOTCONN);
    CHECK_ERRNO(recv(fd, &byte, 1, 0), EINVAL);
    CHECK_ERRNO(read(fd, &byte, 1), EINVAL);
    CHECK_EQ(ready(fd), POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND);
    OK(shutdown(fd, SHUT_RDWR));
}

TEST(a_bad_address_moves_nothing)
{
    char *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(send(one, bad, 4, 0), EFAULT);
    CHECK_EMPTY(other);
    say(one, "kept");
    CHECK_ERRNO(recv(other, bad, 4, 0), EFAULT);
    HEAR(other, "kept");
}

TEST(so_many_bytes_wait_as_fionread_says)
{
    int count = -1;
    make_pair(SOCK_STREAM);
    OK(ioctl(other, FIONREAD, &count));
    CHECK_EQ(count, 0);
    say(one, "abcdef");
    OK(ioctl(other, FIONREAD, &count));
    CHECK_EQ(count, 6);
    OK(ioctl(one, TIOCOUTQ, &count));
    CHECK(count >= 6);
    HEAR(other, "abcdef");
    OK(ioctl(one, TIOCOUTQ, &count));
    CHECK_EQ(count, 0);
    CHECK_ERRNO(ioctl(one, TCGETS, &count), ENOTTY);
}

TEST(nonblocking_by_flag_fcntl_and_ioctl)
{
    char byte;
    int pair[2];
    OK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
    CHECK_EQ(fcntl(pair[0], F_GETFL), O_RDWR | O_NONBLOCK);
    CHECK_EQ(fcntl(pair[0], F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(read(pair[0], &byte, 1), EAGAIN);
    OK(ioctl(pair[0], FIONBIO, &(int){ 0 }));
    CHECK_EQ(fcntl(pair[0], F_GETFL), O_RDWR);
    OK(fcntl(pair[0], F_SETFL, O_NONBLOCK));
    CHECK_ERRNO(recv(pair[0], &byte, 1, 0), EAGAIN);
}

static void nothing(UNUSED int signo) {}

TEST(a_signal_interrupts_or_restarts_a_wait)
{
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        char byte;
        handle(SIGUSR1, nothing, 0);
        CHECK_ERRNO(recv(other, &byte, 1, 0), EINTR);
        handle(SIGUSR2, nothing, SA_RESTART);
        CHECK_EQ(recv(other, &byte, 1, 0), 1);
    }
    EVENTUALLY(process_state(child) == 'S');
    // It may sleep elsewhere for a moment; the first signal that comes before its handler would kill it.
    nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    OK(kill(child, SIGUSR1));
    nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    EVENTUALLY(process_state(child) == 'S');
    OK(kill(child, SIGUSR2));
    nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    say(one, "x");
    CHECK_EXITS(child, 0);
}

TEST(a_time_out_ends_a_wait)
{
    char byte;
    struct timeval brief = { 0, 30000 };
    make_pair(SOCK_STREAM);
    OK(setsockopt(other, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief));
    OK(setsockopt(one, SOL_SOCKET, SO_SNDTIMEO, &brief, sizeof brief));
    CHECK_ERRNO(recv(other, &byte, 1, 0), EAGAIN);
    CHECK_ERRNO(read(other, &byte, 1), EAGAIN);
    fill(one);
    CHECK_ERRNO(send(one, "x", 1, 0), EAGAIN);
    CHECK_ERRNO(write(one, "x", 1), EAGAIN);
}

TEST(sendfile_goes_into_a_socket)
{
    scratch();
    int file = write_file("data", "file contents", 13);
    make_pair(SOCK_STREAM);
    CHECK_EQ(sendfile(one, file, NULL, 100), 13);
    HEAR(other, "file contents");
    CHECK_ERRNO(sendfile(file, other, NULL, 1), EINVAL);
}

TEST(splice_goes_through_a_socket)
{
    char buffer[16] = { 0 };
    int ends[2];
    OK(pipe(ends));
    make_pair(SOCK_STREAM);
    CHECK_EQ(write(ends[1], "spliced", 7), 7);
    CHECK_EQ(splice(ends[0], NULL, one, NULL, 100, 0), 7);
    CHECK_EQ(splice(other, NULL, ends[1], NULL, 100, 0), 7);
    CHECK_EQ(read(ends[0], buffer, sizeof buffer), 7);
    CHECK_STR(buffer, "spliced");
}

TEST(many_write_to_one_and_all_arrives)
{
    enum
    {
        WRITERS = 4,
        EACH = 2000,
    };
    make_pair(SOCK_STREAM);
    pid_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
    {
        writers[i] = OK(fork());
        if (writers[i] != 0)
            continue;
        for (int n = 0; n < EACH; n++)
            CHECK_EQ(write(one, &(char){ (char)i }, 1), 1);
        _exit(0);
    }
    OK(close(one));
    int counts[WRITERS] = { 0 };
    char buffer[512];
    ssize_t got;
    while ((got = OK(read(other, buffer, sizeof buffer))) > 0)
        for (ssize_t i = 0; i < got; i++)
            counts[(int)buffer[i]]++;
    for (int i = 0; i < WRITERS; i++)
    {
        CHECK_EQ(counts[i], EACH);
        CHECK_EXITS(writers[i], 0);
    }
}
