// What calls say to kinds of files that are not meant for them, and in which order they look at their arguments.
#include "check.h"
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

enum
{
    GETOWNER_UIDS = 17,
    CLONE_FILE = 0x40049409,
    EXTENT_MAP = (int)0xc020660b,
    FREEZE = (int)0xc0045877,
    THAW = (int)0xc0045878,
    PUNCH = 2,
    COLLAPSE = 8,
    ZERO = 16,
    INSERT = 32,
};

static int new_signalfd(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    return OK(signalfd(-1, &set, SFD_NONBLOCK));
}

TEST(files_of_events_are_sought_in_vain)
{
    int files[] = { OK(eventfd(0, EFD_NONBLOCK)), OK(epoll_create1(0)), OK(timerfd_create(CLOCK_MONOTONIC, 0)),
                    new_signalfd(), OK(inotify_init1(IN_NONBLOCK)), OK(open("/dev/urandom", O_RDONLY)) };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    {
        CHECK_EQ(lseek(files[i], 100, SEEK_SET), 0);
        CHECK_EQ(lseek(files[i], -5, SEEK_END), 0);
        CHECK_ERRNO(lseek(files[i], 0, 99), EINVAL);
    }
    char bytes[4];
    CHECK_EQ(pread(files[5], bytes, 4, 77), 4);
    CHECK_ERRNO(pread(files[0], bytes, 4, 0), ESPIPE);
}

TEST(a_directory_has_no_end)
{
    scratch();
    int fd = OK(open(".", O_RDONLY));
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    CHECK_ERRNO(lseek(fd, 0, SEEK_END), EINVAL);
    CHECK_ERRNO(lseek(fd, 0, SEEK_DATA), EINVAL);
    CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
}

TEST(a_vector_of_nothing_is_no_read)
{
    struct iovec nothing = { NULL, 0 };
    int event = OK(eventfd(0, EFD_NONBLOCK));
    int watches = OK(inotify_init1(IN_NONBLOCK));
    int directory = OK(open("/", O_RDONLY));
    int full = OK(open("/dev/full", O_RDWR));
    CHECK_EQ(readv(event, &nothing, 1), 0);
    CHECK_EQ(readv(watches, &nothing, 1), 0);
    CHECK_EQ(readv(directory, &nothing, 1), 0);
    CHECK_EQ(writev(full, &nothing, 1), 0);
    CHECK_EQ(writev(event, &nothing, 0), 0);
    CHECK_ERRNO(read(event, NULL, 0), EINVAL);
    CHECK_ERRNO(read(directory, NULL, 0), EISDIR);
}

TEST(vectors_are_looked_at_before_the_mode)
{
    scratch();
    make_file("f", "text");
    int reader = OK(open("f", O_RDONLY));
    int writer = OK(open("f", O_WRONLY));
    char byte;
    struct iovec one = { &byte, 1 };
    CHECK_ERRNO(syscall(SYS_readv, writer, &one, 1025), EINVAL);
    CHECK_ERRNO(syscall(SYS_readv, writer, 16L, 1), EFAULT);
    CHECK_ERRNO(syscall(SYS_readv, writer, &one, 1), EBADF);
    CHECK_ERRNO(syscall(SYS_writev, reader, &one, 1025), EINVAL);
    CHECK_ERRNO(syscall(SYS_writev, reader, &one, 1), EBADF);
    CHECK_ERRNO(syscall(SYS_readv, -1, 16L, 1), EBADF);
}

TEST(the_file_is_looked_at_before_the_flags)
{
    scratch();
    make_file("f", "text");
    int writer = OK(open("f", O_WRONLY));
    int reader = OK(open("f", O_RDONLY));
    int ends[2];
    OK(pipe(ends));
    char byte = 'x';
    struct iovec one = { &byte, 1 };
    CHECK_ERRNO(syscall(SYS_preadv2, writer, &one, 1, 0L, 0L, 0x80), EBADF);
    CHECK_ERRNO(syscall(SYS_preadv2, reader, &one, 1, 0L, 0L, 0x80), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_pwritev2, reader, &one, 1, -1L, -1L, 0x80), EBADF);
    CHECK_ERRNO(syscall(SYS_preadv2, ends[1], &one, 1, 0L, 0L, 0), ESPIPE);
    CHECK_ERRNO(syscall(SYS_pwritev2, ends[0], &one, 1, 0L, 0L, 0x80), ESPIPE);
    CHECK_ERRNO(syscall(SYS_preadv2, reader, &one, 1, -2L, -1L, 0), EINVAL);
}

