// More kinds of arguments: those of mounts, System V IPC, ptrace, timers and the like.
#ifndef FAMILY_ARGUMENTS_H
#define FAMILY_ARGUMENTS_H

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <termios.h>

enum
{
    KNOWN_IDS = 8,
    MEMBERS = 3,
    LAST_CALL = 470,
};

// Shared with the callers, so that a hang or a death has a name.
static struct
{
    volatile long number;
    volatile long arguments[6];
    volatile unsigned made[LAST_CALL + 1];
    volatile unsigned succeeded[LAST_CALL + 1];
    volatile int ids[KNOWN_IDS];
    volatile pid_t members[MEMBERS];
} *record;

#define TEXT(literal) ((uint64_t)(uintptr_t)(literal))
#define PICK_TEXT(...)                                                                        \
    ({                                                                                        \
        static const char *const texts[] = { __VA_ARGS__ };                                   \
        one_in(12) ? buffer() : TEXT(PICK(texts));                                            \
    })
#define PICK_NUMBER(...)                                                                      \
    ({                                                                                        \
        static const uint64_t numbers[] = { __VA_ARGS__ };                                    \
        PICK(numbers);                                                                        \
    })

// A place for a structure, on eight bytes, with what happens to be there.
static void *room(size_t bytes)
{
    return arena + 8 * below((ARENA_PAGES * CHECK_PAGE - bytes) / 8);
}

static uint64_t or_a_bad_one(const void *good) { return one_in(12) ? buffer() : (uint64_t)(uintptr_t)good; }

static uint64_t file_system_type(void)
{
    return PICK_TEXT("tmpfs", "tmpfs", "ramfs", "overlay", "overlay", "proc", "devpts", "nonsense", "");
}

static uint64_t mount_flags(void)
{
    uint64_t picked = PICK_NUMBER(0, 0, MS_BIND, MS_BIND | MS_REC, MS_MOVE, MS_REMOUNT, MS_REMOUNT | MS_BIND, MS_SHARED,
                                  MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE, MS_SHARED | MS_REC, MS_SLAVE | MS_REC);
    return picked | (one_in(3) ? PICK_NUMBER(MS_RDONLY, MS_NOEXEC, MS_NODEV, MS_NOSUID, MS_NOATIME, MS_REC) : 0)
        | (one_in(10) ? flags() : 0);
}

static uint64_t mount_options(void)
{
    return PICK_TEXT("", "size=64k", "size=50%,nr_inodes=9", "mode=700,uid=1234", "size=99999999999999999999",
                     "lowerdir=a,upperdir=b,workdir=c", "lowerdir=a:b", "lowerdir=a,upperdir=b/x,workdir=b/y",
                     "lowerdir=.,upperdir=b,workdir=c", "lowerdir=a:a:a,xino=off", "lowerdir=:::", "hidepid=2",
                     "newinstance,ptmxmode=666,max=3", "ro", ",,,", "=", "lowerdir=a,upperdir=a,workdir=a");
}

static uint64_t mount_key(void)
{
    return PICK_TEXT("source", "size", "lowerdir", "upperdir", "workdir", "mode", "ro", "rw", "nr_inodes", "", "x");
}

static uint64_t mount_value(void) { return PICK_TEXT("a", "b", "c", "1m", "700", "", "a:b", "none", "file", "99"); }

// struct mount_attr
static uint64_t mount_attributes(void)
{
    uint64_t *at = room(32);
    at[0] = one_in(2) ? below(16) : flags();
    at[1] = one_in(2) ? below(16) : 0;
    at[2] = PICK_NUMBER(0, 0, MS_SHARED, MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE);
    at[3] = one_in(8) ? descriptor() : 0;
    return or_a_bad_one(at);
}

static uint64_t ipc_key(void) { return one_in(4) ? 0 : 0x5eed0000 + below(4); }

static uint64_t ipc_flags(void) { return (one_in(4) ? flags() : 0) | PICK_NUMBER(01000, 01000, 03000, 0) | 0666; }

static uint64_t ipc_id(void) { return one_in(10) ? small() : (uint64_t)record->ids[below(KNOWN_IDS)]; }

static uint64_t ipc_command(void)
{
    return one_in(8) ? PICK_NUMBER(IPC_RMID, 4096, 0xffffffff)
                     : PICK_NUMBER(1, 2, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19);
}

