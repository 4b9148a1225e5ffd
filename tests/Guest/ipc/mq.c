// POSIX message queues: mq_overview(7), mq_open(3), mq_send(3), mq_receive(3), mq_notify(3).
#include "check.h"
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statfs.h>

// The system call takes the name without its slash, and a null attribute.
static long open_raw(const char *name, int flags, mode_t mode, const struct mq_attr *attributes)
{
    return syscall(SYS_mq_open, name, flags, mode, attributes);
}

// A queue that has no name any more: nothing is left behind.
static int queue_of(long messages, long bytes, int flags)
{
    struct mq_attr attributes = { .mq_maxmsg = messages, .mq_msgsize = bytes };
    char name[32];
    snprintf(name, sizeof name, "/case.%d", (int)getpid());
    mqd_t queue = OK(mq_open(name, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &attributes));
    OK(mq_unlink(name));
    return queue;
}

static int queue(void) { return queue_of(4, 64, O_NONBLOCK); }

static void send_text(int queue, const char *text, unsigned priority)
{
    OK(mq_send(queue, text, strlen(text), priority));
}

static void check_received(int queue, const char *wanted, unsigned wanted_priority)
{
    char text[8192];
    unsigned priority = 77;
    ssize_t length = OK(mq_receive(queue, text, sizeof text, &priority));
    text[length] = '\0';
    CHECK_STR(text, wanted);
    CHECK_EQ(priority, wanted_priority);
}

static struct mq_attr attributes_of(int queue)
{
    struct mq_attr attributes;
    OK(mq_getattr(queue, &attributes));
    return attributes;
}

static void check_state(int queue, const char *wanted)
{
    char text[200];
    ssize_t length = OK(pread(queue, text, sizeof text - 1, 0));
    text[length] = '\0';
    CHECK_STR(text, wanted);
}

static void set_limit(const char *name, long value)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/sys/fs/mqueue/%s", name);
    int fd = OK(open(path, O_WRONLY));
    CHECK(dprintf(fd, "%ld", value) > 0);
    OK(close(fd));
}

static bool is_refused(const char *name, const char *value)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/sys/fs/mqueue/%s", name);
    int fd = OK(open(path, O_WRONLY));
    bool refused = write(fd, value, strlen(value)) < 0 && errno == EINVAL;
    OK(close(fd));
    return refused;
}

TEST(messages_come_by_priority_and_then_by_age)
{
    int q = queue_of(10, 64, O_NONBLOCK);
    send_text(q, "hello", 3);
    send_text(q, "low", 1);
    send_text(q, "again", 3);
    send_text(q, "", 32767);
    CHECK_EQ(attributes_of(q).mq_curmsgs, 4);
    check_received(q, "", 32767);
    check_received(q, "hello", 3);
    check_received(q, "again", 3);
    check_received(q, "low", 1);
    char text[64];
    CHECK_ERRNO(mq_receive(q, text, sizeof text, NULL), EAGAIN);
}

TEST(a_thousand_messages_are_sorted)
{
    int q = queue_of(1000, 8, O_NONBLOCK);
    unsigned seed = 1;
    for (unsigned i = 0; i < 1000; i++)
    {
        seed = seed * 1103515245 + 12345;
        OK(mq_send(q, (char *)&i, sizeof i, seed >> 16 & 31));
    }
    CHECK_ERRNO(mq_send(q, "", 0, 0), EAGAIN);
    unsigned last_priority = 32;
    unsigned last = 0;
    for (int i = 0; i < 1000; i++)
    {
        unsigned number;
        unsigned priority;
        char text[8];
        CHECK_EQ(mq_receive(q, text, sizeof text, &priority), sizeof number);
        memcpy(&number, text, sizeof number);
        CHECK(priority < last_priority || (priority == last_priority && number > last));
        last_priority = priority;
        last = number;
    }
}

