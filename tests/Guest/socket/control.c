// unix(7), "Ancillary messages": SCM_RIGHTS and SCM_CREDENTIALS; cmsg(3), recvmsg(2).
#include "socket.h"
#include <sys/resource.h>

static struct message message;

static int new_pipe_end(int *writer)
{
    int ends[2];
    OK(pipe(ends));
    *writer = ends[1];
    return ends[0];
}

static bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST(a_descriptor_arrives_as_the_same_open_file)
{
    char byte;
    int writer, files[4];
    int reader = new_pipe_end(&writer);
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "x", reader), 1);
    OK(close(reader));
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    CHECK_EQ(message.header.msg_flags, 0);
    CHECK_EQ(message.header.msg_controllen, CMSG_SPACE(sizeof(int)));
    CHECK_EQ(files_of(&message, files), 1);
    CHECK_EQ(fcntl(files[0], F_GETFD), 0);
    CHECK_EQ(write(writer, "p", 1), 1);
    CHECK_EQ(read(files[0], &byte, 1), 1);
    OK(close(files[0]));
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(writer, "p", 1), EPIPE);
}

TEST(a_descriptor_goes_to_another_process)
{
    make_pair(SOCK_SEQPACKET);
    FORK(child)
    {
        char text[8] = { 0 };
        OK(receive(other, &message, CONTROL_BYTES, MSG_CMSG_CLOEXEC));
        int files[4];
        CHECK_EQ(message.header.msg_flags, MSG_CMSG_CLOEXEC);
        CHECK_EQ(files_of(&message, files), 1);
        CHECK_EQ(fcntl(files[0], F_GETFD), FD_CLOEXEC);
        CHECK_EQ(read(files[0], text, 8), 5);
        CHECK_STR(text, "hello");
    }
    scratch();
    int file = write_file("sent", "hello", 5);
    CHECK_EQ(send_file(one, "x", file), 1);
    CHECK_EXITS(child, 0);
}

TEST(a_descriptor_needs_a_byte_in_a_stream)
{
    int writer, reader = new_pipe_end(&writer);
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "", reader), 0);
    CHECK_EMPTY(other);
    OK(close(reader));
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(writer, "x", 1), EPIPE);
    make_pair(SOCK_DGRAM);
    reader = new_pipe_end(&writer);
    CHECK_EQ(send_file(one, "", reader), 0);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 0);
    CHECK(find_control(&message, SCM_RIGHTS) != NULL);
}

TEST(reading_stops_behind_descriptors)
{
    int writer, files[4], reader = new_pipe_end(&writer);
    make_pair(SOCK_STREAM);
    say(one, "ab");
    CHECK_EQ(send_file(one, "cd", reader), 2);
    say(one, "ef");
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 4);
    CHECK_STR(message.data, "abcd");
    CHECK_EQ(files_of(&message, files), 1);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 2);
    CHECK_STR(message.data, "ef");
    CHECK_EQ(files_of(&message, files), 0);
    CHECK_EQ(message.header.msg_controllen, 0);
}

TEST(descriptors_come_with_the_first_byte)
{
    int writer, files[4], reader = new_pipe_end(&writer);
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "abc", reader), 3);
    CHECK_EQ(send_file(one, "def", reader), 3);
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_STR(message.data, "abc");
    CHECK_EQ(files_of(&message, files), 1);
    char byte;
    CHECK_EQ(recv(other, &byte, 1, MSG_PEEK), 1);
    message.vector.iov_len = 1;
    message.header.msg_control = message.control.bytes;
    message.header.msg_controllen = CONTROL_BYTES;
    CHECK_EQ(recvmsg(other, &message.header, 0), 1);
    CHECK_EQ(files_of(&message, files), 1);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 2);
    CHECK_EQ(files_of(&message, files), 0);
    CHECK_STR(message.data, "ef");
}

TEST(several_descriptors_keep_their_order)
{
    int sent[3], got[4];
    make_pair(SOCK_STREAM);
    for (int i = 0; i < 3; i++)
        sent[i] = temporary((const char *[]){ "a", "b", "c" }[i]);
    struct message *outgoing = new_message("x");
    add_control(outgoing, SCM_RIGHTS, sent, 2 * sizeof(int));
    add_control(outgoing, SCM_RIGHTS, sent + 2, sizeof(int));
    CHECK_EQ(sendmsg(one, &outgoing->header, 0), 1);
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_EQ(files_of(&message, got), 3);
    for (int i = 0; i < 3; i++)
    {
        char byte;
        CHECK_EQ(read(got[i], &byte, 1), 1);
        CHECK_EQ(byte, 'a' + i);
    }
}

