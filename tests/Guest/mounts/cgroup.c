// Control groups, version 2: cgroups(7).
#include "mounts/cgroup.h"

#include <poll.h>
#include <pthread.h>
#include <sys/statfs.h>

TEST(the_hierarchy_has_its_files)
{
    hierarchy();
    struct statfs status;
    OK(statfs("h", &status));
    CHECK_EQ(status.f_type, 0x63677270);
    CHECK(strstr(get("h/cgroup.controllers"), "memory") != NULL);
    CHECK(strstr(get("h/cgroup.controllers"), "pids") != NULL);
    CHECK(!exists("h/cgroup.events") && !exists("h/cgroup.type") && !exists("h/memory.current"));
    const char *files[] = {
        "cgroup.controllers", "cgroup.events", "cgroup.kill", "cgroup.max.depth", "cgroup.max.descendants", "cgroup.procs",
        "cgroup.stat", "cgroup.subtree_control", "cgroup.threads", "cgroup.type", "cpu.stat", "memory.current",
        "memory.events", "memory.high", "memory.low", "memory.max", "memory.min", "memory.oom.group", "memory.peak",
        "memory.stat", "memory.swap.current", "memory.swap.max", "pids.current", "pids.events", "pids.max", "pids.peak",
    };
    for (int i = 0; i < 26; i++)
        CHECK(exists(in(files[i])));
    CHECK_STR(get(in("cgroup.type")), "domain\n");
    CHECK_STR(get(in("pids.max")), "max\n");
    CHECK_STR(get(in("memory.max")), "max\n");
    CHECK_STR(get(in("cgroup.procs")), "");
    CHECK_ERRNO(put(in("memory.current"), "1"), EINVAL);
    CHECK_ERRNO(open(in("new"), O_CREAT | O_RDWR, 0644), EACCES);
    CHECK_ERRNO(unlink(in("cgroup.procs")), EPERM);
    finish();
}

TEST(groups_are_made_and_removed)
{
    hierarchy();
    OK(mkdir(in("one"), 0755));
    OK(mkdir(in("one/two"), 0755));
    CHECK_EQ(value(in("cgroup.stat"), "nr_descendants"), 2);
    CHECK_ERRNO(rmdir(in("one")), EBUSY);
    CHECK_ERRNO(mkdir(in("one"), 0755), EEXIST);
    CHECK_ERRNO(mkdir(in("cgroup.procs"), 0755), EEXIST);
    CHECK_ERRNO(mkdir(in("a\nb"), 0755), EINVAL);
    struct stat found;
    OK(stat(group, &found));
    CHECK_EQ(found.st_nlink, 3);
    OK(rmdir(in("one/two")));
    OK(rmdir(in("one")));
    OK(put(in("cgroup.max.descendants"), "1"));
    OK(mkdir(in("one"), 0755));
    CHECK_ERRNO(mkdir(in("two"), 0755), EAGAIN);
    OK(put(in("cgroup.max.descendants"), "max"));
    OK(put(in("cgroup.max.depth"), "1"));
    OK(mkdir(in("two"), 0755));
    CHECK_ERRNO(mkdir(in("two/deep"), 0755), EAGAIN);
    OK(rmdir(in("one")));
    OK(rmdir(in("two")));
    finish();
}

TEST(children_are_born_where_their_parent_is)
{
    hierarchy();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        CHECK_EQ(number(in("cgroup.procs")), getpid());
        char wanted[200];
        snprintf(wanted, sizeof wanted, "0::%s\n", strchr(group, '/'));
        CHECK(strstr(get("/proc/self/cgroup"), wanted) != NULL);
        FORK(grandchild)
        {
            CHECK(strstr(get("/proc/self/cgroup"), wanted) != NULL);
            CHECK_EQ(number(in("pids.current")), 2);
            OK(put("h/cgroup.procs", "0"));
            CHECK(strstr(get("/proc/self/cgroup"), "0::/\n") != NULL);
            CHECK_EQ(number(in("pids.current")), 1);
        }
        CHECK_EXITS(grandchild, 0);
        CHECK_EQ(number(in("pids.peak")), 2);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(number(in("pids.current")), 0);
    CHECK_STR(get(in("cgroup.procs")), "");
    finish();
}

