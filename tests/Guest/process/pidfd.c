// pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2), and CLONE_PIDFD of clone(2).
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#define CLONE_PIDFD_FLAG 0x1000ULL

enum { NONBLOCK = O_NONBLOCK };

static int pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }
static int pidfd_send(int fd, int signo, siginfo_t *info, unsigned flags)
{
    return (int)syscall(SYS_pidfd_send_signal, fd, signo, info, flags);
}
static int pidfd_getfd(int fd, int target, unsigned flags)
{
    return (int)syscall(SYS_pidfd_getfd, fd, target, flags);
}

struct arguments
{
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup;
};

static long clone3(struct arguments *arguments) { return syscall(SYS_clone3, arguments, sizeof *arguments); }

static short events_of(int fd, int timeout)
{
    struct pollfd one = { .fd = fd, .events = POLLIN | POLLRDNORM | POLLOUT };
    OK(poll(&one, 1, timeout));
    return one.revents;
}

static pid_t sleeping_child(void)
{
    FORK(child) pause();
    return child;
}

static void end(pid_t child)
{
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(it_is_readable_from_the_end_on_even_after_the_wait)
{
    struct gate gate = new_gate();
    FORK(child) pass_gate(&gate);
    int fd = OK(pidfd_open(child, 0));
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR);
    CHECK_EQ(events_of(fd, 0), 0);
    open_gate(&gate);
    CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
    CHECK_EXITS(child, 0);
    CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
}

TEST(an_epoll_hears_of_the_end)
{
    struct gate gate = new_gate();
    FORK(child) pass_gate(&gate);
    int fd = OK(pidfd_open(child, 0));
    int epoll = OK(epoll_create1(0));
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u32 = 7 };
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    open_gate(&gate);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 10000), 1);
    CHECK_EQ(event.data.u32, 7);
    CHECK_EXITS(child, 0);
}

TEST(a_child_that_nobody_waits_for_is_heard_of_too)
{
    struct gate gate = new_gate();
    handle(SIGCHLD, SIG_IGN, 0);
    FORK(child) pass_gate(&gate);
    int fd = OK(pidfd_open(child, 0));
    open_gate(&gate);
    CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
    CHECK_ERRNO(pidfd_send(fd, 0, NULL, 0), ESRCH);
}

static void *wait_at_gate(void *gate)
{
    pass_gate(gate);
    return NULL;
}

TEST(a_leader_that_is_gone_before_its_threads_has_not_ended_the_process)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, wait_at_gate, &gate);
        syscall(SYS_exit, 0);
    }
    int fd = OK(pidfd_open(child, 0));
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_EQ(events_of(fd, 50), 0);
    open_gate(&gate);
    CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
    CHECK_EXITS(child, 0);
}

static void *own_tid(void *result)
{
    *(pid_t *)result = (pid_t)syscall(SYS_gettid);
    CHECK_ERRNO(pidfd_open(*(pid_t *)result, 0), EINVAL);
    return NULL;
}

TEST(open_checks_its_arguments)
{
    CHECK_ERRNO(pidfd_open(0, 0), EINVAL);
    CHECK_ERRNO(pidfd_open(-1, 0), EINVAL);
    CHECK_ERRNO(pidfd_open(getpid(), 1), EINVAL);
    CHECK_ERRNO(pidfd_open(getpid(), O_CLOEXEC), EINVAL);
    CHECK_ERRNO(pidfd_open(0x3fffffff, 0), ESRCH);
    pid_t child = sleeping_child();
    end(child);
    CHECK_ERRNO(pidfd_open(child, 0), ESRCH);
    pthread_t thread;
    pid_t tid = 0;
    CHECK_EQ(pthread_create(&thread, NULL, own_tid, &tid), 0);
    pthread_join(thread, NULL);
    CHECK(tid > 0);
}