static uint64_t semaphore_operations(void)
{
    struct sembuf *at = room(64 * sizeof *at);
    for (int i = 0; i < 8; i++)
        at[i] = (struct sembuf){ (unsigned short)below(one_in(8) ? 100 : 4), (short)(below(7) - 3),
                                 (short)PICK_NUMBER(0, IPC_NOWAIT, SEM_UNDO, SEM_UNDO | IPC_NOWAIT, 0xffff) };
    return or_a_bad_one(at);
}

static uint64_t ipc_message(void)
{
    long *at = room(sizeof(long) + 128);
    *at = one_in(6) ? (long)PICK(strange) : (long)below(4);
    return or_a_bad_one(at);
}

static uint64_t trace_request(void)
{
    return PICK_NUMBER(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 16, 17, 24, 0x4200, 0x4201, 0x4202, 0x4203, 0x4204,
                       0x4205, 0x4206, 0x4206, 0x4207, 0x4207, 0x4208, 0x4209, 0x420a, 0x420b, 0x420c, 0x420e, 0x4210);
}

static uint64_t member(void)
{
    return one_in(8) ? (uint64_t)getpid() : (uint64_t)record->members[below(MEMBERS)];
}

static uint64_t epoll_event(void)
{
    struct epoll_event *at = room(sizeof *at);
    uint64_t events = PICK_NUMBER(1, 4, 5, 0x80000001, 0x40000001, 0x10000001, 0xffffffff, 0, 0x2005);
    *at = (struct epoll_event){ .events = (uint32_t)events, .data.u64 = next() };
    return or_a_bad_one(at);
}

static uint64_t signal_event(void)
{
    struct sigevent *at = room(sizeof *at);
    memset(at, 0, sizeof *at);
    at->sigev_notify = (int)PICK_NUMBER(SIGEV_SIGNAL, SIGEV_NONE, 4, 4, 2, 77);
    at->sigev_signo = (int)signal_number();
    ((int *)at)[4] = (int)(one_in(3) ? syscall(SYS_gettid) : (long)member());
    return one_in(4) ? 0 : or_a_bad_one(at);
}

static uint64_t timer_setting(void)
{
    struct itimerspec *at = room(sizeof *at);
    *at = (struct itimerspec){ { one_in(6) ? (long)PICK(strange) : 0, (long)below(2000000) },
                               { one_in(6) ? (long)PICK(strange) : 0, (long)below(3000000) } };
    return or_a_bad_one(at);
}

static uint64_t a_clock(void)
{
    return one_in(6) ? PICK(strange) : one_in(4) ? (uint64_t)-(int64_t)below(60) : below(12);
}

static uint64_t futex_operation(void)
{
    return below(14) | PICK_NUMBER(0, 128, 128, 256, 384) | (one_in(20) ? flags() : 0);
}

// A list of robust futexes: sound, circular, or leading to nowhere.
static uint64_t robust_list(void)
{
    uint64_t *at = room(64);
    at[0] = (uint64_t)(uintptr_t)(one_in(2) ? at : at + 3) | (one_in(4) ? 1 : 0);
    at[1] = one_in(3) ? anything() : 16;
    at[2] = one_in(3) ? anything() : 0;
    at[3] = one_in(3) ? anything() : (uint64_t)(uintptr_t)at;
    at[5] = (uint64_t)syscall(SYS_gettid);
    return or_a_bad_one(at);
}

static uint64_t watch_mask(void) { return one_in(3) ? flags() : IN_ALL_EVENTS & (uint64_t)next(); }

static uint64_t terminal_request(void)
{
    return PICK_NUMBER(TCGETS, TCSETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCSWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCSCTTY,
                       TIOCNOTTY, TIOCGSID, TIOCEXCL, TIOCNXCL, TCFLSH, TCXONC, TCSBRK, TCSBRKP, TIOCOUTQ, FIONREAD, TIOCSTI,
                       TIOCGPTN, TIOCSPTLCK, TIOCPKT, TIOCGPKT, TIOCGPTPEER, TIOCSIG, TIOCGETD, TIOCSETD, TIOCVHANGUP,
                       TIOCSBRK, TIOCCBRK, TIOCCONS, TCGETA, TCSETA, TIOCGEXCL, FIONBIO, TIOCMGET, 0x540a);
}

