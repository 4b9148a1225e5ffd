// sendfile(2) and copy_file_range(2): which files, which offsets, and what a signal does to a long copy.
#include "check.h"
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/time.h>

static long copy_range(int in, long *from, int out, long *to, size_t count, unsigned flags)
{
    return syscall(SYS_copy_file_range, in, from, out, to, count, flags);
}

static void on_alarm(int signo)
{
    (void)signo;
}

TEST(both_offsets_of_the_files_move)
{
    scratch();
    int in = write_file("in", "0123456789", 10);
    int out = write_file("out", "abcdefghij", 10);
    OK(lseek(in, 2, SEEK_SET));
    OK(lseek(out, 4, SEEK_SET));
    CHECK_EQ(sendfile(out, in, NULL, 3), 3);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 5);
    CHECK_EQ(lseek(out, 0, SEEK_CUR), 7);
    CHECK_EQ(copy_range(in, NULL, out, NULL, 2, 0), 2);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 7);
    CHECK_EQ(lseek(out, 0, SEEK_CUR), 9);
    off_t from = 0;
    CHECK_EQ(sendfile(out, in, &from, 100), 10);
    CHECK_EQ(from, 10);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 7);
    CHECK_EQ(lseek(out, 0, SEEK_CUR), 19);
    char text[30] = "";
    CHECK_EQ(pread(out, text, sizeof text - 1, 0), 19);
    CHECK_STR(text, "abcd234560123456789");
}