TEST(a_zombie_can_be_opened)
{
    FORK(child) { }
    EVENTUALLY(process_state(child) == 'Z');
    int fd = OK(pidfd_open(child, 0));
    CHECK_EQ(events_of(fd, 0), POLLIN | POLLRDNORM);
    OK(pidfd_send(fd, SIGTERM, NULL, 0));
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(pidfd_send(fd, SIGTERM, NULL, 0), ESRCH);
}

TEST(it_cannot_be_read_written_or_sought)
{
    char byte = 0;
    int fd = OK(pidfd_open(getpid(), 0));
    CHECK_ERRNO(read(fd, &byte, 1), EINVAL);
    CHECK_ERRNO(write(fd, &byte, 1), EINVAL);
    CHECK_ERRNO(lseek(fd, 0, SEEK_SET), ESPIPE);
}

static siginfo_t seen;
static void remember(UNUSED int signo, siginfo_t *info, UNUSED void *context) { seen = *info; }

TEST(send_signal_is_kill_or_sigqueue)
{
    int fd = OK(pidfd_open(getpid(), 0));
    handle_info(SIGUSR1, remember, 0);
    OK(pidfd_send(fd, SIGUSR1, NULL, 0));
    CHECK_EQ(seen.si_code, SI_USER);
    CHECK_EQ(seen.si_pid, getpid());
    siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };
    info.si_value.sival_int = 77;
    OK(pidfd_send(fd, SIGUSR1, &info, 0));
    CHECK_EQ(seen.si_code, SI_QUEUE);
    CHECK_EQ(seen.si_value.sival_int, 77);
    OK(pidfd_send(fd, 0, NULL, 0));
    info.si_code = SI_USER;
    OK(pidfd_send(fd, SIGUSR1, &info, 0));
}

TEST(send_signal_checks_its_arguments)
{
    siginfo_t info = { .si_signo = SIGUSR2, .si_code = SI_QUEUE };
    int own = OK(pidfd_open(getpid(), 0));
    int null = OK(open("/dev/null", O_RDONLY));
    CHECK_ERRNO(pidfd_send(own, 0, NULL, 1), EINVAL);
    CHECK_ERRNO(pidfd_send(-1, 0, NULL, 0), EBADF);
    CHECK_ERRNO(pidfd_send(null, 0, NULL, 0), EBADF);
    CHECK_ERRNO(pidfd_send(own, 65, NULL, 0), EINVAL);
    CHECK_ERRNO(pidfd_send(own, SIGUSR1, &info, 0), EINVAL);
    CHECK_ERRNO(pidfd_send(own, SIGUSR1, (siginfo_t *)8, 0), EFAULT);
    pid_t child = sleeping_child();
    int fd = OK(pidfd_open(child, 0));
    info.si_signo = SIGUSR1;
    info.si_code = SI_USER;
    CHECK_ERRNO(pidfd_send(fd, SIGUSR1, &info, 0), EPERM);
    info.si_code = SI_TKILL;
    CHECK_ERRNO(pidfd_send(fd, SIGUSR1, &info, 0), EPERM);
    OK(pidfd_send(fd, SIGKILL, NULL, 0));
    CHECK_KILLED(child, SIGKILL);
}

TEST(a_user_cannot_signal_or_look_into_others)
{
    pid_t child = sleeping_child();
    FORK(user)
    {
        int fd = OK(pidfd_open(child, 0));
        become(1000);
        CHECK_ERRNO(pidfd_send(fd, SIGTERM, NULL, 0), EPERM);
        CHECK_ERRNO(pidfd_getfd(fd, 0, 0), EPERM);
    }
    CHECK_EXITS(user, 0);
    end(child);
}

TEST(a_directory_of_proc_takes_signals_too)
{
    char path[64];
    pid_t child = sleeping_child();
    snprintf(path, sizeof path, "/proc/%d", (int)child);
    int fd = OK(open(path, O_RDONLY | O_DIRECTORY));
    OK(pidfd_send(fd, 0, NULL, 0));
    CHECK_ERRNO(pidfd_getfd(fd, 0, 0), EBADF);
    int place = OK(open(path, O_PATH | O_DIRECTORY));
    CHECK_ERRNO(pidfd_send(place, 0, NULL, 0), EBADF);
    OK(pidfd_send(fd, SIGKILL, NULL, 0));
    CHECK_KILLED(child, SIGKILL);
    CHECK_ERRNO(pidfd_send(fd, 0, NULL, 0), ESRCH);
}

