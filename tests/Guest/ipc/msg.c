// System V message queues: msgget(2), msgop(2), msgctl(2).
#include "check.h"
#include <sys/ipc.h>
#include <sys/msg.h>

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

struct message
{
    long type;
    char text[9000];
};

static int made[64];
static int made_count;
static struct message got;

static void remove_all(void)
{
    for (int i = 0; i < made_count; i++)
        msgctl(made[i], IPC_RMID, NULL);
}

static int queue(void)
{
    int id = OK(msgget(IPC_PRIVATE, 0600));
    made[made_count++] = id;
    return id;
}

static int send_text(int id, long type, const char *text, int flags)
{
    struct message message = { .type = type };
    strcpy(message.text, text);
    return msgsnd(id, &message, strlen(text), flags);
}

static long receive(int id, long type, int flags)
{
    memset(&got, 0, sizeof got);
    return msgrcv(id, &got, sizeof got.text, type, flags);
}

static struct msqid_ds state_of(int id)
{
    struct msqid_ds state;
    OK(msgctl(id, IPC_STAT, &state));
    return state;
}

#define CHECK_MESSAGE(wanted_type, wanted)          \
    do                                              \
    {                                               \
        CHECK_EQ(got.type, wanted_type);            \
        CHECK(strcmp(got.text, wanted) == 0);       \
    } while (0)

TEST(messages_arrive_in_order)
{
    int id = queue();
    OK(send_text(id, 1, "one", 0));
    OK(send_text(id, 2, "second", 0));
    OK(send_text(id, 1, "", 0));
    CHECK_EQ(receive(id, 0, 0), 3);
    CHECK_MESSAGE(1, "one");
    CHECK_EQ(receive(id, 0, 0), 6);
    CHECK_MESSAGE(2, "second");
    CHECK_EQ(receive(id, 0, 0), 0);
    CHECK_MESSAGE(1, "");
    CHECK_ERRNO(receive(id, 0, IPC_NOWAIT), ENOMSG);
    remove_all();
}

TEST(types_choose)
{
    int id = queue();
    OK(send_text(id, 5, "five", 0));
    OK(send_text(id, 3, "three", 0));
    OK(send_text(id, 4, "four", 0));
    OK(send_text(id, 3, "three again", 0));
    CHECK_EQ(receive(id, 4, 0), 4);
    CHECK_MESSAGE(4, "four");
    CHECK_ERRNO(receive(id, 4, IPC_NOWAIT), ENOMSG);
    CHECK_ERRNO(receive(id, -2, IPC_NOWAIT), ENOMSG);
    CHECK_EQ(receive(id, -5, 0), 5);
    CHECK_MESSAGE(3, "three");
    CHECK_EQ(receive(id, 5, MSG_EXCEPT), 11);
    CHECK_MESSAGE(3, "three again");
    CHECK_ERRNO(receive(id, 5, MSG_EXCEPT | IPC_NOWAIT), ENOMSG);
    CHECK_EQ(receive(id, (long)(1UL << 63), 0), 4);
    CHECK_MESSAGE(5, "five");
    remove_all();
}

TEST(too_long_a_message_is_left_or_cut)
{
    int id = queue();
    OK(send_text(id, 1, "long message", 0));
    CHECK_ERRNO(msgrcv(id, &got, 4, 0, 0), E2BIG);
    CHECK_EQ(state_of(id).msg_qnum, 1);
    memset(&got, 0, sizeof got);
    CHECK_EQ(msgrcv(id, &got, 4, 0, MSG_NOERROR), 4);
    CHECK_MESSAGE(1, "long");
    CHECK_EQ(state_of(id).msg_qnum, 0);
    remove_all();
}

TEST(copies_leave_the_message)
{
    int id = queue();
    OK(send_text(id, 1, "first", 0));
    OK(send_text(id, 2, "second", 0));
    CHECK_EQ(receive(id, 1, MSG_COPY | IPC_NOWAIT), 6);
    CHECK_MESSAGE(2, "second");
    CHECK_EQ(receive(id, 0, MSG_COPY | IPC_NOWAIT), 5);
    CHECK_MESSAGE(1, "first");
    CHECK_ERRNO(receive(id, 2, MSG_COPY | IPC_NOWAIT), ENOMSG);
    CHECK_ERRNO(receive(id, 0, MSG_COPY), EINVAL);
    CHECK_ERRNO(receive(id, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT), EINVAL);
    CHECK_EQ(state_of(id).msg_qnum, 2);
    remove_all();
}