TEST(the_largest_queue_takes_all_it_promises)
{
    OK(setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }));
    int q = queue_of(65536, 4, O_NONBLOCK);
    for (int i = 0; i < 5000; i++)
        OK(mq_send(q, (char *)&i, sizeof i, (unsigned)i));
    CHECK_EQ(attributes_of(q).mq_curmsgs, 5000);
    for (int i = 4999; i >= 0; i--)
    {
        int number;
        CHECK_EQ(mq_receive(q, (char *)&number, sizeof number, NULL), sizeof number);
        CHECK_EQ(number, i);
    }
}

TEST(lengths_and_priorities_are_checked)
{
    int q = queue();
    char text[100] = "";
    CHECK_ERRNO(mq_send(q, text, 65, 0), EMSGSIZE);
    CHECK_ERRNO(mq_send(q, text, 1, 32768), EINVAL);
    CHECK_ERRNO(mq_send(q, (char *)1, 8, 0), EFAULT);
    CHECK_ERRNO(mq_receive(q, text, 63, NULL), EMSGSIZE);
    // An empty queue has nothing that could not be stored.
    CHECK_ERRNO(mq_receive(q, (char *)1, 64, NULL), EAGAIN);
    send_text(q, "lost", 0);
    CHECK_ERRNO(mq_receive(q, (char *)1, 64, NULL), EFAULT);
    CHECK_EQ(attributes_of(q).mq_curmsgs, 0);
}

TEST(a_long_message_arrives_whole)
{
    enum { LENGTH = 1 << 20 };
    OK(setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }));
    int q = queue_of(2, LENGTH, 0);
    unsigned char *sent = malloc(LENGTH);
    unsigned char *got = calloc(1, LENGTH);
    for (int i = 0; i < LENGTH; i++)
        sent[i] = (unsigned char)(i * 7 + (i >> 11));
    OK(mq_send(q, (char *)sent, LENGTH - 3, 9));
    CHECK_EQ(mq_receive(q, (char *)got, LENGTH, NULL), LENGTH - 3);
    CHECK(memcmp(sent, got, LENGTH - 3) == 0);
}

TEST(names_are_checked)
{
    char longest[300];
    memset(longest, 'n', sizeof longest);
    longest[256] = '\0';
    CHECK_ERRNO(open_raw("", O_CREAT | O_RDWR, 0600, NULL), ENOENT);
    CHECK_ERRNO(open_raw("/x", O_CREAT | O_RDWR, 0600, NULL), EACCES);
    CHECK_ERRNO(open_raw("a/b", O_CREAT | O_RDWR, 0600, NULL), EACCES);
    CHECK_ERRNO(open_raw(".", O_CREAT | O_RDWR, 0600, NULL), EACCES);
    CHECK_ERRNO(open_raw("..", O_RDWR, 0600, NULL), EACCES);
    CHECK_ERRNO(open_raw(longest, O_CREAT | O_RDWR, 0600, NULL), ENAMETOOLONG);
    CHECK_ERRNO(syscall(SYS_mq_unlink, longest), ENAMETOOLONG);
    longest[255] = '\0';
    OK(open_raw(longest, O_CREAT | O_RDWR, 0600, NULL));
    OK(syscall(SYS_mq_unlink, longest));
    CHECK_ERRNO(syscall(SYS_mq_unlink, longest), ENOENT);
    CHECK_ERRNO(syscall(SYS_mq_unlink, ""), ENOENT);
    CHECK_ERRNO(syscall(SYS_mq_unlink, "/x"), EACCES);
    CHECK_ERRNO(syscall(SYS_mq_unlink, "."), EACCES);
    CHECK_ERRNO(open_raw("none", O_RDWR, 0600, NULL), ENOENT);
    CHECK_ERRNO(open_raw((char *)1, O_CREAT, 0600, NULL), EFAULT);
    CHECK_ERRNO(open_raw("none", O_CREAT, 0600, (void *)1), EFAULT);
}

