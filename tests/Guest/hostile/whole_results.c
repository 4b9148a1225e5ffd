// What a call writes into a structure it writes whole: no byte is left as it was, padding included, and what is padding
// is the same each time. A byte that is not written would be one of the kernel's own, had it not been cleared.
#include "check.h"
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/timerfd.h>
#include <termios.h>

enum
{
    ROOM = 1024,
};

// Zero: the same each time. One: it has times or counts that go on.
enum how { STEADY, GOES_ON };

static void check_written(const char *name, const unsigned char *first, const unsigned char *second, size_t size,
                          enum how how)
{
    for (size_t i = 0; i < size; i++)
    {
        if (first[i] == 0xaa && second[i] == 0x55)
            FAIL("%s leaves byte %zu of %zu as it was", name, i, size);
        if (how == STEADY && first[i] != second[i])
            FAIL("%s says 0x%02x, then 0x%02x in byte %zu of %zu", name, first[i], second[i], i, size);
    }
    for (size_t i = size; i < ROOM; i++)
        if (first[i] != 0xaa || second[i] != 0x55)
            FAIL("%s writes byte %zu, behind its %zu", name, i, size);
}

#define WHOLE(size, how, call)                                   \
    do                                                           \
    {                                                            \
        static unsigned char first[ROOM], second[ROOM], *at;     \
        memset(at = first, 0xaa, ROOM);                          \
        OK(call);                                                \
        memset(at = second, 0x55, ROOM);                         \
        OK(call);                                                \
        check_written(#call, first, second, size, how);          \
    } while (0)

TEST(what_is_said_of_files)
{
    scratch();
    make_file("file", "text");
    int fd = OK(open("file", O_RDWR));
    WHOLE(144, STEADY, syscall(SYS_stat, "file", at));
    WHOLE(144, STEADY, syscall(SYS_lstat, "file", at));
    WHOLE(144, STEADY, syscall(SYS_fstat, fd, at));
    WHOLE(144, STEADY, syscall(SYS_newfstatat, fd, "", at, AT_EMPTY_PATH));
    WHOLE(256, STEADY, syscall(SYS_statx, fd, "", AT_EMPTY_PATH, 0xfff, at));
    WHOLE(120, STEADY, syscall(SYS_statfs, "file", at));
    WHOLE(120, STEADY, syscall(SYS_fstatfs, fd, at));
    WHOLE(144, GOES_ON, syscall(SYS_stat, "/proc/self", at));
    WHOLE(144, STEADY, syscall(SYS_stat, "/dev/null", at));
    WHOLE(120, STEADY, syscall(SYS_statfs, "/proc", at));
    WHOLE(120, STEADY, syscall(SYS_statfs, "/dev/pts", at));
    OK(close(fd));
}

TEST(what_is_said_of_the_system)
{
    WHOLE(390, STEADY, syscall(SYS_uname, at));
    WHOLE(112, GOES_ON, syscall(SYS_sysinfo, at));
    WHOLE(144, GOES_ON, syscall(SYS_getrusage, RUSAGE_SELF, at));
    WHOLE(32, GOES_ON, syscall(SYS_times, at));
    WHOLE(16, STEADY, syscall(SYS_getrlimit, RLIMIT_NOFILE, at));
    WHOLE(16, STEADY, syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, at));
    WHOLE(16, GOES_ON, syscall(SYS_clock_gettime, CLOCK_REALTIME, at));
    WHOLE(16, STEADY, syscall(SYS_clock_getres, CLOCK_MONOTONIC, at));
    WHOLE(16, STEADY, syscall(SYS_sched_rr_get_interval, 0, at));
    WHOLE(4, STEADY, syscall(SYS_sched_getparam, 0, at));
    WHOLE(48, STEADY, syscall(SYS_sched_getattr, 0, at, 48, 0));
}

TEST(what_is_said_of_timers)
{
    timer_t timer;
    OK(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer));
    int file = OK(timerfd_create(CLOCK_MONOTONIC, 0));
    WHOLE(32, STEADY, syscall(SYS_getitimer, ITIMER_REAL, at));
    WHOLE(32, STEADY, syscall(SYS_timer_gettime, timer, at));
    WHOLE(32, STEADY, syscall(SYS_timerfd_gettime, file, at));
}

TEST(what_is_said_of_signals)
{
    block(SIGUSR1);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    int file = OK(signalfd(-1, &set, 0));
    WHOLE(32, STEADY, syscall(SYS_rt_sigaction, SIGUSR2, NULL, at, 8));
    WHOLE(8, STEADY, syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, at, 8));
    WHOLE(8, STEADY, syscall(SYS_rt_sigpending, at, 8));
    WHOLE(24, STEADY, syscall(SYS_sigaltstack, NULL, at));
    WHOLE(128, STEADY, raise(SIGUSR1) + syscall(SYS_rt_sigtimedwait, &set, at, NULL, 8));
    WHOLE(128, STEADY, kill(getpid(), SIGUSR1) + read(file, at, ROOM));
}

