// Control groups, version 2: cgroup.freeze.
#include "mounts/cgroup.h"

#include <poll.h>
#include <pthread.h>
#include <sys/inotify.h>
#include <sys/ptrace.h>

// A process in the group that counts in shared memory as long as it runs.
static volatile long *counter;

static pid_t busy(void)
{
    if (counter == NULL)
        counter = OK(mmap(NULL, 4096, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    long before = *counter;
    pid_t child = OK(fork());
    if (child == 0)
    {
        for (;;)
            __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
    }
    // Past what libc does about signals in a child.
    EVENTUALLY(*counter != before);
    put_number(in("cgroup.procs"), child);
    return child;
}

static bool runs(void)
{
    long before = *counter;
    for (int turn = 0; turn < 300; turn++)
    {
        if (*counter != before)
            return true;
        usleep(10000);
    }
    return false;
}

static bool stands(void)
{
    long before = *counter;
    usleep(50000);
    return *counter == before;
}

static bool is_frozen(const char *path) { return value(path, "frozen") == 1; }

static void end(pid_t child)
{
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}

TEST(a_group_stands_still_and_goes_on)
{
    hierarchy();
    CHECK(!exists("h/cgroup.freeze"));
    CHECK_STR(get(in("cgroup.freeze")), "0\n");
    pid_t child = busy();
    CHECK(runs());
    OK(put(in("cgroup.freeze"), "1"));
    CHECK_STR(get(in("cgroup.freeze")), "1\n");
    EVENTUALLY(is_frozen(in("cgroup.events")));
    CHECK_EQ(value(in("cgroup.events"), "populated"), 1);
    CHECK(stands());
    CHECK_EQ(process_state(child), 'S');
    // No parent is told.
    CHECK_EQ(waitpid(child, NULL, WNOHANG | WUNTRACED), 0);
    OK(put(in("cgroup.freeze"), "0"));
    CHECK(!is_frozen(in("cgroup.events")));
    CHECK(runs());
    end(child);
    finish();
}

TEST(other_words_are_refused)
{
    hierarchy();
    CHECK_ERRNO(put(in("cgroup.freeze"), "2"), ERANGE);
    CHECK_ERRNO(put(in("cgroup.freeze"), "-1"), ERANGE);
    CHECK_ERRNO(put(in("cgroup.freeze"), "yes"), EINVAL);
    finish();
}

TEST(an_empty_group_is_frozen_at_once)
{
    hierarchy();
    OK(mkdir(in("inner"), 0755));
    OK(put(in("cgroup.freeze"), "1"));
    CHECK(is_frozen(in("cgroup.events")));
    CHECK(is_frozen(in("inner/cgroup.events")));
    CHECK_STR(get(in("inner/cgroup.freeze")), "0\n");
    OK(mkdir(in("late"), 0755));
    CHECK(is_frozen(in("late/cgroup.events")));
    OK(put(in("inner/cgroup.freeze"), "1"));
    OK(put(in("cgroup.freeze"), "0"));
    CHECK(!is_frozen(in("cgroup.events")));
    CHECK(is_frozen(in("inner/cgroup.events")));
    CHECK(!is_frozen(in("late/cgroup.events")));
    OK(rmdir(in("late")));
    OK(rmdir(in("inner")));
    finish();
}

TEST(groups_below_freeze_along)
{
    hierarchy();
    OK(mkdir(in("inner"), 0755));
    pid_t child = busy();
    put_number(in("inner/cgroup.procs"), child);
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    CHECK(is_frozen(in("inner/cgroup.events")));
    CHECK(stands());
    // Both have to thaw.
    OK(put(in("inner/cgroup.freeze"), "1"));
    OK(put(in("cgroup.freeze"), "0"));
    CHECK(!is_frozen(in("cgroup.events")));
    CHECK(is_frozen(in("inner/cgroup.events")));
    CHECK(stands());
    OK(put(in("inner/cgroup.freeze"), "0"));
    CHECK(runs());
    end(child);
    EVENTUALLY(rmdir(in("inner")) == 0);
    finish();
}

TEST(who_comes_freezes_and_who_leaves_thaws)
{
    hierarchy();
    OK(put(in("cgroup.freeze"), "1"));
    pid_t child = busy();
    EVENTUALLY(is_frozen(in("cgroup.events")));
    CHECK(stands());
    put_number("h/cgroup.procs", child);
    CHECK(runs());
    CHECK(is_frozen(in("cgroup.events")));
    CHECK_EQ(value(in("cgroup.events"), "populated"), 0);
    put_number(in("cgroup.procs"), child);
    EVENTUALLY(is_frozen(in("cgroup.events")));
    CHECK(stands());
    end(child);
    finish();
}

TEST(who_is_frozen_can_be_killed)
{
    hierarchy();
    pid_t child = busy();
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    end(child);
    EVENTUALLY(value(in("cgroup.events"), "populated") == 0);
    EVENTUALLY(is_frozen(in("cgroup.events")));
    pid_t other = busy();
    EVENTUALLY(is_frozen(in("cgroup.events")));
    // Any signal that ends it.
    OK(kill(other, SIGTERM));
    CHECK_KILLED(other, SIGTERM);
    pid_t third = busy();
    EVENTUALLY(value(in("cgroup.events"), "populated") == 1 && is_frozen(in("cgroup.events")));
    OK(put(in("cgroup.kill"), "1"));
    CHECK_KILLED(third, SIGKILL);
    finish();
}

static volatile sig_atomic_t got;
static void note(UNUSED int signo) { got = 1; }

TEST(signals_wait_for_the_thaw)
{
    hierarchy();
    struct gate ready = new_gate();
    int *seen = OK(mmap(NULL, 4096, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(child)
    {
        handle(SIGUSR1, note, 0);
        OK(put(in("cgroup.procs"), "0"));
        open_gate(&ready);
        while (!got)
            pause();
        *seen = 1;
    }
    pass_gate(&ready);
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    OK(kill(child, SIGUSR1));
    OK(kill(child, SIGUSR1));
    usleep(30000);
    CHECK_EQ(*seen, 0);
    CHECK(is_frozen(in("cgroup.events")));
    OK(put(in("cgroup.freeze"), "0"));
    CHECK_EXITS(child, 0);
    CHECK_EQ(*seen, 1);
    finish();
}

TEST(calls_go_on_after_the_thaw)
{
    hierarchy();
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        open_gate(&ready);
        struct timespec time = { 0, 300000000 };
        OK(nanosleep(&time, NULL));
        pass_gate(&go);
        struct pollfd none = { -1, 0, 0 };
        CHECK_EQ(poll(&none, 1, 50), 0);
        usleep(1000);
        OK(pipe(go.ends));
    }
    pass_gate(&ready);
    for (int turn = 0; turn < 5; turn++)
    {
        OK(put(in("cgroup.freeze"), "1"));
        EVENTUALLY(is_frozen(in("cgroup.events")));
        if (turn == 3)
            open_gate(&go);
        OK(put(in("cgroup.freeze"), "0"));
        usleep(20000);
    }
    CHECK_EXITS(child, 0);
    finish();
}

TEST(a_stopped_process_counts_as_frozen)
{
    hierarchy();
    pid_t child = busy();
    OK(kill(child, SIGSTOP));
    CHECK_STOPS(child, SIGSTOP);
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    OK(kill(child, SIGCONT));
    EVENTUALLY(process_state(child) == 'S');
    CHECK(stands());
    EVENTUALLY(is_frozen(in("cgroup.events")));
    OK(put(in("cgroup.freeze"), "0"));
    CHECK(runs());
    end(child);
    finish();
}

TEST(a_stop_signal_waits_for_the_thaw)
{
    hierarchy();
    pid_t child = busy();
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    OK(kill(child, SIGSTOP));
    usleep(30000);
    CHECK_EQ(waitpid(child, NULL, WNOHANG | WUNTRACED), 0);
    OK(put(in("cgroup.freeze"), "0"));
    CHECK_STOPS(child, SIGSTOP);
    end(child);
    finish();
}

TEST(a_traced_stop_counts_as_frozen)
{
    hierarchy();
    pid_t child = busy();
    OK(ptrace(PTRACE_SEIZE, child, 0, 0));
    OK(ptrace(PTRACE_INTERRUPT, child, 0, 0));
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSTOPPED(status));
    OK(put(in("cgroup.freeze"), "1"));
    EVENTUALLY(is_frozen(in("cgroup.events")));
    OK(ptrace(PTRACE_CONT, child, 0, 0));
    EVENTUALLY(process_state(child) == 'S');
    CHECK(stands());
    // Its tracer gets at it all the same.
    OK(ptrace(PTRACE_INTERRUPT, child, 0, 0));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSTOPPED(status));
    OK(ptrace(PTRACE_DETACH, child, 0, 0));
    OK(put(in("cgroup.freeze"), "0"));
    CHECK(runs());
    end(child);
    finish();
}

TEST(who_polls_is_told_of_freezing)
{
    hierarchy();
    pid_t child = busy();
    int fd = OK(open(in("cgroup.events"), O_RDONLY));
    char text[100];
    OK(read(fd, text, sizeof text));
    struct pollfd poller = { fd, POLLPRI, 0 };
    CHECK_EQ(poll(&poller, 1, 0), 0);
    OK(put(in("cgroup.freeze"), "1"));
    CHECK_EQ(poll(&poller, 1, 10000), 1);
    ssize_t length = OK(pread(fd, text, sizeof text - 1, 0));
    text[length] = '\0';
    CHECK(strstr(text, "frozen 1\n") != NULL);
    CHECK_EQ(poll(&poller, 1, 0), 0);
    OK(put(in("cgroup.freeze"), "0"));
    CHECK_EQ(poll(&poller, 1, 10000), 1);
    OK(close(fd));
    end(child);
    finish();
}

static void *spin(UNUSED void *argument)
{
    for (;;)
        __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
    return NULL;
}

TEST(all_threads_freeze)
{
    hierarchy();
    counter = OK(mmap(NULL, 4096, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    struct gate ready = new_gate();
    FORK(child)
    {
        pthread_t threads[3];
        OK(put(in("cgroup.procs"), "0"));
        CHECK_EQ(pthread_create(&threads[0], NULL, spin, NULL), 0);
        CHECK_EQ(pthread_create(&threads[1], NULL, spin, NULL), 0);
        open_gate(&ready);
        // One more from time to time.
        for (;;)
        {
            FORK(inner)
            {
            }
            CHECK_EXITS(inner, 0);
        }
    }
    pass_gate(&ready);
    for (int turn = 0; turn < 5; turn++)
    {
        CHECK(runs());
        OK(put(in("cgroup.freeze"), "1"));
        EVENTUALLY(is_frozen(in("cgroup.events")));
        CHECK(stands());
        OK(put(in("cgroup.freeze"), "0"));
    }
    OK(put(in("cgroup.kill"), "1"));
    CHECK_KILLED(child, SIGKILL);
    finish();
}

TEST(who_watches_is_told_of_events)
{
    hierarchy();
    int watcher = OK(inotify_init1(IN_NONBLOCK));
    int file = OK(inotify_add_watch(watcher, in("cgroup.events"), IN_MODIFY));
    int directory = OK(inotify_add_watch(watcher, group, IN_MODIFY));
    CHECK(file != directory);
    pid_t child = busy();
    bool of_file = false, of_directory = false;
    for (int turn = 0; turn < 500 && !(of_file && of_directory); turn++)
    {
        char buffer[4096];
        ssize_t length = read(watcher, buffer, sizeof buffer);
        for (ssize_t at = 0; at < length;)
        {
            struct inotify_event *event = (struct inotify_event *)(buffer + at);
            CHECK_EQ(event->mask, IN_MODIFY);
            if (event->wd == file)
                of_file = true;
            else if (strcmp(event->name, "cgroup.events") == 0)
                of_directory = true;
            at += (ssize_t)sizeof *event + event->len;
        }
        usleep(10000);
    }
    CHECK(of_file);
    CHECK(of_directory);
    OK(close(watcher));
    end(child);
    finish();
}

TEST(who_polls_is_told_when_memory_runs_out)
{
    hierarchy();
    OK(put(in("memory.max"), "4000000"));
    CHECK_STR(get(in("memory.max")), "3997696\n");
    OK(put(in("memory.swap.max"), "0"));
    struct pollfd poller = { OK(open(in("memory.events"), O_RDONLY)), POLLPRI, 0 };
    char text[200];
    OK(read(poller.fd, text, sizeof text));
    CHECK_EQ(poll(&poller, 1, 0), 0);
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        char *memory = OK(mmap(NULL, 32 << 20, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        for (int at = 0; at < 32 << 20; at += 4096)
            memory[at] = 1;
    }
    CHECK_EQ(poll(&poller, 1, 20000), 1);
    CHECK_EQ(poller.revents, POLLPRI | POLLERR);
    CHECK_KILLED(child, SIGKILL);
    EVENTUALLY(value(in("memory.events"), "oom_kill") == 1);
    OK(close(poller.fd));
    finish();
}

TEST(sizes_are_bytes_or_have_units)
{
    hierarchy();
    static const char *const sizes[][2] = {
        { "1073741824", "1073741824\n" }, { "1G", "1073741824\n" }, { "1000", "0\n" }, { "5k", "4096\n" },
        { "2t", "2199023255552\n" }, { "max", "max\n" }, { "123456789", "123453440\n" },
        { "9223372036854775807", "max\n" },
    };
    for (int i = 0; i < 8; i++)
    {
        OK(put(in("memory.high"), "max"));
        OK(put(in("memory.low"), sizes[i][0]));
        CHECK_STR(get(in("memory.low")), sizes[i][1]);
    }
    CHECK_ERRNO(put(in("memory.low"), "x"), EINVAL);
    CHECK_ERRNO(put(in("memory.low"), "-1"), EINVAL);
    finish();
}
