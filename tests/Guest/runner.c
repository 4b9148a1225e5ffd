// Runs all guest tests one after the other and reports on the second serial port.
//
//   runner [--programs] [--from NAME] [PATTERN...]
//
// A name is PROGRAM.case or shell.SCRIPT; a pattern selects the names that contain it. The report, one line
// an event, goes to /dev/ttyS1, or to the standard output where that cannot be opened:
//
//   TEST begin NAME
//   TEST ok NAME | TEST fail NAME: why
//   TEST end: N passed, M failed
//
// With --programs it runs the scripts for Debian's programs instead (tests/Programs), by bash, and their names
// are programs.SCRIPT. Whoever reads the report compares what they print: it comes before the verdict,
//
//   TEST data NAME: HEXADECIMAL
//
// It asks little of the kernel: fork, execve, wait4, pipe, poll, alarm, getdents64. What it needs beyond (a
// scratch directory, /proc, a terminal) it does without when it is missing.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum
{
    OUTPUT_LIMIT = 65536,
    NAME_LIMIT = 200,
    PROCESS_LIMIT = 4096,
    TOLERANCE_KB = 32768,
};

static const char *const programs = "/tests/bin";
static const char *const scripts = "/tests/shell";
static const char *const program_scripts = "/tests/programs";

static int report_fd = 1;
static int passed;
static int failed;
static const char *start_at;
static char **patterns;
static volatile sig_atomic_t expired;
static volatile pid_t running;
static unsigned limit_seconds = 30;
static struct termios saved_terminal;
static bool has_terminal;

__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2)
        length = sizeof line - 2;
    // The report is one line an event, whatever bytes a failing case has printed.
    for (int i = 0; i < length; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    line[length++] = '\n';
    for (int done = 0; done < length;)
    {
        ssize_t written = write(report_fd, line + done, (size_t)(length - done));
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0)
            done += (int)written;
    }
}

static bool selected(const char *name)
{
    if (start_at != NULL)
    {
        if (strcmp(name, start_at) != 0)
            return false;
        start_at = NULL;
    }
    if (patterns[0] == NULL)
        return true;
    for (char **pattern = patterns; *pattern != NULL; pattern++)
        if (strstr(name, *pattern) != NULL)
            return true;
    return false;
}

static void on_alarm(__attribute__((unused)) int signo)
{
    expired = 1;
    kill(-running, SIGKILL);
    kill(running, SIGKILL);
}

// A case may have taken the terminal to another group or session, or left it raw.
static void take_terminal_back(void)
{
    if (!has_terminal)
        return;
    if (tcgetpgrp(0) == -1 && errno == ENOTTY)
        ioctl(0, TIOCSCTTY, 1);
    tcsetpgrp(0, getpgrp());
    tcsetattr(0, TCSANOW, &saved_terminal);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

// The names in a directory that end with a suffix, sorted; NULL-terminated.
static char **list(const char *path, const char *suffix)
{
    char **names = calloc(1, sizeof *names);
    size_t count = 0;
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
    {
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length < strlen(suffix)
            || strcmp(entry->d_name + length - strlen(suffix), suffix) != 0)
            continue;
        names = realloc(names, (count + 2) * sizeof *names);
        names[count++] = strdup(entry->d_name);
        names[count] = NULL;
    }
    if (directory != NULL)
        closedir(directory);
    qsort(names, count, sizeof *names, compare_names);
    return names;
}

// What the tests are given: nothing of what the one who started the runner had, but for their own settings.
static char *environment[10] = { "PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/", "TERM=linux", "LC_ALL=C",
                                "TZ=UTC0" };
static char *program_environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
                                       "HOME=/root", "TERM=linux", "LANG=C.UTF-8", "TZ=UTC0", "USER=root",
                                       "LOGNAME=root", "SHELL=/bin/bash", NULL };
static char **given_environment = environment;

static void pass_on_settings(void)
{
    static const char *const names[] = { "GUEST_LOOPS", "GUEST_LIMIT", "GUEST_SEED", "GUEST_RECORD" };
    static char settings[sizeof names / sizeof *names][64];
    char **end = environment + 5;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        const char *value = getenv(names[i]);
        if (value == NULL)
            continue;
        snprintf(settings[i], sizeof *settings, "%s=%s", names[i], value);
        *end++ = settings[i];
    }
    // The program itself ends a case that takes too long; the runner only when that fails.
    const char *limit = getenv("GUEST_LIMIT");
    if (limit != NULL)
        limit_seconds = (unsigned)atoi(limit) + 5;
}

