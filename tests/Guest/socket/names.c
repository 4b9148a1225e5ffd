// unix(7): names, listening and connecting; bind(2), connect(2), listen(2), accept(2), getsockname(2).
#include "socket.h"
#include <sys/resource.h>
#include <sys/vfs.h>

TEST(binding_makes_a_socket_file)
{
    struct stat status;
    struct sockaddr_un own;
    socklen_t length = sizeof own;
    scratch();
    umask(027);
    int fd = new_socket(SOCK_STREAM);
    OK(bind_to(fd, "here"));
    OK(lstat("here", &status));
    CHECK_EQ(status.st_mode, S_IFSOCK | 0750);
    CHECK_EQ(status.st_nlink, 1);
    OK(getsockname(fd, (struct sockaddr *)&own, &length));
    CHECK_EQ(length, NAME_OFFSET + 5);
    CHECK_STR(own.sun_path, "here");
    CHECK_ERRNO(open("here", O_RDWR), ENXIO);
    CHECK_ERRNO(bind_to(fd, "again"), EINVAL);
    CHECK_ERRNO(access("again", F_OK), ENOENT);
    int second = new_socket(SOCK_DGRAM);
    CHECK_ERRNO(bind_to(second, "here"), EADDRINUSE);
    CHECK_ERRNO(bind_to(second, "missing/here"), ENOENT);
    CHECK_ERRNO(bind_to(second, "here/there"), ENOTDIR);
    OK(close(fd));
    // The file stays when the socket is gone.
    OK(lstat("here", &status));
    CHECK_ERRNO(bind_to(second, "here"), EADDRINUSE);
    CHECK_ERRNO(connect_to(second, "here"), ECONNREFUSED);
    OK(unlink("here"));
    OK(bind_to(second, "here"));
}

TEST(binding_needs_a_writable_directory)
{
    scratch();
    OK(mkdir("closed", 0755));
    FORK(child)
    {
        become(1234);
        CHECK_ERRNO(bind_to(new_socket(SOCK_STREAM), "closed/here"), EACCES);
    }
    CHECK_EXITS(child, 0);
}

TEST(connecting_needs_the_right_to_write)
{
    scratch();
    int listener = new_listener(SOCK_STREAM, "here", 1);
    OK(chmod("here", 0755));
    FORK(child)
    {
        become(1234);
        CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "here"), EACCES);
    }
    CHECK_EXITS(child, 0);
    OK(chmod("here", 0777));
    FORK(second)
    {
        become(1234);
        OK(connect_to(new_socket(SOCK_STREAM), "here"));
    }
    CHECK_EXITS(second, 0);
    OK(close(listener));
}

TEST(a_socket_can_be_moved_linked_and_found_through_links)
{
    scratch();
    int listener = new_listener(SOCK_STREAM, "here", 5);
    OK(link("here", "hard"));
    OK(rename("here", "moved"));
    OK(symlink("moved", "soft"));
    OK(connect_to(new_socket(SOCK_STREAM), "hard"));
    OK(connect_to(new_socket(SOCK_STREAM), "moved"));
    OK(connect_to(new_socket(SOCK_STREAM), "soft"));
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "here"), ENOENT);
    OK(close(listener));
}

TEST(what_is_no_address_is_refused)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = new_socket(SOCK_STREAM);
    memset(address.sun_path, 'x', sizeof address.sun_path);
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, 1), EINVAL);
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, 0), EINVAL);
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, sizeof address + 1), EINVAL);
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, 200), EINVAL);
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, (socklen_t)-1), EINVAL);
    CHECK_ERRNO(bind(fd, NULL, 10), EFAULT);
    CHECK_ERRNO(connect(fd, (struct sockaddr *)&address, 2), EINVAL);
    address.sun_family = AF_INET;
    CHECK_ERRNO(bind(fd, (struct sockaddr *)&address, 16), EINVAL);
    CHECK_ERRNO(connect(fd, (struct sockaddr *)&address, 16), EINVAL);
}