TEST(getfd_makes_a_descriptor_of_the_same_file)
{
    int ends[2];
    char byte = 0;
    struct gate ready = new_gate();
    OK(pipe(ends));
    pid_t child = OK(fork());
    if (child == 0)
    {
        OK(dup2(ends[1], 100));
        open_gate(&ready);
        pause();
    }
    pass_gate(&ready);
    OK(close(ends[1]));
    int fd = OK(pidfd_open(child, 0));
    CHECK_ERRNO(pidfd_getfd(fd, 101, 0), EBADF);
    CHECK_ERRNO(pidfd_getfd(fd, -1, 0), EBADF);
    CHECK_ERRNO(pidfd_getfd(fd, 100, 1), EINVAL);
    CHECK_ERRNO(pidfd_getfd(ends[0], 100, 0), EBADF);
    CHECK_ERRNO(pidfd_getfd(-1, 100, 0), EBADF);
    int got = OK(pidfd_getfd(fd, 100, 0));
    CHECK_EQ(fcntl(got, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(write(got, "k", 1), 1);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(byte, 'k');
    end(child);
    CHECK_ERRNO(pidfd_getfd(fd, 100, 0), ESRCH);
    OK(close(got));
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}

TEST(waitid_waits_for_the_process_of_a_descriptor)
{
    siginfo_t info = { 0 };
    FORK(other) pause();
    FORK(child) _exit(5);
    int fd = OK(pidfd_open(child, 0));
    OK(waitid(P_PIDFD, (id_t)fd, &info, WEXITED));
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_status, 5);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), ECHILD);
    CHECK_ERRNO(waitid(P_PIDFD, 0x7fffffff, &info, WEXITED), EBADF);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)-1, &info, WEXITED), EINVAL);
    CHECK_ERRNO(waitid(P_PIDFD, STDOUT_FILENO, &info, WEXITED), EBADF);
    int own = OK(pidfd_open(getpid(), 0));
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)own, &info, WEXITED), ECHILD);
    end(other);
}

TEST(waitid_on_a_nonblocking_one_is_eagain)
{
    siginfo_t info = { 0 };
    pid_t child = sleeping_child();
    int fd = OK(pidfd_open(child, NONBLOCK));
    CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), EAGAIN);
    OK(waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG));
    CHECK_EQ(info.si_pid, 0);
    OK(pidfd_send(fd, SIGKILL, NULL, 0));
    CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
    OK(waitid(P_PIDFD, (id_t)fd, &info, WEXITED));
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_code, CLD_KILLED);
}

static void details(int fd, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    read_file(path, text, size);
}

TEST(fdinfo_tells_the_pid_until_it_has_been_waited_for)
{
    char text[512];
    char wanted[64];
    FORK(child) { }
    int fd = OK(pidfd_open(child, 0));
    details(fd, text, sizeof text);
    snprintf(wanted, sizeof wanted, "\nPid:\t%d\nNSpid:\t%d\n", (int)child, (int)child);
    CHECK(strstr(text, wanted) != NULL);
    CHECK_EXITS(child, 0);
    details(fd, text, sizeof text);
    CHECK(strstr(text, "\nPid:\t-1\nNSpid:\t-1\n") != NULL);
    snprintf(wanted, sizeof wanted, "/proc/self/fd/%d", fd);
    ssize_t length = OK(readlink(wanted, text, sizeof text - 1));
    text[length] = '\0';
    CHECK_STR(text, "anon_inode:[pidfd]");
}