struct arguments
{
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup;
};

// CLONE_INTO_CGROUP: a child that begins in a group.
static long clone_into(int fd)
{
    struct arguments arguments = { .flags = 0x200000000ULL, .exit_signal = SIGCHLD, .cgroup = (uint64_t)fd };
    return syscall(SYS_clone3, &arguments, sizeof arguments);
}

TEST(a_child_begins_in_another_group)
{
    hierarchy();
    int modes[] = { O_RDONLY, O_PATH };
    for (int i = 0; i < 2; i++)
    {
        int fd = OK(open(group, modes[i] | O_DIRECTORY));
        long child = OK(clone_into(fd));
        if (child == 0)
        {
            char wanted[200];
            snprintf(wanted, sizeof wanted, "0::%s\n", strchr(group, '/'));
            CHECK(strstr(get("/proc/self/cgroup"), wanted) != NULL);
            CHECK_EQ(number(in("cgroup.procs")), getpid());
            CHECK_EQ(number(in("pids.current")), 1);
            _exit(0);
        }
        CHECK_EXITS((pid_t)child, 0);
        CHECK_EQ(number(in("pids.current")), 0);
        CHECK(strstr(get("/proc/self/cgroup"), group + 1) == NULL);
        OK(close(fd));
    }
    finish();
}

TEST(a_child_cannot_begin_where_it_could_not_move)
{
    hierarchy();
    CHECK_ERRNO(clone_into(1000), EBADF);
    int fd = OK(open("h/cgroup.procs", O_RDONLY));
    CHECK_ERRNO(clone_into(fd), EBADF);
    OK(close(fd));
    fd = OK(open("/", O_RDONLY));
    CHECK_ERRNO(clone_into(fd), EBADF);
    OK(close(fd));

    fd = OK(open(group, O_RDONLY | O_DIRECTORY));
    OK(put(in("pids.max"), "0"));
    CHECK_ERRNO(clone_into(fd), EAGAIN);
    OK(put(in("pids.max"), "max"));
    FORK(user)
    {
        OK(setresuid(1000, 1000, 1000));
        CHECK_ERRNO(clone_into(fd), EACCES);
    }
    CHECK_EXITS(user, 0);
    OK(put(in("cgroup.subtree_control"), "+memory"));
    CHECK_ERRNO(clone_into(fd), EBUSY);
    OK(put(in("cgroup.subtree_control"), "-memory"));
    OK(rmdir(group));
    CHECK_ERRNO(clone_into(fd), ENOENT);
    OK(close(fd));
    OK(mkdir(group, 0755));
    finish();
}

TEST(another_process_is_moved)
{
    hierarchy();
    FORK(child)
    {
        pause();
    }
    put_number(in("cgroup.procs"), child);
    CHECK_EQ(number(in("cgroup.procs")), child);
    CHECK_EQ(number(in("cgroup.threads")), child);
    CHECK_ERRNO(rmdir(group), EBUSY);
    CHECK_ERRNO(put(in("cgroup.procs"), "x"), EINVAL);
    CHECK_ERRNO(put(in("cgroup.procs"), "999999"), ESRCH);
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
    finish();
}

TEST(the_limit_of_threads_holds)
{
    hierarchy();
    OK(put(in("pids.max"), "2"));
    CHECK_ERRNO(put(in("pids.max"), "x"), EINVAL);
    CHECK_ERRNO(put(in("pids.max"), "-1"), EINVAL);
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        FORK(sleeper)
        {
            pause();
        }
        CHECK_ERRNO(fork(), EAGAIN);
        CHECK_EQ(value(in("pids.events"), "max"), 1);
        // A zombie counts until somebody has asked for it.
        OK(kill(sleeper, SIGKILL));
        siginfo_t info;
        OK(waitid(P_PID, sleeper, &info, WEXITED | WNOWAIT));
        CHECK_ERRNO(fork(), EAGAIN);
        CHECK_KILLED(sleeper, SIGKILL);
        FORK(again)
        {
        }
        CHECK_EXITS(again, 0);
    }
    CHECK_EXITS(child, 0);
    finish();
}