TEST(a_full_queue_makes_senders_wait)
{
    static struct message big = { .type = 1 };
    int id = queue();
    OK(msgsnd(id, &big, 8192, 0));
    OK(msgsnd(id, &big, 8192, 0));
    CHECK_ERRNO(msgsnd(id, &big, 1, IPC_NOWAIT), EAGAIN);
    OK(msgsnd(id, &big, 0, IPC_NOWAIT));
    CHECK_EQ(state_of(id).msg_cbytes, 16384);
    struct gate ready = new_gate();
    FORK(child)
    {
        open_gate(&ready);
        OK(send_text(id, 9, "late", 0));
    }
    pass_gate(&ready);
    CHECK_ERRNO(receive(id, 9, IPC_NOWAIT), ENOMSG);
    CHECK_EQ(receive(id, 1, 0), 8192);
    CHECK_EXITS(child, 0);
    CHECK_EQ(receive(id, 9, 0), 4);
    remove_all();
}

TEST(messages_without_text_are_counted_too)
{
    int id = queue();
    struct msqid_ds state = state_of(id);
    state.msg_qbytes = 3;
    OK(msgctl(id, IPC_SET, &state));
    for (int i = 0; i < 3; i++)
        OK(send_text(id, 1, "", IPC_NOWAIT));
    CHECK_ERRNO(send_text(id, 1, "", IPC_NOWAIT), EAGAIN);
    CHECK_EQ(receive(id, 0, 0), 0);
    OK(send_text(id, 1, "abc", IPC_NOWAIT));
    CHECK_ERRNO(send_text(id, 1, "", IPC_NOWAIT), EAGAIN);
    remove_all();
}

TEST(receivers_wait_for_their_type)
{
    int id = queue();
    FORK(child)
    {
        CHECK_EQ(receive(id, 7, 0), 5);
        CHECK_MESSAGE(7, "seven");
    }
    OK(send_text(id, 6, "six", 0));
    OK(send_text(id, 7, "seven", 0));
    CHECK_EXITS(child, 0);
    CHECK_EQ(state_of(id).msg_qnum, 1);
    CHECK_EQ(state_of(id).msg_lrpid, child);
    CHECK_EQ(state_of(id).msg_lspid, getpid());
    remove_all();
}

TEST(removal_ends_both_waits)
{
    static struct message big = { .type = 1 };
    int id = queue();
    struct gate ready = new_gate();
    FORK(receiver)
    {
        open_gate(&ready);
        CHECK_ERRNO(receive(id, 99, 0), EIDRM);
    }
    OK(msgsnd(id, &big, 8192, 0));
    OK(msgsnd(id, &big, 8192, 0));
    FORK(sender)
    {
        open_gate(&ready);
        CHECK_ERRNO(msgsnd(id, &big, 1, 0), EIDRM);
    }
    pass_gate(&ready);
    pass_gate(&ready);
    EVENTUALLY(process_state(receiver) == 'S' && process_state(sender) == 'S');
    OK(msgctl(id, IPC_RMID, NULL));
    CHECK_EXITS(receiver, 0);
    CHECK_EXITS(sender, 0);
    CHECK_ERRNO(receive(id, 0, IPC_NOWAIT), EINVAL);
}

static void nothing(UNUSED int signo) {}