TEST(an_existing_queue_is_opened_as_it_is)
{
    struct mq_attr attributes = { .mq_maxmsg = 3, .mq_msgsize = 30 };
    mqd_t first = OK(mq_open("/existing", O_CREAT | O_RDWR, 0600, &attributes));
    CHECK_ERRNO(mq_open("/existing", O_CREAT | O_EXCL | O_RDWR, 0600, NULL), EEXIST);
    CHECK_ERRNO(open_raw("existing", 3, 0, NULL), EINVAL);
    attributes.mq_maxmsg = 0; // not looked at
    mqd_t second = OK(mq_open("/existing", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes));
    CHECK_EQ(attributes_of(second).mq_maxmsg, 3);
    CHECK_EQ(attributes_of(second).mq_msgsize, 30);
    CHECK_EQ(attributes_of(second).mq_flags, O_NONBLOCK);
    CHECK_EQ(attributes_of(first).mq_flags, 0);
    send_text(first, "both", 1);
    // Without its name it lives on.
    OK(mq_unlink("/existing"));
    OK(mq_close(first));
    check_received(second, "both", 1);
    CHECK_ERRNO(mq_open("/existing", O_RDWR), ENOENT);
}

TEST(access_is_checked_on_opening_and_on_use)
{
    umask(0);
    mqd_t mine = OK(mq_open("/access", O_CREAT | O_RDWR | O_NONBLOCK, 0602, NULL));
    mqd_t reading = OK(mq_open("/access", O_RDONLY | O_NONBLOCK));
    mqd_t writing = OK(mq_open("/access", O_WRONLY | O_NONBLOCK));
    char text[8192];
    CHECK_ERRNO(mq_send(reading, "a", 1, 0), EBADF);
    CHECK_ERRNO(mq_receive(writing, text, sizeof text, NULL), EBADF);
    CHECK_ERRNO(read(writing, text, 1), EBADF);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(mq_open("/access", O_RDONLY), EACCES);
        CHECK_ERRNO(mq_open("/access", O_RDWR), EACCES);
        mqd_t other = OK(mq_open("/access", O_WRONLY));
        send_text(other, "from a user", 0);
        CHECK_ERRNO(syscall(SYS_mq_unlink, "access"), EPERM); // musl makes it EACCES
        // Whoever makes a queue has it as asked, whatever the mode says.
        mqd_t own = OK(mq_open("/own", O_CREAT | O_RDWR, 0400, NULL));
        send_text(own, "x", 0);
        CHECK_ERRNO(mq_open("/own", O_RDWR), EACCES);
        OK(mq_unlink("/own"));
    }
    CHECK_EXITS(user, 0);
    check_received(mine, "from a user", 0);
    OK(mq_unlink("/access"));
}