TEST(who_has_no_place_for_descriptors_closes_them)
{
    char byte;
    int writer, reader = new_pipe_end(&writer);
    signal(SIGPIPE, SIG_IGN);
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "x", reader), 1);
    OK(close(reader));
    CHECK_EQ(write(writer, "x", 1), 1);
    CHECK_EQ(read(other, &byte, 1), 1);
    CHECK_ERRNO(write(writer, "x", 1), EPIPE);

    reader = new_pipe_end(&writer);
    CHECK_EQ(send_file(one, "x", reader), 1);
    OK(close(reader));
    CHECK_EQ(receive(other, &message, 0, 0), 1);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    CHECK_ERRNO(write(writer, "x", 1), EPIPE);
}

TEST(room_for_some_descriptors_is_used)
{
    int files[3] = { temporary("a"), temporary("b"), temporary("c") }, got[4];
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_files(one, "x", files, 3), 1);
    receive(other, &message, CMSG_LEN(2 * sizeof(int)), 0);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    CHECK_EQ(files_of(&message, got), 2);
    CHECK(is_open(got[0]) && is_open(got[1]) && !is_open(got[1] + 1));
    CHECK_EQ(send_files(one, "x", files, 1), 1);
    receive(other, &message, CMSG_LEN(0) + 3, 0);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    CHECK_EQ(message.header.msg_controllen, 0);
    CHECK_EQ(send_files(one, "x", files, 1), 1);
    receive(other, &message, 8, 0);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
}

TEST(descriptors_beyond_the_limit_are_closed)
{
    int files[2] = { temporary("a"), temporary("b") }, got[4];
    struct rlimit limit;
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_files(one, "x", files, 2), 1);
    int next = OK(dup(0));
    OK(close(next));
    OK(getrlimit(RLIMIT_NOFILE, &limit));
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ (rlim_t)next + 1, limit.rlim_max }));
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    CHECK_EQ(files_of(&message, got), 1);
    CHECK_EQ(got[0], next);
}

TEST(peek_copies_descriptors)
{
    int file = temporary("a"), got[4];
    make_pair(SOCK_STREAM);
    CHECK_EQ(send_file(one, "x", file), 1);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, MSG_PEEK), 1);
    CHECK_EQ(files_of(&message, got), 1);
    OK(close(got[0]));
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    CHECK_EQ(files_of(&message, got), 1);
    CHECK(is_open(got[0]));
}

TEST(at_most_253_descriptors_go_at_once)
{
    int files[254], got[256];
    for (int i = 0; i < 254; i++)
        files[i] = 0;
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(send_files(one, "x", files, 254), EINVAL);
    CHECK_EQ(send_files(one, "x", files, 253), 1);
    OK(receive(other, &message, CONTROL_BYTES, 0));
    CHECK_EQ(files_of(&message, got), 253);
}

TEST(what_is_not_open_is_not_sent)
{
    int files[2] = { 0, 99 };
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(send_files(one, "x", files, 2), EBADF);
    files[0] = -1;
    CHECK_ERRNO(send_files(one, "x", files, 1), EBADF);
    CHECK_EMPTY(other);
    // A path-only descriptor can travel.
    CHECK_EQ(send_file(one, "x", OK(open("/", O_PATH))), 1);
    OK(receive_file(other));
}