// A script gets the terminal, as from an interactive shell: job control in it would otherwise stop it at
// once. A C program's cases take it when they need it.
enum kind { PROGRAM, SCRIPT };

// Runs a program in a group of its own, collects what it prints, and ends whatever it leaves in its group.
// Yields the wait status, or -1 when the time was over.
static int run(char *const arguments[], enum kind kind, char *output, size_t size)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        snprintf(output, size, "runner: pipe: errno %d", errno);
        return 1 << 8;
    }
    expired = 0;
    pid_t child = fork();
    if (child == 0)
    {
        setpgid(0, 0);
        if (kind == SCRIPT && has_terminal)
            tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        int null = open("/dev/null", O_RDONLY);
        if (null >= 0)
        {
            dup2(null, 0);
            close(null);
        }
        dup2(ends[1], 1);
        if (kind == SCRIPT)
            dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        execve(arguments[0], arguments, given_environment);
        _exit(127);
    }
    close(ends[1]);
    if (child < 0)
    {
        close(ends[0]);
        snprintf(output, size, "runner: fork: errno %d", errno);
        return 1 << 8;
    }
    setpgid(child, child);
    running = child;
    alarm(limit_seconds);

    // Until the program has ended, not until the end of file: a daemon it left could hold the pipe open.
    size_t length = 0;
    int status = 0;
    bool ended = false;
    for (;;)
    {
        struct pollfd readable = { .fd = ends[0], .events = POLLIN };
        int ready = poll(&readable, 1, ended ? 0 : 50);
        if (ready > 0)
        {
            char block[4096];
            ssize_t got = read(ends[0], block, sizeof block);
            for (ssize_t i = 0; i < got; i++)
                if (length < size - 1)
                    output[length++] = block[i];
            if (got > 0)
                continue;
        }
        else if (ended)
            break;
        if (!ended && waitpid(child, &status, ready > 0 ? 0 : WNOHANG) == child)
            ended = true;
        else if (ended && ready > 0)
            break;
    }
    output[length] = '\0';
    alarm(0);
    close(ends[0]);
    kill(-child, SIGKILL);
    take_terminal_back();
    return expired ? -1 : status;
}

static void pass(const char *name)
{
    passed++;
    report("TEST ok %s", name);
}

__attribute__((format(printf, 2, 3))) static void fail(const char *name, const char *format, ...)
{
    char why[800];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    failed++;
    report("TEST fail %s: %s", name, why);
}

static void run_program(const char *program)
{
    char path[NAME_LIMIT + 32];
    static char names[OUTPUT_LIMIT];
    static char output[OUTPUT_LIMIT];
    snprintf(path, sizeof path, "%s/%s", programs, program);
    char *list_arguments[] = { path, "--list", NULL };
    if (run(list_arguments, PROGRAM, names, sizeof names) != 0)
    {
        fail(program, "it cannot list its cases: %s", names);
        return;
    }
    for (char *rest = names, *test; (test = strtok_r(rest, "\n", &rest)) != NULL;)
    {
        char name[NAME_LIMIT + 100];
        snprintf(name, sizeof name, "%s.%s", program, test);
        if (!selected(name))
            continue;
        report("TEST begin %s", name);
        char *arguments[] = { path, test, NULL };
        int status = run(arguments, PROGRAM, output, sizeof output);
        char *failure = strstr(output, "FAIL ");
        if (status == -1)
            fail(name, "still running after %u s", limit_seconds);
        else if (failure != NULL)
        {
            failure[strcspn(failure, "\n")] = '\0';
            char *why = strstr(failure, ": ");
            fail(name, "%s", why != NULL ? why + 2 : failure);
        }
        else if (status != 0 || strncmp(output, "ok ", 3) != 0)
            fail(name, "wait status 0x%x, output \"%.200s\"", status, output);
        else
            pass(name);
    }
}

// A piece is no longer than what fits into a line of the report.
static void send_output(const char *name, const char *output, size_t length)
{
    enum { PIECE = 256 };
    for (size_t at = 0; at < length; at += PIECE)
    {
        char digits[2 * PIECE + 1];
        size_t count = length - at < PIECE ? length - at : PIECE;
        for (size_t i = 0; i < count; i++)
            sprintf(digits + 2 * i, "%02x", (unsigned char)output[at + i]);
        report("TEST data %s: %s", name, digits);
    }
}

