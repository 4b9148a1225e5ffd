// The measurements that run inside a machine: calibrates each row, repeats it, reports the median.
//
//   bench [--list] [--batch-us N] [--batches N] [--memory-kib N] [ROW...]
//
// As process 1 it takes its words from /bench/arguments and powers off at the end. The report goes to the
// second serial line, or to standard output where there is none:
//
//   CLOCK ns                 the guest's clock, first and last: the host checks how fast it goes
//   BEGIN row                so that the host knows which row took the machine down
//   BENCH row value unit     ns an operation, MB/s, or KiB
//   FAIL row why
//   END
#include "bench.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum
{
    MAX_WORDS = 256,
    MAX_BATCHES = 101,
    ROW_FAILED = 99,
};

static const struct bench_row *const groups[] =
{
    // Usage first: what the other rows leave behind would count.
    usage_rows, file_rows, tree_rows, walk_rows, readiness_rows, pipe_rows, socket_rows, process_rows,
    memory_rows, signal_rows, thread_rows, clock_rows,
};

int64_t bench_machine_kib;
static int64_t batch_ns = 25000000;
static int64_t batches = 11;
static int report = STDOUT_FILENO;
static const struct bench_row *current;

int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// One write a line: lines of a row's process and of its parent never mix.
static void say(const char *format, ...)
{
    char line[256];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (length >= (int)sizeof line)
        length = sizeof line - 1;
    // Nobody is left to tell when the report itself cannot be written.
    if (write(report, line, length) != length)
        exit(ROW_FAILED);
}

void bench_refuse(const char *why)
{
    say("FAIL %s %s\n", current->name, why);
    _exit(ROW_FAILED);
}

void bench_fail(const char *call)
{
    char why[128];
    snprintf(why, sizeof why, "%s: %s", call, strerror(errno));
    bench_refuse(why);
}

void bench_wait(pid_t child)
{
    int status;
    bench_ok(waitpid(child, &status, 0), "waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_refuse("a child did not exit with 0");
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

// The count that fills a batch. By the clock on the wall rather than by what the row says it took: a row may
// leave out most of what it does.
static int64_t calibrate(const struct bench_row *row)
{
    for (int64_t count = 1;;)
    {
        int64_t start = bench_now();
        row->run(count);
        int64_t taken = bench_now() - start;
        if (taken >= batch_ns - batch_ns / 4)
            return count;
        int64_t wanted = taken > 0 ? count * batch_ns / taken : count * 10;
        count = wanted > count * 10 ? count * 10 : wanted > count ? wanted : count + 1;
    }
}

static void measure(const struct bench_row *row)
{
    if (row->look_up != NULL)
    {
        say("BENCH %s %lld KiB\n", row->name, (long long)row->look_up());
        return;
    }

    int64_t count = calibrate(row);
    double each[MAX_BATCHES];
    for (int64_t i = 0; i < batches; i++)
    {
        int64_t taken = row->run(count);
        if (taken <= 0)
            bench_refuse("it took no time: the difference of two measurements is lost in noise");
        each[i] = (double)taken / count;
    }

    qsort(each, batches, sizeof each[0], compare);
    double median = each[batches / 2];
    if (row->bytes > 0)
        say("BENCH %s %.1f MB/s\n", row->name, row->bytes / median * 1000);
    else
        say("BENCH %s %.1f ns\n", row->name, median);
}

// Each row has a process of its own: one that fails half-way leaves no descriptors and no mappings behind.
static void run_row(const struct bench_row *row)
{
    say("BEGIN %s\n", row->name);
    current = row;
    pid_t child = fork();
    if (child < 0)
    {
        say("FAIL %s fork: %s\n", row->name, strerror(errno));
        return;
    }

    if (child == 0)
    {
        measure(row);
        _exit(0);
    }

    int status;
    if (waitpid(child, &status, 0) < 0)
        say("FAIL %s waitpid: %s\n", row->name, strerror(errno));
    else if (WIFSIGNALED(status))
        say("FAIL %s the program was ended by signal %d\n", row->name, WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != ROW_FAILED)
        say("FAIL %s the program exited with %d\n", row->name, WEXITSTATUS(status));
}

static bool is_wanted(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++)
    {
        if (strcmp(names[i], name) == 0)
            return true;
    }

    return count == 0;
}

static void for_each_row(void (*act)(const struct bench_row *), char **names, int count)
{
    for (size_t group = 0; group < sizeof groups / sizeof groups[0]; group++)
    {
        for (const struct bench_row *row = groups[group]; row->name != NULL; row++)
        {
            if (is_wanted(row->name, names, count))
                act(row);
        }
    }
}

static void list_row(const struct bench_row *row)
{
    printf("%s\t%s\n", row->name, row->what);
}

static int64_t number(const char *word, int64_t least, int64_t most)
{
    char *end;
    long long value = strtoll(word, &end, 10);
    if (*end != '\0' || value < least || value > most)
    {
        fprintf(stderr, "bench: not a number that is allowed here: %s\n", word);
        exit(2);
    }

    return value;
}

static void run(char **words, int count)
{
    int at = 0;
    for (; at < count && words[at][0] == '-'; at++)
    {
        const char *value = at + 1 < count ? words[at + 1] : "";
        if (strcmp(words[at], "--list") == 0)
        {
            for_each_row(list_row, NULL, 0);
            return;
        }
        else if (strcmp(words[at], "--batch-us") == 0)
            batch_ns = number(value, 1, 10000000) * 1000;
        else if (strcmp(words[at], "--batches") == 0)
            batches = number(value, 1, MAX_BATCHES);
        else if (strcmp(words[at], "--memory-kib") == 0)
            bench_machine_kib = number(value, 1, INT64_MAX);
        else
        {
            fprintf(stderr, "bench: unknown option: %s\n", words[at]);
            exit(2);
        }

        at++;
    }

    say("CLOCK %lld\n", (long long)bench_now());
    for_each_row(run_row, words + at, count - at);
    say("CLOCK %lld\n", (long long)bench_now());
    say("END\n");
}

static int read_words(const char *path, char *buffer, size_t size, char **words)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, buffer, size - 1);
    if (length < 0)
        say("FAIL - %s: %s\n", path, strerror(errno));
    buffer[length < 0 ? 0 : length] = '\0';
    if (file >= 0)
        close(file);

    int count = 0;
    for (char *word = strtok(buffer, " \n"); word != NULL; word = strtok(NULL, " \n"))
    {
        if (count == MAX_WORDS)
        {
            say("FAIL - %s: more than %d words\n", path, MAX_WORDS);
            break;
        }

        words[count++] = word;
    }

    return count;
}

_Noreturn static void run_as_init(void)
{
    static char buffer[4096];
    char *words[MAX_WORDS];
    int line = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (line >= 0)
        report = line;

    // A kernel without one of them fails those rows that need it; device nodes are in the archive, too.
    mkdir("/proc", 0555);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);

    run(words, read_words("/bench/arguments", buffer, sizeof buffer, words));
    tcdrain(report);
    reboot(RB_POWER_OFF);
    _exit(1);
}

int main(int count, char **words)
{
    if (getpid() == 1)
        run_as_init();
    run(words + 1, count - 1);
    return 0;
}