TEST(mode_and_umask_make_the_permissions)
{
    umask(026);
    mqd_t q = OK(mq_open("/modes", O_CREAT | O_RDWR, 0666, NULL));
    struct stat status;
    OK(fstat(q, &status));
    OK(mq_unlink("/modes"));
    CHECK_EQ(status.st_mode, S_IFREG | 0640);
    CHECK_EQ(status.st_size, 80);
    CHECK_EQ(status.st_nlink, 1);
    CHECK_EQ(fcntl(q, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(q, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR);
}

TEST(shapes_have_limits)
{
    struct mq_attr attributes = { .mq_maxmsg = 0, .mq_msgsize = 1 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    attributes = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = 0 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    attributes = (struct mq_attr){ .mq_maxmsg = -1, .mq_msgsize = 1 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    attributes = (struct mq_attr){ .mq_maxmsg = 65537, .mq_msgsize = 1 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    attributes = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = 16777217 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    // That is allowed, but RLIMIT_MSGQUEUE does not allow it.
    attributes = (struct mq_attr){ .mq_maxmsg = 65536, .mq_msgsize = 16777216 };
    CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
    FORK(user)
    {
        become(1000);
        attributes = (struct mq_attr){ .mq_maxmsg = 11, .mq_msgsize = 10 };
        CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
        attributes = (struct mq_attr){ .mq_maxmsg = 10, .mq_msgsize = 8193 };
        CHECK_ERRNO(open_raw("shape", O_CREAT | O_RDWR, 0600, &attributes), EINVAL);
    }
    CHECK_EXITS(user, 0);
}

TEST(the_limit_of_bytes_is_the_users)
{
    FORK(user)
    {
        become(54330);
        // 48 bytes for each message, and as many for each priority there can be.
        struct mq_attr attributes = { .mq_maxmsg = 3, .mq_msgsize = 100 };
        OK(setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ 587, 819200 }));
        CHECK_ERRNO(open_raw("bytes", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
        OK(setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ 588, 819200 }));
        int fd = OK(open_raw("bytes", O_CREAT | O_RDWR, 0600, &attributes));
        CHECK_ERRNO(open_raw("more", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
        // Another process of the user has no more than that, and a queue counts for as long as it lives.
        FORK(other)
            CHECK_ERRNO(open_raw("more", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
        CHECK_EXITS(other, 0);
        OK(syscall(SYS_mq_unlink, "bytes"));
        CHECK_ERRNO(open_raw("more", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
        OK(close(fd));
        OK(open_raw("more", O_CREAT | O_RDWR, 0600, &attributes));
        // With the name left, it counts after the last process, too.
    }
    CHECK_EXITS(user, 0);
    FORK(next)
    {
        become(54330);
        struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 100 };
        OK(setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ 600, 819200 }));
        CHECK_ERRNO(open_raw("third", O_CREAT | O_RDWR, 0600, &attributes), EMFILE);
        OK(syscall(SYS_mq_unlink, "more"));
        OK(open_raw("third", O_CREAT | O_RDWR, 0600, &attributes));
        OK(syscall(SYS_mq_unlink, "third"));
    }
    CHECK_EXITS(next, 0);
}

TEST(the_limits_in_proc_can_be_set)
{
    CHECK(is_refused("msg_max", "0"));
    CHECK(is_refused("msg_max", "65537"));
    CHECK(is_refused("msgsize_max", "127"));
    CHECK(is_refused("msgsize_max", "16777217"));
    CHECK(is_refused("msg_default", "0"));
    CHECK(is_refused("msgsize_default", "127"));
    CHECK(is_refused("queues_max", "4294967296"));
    set_limit("msg_max", 7);
    set_limit("msgsize_max", 1000);
    int q = OK(open_raw("usual", O_CREAT | O_RDWR, 0600, NULL));
    struct mq_attr attributes = attributes_of(q);
    set_limit("msg_max", 10);
    set_limit("msgsize_max", 8192);
    OK(mq_unlink("/usual"));
    CHECK_EQ(attributes.mq_maxmsg, 7);
    CHECK_EQ(attributes.mq_msgsize, 1000);
    set_limit("queues_max", 0);
    pid_t user = fork();
    if (user == 0)
    {
        become(1000);
        CHECK_ERRNO(open_raw("one", O_CREAT | O_RDWR, 0600, NULL), ENOSPC);
        _exit(0);
    }
    int status = STATUS_OF(user);
    set_limit("queues_max", 256);
    CHECK_EQ(status, 0);
}

TEST(only_one_flag_can_be_set)
{
    int q = queue_of(4, 64, 0);
    struct mq_attr wanted = { .mq_flags = O_NONBLOCK, .mq_maxmsg = 99, .mq_msgsize = 99, .mq_curmsgs = 99 };
    struct mq_attr old;
    OK(mq_setattr(q, &wanted, &old));
    CHECK_EQ(old.mq_flags, 0);
    CHECK_EQ(old.mq_maxmsg, 4);
    CHECK(fcntl(q, F_GETFL) & O_NONBLOCK);
    CHECK_EQ(attributes_of(q).mq_maxmsg, 4);
    wanted.mq_flags = O_NONBLOCK | O_APPEND;
    CHECK_ERRNO(mq_setattr(q, &wanted, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_mq_getsetattr, q, 1, NULL), EFAULT);
    CHECK_ERRNO(syscall(SYS_mq_getsetattr, q, NULL, 1), EFAULT);
    CHECK_ERRNO(mq_getattr(0, &old), EBADF);
    CHECK_ERRNO(mq_getattr(-1, &old), EBADF);
}

TEST(time_outs_are_checked_before_all_else)
{
    int q = queue();
    char text[64];
    struct timespec bad = { 0, 1000000000 };
    struct timespec negative = { -1, 0 };
    struct timespec past = { 1, 0 };
    CHECK_ERRNO(mq_timedreceive(-1, text, sizeof text, NULL, &bad), EINVAL);
    CHECK_ERRNO(mq_timedreceive(-1, text, sizeof text, NULL, &negative), EINVAL);
    CHECK_ERRNO(mq_timedreceive(-1, text, sizeof text, NULL, NULL), EBADF);
    CHECK_ERRNO(mq_timedsend(-1, text, 1, 40000, &past), EINVAL);
    CHECK_ERRNO(syscall(SYS_mq_timedreceive, q, text, sizeof text, NULL, 1), EFAULT);
    // Who need not wait is not asked for the time.
    OK(mq_timedsend(q, text, 1, 0, &past));
    OK(mq_timedreceive(q, text, sizeof text, NULL, &past));
    struct mq_attr waits = { 0 };
    OK(mq_setattr(q, &waits, NULL));
    CHECK_ERRNO(mq_timedreceive(q, text, sizeof text, NULL, &past), ETIMEDOUT);
    for (int i = 0; i < 4; i++)
        send_text(q, "x", 0);
    CHECK_ERRNO(mq_timedsend(q, text, 1, 0, &past), ETIMEDOUT);
    struct timespec soon;
    OK(clock_gettime(CLOCK_REALTIME, &soon));
    soon.tv_nsec += 50000000;
    if (soon.tv_nsec >= 1000000000)
    {
        soon.tv_sec++;
        soon.tv_nsec -= 1000000000;
    }
    CHECK_ERRNO(mq_timedsend(q, text, 1, 0, &soon), ETIMEDOUT);
    CHECK_EQ(attributes_of(q).mq_curmsgs, 4);
}

static bool is_asleep(pid_t pid) { return process_state(pid) == 'S'; }

TEST(a_receiver_waits_for_a_message)
{
    int q = queue_of(4, 64, 0);
    FORK(receiver)
        check_received(q, "at last", 5);
    EVENTUALLY(is_asleep(receiver));
    send_text(q, "at last", 5);
    CHECK_EXITS(receiver, 0);
}

TEST(a_sender_waits_for_room_and_his_message_keeps_its_rank)
{
    int q = queue_of(2, 64, 0);
    send_text(q, "first", 1);
    send_text(q, "second", 1);
    FORK(sender)
        send_text(q, "urgent", 9);
    EVENTUALLY(is_asleep(sender));
    check_received(q, "first", 1);
    // The room was his: the queue is full again.
    CHECK_EQ(attributes_of(q).mq_curmsgs, 2);
    CHECK_EXITS(sender, 0);
    check_received(q, "urgent", 9);
    check_received(q, "second", 1);
}

TEST(receivers_are_served_by_priority_and_then_in_line)
{
    int q = queue_of(4, 64, 0);
    struct gate told = new_gate();
    pid_t waiting[3];
    for (int i = 0; i < 3; i++)
    {
        waiting[i] = OK(fork());
        if (waiting[i] == 0)
        {
            struct sched_param param = { .sched_priority = 10 };
            if (i == 2)
                OK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));
            char text[64];
            OK(mq_receive(q, text, sizeof text, NULL));
            char line[2] = { (char)('0' + i), text[0] };
            CHECK_EQ(write(told.ends[1], line, 2), 2);
            _exit(0);
        }
        EVENTUALLY(is_asleep(waiting[i]));
    }
    send_text(q, "a", 0);
    send_text(q, "b", 0);
    send_text(q, "c", 0);
    for (int i = 0; i < 3; i++)
        CHECK_EXITS(waiting[i], 0);
    char got[3][2];
    CHECK_EQ(read(told.ends[0], got, sizeof got), sizeof got);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(got[i][1], got[i][0] == '2' ? 'a' : got[i][0] == '0' ? 'b' : 'c');
}

static volatile sig_atomic_t calls;
static volatile sig_atomic_t code;
static volatile sig_atomic_t sender_pid;
static volatile sig_atomic_t sender_uid;
static volatile sig_atomic_t value;

static void note(UNUSED int signo, siginfo_t *info, UNUSED void *context)
{
    calls++;
    code = info->si_code;
    sender_pid = info->si_pid;
    sender_uid = (int)info->si_uid;
    value = info->si_value.sival_int;
}

TEST(signals_end_a_wait_or_restart_it)
{
    int q = queue_of(4, 64, 0);
    FORK(interrupted)
    {
        handle_info(SIGUSR1, note, 0);
        char text[64];
        CHECK_ERRNO(mq_receive(q, text, sizeof text, NULL), EINTR);
    }
    EVENTUALLY(is_asleep(interrupted));
    OK(kill(interrupted, SIGUSR1));
    CHECK_EXITS(interrupted, 0);
    FORK(restarted)
    {
        handle_info(SIGUSR1, note, SA_RESTART);
        check_received(q, "on", 0);
        CHECK_EQ(calls, 1);
    }
    EVENTUALLY(is_asleep(restarted));
    OK(kill(restarted, SIGUSR1));
    OK(kill(restarted, SIGSTOP));
    CHECK_STOPS(restarted, SIGSTOP);
    OK(kill(restarted, SIGCONT));
    EVENTUALLY(is_asleep(restarted));
    send_text(q, "on", 0);
    CHECK_EXITS(restarted, 0);
}

static struct sigevent by_signal(int signo, int given)
{
    return (struct sigevent){ .sigev_notify = SIGEV_SIGNAL, .sigev_signo = signo, .sigev_value.sival_int = given };
}

TEST(a_process_is_told_once_of_a_message_in_an_empty_queue)
{
    int q = queue();
    handle_info(SIGUSR1, note, 0);
    struct sigevent event = by_signal(SIGUSR1, 4711);
    send_text(q, "before", 0);
    OK(mq_notify(q, &event));
    send_text(q, "not empty", 0);
    CHECK_EQ(calls, 0);
    check_received(q, "before", 0);
    check_received(q, "not empty", 0);
    FORK(sender)
    {
        become(1234);
        send_text(q, "now", 0);
    }
    CHECK_EXITS(sender, 0);
    CHECK_EQ(calls, 1);
    CHECK_EQ(code, SI_MESGQ);
    CHECK_EQ(value, 4711);
    CHECK_EQ(sender_pid, sender);
    CHECK_EQ(sender_uid, 1234);
    check_received(q, "now", 0);
    send_text(q, "later", 0);
    CHECK_EQ(calls, 1);
    OK(mq_notify(q, &event));
    OK(mq_notify(q, NULL));
}

TEST(a_receiver_that_waits_has_precedence_over_who_is_to_be_told)
{
    int q = queue_of(4, 64, 0);
    handle_info(SIGUSR1, note, 0);
    struct sigevent event = by_signal(SIGUSR1, 0);
    OK(mq_notify(q, &event));
    FORK(receiver)
        check_received(q, "for him", 0);
    EVENTUALLY(is_asleep(receiver));
    send_text(q, "for him", 0);
    CHECK_EXITS(receiver, 0);
    CHECK_EQ(calls, 0);
    send_text(q, "for us", 0);
    CHECK_EQ(calls, 1);
}

TEST(one_process_at_a_time_is_told)
{
    int q = queue();
    char state[100];
    struct sigevent event = by_signal(SIGUSR2, 0);
    OK(mq_notify(q, &event));
    CHECK_ERRNO(mq_notify(q, &event), EBUSY);
    snprintf(state, sizeof state, "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n", 0, 0, SIGUSR2, (int)getpid());
    check_state(q, state);
    int copy = OK(dup(q));
    FORK(other)
    {
        CHECK_ERRNO(mq_notify(q, &event), EBUSY);
        // What is not his he cannot take away, by closing neither.
        OK(mq_notify(q, NULL));
        OK(close(q));
        CHECK_ERRNO(mq_notify(copy, &event), EBUSY);
    }
    CHECK_EXITS(other, 0);
    // Closing any descriptor of the queue ends it.
    OK(close(copy));
    FORK(next)
        OK(mq_notify(q, &event));
    CHECK_EXITS(next, 0);
    // He has ended, and with him his wish.
    check_state(q, "QSIZE:0          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n");
    event.sigev_notify = SIGEV_NONE;
    OK(mq_notify(q, &event));
    snprintf(state, sizeof state, "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n", 0, 1, 0, (int)getpid());
    check_state(q, state);
    send_text(q, "twelve bytes", 0);
    check_state(q, "QSIZE:12         NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n");
}

TEST(bad_wishes_are_refused)
{
    int q = queue();
    char cookie[32] = "";
    struct sigevent event = by_signal(65, 0);
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EINVAL);
    event = by_signal(-1, 0);
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EINVAL);
    event = by_signal(0, 0);
    OK(syscall(SYS_mq_notify, q, &event));
    OK(syscall(SYS_mq_notify, q, NULL));
    event.sigev_notify = 77;
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EINVAL);
    event.sigev_notify = 4; // SIGEV_THREAD_ID is for timers
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EINVAL);
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_value.sival_ptr = NULL;
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EFAULT);
    event.sigev_value.sival_ptr = cookie;
    event.sigev_signo = -1;
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), EBADF);
    event.sigev_signo = q;
    CHECK_ERRNO(syscall(SYS_mq_notify, q, &event), ENOTSOCK);
    CHECK_ERRNO(syscall(SYS_mq_notify, q, 1), EFAULT);
    CHECK_ERRNO(syscall(SYS_mq_notify, 0, NULL), EBADF);
}