static size_t read_all(const char *path, char *text, size_t size)
{
    size_t length = 0;
    int fd = open(path, O_RDONLY);
    ssize_t got;
    while (fd >= 0 && length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    if (fd >= 0)
        close(fd);
    text[length] = '\0';
    return length;
}

// Runs a script in a directory of its own. Yields what `run` does, and how removing the directory went.
static int run_in_scratch(char *const shell[], const char *path, char *output, size_t size, int *removed,
                          char *complaint, size_t complaint_size)
{
    char scratch[64];
    snprintf(scratch, sizeof scratch, "/tmp/scratch.%d", (int)getpid());
    mkdir(scratch, 0777);
    chmod(scratch, 0777);
    char *arguments[] = { shell[0], shell[1], "-c", "cd \"$1\" && . \"$0\"", (char *)path, scratch, NULL };
    int status = run(arguments, SCRIPT, output, size);
    char *remove[] = { "/bin/busybox", "rm", "-rf", scratch, NULL };
    *removed = run(remove, SCRIPT, complaint, complaint_size);
    return status;
}

static void run_script(const char *script)
{
    static char output[OUTPUT_LIMIT];
    static char wanted[OUTPUT_LIMIT];
    char path[NAME_LIMIT + 32];
    char expected[NAME_LIMIT + 32];
    char name[NAME_LIMIT + 32];
    int stem = (int)strlen(script) - 3;
    snprintf(name, sizeof name, "shell.%.*s", stem, script);
    if (!selected(name))
        return;
    report("TEST begin %s", name);
    snprintf(path, sizeof path, "%s/%s", scripts, script);
    snprintf(expected, sizeof expected, "%s/%.*s.out", scripts, stem, script);
    read_all(expected, wanted, sizeof wanted);

    char *shell[] = { "/bin/busybox", "sh" };
    static char ignored[1000];
    int removed;
    int status = run_in_scratch(shell, path, output, sizeof output, &removed, ignored, sizeof ignored);

    if (status == -1)
        fail(name, "still running after %u s, output so far \"%.200s\"", limit_seconds, output);
    else if (strcmp(output, wanted) != 0)
    {
        size_t line = 1;
        size_t at = 0;
        size_t start = 0;
        for (; output[at] != '\0' && output[at] == wanted[at]; at++)
        {
            if (output[at] == '\n')
            {
                line++;
                start = at + 1;
            }
        }
        fail(name, "line %zu, got \"%.*s\", wanted \"%.*s\"", line, (int)strcspn(output + start, "\n"),
             output + start, (int)strcspn(wanted + start, "\n"), wanted + start);
    }
    else if (status != 0)
        fail(name, "wait status, got 0x%x, wanted 0", status);
    else if (removed != 0)
        fail(name, "its directory cannot be removed: %s", ignored);
    else
        pass(name);
}

static void run_program_script(const char *script)
{
    static char output[OUTPUT_LIMIT];
    static char complaint[1000];
    char path[NAME_LIMIT + 32];
    char name[NAME_LIMIT + 32];
    snprintf(name, sizeof name, "programs.%.*s", (int)strlen(script) - 3, script);
    if (!selected(name))
        return;
    report("TEST begin %s", name);
    snprintf(path, sizeof path, "%s/%s", program_scripts, script);

    // --norc has no effect on a shell that is not interactive: it only fills the place.
    char *shell[] = { "/bin/bash", "--norc" };
    int removed;
    int status = run_in_scratch(shell, path, output, sizeof output, &removed, complaint, sizeof complaint);
    size_t length = strlen(output);
    send_output(name, output, length);

    if (status == -1)
        fail(name, "still running after %u s", limit_seconds);
    else if (length == sizeof output - 1)
        fail(name, "it prints more than %zu bytes", length);
    else if (status != 0)
        fail(name, "wait status, got 0x%x, wanted 0", status);
    else if (removed != 0)
        fail(name, "its directory cannot be removed: %s", complaint);
    else
        pass(name);
}

// One process as /proc/PID/stat describes it.
struct process
{
    int pid;
    int parent;
    char state;
    char name[32];
};

static int list_processes(struct process *processes)
{
    int count = 0;
    DIR *directory = opendir("/proc");
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL && count < PROCESS_LIMIT)
    {
        char path[300];
        char text[600];
        if (atoi(entry->d_name) <= 0)
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        if (read_all(path, text, sizeof text) == 0)
            continue;
        struct process *process = &processes[count];
        char *open_at = strchr(text, '(');
        char *close_at = strrchr(text, ')');
        if (open_at == NULL || close_at == NULL
            || sscanf(close_at + 2, "%c %d", &process->state, &process->parent) != 2)
            continue;
        process->pid = atoi(entry->d_name);
        *close_at = '\0';
        snprintf(process->name, sizeof process->name, "%s", open_at + 1);
        count++;
    }
    if (directory != NULL)
        closedir(directory);
    return count;
}

