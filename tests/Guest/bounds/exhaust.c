// A program that takes of one thing as much as it can get is refused with an errno of the manual page, or killed for
// want of memory; everybody else goes on, and when it is gone everything is as before, however much memory there is.
#include "../health.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/xattr.h>

enum
{
    USER = 1234,

    // More than the bounds of Cashew; Linux has some that are far higher, and is not to be kept busy for long.
    MOST = 70000,
    FEWER = 6000,
};

static char filler[65536];

// What the last call said, for want of which the taker stopped.
static bool is_refusal(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOSPC || error == EAGAIN || error == ENOBUFS
        || error == ETOOMANYREFS || error == ENOLCK || error == EPERM || error == E2BIG || error == EDQUOT;
}

// Takes one more of it: false, with errno, when there is no more.
typedef bool take(int number);

static take *taken;
static int most;

static int take_all(void)
{
    int count = 0;
    while (count < most && taken(count))
        count++;
    if (count < most && !is_refusal(errno))
        FAIL("the %d-th one, got errno %d (%s)", count, errno, strerror(errno));
    return count;
}

static void exhaust_as(uid_t uid, take *what, int limit, rlim_t descriptors)
{
    taken = what;
    most = limit;
    struct health before = health_before();
    // What it leaves behind is reaped here.
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    FORK(taker)
    {
        scratch();
        make_file("/proc/self/oom_score_adj", "1000");
        OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ descriptors, descriptors }));
        if (uid != 0)
            become(uid);
        // One that is not refused anything at once would try nothing.
        CHECK(take_all() > 2);
    }
    int status = STATUS_OF(taker);
    if (status != SIGKILL)
        CHECK_EQ(status, 0);
    char directory[300];
    check_scratch_name(directory, sizeof directory, taker);
    check_remove_tree(directory);
    while (waitpid(-1, NULL, __WALL) > 0)
        continue;
    OK(prctl(PR_SET_CHILD_SUBREAPER, 0));
    health_check(&before);
}

#define EXHAUST(name, what, limit)                                                   \
    TEST(name##_by_root_end_in_an_errno) { exhaust_as(0, what, limit, 1048576); }    \
    TEST(name##_by_a_user_end_in_an_errno) { exhaust_as(USER, what, limit, 20000); }

static bool take_full_pipe(UNUSED int number)
{
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0)
        return false;
    while (write(ends[1], filler, sizeof filler) > 0)
        continue;
    return errno == EAGAIN;
}

EXHAUST(full_pipes, take_full_pipe, MOST)

static bool take_grown_pipe(UNUSED int number)
{
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0 || fcntl(ends[1], F_SETPIPE_SZ, 1 << 20) < 0)
        return false;
    while (write(ends[1], filler, 1) > 0 && write(ends[1], filler, sizeof filler) > 0)
        continue;
    return errno == EAGAIN;
}

EXHAUST(grown_pipes, take_grown_pipe, FEWER)

static bool take_full_socket(UNUSED int number)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) != 0)
        return false;
    while (send(pair[0], filler, 1, 0) > 0)
        continue;
    return is_refusal(errno);
}

EXHAUST(sockets_full_of_small_messages, take_full_socket, FEWER)

static bool take_descriptors_in_flight(UNUSED int number)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        return false;
    union
    {
        struct cmsghdr header;
        char room[CMSG_SPACE(200 * sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    size_t length = CMSG_LEN(200 * sizeof(int));
    control.header = (struct cmsghdr){ .cmsg_len = length, .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
    for (int i = 0; i < 200; i++)
        ((int *)CMSG_DATA(&control.header))[i] = pair[i % 2];
    struct iovec byte = { filler, 1 };
    struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control,
                              .msg_controllen = sizeof control.room };
    while (sendmsg(pair[0], &message, 0) == 1)
        continue;
    return close(pair[0]) == 0 && close(pair[1]) == 0;
}

EXHAUST(circles_of_descriptors_in_flight, take_descriptors_in_flight, 20)

static bool take_watches_of_epoll(int number)
{
    static int events[100];
    if (number < 100)
        return (events[number] = eventfd(0, 0)) >= 0;
    int epoll = epoll_create1(0);
    if (epoll < 0)
        return false;
    for (int i = 0; i < 100; i++)
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, events[i], &(struct epoll_event){ .events = EPOLLIN }) != 0)
            return false;
    return true;
}

EXHAUST(watches_of_epoll, take_watches_of_epoll, FEWER)

static bool take_watch_of_inotify(int number)
{
    static int instance;
    char name[250];
    if (number % 10000 == 0 && (instance = inotify_init1(IN_NONBLOCK)) < 0)
        return false;
    snprintf(name, sizeof name, "%0200d", number);
    int fd = open(name, O_CREAT | O_WRONLY, 0644);
    return fd >= 0 && close(fd) == 0 && inotify_add_watch(instance, name, IN_ALL_EVENTS) >= 0;
}

EXHAUST(watches_of_inotify, take_watch_of_inotify, MOST)