TEST(bad_control_data_is_refused)
{
    int file = 0;
    make_pair(SOCK_STREAM);
    struct message *outgoing = new_message("x");
    add_control(outgoing, SCM_RIGHTS, &file, sizeof file);
    struct cmsghdr *header = (struct cmsghdr *)outgoing->control.bytes;
    header->cmsg_len = CMSG_LEN(0) - 1;
    CHECK_ERRNO(sendmsg(one, &outgoing->header, 0), EINVAL);
    header->cmsg_len = 1000;
    CHECK_ERRNO(sendmsg(one, &outgoing->header, 0), EINVAL);
    header->cmsg_len = CMSG_LEN(sizeof file);
    header->cmsg_type = 77;
    CHECK_ERRNO(sendmsg(one, &outgoing->header, 0), EINVAL);
    header->cmsg_level = 99;
    CHECK_EQ(sendmsg(one, &outgoing->header, 0), 1);
    // Directly: the C library looks at the data itself.
    outgoing->header.msg_control = NULL;
    CHECK_ERRNO(syscall(SYS_sendmsg, one, &outgoing->header, 0), EFAULT);
    outgoing->header.msg_controllen = 1 << 20;
    CHECK_ERRNO(syscall(SYS_sendmsg, one, &outgoing->header, 0), ENOBUFS);
    outgoing->header.msg_controllen = 0;
    outgoing->header.msg_iovlen = 1025;
    CHECK_ERRNO(sendmsg(one, &outgoing->header, 0), EMSGSIZE);
    CHECK_ERRNO(recvmsg(one, &outgoing->header, 0), EMSGSIZE);
    CHECK_ERRNO(syscall(SYS_sendmsg, one, NULL, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_recvmsg, one, NULL, MSG_DONTWAIT), EFAULT);
    CHECK_ERRNO(syscall(SYS_sendmsg, one, &outgoing->header, 0x80000000), EINVAL);
    CHECK_ERRNO(syscall(SYS_recvmsg, one, &outgoing->header, 0x80000000), EINVAL);
    HEAR(other, "x");
}

static struct ucred *credentials_of(struct message *received)
{
    struct cmsghdr *found = find_control(received, SCM_CREDENTIALS);
    CHECK(found != NULL);
    CHECK_EQ(found->cmsg_len, CMSG_LEN(sizeof(struct ucred)));
    return (struct ucred *)CMSG_DATA(found);
}

static void tell_sender(int type)
{
    make_pair(type);
    OK(set_int(other, SO_PASSCRED, 1));
    FORK(child)
    {
        OK(syscall(SYS_setresgid, 1, 2, 3));
        OK(syscall(SYS_setresuid, 10, 20, 30));
        CHECK_EQ(write(one, "x", 1), 1);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    struct ucred *sender = credentials_of(&message);
    CHECK_EQ(sender->pid, child);
    CHECK_EQ(sender->uid, 10);
    CHECK_EQ(sender->gid, 1);
}

TEST(the_sender_of_a_stream_is_told) { tell_sender(SOCK_STREAM); }

TEST(the_sender_of_a_datagram_is_told) { tell_sender(SOCK_DGRAM); }

TEST(a_sender_from_before_anybody_asked_is_nobody)
{
    make_pair(SOCK_STREAM);
    say(one, "x");
    OK(set_int(other, SO_PASSCRED, 1));
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    struct ucred *sender = credentials_of(&message);
    CHECK_EQ(sender->pid, 0);
    CHECK_EQ(sender->uid, 65534);
    CHECK_EQ(sender->gid, 65534);
}

TEST(bytes_of_different_senders_are_not_joined)
{
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_PASSCRED, 1));
    say(one, "ab");
    FORK(child)
    {
        say(one, "cd");
    }
    CHECK_EXITS(child, 0);
    say(one, "ef");
    say(one, "gh");
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_STR(message.data, "ab");
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_STR(message.data, "cd");
    CHECK_EQ(credentials_of(&message)->pid, child);
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_STR(message.data, "efgh");
    CHECK_EQ(credentials_of(&message)->pid, getpid());
}

static long send_as(pid_t pid, uid_t uid, gid_t gid)
{
    struct ucred claimed = { pid, uid, gid };
    struct message *outgoing = new_message("x");
    add_control(outgoing, SCM_CREDENTIALS, &claimed, sizeof claimed);
    long result = sendmsg(one, &outgoing->header, 0);
    int error = errno;
    free(outgoing);
    errno = error;
    return result;
}

TEST(root_may_claim_to_be_anybody)
{
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_PASSCRED, 1));
    CHECK_EQ(send_as(1, 77, 88), 1);
    receive(other, &message, CONTROL_BYTES, 0);
    CHECK_EQ(credentials_of(&message)->pid, 1);
    CHECK_EQ(credentials_of(&message)->uid, 77);
    CHECK_EQ(credentials_of(&message)->gid, 88);
    CHECK_ERRNO(send_as(4000000, 0, 0), ESRCH);
}

