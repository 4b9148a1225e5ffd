// getrlimit(2): the limits of descriptors, processes, file sizes and signals.
#include "check.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void limit(int resource, rlim_t value)
{
    OK(setrlimit(resource, &(struct rlimit){ value, value }));
}

static int receive_two(int socket, int *flags)
{
    union
    {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    char byte;
    struct iovec vector = { &byte, 1 };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control,
                              .msg_controllen = sizeof control };
    CHECK_EQ(recvmsg(socket, &message, 0), 1);
    *flags = message.msg_flags;
    return message.msg_controllen == 0 ? 0 : (int)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
}

static void send_two(int socket)
{
    union
    {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = { .header = { .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
    int fds[2] = { 0, 1 };
    memcpy(CMSG_DATA(&control.header), fds, sizeof fds);
    struct iovec vector = { "x", 1 };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control,
                              .msg_controllen = sizeof control };
    CHECK_EQ(sendmsg(socket, &message, 0), 1);
}

static void fill_descriptors(void)
{
    while (dup(0) >= 0)
        continue;
    CHECK_EQ(errno, EMFILE);
}

TEST(descriptors_below_the_limit_only)
{
    int high = OK(dup2(0, 100));
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 20, 50 }));
    // What is open beyond it stays so.
    CHECK(fcntl(high, F_GETFD) >= 0);
    CHECK(OK(dup(high)) < 20);
    CHECK_EQ(dup2(high, high), high);
    CHECK_ERRNO(dup2(0, 20), EBADF);
    CHECK_ERRNO(dup3(0, 20, 0), EBADF);
    CHECK_EQ(dup2(0, 19), 19);
    CHECK_ERRNO(fcntl(0, F_DUPFD, 20), EINVAL);
    CHECK_ERRNO(fcntl(0, F_DUPFD_CLOEXEC, 20), EINVAL);
    CHECK_ERRNO(fcntl(0, F_DUPFD, 19), EMFILE);
    CHECK_EQ(fcntl(0, F_DUPFD, 18), 18);
    OK(close(high));
    fill_descriptors();
    int pair[2];
    CHECK_ERRNO(open("/", O_RDONLY), EMFILE);
    CHECK_ERRNO(pipe(pair), EMFILE);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), EMFILE);
    CHECK_ERRNO(eventfd(0, 0), EMFILE);
    OK(close(10));
    // One is not enough for two, and stays free.
    CHECK_ERRNO(pipe(pair), EMFILE);
    CHECK_EQ(dup(0), 10);
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0, 50 }));
    CHECK_ERRNO(dup(0), EMFILE);
    CHECK_ERRNO(fcntl(0, F_DUPFD, 0), EINVAL);
    CHECK_ERRNO(open("/", O_RDONLY), EMFILE);
    struct pollfd polled = { 0, 0, 0 };
    CHECK_ERRNO(poll(&polled, 1, 0), EINVAL);
    CHECK(fcntl(0, F_GETFD) >= 0);
}

TEST(received_descriptors_beyond_the_limit_are_dropped)
{
    int pair[2];
    OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    limit(RLIMIT_NOFILE, 20);
    fill_descriptors();
    int flags;
    send_two(pair[0]);
    CHECK_EQ(receive_two(pair[1], &flags), 0);
    CHECK(flags & MSG_CTRUNC);
    send_two(pair[0]);
    OK(close(15));
    CHECK_EQ(receive_two(pair[1], &flags), 1);
    CHECK(flags & MSG_CTRUNC);
    CHECK(fcntl(15, F_GETFD) >= 0);
}

TEST(the_limit_of_descriptors_has_a_limit)
{
    char text[32];
    read_file("/proc/sys/fs/nr_open", text, sizeof text);
    rlim_t most = (rlim_t)atol(text);
    CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 100, most + 1 }), EPERM);
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 100, most }));
}