TEST(a_path_of_108_bytes_needs_no_end)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char got[200];
    socklen_t length = sizeof got;
    scratch();
    memset(address.sun_path, 'x', sizeof address.sun_path);
    int fd = new_socket(SOCK_STREAM);
    OK(bind(fd, (struct sockaddr *)&address, sizeof address));
    OK(getsockname(fd, (struct sockaddr *)got, &length));
    CHECK_EQ(length, sizeof address + 1);
}

TEST(abstract_names_are_bytes)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0a\0b" }, own;
    socklen_t length = sizeof own;
    int fd = new_socket(SOCK_STREAM), second = new_socket(SOCK_STREAM);
    OK(bind(fd, (struct sockaddr *)&address, NAME_OFFSET + 4));
    OK(getsockname(fd, (struct sockaddr *)&own, &length));
    CHECK_EQ(length, NAME_OFFSET + 4);
    CHECK_BYTES(own.sun_path, "\0a\0b", 4);
    CHECK_ERRNO(bind(second, (struct sockaddr *)&address, NAME_OFFSET + 4), EADDRINUSE);
    OK(bind(second, (struct sockaddr *)&address, NAME_OFFSET + 3));
    // Each type has its own.
    OK(bind(new_socket(SOCK_DGRAM), (struct sockaddr *)&address, NAME_OFFSET + 4));
    OK(close(fd));
    fd = new_socket(SOCK_STREAM);
    OK(bind(fd, (struct sockaddr *)&address, NAME_OFFSET + 4));
}

TEST(binding_to_nothing_finds_a_name)
{
    struct sockaddr_un own;
    socklen_t length = sizeof own;
    int fd = new_socket(SOCK_DGRAM);
    OK(bind(fd, &(struct sockaddr){ .sa_family = AF_UNIX }, 2));
    OK(getsockname(fd, (struct sockaddr *)&own, &length));
    CHECK_EQ(length, NAME_OFFSET + 6);
    CHECK_EQ(own.sun_path[0], 0);
    for (int i = 1; i < 6; i++)
        CHECK(strchr("0123456789abcdef", own.sun_path[i]) != NULL);
    OK(bind(fd, &(struct sockaddr){ .sa_family = AF_UNIX }, 2));
}

TEST(names_are_cut_to_the_room_there_is)
{
    struct sockaddr_un own;
    memset(&own, 'z', sizeof own);
    socklen_t length = 4;
    int fd = new_socket(SOCK_STREAM);
    OK(bind_to(fd, "@a.long.name"));
    OK(getsockname(fd, (struct sockaddr *)&own, &length));
    CHECK_EQ(length, NAME_OFFSET + 12);
    CHECK_EQ(own.sun_path[1], 'a');
    CHECK_EQ(own.sun_path[2], 'z');
    length = (socklen_t)-1;
    CHECK_ERRNO(getsockname(fd, (struct sockaddr *)&own, &length), EINVAL);
    CHECK_ERRNO(getsockname(fd, (struct sockaddr *)&own, NULL), EFAULT);
    length = 10;
    CHECK_ERRNO(getsockname(fd, NULL, &length), EFAULT);
    CHECK_ERRNO(getpeername(fd, (struct sockaddr *)&own, &length), ENOTCONN);
}

TEST(a_connection_has_names_at_both_ends)
{
    struct sockaddr_un got;
    socklen_t length = sizeof got;
    int listener = new_listener(SOCK_STREAM, "@both.ends", 5);
    int client = new_socket(SOCK_STREAM);
    OK(connect_to(client, "@both.ends"));
    int server = OK(accept(listener, (struct sockaddr *)&got, &length));
    CHECK_EQ(length, 2);
    CHECK_EQ(got.sun_family, AF_UNIX);
    length = sizeof got;
    OK(getpeername(client, (struct sockaddr *)&got, &length));
    CHECK_EQ(length, NAME_OFFSET + 10);
    length = sizeof got;
    OK(getsockname(server, (struct sockaddr *)&got, &length));
    CHECK_EQ(length, NAME_OFFSET + 10);
    length = sizeof got;
    OK(getpeername(server, (struct sockaddr *)&got, &length));
    CHECK_EQ(length, 2);
    say(client, "hello");
    HEAR(server, "hello");
    say(server, "hi");
    HEAR(client, "hi");
    CHECK_ERRNO(connect_to(client, "@both.ends"), EISCONN);
}

