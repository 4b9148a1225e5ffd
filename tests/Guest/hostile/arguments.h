// Arguments of system calls, picked at random but by their type, so that more than the first check is reached.
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "../check.h"
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum
{
    ARENA_PAGES = 16,
    USER = 1234,
};

static unsigned char *arena;      // readable and writable
static unsigned char *read_only;  // one page
static unsigned char *mappings;   // pages that may come and go
static int pool_count;
static int special[128];          // a descriptor of each kind that has a letter of its own
static __thread uint64_t state;

// Of the family that runs, or none.
static const char *const *family_paths;
static size_t family_path_count;

static uint64_t family_argument(char kind);

static uint64_t next(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1d;
}

static uint64_t below(uint64_t limit) { return (next() >> 11) % limit; }

static bool one_in(uint64_t count) { return below(count) == 0; }

#define PICK(array) (array)[below(sizeof(array) / sizeof *(array))]

static const uint64_t strange[] = {
    0, 1, 2, 0xfff, 0x1000, 0x1001, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7ffffffff000,
    0x7fffffffffff, 0x800000000000, 0xffff800000000000, 0xffffffff80000000, 0xffffffff80200000,
    0xffffc90000000000, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
};

static uint64_t anything(void)
{
    switch (below(4))
    {
        case 0: return PICK(strange);
        case 1: return below(64);
        case 2: return next();
        default: return (uint64_t)(uintptr_t)arena + below(ARENA_PAGES * CHECK_PAGE);
    }
}

static uint64_t descriptor(void)
{
    static const uint64_t others[] = { (uint64_t)-1, (uint64_t)AT_FDCWD, 64, 1000, 0x7fffffff, 0x80000000,
                                       0x100000003 };
    switch (below(8))
    {
        case 0: return below(64);
        case 1: return PICK(others);
        default: return 3 + below((uint64_t)pool_count);
    }
}

static uint64_t special_descriptor(char kind)
{
    bool usual = special[(int)kind] > 0 && !one_in(3);
    // The other end of a pair follows.
    return usual ? (uint64_t)special[(int)kind] + below(2) : descriptor();
}

static uint64_t buffer(void)
{
    uint64_t end = (uint64_t)(uintptr_t)arena + ARENA_PAGES * CHECK_PAGE;
    switch (below(12))
    {
        case 0: return 0;
        case 1: return PICK(strange);
        case 2: return end - below(64);
        case 3: return (uint64_t)(uintptr_t)read_only + below(CHECK_PAGE);
        case 4: return (uint64_t)(uintptr_t)arena + below(ARENA_PAGES * CHECK_PAGE);
        default: return (uint64_t)(uintptr_t)arena + 8 * below(ARENA_PAGES * CHECK_PAGE / 8);
    }
}

static uint64_t path(void)
{
    static char long_name[300];
    static char long_path[5000];
    static const char *const paths[] = {
        "", ".", "..", "/", "file", "file", "directory", "directory", "directory/inner", "link", "loop",
        "fifo", "program", "script", "missing", "missing/x", "file/x", "directory/", "new", "new", "other",
        "directory/new", "//", "./file", "/file", "/new", "/proc/self/maps", "/proc/self/fd/3",
        "/proc/self/exe", "/proc/self/task/1/stat", "/proc/self/mem", "/proc/self/environ", "/proc/1/stat",
        "/proc/meminfo", "/proc", "/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/fd/4", "/tmp",
        "tmpfs", long_name, long_path,
    };
    memset(long_name, 'n', sizeof long_name - 1);
    memset(long_path, '/', sizeof long_path - 1);
    if (family_path_count > 0 && !one_in(6))
        return (uint64_t)(uintptr_t)family_paths[below(family_path_count)];
    return one_in(8) ? buffer() : (uint64_t)(uintptr_t)PICK(paths);
}