// setuid(2) succeeds beyond the limit, and execve(2) is what fails, if it is still so then.
TEST(a_user_beyond_the_limit_of_processes_cannot_execute)
{
    struct gate ready = new_gate();
    FORK(other)
    {
        become(54350);
        open_gate(&ready);
        for (;;)
            pause();
    }
    pass_gate(&ready);
    FORK(changes)
    {
        limit(RLIMIT_NPROC, 1);
        OK(syscall(SYS_setgid, 54350));
        OK(syscall(SYS_setuid, 54350));
        CHECK_ERRNO(fork(), EAGAIN);
        CHECK_ERRNO(execl("/bin/busybox", "busybox", "true", (char *)NULL), EAGAIN);
        // Once only: who tries again may.
        execl("/bin/busybox", "busybox", "true", (char *)NULL);
        CHECK_EQ(errno, 0);
    }
    int status = STATUS_OF(changes);
    FORK(was_there)
    {
        OK(syscall(SYS_setgid, 54350));
        OK(syscall(SYS_setuid, 54350));
        limit(RLIMIT_NPROC, 1);
        CHECK_ERRNO(fork(), EAGAIN);
        execl("/bin/busybox", "busybox", "true", (char *)NULL);
    }
    int second = STATUS_OF(was_there);
    OK(kill(other, SIGKILL));
    CHECK_KILLED(other, SIGKILL);
    CHECK_EQ(second, 0);
    CHECK_EQ(status, 0);
}

TEST(root_and_capable_users_have_no_limit_of_processes)
{
    limit(RLIMIT_NPROC, 0);
    FORK(child)
        ;
    CHECK_EXITS(child, 0);
}

static volatile sig_atomic_t signals;
static void count(UNUSED int signo) { signals++; }

// What a call said, and whether SIGXFSZ came.
#define CHECK_WRITES(call, expected)     \
    do                                   \
    {                                    \
        signals = 0;                     \
        CHECK_EQ(call, expected);        \
        CHECK_EQ(signals, 0);            \
    } while (0)

#define CHECK_TOO_BIG(call)              \
    do                                   \
    {                                    \
        signals = 0;                     \
        CHECK_ERRNO(call, EFBIG);        \
        CHECK_EQ(signals, 1);            \
    } while (0)

static char bytes[2000];

TEST(no_call_writes_beyond_the_limit)
{
    scratch();
    handle(SIGXFSZ, count, 0);
    limit(RLIMIT_FSIZE, 1000);
    struct iovec vector[2] = { { bytes, 600 }, { bytes, 600 } };
    int fd = write_file("file", "", 0);
    CHECK_WRITES(write(fd, bytes, 2000), 1000);
    CHECK_TOO_BIG(write(fd, bytes, 1));
    CHECK_WRITES(write(fd, bytes, 0), 0);
    CHECK_WRITES(pwrite(fd, bytes, 10, 999), 1);
    CHECK_TOO_BIG(pwrite(fd, bytes, 10, 1000));
    CHECK_TOO_BIG(pwrite(fd, bytes, 10, 5000));
    CHECK_WRITES(pwrite(fd, bytes, 0, 5000), 0);
    OK(ftruncate(fd, 0));
    OK(lseek(fd, 0, SEEK_SET));
    CHECK_WRITES(writev(fd, vector, 2), 1000);
    CHECK_TOO_BIG(writev(fd, vector, 2));
    CHECK_WRITES(pwritev(fd, vector, 2, 900), 100);
    CHECK_TOO_BIG(pwritev(fd, vector, 2, 1000));
    int appending = OK(open("file", O_WRONLY | O_APPEND));
    OK(ftruncate(fd, 990));
    CHECK_WRITES(write(appending, bytes, 100), 10);
    CHECK_TOO_BIG(write(appending, bytes, 100));
    int memory = OK(syscall(SYS_memfd_create, "memory", 0));
    CHECK_WRITES(write(memory, bytes, 2000), 1000);
    CHECK_TOO_BIG(pwrite(memory, bytes, 1, 1000));
    CHECK_TOO_BIG(ftruncate(memory, 1001));
    // What has no length has no limit.
    int null = OK(open("/dev/null", O_WRONLY));
    CHECK_WRITES(write(null, bytes, 2000), 2000);
    CHECK_WRITES(pwrite(null, bytes, 100, 5000), 100);
    int ends[2];
    OK(pipe(ends));
    CHECK_WRITES(write(ends[1], bytes, 2000), 2000);
}

