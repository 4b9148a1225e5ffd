// Every system call with arguments picked at random, first one call at a time, then in sequences. Whatever
// they answer: the caller can be killed, and the machine is well afterwards.
//
// GUEST_SEED=N in the environment picks others, GUEST_LOOPS=N repeats each round N times, GUEST_RECORD=1
// says how often each call succeeded.
#include "../health.h"
#include "calls.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

enum
{
    LAST_CALL = 470,
    FIRST_OF_SECOND_HALF = 202,
    CALLS_ALONE = 24,
    CALLS_IN_SEQUENCE = 150,
    SEQUENCES = 60,
    ARENA_PAGES = 16,
    USER = 1234,
    // Generous: a caller has never been seen to need a tenth of it, unless it waits for something.
    CALLER_SECONDS = 1,
    KILL_SECONDS = 10,
};

enum who { AS_ROOT, AS_USER };

// Shared with the callers, so that a hang or a death has a name.
static struct
{
    volatile long number;
    volatile long arguments[6];
    volatile unsigned made[LAST_CALL + 1];
    volatile unsigned succeeded[LAST_CALL + 1];
} *record;

static unsigned char *arena;      // readable and writable
static unsigned char *read_only;  // one page
static unsigned char *mappings;   // pages that may come and go
static int pool_count;
static int special[128];          // a descriptor of each kind that has a letter of its own
static uint64_t state;

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
        default: return anything();
    }
}

static bool is_among(const short *numbers, size_t count, long number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

#define IS_AMONG(numbers, number) is_among(numbers, sizeof numbers / sizeof *numbers, number)

static bool is_wanted(long number, enum who who)
{
    return !IS_AMONG(never_called, number) && (who != AS_ROOT || !IS_AMONG(not_by_root, number));
}

static bool suits_sequences(long number, enum who who)
{
    return is_wanted(number, who) && !IS_AMONG(not_in_sequences, number);
}

static const char *arguments_of(long number)
{
    for (size_t i = 0; i < sizeof known_calls / sizeof *known_calls; i++)
        if (known_calls[i].number == number)
            return known_calls[i].arguments;
    return "";
}

// The call, without the C library. A new process or thread that comes out of it, on whatever stack, ends.
static long invoke(long number, const volatile long *arguments)
{
    long result = number;
    long first = arguments[0];
    bool makes_process = number == SYS_fork || number == SYS_vfork || number == SYS_clone || number == 435;
    register long fourth __asm__("r10") = arguments[3];
    register long fifth __asm__("r8") = arguments[4];
    register long sixth __asm__("r9") = arguments[5];
    register long ends __asm__("r12") = makes_process;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "test %%r12, %%r12\n\t"
                     "jz 1f\n\t"
                     "mov $60, %%eax\n\t"
                     "xor %%edi, %%edi\n\t"
                     "syscall\n"
                     "1:"
                     : "+a"(result), "+D"(first)
                     : "S"(arguments[1]), "d"(arguments[2]), "r"(fourth), "r"(fifth), "r"(sixth), "r"(ends)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

static void on_alarm(UNUSED int signo) {}

// The next call is interrupted if it waits, whatever the last one has done to signals and timers.
static void arm(void)
{
    uint64_t nothing = 0;
    struct itimerval soon = { { 0, 2000 }, { 0, 2000 } };
    struct sigaction action = { .sa_handler = on_alarm };
    sigaction(SIGALRM, &action, NULL);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, NULL, 8);
    syscall(SYS_setitimer, ITIMER_REAL, &soon, NULL);
}

static void call(long number)
{
    const char *kinds = arguments_of(number);
    bool knows = *kinds != '\0' && !one_in(8);
    for (int i = 0; i < 6; i++)
        record->arguments[i] = (long)(knows && i < (int)strlen(kinds) ? argument(kinds[i]) : anything());
    // A descriptor, an id or a request has to be its own in any case: other processes are not its business.
    for (int i = 0; i < 6 && kinds[i] != '\0'; i++)
        if (strchr("R0g", kinds[i]) != NULL)
            record->arguments[i] = (long)argument(kinds[i]);
    record->number = number;
    arm();
    long result = invoke(number, record->arguments);
    record->made[number]++;
    if (result >= 0 || result < -4095)
        record->succeeded[number]++;
}

static void add(char kind, int fd)
{
    if (fd < 0)
        return;
    pool_count++;
    special[(int)kind] = fd;
}

// Descriptors of every kind there is, from 3 on. Those of files that callers can replace come last, when the
// caller is locked in: what is a symbolic link by now must not lead out.
static void add_foreign(enum who who)
{
    // Root could take the machine's own away from everybody else.
    add('f', open(who == AS_ROOT ? "null" : "/dev/null", O_RDWR | O_NOFOLLOW));
    add('f', open(who == AS_ROOT ? "zero" : "/dev/zero", O_RDWR | O_NOFOLLOW));
    add('f', open("/proc/self/maps", O_RDONLY));
    // A directory outside of what root is locked into would be a way out.
    if (who == AS_USER)
        add('f', open("/proc/self", O_RDONLY | O_DIRECTORY));
    int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    add('Y', terminal);
    if (terminal >= 0 && ioctl(terminal, TIOCSPTLCK, &(int){ 0 }) == 0)
        add('f', ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY));
}