static uint64_t attribute_name(void)
{
    static const char *const names[] = { "user.name", "user.other", "trusted.name", "security.capability",
                                         "system.posix_acl_access", "user.", "name", "" };
    return one_in(8) ? path() : (uint64_t)(uintptr_t)PICK(names);
}

static uint64_t length(void)
{
    static const uint64_t lengths[] = { 0, 1, 2, 7, 8, 12, 16, 24, 32, 64, 100, 128, 255, 256, 4095, 4096,
                                        4097, 8192, 65536, 65537, 1 << 20, 0x7fffffff, 0x80000000,
                                        (uint64_t)-1, 0x100000000 };
    return one_in(6) ? below(10000) : PICK(lengths);
}

static uint64_t flags(void)
{
    if (one_in(3))
        return 0;
    uint64_t bits = 0;
    for (uint64_t i = below(4); i > 0; i--)
        bits |= 1ull << below(one_in(8) ? 64 : 32);
    return one_in(6) ? below(512) : bits;
}

static uint64_t mapping_flags(void)
{
    static const uint64_t usual[] = { MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_ANONYMOUS,
                                      MAP_SHARED | MAP_ANONYMOUS, MAP_PRIVATE | MAP_FIXED };
    return one_in(4) ? flags() : PICK(usual) | (one_in(3) ? flags() : 0);
}

static uint64_t small(void) { return one_in(10) ? PICK(strange) : below(one_in(3) ? 4 : 40); }

static uint64_t vector(void)
{
    struct iovec *at = (struct iovec *)(arena + 16 * below(200));
    for (int i = 0; i < 8; i++)
        at[i] = (struct iovec){ (void *)(uintptr_t)buffer(), one_in(5) ? length() : below(64) };
    return one_in(10) ? buffer() : (uint64_t)(uintptr_t)at;
}

static uint64_t moment(void)
{
    struct timespec *at = (struct timespec *)(arena + 16 * below(200));
    *at = (struct timespec){ one_in(8) ? (long)PICK(strange) : 0, (long)below(3000000) };
    return one_in(6) ? buffer() : (uint64_t)(uintptr_t)at;
}

// Never SIGALRM: nothing would wake the caller.
static uint64_t signals(void)
{
    uint64_t *at = (uint64_t *)(arena + 8 * below(200));
    *at = next() & ~(1ull << (SIGALRM - 1));
    return one_in(8) ? buffer() : (uint64_t)(uintptr_t)at;
}

// Of those that stop, only the continuation: a stopped caller would just have to be waited for.
static uint64_t signal_number(void)
{
    uint64_t number = small() + below(30);
    return number >= SIGSTOP && number <= SIGTTOU ? SIGCONT : number;
}

static uint64_t futex_word(void)
{
    uint32_t *at = (uint32_t *)(arena + 4 * below(16));
    *at = (uint32_t)below(3);
    return one_in(8) ? buffer() : (uint64_t)(uintptr_t)at;
}

static uint64_t request(void)
{
    static const uint64_t requests[] = {
        TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCSWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCSCTTY, TIOCNOTTY,
        TIOCGSID, TIOCEXCL, TIOCNXCL, TCFLSH, TCXONC, TCSBRK, TIOCOUTQ, FIONREAD, FIONBIO, FIOASYNC, FIOCLEX,
        FIONCLEX, TIOCGPTN, TIOCSPTLCK, TIOCPKT, TIOCGETD, TIOCSETD, TIOCMGET, TIOCMSET, 0x1001, 0x1002,
        0x1003, 0x1004, F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS, 0x80086601,
        0x40086602,
    };
    return one_in(2) ? below(72) : PICK(requests);
}

// An array of strings, as argv is.
static uint64_t strings(void)
{
    uint64_t *at = (uint64_t *)(arena + 8 * below(500));
    for (int i = 0; i < 6; i++)
        at[i] = path();
    at[below(7)] = 0;
    return one_in(6) ? buffer() : (uint64_t)(uintptr_t)at;
}

