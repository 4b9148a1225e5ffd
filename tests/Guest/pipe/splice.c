// splice(2), tee(2), vmsplice(2), and the sizes and packets of pipe(7).
#include "check.h"
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static int ends[2];
static int others[2];

static void open_pipes(void)
{
    OK(pipe2(ends, 0));
    OK(pipe2(others, 0));
}

static int open_file(const char *text)
{
    int file = OK(open("file", O_RDWR | O_CREAT | O_TRUNC, 0600));
    CHECK_EQ(write(file, text, strlen(text)), strlen(text));
    OK(lseek(file, 0, SEEK_SET));
    return file;
}

static void check_read(int fd, const char *expected)
{
    char text[64] = "";
    CHECK_EQ(read(fd, text, sizeof text - 1), strlen(expected));
    CHECK_STR(text, expected);
}

static int inside(int fd)
{
    int count = -1;
    OK(ioctl(fd, FIONREAD, &count));
    return count;
}

TEST(a_file_goes_into_a_pipe_from_its_offset)
{
    open_pipes();
    int file = open_file("0123456789");
    OK(lseek(file, 3, SEEK_SET));
    CHECK_EQ(splice(file, NULL, ends[1], NULL, 4, 0), 4);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 7);
    check_read(ends[0], "3456");
    CHECK_EQ(splice(file, NULL, ends[1], NULL, 100, 0), 3);
    CHECK_EQ(splice(file, NULL, ends[1], NULL, 100, 0), 0);
    check_read(ends[0], "789");
}

TEST(an_offset_of_its_own_moves_and_that_of_the_file_stays)
{
    open_pipes();
    int file = open_file("0123456789");
    off64_t offset = 5;
    CHECK_EQ(splice(file, &offset, ends[1], NULL, 3, 0), 3);
    CHECK_EQ(offset, 8);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 0);
    offset = 2;
    CHECK_EQ(splice(ends[0], NULL, file, &offset, 100, 0), 3);
    CHECK_EQ(offset, 5);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 0);
    check_read(file, "0156756789");
}

TEST(a_pipe_goes_into_a_file_until_it_is_empty)
{
    open_pipes();
    int file = open_file("");
    CHECK_EQ(write(ends[1], "hello ", 6), 6);
    CHECK_EQ(write(ends[1], "world", 5), 5);
    CHECK_EQ(splice(ends[0], NULL, file, NULL, 8, 0), 8);
    CHECK_EQ(splice(ends[0], NULL, file, NULL, 100, 0), 3);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 11);
    OK(lseek(file, 0, SEEK_SET));
    check_read(file, "hello world");
    OK(close(ends[1]));
    CHECK_EQ(splice(ends[0], NULL, file, NULL, 100, 0), 0);
}