// Each instance is told the long name of everything that happens in the directory.
static bool take_full_queue_of_inotify(int number)
{
    char name[250];
    int instance = inotify_init1(IN_NONBLOCK);
    if (instance < 0 || inotify_add_watch(instance, ".", IN_ALL_EVENTS) < 0)
        return false;
    for (int i = 0; i < 1500; i++)
    {
        snprintf(name, sizeof name, "%0200d.%d", number, i);
        int fd = open(name, O_CREAT | O_WRONLY, 0644);
        if (fd < 0)
            return false;
        OK(close(fd));
        OK(unlink(name));
    }
    return true;
}

EXHAUST(queues_of_inotify, take_full_queue_of_inotify, 30)

static bool take_lock(int number)
{
    static int file = -1;
    if (file < 0)
        file = OK(open("file", O_CREAT | O_RDWR, 0644));
    struct flock lock = { .l_type = F_WRLCK, .l_start = 2l * number, .l_len = 1 };
    return fcntl(file, F_SETLK, &lock) == 0;
}

EXHAUST(record_locks, take_lock, FEWER)

static bool take_timer(UNUSED int number)
{
    timer_t timer;
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) == 0;
}

EXHAUST(timers, take_timer, MOST)

static bool take_terminal(UNUSED int number)
{
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (master < 0 || ioctl(master, TIOCSPTLCK, &(int){ 0 }) != 0)
        return false;
    int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (slave < 0)
        return false;
    for (int i = 0; i < 4; i++)
        if (write(slave, filler, 4096) < 0 && write(master, filler, 4096) < 0)
            break;
    return true;
}

EXHAUST(terminals, take_terminal, FEWER)

static bool take_file_descriptor(int number)
{
    switch (number % 5)
    {
        case 0: return eventfd(0, 0) >= 0;
        case 1: return timerfd_create(CLOCK_MONOTONIC, 0) >= 0;
        case 2: return epoll_create1(0) >= 0;
        case 3: return syscall(SYS_memfd_create, "m", 0) >= 0;
        default: return syscall(SYS_pidfd_open, getpid(), 0) >= 0;
    }
}

EXHAUST(descriptors_of_all_kinds, take_file_descriptor, 200000)

static void *wait_for_ever(UNUSED void *nothing)
{
    while (true)
        pause();
    return NULL;
}

static bool take_thread(UNUSED int number)
{
    pthread_t thread;
    errno = pthread_create(&thread, NULL, wait_for_ever, NULL);
    return errno == 0;
}

EXHAUST(threads, take_thread, FEWER)

static bool take_zombie(UNUSED int number)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}

EXHAUST(zombies, take_zombie, FEWER)

// A page far from the last: of the file a page and what leads to it, and of the tables of the process likewise.
static bool take_page_far_away(int number)
{
    static int file = -1;
    if (file < 0)
        file = (int)OK(syscall(SYS_memfd_create, "sparse", 0));
    return pwrite(file, "x", 1, ((off_t)number * 7 << 30) + number) == 1;
}

EXHAUST(pages_far_apart, take_page_far_away, MOST)

static bool take_file_of_its_own_page_tables(int number)
{
    static int file = -1;
    static char *space;
    if (file < 0)
    {
        file = (int)OK(syscall(SYS_memfd_create, "mapped", 0));
        OK(ftruncate(file, 1l << 40));
        space = OK(mmap(NULL, 1l << 40, CHECK_RW, MAP_SHARED | MAP_NORESERVE, file, 0));
    }
    space[(long)number << 21] = 1;
    return true;
}

EXHAUST(pages_in_tables_of_their_own, take_file_of_its_own_page_tables, MOST)

static bool take_name_and_forget_it(int number)
{
    char name[260];
    struct stat status;
    for (int i = 0; i < 10; i++)
    {
        snprintf(name, sizeof name, "%0250d", 10 * number + i);
        if (stat(name, &status) != -1 || errno != ENOENT)
            return false;
    }
    return true;
}

EXHAUST(names_that_are_not_there, take_name_and_forget_it, 30000)

TEST(directories_thousands_deep_come_and_go)
{
    struct health before = health_before();
    FORK(digger)
    {
        scratch();
        int deep = 0;
        while (deep < FEWER && mkdir("directory", 0755) == 0 && chdir("directory") == 0)
            deep++;
        CHECK(deep == FEWER || is_refusal(errno));
        for (; deep > 0; deep--)
        {
            OK(chdir(".."));
            OK(rmdir("directory"));
        }
    }
    CHECK_EXITS(digger, 0);
    health_check(&before);
}

static bool take_symbolic_link(int number)
{
    static char target[3000];
    char name[32];
    memset(target, 't', sizeof target - 1);
    snprintf(name, sizeof name, "%d", number);
    return symlink(target, name) == 0;
}

EXHAUST(symbolic_links, take_symbolic_link, FEWER)

static bool take_attribute(int number)
{
    char name[32];
    if (number % 500 == 0)
    {
        snprintf(name, sizeof name, "%d", number);
        make_file("file", "");
        OK(rename("file", name));
        OK(link(name, "file"));
        OK(unlink(name));
    }
    snprintf(name, sizeof name, "trusted.%d", number);
    return setxattr("file", name, filler, 1000, 0) == 0;
}