TEST(data_can_be_sent_before_it_is_accepted)
{
    int listener = new_listener(SOCK_SEQPACKET, "@early", 5);
    int client = new_socket(SOCK_SEQPACKET);
    OK(connect_to(client, "@early"));
    say(client, "early");
    OK(close(client));
    int server = OK(accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
    CHECK_EQ(fcntl(server, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(server, F_GETFL), O_RDWR | O_NONBLOCK);
    HEAR(server, "early");
}

TEST(a_listener_that_goes_resets_who_waits)
{
    char byte;
    int listener = new_listener(SOCK_STREAM, "@going", 5);
    int client = new_socket(SOCK_STREAM);
    OK(connect_to(client, "@going"));
    OK(close(listener));
    CHECK_ERRNO(recv(client, &byte, 1, 0), ECONNRESET);
    CHECK_EQ(recv(client, &byte, 1, 0), 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "@going"), ECONNREFUSED);
}

TEST(the_backlog_and_one_more_may_wait)
{
    int listener = new_listener(SOCK_STREAM, "@backlog", 2);
    for (int i = 0; i < 3; i++)
        OK(connect_to(new_socket(SOCK_STREAM), "@backlog"));
    int client = OK(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    CHECK_ERRNO(connect_to(client, "@backlog"), EAGAIN);
    OK(accept(listener, NULL, NULL));
    OK(connect_to(client, "@backlog"));
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM | SOCK_NONBLOCK), "@backlog"), EAGAIN);
    OK(listen(listener, 3));
    OK(connect_to(new_socket(SOCK_STREAM | SOCK_NONBLOCK), "@backlog"));
}

TEST(connect_waits_for_its_turn)
{
    int listener = new_listener(SOCK_STREAM, "@turn", 0);
    OK(connect_to(new_socket(SOCK_STREAM), "@turn"));
    FORK(child)
    {
        int client = new_socket(SOCK_STREAM);
        OK(connect_to(client, "@turn"));
        say(client, "late");
    }
    FORK(second)
    {
        struct timeval brief = { 0, 20000 };
        int client = new_socket(SOCK_STREAM);
        OK(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &brief, sizeof brief));
        CHECK_ERRNO(connect_to(client, "@turn"), EAGAIN);
    }
    CHECK_EXITS(second, 0);
    EVENTUALLY(process_state(child) == 'S');
    OK(accept(listener, NULL, NULL));
    int server = OK(accept(listener, NULL, NULL));
    CHECK_EXITS(child, 0);
    HEAR(server, "late");
}

TEST(accept_waits_for_a_client)
{
    int listener = new_listener(SOCK_STREAM, "@patient", 1);
    FORK(child)
    {
        OK(accept(listener, NULL, NULL));
    }
    EVENTUALLY(process_state(child) == 'S');
    OK(connect_to(new_socket(SOCK_STREAM), "@patient"));
    CHECK_EXITS(child, 0);
    FORK(second)
    {
        CHECK_ERRNO(accept(listener, NULL, NULL), EINVAL);
    }
    EVENTUALLY(process_state(second) == 'S');
    OK(shutdown(listener, SHUT_RD));
    CHECK_EXITS(second, 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "@patient"), ECONNREFUSED);
}

TEST(accept_says_what_is_wrong)
{
    struct sockaddr_un got;
    socklen_t length = sizeof got;
    int fd = new_socket(SOCK_STREAM), listener = new_listener(SOCK_STREAM | SOCK_NONBLOCK, "@wrong", 5);
    CHECK_ERRNO(accept(fd, NULL, NULL), EINVAL);
    CHECK_ERRNO(accept(new_socket(SOCK_DGRAM), NULL, NULL), EOPNOTSUPP);
    CHECK_ERRNO(accept(listener, NULL, NULL), EAGAIN);
    CHECK_ERRNO(syscall(SYS_accept4, listener, NULL, NULL, 1), EINVAL);
    CHECK_ERRNO(accept(0, NULL, NULL), ENOTSOCK);
    CHECK_ERRNO(accept(99, NULL, NULL), EBADF);
    CHECK_ERRNO(listen(fd, 1), EINVAL);
    CHECK_ERRNO(listen(new_socket(SOCK_DGRAM), 1), EOPNOTSUPP);
    OK(connect_to(fd, "@wrong"));
    CHECK_ERRNO(accept(listener, (struct sockaddr *)&got, NULL), EFAULT);
    CHECK_ERRNO(listen(fd, 1), EINVAL);
    CHECK_ERRNO(recv(listener, &length, 1, 0), EINVAL);
    CHECK_ERRNO(send(listener, &length, 1, 0), ENOTCONN);
    CHECK_ERRNO(connect_to(listener, "@wrong"), EINVAL);
    CHECK_EQ(get_int(listener, SO_ACCEPTCONN), 1);
    CHECK_EQ(get_int(fd, SO_ACCEPTCONN), 0);
}

