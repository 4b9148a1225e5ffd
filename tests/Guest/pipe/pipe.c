// pipe(7).
#include "check.h"
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static int ends[2];

static void open_pipe(int flags)
{
    OK(pipe2(ends, flags));
}

// Writes until the pipe is full, and returns how many bytes fit.
static long fill(void)
{
    static char page[CHECK_PAGE];
    long total = 0;
    int flags = OK(fcntl(ends[1], F_GETFL));
    OK(fcntl(ends[1], F_SETFL, flags | O_NONBLOCK));
    ssize_t length;
    while ((length = write(ends[1], page, sizeof page)) > 0)
        total += length;
    CHECK_EQ(errno, EAGAIN);
    OK(fcntl(ends[1], F_SETFL, flags));
    return total;
}

TEST(bytes_come_out_in_order)
{
    char text[8] = "";
    open_pipe(0);
    CHECK_EQ(write(ends[1], "abc", 3), 3);
    CHECK_EQ(write(ends[1], "def", 3), 3);
    CHECK_EQ(read(ends[0], text, 2), 2);
    CHECK_EQ(read(ends[0], text + 2, 6), 4);
    CHECK_STR(text, "abcdef");
}

TEST(bytes_stay_in_order_over_many_turns_of_the_buffer)
{
    // Sizes that share no factor with the buffer, so that every wrap position occurs.
    open_pipe(0);
    unsigned char next_in = 0;
    unsigned char next_out = 0;
    long inside = 0;
    for (int turn = 0; turn < 3000; turn++)
    {
        unsigned char block[1000];
        int length = 1 + turn * 37 % 997;
        if (inside + length <= 60000)
        {
            for (int i = 0; i < length; i++)
                block[i] = next_in++;
            CHECK_EQ(write(ends[1], block, (size_t)length), length);
            inside += length;
        }
        length = 1 + turn * 53 % 991;
        if (length > inside)
            length = (int)inside;
        CHECK_EQ(read(ends[0], block, (size_t)length), length);
        inside -= length;
        for (int i = 0; i < length; i++)
            CHECK_EQ(block[i], next_out++);
    }
}

TEST(a_megabyte_passes_between_processes_unchanged)
{
    enum { TOTAL = 1 << 20 };
    open_pipe(0);
    FORK(writer)
    {
        static unsigned char block[7919];
        unsigned char value = 0;
        for (long sent = 0; sent < TOTAL;)
        {
            size_t length = TOTAL - sent < (long)sizeof block ? (size_t)(TOTAL - sent) : sizeof block;
            for (size_t i = 0; i < length; i++)
                block[i] = value++;
            CHECK_EQ(write(ends[1], block, length), length);
            sent += (long)length;
        }
    }
    OK(close(ends[1]));
    unsigned char value = 0;
    long total = 0;
    static unsigned char block[5003];
    ssize_t length;
    while ((length = OK(read(ends[0], block, sizeof block))) > 0)
    {
        for (ssize_t i = 0; i < length; i++)
            CHECK_EQ(block[i], value++);
        total += length;
    }
    CHECK_EQ(total, TOTAL);
    CHECK_EXITS(writer, 0);
}

TEST(reading_without_writers_is_the_end_of_file)
{
    char byte;
    open_pipe(0);
    CHECK_EQ(write(ends[1], "a", 1), 1);
    OK(close(ends[1]));
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}

TEST(a_reader_that_sleeps_is_woken_by_the_last_close)
{
    open_pipe(0);
    FORK(reader)
    {
        char byte;
        OK(close(ends[1]));
        CHECK_EQ(read(ends[0], &byte, 1), 0);
    }
    EVENTUALLY(process_state(reader) == 'S');
    OK(close(ends[1]));
    CHECK_EXITS(reader, 0);
}

TEST(writing_without_readers_is_sigpipe_and_epipe)
{
    open_pipe(0);
    OK(close(ends[0]));
    FORK(child)
        (void)!write(ends[1], "x", 1);
    CHECK_KILLED(child, SIGPIPE);
    handle(SIGPIPE, SIG_IGN, 0);
    CHECK_ERRNO(write(ends[1], "x", 1), EPIPE);
    CHECK_EQ(write(ends[1], "x", 0), 0);
}