TEST(the_limit_of_a_group_holds_for_those_in_it)
{
    hierarchy();
    OK(put(in("pids.max"), "1"));
    OK(put(in("cgroup.subtree_control"), "+pids"));
    OK(mkdir(in("inner"), 0755));
    CHECK_STR(get(in("inner/cgroup.controllers")), "pids\n");
    CHECK(!exists(in("inner/memory.max")));
    FORK(child)
    {
        OK(put(in("inner/cgroup.procs"), "0"));
        CHECK_ERRNO(fork(), EAGAIN);
        CHECK_EQ(number(in("pids.current")), 1);
    }
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(put("h/cgroup.subtree_control", "-pids"), EBUSY);
    EVENTUALLY(rmdir(in("inner")) == 0);
    OK(put(in("cgroup.subtree_control"), "-pids"));
    finish();
}

static void *wait_for_end(void *gate)
{
    char byte;
    CHECK_EQ(read(((int *)gate)[0], &byte, 1), 0);
    return NULL;
}

TEST(threads_count_and_move_with_their_process)
{
    hierarchy();
    int gate[2];
    OK(pipe(gate));
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, wait_for_end, gate), 0);
    OK(put(in("cgroup.procs"), "0"));
    CHECK_EQ(number(in("pids.current")), 2);
    int count = 0;
    for (const char *at = get(in("cgroup.threads")); (at = strchr(at, '\n')) != NULL; at++)
        count++;
    CHECK_EQ(count, 2);
    OK(close(gate[1]));
    CHECK_EQ(pthread_join(thread, NULL), 0);
    EVENTUALLY(number(in("pids.current")) == 1);
    OK(put("h/cgroup.procs", "0"));
    CHECK_EQ(number(in("pids.current")), 0);
    OK(close(gate[0]));
    finish();
}

TEST(controllers_are_named_with_a_sign)
{
    hierarchy();
    CHECK_ERRNO(put(in("cgroup.subtree_control"), "pids"), EINVAL);
    CHECK_ERRNO(put(in("cgroup.subtree_control"), "+nonsense"), EINVAL);
    OK(put(in("cgroup.subtree_control"), "+pids"));
    CHECK_STR(get(in("cgroup.subtree_control")), "pids\n");
    OK(put(in("cgroup.subtree_control"), "+memory -pids"));
    CHECK_STR(get(in("cgroup.subtree_control")), "memory\n");
    OK(mkdir(in("inner"), 0755));
    CHECK_ERRNO(put(in("inner/cgroup.subtree_control"), "+pids"), ENOENT);
    OK(rmdir(in("inner")));
    finish();
}

TEST(a_group_with_memory_below_it_has_no_processes)
{
    hierarchy();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        CHECK_ERRNO(put(in("cgroup.subtree_control"), "+memory"), EBUSY);
    }
    CHECK_EXITS(child, 0);
    OK(put(in("cgroup.subtree_control"), "+memory"));
    CHECK_ERRNO(put(in("cgroup.procs"), "0"), EBUSY);
    finish();
}

TEST(who_polls_is_told_when_a_group_becomes_empty)
{
    hierarchy();
    int fd = OK(open(in("cgroup.events"), O_RDONLY));
    char text[100];
    OK(read(fd, text, sizeof text));
    struct pollfd poller = { fd, POLLPRI, 0 };
    CHECK_EQ(poll(&poller, 1, 0), 0);
    int gate[2];
    OK(pipe(gate));
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
    }
    CHECK_EQ(poll(&poller, 1, 10000), 1);
    CHECK_EQ(poller.revents, POLLPRI | POLLERR);
    CHECK_EQ(value(in("cgroup.events"), "populated"), 1);
    OK(lseek(fd, 0, SEEK_SET));
    OK(read(fd, text, sizeof text));
    CHECK(strstr(text, "populated 1\n") != NULL);
    CHECK_EQ(write(gate[1], "x", 1), 1);
    CHECK_EQ(poll(&poller, 1, 10000), 1);
    CHECK_EXITS(child, 0);
    CHECK_EQ(value(in("cgroup.events"), "populated"), 0);
    OK(close(fd));
    finish();
}