// Who does not wait finds nobody; who waits is told that nobody can come.
TEST(a_listener_that_is_shut_down_accepts_nobody)
{
    int listener = new_listener(SOCK_STREAM | SOCK_NONBLOCK, "@shut", 5);
    OK(shutdown(listener, SHUT_RD));
    CHECK_ERRNO(accept(listener, NULL, NULL), EAGAIN);
    OK(fcntl(listener, F_SETFL, 0));
    CHECK_ERRNO(accept(listener, NULL, NULL), EINVAL);
    int client = new_socket(SOCK_STREAM);
    CHECK_ERRNO(connect_to(client, "@shut"), ECONNREFUSED);
    OK(listen(listener, 1));
    CHECK_ERRNO(accept(listener, NULL, NULL), EINVAL);
}

TEST(accept_without_a_free_descriptor_loses_nothing)
{
    struct rlimit limit;
    int listener = new_listener(SOCK_STREAM, "@full.table", 5);
    int client = new_socket(SOCK_STREAM);
    OK(connect_to(client, "@full.table"));
    OK(getrlimit(RLIMIT_NOFILE, &limit));
    OK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, limit.rlim_max }));
    CHECK_ERRNO(accept(listener, NULL, NULL), EMFILE);
    OK(setrlimit(RLIMIT_NOFILE, &limit));
    int server = OK(accept(listener, NULL, NULL));
    say(client, "still");
    HEAR(server, "still");
}

TEST(connect_says_what_is_wrong)
{
    scratch();
    make_file("plain", "x");
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(connect_to(fd, "missing"), ENOENT);
    CHECK_ERRNO(connect_to(fd, "plain"), ECONNREFUSED);
    CHECK_ERRNO(connect_to(fd, "plain/x"), ENOTDIR);
    CHECK_ERRNO(connect_to(fd, "@nobody.listens"), ECONNREFUSED);
    int bound = new_socket(SOCK_STREAM);
    OK(bind_to(bound, "bound"));
    CHECK_ERRNO(connect_to(fd, "bound"), ECONNREFUSED);
    CHECK_ERRNO(connect_to(new_socket(SOCK_DGRAM), "bound"), EPROTOTYPE);
    CHECK_ERRNO(connect_to(new_socket(SOCK_SEQPACKET), "bound"), EPROTOTYPE);
    CHECK_ERRNO(connect(0, name("bound"), 8), ENOTSOCK);
    OK(mknod("made", S_IFSOCK | 0777, 0));
    CHECK_ERRNO(connect_to(fd, "made"), ECONNREFUSED);
    make_pair(SOCK_STREAM);
    CHECK_ERRNO(connect_to(one, "bound"), ECONNREFUSED);
}

TEST(socket_says_what_is_wrong)
{
    int pair[2];
    CHECK_ERRNO(socket(AF_UNIX, 0, 0), ESOCKTNOSUPPORT);
    CHECK_ERRNO(socket(AF_UNIX, SOCK_RDM, 0), ESOCKTNOSUPPORT);
    CHECK_ERRNO(syscall(SYS_socket, AF_UNIX, 11, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_socket, AF_UNIX, SOCK_STREAM | 0x10, 0), EINVAL);
    CHECK_ERRNO(socket(AF_UNIX, SOCK_STREAM, 2), EPROTONOSUPPORT);
    CHECK_ERRNO(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_ERRNO(socket(100, SOCK_STREAM, 0), EAFNOSUPPORT);
    OK(close(OK(socket(AF_UNIX, SOCK_STREAM, AF_UNIX))));
    CHECK_ERRNO(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, NULL), EFAULT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 5, pair), EPROTONOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM | 0x10, 0, pair), EINVAL);
    OK(close(OK(open("/dev/null", O_RDONLY))));
}