TEST(no_call_makes_a_file_longer_than_the_limit)
{
    scratch();
    handle(SIGXFSZ, count, 0);
    limit(RLIMIT_FSIZE, 1000);
    int fd = write_file("file", "", 0);
    CHECK_TOO_BIG(ftruncate(fd, 1001));
    CHECK_TOO_BIG(truncate("file", 1001));
    CHECK_WRITES(ftruncate(fd, 1000), 0);
    CHECK_TOO_BIG(fallocate(fd, 0, 0, 1001));
    CHECK_TOO_BIG(fallocate(fd, 0, 500, 501));
    CHECK_TOO_BIG(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 2000));
    CHECK_WRITES(fallocate(fd, 0, 0, 1000), 0);
    // One that is longer already may become shorter.
    limit(RLIMIT_FSIZE, 100);
    CHECK_WRITES(ftruncate(fd, 500), 0);
    CHECK_WRITES(ftruncate(fd, 500), 0);
    CHECK_TOO_BIG(pwrite(fd, bytes, 1, 200));
}

TEST(copies_stop_at_the_limit)
{
    scratch();
    handle(SIGXFSZ, count, 0);
    int source = write_file("source", bytes, 1000);
    int fd = write_file("file", "", 0);
    int ends[2];
    OK(pipe(ends));
    limit(RLIMIT_FSIZE, 1000);
    // Those that go piece by piece are told of the next one.
    OK(lseek(fd, 900, SEEK_SET));
    signals = 0;
    CHECK_EQ(sendfile(fd, source, NULL, 500), 100);
    CHECK_EQ(signals, 1);
    OK(lseek(source, 0, SEEK_SET));
    CHECK_TOO_BIG(sendfile(fd, source, NULL, 500));
    loff_t at = 900;
    OK(lseek(source, 0, SEEK_SET));
    CHECK_WRITES(copy_file_range(source, NULL, fd, &at, 500, 0), 100);
    CHECK_TOO_BIG(copy_file_range(source, NULL, fd, &at, 500, 0));
    CHECK_EQ(write(ends[1], bytes, 500), 500);
    at = 900;
    signals = 0;
    CHECK_EQ(splice(ends[0], NULL, fd, &at, 500, 0), 100);
    CHECK_EQ(signals, 1);
    at = 1000;
    CHECK_TOO_BIG(splice(ends[0], NULL, fd, &at, 300, 0));
    // Exactly to the limit is no offense.
    OK(lseek(fd, 900, SEEK_SET));
    OK(lseek(source, 0, SEEK_SET));
    CHECK_WRITES(sendfile(fd, source, NULL, 100), 100);
}

TEST(queued_signals_have_a_limit)
{
    FORK(user)
    {
        become(54360);
        limit(RLIMIT_SIGPENDING, 5);
        block(SIGRTMIN);
        block(SIGUSR1);
        union sigval value = { 0 };
        for (int i = 0; i < 5; i++)
            OK(sigqueue(getpid(), SIGRTMIN, value));
        CHECK_ERRNO(sigqueue(getpid(), SIGRTMIN, value), EAGAIN);
        // kill(2) always gets through, once.
        OK(kill(getpid(), SIGUSR1));
        timer_t timer;
        CHECK_ERRNO(timer_create(CLOCK_MONOTONIC, NULL, &timer), EAGAIN);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGRTMIN);
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
        // It took a place of its own, and says who sent it.
        CHECK_ERRNO(sigqueue(getpid(), SIGRTMIN, value), EAGAIN);
        sigset_t other;
        sigemptyset(&other);
        sigaddset(&other, SIGUSR1);
        CHECK_EQ(sigwaitinfo(&other, &info), SIGUSR1);
        CHECK_EQ(info.si_pid, getpid());
        OK(sigqueue(getpid(), SIGRTMIN, value));
    }
    CHECK_EXITS(user, 0);
}