static void add_own(void)
{
    int ends[2];
    add('f', open("file", O_RDWR));
    add('f', open("file", O_RDONLY));
    add('D', open("directory", O_RDONLY | O_DIRECTORY));
    add('f', open("file", O_PATH));
    add('f', open("fifo", O_RDWR | O_NONBLOCK));
    if (pipe(ends) == 0)
        pool_count += 2;
    add('E', epoll_create1(0));
    add('f', eventfd(1, 0));
    add('T', (int)syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0));
    add('f', (int)syscall(SYS_signalfd4, -1, &(uint64_t){ 1 }, 8, 0));
    add('I', (int)syscall(SYS_inotify_init1, 0));
    add('f', (int)syscall(SYS_memfd_create, "memory", 0));
    add('f', socket(AF_UNIX, SOCK_STREAM, 0));
    add('f', socket(AF_UNIX, SOCK_SEQPACKET, 0));
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0)
        pool_count += 2;
    add('f', socket(AF_INET, SOCK_STREAM, 0));
    add('K', socket(AF_INET, SOCK_DGRAM, 0));
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
    {
        pool_count += 2;
        special['K'] = ends[0];
    }
}

static void limit(int resource, rlim_t value)
{
    setrlimit(resource, &(struct rlimit){ value, value });
}

static void become_caller(enum who who)
{
    setpgid(0, 0);
    int null = open(who == AS_ROOT ? "null" : "/dev/null", O_RDWR | O_NOFOLLOW);
    for (int fd = 0; fd < 3; fd++)
        if (null < 0 || dup2(null, fd) < 0)
            close(fd);
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    add_foreign(who);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_FSIZE, 1 << 20);
    limit(RLIMIT_AS, 64 << 20);
    limit(RLIMIT_CPU, 5);
    limit(RLIMIT_CORE, 0);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    if (who == AS_ROOT)
        OK(chroot("."));
    else
    {
        limit(RLIMIT_NPROC, 40);
        become(USER);
    }
    add_own();

    mappings = mmap(NULL, 64 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < ARENA_PAGES * CHECK_PAGE; i += 8)
    {
        uint64_t word = one_in(4) ? PICK(strange) : one_in(2) ? below(64) : next();
        memcpy(arena + i, &word, sizeof word);
    }
}