static uint64_t socket_address(void)
{
    static const char paths[][8] = { "socket", "new", "\0one", "\0two", "missing", "", "file" };
    struct sockaddr_un *at = (struct sockaddr_un *)(arena + 8 * below(500));
    at->sun_family = one_in(12) ? (sa_family_t)small() : AF_UNIX;
    memcpy(at->sun_path, PICK(paths), sizeof *paths);
    return one_in(10) ? buffer() : (uint64_t)(uintptr_t)at;
}

static uint64_t address_length(void)
{
    static const uint64_t lengths[] = { 0, 2, 3, 6, 8, 10, 110, 111, 128, 129, (uint64_t)-1 };
    return one_in(3) ? PICK(lengths) : 6 + 4 * below(2);
}

// Mostly well formed, so that more than the first check is reached: descriptors, some of them of sockets, or who sends.
static uint64_t message_header(void)
{
    struct cmsghdr *control = (struct cmsghdr *)(arena + 8 * below(500));
    bool is_rights = !one_in(3);
    int count = is_rights ? (int)below(5) : 3;
    int *words = (int *)CMSG_DATA(control);
    control->cmsg_len = one_in(8) ? length() : CMSG_LEN((size_t)count * sizeof(int));
    control->cmsg_level = one_in(12) ? (int)small() : SOL_SOCKET;
    control->cmsg_type = one_in(12) ? (int)small() : is_rights ? SCM_RIGHTS : SCM_CREDENTIALS;
    for (int i = 0; i < count; i++)
        words[i] = is_rights ? (int)(one_in(2) ? special_descriptor('K') : descriptor()) : i == 0 ? getpid() : USER;
    struct msghdr *at = (struct msghdr *)(arena + 8 * below(500));
    *at = (struct msghdr){ 0 };
    if (one_in(3))
    {
        at->msg_name = (void *)(uintptr_t)socket_address();
        at->msg_namelen = (socklen_t)address_length();
    }
    at->msg_iov = (struct iovec *)(uintptr_t)vector();
    at->msg_iovlen = (int)below(one_in(8) ? 2000 : 4);
    at->msg_control = one_in(3) ? (void *)(uintptr_t)buffer() : control;
    at->msg_controllen = (socklen_t)(one_in(3) ? length() : CMSG_SPACE((size_t)count * sizeof(int)));
    return one_in(12) ? buffer() : (uint64_t)(uintptr_t)at;
}

static uint64_t pages(void)
{
    return (uint64_t)(uintptr_t)mappings + CHECK_PAGE * below(64) + (one_in(10) ? below(64) : 0);
}

static uint64_t argument(char kind)
{
    switch (kind)
    {
        case 'f': return descriptor();
        case 'p': return path();
        case 'b': return buffer();
        case 'n': return length();
        case 'a': return pages();
        case 'o': return flags();
        case 'i': return small();
        case '0': return 0;
        case 'R': return one_in(2) ? 0 : (uint64_t)getpid();
        case 't': return moment();
        case 's': return signals();
        case 'g': return signal_number();
        case 'v': return vector();
        case 'w': return futex_word();
        case 'c': return request();
        case 'x': return attribute_name();
        case 'm': return mapping_flags();
        case 'q': return one_in(8) ? flags() : below(8);
        case 'z': return one_in(8) ? anything() : CHECK_PAGE * below(8);
        case '8': return one_in(12) ? length() : 8;
        case 'd': return one_in(2) ? (uint64_t)AT_FDCWD : special_descriptor('D');
        case 'D': case 'E': case 'T': case 'Y': case 'K': case 'I': return special_descriptor(kind);
        case 'A': return strings();
        case 'k': return socket_address();
        case 'l': return address_length();
        case 'h': return message_header();
        case 'S': return one_in(8) ? small() : 1;
        default: return family_argument(kind);
    }
}

#include "family_arguments.h"

#endif