TEST(signals_end_both_waits_even_with_restart)
{
    static struct message big = { .type = 1 };
    int id = queue();
    OK(msgsnd(id, &big, 8192, 0));
    OK(msgsnd(id, &big, 8192, 0));
    handle(SIGUSR1, nothing, SA_RESTART);
    struct gate ready = new_gate();
    FORK(receiver)
    {
        open_gate(&ready);
        CHECK_ERRNO(receive(id, 99, 0), EINTR);
    }
    FORK(sender)
    {
        open_gate(&ready);
        CHECK_ERRNO(msgsnd(id, &big, 1, 0), EINTR);
    }
    pass_gate(&ready);
    pass_gate(&ready);
    EVENTUALLY(process_state(receiver) == 'S' && process_state(sender) == 'S');
    OK(kill(receiver, SIGUSR1));
    OK(kill(sender, SIGUSR1));
    CHECK_EXITS(receiver, 0);
    CHECK_EXITS(sender, 0);
    remove_all();
}

TEST(a_stop_does_not_end_a_wait)
{
    int id = queue();
    FORK(child)
        CHECK_EQ(receive(id, 0, 0), 4);
    EVENTUALLY(process_state(child) == 'S');
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(kill(child, SIGCONT));
    OK(send_text(id, 1, "text", 0));
    CHECK_EXITS(child, 0);
    remove_all();
}

TEST(bad_arguments_are_refused)
{
    struct msqid_ds state;
    int id = queue();
    CHECK_ERRNO(send_text(id, 0, "x", 0), EINVAL);
    CHECK_ERRNO(send_text(id, -1, "x", 0), EINVAL);
    static struct message big = { .type = 1 };
    CHECK_ERRNO(msgsnd(id, &big, 8193, 0), EINVAL);
    CHECK_ERRNO(msgsnd(id, &big, (size_t)-1, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_msgsnd, id, 8, 1, 0), EFAULT);
    CHECK_ERRNO(msgrcv(id, &got, (size_t)-1, 0, 0), EINVAL);
    CHECK_ERRNO(msgsnd(-1, &big, 1, 0), EINVAL);
    CHECK_ERRNO(msgsnd(0x7ffffff0, &big, 1, 0), EINVAL);
    CHECK_ERRNO(msgrcv(-1, &got, 1, 0, 0), EINVAL);
    CHECK_ERRNO(msgctl(id, 99, &state), EINVAL);
    CHECK_ERRNO(msgctl(-1, IPC_STAT, &state), EINVAL);
    CHECK_ERRNO(msgctl(30003, MSG_STAT, &state), EINVAL);
    CHECK_ERRNO(syscall(SYS_msgctl, id, IPC_STAT, 8), EFAULT);
    remove_all();
}

TEST(a_message_to_a_bad_address_is_lost)
{
    int id = queue();
    OK(send_text(id, 1, "lost", 0));
    CHECK_ERRNO(syscall(SYS_msgrcv, id, 8, 100, 0, 0), EFAULT);
    CHECK_EQ(state_of(id).msg_qnum, 0);
    remove_all();
}