TEST(a_writer_that_sleeps_is_woken_when_the_last_reader_closes)
{
    open_pipe(0);
    fill();
    handle(SIGPIPE, SIG_IGN, 0);
    FORK(writer)
    {
        OK(close(ends[0]));
        CHECK_ERRNO(write(ends[1], "x", 1), EPIPE);
    }
    EVENTUALLY(process_state(writer) == 'S');
    OK(close(ends[0]));
    CHECK_EXITS(writer, 0);
}

TEST(an_empty_nonblocking_pipe_is_eagain_not_end_of_file)
{
    char byte;
    open_pipe(O_NONBLOCK);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    CHECK_EQ(write(ends[1], "a", 1), 1);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
}

TEST(the_capacity_is_65536_bytes)
{
    // pipe(7), "Pipe capacity": since Linux 2.6.11.
    open_pipe(0);
    CHECK_EQ(fill(), 65536);
}

TEST(a_small_nonblocking_write_is_all_or_nothing)
{
    char page[PIPE_BUF];
    open_pipe(O_NONBLOCK);
    memset(page, 'x', sizeof page);
    fill();
    CHECK_EQ(read(ends[0], page, PIPE_BUF - 1), PIPE_BUF - 1);
    CHECK_ERRNO(write(ends[1], page, PIPE_BUF), EAGAIN);
    CHECK_EQ(read(ends[0], page, 1), 1);
    CHECK_EQ(write(ends[1], page, PIPE_BUF), PIPE_BUF);
}

TEST(a_large_nonblocking_write_is_partial)
{
    static char data[100000];
    open_pipe(O_NONBLOCK);
    CHECK_EQ(write(ends[1], data, sizeof data), 65536);
    CHECK_ERRNO(write(ends[1], data, sizeof data), EAGAIN);
}

TEST(writes_up_to_pipe_buf_do_not_mix)
{
    open_pipe(0);
    for (int i = 0; i < 4; i++)
    {
        FORK(writer)
        {
            char block[1000];
            memset(block, 'a' + i, sizeof block);
            for (int turn = 0; turn < 60; turn++)
                CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
        }
    }
    OK(close(ends[1]));
    static char all[4 * 60 * 1000];
    size_t total = 0;
    ssize_t length;
    while ((length = OK(read(ends[0], all + total, sizeof all - total))) > 0)
        total += (size_t)length;
    CHECK_EQ(total, sizeof all);
    for (size_t i = 0; i < total; i += 1000)
        for (size_t j = 1; j < 1000; j++)
            CHECK_EQ(all[i + j], all[i]);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(OK(wait(NULL)) > 0, 1);
}

TEST(a_blocked_write_finishes_when_there_is_room)
{
    static char data[200000];
    open_pipe(0);
    FORK(writer)
        CHECK_EQ(write(ends[1], data, sizeof data), sizeof data);
    OK(close(ends[1]));
    EVENTUALLY(process_state(writer) == 'S');
    long total = 0;
    ssize_t length;
    while ((length = OK(read(ends[0], data, 3000))) > 0)
        total += length;
    CHECK_EQ(total, sizeof data);
    CHECK_EXITS(writer, 0);
}

TEST(each_end_has_its_direction)
{
    char byte = 0;
    open_pipe(0);
    CHECK_ERRNO(write(ends[0], &byte, 1), EBADF);
    CHECK_ERRNO(read(ends[1], &byte, 1), EBADF);
    CHECK_EQ(fcntl(ends[0], F_GETFL) & O_ACCMODE, O_RDONLY);
    CHECK_EQ(fcntl(ends[1], F_GETFL) & O_ACCMODE, O_WRONLY);
}

TEST(pipes_cannot_seek)
{
    char byte = 0;
    open_pipe(0);
    CHECK_ERRNO(lseek(ends[0], 0, SEEK_CUR), ESPIPE);
    CHECK_ERRNO(pread(ends[0], &byte, 1, 0), ESPIPE);
    CHECK_ERRNO(pwrite(ends[1], &byte, 1, 0), ESPIPE);
    CHECK_ERRNO(ftruncate(ends[1], 0), EINVAL);
}