static unsigned char *handled;

static void keep(UNUSED int signo, siginfo_t *info, UNUSED void *context) { memcpy(handled, info, 128); }

TEST(what_a_handler_is_given)
{
    unsigned char *stack = OK(mmap(NULL, 65536, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    handle_info(SIGUSR1, keep, SA_ONSTACK);
    OK(sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = 65536 }, NULL));
    WHOLE(128, STEADY, (memset(stack, at[0], 65536), handled = at, raise(SIGUSR1)));
}

TEST(what_is_said_of_ipc)
{
    int segment = OK(shmget(IPC_PRIVATE, 4096, 0600));
    int queue = OK(msgget(IPC_PRIVATE, 0600));
    int set = OK(semget(IPC_PRIVATE, 2, 0600));
    WHOLE(112, STEADY, syscall(SYS_shmctl, segment, IPC_STAT, at));
    WHOLE(120, STEADY, syscall(SYS_msgctl, queue, IPC_STAT, at));
    WHOLE(104, STEADY, syscall(SYS_semctl, set, 0, IPC_STAT, at));
    WHOLE(72, STEADY, syscall(SYS_shmctl, 0, IPC_INFO, at));
    WHOLE(48, STEADY, syscall(SYS_shmctl, 0, SHM_INFO, at));
    WHOLE(32, STEADY, syscall(SYS_msgctl, 0, IPC_INFO, at));
    WHOLE(40, STEADY, syscall(SYS_semctl, 0, 0, IPC_INFO, at));
    WHOLE(4, STEADY, syscall(SYS_semctl, set, 0, GETALL, at));
    OK(shmctl(segment, IPC_RMID, NULL));
    OK(msgctl(queue, IPC_RMID, NULL));
    OK(semctl(set, 0, IPC_RMID));
}

TEST(what_is_said_of_terminals)
{
    int terminal = OK(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    WHOLE(36, STEADY, ioctl(terminal, TCGETS, at));
    WHOLE(8, STEADY, ioctl(terminal, TIOCGWINSZ, at));
    WHOLE(4, STEADY, ioctl(terminal, TIOCGPTN, at));
    WHOLE(4, STEADY, ioctl(terminal, FIONREAD, at));
}

TEST(what_is_said_of_sockets_and_readiness)
{
    int pair[2];
    socklen_t length;
    OK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    CHECK_EQ(write(pair[1], "x", 1), 1);
    int epoll = OK(epoll_create1(0));
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &(struct epoll_event){ .events = EPOLLIN }));
    WHOLE(12, STEADY, (length = 12, getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, at, &length)));
    WHOLE(8, STEADY, (length = 8, getsockopt(pair[0], SOL_SOCKET, SO_LINGER, at, &length)));
    WHOLE(16, STEADY, (length = 16, getsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, at, &length)));
    WHOLE(2, STEADY, (length = ROOM, getsockname(pair[0], (void *)at, &length)));
    WHOLE(12, STEADY, epoll_wait(epoll, (void *)at, 1, -1));
}

TEST(what_is_said_of_what_happens_to_files)
{
    scratch();
    make_file("watched", "");
    int watches = OK(inotify_init1(0));
    OK(inotify_add_watch(watches, ".", IN_ATTRIB));
    // The name is padded to a multiple of sixteen.
    WHOLE(32, STEADY, chmod("watched", 0600) + read(watches, at, ROOM));
}

TEST(what_is_said_of_locks_and_owners)
{
    scratch();
    make_file("file", "text");
    int fd = OK(open("file", O_RDWR));
    int ready[2];
    OK(pipe(ready));
    FORK(locker)
    {
        OK(fcntl(fd, F_SETLK, &(struct flock){ .l_type = F_WRLCK, .l_len = 2 }));
        CHECK_EQ(write(ready[1], "x", 1), 1);
        while (true)
            pause();
    }
    char byte;
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    struct flock wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.l_type = F_WRLCK;
    WHOLE(32, STEADY, (memcpy(at, &wanted, sizeof wanted), fcntl(fd, F_GETLK, at)));
    OK(kill(locker, SIGKILL));
    CHECK_KILLED(locker, SIGKILL);
    OK(fcntl(fd, F_SETOWN, getpid()));
    WHOLE(8, STEADY, fcntl(fd, F_GETOWN_EX, at));
}