TEST(a_whole_group_is_killed)
{
    hierarchy();
    OK(mkdir(in("inner"), 0755));
    FORK(one)
    {
        OK(put(in("cgroup.procs"), "0"));
        signal(SIGTERM, SIG_IGN);
        for (;;)
            pause();
    }
    FORK(two)
    {
        OK(put(in("inner/cgroup.procs"), "0"));
        for (;;)
            pause();
    }
    EVENTUALLY(number(in("cgroup.procs")) == one && number(in("inner/cgroup.procs")) == two);
    CHECK_ERRNO(put(in("cgroup.kill"), "x"), EINVAL);
    CHECK_ERRNO(put(in("cgroup.kill"), "0"), ERANGE);
    OK(put(in("cgroup.kill"), "1"));
    CHECK_KILLED(one, SIGKILL);
    CHECK_KILLED(two, SIGKILL);
    EVENTUALLY(rmdir(in("inner")) == 0);
    finish();
}

TEST(open_files_of_a_removed_group_are_dead)
{
    hierarchy();
    int fd = OK(open(in("cgroup.procs"), O_RDWR));
    OK(rmdir(group));
    char text[10];
    CHECK_ERRNO(read(fd, text, sizeof text), ENODEV);
    CHECK_ERRNO(write(fd, "0", 1), ENODEV);
    OK(close(fd));
    OK(umount("h"));
    leave();
}

enum { MIB = 1 << 20 };

static void touch(long bytes)
{
    char *memory = mmap(NULL, (size_t)bytes, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    for (long at = 0; at < bytes; at += CHECK_PAGE)
        memory[at] = 1;
}

TEST(memory_is_counted_where_it_is_first_touched)
{
    hierarchy();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        long before = number(in("memory.current"));
        touch(8 * MIB);
        long after = number(in("memory.current"));
        CHECK(after - before >= 7 * MIB && after - before <= 10 * MIB);
        CHECK(number(in("memory.peak")) >= after - MIB);
        CHECK(value(in("memory.stat"), "anon") >= 7 * MIB);
    }
    CHECK_EXITS(child, 0);
    EVENTUALLY(number(in("memory.current")) <= MIB);
    finish();
}

TEST(pages_of_files_count_until_the_file_goes)
{
    hierarchy();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        char *data = calloc(1, MIB);
        int fd = OK(open("file", O_CREAT | O_RDWR, 0644));
        for (int i = 0; i < 4; i++)
            CHECK_EQ(write(fd, data, MIB), MIB);
    }
    CHECK_EXITS(child, 0);
    EVENTUALLY(number(in("memory.current")) <= 5 * MIB);
    CHECK(number(in("memory.current")) >= 3 * MIB);
    OK(unlink("file"));
    EVENTUALLY(number(in("memory.current")) <= MIB);
    finish();
}

TEST(who_goes_over_the_limit_of_memory_is_killed)
{
    hierarchy();
    OK(put(in("memory.max"), "16M"));
    CHECK_EQ(number(in("memory.max")), 16 * MIB);
    CHECK_ERRNO(put(in("memory.max"), "x"), EINVAL);
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        touch(64 * MIB);
    }
    CHECK_KILLED(child, SIGKILL);
    CHECK(value(in("memory.events"), "max") > 0);
    CHECK(value(in("memory.events"), "oom") > 0);
    CHECK_EQ(value(in("memory.events"), "oom_kill"), 1);
    FORK(modest)
    {
        OK(put(in("cgroup.procs"), "0"));
        touch(8 * MIB);
    }
    CHECK_EXITS(modest, 0);
    finish();
}

TEST(the_largest_of_the_group_is_killed_and_nobody_outside)
{
    hierarchy();
    OK(put(in("memory.max"), "24M"));
    int gate[2];
    OK(pipe(gate));
    FORK(outside)
    {
        touch(32 * MIB);
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
    }
    FORK(large)
    {
        OK(put(in("cgroup.procs"), "0"));
        touch(16 * MIB);
        CHECK_EQ(write(gate[1], "xx", 2), 2);
        for (;;)
            pause();
    }
    FORK(small)
    {
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
        OK(put(in("cgroup.procs"), "0"));
        touch(14 * MIB);
    }
    CHECK_KILLED(large, SIGKILL);
    CHECK_EXITS(small, 0);
    CHECK_EXITS(outside, 0);
    finish();
}

