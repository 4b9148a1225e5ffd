// signal(7), "Interruption of system calls and library functions by signal handlers": each blocking call with
// a handler, with one that has SA_RESTART, and stopped and continued without any handler.
#include "check.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>

// futex(2), which musl has no header for.
enum { FUTEX_WAIT = 0, FUTEX_WAIT_BITSET = 9 };

// What the sleeping process and the one that watches it share.
struct shared
{
    volatile int handled;
    volatile int is_done;
    volatile int error;
    uint32_t word;
};

static struct shared *shared;

static void count(UNUSED int signo) { shared->handled++; }

static const struct timespec long_time = { 1000, 0 };

static long read_pipe(void)
{
    char byte;
    struct gate gate = new_gate();
    return read(gate.ends[0], &byte, 1);
}

static long write_pipe(void)
{
    static char data[4096];
    struct gate gate = new_gate();
    OK(fcntl(gate.ends[1], F_SETFL, O_NONBLOCK));
    while (write(gate.ends[1], data, sizeof data) > 0)
        continue;
    OK(fcntl(gate.ends[1], F_SETFL, 0));
    return write(gate.ends[1], data, 1);
}

static long open_fifo(void)
{
    scratch();
    OK(mkfifo("fifo", 0600));
    return open("fifo", O_RDONLY);
}

static long read_eventfd(void)
{
    uint64_t value;
    return read(OK(eventfd(0, 0)), &value, 8);
}

static long read_timerfd(void)
{
    uint64_t value;
    return read(OK(timerfd_create(CLOCK_MONOTONIC, 0)), &value, 8);
}

static long read_signalfd(void)
{
    struct signalfd_siginfo info;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    block(SIGHUP);
    return read(OK(signalfd(-1, &set, 0)), &info, sizeof info);
}

static void make_sleeper(void)
{
    if (OK(fork()) == 0)
    {
        // Ends with its parent: that holds the other end of the pipe.
        struct pollfd nothing = { .fd = -1 };
        pid_t parent = getppid();
        while (getppid() == parent)
            poll(&nothing, 1, 20);
        _exit(0);
    }
}

static long wait_child(void)
{
    make_sleeper();
    return wait4(-1, NULL, 0, NULL);
}

static long waitid_child(void)
{
    siginfo_t info;
    make_sleeper();
    return waitid(P_ALL, 0, &info, WEXITED);
}

static int locked_file(void)
{
    scratch();
    return write_file("file", "x", 1);
}

// Somebody else holds the lock for as long as this process lives.
static void let_other_lock(int operation)
{
    struct gate gate = new_gate();
    if (OK(fork()) == 0)
    {
        int fd = OK(open("file", O_RDWR));
        struct flock lock = { .l_type = F_WRLCK };
        if (operation == 0)
            OK(flock(fd, LOCK_EX));
        else
            OK(fcntl(fd, F_SETLK, &lock));
        open_gate(&gate);
        pid_t parent = getppid();
        while (getppid() == parent)
            poll(NULL, 0, 20);
        _exit(0);
    }
    pass_gate(&gate);
}

static long wait_flock(void)
{
    int fd = locked_file();
    let_other_lock(0);
    return flock(fd, LOCK_EX);
}

static long wait_record_lock(void)
{
    int fd = locked_file();
    let_other_lock(1);
    struct flock lock = { .l_type = F_WRLCK };
    return fcntl(fd, F_SETLKW, &lock);
}

static long wait_open_file_lock(void)
{
    int fd = locked_file();
    let_other_lock(1);
    struct flock lock = { .l_type = F_WRLCK };
    return fcntl(fd, F_OFD_SETLKW, &lock);
}

static int sockets[2];

static void make_sockets(int type, int option)
{
    OK(socketpair(AF_UNIX, type, 0, sockets));
    struct timeval timeout = { 1000, 0 };
    if (option != 0)
        OK(setsockopt(sockets[0], SOL_SOCKET, option, &timeout, sizeof timeout));
}