TEST(a_large_file_arrives_whole_whatever_the_alignment)
{
    enum
    {
        SIZE = 300001,
    };
    scratch();
    static unsigned char data[SIZE];
    static unsigned char copy[SIZE + 10];
    for (int i = 0; i < SIZE; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
    int in = write_file("in", data, SIZE);
    for (int shift = 0; shift < 3; shift++)
    {
        int out = write_file("out", "xyz", 3);
        OK(lseek(out, shift, SEEK_SET));
        off_t from = 0;
        long total = 0;
        while (total < SIZE)
            total += OK(sendfile(out, in, &from, SIZE));
        CHECK_EQ(total, SIZE);
        CHECK_EQ(lseek(out, 0, SEEK_END), SIZE + shift);
        CHECK_EQ(pread(out, copy, SIZE, shift), SIZE);
        CHECK_BYTES(copy, data, SIZE);
        OK(close(out));
    }
}

TEST(a_pipe_takes_what_it_has_room_for)
{
    scratch();
    static char data[200000];
    int in = write_file("in", data, sizeof data);
    int ends[2];
    OK(pipe(ends));
    CHECK_EQ(sendfile(ends[1], in, NULL, sizeof data), 65536);
    CHECK_EQ(lseek(in, 0, SEEK_CUR), 65536);
    OK(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    CHECK_ERRNO(sendfile(ends[1], in, NULL, 1), EAGAIN);
    char page[4096];
    CHECK_EQ(read(ends[0], page, sizeof page), sizeof page);
    CHECK_EQ(sendfile(ends[1], in, NULL, sizeof data), 4096);
    handle(SIGPIPE, SIG_IGN, 0);
    OK(close(ends[0]));
    CHECK_ERRNO(sendfile(ends[1], in, NULL, 1), EPIPE);
}

TEST(sendfile_needs_a_file_with_contents_and_a_place_for_them)
{
    scratch();
    int in = write_file("in", "text", 4);
    int out = write_file("out", "", 0);
    int append = OK(open("out", O_WRONLY | O_APPEND));
    int readable = OK(open("out", O_RDONLY));
    int directory = OK(open(".", O_RDONLY));
    int ends[2];
    OK(pipe(ends));
    off_t offset = 0;
    off_t negative = -1;
    CHECK_ERRNO(sendfile(append, in, NULL, 4), EINVAL);
    CHECK_ERRNO(sendfile(readable, in, NULL, 4), EBADF);
    CHECK_ERRNO(sendfile(readable, ends[0], NULL, 4), EBADF);
    CHECK_ERRNO(sendfile(out, append, NULL, 4), EBADF);
    CHECK_ERRNO(sendfile(out, directory, NULL, 4), EINVAL);
    CHECK_ERRNO(sendfile(out, ends[0], NULL, 4), EINVAL);
    CHECK_ERRNO(sendfile(out, ends[0], &offset, 4), ESPIPE);
    CHECK_ERRNO(sendfile(out, in, &negative, 4), EINVAL);
    CHECK_ERRNO(sendfile(out, in, (off_t *)16, 4), EFAULT);
    CHECK_EQ(sendfile(out, in, NULL, 0), 0);
    OK(lseek(in, 0, SEEK_END));
    CHECK_EQ(sendfile(out, in, NULL, 10), 0);
}

TEST(ranges_are_copied_within_one_file_system)
{
    scratch();
    int in = write_file("in", "0123456789", 10);
    int out = write_file("out", "", 0);
    int elsewhere = (int)OK(syscall(SYS_memfd_create, "m", 0));
    CHECK_ERRNO(copy_range(in, NULL, elsewhere, NULL, 4, 0), EXDEV);
    CHECK_ERRNO(copy_range(elsewhere, NULL, out, NULL, 0, 0), EXDEV);
    int proc = OK(open("/proc/self/status", O_RDONLY));
    CHECK_ERRNO(copy_range(proc, NULL, out, NULL, 4, 0), EXDEV);
    CHECK_EQ(copy_range(in, NULL, out, NULL, 4, 0), 4);
}

TEST(ranges_are_checked)
{
    scratch();
    int in = write_file("in", "0123456789", 10);
    int out = write_file("out", "", 0);
    int directory = OK(open(".", O_RDONLY));
    int append = OK(open("out", O_WRONLY | O_APPEND));
    int readable = OK(open("out", O_RDONLY));
    int ends[2];
    OK(pipe(ends));
    long from = 0;
    long to = 2;
    CHECK_ERRNO(copy_range(in, &from, out, &to, 4, 1), EINVAL);
    CHECK_ERRNO(copy_range(-1, &from, out, &to, 4, 1), EBADF);
    CHECK_ERRNO(copy_range(in, &from, in, &to, 4, 0), EINVAL);
    CHECK_ERRNO(copy_range(in, &from, directory, &to, 4, 0), EISDIR);
    CHECK_ERRNO(copy_range(directory, &from, out, &to, 4, 0), EISDIR);
    CHECK_ERRNO(copy_range(in, &from, ends[1], NULL, 4, 0), EINVAL);
    CHECK_ERRNO(copy_range(in, &from, append, &to, 4, 0), EBADF);
    CHECK_ERRNO(copy_range(in, &from, readable, &to, 4, 0), EBADF);
    CHECK_ERRNO(copy_range(append, &from, out, &to, 4, 0), EBADF);
    CHECK_ERRNO(copy_range(in, (long *)16, out, &to, 4, 0), EFAULT);
    from = -1;
    CHECK_ERRNO(copy_range(in, &from, out, &to, 4, 0), EOVERFLOW);
    from = 0;
    to = LONG_MAX;
    handle(SIGXFSZ, SIG_IGN, 0);
    CHECK_ERRNO(copy_range(in, &from, out, &to, 4, 0), EFBIG);
    // Beyond the end there is nothing that could overlap.
    from = 100;
    to = 101;
    CHECK_EQ(copy_range(in, &from, in, &to, 4, 0), 0);
    from = 5;
    to = 0;
    CHECK_EQ(copy_range(in, &from, in, &to, 100, 0), 5);
    CHECK_EQ(from, 10);
    CHECK_EQ(to, 5);
}

// A timer interrupts until one of the copies has come back early, with what it has copied so far.
static void interrupted_copy(bool by_sendfile)
{
    enum
    {
        SIZE = 64 << 20,
        EVERY = 5000,
    };
    scratch();
    int in = OK(open("in", O_RDWR | O_CREAT, 0644));
    int out = OK(open("out", O_RDWR | O_CREAT, 0644));
    OK(ftruncate(in, SIZE));
    handle(SIGALRM, on_alarm, 0);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, EVERY }, { 0, EVERY } }, NULL));
    bool is_short = false;
    for (int turn = 0; turn < 50 && !is_short; turn++)
    {
        long from = 0;
        long to = 0;
        OK(lseek(out, 0, SEEK_SET));
        errno = 0;
        long copied = by_sendfile ? sendfile(out, in, &from, SIZE) : copy_range(in, &from, out, &to, SIZE, 0);
        if (copied < 0)
        {
            CHECK_EQ(errno, EINTR);
            continue;
        }
        CHECK_EQ(from, copied);
        CHECK_EQ(lseek(out, 0, SEEK_END), copied);
        is_short = copied < SIZE;
        CHECK(ftruncate(out, 0) == 0 || errno == EINTR);
    }
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL));
    CHECK(is_short);
}

TEST(a_signal_ends_a_long_sendfile)
{
    interrupted_copy(true);
}

TEST(a_signal_ends_a_long_copy_of_a_range)
{
    interrupted_copy(false);
}

TEST(a_file_is_sent_to_itself)
{
    scratch();
    int fd = write_file("f", "0123456789", 10);
    int out = OK(open("f", O_RDWR));
    OK(lseek(out, 10, SEEK_SET));
    CHECK_EQ(sendfile(out, fd, NULL, 10), 10);
    char text[30] = "";
    CHECK_EQ(pread(fd, text, sizeof text - 1, 0), 20);
    CHECK_STR(text, "01234567890123456789");
    off_t from = 0;
    OK(lseek(out, 5, SEEK_SET));
    CHECK_EQ(sendfile(out, fd, &from, 5), 5);
    CHECK_EQ(pread(fd, text, 10, 0), 10);
    text[10] = '\0';
    CHECK_STR(text, "0123401234");
}