static int ready(int fd)
{
    struct pollfd polled = { fd, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM, 0 };
    OK(poll(&polled, 1, 0));
    return polled.revents;
}

TEST(poll_and_epoll_know_queues)
{
    int q = queue_of(2, 64, O_NONBLOCK);
    CHECK_EQ(ready(q), POLLOUT | POLLWRNORM);
    send_text(q, "1", 0);
    CHECK_EQ(ready(q), POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
    send_text(q, "2", 0);
    CHECK_EQ(ready(q), POLLIN | POLLRDNORM);
    int set = OK(epoll_create1(0));
    struct epoll_event event = { .events = EPOLLOUT };
    OK(epoll_ctl(set, EPOLL_CTL_ADD, q, &event));
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    FORK(reader)
        check_received(q, "1", 0);
    CHECK_EQ(epoll_wait(set, &event, 1, -1), 1);
    CHECK_EXITS(reader, 0);
    check_received(q, "2", 0);
    event.events = EPOLLIN | EPOLLET;
    OK(epoll_ctl(set, EPOLL_CTL_MOD, q, &event));
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    FORK(writer)
        send_text(q, "3", 0);
    CHECK_EQ(epoll_wait(set, &event, 1, -1), 1);
    CHECK_EXITS(writer, 0);
}

TEST(a_descriptor_is_a_file_that_says_how_the_queue_is)
{
    int q = queue();
    char text[100];
    send_text(q, "123", 0);
    CHECK_EQ(read(q, text, 100), 60);
    CHECK_BYTES(text, "QSIZE:3          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n", 60);
    CHECK_EQ(read(q, text, 100), 0);
    OK(lseek(q, 6, SEEK_SET));
    CHECK_EQ(read(q, text, 1), 1);
    CHECK_EQ(text[0], '3');
    CHECK_ERRNO(pread(q, (char *)1, 100, 0), EFAULT);
    CHECK_ERRNO(write(q, text, 1), EINVAL);
    CHECK_ERRNO(fsync(q), EINVAL);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, q, 0) == MAP_FAILED && errno == ENODEV);
    // The length is a number like any other.
    OK(ftruncate(q, 5));
    struct stat status;
    OK(fstat(q, &status));
    CHECK_EQ(status.st_size, 5);
    CHECK_EQ(pread(q, text, 100, 0), 60);
}

