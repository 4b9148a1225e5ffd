// signalfd(2).
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

static sigset_t set_of(int first, int second)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, first);
    sigaddset(&set, second);
    return set;
}

static int reader_of(int first, int second, int flags)
{
    sigset_t set = set_of(first, second);
    block(first);
    block(second);
    return OK(signalfd(-1, &set, flags));
}

static struct signalfd_siginfo read_one(int fd)
{
    struct signalfd_siginfo info;
    CHECK_EQ(sizeof info, 128);
    CHECK_EQ(read(fd, &info, sizeof info), sizeof info);
    return info;
}

TEST(a_blocked_signal_is_read)
{
    struct signalfd_siginfo info;
    int fd = reader_of(SIGUSR1, SIGUSR2, SFD_NONBLOCK);
    CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
    OK(kill(getpid(), SIGUSR1));
    info = read_one(fd);
    CHECK_EQ(info.ssi_signo, SIGUSR1);
    CHECK_EQ(info.ssi_code, SI_USER);
    CHECK_EQ(info.ssi_pid, getpid());
    CHECK_EQ(info.ssi_uid, getuid());
    CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
    sigset_t pending;
    OK(sigpending(&pending));
    CHECK_EQ(sigismember(&pending, SIGUSR1), 0);
}

TEST(several_are_read_at_once_and_only_wanted_ones)
{
    struct signalfd_siginfo infos[4];
    int fd = reader_of(SIGUSR1, SIGUSR2, SFD_NONBLOCK);
    block(SIGTERM);
    OK(raise(SIGTERM));
    OK(raise(SIGUSR2));
    OK(raise(SIGUSR1));
    CHECK_EQ(read(fd, infos, sizeof infos), 2 * sizeof infos[0]);
    CHECK_EQ(infos[0].ssi_signo, SIGUSR1);
    CHECK_EQ(infos[1].ssi_signo, SIGUSR2);
    CHECK_ERRNO(read(fd, infos, 127), EINVAL);
}

TEST(queued_values_and_ended_children_are_described)
{
    int fd = reader_of(SIGRTMIN, SIGCHLD, 0);
    OK(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_ptr = (void *)0x123456789 }));
    struct signalfd_siginfo info = read_one(fd);
    CHECK_EQ(info.ssi_signo, SIGRTMIN);
    CHECK_EQ(info.ssi_code, SI_QUEUE);
    CHECK_EQ(info.ssi_ptr, 0x123456789);
    CHECK_EQ(info.ssi_int, 0x23456789);
    FORK(child)
        _exit(7);
    info = read_one(fd);
    CHECK_EQ(info.ssi_signo, SIGCHLD);
    CHECK_EQ(info.ssi_code, CLD_EXITED);
    CHECK_EQ(info.ssi_pid, child);
    CHECK_EQ(info.ssi_status, 7);
    CHECK_EXITS(child, 7);
}

TEST(poll_and_epoll_tell_of_a_signal)
{
    int fd = reader_of(SIGUSR1, SIGUSR2, 0);
    int epoll = OK(epoll_create1(0));
    struct epoll_event event = { .events = EPOLLIN };
    struct pollfd one = { .fd = fd, .events = POLLIN };
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    CHECK_EQ(poll(&one, 1, 0), 0);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    pid_t parent = getpid();
    for (int i = 0; i < 2; i++)
    {
        FORK(killer)
        {
            EVENTUALLY(process_state(parent) == 'S');
            OK(kill(parent, SIGUSR1));
        }
        if (i == 0)
            CHECK_EQ(poll(&one, 1, -1), 1);
        else
            CHECK_EQ(epoll_wait(epoll, &event, 1, -1), 1);
        CHECK_EQ(read_one(fd).ssi_signo, SIGUSR1);
        CHECK_EXITS(killer, 0);
    }
    CHECK_EQ(poll(&one, 1, 0), 0);
}

static void nothing(UNUSED int signo) {}

TEST(a_read_waits_and_another_signal_interrupts_it)
{
    struct signalfd_siginfo info;
    int fd = reader_of(SIGUSR1, SIGUSR1, 0);
    pid_t parent = getpid();
    FORK(killer)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(kill(parent, SIGUSR1));
    }
    CHECK_EQ(read_one(fd).ssi_pid, killer);
    CHECK_EXITS(killer, 0);
    FORK(reader)
    {
        handle(SIGALRM, nothing, 0);
        alarm(1);
        CHECK_ERRNO(read(fd, &info, sizeof info), EINTR);
    }
    CHECK_EXITS(reader, 0);
}

TEST(the_set_can_be_changed)
{
    struct signalfd_siginfo info;
    int fd = reader_of(SIGUSR1, SIGUSR1, SFD_NONBLOCK);
    block(SIGUSR2);
    OK(raise(SIGUSR2));
    CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
    sigset_t other = set_of(SIGUSR2, SIGUSR2);
    CHECK_EQ(signalfd(fd, &other, 0), fd);
    CHECK_EQ(read_one(fd).ssi_signo, SIGUSR2);
    OK(raise(SIGUSR1));
    CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
}

TEST(a_child_reads_its_own_signals)
{
    struct signalfd_siginfo info;
    int fd = reader_of(SIGUSR1, SIGUSR1, SFD_NONBLOCK);
    OK(raise(SIGUSR1));
    FORK(child)
    {
        CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
        OK(raise(SIGUSR1));
        CHECK_EQ(read_one(fd).ssi_pid, getpid());
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(read_one(fd).ssi_pid, getpid());
}

static void *read_in_thread(void *fd)
{
    struct signalfd_siginfo info;
    return read(*(int *)fd, &info, sizeof info) == -1 && errno == EAGAIN ? NULL : fd;
}

TEST(a_signal_for_a_thread_is_not_read_by_another)
{
    int fd = reader_of(SIGUSR1, SIGUSR1, SFD_NONBLOCK);
    OK(syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1));
    pthread_t thread;
    void *result;
    CHECK_EQ(pthread_create(&thread, NULL, read_in_thread, &fd), 0);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == NULL);
    CHECK_EQ(read_one(fd).ssi_code, SI_TKILL);
}

TEST(arguments_are_checked)
{
    sigset_t set = set_of(SIGUSR1, SIGKILL);
    CHECK_ERRNO(signalfd(-1, &set, 1), EINVAL);
    CHECK_ERRNO(signalfd(0, &set, 0), EINVAL);
    CHECK_ERRNO(signalfd(999, &set, 0), EBADF);
    CHECK_ERRNO(syscall(SYS_signalfd4, -1, &set, 4, 0), EINVAL);
    CHECK_EQ(fcntl(OK(signalfd(-1, &set, SFD_CLOEXEC)), F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(write(OK(signalfd(-1, &set, 0)), "x", 1), EINVAL);
}
