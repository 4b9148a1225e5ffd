// dup(2), dup2(2), dup3(2), fcntl(2).
#include "check.h"
#include <sys/resource.h>

TEST(dup_shares_the_offset)
{
    char byte;
    scratch();
    int fd = write_file("file", "abc", 3);
    int copy = OK(dup(fd));
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(read(copy, &byte, 1), 1);
    CHECK_EQ(byte, 'b');
    OK(close(fd));
    CHECK_EQ(read(copy, &byte, 1), 1);
    CHECK_EQ(byte, 'c');
}

TEST(dup2_replaces_an_open_descriptor)
{
    int ends[2];
    OK(pipe(ends));
    int null = OK(open("/dev/null", O_RDWR));
    // The pipe's last writer goes away by being replaced.
    CHECK_EQ(dup2(null, ends[1]), ends[1]);
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
}

TEST(dup2_of_a_descriptor_to_itself_only_checks_it)
{
    int fd = OK(open("/dev/null", O_RDWR | O_CLOEXEC));
    CHECK_EQ(syscall(SYS_dup2, fd, fd), fd);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(syscall(SYS_dup2, 150, 150), EBADF);
}

TEST(dup3_of_a_descriptor_to_itself_is_einval)
{
    int fd = OK(open("/dev/null", O_RDWR));
    CHECK_ERRNO(syscall(SYS_dup3, fd, fd, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_dup3, fd, 100, O_NONBLOCK), EINVAL);
    CHECK_EQ(syscall(SYS_dup3, fd, 100, O_CLOEXEC), 100);
    CHECK_EQ(fcntl(100, F_GETFD), FD_CLOEXEC);
}

TEST(dup_clears_close_on_exec)
{
    int fd = OK(open("/dev/null", O_RDWR | O_CLOEXEC));
    CHECK_EQ(fcntl(OK(dup(fd)), F_GETFD), 0);
    CHECK_EQ(fcntl(OK(dup2(fd, 100)), F_GETFD), 0);
}

TEST(bad_descriptors_are_ebadf)
{
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_ERRNO(dup(-1), EBADF);
    CHECK_ERRNO(dup(150), EBADF);
    CHECK_ERRNO(syscall(SYS_dup2, 150, 3), EBADF);
    CHECK_ERRNO(syscall(SYS_dup2, null, -1), EBADF);
    CHECK_ERRNO(syscall(SYS_dup2, null, 0x7fffffff), EBADF);
    CHECK_ERRNO(fcntl(150, F_GETFD), EBADF);
    CHECK_ERRNO(lseek(150, 0, SEEK_SET), EBADF);
    CHECK_ERRNO(fsync(150), EBADF);
    CHECK_ERRNO(fchdir(150), EBADF);
}

TEST(f_dupfd_starts_at_its_argument)
{
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(fcntl(null, F_DUPFD, 100), 100);
    CHECK_EQ(fcntl(null, F_DUPFD, 100), 101);
    CHECK_EQ(fcntl(null, F_DUPFD_CLOEXEC, 100), 102);
    CHECK_EQ(fcntl(101, F_GETFD), 0);
    CHECK_EQ(fcntl(102, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(fcntl(null, F_DUPFD, -1), EINVAL);
    CHECK_ERRNO(fcntl(null, F_DUPFD, 0x7fffffff), EINVAL);
}

TEST(f_setfd_sets_and_clears_close_on_exec)
{
    int fd = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    OK(fcntl(fd, F_SETFD, 0));
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
}

TEST(f_setfl_changes_status_flags_but_not_the_access_mode)
{
    int fd = OK(open("/dev/null", O_WRONLY));
    OK(fcntl(fd, F_SETFL, O_RDWR | O_APPEND | O_NONBLOCK | O_CREAT));
    CHECK_EQ(fcntl(fd, F_GETFL) & ~0100000, O_WRONLY | O_APPEND | O_NONBLOCK);
    OK(fcntl(fd, F_SETFL, 0));
    CHECK_EQ(fcntl(fd, F_GETFL) & ~0100000, O_WRONLY);
}

TEST(status_flags_belong_to_the_open_file_not_the_descriptor)
{
    int fd = OK(open("/dev/null", O_WRONLY));
    int copy = OK(dup(fd));
    OK(fcntl(fd, F_SETFL, O_NONBLOCK));
    CHECK(fcntl(copy, F_GETFL) & O_NONBLOCK);
}

TEST(an_unknown_fcntl_command_is_einval)
{
    int fd = OK(open("/dev/null", O_WRONLY));
    CHECK_ERRNO(syscall(SYS_fcntl, fd, 4711, 0), EINVAL);
}

TEST(the_descriptor_limit_is_emfile_and_dup2_beyond_it_ebadf)
{
    FORK(child)
    {
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 40, 40 }));
        int fd;
        int last = -1;
        while ((fd = open("/dev/null", O_RDONLY)) >= 0)
            last = fd;
        CHECK_EQ(errno, EMFILE);
        CHECK_EQ(last, 39);
        int ends[2];
        CHECK_ERRNO(pipe(ends), EMFILE);
        CHECK_ERRNO(dup(0), EMFILE);
        CHECK_ERRNO(syscall(SYS_dup2, 0, 40), EBADF);
        CHECK_ERRNO(fcntl(0, F_DUPFD, 40), EINVAL);
        OK(close(17));
        CHECK_EQ(open("/dev/null", O_RDONLY), 17);
    }
    CHECK_EXITS(child, 0);
}

TEST(five_hundred_descriptors_are_all_distinct_and_all_close)
{
    FORK(child)
    {
        static int fds[500];
        OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 1024, 1024 }));
        for (int i = 0; i < 500; i++)
        {
            fds[i] = OK(open("/dev/null", O_RDONLY));
            CHECK(i == 0 || fds[i] > fds[i - 1]);
        }
        for (int i = 0; i < 500; i++)
            OK(close(fds[i]));
        CHECK_EQ(open("/dev/null", O_RDONLY), fds[0]);
    }
    CHECK_EXITS(child, 0);
}

TEST(record_locks_exclude_another_process)
{
    scratch();
    int fd = write_file("file", "0123456789", 10);
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = 3 };
    OK(fcntl(fd, F_SETLK, &lock));
    FORK(child)
    {
        struct flock other = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 4, .l_len = 1 };
        CHECK_EQ(fcntl(fd, F_SETLK, &other), -1);
        CHECK(errno == EAGAIN || errno == EACCES);
        OK(fcntl(fd, F_GETLK, &other));
        CHECK_EQ(other.l_type, F_WRLCK);
        CHECK_EQ(other.l_pid, getppid());
        CHECK_EQ(other.l_start, 2);
        other = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 1 };
        OK(fcntl(fd, F_SETLK, &other));
    }
    CHECK_EXITS(child, 0);
}
