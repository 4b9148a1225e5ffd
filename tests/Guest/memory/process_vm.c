// process_vm_readv(2) and process_vm_writev(2).
#include "check.h"
#include <sys/prctl.h>
#include <sys/uio.h>

static char *map(size_t pages) { return OK(mmap(NULL, pages * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)); }

static long transfer(long call, pid_t pid, void *local, size_t local_length, void *remote, size_t remote_length)
{
    struct iovec own = { local, local_length };
    struct iovec other = { remote, remote_length };
    return syscall(call, pid, &own, 1, &other, 1, 0);
}

static long get(pid_t pid, void *local, void *remote, size_t length)
{
    return transfer(SYS_process_vm_readv, pid, local, length, remote, length);
}

static long put(pid_t pid, void *local, void *remote, size_t length)
{
    return transfer(SYS_process_vm_writev, pid, local, length, remote, length);
}

#define CHILD_THAT_WAITS(child, end) \
    struct gate end = new_gate();    \
    FORK(child)                      \
        pass_gate(&end)

TEST(memory_of_a_child_is_read_and_written)
{
    static char buffer[3 * CHECK_PAGE];
    char *there = map(3);
    memset(there, 'a', 3 * CHECK_PAGE);
    struct gate end = new_gate();
    FORK(child)
    {
        pass_gate(&end);
        CHECK_EQ(there[CHECK_PAGE + 1], 'w');
        CHECK_EQ(there[0], 'a');
    }
    CHECK_EQ(get(child, buffer, there, sizeof buffer), (long)sizeof buffer);
    CHECK_EQ(buffer[2 * CHECK_PAGE], 'a');
    memset(buffer, 'w', sizeof buffer);
    CHECK_EQ(put(child, buffer, there + CHECK_PAGE, 2 * CHECK_PAGE), 2 * CHECK_PAGE);
    CHECK_EQ(there[CHECK_PAGE + 1], 'a');
    open_gate(&end);
    CHECK_EXITS(child, 0);
}

TEST(segments_need_not_match)
{
    char text[] = "0123456789";
    char first[4] = { 0 }, second[7] = { 0 };
    struct iovec own[] = { { first, 3 }, { NULL, 0 }, { second, 6 } };
    struct iovec other[] = { { text + 5, 5 }, { text, 3 } };
    CHECK_EQ(syscall(SYS_process_vm_readv, getpid(), own, 3, other, 2, 0), 8);
    CHECK(strcmp(first, "567") == 0);
    CHECK(strcmp(second, "89012") == 0);
}

TEST(a_bad_page_ends_it)
{
    static char buffer[4 * CHECK_PAGE];
    char *there = map(4);
    OK(munmap(there + 2 * CHECK_PAGE, CHECK_PAGE));
    CHECK_EQ(get(getpid(), buffer, there, sizeof buffer), 2 * CHECK_PAGE);
    CHECK_EQ(get(getpid(), buffer, there + 100, 3 * CHECK_PAGE), 2 * CHECK_PAGE - 100);
    CHECK_ERRNO(get(getpid(), buffer, there + 2 * CHECK_PAGE, 10), EFAULT);
    CHECK_ERRNO(get(getpid(), buffer, (void *)8, 10), EFAULT);
    CHECK_ERRNO(get(getpid(), buffer, (void *)0xffff800000000000UL, 10), EFAULT);
    OK(mprotect(there + CHECK_PAGE, CHECK_PAGE, PROT_READ));
    CHECK_EQ(put(getpid(), buffer, there, 2 * CHECK_PAGE), CHECK_PAGE);
    CHECK_ERRNO(put(getpid(), buffer, there + CHECK_PAGE, 1), EFAULT);
    OK(mprotect(there, CHECK_PAGE, PROT_NONE));
    CHECK_ERRNO(get(getpid(), buffer, there, 1), EFAULT);
}

TEST(a_bad_segment_of_the_caller_ends_it_too)
{
    char *there = map(1);
    char *own = map(2);
    OK(munmap(own + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(get(getpid(), own + CHECK_PAGE, there, 10), EFAULT);
    CHECK_ERRNO(get(getpid(), (void *)0xffff800000000000UL, there, 10), EFAULT);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), 8, 1, 8, 1, 0), EFAULT);
}

TEST(nothing_to_move_is_nothing_looked_at)
{
    char byte;
    CHECK_EQ(transfer(SYS_process_vm_readv, 1 << 22, &byte, 0, &byte, 1), 0);
    CHECK_EQ(transfer(SYS_process_vm_readv, 1 << 22, &byte, 1, &byte, 0), 0);
    CHECK_EQ(syscall(SYS_process_vm_readv, 1 << 22, NULL, 0, 8, 1, 0), 0);
    CHECK_EQ(transfer(SYS_process_vm_readv, getpid(), &byte, 1, (void *)8, 0), 0);
}

TEST(bad_arguments_are_refused)
{
    char byte;
    static struct iovec many[1025];
    struct iovec one = { &byte, 1 };
    struct iovec negative = { &byte, (size_t)-1 };
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), &one, 1, &one, 1, 1), EINVAL);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), many, 1025, &one, 1, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), &one, 1, many, 1025, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), &negative, 1, &one, 1, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), &one, 1, &negative, 1, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_process_vm_readv, getpid(), &one, 1, 8, 1, 0), EFAULT);
    CHECK_ERRNO(get(1 << 22, &byte, &byte, 1), ESRCH);
    CHECK_ERRNO(get(0, &byte, &byte, 1), ESRCH);
    CHECK_ERRNO(get(-1, &byte, &byte, 1), ESRCH);
}

TEST(dead_processes_have_no_memory)
{
    char byte = 0;
    FORK(child)
        _exit(0);
    EVENTUALLY(process_state(child) == 'Z');
    CHECK_ERRNO(get(child, &byte, &byte, 1), ESRCH);
    CHECK_EXITS(child, 0);
}

TEST(only_who_may_trace_may_look)
{
    static char byte;
    CHILD_THAT_WAITS(child, end);
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(get(child, &byte, &byte, 1), EPERM);
        CHECK_ERRNO(put(child, &byte, &byte, 1), EPERM);
        CHECK_EQ(get(getpid(), &byte, &byte, 1), 1);
        CHILD_THAT_WAITS(own, own_end);
        OK(prctl(PR_SET_DUMPABLE, 1));
        CHECK_ERRNO(get(own, &byte, &byte, 1), EPERM);
        open_gate(&own_end);
        CHECK_EXITS(own, 0);
        CHILD_THAT_WAITS(open, open_end);
        CHECK_EQ(get(open, &byte, &byte, 1), 1);
        open_gate(&open_end);
        CHECK_EXITS(open, 0);
    }
    CHECK_EXITS(stranger, 0);
    open_gate(&end);
    CHECK_EXITS(child, 0);
}
