// Processes that make system calls with arguments picked at random, and the one that watches over them.
#ifndef CALLER_H
#define CALLER_H

#include "../health.h"
#include "arguments.h"
#include "calls.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/time.h>

enum
{
    FIRST_OF_SECOND_HALF = 202,
    CALLS_ALONE = 24,
    CALLS_IN_SEQUENCE = 150,
    SEQUENCES = 60,
    // Generous: a caller has never been seen to need a tenth of it, unless it waits for something.
    CALLER_SECONDS = 1,
    KILL_SECONDS = 10,
};

// AS_CAPABLE is a user with a part of root's capabilities, locked in as root is.
enum who { AS_ROOT, AS_USER, AS_CAPABLE };

UNUSED static bool is_among(const short *numbers, size_t count, long number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

#define IS_AMONG(numbers, number) is_among(numbers, sizeof numbers / sizeof *numbers, number)

UNUSED static bool is_wanted(long number, enum who who)
{
    return !IS_AMONG(never_called, number) && (who == AS_USER || !IS_AMONG(not_by_root, number));
}

UNUSED static bool suits_sequences(long number, enum who who)
{
    return is_wanted(number, who) && !IS_AMONG(not_in_sequences, number);
}

UNUSED static const char *arguments_of(long number)
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

static void call_with(long number, const char *kinds)
{
    bool knows = *kinds != '\0' && !one_in(8);
    long arguments[6];
    for (int i = 0; i < 6; i++)
        arguments[i] = (long)(knows && i < (int)strlen(kinds) ? argument(kinds[i]) : anything());
    // A descriptor, an id or a request has to be its own in any case: other processes are not its business.
    for (int i = 0; i < 6 && kinds[i] != '\0'; i++)
        if (strchr("R0gH!", kinds[i]) != NULL)
            arguments[i] = (long)argument(kinds[i]);
    for (int i = 0; i < 6; i++)
        record->arguments[i] = arguments[i];
    record->number = number;
    arm();
    long result = invoke(number, arguments);
    record->made[number]++;
    if (result < 0 && result >= -4095)
        return;
    record->succeeded[number]++;
    if (number == SYS_shmget || number == SYS_semget || number == SYS_msgget)
        record->ids[below(KNOWN_IDS)] = (int)result;
}

UNUSED static void call(long number) { call_with(number, arguments_of(number)); }

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
    // Root could take the machine's own away from everybody else, the multiplexer of terminals included.
    add('f', open(who != AS_USER ? "null" : "/dev/null", O_RDWR | O_NOFOLLOW));
    add('f', open(who != AS_USER ? "zero" : "/dev/zero", O_RDWR | O_NOFOLLOW));
    add('f', open("/proc/self/maps", O_RDONLY));
    // A directory outside of what root is locked into would be a way out.
    if (who == AS_USER)
        add('f', open("/proc/self", O_RDONLY | O_DIRECTORY));
    int terminal = open(who != AS_USER ? "terminals/ptmx" : "/dev/ptmx", O_RDWR | O_NOCTTY);
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

// Some of those that do no harm to who is outside of the directory: not CAP_KILL, CAP_SYS_ADMIN and the like.
static void keep_capabilities(void)
{
    static const int harmless[] = { 0, 1, 2, 3, 4, 6, 7, 8, 9, 14, 15, 18, 19, 23, 24, 26, 27, 28, 31 };
    uint32_t kept = 0;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (one_in(2))
            kept |= 1u << harmless[i];
    OK(prctl(PR_SET_KEEPCAPS, 1));
    become(USER);
    struct { uint32_t version; int pid; } header = { 0x20080522, 0 };
    struct { uint32_t effective, permitted, inheritable; } data[2] = { { kept, kept, kept } };
    OK(syscall(SYS_capset, &header, data));
}

static void become_caller(enum who who)
{
    setpgid(0, 0);
    int null = open(who != AS_USER ? "null" : "/dev/null", O_RDWR | O_NOFOLLOW);
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
    if (who != AS_USER)
        OK(chroot("."));
    if (who == AS_CAPABLE)
        keep_capabilities();
    if (who == AS_USER)
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
    if (who != AS_USER)
    {
        OK(mkdir("terminals", 0755));
        OK(mount("none", "terminals", "devpts", 0, "ptmxmode=0666"));
    }
    OK(chmod("program", 0755));
    OK(chmod("script", 0755));
    if (who != AS_ROOT)
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
UNUSED static void run_caller(enum who who, long number, int count)
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

// The end of a case: the files that callers have made are not what is looked for.
static void check_that_nothing_is_left(enum who who, const struct health *before)
{
    char directory[300];
    if (who != AS_USER)
    {
        OK(umount2("terminals", MNT_DETACH));
        // Linux has one inode for all files of this kind, and root's callers had one of them.
        struct stat status;
        int nameless = OK(eventfd(0, 0));
        OK(fstat(nameless, &status));
        if ((status.st_mode & 07777) != 0600)
            OK(fchmod(nameless, 0600));
        if (status.st_uid != 0 || status.st_gid != 0)
            OK(fchown(nameless, 0, 0));
        OK(close(nameless));
    }
    OK(chdir("/"));
    check_scratch_name(directory, sizeof directory, getpid());
    check_remove_tree(directory);
    health_check(before);
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

#endif