TEST(others_are_who_they_are)
{
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_PASSCRED, 1));
    FORK(child)
    {
        become(1234);
        CHECK_ERRNO(send_as(getpid(), 0, 1234), EPERM);
        CHECK_ERRNO(send_as(getpid(), 1234, 0), EPERM);
        CHECK_ERRNO(send_as(1, 1234, 1234), EPERM);
        CHECK_EQ(send_as(getpid(), 1234, 1234), 1);
    }
    CHECK_EXITS(child, 0);
}

TEST(credentials_without_room_are_left_out)
{
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_PASSCRED, 1));
    say(one, "x");
    CHECK_EQ(receive(other, &message, 0, 0), 1);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    say(one, "x");
    CHECK_EQ(receive(other, &message, 24, 0), 1);
    CHECK_EQ(message.header.msg_flags, MSG_CTRUNC);
    CHECK_EQ(message.header.msg_controllen, 24);
    CHECK_EQ(((struct cmsghdr *)message.control.bytes)->cmsg_len, 24);
}

TEST(credentials_and_descriptors_come_together)
{
    int got[4], file = temporary("x");
    make_pair(SOCK_STREAM);
    OK(set_int(other, SO_PASSCRED, 1));
    CHECK_EQ(send_file(one, "x", file), 1);
    CHECK_EQ(receive(other, &message, CONTROL_BYTES, 0), 1);
    CHECK_EQ(credentials_of(&message)->pid, getpid());
    CHECK_EQ(files_of(&message, got), 1);
    CHECK_EQ(CMSG_FIRSTHDR(&message.header)->cmsg_type, SCM_CREDENTIALS);
}

TEST(an_accepted_socket_inherits_the_wish_to_know)
{
    int listener = new_socket(SOCK_STREAM), client = new_socket(SOCK_STREAM);
    OK(set_int(listener, SO_PASSCRED, 1));
    OK(bind_to(listener, "@inherits"));
    OK(listen(listener, 1));
    OK(connect_to(client, "@inherits"));
    say(client, "early");
    int server = OK(accept(listener, NULL, NULL));
    CHECK_EQ(get_int(server, SO_PASSCRED), 1);
    CHECK_EQ(receive(server, &message, CONTROL_BYTES, 0), 5);
    CHECK_EQ(credentials_of(&message)->pid, getpid());
}

TEST(the_wish_to_know_gives_a_name)
{
    struct sockaddr_un own;
    socklen_t length = sizeof own;
    int listener = new_listener(SOCK_STREAM, "@gives", 1), client = new_socket(SOCK_STREAM);
    OK(set_int(client, SO_PASSCRED, 1));
    OK(connect_to(client, "@gives"));
    OK(getsockname(client, (struct sockaddr *)&own, &length));
    CHECK_EQ(length, NAME_OFFSET + 6);
    OK(close(listener));
}

TEST(too_many_descriptors_on_their_way_are_refused)
{
    FORK(child)
    {
        int files[100] = { 0 };
        become(1234);
        OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 60, 60 }));
        make_pair(SOCK_DGRAM);
        // One hundred are more than sixty, but sixty were not exceeded before.
        CHECK_EQ(send_files(one, "x", files, 100), 1);
        CHECK_ERRNO(send_files(one, "x", files, 1), ETOOMANYREFS);
        CHECK_EQ(receive(other, &message, 0, 0), 1);
        CHECK_EQ(send_files(one, "x", files, 1), 1);
    }
    CHECK_EXITS(child, 0);
}

TEST(threads_of_writers_pass_descriptors_through)
{
    enum
    {
        ROUNDS = 500,
    };
    int rounds = loops(ROUNDS);
    make_pair(SOCK_STREAM);
    FORK(child)
    {
        for (int i = 0; i < rounds; i++)
        {
            int file = temporary("x");
            CHECK_EQ(send_file(one, "abc", file), 3);
            OK(close(file));
        }
    }
    OK(close(one));
    int total = 0;
    for (int received = 0; received < 3 * rounds;)
    {
        int files[256];
        ssize_t got = OK(receive(other, &message, CONTROL_BYTES, 0));
        CHECK(got > 0);
        received += (int)got;
        int count = files_of(&message, files);
        for (int i = 0; i < count; i++)
            OK(close(files[i]));
        total += count;
    }
    CHECK_EQ(total, rounds);
    CHECK_EXITS(child, 0);
}