TEST(pipe2_sets_its_flags_and_refuses_others)
{
    open_pipe(O_CLOEXEC | O_NONBLOCK);
    for (int i = 0; i < 2; i++)
    {
        CHECK_EQ(fcntl(ends[i], F_GETFD), FD_CLOEXEC);
        CHECK(fcntl(ends[i], F_GETFL) & O_NONBLOCK);
    }
    CHECK_ERRNO(syscall(SYS_pipe2, ends, O_APPEND), EINVAL);
    CHECK_ERRNO(syscall(SYS_pipe2, 8, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_pipe, 8), EFAULT);
}

TEST(pipe_takes_the_two_lowest_descriptors)
{
    int first = OK(open("/dev/null", O_RDONLY));
    int second = OK(open("/dev/null", O_RDONLY));
    OK(close(first));
    OK(close(second));
    open_pipe(0);
    CHECK_EQ(ends[0], first);
    CHECK_EQ(ends[1], second);
}

TEST(fstat_says_fifo)
{
    struct stat status;
    open_pipe(0);
    OK(fstat(ends[0], &status));
    CHECK(S_ISFIFO(status.st_mode));
    CHECK_EQ(status.st_mode & 0777, 0600);
    CHECK_EQ(status.st_nlink, 1);
    struct stat other;
    OK(fstat(ends[1], &other));
    CHECK_EQ(other.st_ino, status.st_ino);
}

TEST(fionread_counts_what_is_inside)
{
    int count = -1;
    open_pipe(0);
    OK(ioctl(ends[0], FIONREAD, &count));
    CHECK_EQ(count, 0);
    CHECK_EQ(write(ends[1], "hello", 5), 5);
    OK(ioctl(ends[0], FIONREAD, &count));
    CHECK_EQ(count, 5);
}

TEST(vectors_are_written_and_read_in_one_go)
{
    char a[3] = "";
    char b[5] = "";
    open_pipe(0);
    struct iovec out[] = { { "he", 2 }, { "", 0 }, { "llo", 3 } };
    CHECK_EQ(writev(ends[1], out, 3), 5);
    struct iovec in[] = { { a, 2 }, { b, 4 } };
    CHECK_EQ(readv(ends[0], in, 2), 5);
    CHECK_STR(a, "he");
    CHECK_STR(b, "llo");
}

TEST(an_open_copy_in_a_child_keeps_the_pipe_alive)
{
    struct gate gate = new_gate();
    open_pipe(O_NONBLOCK);
    FORK(child)
        pass_gate(&gate);
    OK(close(ends[1]));
    char byte;
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    open_gate(&gate);
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}

TEST(a_named_pipe_connects_two_openers)
{
    scratch();
    OK(mkfifo("fifo", 0644));
    FORK(writer)
    {
        int fd = OK(open("fifo", O_WRONLY));
        CHECK_EQ(write(fd, "named", 5), 5);
    }
    int fd = OK(open("fifo", O_RDONLY));
    char text[8] = "";
    CHECK_EQ(read(fd, text, 5), 5);
    CHECK_STR(text, "named");
    CHECK_EQ(read(fd, text, 5), 0);
    CHECK_EXITS(writer, 0);
}

TEST(a_named_pipe_without_reader_is_enxio_for_a_nonblocking_writer)
{
    scratch();
    OK(mkfifo("fifo", 0644));
    CHECK_ERRNO(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
    int reader = OK(open("fifo", O_RDONLY | O_NONBLOCK));
    int writer = OK(open("fifo", O_WRONLY | O_NONBLOCK));
    CHECK_EQ(write(writer, "x", 1), 1);
    char byte;
    CHECK_EQ(read(reader, &byte, 1), 1);
}

static volatile sig_atomic_t broken;
static void on_broken_pipe(UNUSED int signo) { broken++; }

TEST(a_reader_that_leaves_in_the_middle_is_a_count_and_a_sigpipe)
{
    static char much[300000];
    int ends[2];
    OK(pipe(ends));
    handle(SIGPIPE, on_broken_pipe, 0);
    pid_t writer = getpid();
    FORK(reader)
    {
        OK(close(ends[1]));
        EVENTUALLY(process_state(writer) == 'S');
        CHECK_EQ(read(ends[0], much, 1000), 1000);
    }
    OK(close(ends[0]));
    ssize_t count = write(ends[1], much, sizeof much);
    CHECK(count >= 65536 && count < (ssize_t)sizeof much);
    CHECK_EQ(broken, 1);
    CHECK_EXITS(reader, 0);
}