TEST(two_hundred_kilobytes_pass_through_a_pipe_unchanged)
{
    static unsigned char data[200000];
    static unsigned char copy[200000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
    int from = open_file("");
    CHECK_EQ(write(from, data, sizeof data), sizeof data);
    OK(lseek(from, 0, SEEK_SET));
    int to = OK(open("copy", O_RDWR | O_CREAT, 0600));
    open_pipes();
    size_t total = 0;
    while (total < sizeof data)
    {
        ssize_t in = OK(splice(from, NULL, ends[1], NULL, 1 << 20, SPLICE_F_MOVE | SPLICE_F_MORE));
        CHECK(in > 0);
        CHECK(in <= 65536);
        for (ssize_t out = 0; out < in;)
            out += OK(splice(ends[0], NULL, to, NULL, (size_t)(in - out), 0));
        total += (size_t)in;
    }
    CHECK_EQ(pread(to, copy, sizeof copy, 0), sizeof copy);
    CHECK(memcmp(copy, data, sizeof data) == 0);
}

TEST(pages_go_from_pipe_to_pipe)
{
    open_pipes();
    CHECK_EQ(write(ends[1], "abcdef", 6), 6);
    CHECK_EQ(splice(ends[0], NULL, others[1], NULL, 4, 0), 4);
    CHECK_EQ(inside(ends[0]), 2);
    CHECK_EQ(inside(others[0]), 4);
    // What is written after it does not change what has gone.
    CHECK_EQ(write(ends[1], "GH", 2), 2);
    CHECK_EQ(write(others[1], "xy", 2), 2);
    check_read(others[0], "abcdxy");
    check_read(ends[0], "efGH");
}

TEST(tee_copies_and_leaves)
{
    open_pipes();
    CHECK_EQ(write(ends[1], "abc", 3), 3);
    CHECK_EQ(tee(ends[0], others[1], 100, 0), 3);
    CHECK_EQ(tee(ends[0], others[1], 2, 0), 2);
    CHECK_EQ(write(ends[1], "def", 3), 3);
    check_read(others[0], "abcab");
    check_read(ends[0], "abcdef");
    OK(close(ends[1]));
    CHECK_EQ(tee(ends[0], others[1], 100, 0), 0);
}

TEST(what_may_not_wait_is_eagain)
{
    open_pipes();
    int file = open_file("text");
    CHECK_ERRNO(splice(ends[0], NULL, file, NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_ERRNO(splice(ends[0], NULL, others[1], NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_ERRNO(tee(ends[0], others[1], 1, SPLICE_F_NONBLOCK), EAGAIN);
    OK(fcntl(ends[1], F_SETPIPE_SZ, 4096));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_ERRNO(splice(file, NULL, ends[1], NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
    OK(fcntl(others[1], F_SETPIPE_SZ, 4096));
    CHECK_EQ(write(others[1], "y", 1), 1);
    CHECK_ERRNO(splice(ends[0], NULL, others[1], NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_ERRNO(tee(ends[0], others[1], 1, SPLICE_F_NONBLOCK), EAGAIN);
    OK(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    CHECK_ERRNO(splice(file, NULL, ends[1], NULL, 1, 0), EAGAIN);
    check_read(ends[0], "x");
    OK(fcntl(ends[0], F_SETFL, O_NONBLOCK));
    CHECK_ERRNO(splice(ends[0], NULL, file, NULL, 1, 0), EAGAIN);
    CHECK_ERRNO(splice(ends[0], NULL, others[1], NULL, 1, 0), EAGAIN);
}

TEST(splice_waits_for_bytes_and_for_room)
{
    open_pipes();
    int file = open_file("rest");
    FORK(writer)
    {
        struct timespec pause = { .tv_nsec = 20000000 };
        nanosleep(&pause, NULL);
        CHECK_EQ(write(ends[1], "late", 4), 4);
        nanosleep(&pause, NULL);
        check_read(others[0], "x");
    }
    int copy = OK(open("copy", O_RDWR | O_CREAT, 0600));
    CHECK_EQ(splice(ends[0], NULL, copy, NULL, 100, 0), 4);
    OK(fcntl(others[1], F_SETPIPE_SZ, 4096));
    CHECK_EQ(write(others[1], "x", 1), 1);
    CHECK_EQ(splice(file, NULL, others[1], NULL, 4, 0), 4);
    CHECK_EXITS(writer, 0);
    check_read(others[0], "rest");
}

TEST(splice_refuses_what_is_no_pipe_and_offsets_of_pipes)
{
    open_pipes();
    int file = open_file("text");
    int other = OK(open("other", O_RDWR | O_CREAT, 0600));
    off64_t offset = 0;
    CHECK_ERRNO(splice(file, NULL, other, NULL, 1, 0), EINVAL);
    CHECK_ERRNO(splice(ends[0], &offset, file, NULL, 1, 0), ESPIPE);
    CHECK_ERRNO(splice(file, NULL, ends[1], &offset, 1, 0), ESPIPE);
    CHECK_ERRNO(splice(ends[0], NULL, ends[1], NULL, 1, 0), EINVAL);
    CHECK_ERRNO(splice(ends[1], NULL, file, NULL, 1, 0), EBADF);
    CHECK_ERRNO(splice(file, NULL, ends[0], NULL, 1, 0), EBADF);
    CHECK_ERRNO(splice(-1, NULL, ends[1], NULL, 1, 0), EBADF);
    CHECK_ERRNO(splice(file, NULL, ends[1], NULL, 1, 0x10), EINVAL);
    CHECK_EQ(splice(-1, NULL, -1, NULL, 0, 0), 0);
    offset = -1;
    CHECK_ERRNO(splice(file, &offset, ends[1], NULL, 1, 0), EINVAL);
    CHECK_ERRNO(splice(file, (off64_t *)8, ends[1], NULL, 1, 0), EFAULT);
    CHECK_ERRNO(tee(ends[0], ends[1], 1, 0), EINVAL);
    CHECK_ERRNO(tee(file, ends[1], 1, 0), EINVAL);
    CHECK_ERRNO(tee(ends[0], others[1], 1, 0x10), EINVAL);
    int appending = OK(open("file", O_WRONLY | O_APPEND));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_ERRNO(splice(ends[0], NULL, appending, NULL, 1, 0), EINVAL);
    CHECK_EQ(inside(ends[0]), 1);
    int directory = OK(open(".", O_RDONLY));
    CHECK_ERRNO(splice(directory, NULL, ends[1], NULL, 1, 0), EINVAL);
}

TEST(splice_without_readers_is_sigpipe)
{
    open_pipes();
    int file = open_file("text");
    OK(close(ends[0]));
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK_ERRNO(splice(file, NULL, ends[1], NULL, 1, 0), EPIPE);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 0);
    CHECK_EQ(write(others[1], "x", 1), 1);
    CHECK_ERRNO(splice(others[0], NULL, ends[1], NULL, 1, 0), EPIPE);
    CHECK_ERRNO(tee(others[0], ends[1], 1, 0), EPIPE);
    CHECK_EQ(inside(others[0]), 1);
    FORK(killed)
    {
        signal(SIGPIPE, SIG_DFL);
        splice(file, NULL, ends[1], NULL, 1, 0);
    }
    CHECK_KILLED(killed, SIGPIPE);
}

// The splice waits for room in a socket; others who want to read the pipe wait for it, and not by turning round.
TEST(readers_wait_while_the_last_bytes_are_on_their_way)
{
    static char block[4096];
    int sockets[2];
    open_pipes();
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
    OK(fcntl(sockets[1], F_SETFL, O_NONBLOCK));
    while (write(sockets[1], block, sizeof block) > 0)
        ;
    OK(fcntl(sockets[1], F_SETFL, 0));
    CHECK_EQ(write(ends[1], "last", 4), 4);
    OK(close(ends[1]));
    FORK(mover)
        CHECK_EQ(splice(ends[0], NULL, sockets[1], NULL, 4, 0), 4);
    usleep(20000);
    FORK(reader)
        CHECK_EQ(read(ends[0], block, sizeof block), 0);
    FORK(other)
        CHECK_EQ(splice(ends[0], NULL, others[1], NULL, 4, 0), 0);
    usleep(20000);
    OK(close(sockets[1]));
    while (read(sockets[0], block, sizeof block) > 0)
        ;
    CHECK_EXITS(mover, 0);
    CHECK_EXITS(reader, 0);
    CHECK_EXITS(other, 0);
}

TEST(what_a_file_does_not_take_stays_in_the_pipe)
{
    open_pipes();
    CHECK_EQ(write(ends[1], "text", 4), 4);
    int readable = OK(open("file", O_RDONLY | O_CREAT, 0600));
    CHECK_ERRNO(splice(ends[0], NULL, readable, NULL, 4, 0), EBADF);
    check_read(ends[0], "text");
    int null = OK(open("/dev/null", O_WRONLY));
    CHECK_EQ(write(ends[1], "gone", 4), 4);
    CHECK_EQ(splice(ends[0], NULL, null, NULL, 100, 0), 4);
}

TEST(memory_goes_into_a_pipe_and_out_again)
{
    open_pipes();
    char first[] = "memory ";
    char second[] = "pieces";
    struct iovec in[2] = { { first, 7 }, { second, 6 } };
    CHECK_EQ(vmsplice(ends[1], in, 2, 0), 13);
    char text[32] = "";
    struct iovec out[2] = { { text, 3 }, { text + 3, 20 } };
    CHECK_EQ(vmsplice(ends[0], out, 2, 0), 13);
    CHECK_STR(text, "memory pieces");
    CHECK_ERRNO(vmsplice(ends[0], out, 2, SPLICE_F_NONBLOCK), EAGAIN);
    int file = open_file("");
    CHECK_ERRNO(vmsplice(file, in, 2, 0), EBADF);
    CHECK_ERRNO(vmsplice(ends[1], in, 2, 0x10), EINVAL);
    CHECK_ERRNO(vmsplice(ends[1], in, IOV_MAX + 1, 0), EINVAL);
    CHECK_EQ(vmsplice(ends[1], in, 0, 0), 0);
    struct iovec bad = { (void *)8, 4 };
    CHECK_ERRNO(vmsplice(ends[1], &bad, 1, 0), EFAULT);
    static char much[100000];
    struct iovec large = { much, sizeof much };
    ssize_t taken = vmsplice(ends[1], &large, 1, 0);
    CHECK(taken > 0 && taken <= 65536);
    CHECK_ERRNO(vmsplice(ends[1], &large, 1, SPLICE_F_NONBLOCK), EAGAIN);
}

TEST(packets_are_read_one_at_a_time)
{
    int packets[2];
    OK(pipe2(packets, O_DIRECT));
    CHECK_EQ(OK(fcntl(packets[1], F_GETFL)) & O_DIRECT, O_DIRECT);
    CHECK_EQ(write(packets[1], "first", 5), 5);
    CHECK_EQ(write(packets[1], "second", 6), 6);
    char text[16] = "";
    CHECK_EQ(read(packets[0], text, 3), 3);
    CHECK_STR(text, "fir");
    check_read(packets[0], "second");
    static char large[5000];
    static char copy[5000];
    CHECK_EQ(write(packets[1], large, sizeof large), sizeof large);
    CHECK_EQ(read(packets[0], copy, sizeof copy), PIPE_BUF);
    CHECK_EQ(read(packets[0], copy, sizeof copy), sizeof copy - PIPE_BUF);
    // And it can be turned on and off.
    OK(pipe2(ends, 0));
    OK(fcntl(ends[1], F_SETFL, O_DIRECT));
    CHECK_EQ(write(ends[1], "one", 3), 3);
    OK(fcntl(ends[1], F_SETFL, 0));
    CHECK_EQ(write(ends[1], "two", 3), 3);
    CHECK_EQ(write(ends[1], "three", 5), 5);
    check_read(ends[0], "one");
    check_read(ends[0], "twothree");
}

TEST(a_pipe_has_sixteen_pages_for_writes_of_any_length)
{
    OK(pipe2(ends, O_NONBLOCK));
    static char block[4000];
    int count = 0;
    while (write(ends[1], block, sizeof block) > 0)
        count++;
    CHECK_EQ(count, 16);
    CHECK_EQ(inside(ends[0]), 16 * 4000);
    // What fits in the last page still does.
    CHECK_EQ(write(ends[1], block, 96), 96);
    CHECK_ERRNO(write(ends[1], block, 1), EAGAIN);
    // Part of a page is not room.
    CHECK_EQ(read(ends[0], block, 3999), 3999);
    CHECK_ERRNO(write(ends[1], block, 1), EAGAIN);
    CHECK_EQ(read(ends[0], block, 1), 1);
    CHECK_EQ(write(ends[1], block, 1), 1);
}

TEST(the_size_of_a_pipe_can_be_changed)
{
    OK(pipe2(ends, O_NONBLOCK));
    CHECK_EQ(fcntl(ends[0], F_GETPIPE_SZ), 65536);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 70000), 131072);
    CHECK_EQ(fcntl(ends[0], F_GETPIPE_SZ), 131072);
    static char data[200000];
    CHECK_EQ(write(ends[1], data, sizeof data), 131072);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, 65536), EBUSY);
    CHECK_EQ(read(ends[0], data, 100000), 100000);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 65536), 65536);
    CHECK_EQ(read(ends[0], data, sizeof data), 31072);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 0), 4096);
    CHECK_EQ(write(ends[1], data, sizeof data), 4096);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, 0x80000001u), EINVAL);
    int file = open_file("");
    CHECK_ERRNO(fcntl(file, F_GETPIPE_SZ), EBADF);
    CHECK_ERRNO(fcntl(file, F_SETPIPE_SZ, 4096), EBADF);
}