TEST(a_place_at_the_end_of_the_numbers_is_einval)
{
    scratch();
    int fd = write_file("f", "text", 4);
    char bytes[4];
    CHECK_ERRNO(pread(fd, bytes, 4, LONG_MAX), EINVAL);
    CHECK_ERRNO(pwrite(fd, bytes, 4, LONG_MAX), EINVAL);
    CHECK_EQ(pwrite(fd, bytes, 0, LONG_MAX), 0);
}

TEST(fallocate_looks_at_the_range_the_mode_and_the_file)
{
    scratch();
    int fd = write_file("f", "text", 4);
    int reader = OK(open("f", O_RDONLY));
    int directory = OK(open(".", O_RDONLY));
    int null = OK(open("/dev/null", O_RDWR));
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(syscall(SYS_fallocate, -1, 0, -1L, 1L), EBADF);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, 0, -1L, 1L), EINVAL);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, 0, 0L, 0L), EINVAL);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, 0x80, 0L, 1L), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, PUNCH, 0L, 1L), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, PUNCH | ZERO | 1, 0L, 1L), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, COLLAPSE | 1, 0L, 1L), EINVAL);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, INSERT | 1, 0L, 1L), EINVAL);
    CHECK_ERRNO(syscall(SYS_fallocate, reader, 0, 0L, 1L), EBADF);
    CHECK_ERRNO(syscall(SYS_fallocate, directory, 0, 0L, 1L), EBADF);
    CHECK_ERRNO(syscall(SYS_fallocate, ends[1], 0, LONG_MAX, 10L), ESPIPE);
    CHECK_ERRNO(syscall(SYS_fallocate, null, 0, LONG_MAX, 10L), ENODEV);
    CHECK_ERRNO(syscall(SYS_fallocate, fd, 0, LONG_MAX, 10L), EFBIG);
    CHECK_ERRNO(syscall(SYS_fallocate, fd, COLLAPSE, 0L, 4096L), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_fallocate, fd, INSERT, 0L, 4096L), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_fallocate, fd, ZERO, 0L, 4096L), EOPNOTSUPP);
}

TEST(direct_access_is_for_pipes_here)
{
    scratch();
    int fd = write_file("f", "text", 4);
    CHECK_ERRNO(open("f", O_RDONLY | O_DIRECT), EINVAL);
    CHECK_ERRNO(open("new", O_RDWR | O_CREAT | O_DIRECT, 0644), EINVAL);
    OK(access("new", F_OK));
    CHECK_ERRNO(open(".", O_RDONLY | O_DIRECT), EINVAL);
    OK(open("f", O_PATH | O_DIRECT));
    CHECK_ERRNO(fcntl(fd, F_SETFL, O_DIRECT), EINVAL);
    CHECK_ERRNO(fcntl(OK(open("/dev/null", O_RDWR)), F_SETFL, O_DIRECT | O_NONBLOCK), EINVAL);
    int ends[2];
    OK(pipe(ends));
    OK(fcntl(ends[1], F_SETFL, O_DIRECT));
}

TEST(a_place_is_shown_with_its_own_flags)
{
    scratch();
    make_file("f", "");
    CHECK_EQ(syscall(SYS_fcntl, OK(open("f", O_PATH)), F_GETFL), O_PATH & 010000000);
    CHECK_EQ(syscall(SYS_fcntl, OK(open(".", O_PATH | O_DIRECTORY)), F_GETFL), 010200000);
    CHECK_EQ(syscall(SYS_fcntl, OK(open("f", O_RDONLY)), F_GETFL), 0100000);
}