static struct process before[PROCESS_LIMIT];
static struct process now[PROCESS_LIMIT];
static int before_count;

// A process that was not there at the start, and is no thread of the kernel (those are children of kthreadd).
static const struct process *find_left_over(void)
{
    int count = list_processes(now);
    for (int i = 0; i < count; i++)
    {
        bool known = false;
        bool of_kernel = false;
        for (int j = 0; j < before_count; j++)
        {
            known |= before[j].pid == now[i].pid;
            of_kernel |= before[j].pid == now[i].parent && strcmp(before[j].name, "kthreadd") == 0;
        }
        if (!known && !of_kernel)
            return &now[i];
    }
    return NULL;
}

static void pause_milliseconds(long milliseconds)
{
    poll(NULL, 0, (int)milliseconds);
}

static void check_processes(void)
{
    const char *name = "runner.no_process_is_left";
    if (!selected(name))
        return;
    report("TEST begin %s", name);
    const struct process *left = NULL;
    for (int i = 0; i < 50 && (left = find_left_over()) != NULL; i++)
        pause_milliseconds(100);
    if (before_count == 0)
        fail(name, "/proc lists no process");
    else if (left != NULL)
        fail(name, "process %d (%s) in state %c, parent %d", left->pid, left->name, left->state,
             left->parent);
    else
        pass(name);
}

static long available_kilobytes(void)
{
    static char text[8192];
    read_all("/proc/meminfo", text, sizeof text);
    char *line = strstr(text, "MemAvailable:");
    return line != NULL ? atol(line + strlen("MemAvailable:")) : -1;
}

static void check_memory(long at_start)
{
    const char *name = "runner.free_memory_returns";
    if (!selected(name))
        return;
    report("TEST begin %s", name);
    long at_end = available_kilobytes();
    for (int i = 0; i < 20 && at_end < at_start - TOLERANCE_KB; i++)
    {
        pause_milliseconds(100);
        at_end = available_kilobytes();
    }
    if (at_start < 0 || at_end < 0)
        fail(name, "/proc/meminfo has no MemAvailable");
    else if (at_end < at_start - TOLERANCE_KB)
        fail(name, "%ld kB available, %ld kB at the start, tolerance %d kB", at_end, at_start, TOLERANCE_KB);
    else
        pass(name);
}

int main(int argc, char **argv)
{
    patterns = argv + 1;
    bool runs_programs = argc >= 2 && strcmp(argv[1], "--programs") == 0;
    if (runs_programs)
    {
        patterns++;
        given_environment = program_environment;
        limit_seconds = 120;
    }
    if (argv + argc - patterns >= 2 && strcmp(patterns[0], "--from") == 0)
    {
        start_at = patterns[1];
        patterns += 2;
    }
    int serial = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (serial >= 0)
        report_fd = serial;
    has_terminal = tcgetattr(0, &saved_terminal) == 0;
    struct sigaction action = { .sa_handler = on_alarm };
    sigaction(SIGALRM, &action, NULL);
    // To take the terminal back from the background.
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    mkdir("/tmp", 01777);
    pass_on_settings();

    before_count = list_processes(before);
    long memory = available_kilobytes();
    if (runs_programs)
    {
        for (char **script = list(program_scripts, ".sh"); *script != NULL; script++)
            run_program_script(*script);
    }
    else
    {
        for (char **program = list(programs, ""); *program != NULL; program++)
            run_program(*program);
        for (char **script = list(scripts, ".sh"); *script != NULL; script++)
            run_script(*script);
    }
    check_processes();
    check_memory(memory);
    report("TEST end: %d passed, %d failed", passed, failed);
    if (report_fd != 1)
        tcdrain(report_fd);
    return failed == 0 && passed > 0 ? 0 : 1;
}