static long receive(void)
{
    char byte;
    make_sockets(SOCK_STREAM, 0);
    return recv(sockets[0], &byte, 1, 0);
}

static long receive_with_timeout(void)
{
    char byte;
    make_sockets(SOCK_STREAM, SO_RCVTIMEO);
    return recv(sockets[0], &byte, 1, 0);
}

static long receive_datagram(void)
{
    char byte;
    make_sockets(SOCK_DGRAM, 0);
    return recvfrom(sockets[0], &byte, 1, 0, NULL, NULL);
}

static long receive_datagram_with_timeout(void)
{
    char byte;
    make_sockets(SOCK_DGRAM, SO_RCVTIMEO);
    struct iovec part = { &byte, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    return recvmsg(sockets[0], &message, 0);
}

static long fill_and_send(int option)
{
    static char data[4096];
    make_sockets(SOCK_STREAM, option);
    while (send(sockets[0], data, sizeof data, MSG_DONTWAIT) > 0)
        continue;
    return send(sockets[0], data, sizeof data, 0);
}

static long send_to_full(void) { return fill_and_send(0); }
static long send_with_timeout(void) { return fill_and_send(SO_SNDTIMEO); }

static int listener(int timeout)
{
    int fd = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    OK(bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t)));
    OK(listen(fd, 0));
    struct timeval time = { 1000, 0 };
    if (timeout)
        OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    return fd;
}

static long accept_one(void) { return accept(listener(0), NULL, NULL); }
static long accept_with_timeout(void) { return accept(listener(1), NULL, NULL); }

static long connect_to_full(int timeout)
{
    int fd = listener(0);
    struct sockaddr_un name;
    socklen_t length = sizeof name;
    OK(getsockname(fd, (struct sockaddr *)&name, &length));
    int client;
    do
    {
        client = OK(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    } while (connect(client, (struct sockaddr *)&name, length) == 0);
    OK(fcntl(client, F_SETFL, 0));
    struct timeval time = { 1000, 0 };
    if (timeout)
        OK(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time));
    return connect(client, (struct sockaddr *)&name, length);
}

static long connect_one(void) { return connect_to_full(0); }
static long connect_with_timeout(void) { return connect_to_full(1); }

static long wait_futex(void) { return syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, NULL); }
static long wait_futex_for_a_time(void) { return syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, &long_time); }

static long wait_futex_until(void)
{
    struct timespec until;
    OK(clock_gettime(CLOCK_MONOTONIC, &until));
    until.tv_sec += 1000;
    return syscall(SYS_futex, &shared->word, FUTEX_WAIT_BITSET, 0, &until, NULL, -1);
}

static long do_pause(void) { return pause(); }

static long suspend(void)
{
    sigset_t none;
    sigemptyset(&none);
    return sigsuspend(&none);
}

static long wait_for_signal(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    block(SIGHUP);
    // The library calls again after EINTR.
    return syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 8);
}

static long wait_for_signal_for_a_time(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    block(SIGHUP);
    return syscall(SYS_rt_sigtimedwait, &set, NULL, &long_time, 8);
}

static long wait_epoll(void)
{
    struct epoll_event event;
    return epoll_wait(OK(epoll_create1(0)), &event, 1, -1);
}

static long wait_epoll_for_a_time(void)
{
    struct epoll_event event;
    return epoll_pwait(OK(epoll_create1(0)), &event, 1, 1000000, NULL);
}

static long do_poll(void) { return poll(NULL, 0, -1); }
static long poll_for_a_time(void) { return poll(NULL, 0, 1000000); }
static long do_ppoll(void) { return ppoll(NULL, 0, &long_time, NULL); }
static long do_select(void) { return select(0, NULL, NULL, NULL, NULL); }
static long select_for_a_time(void) { return select(0, NULL, NULL, NULL, &(struct timeval){ 1000, 0 }); }
static long do_pselect(void) { return pselect(0, NULL, NULL, NULL, &long_time, NULL); }
static long sleep_long(void) { return nanosleep(&long_time, NULL); }
static long clock_sleep(void) { return syscall(SYS_clock_nanosleep, CLOCK_REALTIME, 0, &long_time, NULL); }