TEST(mandatory_locks_are_asked_for_in_vain)
{
    scratch();
    int fd = write_file("f", "", 0);
    CHECK_EQ(syscall(SYS_flock, fd, 32 | LOCK_EX), 0);
    int other = OK(open("f", O_RDWR));
    OK(flock(other, LOCK_EX | LOCK_NB));
    CHECK_ERRNO(syscall(SYS_flock, fd, LOCK_SH | LOCK_EX), EINVAL);
    CHECK_ERRNO(syscall(SYS_flock, fd, LOCK_NB), EINVAL);
}

TEST(who_chose_the_owner_is_remembered)
{
    int ends[2];
    OK(pipe(ends));
    unsigned ids[2] = { 7, 7 };
    OK(fcntl(ends[0], GETOWNER_UIDS, ids));
    CHECK_EQ(ids[0], 0);
    CHECK_EQ(ids[1], 0);
    OK(syscall(SYS_setresuid, 1000, 1234, 0));
    OK(fcntl(ends[0], F_SETOWN, getpid()));
    OK(fcntl(ends[0], GETOWNER_UIDS, ids));
    CHECK_EQ(ids[0], 1000);
    CHECK_EQ(ids[1], 1234);
    CHECK_ERRNO(fcntl(ends[0], GETOWNER_UIDS, (void *)16), EFAULT);
}

TEST(what_only_other_file_systems_do_is_refused_by_name)
{
    scratch();
    int fd = write_file("f", "text", 4);
    int other = write_file("g", "", 0);
    int reader = OK(open("g", O_RDONLY));
    int directory = OK(open(".", O_RDONLY));
    int elsewhere = (int)OK(syscall(SYS_memfd_create, "m", 0));
    char buffer[4096] = { 0 };
    CHECK_ERRNO(ioctl(other, CLONE_FILE, fd), EOPNOTSUPP);
    CHECK_ERRNO(ioctl(reader, CLONE_FILE, fd), EBADF);
    CHECK_ERRNO(ioctl(other, CLONE_FILE, -1), EBADF);
    CHECK_ERRNO(ioctl(other, CLONE_FILE, directory), EISDIR);
    CHECK_ERRNO(ioctl(other, CLONE_FILE, elsewhere), EXDEV);
    CHECK_ERRNO(ioctl(fd, EXTENT_MAP, buffer), EOPNOTSUPP);
    CHECK_ERRNO(ioctl(fd, FREEZE, 0), EOPNOTSUPP);
    CHECK_ERRNO(ioctl(fd, THAW, 0), EINVAL);
    become(1000);
    CHECK_ERRNO(ioctl(fd, FREEZE, 0), EPERM);
    CHECK_ERRNO(ioctl(fd, THAW, 0), EPERM);
}

TEST(times_that_stay_need_no_file)
{
    struct timespec stay[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };
    OK(syscall(SYS_utimensat, AT_FDCWD, "/nowhere/at/all", stay, 0));
    OK(syscall(SYS_utimensat, -1, NULL, stay, 0));
}

TEST(vmsplice_looks_at_the_pieces_before_the_pipe)
{
    scratch();
    int fd = write_file("f", "", 0);
    struct iovec one = { "x", 1 };
    CHECK_ERRNO(syscall(SYS_vmsplice, fd, &one, 1, 0), EBADF);
    CHECK_ERRNO(syscall(SYS_vmsplice, fd, &one, 1025, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_vmsplice, fd, 16L, 1, 0), EFAULT);
    CHECK_EQ(syscall(SYS_vmsplice, fd, &one, 0, 0), 0);
    int ends[2];
    OK(pipe(ends));
    long offset = 0;
    CHECK_ERRNO(syscall(SYS_splice, ends[1], &offset, ends[1], NULL, 1, 0), ESPIPE);
    CHECK_ERRNO(syscall(SYS_splice, ends[0], NULL, ends[0], &offset, 1, 0), ESPIPE);
}