TEST(extended_attributes_by_root_end_in_an_errno) { exhaust_as(0, take_attribute, FEWER, 100); }

static bool take_mount(int number)
{
    static bool is_private;
    char name[32];
    if (!is_private)
    {
        OK(mount("none", ".", "tmpfs", 0, "size=4m"));
        char here[300];
        OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
        OK(chdir(here));
        OK(mount(NULL, here, NULL, MS_PRIVATE, NULL));
        is_private = true;
    }
    snprintf(name, sizeof name, "%d", number);
    return mkdir(name, 0755) == 0 && mount(name, name, NULL, MS_BIND, NULL) == 0;
}

static bool take_mount_and_leave_none(int number)
{
    if (number < 4999 && take_mount(number))
        return true;
    int error = errno;
    OK(umount2(".", MNT_DETACH));
    errno = number < 4999 ? error : ENOSPC;
    return false;
}

TEST(mounts_by_root_end_in_an_errno) { exhaust_as(0, take_mount_and_leave_none, FEWER, 100); }

static bool take_filter(UNUSED int number)
{
    static struct { uint16_t code; uint8_t jt, jf; uint32_t k; } code[4096];
    struct { uint16_t length; void *code; } program = { 4096, code };
    for (int i = 0; i < 4096; i++)
    {
        code[i].code = 0x06;
        code[i].k = 0x7fff0000;
    }
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, 2, &program, 0, 0) == 0;
}

EXHAUST(filters_of_calls, take_filter, 100)

static bool take_semaphores(UNUSED int number) { return semget(IPC_PRIVATE, 32000, 0600) >= 0; }

static bool take_segment(UNUSED int number)
{
    int id = shmget(IPC_PRIVATE, 1 << 20, 0600);
    char *at = id < 0 ? (char *)-1 : shmat(id, NULL, 0);
    if (at == (char *)-1)
        return false;
    memset(at, 1, 1 << 20);
    return true;
}

static bool take_queue_of_messages(UNUSED int number)
{
    static struct { long type; char text[8]; } message = { 1, "" };
    int id = msgget(IPC_PRIVATE, 0600);
    if (id < 0)
        return false;
    while (msgsnd(id, &message, 0, IPC_NOWAIT) == 0)
        continue;
    return errno == EAGAIN;
}

// They outlive who makes them.
static void remove_ipc(void)
{
    for (int i = 0; i < 33000; i++)
    {
        struct shmid_ds segment;
        struct msqid_ds queue;
        struct seminfo set;
        int id = shmctl(i, SHM_STAT, &segment);
        if (id >= 0)
            shmctl(id, IPC_RMID, NULL);
        id = msgctl(i, MSG_STAT, &queue);
        if (id >= 0)
            msgctl(id, IPC_RMID, NULL);
        id = semctl(i, 0, SEM_STAT, &set);
        if (id >= 0)
            semctl(id, 0, IPC_RMID);
    }
}

static void exhaust_ipc(take *what, int limit)
{
    struct health before = health_before();
    for (int who = 0; who < 2; who++)
    {
        taken = what;
        most = limit;
        FORK(taker)
        {
            make_file("/proc/self/oom_score_adj", "1000");
            if (who == 1)
                become(USER);
            CHECK(take_all() > 2);
        }
        int status = STATUS_OF(taker);
        if (status != SIGKILL)
            CHECK_EQ(status, 0);
        remove_ipc();
    }
    health_check(&before);
}

TEST(semaphores_end_in_an_errno) { exhaust_ipc(take_semaphores, 40000); }
TEST(segments_end_in_an_errno) { exhaust_ipc(take_segment, 100); }
TEST(messages_end_in_an_errno) { exhaust_ipc(take_queue_of_messages, 20); }

static bool take_signal(int number)
{
    if (number == 0)
        block(SIGRTMIN);
    return sigqueue(getpid(), SIGRTMIN, (union sigval){ 0 }) == 0;
}

EXHAUST(queued_signals, take_signal, 200000)

// Sleepers that were started with as much as a program may be given.
static bool take_long_arguments(UNUSED int number)
{
    static char *arguments[18] = { "sleep", "1000" };
    static char text[120000];
    memset(text, 'a', sizeof text - 1);
    for (int i = 2; i < 17; i++)
        arguments[i] = text;
    arguments[2] = NULL;
    arguments[17] = NULL;
    static char *environment[17];
    for (int i = 0; i < 16; i++)
        environment[i] = text;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0)
        return child > 0;
    // Killed with the taker, unless that is gone already.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    execve("/bin/busybox", arguments, environment);
    _exit(0);
}

TEST(programs_with_long_arguments_by_root_end_in_an_errno) { exhaust_as(0, take_long_arguments, 150, 100); }

static bool take_line_of_log(UNUSED int number)
{
    static int log = -1;
    if (log < 0)
        log = OK(open("/dev/kmsg", O_WRONLY));
    return write(log, "<7>a line of a log that has an end", 34) == 34;
}

TEST(lines_of_the_log_by_root_use_nothing_up) { exhaust_as(0, take_line_of_log, 20000, 100); }
