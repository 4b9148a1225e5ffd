// fork(2), vfork(2): what a child gets a copy of, and what it shares.
#include "check.h"
#include <sys/times.h>
#include <sys/time.h>

static int in_data = 1;

TEST(child_gets_zero_and_parent_gets_its_pid)
{
    struct gate gate = new_gate();
    pid_t parent = getpid();
    FORK(child)
    {
        CHECK_EQ(getppid(), parent);
        pid_t self = getpid();
        CHECK_EQ(write(gate.ends[1], &self, sizeof self), sizeof self);
    }
    pid_t seen;
    CHECK_EQ(read(gate.ends[0], &seen, sizeof seen), sizeof seen);
    CHECK_EQ(seen, child);
    CHECK_EXITS(child, 0);
}

TEST(data_heap_and_stack_are_copied_not_shared)
{
    int on_stack = 1;
    int *on_heap = malloc(sizeof *on_heap);
    *on_heap = 1;
    struct gate changed = new_gate();
    struct gate done = new_gate();
    FORK(child)
    {
        in_data = on_stack = *on_heap = 2;
        open_gate(&changed);
        pass_gate(&done);
        CHECK_EQ(in_data, 2);
        CHECK_EQ(on_stack, 2);
        CHECK_EQ(*on_heap, 2);
    }
    pass_gate(&changed);
    CHECK_EQ(in_data, 1);
    CHECK_EQ(*(volatile int *)&on_stack, 1);
    CHECK_EQ(*on_heap, 1);
    in_data = *on_heap = 3;
    open_gate(&done);
    CHECK_EXITS(child, 0);
}