TEST(the_file_system_has_them_as_files)
{
    scratch();
    OK(mkdir("queues", 0755));
    CHECK_ERRNO(mount("none", "queues", "mqueue", 0, "size=1"), EINVAL);
    OK(mount("none", "queues", "mqueue", 0, NULL));
    mqd_t q = OK(mq_open("/shown", O_CREAT | O_RDWR | O_NONBLOCK, 0640, NULL));
    struct stat status;
    OK(stat("queues", &status));
    CHECK_EQ(status.st_mode, S_IFDIR | 01777);
    OK(stat("queues/shown", &status));
    CHECK_EQ(status.st_size, 80);
    struct statfs fs;
    OK(statfs("queues", &fs));
    CHECK_EQ(fs.f_type, 0x19800202);
    CHECK_EQ(fs.f_namelen, 255);
    char target[PATH_MAX];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", q);
    target[OK(readlink(path, target, sizeof target))] = '\0';
    CHECK_STR(target, "/shown");

    int opened = OK(open("queues/shown", O_RDWR | O_NONBLOCK));
    send_text(opened, "by open", 1);
    check_received(q, "by open", 1);
    int made = OK(open("queues/made", O_RDWR | O_CREAT | O_EXCL, 0600));
    CHECK_EQ(attributes_of(made).mq_maxmsg, 10);
    CHECK_EQ(attributes_of(made).mq_msgsize, 8192);
    mqd_t again = OK(mq_open("/made", O_RDWR));
    OK(unlink("queues/made"));
    CHECK_ERRNO(mq_unlink("/made"), ENOENT);
    OK(close(again));

    CHECK_ERRNO(mkdir("queues/directory", 0755), EPERM);
    CHECK_ERRNO(symlink("a", "queues/link"), EPERM);
    CHECK_ERRNO(link("queues/shown", "queues/second"), EPERM);
    CHECK_ERRNO(rename("queues/shown", "queues/other"), EPERM);
    CHECK_ERRNO(mknod("queues/pipe", S_IFIFO | 0600, 0), EPERM);
    OK(chmod("queues/shown", 0600));
    OK(chown("queues/shown", 1000, 1000));
    OK(close(opened));
    OK(close(made));
    OK(umount("queues"));
    // Queues do not need a mount.
    send_text(q, "still there", 0);
    OK(mq_unlink("/shown"));
}