TEST(a_user_may_not_have_pipes_of_more_than_a_megabyte)
{
    char text[32];
    read_file("/proc/sys/fs/pipe-max-size", text, sizeof text);
    CHECK_EQ(atoi(text), 1048576);
    read_file("/proc/sys/fs/pipe-user-pages-soft", text, sizeof text);
    CHECK_EQ(atoi(text), 16384);
    OK(pipe2(ends, 0));
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 2097152), 2097152);
    OK(pipe2(others, 0));
    FORK(user)
    {
        OK(setgid(1234));
        OK(setuid(1234));
        CHECK_EQ(fcntl(others[1], F_SETPIPE_SZ, 1048576), 1048576);
        CHECK_ERRNO(fcntl(others[1], F_SETPIPE_SZ, 1048577), EPERM);
        CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 1048577), 2097152);
    }
    CHECK_EXITS(user, 0);
}

TEST(many_pipes_of_a_user_become_small)
{
    FORK(user)
    {
        OK(setgid(1234));
        OK(setuid(1234));
        int small = 0;
        for (int i = 0; i < 400; i++)
        {
            int pair[2];
            OK(pipe(pair));
            if (i < 60)
                CHECK_EQ(fcntl(pair[0], F_SETPIPE_SZ, 1048576), 1048576);
            else if (fcntl(pair[0], F_GETPIPE_SZ) != 65536)
                small++;
        }
        CHECK(small > 0);
        int last[2];
        OK(pipe(last));
        CHECK_EQ(fcntl(last[0], F_GETPIPE_SZ), 8192);
        CHECK_ERRNO(fcntl(last[0], F_SETPIPE_SZ, 65536), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(a_named_pipe_forgets_its_size_with_the_last_close)
{
    OK(mkfifo("fifo", 0600));
    int fd = OK(open("fifo", O_RDWR));
    CHECK_EQ(fcntl(fd, F_SETPIPE_SZ, 4096), 4096);
    OK(close(fd));
    fd = OK(open("fifo", O_RDWR));
    CHECK_EQ(fcntl(fd, F_GETPIPE_SZ), 65536);
}

TEST(sync_file_range_checks_its_arguments)
{
    int file = open_file("text");
    OK(sync_file_range(file, 0, 4, SYNC_FILE_RANGE_WRITE));
    OK(sync_file_range(file, 0, 0, 7));
    CHECK_ERRNO(sync_file_range(file, 0, 4, 8), EINVAL);
    CHECK_ERRNO(sync_file_range(file, -1, 4, 0), EINVAL);
    CHECK_ERRNO(sync_file_range(file, 0, -4, 0), EINVAL);
    CHECK_ERRNO(sync_file_range(-1, 0, 4, 0), EBADF);
    OK(pipe2(ends, 0));
    CHECK_ERRNO(sync_file_range(ends[0], 0, 4, 0), ESPIPE);
}