static long clock_sleep_until(void)
{
    struct timespec until;
    OK(clock_gettime(CLOCK_MONOTONIC, &until));
    until.tv_sec += 1000;
    return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int queue = -1;
static int semaphores = -1;

static long receive_message(void)
{
    struct { long type; char text[1]; } message;
    return msgrcv(queue, &message, 1, 0, 0);
}

static long take_semaphore(void)
{
    struct sembuf operation = { .sem_num = 0, .sem_op = -1 };
    return semop(semaphores, &operation, 1);
}

static long take_semaphore_for_a_time(void)
{
    struct sembuf operation = { .sem_num = 0, .sem_op = -1 };
    return syscall(SYS_semtimedop, semaphores, &operation, 1, &long_time);
}

enum answer { FAILS, RESTARTS };

struct call
{
    const char *name;
    long (*make)(void);
    // With a handler that has SA_RESTART; and after SIGSTOP and SIGCONT. A handler without it: always EINTR.
    enum answer restarting, continued;
};

static const struct call calls[] =
{
    { "read pipe", read_pipe, RESTARTS, RESTARTS },
    { "write pipe", write_pipe, RESTARTS, RESTARTS },
    { "open fifo", open_fifo, RESTARTS, RESTARTS },
    { "read eventfd", read_eventfd, RESTARTS, RESTARTS },
    { "read timerfd", read_timerfd, RESTARTS, RESTARTS },
    { "read signalfd", read_signalfd, RESTARTS, RESTARTS },
    { "wait4", wait_child, RESTARTS, RESTARTS },
    { "waitid", waitid_child, RESTARTS, RESTARTS },
    { "flock", wait_flock, RESTARTS, RESTARTS },
    { "F_SETLKW", wait_record_lock, RESTARTS, RESTARTS },
    { "F_OFD_SETLKW", wait_open_file_lock, RESTARTS, RESTARTS },
    { "recv", receive, RESTARTS, RESTARTS },
    { "recv with SO_RCVTIMEO", receive_with_timeout, FAILS, FAILS },
    { "recvfrom", receive_datagram, RESTARTS, RESTARTS },
    { "recvmsg with SO_RCVTIMEO", receive_datagram_with_timeout, FAILS, FAILS },
    { "send", send_to_full, RESTARTS, RESTARTS },
    { "send with SO_SNDTIMEO", send_with_timeout, FAILS, FAILS },
    { "accept", accept_one, RESTARTS, RESTARTS },
    { "accept with SO_RCVTIMEO", accept_with_timeout, FAILS, FAILS },
    { "connect", connect_one, RESTARTS, RESTARTS },
    { "connect with SO_SNDTIMEO", connect_with_timeout, FAILS, FAILS },
    { "futex", wait_futex, RESTARTS, RESTARTS },
    { "futex for a time", wait_futex_for_a_time, FAILS, RESTARTS },
    { "futex until", wait_futex_until, FAILS, RESTARTS },
    { "pause", do_pause, FAILS, RESTARTS },
    { "sigsuspend", suspend, FAILS, RESTARTS },
    { "sigwaitinfo", wait_for_signal, FAILS, FAILS },
    { "sigtimedwait", wait_for_signal_for_a_time, FAILS, FAILS },
    { "epoll_wait", wait_epoll, FAILS, FAILS },
    { "epoll_pwait for a time", wait_epoll_for_a_time, FAILS, FAILS },
    { "poll", do_poll, FAILS, RESTARTS },
    { "poll for a time", poll_for_a_time, FAILS, RESTARTS },
    { "ppoll", do_ppoll, FAILS, RESTARTS },
    { "select", do_select, FAILS, RESTARTS },
    { "select for a time", select_for_a_time, FAILS, RESTARTS },
    { "pselect", do_pselect, FAILS, RESTARTS },
    { "nanosleep", sleep_long, FAILS, RESTARTS },
    { "clock_nanosleep", clock_sleep, FAILS, RESTARTS },
    { "clock_nanosleep until", clock_sleep_until, FAILS, RESTARTS },
    { "msgrcv", receive_message, FAILS, RESTARTS },
    { "semop", take_semaphore, FAILS, FAILS },
    { "semtimedop", take_semaphore_for_a_time, FAILS, FAILS },
};

enum how { HANDLER, RESTARTING_HANDLER, CONTINUED };

static void check_call(const struct call *call, enum how how)
{
    shared->handled = 0;
    shared->is_done = 0;
    struct gate ready = new_gate();
    FORK(sleeper)
    {
        handle(SIGUSR1, count, how == RESTARTING_HANDLER ? SA_RESTART : 0);
        open_gate(&ready);
        long result = call->make();
        shared->error = result == -1 ? errno : 0;
        shared->is_done = 1;
        for (;;)
            pause();
    }
    // What it has to prepare may sleep, too, but not for long: it sleeps in the call when it sleeps twice.
    pass_gate(&ready);
    for (int seen = 0; seen < 3; seen++)
    {
        EVENTUALLY(process_state(sleeper) == 'S');
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    if (shared->is_done)
        FAIL("%s did not block, errno %d", call->name, shared->error);

    if (how == CONTINUED)
    {
        OK(kill(sleeper, SIGSTOP));
        CHECK_STOPS(sleeper, SIGSTOP);
        OK(kill(sleeper, SIGCONT));
    }
    else
    {
        OK(kill(sleeper, SIGUSR1));
        EVENTUALLY(shared->handled == 1);
    }

    EVENTUALLY(process_state(sleeper) == 'S');
    enum answer wanted = how == HANDLER ? FAILS : how == CONTINUED ? call->continued : call->restarting;
    static const char *const ways[] = { "a handler", "SA_RESTART", "SIGCONT" };
    if (shared->is_done != (wanted == FAILS))
        FAIL("%s with %s, got %s", call->name, ways[how], shared->is_done ? "an end" : "a restart");
    if (shared->is_done && shared->error != EINTR)
        FAIL("%s with %s, got errno %d", call->name, ways[how], shared->error);
    OK(kill(sleeper, SIGKILL));
    CHECK_KILLED(sleeper, SIGKILL);
    char name[300];
    check_scratch_name(name, sizeof name, sleeper);
    check_remove_tree(name);
    OK(close(ready.ends[0]));
    OK(close(ready.ends[1]));
}

static void check_calls(enum how how)
{
    shared = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    queue = OK(msgget(IPC_PRIVATE, 0600));
    semaphores = OK(semget(IPC_PRIVATE, 1, 0600));
    // In a child: the names go even when a check fails.
    FORK(checker)
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
            check_call(&calls[i], how);
    int status = 0;
    OK(waitpid(checker, &status, 0));
    OK(msgctl(queue, IPC_RMID, NULL));
    OK(semctl(semaphores, 0, IPC_RMID));
    if (status != 0)
        _exit(CHECK_FAILED);
}

TEST(a_handler_without_sa_restart_ends_all_calls) { check_calls(HANDLER); }
TEST(sa_restart_restarts_what_signal_7_says) { check_calls(RESTARTING_HANDLER); }
TEST(stop_and_continue_end_only_the_calls_that_signal_7_says) { check_calls(CONTINUED); }

TEST(restart_syscall_without_anything_to_restart_is_eintr)
{
    CHECK_ERRNO(syscall(SYS_restart_syscall), EINTR);
}

TEST(a_sleep_that_a_handler_ended_is_not_restarted_later)
{
    shared = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    handle(SIGALRM, count, 0);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL));
    CHECK_ERRNO(nanosleep(&long_time, NULL), EINTR);
    CHECK_ERRNO(syscall(SYS_restart_syscall), EINTR);
}
