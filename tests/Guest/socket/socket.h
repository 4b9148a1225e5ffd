// What the tests of sockets share: pairs, addresses, and messages with control data.
#ifndef SOCKET_H
#define SOCKET_H

#include "check.h"
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum
{
    NAME_OFFSET = offsetof(struct sockaddr_un, sun_path),
    CONTROL_BYTES = 2048,
};

static int one, other;

UNUSED static void make_pair(int type)
{
    int pair[2];
    OK(socketpair(AF_UNIX, type, 0, pair));
    one = pair[0];
    other = pair[1];
}

// A path, or an abstract name when it begins with '@'. Its length is left in name_length.
static socklen_t name_length;

UNUSED static struct sockaddr *name(const char *text)
{
    static struct sockaddr_un address;
    address.sun_family = AF_UNIX;
    memset(address.sun_path, 0, sizeof address.sun_path);
    strncpy(address.sun_path, text, sizeof address.sun_path);
    name_length = NAME_OFFSET + (socklen_t)strlen(text) + (text[0] != '@');
    if (text[0] == '@')
        address.sun_path[0] = '\0';
    return (struct sockaddr *)&address;
}

// name() is evaluated before name_length, whatever order the compiler likes.
UNUSED static int bind_to(int fd, const char *text)
{
    struct sockaddr *address = name(text);
    return bind(fd, address, name_length);
}

UNUSED static int connect_to(int fd, const char *text)
{
    struct sockaddr *address = name(text);
    return connect(fd, address, name_length);
}

UNUSED static ssize_t send_to(int fd, const char *data, int flags, const char *text)
{
    struct sockaddr *address = name(text);
    return sendto(fd, data, strlen(data), flags, address, name_length);
}

UNUSED static int new_socket(int type) { return OK(socket(AF_UNIX, type, 0)); }

UNUSED static int new_listener(int type, const char *text, int backlog)
{
    int fd = new_socket(type);
    OK(bind_to(fd, text));
    OK(listen(fd, backlog));
    return fd;
}

UNUSED static void say(int fd, const char *text)
{
    CHECK_EQ(send(fd, text, strlen(text), MSG_NOSIGNAL), (long long)strlen(text));
}

#define HEAR(fd, expected)                                                    \
    do                                                                        \
    {                                                                         \
        char heard[256] = { 0 };                                              \
        CHECK_EQ(recv((fd), heard, sizeof heard - 1, MSG_DONTWAIT),           \
                 (long long)strlen(expected));                                \
        CHECK_STR(heard, (expected));                                         \
    } while (0)

#define CHECK_EMPTY(fd)                                                       \
    do                                                                        \
    {                                                                         \
        char none[8];                                                         \
        CHECK_ERRNO(recv((fd), none, sizeof none, MSG_DONTWAIT), EAGAIN);     \
    } while (0)

UNUSED static int ready(int fd)
{
    struct pollfd entry = { .fd = fd, .events = ~0 };
    OK(poll(&entry, 1, 0));
    return entry.revents;
}

UNUSED static int get_int(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof value;
    OK(getsockopt(fd, SOL_SOCKET, option, &value, &length));
    CHECK_EQ(length, sizeof value);
    return value;
}

UNUSED static int set_int(int fd, int option, int value)
{
    return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

// One message with control data.
struct message
{
    struct msghdr header;
    struct iovec vector;
    char data[256];
    union
    {
        struct cmsghdr align;
        char bytes[CONTROL_BYTES];
    } control;
};

UNUSED static struct message *new_message(const char *text)
{
    struct message *message = calloc(1, sizeof *message);
    strcpy(message->data, text);
    message->vector = (struct iovec){ message->data, strlen(text) };
    message->header = (struct msghdr){ .msg_iov = &message->vector, .msg_iovlen = 1 };
    return message;
}

UNUSED static void add_control(struct message *message, int type, const void *data, size_t length)
{
    size_t at = message->header.msg_controllen;
    struct cmsghdr *header = (struct cmsghdr *)(message->control.bytes + at);
    header->cmsg_len = CMSG_LEN(length);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = type;
    memcpy(CMSG_DATA(header), data, length);
    message->header.msg_control = message->control.bytes;
    message->header.msg_controllen = (socklen_t)(at + CMSG_SPACE(length));
}

UNUSED static ssize_t send_files(int fd, const char *text, const int *files, int count)
{
    struct message *message = new_message(text);
    add_control(message, SCM_RIGHTS, files, (size_t)count * sizeof *files);
    // Directly: the C library refuses as many as the kernel takes.
    ssize_t sent = syscall(SYS_sendmsg, fd, &message->header, MSG_NOSIGNAL);
    int error = errno;
    free(message);
    errno = error;
    return sent;
}

UNUSED static ssize_t send_file(int fd, const char *text, int file) { return send_files(fd, text, &file, 1); }

// Receives into a message with room for control data.
UNUSED static ssize_t receive(int fd, struct message *message, size_t control_bytes, int flags)
{
    memset(message, 0, sizeof *message);
    message->vector = (struct iovec){ message->data, sizeof message->data - 1 };
    message->header = (struct msghdr){
        .msg_iov = &message->vector,
        .msg_iovlen = 1,
        .msg_control = control_bytes != 0 ? message->control.bytes : NULL,
        .msg_controllen = (socklen_t)control_bytes,
    };
    return recvmsg(fd, &message->header, flags);
}

UNUSED static struct cmsghdr *find_control(struct message *message, int type)
{
    struct cmsghdr *found = CMSG_FIRSTHDR(&message->header);
    while (found != NULL && (found->cmsg_level != SOL_SOCKET || found->cmsg_type != type))
        found = CMSG_NXTHDR(&message->header, found);
    return found;
}

// The descriptors in a message; returns how many.
UNUSED static int files_of(struct message *message, int *files)
{
    struct cmsghdr *found = find_control(message, SCM_RIGHTS);
    if (found == NULL)
        return 0;
    int count = (int)((found->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(files, CMSG_DATA(found), (size_t)count * sizeof(int));
    return count;
}

// A file without a name, open at its beginning.
UNUSED static int temporary(const char *text)
{
    char path[] = "/tmp/socket.XXXXXX";
    int fd = OK(mkstemp(path));
    OK(unlink(path));
    CHECK_EQ(write(fd, text, strlen(text)), (long long)strlen(text));
    OK(lseek(fd, 0, SEEK_SET));
    return fd;
}

UNUSED static int receive_file(int fd)
{
    static struct message message;
    int files[256] = { -1 };
    OK(receive(fd, &message, CONTROL_BYTES, MSG_DONTWAIT));
    CHECK_EQ(files_of(&message, files), 1);
    return files[0];
}

#endif