TEST(calls_on_other_files_are_refused)
{
    char byte = 0;
    int file = OK(open("/dev/null", O_RDWR)), path = OK(open("/dev/null", O_PATH));
    struct msghdr header = { 0 };
    CHECK_ERRNO(send(file, &byte, 1, 0), ENOTSOCK);
    CHECK_ERRNO(recv(file, &byte, 1, 0), ENOTSOCK);
    CHECK_ERRNO(sendmsg(file, &header, 0), ENOTSOCK);
    CHECK_ERRNO(recvmsg(-1, &header, 0), EBADF);
    CHECK_ERRNO(shutdown(file, SHUT_RD), ENOTSOCK);
    CHECK_ERRNO(listen(path, 1), EBADF);
    CHECK_ERRNO(getsockname(file, NULL, NULL), ENOTSOCK);
    CHECK_ERRNO(setsockopt(file, SOL_SOCKET, SO_TYPE, &byte, 1), ENOTSOCK);
}

TEST(stat_and_proc_know_sockets)
{
    struct stat status;
    struct statfs fs;
    char link[64] = { 0 }, path[32], wanted[64];
    make_pair(SOCK_STREAM);
    OK(fstat(one, &status));
    CHECK_EQ(status.st_mode, S_IFSOCK | 0777);
    CHECK_EQ(status.st_nlink, 1);
    CHECK_EQ(status.st_size, 0);
    OK(fstatfs(one, &fs));
    CHECK_EQ(fs.f_type, 0x534f434b);
    snprintf(path, sizeof path, "/proc/self/fd/%d", one);
    OK(readlink(path, link, sizeof link));
    snprintf(wanted, sizeof wanted, "socket:[%lu]", (unsigned long)status.st_ino);
    CHECK_STR(link, wanted);
    CHECK_ERRNO(open(path, O_RDWR), ENXIO);
    struct stat second;
    OK(fstat(other, &second));
    CHECK(second.st_ino != status.st_ino);
    CHECK_EQ(second.st_dev, status.st_dev);
}

TEST(proc_net_unix_lists_sockets)
{
    static char text[65536];
    char ours[64];
    struct stat status;
    scratch();
    int listener = new_listener(SOCK_STREAM, "listed.here", 1), named = new_socket(SOCK_DGRAM);
    OK(bind_to(named, "@listed.abstract"));
    read_file("/proc/net/unix", text, sizeof text);
    CHECK(strncmp(text, "Num       RefCount Protocol Flags    Type St Inode Path\n", 56) == 0);
    OK(fstat(listener, &status));
    snprintf(ours, sizeof ours, ": 00000002 00000000 00010000 0001 01 %5lu listed.here\n", (unsigned long)status.st_ino);
    CHECK(strstr(text, ours) != NULL);
    OK(fstat(named, &status));
    snprintf(ours, sizeof ours, ": 00000002 00000000 00000000 0002 01 %5lu @listed.abstract\n", (unsigned long)status.st_ino);
    CHECK(strstr(text, ours) != NULL);
    read_file("/proc/self/net/unix", text, sizeof text);
    CHECK(strstr(text, "listed.here\n") != NULL);
    OK(close(listener));
    read_file("/proc/net/unix", text, sizeof text);
    CHECK(strstr(text, "listed.here\n") == NULL);
}

TEST(proc_sys_net_has_the_limits)
{
    char text[64];
    read_file("/proc/sys/net/core/wmem_default", text, sizeof text);
    CHECK_STR(text, "212992\n");
    read_file("/proc/sys/net/core/rmem_max", text, sizeof text);
    CHECK_STR(text, "212992\n");
    read_file("/proc/sys/net/core/somaxconn", text, sizeof text);
    CHECK_STR(text, "4096\n");
    read_file("/proc/sys/net/unix/max_dgram_qlen", text, sizeof text);
    CHECK_EQ(atoi(text), 10);
}
