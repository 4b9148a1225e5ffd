// A harness for guest programs: each TEST is one behavior, run in a forked child of its own.
//
//   program            runs every case and exits 1 when one failed
//   program CASE...    runs only those
//   program --list     prints the names of the cases
//
// A failed check may happen in any descendant of the case: it is reported through a pipe on a high
// descriptor, so that it arrives even when a case has closed or replaced its standard output.
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

enum
{
    CHECK_REPORT_FD = 240,
    CHECK_FAILED = 99,
    CHECK_PAGE = 4096,
    CHECK_RW = PROT_READ | PROT_WRITE,
};

struct check_case
{
    const char *name;
    void (*body)(void);
    int line;
    struct check_case *next;
};

static struct check_case *check_cases;
static const char *check_program;
// An absolute path under which the program can execute itself again.
static char check_self[512];
static volatile sig_atomic_t check_expired;
static volatile pid_t check_running;

// Constructors run in an order that the compiler picks; the line number restores the order of the source.
static inline void check_register(struct check_case *added)
{
    struct check_case **at = &check_cases;
    while (*at != NULL && (*at)->line < added->line)
        at = &(*at)->next;
    added->next = *at;
    *at = added;
}

#define TEST(case_name)                                                                                 \
    static void case_name(void);                                                                        \
    __attribute__((constructor)) static void register_##case_name(void)                                 \
    {                                                                                                   \
        static struct check_case self = { #case_name, case_name, __LINE__, NULL };                      \
        check_register(&self);                                                                          \
    }                                                                                                   \
    static void case_name(void)

// What the program does when it is executed again by one of its own cases, as `program --helper NAME ...`.
struct check_helper
{
    const char *name;
    int (*body)(int argc, char **argv, char **envp);
    struct check_helper *next;
};

static struct check_helper *check_helpers;

#define HELPER(helper_name)                                                                             \
    static int helper_name(int argc, char **argv, char **envp);                                         \
    __attribute__((constructor)) static void register_##helper_name(void)                               \
    {                                                                                                   \
        static struct check_helper self = { #helper_name, helper_name, NULL };                          \
        self.next = check_helpers;                                                                      \
        check_helpers = &self;                                                                          \
    }                                                                                                   \
    static int helper_name(UNUSED int argc, UNUSED char **argv,       \
                           UNUSED char **envp)

__attribute__((format(printf, 3, 4), noreturn, noinline)) static void check_fail(const char *file, int line,
                                                                                 const char *format, ...)
{
    char text[600];
    const char *base = strrchr(file, '/');
    int length = snprintf(text, sizeof text, "%s:%d: ", base != NULL ? base + 1 : file, line);
    va_list arguments;
    va_start(arguments, format);
    length += vsnprintf(text + length, sizeof text - (size_t)length - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof text - 2)
        length = sizeof text - 2;
    text[length] = '\n';
    if (write(CHECK_REPORT_FD, text, (size_t)length + 1) < 0)
        _exit(CHECK_FAILED + 1);
    _exit(CHECK_FAILED);
}

#define FAIL(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)

#define CHECK(condition)                                                                                \
    do                                                                                                  \
    {                                                                                                   \
        if (!(condition))                                                                               \
            FAIL("%s, got false (errno %d), wanted true", #condition, errno);                           \
    } while (0)

#define CHECK_EQ(actual, expected)                                                                      \
    do                                                                                                  \
    {                                                                                                   \
        long long check_got = (long long)(actual);                                                      \
        int check_errno = errno;                                                                        \
        long long check_wanted = (long long)(expected);                                                 \
        if (check_got != check_wanted)                                                                  \
            FAIL("%s, got %lld (0x%llx, errno %d), wanted %lld (0x%llx)", #actual, check_got, check_got, \
                 check_errno, check_wanted, check_wanted);                                              \
    } while (0)

#define CHECK_STR(actual, expected)                                                                     \
    do                                                                                                  \
    {                                                                                                   \
        const char *check_got = (actual);                                                               \
        const char *check_wanted = (expected);                                                          \
        if (strcmp(check_got, check_wanted) != 0)                                                       \
            FAIL("%s, got \"%.200s\", wanted \"%.200s\"", #actual, check_got, check_wanted);            \
    } while (0)

#define CHECK_BYTES(actual, expected, length)                                                           \
    do                                                                                                  \
    {                                                                                                   \
        const unsigned char *check_got = (const void *)(actual);                                        \
        const unsigned char *check_wanted = (const void *)(expected);                                   \
        for (size_t check_i = 0; check_i < (size_t)(length); check_i++)                                 \
            if (check_got[check_i] != check_wanted[check_i])                                            \
                FAIL("%s, byte %zu, got 0x%02x, wanted 0x%02x", #actual, check_i, check_got[check_i],   \
                     check_wanted[check_i]);                                                            \
    } while (0)

// For a call that must succeed; yields its result.
#define OK(call)                                                                                        \
    ({                                                                                                  \
        errno = 0;                                                                                      \
        __typeof__(call) check_result = (call);                                                         \
        if ((long)check_result == -1)                                                                   \
            FAIL("%s, got errno %d (%s), wanted success", #call, errno, strerror(errno));               \
        check_result;                                                                                   \
    })

#define CHECK_ERRNO(call, expected)                                                                     \
    do                                                                                                  \
    {                                                                                                   \
        errno = 0;                                                                                      \
        long check_got = (long)(call);                                                                  \
        int check_errno = errno;                                                                        \
        if (check_got != -1)                                                                            \
            FAIL("%s, got %ld, wanted %s", #call, check_got, #expected);                                \
        if (check_errno != (expected))                                                                  \
            FAIL("%s, got errno %d (%s), wanted %s", #call, check_errno, strerror(check_errno), #expected); \
    } while (0)

// Waits for something another process does. The bound is no measurement: only a broken kernel reaches it.
#define EVENTUALLY(condition)                                                                           \
    do                                                                                                  \
    {                                                                                                   \
        bool check_seen = false;                                                                        \
        for (int check_turn = 0; !check_seen && check_turn < 1500; check_turn++)                        \
        {                                                                                               \
            check_seen = (condition);                                                                   \
            if (!check_seen)                                                                            \
                nanosleep(&(struct timespec){ 0, 10000000 }, NULL);                                     \
        }                                                                                               \
        if (!check_seen)                                                                                \
            FAIL("%s, got false after 15 s, wanted true", #condition);                                  \
    } while (0)

// FORK(child) { runs in the child, which then exits with 0 }
#define FORK(child)                                                                                     \
    pid_t child = OK(fork());                                                                           \
    for (; child == 0; _exit(0))

UNUSED static int check_wait(const char *file, int line, pid_t pid, int options)
{
    int status = -1;
    pid_t waited;
    do
        waited = waitpid(pid, &status, options);
    while (waited == -1 && errno == EINTR);
    if (waited != pid)
        check_fail(file, line, "waitpid(%d), got %d (errno %d)", (int)pid, (int)waited, errno);
    // The descendant has reported its failure already; let the case end without a second line.
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHECK_FAILED)
        _exit(CHECK_FAILED);
    return status;
}

#define STATUS_OF(pid) check_wait(__FILE__, __LINE__, (pid), 0)
#define CHECK_EXITS(pid, code) CHECK_EQ(STATUS_OF(pid), (code) << 8)
#define CHECK_KILLED(pid, signo) CHECK_EQ(STATUS_OF(pid) & ~0x80, (signo))
// Waits until the child has stopped, and checks by which signal.
#define CHECK_STOPS(pid, signo) \
    CHECK_EQ(check_wait(__FILE__, __LINE__, (pid), WUNTRACED), ((signo) << 8) | 0x7f)

// A directory of its own for a case that needs files: made, entered, and removed by the harness afterwards.
static inline void check_scratch_name(char *name, size_t size, pid_t pid)
{
    const char *parent = getenv("TMPDIR");
    snprintf(name, size, "%s/check.%d", parent != NULL ? parent : "/tmp", (int)pid);
}

UNUSED static void scratch(void)
{
    char name[300];
    check_scratch_name(name, sizeof name, getpid());
    umask(022);
    OK(mkdir(name, 0777));
    OK(chmod(name, 0777));
    OK(chdir(name));
}

UNUSED static int write_file(const char *path, const void *data, size_t length)
{
    int fd = OK(open(path, O_RDWR | O_CREAT | O_TRUNC, 0644));
    CHECK_EQ(write(fd, data, length), (long long)length);
    OK(lseek(fd, 0, SEEK_SET));
    return fd;
}

UNUSED static void make_file(const char *path, const char *text)
{
    OK(close(write_file(path, text, strlen(text))));
}

// Reads a whole small file, and ends it with a NUL.
UNUSED static size_t read_file(const char *path, char *buffer, size_t size)
{
    int fd = OK(open(path, O_RDONLY));
    size_t length = 0;
    ssize_t got;
    while (length < size - 1 && (got = OK(read(fd, buffer + length, size - 1 - length))) > 0)
        length += (size_t)got;
    buffer[length] = '\0';
    OK(close(fd));
    return length;
}

// The state letter of a process in /proc/PID/stat, or 0 when there is no such process.
UNUSED static char process_state(pid_t pid)
{
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    const char *end_of_name = strrchr(text, ')');
    return end_of_name != NULL ? end_of_name[2] : 0;
}

// Gives up root for good, supplementary groups included.
UNUSED static void become(uid_t uid)
{
    OK(syscall(SYS_setgroups, 0, NULL));
    OK(syscall(SYS_setgid, uid));
    OK(syscall(SYS_setuid, uid));
}

// How often the long-running cases go round; GUEST_LOOPS overrides it for a soak.
UNUSED static int loops(int usual)
{
    const char *wanted = getenv("GUEST_LOOPS");
    return wanted != NULL ? atoi(wanted) : usual;
}

UNUSED static void handle(int signo, void (*handler)(int), int flags)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    OK(sigaction(signo, &action, NULL));
}

UNUSED static void handle_info(int signo, void (*handler)(int, siginfo_t *, void *),
                               int flags)
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };
    OK(sigaction(signo, &action, NULL));
}

UNUSED static void block(int signo)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signo);
    OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

UNUSED static void unblock(int signo)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signo);
    OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

// A pipe used by two processes to wait for each other.
struct gate
{
    int ends[2];
};

UNUSED static struct gate new_gate(void)
{
    struct gate gate;
    OK(pipe(gate.ends));
    return gate;
}

UNUSED static void open_gate(struct gate *gate)
{
    CHECK_EQ(write(gate->ends[1], "x", 1), 1);
}

UNUSED static void pass_gate(struct gate *gate)
{
    char byte;
    CHECK_EQ(read(gate->ends[0], &byte, 1), 1);
}

static void check_remove_tree(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return;
    if (!S_ISDIR(status.st_mode))
    {
        unlink(path);
        return;
    }
    // A deep tree has a path longer than any buffer, so go down by directory.
    int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (chmod(path, 0700) == 0 && chdir(path) == 0)
    {
        DIR *directory = opendir(".");
        struct dirent *entry;
        while (directory != NULL && (entry = readdir(directory)) != NULL)
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                check_remove_tree(entry->d_name);
        if (directory != NULL)
            closedir(directory);
        if (fchdir(back) != 0)
            return;
    }
    if (back >= 0)
        close(back);
    rmdir(path);
}

static void check_on_alarm(UNUSED int signo)
{
    check_expired = 1;
    kill(-check_running, SIGKILL);
    kill(check_running, SIGKILL);
}

// How long a case may run; GUEST_LIMIT, in seconds, overrides it for a soak.
static unsigned check_limit(void)
{
    const char *wanted = getenv("GUEST_LIMIT");
    return wanted != NULL ? (unsigned)atoi(wanted) : 25;
}

static bool check_run(const struct check_case *test)
{
    int report[2];
    if (pipe(report) != 0 || fcntl(report[0], F_SETFL, O_NONBLOCK) != 0)
    {
        printf("FAIL %s.%s: cannot make the report pipe, errno %d\n", check_program, test->name, errno);
        return false;
    }

    fflush(stdout);
    check_expired = 0;
    check_running = fork();
    if (check_running == 0)
    {
        // A group of its own, so that everything the case starts can be ended with it.
        setpgid(0, 0);
        close(report[0]);
        if (dup3(report[1], CHECK_REPORT_FD, O_CLOEXEC) < 0)
            _exit(CHECK_FAILED + 2);
        close(report[1]);
        // Whatever the one who started the program ignored or blocked, a case starts from the defaults.
        for (int signo = 1; signo < 32; signo++)
            signal(signo, SIG_DFL);
        sigset_t nothing;
        sigemptyset(&nothing);
        sigprocmask(SIG_SETMASK, &nothing, NULL);
        test->body();
        _exit(0);
    }
    setpgid(check_running, check_running);
    close(report[1]);

    struct sigaction action = { .sa_handler = check_on_alarm };
    sigaction(SIGALRM, &action, NULL);
    alarm(check_limit());
    int status = -1;
    while (waitpid(check_running, &status, 0) == -1 && errno == EINTR)
        continue;
    alarm(0);
    kill(-check_running, SIGKILL);

    char text[600];
    ssize_t length = read(report[0], text, sizeof text - 1);
    close(report[0]);
    char name[300];
    check_scratch_name(name, sizeof name, check_running);
    check_remove_tree(name);

    if (length > 0)
    {
        text[length] = '\0';
        text[strcspn(text, "\n")] = '\0';
        printf("FAIL %s.%s: %s\n", check_program, test->name, text);
    }
    else if (check_expired)
        printf("FAIL %s.%s: still running after %u s\n", check_program, test->name, check_limit());
    else if (status != 0)
        printf("FAIL %s.%s: wait status, got 0x%x, wanted 0\n", check_program, test->name, status);
    else
        printf("ok %s.%s\n", check_program, test->name);
    fflush(stdout);
    return length <= 0 && status == 0;
}

int main(int argc, char **argv, char **envp)
{
    if (argc >= 3 && strcmp(argv[1], "--helper") == 0)
    {
        for (struct check_helper *helper = check_helpers; helper != NULL; helper = helper->next)
            if (strcmp(helper->name, argv[2]) == 0)
                return helper->body(argc - 3, argv + 3, envp);
        return CHECK_FAILED + 3;
    }

    const char *base = strrchr(argv[0], '/');
    check_program = base != NULL ? base + 1 : argv[0];
    if (argv[0][0] != '/' && getcwd(check_self, sizeof check_self / 2) != NULL)
        strcat(check_self, "/");
    strncat(check_self, argv[0], sizeof check_self / 2 - 1);

    bool passed = true;
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
    {
        for (struct check_case *test = check_cases; test != NULL; test = test->next)
            puts(test->name);
        return 0;
    }
    int ran = 0;
    for (struct check_case *test = check_cases; test != NULL; test = test->next)
    {
        bool wanted = argc == 1;
        for (int i = 1; i < argc; i++)
            wanted |= strcmp(argv[i], test->name) == 0;
        if (wanted)
        {
            passed &= check_run(test);
            ran++;
        }
    }
    if (ran == 0)
        printf("FAIL %s: no such case\n", check_program);
    return passed && ran > 0 ? 0 : 1;
}

#endif