TEST(keys_and_permissions)
{
    struct msqid_ds state;
    CHECK_ERRNO(msgget(0x6161, 0600), ENOENT);
    int id = OK(msgget(0x6161, IPC_CREAT | 0604));
    made[made_count++] = id;
    CHECK_EQ(msgget(0x6161, 0), id);
    CHECK_ERRNO(msgget(0x6161, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    OK(send_text(id, 1, "x", 0));
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(send_text(id, 1, "y", 0), EACCES);
        CHECK_EQ(receive(id, 0, 0), 1);
        CHECK_ERRNO(msgget(0x6161, 0600), EACCES);
        OK(msgctl(id, IPC_STAT, &state));
        CHECK_ERRNO(msgctl(id, IPC_SET, &state), EPERM);
        CHECK_ERRNO(msgctl(id, IPC_RMID, NULL), EPERM);
    }
    CHECK_EXITS(stranger, 0);
    remove_all();
}

TEST(the_state_can_be_read_and_set)
{
    int id = queue();
    struct msqid_ds state = state_of(id);
    CHECK_EQ(state.msg_qbytes, 16384);
    CHECK_EQ(state.msg_qnum, 0);
    CHECK_EQ(state.msg_stime, 0);
    CHECK_EQ(state.msg_rtime, 0);
    CHECK(state.msg_ctime != 0);
    OK(send_text(id, 1, "abc", 0));
    CHECK(state_of(id).msg_stime != 0);
    CHECK_EQ(state_of(id).msg_cbytes, 3);
    receive(id, 0, 0);
    CHECK(state_of(id).msg_rtime != 0);
    state.msg_qbytes = 100000;
    state.msg_perm.uid = 1234;
    state.msg_perm.mode = 0622;
    OK(msgctl(id, IPC_SET, &state));
    CHECK_EQ(state_of(id).msg_qbytes, 100000);
    CHECK_EQ(state_of(id).msg_perm.mode, 0622);
    FORK(owner)
    {
        become(1234);
        state.msg_qbytes = 16385;
        CHECK_ERRNO(msgctl(id, IPC_SET, &state), EPERM);
        state.msg_qbytes = 16384;
        OK(msgctl(id, IPC_SET, &state));
    }
    CHECK_EXITS(owner, 0);
    CHECK_EQ(msgctl(id % 32768, MSG_STAT, &state), id);
    CHECK_EQ(msgctl(id % 32768, 13, &state), id);
    remove_all();
}

TEST(limits_and_use_are_told)
{
    struct msginfo info, used;
    OK(msgctl(0, IPC_INFO, (struct msqid_ds *)&info));
    CHECK_EQ(info.msgmax, 8192);
    CHECK_EQ(info.msgmnb, 16384);
    CHECK_EQ(info.msgmni, 32000);
    CHECK_EQ(info.msgssz, 16);
    CHECK_EQ(info.msgseg, 0xffff);
    CHECK_EQ(info.msgpool, 512000);
    CHECK_EQ(info.msgmap, 16384);
    CHECK_EQ(info.msgtql, 16384);
    OK(msgctl(0, MSG_INFO, (struct msqid_ds *)&used));
    int id = queue();
    OK(send_text(id, 1, "abcde", 0));
    OK(send_text(id, 1, "abcde", 0));
    OK(msgctl(0, MSG_INFO, (struct msqid_ds *)&info));
    CHECK_EQ(info.msgpool, used.msgpool + 1);
    CHECK_EQ(info.msgmap, used.msgmap + 2);
    CHECK_EQ(info.msgtql, used.msgtql + 10);
    remove_all();
}

TEST(proc_lists_queues_and_limits)
{
    static char text[65536];
    char wanted[300];
    int id = queue();
    OK(send_text(id, 1, "abc", 0));
    struct msqid_ds state = state_of(id);
    read_file("/proc/sysvipc/msg", text, sizeof text);
    static const char heading[] = "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime"
        "      rtime      ctime\n";
    CHECK(strncmp(text, heading, sizeof heading - 1) == 0);
    snprintf(wanted, sizeof wanted, "%10d %10d  %4o  %10lu %10lu %5u %5u %5u %5u %5u %5u %10llu %10llu %10llu\n", 0, id,
             0600, 3UL, 1UL, getpid(), 0, 0, 0, 0, 0, (unsigned long long)state.msg_stime, 0ULL,
             (unsigned long long)state.msg_ctime);
    CHECK(strstr(text, wanted) != NULL);
    read_file("/proc/sys/kernel/msgmax", text, sizeof text);
    CHECK(strcmp(text, "8192\n") == 0);
    read_file("/proc/sys/kernel/msgmnb", text, sizeof text);
    CHECK(strcmp(text, "16384\n") == 0);
    read_file("/proc/sys/kernel/msgmni", text, sizeof text);
    CHECK(strcmp(text, "32000\n") == 0);
    remove_all();
}

TEST(two_processes_talk)
{
    int id = queue();
    FORK(echo)
    {
        for (int i = 0; i < 200; i++)
        {
            long length = receive(id, 1, 0);
            got.type = 2;
            OK(msgsnd(id, &got, (size_t)length, 0));
        }
    }
    for (int i = 0; i < 200; i++)
    {
        char text[32];
        snprintf(text, sizeof text, "number %d", i);
        OK(send_text(id, 1, text, 0));
        CHECK_EQ(receive(id, 2, 0), (long)strlen(text));
        CHECK_MESSAGE(2, text);
    }
    CHECK_EXITS(echo, 0);
    remove_all();
}