static void prepare(enum who who)
{
    scratch();
    static const char script[] = "#!./program\n";
    // exit(33), as small as an executable can be.
    static const unsigned char program[] = {
        0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0, 1, 0, 0, 0, 0x78, 0, 0, 0x10,
        0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0,
        0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x10,
        0, 0, 0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0,
        0xbf, 33, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05,
    };
    OK(close(write_file("program", program, sizeof program)));
    make_file("script", script);
    make_file("file", "0123456789");
    OK(mkdir("directory", 0777));
    make_file("directory/inner", "inner");
    OK(symlink("file", "link"));
    OK(symlink("loop", "loop"));
    OK(mkfifo("fifo", 0666));
    OK(mknod("null", S_IFCHR | 0666, makedev(1, 3)));
    OK(mknod("zero", S_IFCHR | 0666, makedev(1, 5)));
    OK(chmod("program", 0755));
    OK(chmod("script", 0755));
    if (who == AS_USER)
    {
        OK(chown(".", USER, USER));
        OK(chown("file", USER, USER));
        OK(chown("directory", USER, USER));
    }

    record = mmap(NULL, sizeof *record, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(record != MAP_FAILED);
    // Behind each of the two lies a page that nobody may touch.
    arena = mmap(NULL, (ARENA_PAGES + 3) * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(arena != MAP_FAILED);
    read_only = arena + (ARENA_PAGES + 1) * CHECK_PAGE;
    OK(mprotect(arena + ARENA_PAGES * CHECK_PAGE, CHECK_PAGE, PROT_NONE));
    OK(mprotect(read_only, CHECK_PAGE, PROT_READ));
    OK(mprotect(read_only + CHECK_PAGE, CHECK_PAGE, PROT_NONE));
    block(SIGCHLD);
}

static bool ends_within(pid_t pid, int seconds)
{
    struct timespec limit = { seconds, 0 };
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long deadline = now.tv_sec + seconds + 1;
    int status;
    while (waitpid(pid, &status, WNOHANG) != pid || (!WIFEXITED(status) && !WIFSIGNALED(status)))
    {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec >= deadline || (sigtimedwait(&children, NULL, &limit) < 0 && errno == EAGAIN))
            return false;
    }
    return true;
}

static void name_last_call(char *text, size_t size)
{
    const volatile long *a = record->arguments;
    snprintf(text, size, "call %ld(0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx)", record->number, a[0], a[1],
             a[2], a[3], a[4], a[5]);
}

// Some calls in a process of their own: always the same one, or any when the number is negative.
static void run_caller(enum who who, long number, int count)
{
    FORK(caller)
    {
        become_caller(who);
        for (int i = 0; i < count; i++)
        {
            long picked = number;
            while (picked < 0 || (number < 0 && !suits_sequences(picked, who)))
                picked = (long)below(LAST_CALL + 1);
            call(picked);
        }
        // Not through the C library, whose memory may be gone.
        invoke(SYS_exit_group, (long[6]){ 0 });
    }
    if (!ends_within(caller, CALLER_SECONDS))
    {
        kill(caller, SIGKILL);
        char last[200];
        name_last_call(last, sizeof last);
        if (!ends_within(caller, KILL_SECONDS))
            FAIL("%s, got a process that cannot be killed", last);
    }
    // What it made with CLONE_PARENT.
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
    {
    }
}

static void seed(uint64_t number, int turn)
{
    const char *wanted = getenv("GUEST_SEED");
    state = 0x9e3779b97f4a7c15 ^ (wanted != NULL ? strtoull(wanted, NULL, 0) << 32 : 0) ^ number << 16
        ^ (uint64_t)turn;
    for (int i = 0; i < 4; i++)
        next();
}

static void report_successes(void)
{
    if (getenv("GUEST_RECORD") == NULL)
        return;
    for (int number = 0; number <= LAST_CALL; number++)
        if (record->made[number] > 0)
            fprintf(stderr, "%d %s %u of %u\n", number, arguments_of(number), record->succeeded[number],
                    record->made[number]);
}

static void check_each(enum who who, long first, long last)
{
    prepare(who);
    struct health before = health_before();
    for (int turn = loops(1); turn > 0; turn--)
    {
        for (long number = first; number <= last; number++)
        {
            if (!is_wanted(number, who))
                continue;
            seed((uint64_t)number, turn);
            run_caller(who, number, CALLS_ALONE);
            // A call that does not return is none that was made; it ended the caller.
            CHECK_EQ(record->number, number);
        }
    }
    report_successes();
    health_check(&before);
}

TEST(each_of_the_older_calls_by_root_is_survived) { check_each(AS_ROOT, 0, FIRST_OF_SECOND_HALF - 1); }

TEST(each_of_the_newer_calls_by_root_is_survived) { check_each(AS_ROOT, FIRST_OF_SECOND_HALF, LAST_CALL); }

TEST(each_of_the_older_calls_by_a_user_is_survived) { check_each(AS_USER, 0, FIRST_OF_SECOND_HALF - 1); }

TEST(each_of_the_newer_calls_by_a_user_is_survived) { check_each(AS_USER, FIRST_OF_SECOND_HALF, LAST_CALL); }

static void check_sequences(enum who who)
{
    prepare(who);
    struct health before = health_before();
    unsigned made = 0;
    int sequences = loops(1) * SEQUENCES;
    for (int i = 0; i < sequences; i++)
    {
        seed(1000 + who, i);
        run_caller(who, -1, CALLS_IN_SEQUENCE);
    }
    for (int number = 0; number <= LAST_CALL; number++)
        made += record->made[number];
    // Most callers end early, by a call that takes their memory or their stack from them; not all of them.
    CHECK(made >= (unsigned)sequences * 20);
    report_successes();
    health_check(&before);
}

TEST(sequences_of_calls_by_root_are_survived) { check_sequences(AS_ROOT); }

TEST(sequences_of_calls_by_a_user_are_survived) { check_sequences(AS_USER); }