TEST(a_write_by_the_parent_after_fork_is_not_seen_by_the_child)
{
    enum { PAGES = 256 };
    char *pages = OK(mmap(NULL, PAGES * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < PAGES; i++)
        pages[i * CHECK_PAGE] = (char)i;
    struct gate gate = new_gate();
    FORK(child)
    {
        pass_gate(&gate);
        for (int i = 0; i < PAGES; i++)
            CHECK_EQ(pages[i * CHECK_PAGE], (char)i);
    }
    for (int i = 0; i < PAGES; i++)
        pages[i * CHECK_PAGE] = (char)~i;
    open_gate(&gate);
    CHECK_EXITS(child, 0);
}

TEST(a_system_call_that_writes_memory_breaks_sharing_too)
{
    static char buffer[CHECK_PAGE];
    memset(buffer, 'p', sizeof buffer);
    FORK(child)
    {
        // The kernel, not the program, is the first to write to the shared page.
        int zero = OK(open("/dev/zero", O_RDONLY));
        CHECK_EQ(read(zero, buffer, sizeof buffer), sizeof buffer);
        CHECK_EQ(buffer[100], 0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(buffer[0], 'p');
    CHECK_EQ(buffer[CHECK_PAGE - 1], 'p');
}

TEST(a_shared_anonymous_mapping_stays_shared)
{
    volatile int *shared = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    FORK(child)
        *shared = 42;
    CHECK_EXITS(child, 0);
    CHECK_EQ(*shared, 42);
}

TEST(a_grandchild_sees_the_memory_of_its_fork_not_of_its_root)
{
    volatile int generation = 0;
    FORK(child)
    {
        generation = 1;
        FORK(grandchild)
        {
            CHECK_EQ(generation, 1);
            generation = 2;
        }
        CHECK_EXITS(grandchild, 0);
        CHECK_EQ(generation, 1);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(generation, 0);
}

TEST(the_file_offset_is_shared_with_the_child)
{
    scratch();
    int fd = write_file("file", "abcdef", 6);
    FORK(child)
    {
        char two[2];
        CHECK_EQ(read(fd, two, 2), 2);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
}

TEST(status_flags_are_shared_but_close_on_exec_is_not)
{
    int ends[2];
    OK(pipe(ends));
    FORK(child)
    {
        OK(fcntl(ends[0], F_SETFL, O_NONBLOCK));
        OK(fcntl(ends[0], F_SETFD, FD_CLOEXEC));
    }
    CHECK_EXITS(child, 0);
    CHECK(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    CHECK_EQ(fcntl(ends[0], F_GETFD), 0);
}

TEST(closing_in_the_child_leaves_the_parents_descriptor_open)
{
    int fd = OK(open("/dev/null", O_RDWR));
    FORK(child)
        OK(close(fd));
    CHECK_EXITS(child, 0);
    CHECK_EQ(write(fd, "x", 1), 1);
}

TEST(changing_directory_in_the_child_does_not_move_the_parent)
{
    char before[300];
    char after[300];
    CHECK(getcwd(before, sizeof before) != NULL);
    FORK(child)
    {
        OK(chdir("/proc"));
        CHECK_STR(getcwd(after, sizeof after), "/proc");
    }
    CHECK_EXITS(child, 0);
    CHECK_STR(getcwd(after, sizeof after), before);
}

TEST(umask_is_inherited_and_then_independent)
{
    umask(027);
    FORK(child)
        CHECK_EQ(umask(077), 027);
    CHECK_EXITS(child, 0);
    CHECK_EQ(umask(0), 027);
}

static volatile sig_atomic_t handled;
static void count(UNUSED int signo) { handled++; }

TEST(signal_handlers_and_mask_are_inherited)
{
    handle(SIGUSR1, count, 0);
    block(SIGUSR2);
    FORK(child)
    {
        raise(SIGUSR1);
        CHECK_EQ(handled, 1);
        sigset_t mask;
        OK(sigprocmask(SIG_BLOCK, NULL, &mask));
        CHECK(sigismember(&mask, SIGUSR2));
        CHECK(!sigismember(&mask, SIGUSR1));
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(handled, 0);
}

TEST(pending_signals_and_alarms_are_not_inherited)
{
    block(SIGUSR1);
    raise(SIGUSR1);
    alarm(1000);
    struct itimerval timer = { .it_value = { 1000, 0 } };
    OK(setitimer(ITIMER_VIRTUAL, &timer, NULL));
    FORK(child)
    {
        sigset_t pending;
        OK(sigpending(&pending));
        CHECK(!sigismember(&pending, SIGUSR1));
        CHECK_EQ(alarm(0), 0);
        OK(getitimer(ITIMER_VIRTUAL, &timer));
        CHECK_EQ(timer.it_value.tv_sec, 0);
    }
    CHECK_EXITS(child, 0);
    CHECK(alarm(0) > 900);
}

TEST(process_times_of_the_children_start_at_zero)
{
    FORK(child)
    {
        struct tms tms;
        CHECK(times(&tms) != (clock_t)-1);
        CHECK_EQ(tms.tms_cutime, 0);
        CHECK_EQ(tms.tms_cstime, 0);
    }
    CHECK_EXITS(child, 0);
}

TEST(eight_generations_of_processes_each_know_their_parent)
{
    pid_t expected_parent = getppid();
    for (int depth = 0; depth < 8; depth++)
    {
        CHECK_EQ(getppid(), expected_parent);
        expected_parent = getpid();
        pid_t child = OK(fork());
        if (child != 0)
        {
            CHECK_EXITS(child, 0);
            _exit(0);
        }
    }
}

TEST(two_hundred_children_are_each_reaped_exactly_once)
{
    enum { CHILDREN = 200 };
    static pid_t pids[CHILDREN];
    struct gate gate = new_gate();
    for (int i = 0; i < CHILDREN; i++)
    {
        FORK(child)
        {
            pass_gate(&gate);
            _exit(i % 100 == CHECK_FAILED ? 0 : i % 100);
        }
        for (int j = 0; j < i; j++)
            CHECK(pids[j] != child);
        pids[i] = child;
    }
    for (int i = 0; i < CHILDREN; i++)
        open_gate(&gate);
    for (int i = 0; i < CHILDREN; i++)
    {
        int status;
        pid_t pid = OK(wait(&status));
        int found = -1;
        for (int j = 0; j < CHILDREN; j++)
            if (pids[j] == pid)
                found = j;
        CHECK(found >= 0);
        CHECK_EQ(WEXITSTATUS(status), found % 100 == CHECK_FAILED ? 0 : found % 100);
        pids[found] = -1;
    }
    CHECK_ERRNO(wait(NULL), ECHILD);
}

TEST(vfork_shares_memory_and_holds_the_parent_until_exit)
{
    static volatile int stage;
    pid_t child = vfork();
    if (child == 0)
    {
        // Long enough for a parent that is not held to get ahead.
        for (int i = 0; i < 20; i++)
            syscall(SYS_sched_yield);
        stage = 1;
        _exit(7);
    }
    CHECK_EQ(stage, 1);
    CHECK_EXITS(child, 7);
}

HELPER(exit_with)
{
    return atoi(argv[0]);
}

TEST(vfork_releases_the_parent_on_exec)
{
    char *const arguments[] = { check_self, "--helper", "exit_with", "9", NULL };
    pid_t child = vfork();
    if (child == 0)
    {
        execv(check_self, arguments);
        _exit(1);
    }
    CHECK_EXITS(child, 9);
}

TEST(vfork_child_killed_by_a_signal_releases_the_parent)
{
    pid_t child = vfork();
    if (child == 0)
    {
        kill(syscall(SYS_getpid), SIGKILL);
        _exit(1);
    }
    CHECK_KILLED(child, SIGKILL);
}

enum { SHARE_VM = 0x100, SHARE_SIGHAND = 0x800, SHARE_THREAD = 0x10000 };
enum { PARENT_SETTID = 0x100000, CHILD_SETTID = 0x1000000 };

TEST(clone_refuses_inconsistent_flags)
{
    // clone(2): CLONE_THREAD needs CLONE_SIGHAND, which needs CLONE_VM.
    CHECK_ERRNO(syscall(SYS_clone, SHARE_SIGHAND | SIGCHLD, 0, 0, 0, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_clone, SHARE_THREAD | SHARE_VM | SIGCHLD, 0, 0, 0, 0), EINVAL);
}

TEST(clone_stores_the_tid_for_parent_and_child)
{
    static volatile int parent_tid;
    static volatile int child_tid;
    long flags = PARENT_SETTID | CHILD_SETTID | SIGCHLD;
    long child = OK(syscall(SYS_clone, flags, 0, &parent_tid, &child_tid, 0));
    if (child == 0)
        _exit(child_tid == syscall(SYS_getpid) ? 0 : 1);
    CHECK_EQ(parent_tid, child);
    CHECK_EQ(child_tid, 0);
    CHECK_EXITS((pid_t)child, 0);
}