TEST(a_group_ends_as_a_whole_when_it_is_told_to)
{
    hierarchy();
    OK(put(in("memory.max"), "16M"));
    OK(put(in("memory.oom.group"), "1"));
    int gate[2];
    OK(pipe(gate));
    FORK(bystander)
    {
        OK(put(in("cgroup.procs"), "0"));
        CHECK_EQ(write(gate[1], "x", 1), 1);
        for (;;)
            pause();
    }
    FORK(eater)
    {
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
        OK(put(in("cgroup.procs"), "0"));
        touch(64 * MIB);
    }
    CHECK_KILLED(eater, SIGKILL);
    CHECK_KILLED(bystander, SIGKILL);
    finish();
}

TEST(limits_above_hold_for_those_below)
{
    hierarchy();
    OK(put(in("memory.max"), "16M"));
    OK(put(in("cgroup.subtree_control"), "+memory"));
    OK(mkdir(in("inner"), 0755));
    FORK(child)
    {
        OK(put(in("inner/cgroup.procs"), "0"));
        touch(8 * MIB);
        CHECK(number(in("memory.current")) >= 7 * MIB);
        CHECK(number(in("inner/memory.current")) >= 7 * MIB);
        touch(16 * MIB);
    }
    CHECK_KILLED(child, SIGKILL);
    EVENTUALLY(rmdir(in("inner")) == 0);
    finish();
}

TEST(time_is_counted)
{
    hierarchy();
    FORK(child)
    {
        OK(put(in("cgroup.procs"), "0"));
        struct timespec used;
        do
            OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
        while (used.tv_sec == 0 && used.tv_nsec < 60000000);
    }
    CHECK_EXITS(child, 0);
    long usage = value(in("cpu.stat"), "usage_usec");
    CHECK(usage >= 30000);
    long sum = value(in("cpu.stat"), "user_usec") + value(in("cpu.stat"), "system_usec");
    CHECK(sum >= usage - 2000 && sum <= usage + 2000);
    finish();
}

TEST(a_part_is_handed_to_a_user)
{
    hierarchy();
    OK(mkdir(in("theirs"), 0755));
    OK(chown(in("theirs"), 1000, 1000));
    OK(chown(in("theirs/cgroup.procs"), 1000, 1000));
    OK(mkdir(in("theirs/one"), 0755));
    OK(chown(in("theirs/one/cgroup.procs"), 1000, 1000));
    FORK(child)
    {
        OK(put(in("theirs/cgroup.procs"), "0"));
        become(1000);
        OK(put(in("theirs/one/cgroup.procs"), "0"));
        OK(put(in("theirs/cgroup.procs"), "0"));
        CHECK_ERRNO(put(in("cgroup.procs"), "0"), EACCES);
        CHECK_ERRNO(mkdir(in("two"), 0755), EACCES);
    }
    CHECK_EXITS(child, 0);
    OK(rmdir(in("theirs/one")));
    EVENTUALLY(rmdir(in("theirs")) == 0);
    finish();
}

TEST(options_are_taken_and_shown)
{
    enter();
    OK(mkdir("h", 0755));
    CHECK_ERRNO(mount("none", "h", "cgroup2", 0, "nonsense"), EINVAL);
    OK(mount("none", "h", "cgroup2", 0, "nsdelegate,memory_recursiveprot"));
    char line[2000];
    mountinfo("h", line, sizeof line);
    CHECK(strstr(line, "nsdelegate,memory_recursiveprot") != NULL);
    OK(mount("none", "h", "cgroup2", MS_REMOUNT, NULL));
    mountinfo("h", line, sizeof line);
    CHECK(strstr(line, "nsdelegate") == NULL);
    CHECK(exists("/sys/fs/cgroup"));
    OK(umount("h"));
    leave();
}