TEST(clone_gives_the_parent_a_descriptor_and_the_child_none)
{
    int fd = -1;
    int before = OK(open("/dev/null", O_RDONLY));
    OK(close(before));
    long child = OK(syscall(SYS_clone, CLONE_PIDFD_FLAG | SIGCHLD, NULL, &fd, NULL, NULL));
    if (child == 0)
    {
        CHECK_ERRNO(fcntl(before, F_GETFD), EBADF);
        _exit(3);
    }
    CHECK_EQ(fd, before);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    siginfo_t info = { 0 };
    OK(waitid(P_PIDFD, (id_t)fd, &info, WEXITED));
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_status, 3);
}

TEST(clone_with_a_descriptor_checks_its_flags)
{
    int fd = -1;
    const unsigned long base = CLONE_PIDFD_FLAG | SIGCHLD;
    CHECK_ERRNO(syscall(SYS_clone, base | CLONE_PARENT_SETTID, NULL, &fd, NULL, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_clone, base | CLONE_DETACHED, NULL, &fd, NULL, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_clone, base | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, NULL, &fd, NULL, NULL),
                EINVAL);
    CHECK_ERRNO(syscall(SYS_clone, base, NULL, (int *)8, NULL, NULL), EFAULT);
    CHECK_EQ(fd, -1);
    CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
    struct rlimit none = { 0, 1024 };
    OK(setrlimit(RLIMIT_NOFILE, &none));
    CHECK_ERRNO(syscall(SYS_clone, base, NULL, &fd, NULL, NULL), EMFILE);
    CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

TEST(clone3_has_a_place_for_both_descriptor_and_id)
{
    int fd = -1;
    pid_t told = -1;
    struct arguments arguments = {
        .flags = CLONE_PIDFD_FLAG | CLONE_PARENT_SETTID,
        .pidfd = (uintptr_t)&fd,
        .parent_tid = (uintptr_t)&told,
        .exit_signal = SIGCHLD,
    };
    long child = OK(clone3(&arguments));
    if (child == 0)
        _exit(0);
    CHECK_EQ(told, child);
    siginfo_t info = { 0 };
    OK(waitid(P_PIDFD, (id_t)fd, &info, WEXITED));
    CHECK_EQ(info.si_pid, child);
    arguments.parent_tid = arguments.pidfd;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
}

TEST(a_descriptor_names_the_same_process_after_an_exec)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pass_gate(&gate);
        execl("/bin/busybox", "sleep", "1000", (char *)NULL);
    }
    int fd = OK(pidfd_open(child, 0));
    open_gate(&gate);
    char text[64];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)child);
    EVENTUALLY((read_file(path, text, sizeof text), strcmp(text, "busybox\n") == 0));
    CHECK_EQ(events_of(fd, 0), 0);
    OK(pidfd_send(fd, SIGTERM, NULL, 0));
    CHECK_KILLED(child, SIGTERM);
}

TEST(an_exec_of_a_thread_does_not_end_the_process)
{
    int fd = OK(pidfd_open(getpid(), 0));
    FORK(child)
    {
        OK(close(fd));
        pthread_t thread;
        struct gate never = new_gate();
        pthread_create(&thread, NULL, wait_at_gate, &never);
        execl("/bin/busybox", "sleep", "1000", (char *)NULL);
    }
    int other = OK(pidfd_open(child, 0));
    char text[64];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)child);
    EVENTUALLY((read_file(path, text, sizeof text), strcmp(text, "busybox\n") == 0));
    CHECK_EQ(events_of(other, 0), 0);
    end(child);
    CHECK_EQ(events_of(other, 0), POLLIN | POLLRDNORM);
}

TEST(many_are_opened_and_closed_without_a_trace)
{
    for (int i = 0; i < loops(300); i++)
    {
        FORK(child) { }
        int fd = OK(pidfd_open(child, 0));
        CHECK_EQ(events_of(fd, -1), POLLIN | POLLRDNORM);
        CHECK_EXITS(child, 0);
        OK(close(fd));
    }
}