static uint64_t terminal_argument(void)
{
    struct termios *at = room(64);
    if (one_in(2))
    {
        for (int i = 0; i < 4; i++)
            ((uint32_t *)at)[i] = (uint32_t)(one_in(2) ? flags() : next());
        return or_a_bad_one(at);
    }
    *(int *)at = (int)(one_in(2) ? member() : below(8));
    return one_in(2) ? below(4) : or_a_bad_one(at);
}

// What is typed and printed: with control characters, and in long lines.
static uint64_t typed_text(void)
{
    unsigned char *at = room(512);
    for (int i = 0; i < 256; i++)
        at[i] = (unsigned char)(one_in(3) ? below(32) : one_in(10) ? 0xc3 + below(60) : 'a' + below(26));
    return or_a_bad_one(at);
}

static uint64_t process_option(void)
{
    return one_in(8) ? PICK_NUMBER(0x59616d61, 0x53564d41, 0x41555856, 0xffffffff, 1000) : 1 + below(75);
}

// A filter of seccomp: mostly valid, and mostly one that lets everything through.
static uint64_t filter_program(void)
{
    struct sock_filter { uint16_t code; uint8_t jt, jf; uint32_t k; } *code = room(16 * sizeof *code);
    struct sock_fprog { uint16_t len; struct sock_filter *filter; } *at = room(sizeof *at);
    unsigned short length = (unsigned short)(1 + below(6));
    enum { allow = 0x7fff0000 };
    for (int i = 0; i < length; i++)
    {
        uint64_t operation = PICK_NUMBER(0x20, 0x15, 0x25, 0x35, 0x45, 0x54, 0x44, 0x04, 0x14, 0x07, 0x87, 0x02, 0x60,
                                         0x34, 0x94, 0x64, 0x06);
        code[i] = (struct sock_filter){ (uint16_t)operation, (uint8_t)below(3), (uint8_t)below(3), (uint32_t)small() };
    }
    code[length - 1] = (struct sock_filter){ 0x06, 0, 0, (uint32_t)PICK_NUMBER(allow, allow, allow, 0x50005, 0x30000, 0x7ffc0000) };
    *at = (struct sock_fprog){ one_in(8) ? (unsigned short)PICK_NUMBER(0, 4096, 4097, 0xffff) : length, code };
    return or_a_bad_one(at);
}

// struct clone_args, or the like.
static uint64_t clone_arguments(void)
{
    uint64_t *at = room(88);
    for (int i = 0; i < 11; i++)
        at[i] = one_in(10) ? anything() : 0;
    at[0] = PICK_NUMBER(0, 0, 0x100, 0x4100, 0x1000, 0x8000, 0x100000, 0x1000000, 0x200000, 0x400, 0x600, 0x10f00);
    at[0] |= one_in(6) ? flags() : 0;
    at[1] = one_in(3) ? buffer() : 0;
    at[4] = one_in(6) ? small() : SIGCHLD;
    return or_a_bad_one(at);
}

static uint64_t setting(void)
{
    return PICK_TEXT("0", "1", "max", "4096", "1048576", "20", "+memory +pids", "-memory", "+pids", "threaded", "frozen",
                     "", "\n", "-1", "99999999999999999999", "x");
}

static uint64_t family_argument(char kind)
{
    switch (kind)
    {
        case 'F': return file_system_type();
        case '_': return mount_flags();
        case 'X': return mount_options();
        case '<': return mount_key();
        case '>': return mount_value();
        case 'Z': return mount_attributes();
        case 'j': return ipc_key();
        case '+': return ipc_flags();
        case 'J': return ipc_id();
        case '%': return ipc_command();
        case '$': return semaphore_operations();
        case 'Q': return ipc_message();
        case '@': return one_in(2) ? 0 : pages();
        case 'C': return trace_request();
        case 'H': return member();
        case '!': return (uint64_t)getpid();
        case 'V': return epoll_event();
        case 'e': return signal_event();
        case '^': return timer_setting();
        case 'G': return a_clock();
        case '&': return futex_operation();
        case 'r': return robust_list();
        case 'W': return watch_mask();
        case 'y': return terminal_request();
        case '~': return terminal_argument();
        case '"': return typed_text();
        case 'P': return process_option();
        case 'B': return filter_program();
        case '*': return clone_arguments();
        case '1': return 1;
        case '2': return one_in(8) ? small() : 24;
        case 'N': return setting();
        default: return anything();
    }
}

#endif
