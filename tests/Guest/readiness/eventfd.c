// eventfd(2).
#include "check.h"
#include <poll.h>
#include <sys/eventfd.h>

static int events_of(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLIN | POLLOUT };
    OK(poll(&one, 1, 0));
    return one.revents;
}

TEST(values_add_up_and_a_read_takes_all)
{
    eventfd_t value;
    int fd = OK(eventfd(3, EFD_NONBLOCK));
    OK(eventfd_write(fd, 4));
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 7);
    CHECK_ERRNO(eventfd_read(fd, &value), EAGAIN);
}

TEST(a_semaphore_gives_one_at_a_time)
{
    eventfd_t value;
    int fd = OK(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK));
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 1);
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 1);
    CHECK_ERRNO(eventfd_read(fd, &value), EAGAIN);
}

TEST(the_sum_stays_below_the_greatest_number)
{
    eventfd_t value;
    int fd = OK(eventfd(0, EFD_NONBLOCK));
    CHECK_ERRNO(eventfd_write(fd, UINT64_MAX), EINVAL);
    OK(eventfd_write(fd, UINT64_MAX - 1));
    CHECK_EQ(events_of(fd), POLLIN);
    CHECK_ERRNO(eventfd_write(fd, 1), EAGAIN);
    OK(eventfd_write(fd, 0));
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, UINT64_MAX - 1);
    CHECK_EQ(events_of(fd), POLLOUT);
    OK(eventfd_write(fd, 1));
    CHECK_EQ(events_of(fd), POLLIN | POLLOUT);
}

TEST(reads_and_writes_are_of_eight_bytes)
{
    char bytes[16] = { 1 };
    int fd = OK(eventfd(1, EFD_NONBLOCK));
    CHECK_ERRNO(read(fd, bytes, 7), EINVAL);
    CHECK_ERRNO(write(fd, bytes, 7), EINVAL);
    CHECK_EQ(read(fd, bytes, 16), 8);
    CHECK_EQ(write(fd, bytes, 8), 8);
    CHECK_ERRNO(ftruncate(fd, 0), EINVAL);
}

TEST(flags_are_checked_and_obeyed)
{
    CHECK_ERRNO(eventfd(0, 2), EINVAL);
    int fd = OK(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR | O_NONBLOCK);
    struct stat status;
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_mode, 0600);
}

TEST(a_reader_waits_for_a_writer)
{
    eventfd_t value;
    int fd = OK(eventfd(0, 0));
    pid_t parent = getpid();
    FORK(writer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(eventfd_write(fd, 9));
    }
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 9);
    CHECK_EXITS(writer, 0);
}

TEST(a_writer_waits_for_room)
{
    eventfd_t value;
    int fd = OK(eventfd(0, 0));
    OK(eventfd_write(fd, UINT64_MAX - 2));
    FORK(writer)
        OK(eventfd_write(fd, 5));
    EVENTUALLY(process_state(writer) == 'S');
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, UINT64_MAX - 2);
    CHECK_EXITS(writer, 0);
    OK(eventfd_read(fd, &value));
    CHECK_EQ(value, 5);
}