TEST(a_child_has_the_queue_too)
{
    int q = queue();
    FORK(child)
        send_text(q, "from the child", 2);
    CHECK_EXITS(child, 0);
    check_received(q, "from the child", 2);
}

TEST(storms_of_senders_and_receivers_lose_nothing)
{
    enum { SENDERS = 4, EACH = 200 };
    int q = queue_of(5, 16, 0);
    struct gate sums = new_gate();
    pid_t all[SENDERS * 2];
    for (int i = 0; i < SENDERS; i++)
    {
        all[i] = OK(fork());
        if (all[i] == 0)
        {
            for (int n = 0; n < EACH; n++)
            {
                int number = i * EACH + n;
                OK(mq_send(q, (char *)&number, sizeof number, (unsigned)n % 3));
            }
            _exit(0);
        }
    }
    for (int i = SENDERS; i < SENDERS * 2; i++)
    {
        all[i] = OK(fork());
        if (all[i] == 0)
        {
            long sum = 0;
            for (int n = 0; n < EACH; n++)
            {
                int number[4];
                CHECK_EQ(mq_receive(q, (char *)number, sizeof number, NULL), sizeof number[0]);
                sum += number[0];
            }
            CHECK_EQ(write(sums.ends[1], &sum, sizeof sum), sizeof sum);
            _exit(0);
        }
    }
    long total = 0;
    for (int i = 0; i < SENDERS; i++)
    {
        long sum;
        CHECK_EQ(read(sums.ends[0], &sum, sizeof sum), sizeof sum);
        total += sum;
    }
    for (int i = 0; i < SENDERS * 2; i++)
        CHECK_EXITS(all[i], 0);
    CHECK_EQ(total, (long)SENDERS * EACH * (SENDERS * EACH - 1) / 2);
    CHECK_EQ(attributes_of(q).mq_curmsgs, 0);
}
