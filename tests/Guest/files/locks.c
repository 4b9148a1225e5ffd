// fcntl(2), "Advisory record locking" and "Open file description locks"; flock(2).
#include "check.h"
#include <sys/file.h>

#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif

static int open_file(void)
{
    scratch();
    return write_file("file", "0123456789", 10);
}

static struct flock range(short type, off_t start, off_t length)
{
    return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
}

static int set(int fd, short type, off_t start, off_t length)
{
    struct flock lock = range(type, start, length);
    return fcntl(fd, F_SETLK, &lock);
}

static int set_and_wait(int fd, short type, off_t start, off_t length)
{
    struct flock lock = range(type, start, length);
    return fcntl(fd, F_SETLKW, &lock);
}

static int set_of_file(int fd, short type, off_t start, off_t length)
{
    struct flock lock = range(type, start, length);
    return fcntl(fd, F_OFD_SETLK, &lock);
}

// What another process finds in the way of a write lock on the range.
static struct flock seen_by_another(int fd, off_t start, off_t length)
{
    struct flock seen = range(F_WRLCK, start, length);
    struct gate gate = new_gate();
    FORK(other)
    {
        OK(fcntl(fd, F_GETLK, &seen));
        CHECK_EQ(write(gate.ends[1], &seen, sizeof seen), sizeof seen);
    }
    CHECK_EQ(read(gate.ends[0], &seen, sizeof seen), sizeof seen);
    CHECK_EXITS(other, 0);
    OK(close(gate.ends[0]));
    OK(close(gate.ends[1]));
    return seen;
}

static void check_locked(int fd, short type, off_t start, off_t length)
{
    struct flock seen = seen_by_another(fd, 0, 0);
    CHECK_EQ(seen.l_type, type);
    CHECK_EQ(seen.l_whence, SEEK_SET);
    CHECK_EQ(seen.l_start, start);
    CHECK_EQ(seen.l_len, length);
    CHECK_EQ(seen.l_pid, getpid());
}

static void check_free(int fd, off_t start, off_t length)
{
    CHECK_EQ(seen_by_another(fd, start, length).l_type, F_UNLCK);
}

TEST(read_locks_are_shared_and_a_write_lock_is_not)
{
    int fd = open_file();
    OK(set(fd, F_RDLCK, 0, 10));
    FORK(other)
    {
        OK(set(fd, F_RDLCK, 5, 10));
        CHECK_ERRNO(set(fd, F_WRLCK, 9, 1), EAGAIN);
        OK(set(fd, F_WRLCK, 10, 1));
    }
    CHECK_EXITS(other, 0);
}

TEST(ranges_of_one_type_that_touch_become_one)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 10, 5));
    OK(set(fd, F_WRLCK, 0, 5));
    check_locked(fd, F_WRLCK, 0, 5);
    OK(set(fd, F_WRLCK, 5, 5));
    check_locked(fd, F_WRLCK, 0, 15);
    OK(set(fd, F_WRLCK, 3, 100));
    check_locked(fd, F_WRLCK, 0, 103);
}

TEST(unlocking_the_middle_leaves_both_ends)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 30));
    OK(set(fd, F_UNLCK, 10, 10));
    check_locked(fd, F_WRLCK, 0, 10);
    check_free(fd, 10, 10);
    CHECK_EQ(seen_by_another(fd, 15, 10).l_start, 20);
    CHECK_EQ(seen_by_another(fd, 15, 10).l_len, 10);
}

TEST(a_part_changes_its_type)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 30));
    OK(set(fd, F_RDLCK, 10, 10));
    FORK(other)
    {
        OK(set(fd, F_RDLCK, 10, 10));
        CHECK_ERRNO(set(fd, F_RDLCK, 9, 1), EAGAIN);
        CHECK_ERRNO(set(fd, F_RDLCK, 20, 1), EAGAIN);
        CHECK_ERRNO(set(fd, F_WRLCK, 10, 10), EAGAIN);
    }
    CHECK_EXITS(other, 0);
    OK(set(fd, F_WRLCK, 10, 10));
    check_locked(fd, F_WRLCK, 0, 30);
}

TEST(a_length_of_zero_reaches_beyond_any_end)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 5, 0));
    check_locked(fd, F_WRLCK, 5, 0);
    CHECK_EQ(seen_by_another(fd, 1L << 60, 1).l_type, F_WRLCK);
    check_free(fd, 0, 5);
}

TEST(ranges_are_relative_and_may_go_backwards)
{
    int fd = open_file();
    OK(lseek(fd, 4, SEEK_SET));
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = 1, .l_len = -3 };
    OK(fcntl(fd, F_SETLK, &lock));
    check_locked(fd, F_WRLCK, 2, 3);
    OK(set(fd, F_UNLCK, 0, 0));
    lock = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -2, .l_len = 1 };
    OK(fcntl(fd, F_SETLK, &lock));
    check_locked(fd, F_WRLCK, 8, 1);
}

TEST(impossible_ranges_and_types_are_refused)
{
    int fd = open_file();
    CHECK_ERRNO(set(fd, F_WRLCK, -1, 1), EINVAL);
    CHECK_ERRNO(set(fd, F_WRLCK, 2, -3), EINVAL);
    CHECK_ERRNO(set(fd, F_WRLCK, INT64_MAX, 2), EOVERFLOW);
    OK(set(fd, F_WRLCK, INT64_MAX, 1));
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = INT64_MAX };
    CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EOVERFLOW);
    lock = (struct flock){ .l_type = F_WRLCK, .l_whence = 17 };
    CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EINVAL);
    CHECK_ERRNO(set(fd, 5, 0, 1), EINVAL);
    lock = range(F_UNLCK, 0, 1);
    CHECK_ERRNO(fcntl(fd, F_GETLK, &lock), EINVAL);
    CHECK_ERRNO(syscall(SYS_fcntl, fd, F_SETLK, (void *)8), EFAULT);
    CHECK_ERRNO(set(999, F_WRLCK, 0, 1), EBADF);
}

TEST(a_lock_needs_a_descriptor_open_for_what_it_protects)
{
    OK(close(open_file()));
    int reader = OK(open("file", O_RDONLY));
    int writer = OK(open("file", O_WRONLY));
    CHECK_ERRNO(set(reader, F_WRLCK, 0, 1), EBADF);
    CHECK_ERRNO(set(writer, F_RDLCK, 0, 1), EBADF);
    OK(set(reader, F_RDLCK, 0, 1));
    OK(set(writer, F_WRLCK, 0, 1));
    CHECK_ERRNO(set(OK(open("file", O_PATH)), F_RDLCK, 0, 1), EBADF);
}

TEST(closing_any_descriptor_of_the_file_drops_the_locks)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 10));
    int copy = OK(dup(fd));
    check_locked(fd, F_WRLCK, 0, 10);
    OK(close(copy));
    check_free(fd, 0, 0);

    OK(set(fd, F_WRLCK, 0, 10));
    OK(close(OK(open("file", O_RDONLY))));
    check_free(fd, 0, 0);

    OK(set(fd, F_WRLCK, 0, 10));
    int pipe_ends[2];
    OK(pipe(pipe_ends));
    int third = OK(open("file", O_RDONLY));
    OK(dup2(pipe_ends[0], third));
    check_free(fd, 0, 0);
}

TEST(locks_end_with_the_process_and_are_not_inherited)
{
    int fd = open_file();
    struct gate ready = new_gate();
    struct gate done = new_gate();
    FORK(owner)
    {
        OK(set(fd, F_WRLCK, 0, 10));
        // A child of the owner's is another process, even though it shares the open file.
        FORK(child)
            CHECK_ERRNO(set(fd, F_WRLCK, 0, 10), EAGAIN);
        CHECK_EXITS(child, 0);
        open_gate(&ready);
        pass_gate(&done);
    }
    pass_gate(&ready);
    CHECK_ERRNO(set(fd, F_RDLCK, 5, 1), EAGAIN);
    open_gate(&done);
    CHECK_EXITS(owner, 0);
    OK(set(fd, F_WRLCK, 0, 10));
}

TEST(locks_survive_an_exec)
{
    int fd = open_file();
    struct gate ready = new_gate();
    FORK(owner)
    {
        OK(set(fd, F_WRLCK, 0, 10));
        char gate[16];
        snprintf(gate, sizeof gate, "%d", ready.ends[1]);
        // The shell says that it runs, and then lives until it is killed.
        execl("/bin/busybox", "sh", "-c", "echo x >&$0; while :; do sleep 1; done", gate, NULL);
        FAIL("no shell");
    }
    pass_gate(&ready);
    CHECK_ERRNO(set(fd, F_WRLCK, 0, 1), EAGAIN);
    struct flock seen = range(F_WRLCK, 0, 1);
    OK(fcntl(fd, F_GETLK, &seen));
    CHECK_EQ(seen.l_pid, owner);
    OK(kill(owner, SIGKILL));
    CHECK_KILLED(owner, SIGKILL);
    OK(set(fd, F_WRLCK, 0, 10));
}

TEST(a_waiter_gets_the_lock_when_it_is_given_up)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 10));
    struct gate got = new_gate();
    FORK(waiter)
    {
        OK(set_and_wait(fd, F_WRLCK, 5, 10));
        open_gate(&got);
    }
    EVENTUALLY(process_state(waiter) == 'S');
    // Half of it is not enough.
    OK(set(fd, F_UNLCK, 0, 7));
    OK(fcntl(got.ends[0], F_SETFL, O_NONBLOCK));
    char byte;
    for (int i = 0; i < 5; i++)
        sched_yield();
    CHECK_ERRNO(read(got.ends[0], &byte, 1), EAGAIN);
    OK(set(fd, F_UNLCK, 7, 3));
    CHECK_EXITS(waiter, 0);
    CHECK_EQ(read(got.ends[0], &byte, 1), 1);
}

TEST(a_waiter_goes_on_when_the_owner_dies)
{
    int fd = open_file();
    struct gate ready = new_gate();
    FORK(owner)
    {
        OK(set(fd, F_WRLCK, 0, 10));
        open_gate(&ready);
        pause();
    }
    pass_gate(&ready);
    FORK(waiter)
        OK(set_and_wait(fd, F_RDLCK, 0, 1));
    EVENTUALLY(process_state(waiter) == 'S');
    OK(kill(owner, SIGKILL));
    CHECK_KILLED(owner, SIGKILL);
    CHECK_EXITS(waiter, 0);
}

static void nothing(UNUSED int signo) {}

TEST(a_signal_interrupts_the_wait_or_restarts_it)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 10));
    FORK(waiter)
    {
        handle(SIGUSR1, nothing, 0);
        CHECK_ERRNO(set_and_wait(fd, F_WRLCK, 0, 1), EINTR);
        handle(SIGUSR1, nothing, SA_RESTART);
        OK(set_and_wait(fd, F_WRLCK, 0, 1));
    }
    for (int i = 0; i < 2; i++)
    {
        EVENTUALLY(process_state(waiter) == 'S');
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
        EVENTUALLY(process_state(waiter) == 'S');
        OK(kill(waiter, SIGUSR1));
    }
    nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
    OK(set(fd, F_UNLCK, 0, 10));
    CHECK_EXITS(waiter, 0);
}

TEST(two_that_wait_for_each_other_are_a_deadlock)
{
    int fd = open_file();
    OK(set(fd, F_WRLCK, 0, 1));
    struct gate ready = new_gate();
    FORK(other)
    {
        OK(set(fd, F_WRLCK, 1, 1));
        open_gate(&ready);
        OK(set_and_wait(fd, F_WRLCK, 0, 1));
    }
    pass_gate(&ready);
    EVENTUALLY(process_state(other) == 'S');
    CHECK_ERRNO(set_and_wait(fd, F_WRLCK, 1, 1), EDEADLK);
    OK(set(fd, F_UNLCK, 0, 1));
    CHECK_EXITS(other, 0);
}

TEST(a_circle_of_four_over_two_files_is_a_deadlock)
{
    int first = open_file();
    int second = write_file("second", "", 0);
    struct gate ready = new_gate();
    pid_t others[3];
    OK(set(first, F_WRLCK, 0, 1));
    for (int i = 1; i <= 3; i++)
    {
        FORK(other)
        {
            // Each holds a byte and wants that of the one before.
            OK(set(i % 2 == 0 ? first : second, F_WRLCK, i, 1));
            open_gate(&ready);
            OK(set_and_wait(i % 2 == 0 ? second : first, F_WRLCK, i - 1, 1));
        }
        others[i - 1] = other;
        pass_gate(&ready);
        EVENTUALLY(process_state(other) == 'S');
    }
    CHECK_ERRNO(set_and_wait(second, F_WRLCK, 3, 1), EDEADLK);
    OK(close(first));
    for (int i = 0; i < 3; i++)
        CHECK_EXITS(others[i], 0);
}

TEST(open_file_description_locks_belong_to_the_open_file)
{
    int fd = open_file();
    int another = OK(open("file", O_RDWR));
    OK(set_of_file(fd, F_WRLCK, 0, 5));
    CHECK_ERRNO(set_of_file(another, F_WRLCK, 4, 1), EAGAIN);
    CHECK_ERRNO(set(fd, F_WRLCK, 4, 1), EAGAIN);
    OK(set_of_file(another, F_WRLCK, 5, 1));
    struct flock seen = range(F_WRLCK, 0, 1);
    OK(fcntl(another, F_OFD_GETLK, &seen));
    CHECK_EQ(seen.l_type, F_WRLCK);
    CHECK_EQ(seen.l_start, 0);
    CHECK_EQ(seen.l_len, 5);
    CHECK_EQ(seen.l_pid, -1);
    FORK(child)
        OK(set_of_file(fd, F_RDLCK, 0, 5));
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(set_of_file(another, F_WRLCK, 4, 1), EAGAIN);
    OK(set_of_file(another, F_RDLCK, 4, 1));
}

TEST(open_file_description_locks_end_with_the_last_descriptor)
{
    int fd = open_file();
    int another = OK(open("file", O_RDWR));
    OK(set_of_file(fd, F_WRLCK, 0, 5));
    int copy = OK(dup(fd));
    OK(close(fd));
    OK(close(OK(open("file", O_RDWR))));
    CHECK_ERRNO(set_of_file(another, F_WRLCK, 0, 1), EAGAIN);
    OK(close(copy));
    OK(set_of_file(another, F_WRLCK, 0, 1));
    struct flock with_pid = range(F_WRLCK, 0, 1);
    with_pid.l_pid = 1;
    CHECK_ERRNO(fcntl(another, F_OFD_SETLK, &with_pid), EINVAL);
}

TEST(an_open_file_description_lock_is_waited_for)
{
    int fd = open_file();
    OK(set_of_file(fd, F_WRLCK, 0, 5));
    FORK(waiter)
    {
        struct flock lock = range(F_RDLCK, 0, 1);
        OK(fcntl(OK(open("file", O_RDWR)), F_OFD_SETLKW, &lock));
    }
    EVENTUALLY(process_state(waiter) == 'S');
    OK(set_of_file(fd, F_RDLCK, 0, 5));
    CHECK_EXITS(waiter, 0);
}

TEST(flock_excludes_other_open_files_of_the_same_process)
{
    int fd = open_file();
    int another = OK(open("file", O_RDONLY));
    OK(flock(fd, LOCK_EX));
    CHECK_ERRNO(flock(another, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_ERRNO(flock(another, LOCK_SH | LOCK_NB), EWOULDBLOCK);
    OK(flock(OK(dup(fd)), LOCK_EX | LOCK_NB));
    OK(flock(fd, LOCK_SH));
    OK(flock(another, LOCK_SH | LOCK_NB));
    OK(flock(fd, LOCK_UN));
    OK(flock(another, LOCK_EX | LOCK_NB));
    CHECK_ERRNO(flock(fd, LOCK_SH | LOCK_EX), EINVAL);
    CHECK_ERRNO(flock(fd, 0), EINVAL);
    CHECK_ERRNO(flock(999, LOCK_SH), EBADF);
}

TEST(flock_ends_with_the_last_descriptor_of_all_processes)
{
    int fd = open_file();
    int another = OK(open("file", O_RDWR));
    OK(flock(fd, LOCK_EX));
    struct gate ready = new_gate();
    FORK(heir)
        pass_gate(&ready);
    OK(close(fd));
    CHECK_ERRNO(flock(another, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    open_gate(&ready);
    CHECK_EXITS(heir, 0);
    OK(flock(another, LOCK_EX | LOCK_NB));
}

TEST(flock_waits_and_a_failed_conversion_loses_the_lock)
{
    int fd = open_file();
    int another = OK(open("file", O_RDWR));
    OK(flock(fd, LOCK_EX));
    FORK(waiter)
        OK(flock(OK(open("file", O_RDWR)), LOCK_EX));
    EVENTUALLY(process_state(waiter) == 'S');
    OK(flock(fd, LOCK_UN));
    CHECK_EXITS(waiter, 0);

    OK(flock(fd, LOCK_SH));
    OK(flock(another, LOCK_SH));
    CHECK_ERRNO(flock(fd, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    OK(flock(another, LOCK_EX | LOCK_NB));
}

TEST(flock_and_record_locks_do_not_know_each_other)
{
    int fd = open_file();
    OK(flock(fd, LOCK_EX));
    FORK(other)
        OK(set(fd, F_WRLCK, 0, 0));
    CHECK_EXITS(other, 0);
}

TEST(a_thousand_locks_are_kept_apart)
{
    int fd = open_file();
    for (int i = 0; i < 1000; i++)
        OK(set(fd, F_WRLCK, 2 * ((i * 7) % 1000), 1));
    FORK(other)
    {
        for (int i = 0; i < 1000; i++)
        {
            CHECK_ERRNO(set(fd, F_WRLCK, 2 * i, 1), EAGAIN);
            OK(set(fd, F_WRLCK, 2 * i + 1, 1));
        }
    }
    CHECK_EXITS(other, 0);
    OK(set(fd, F_WRLCK, 0, 1999));
    check_locked(fd, F_WRLCK, 0, 1999);
    OK(set(fd, F_UNLCK, 0, 0));
    check_free(fd, 0, 0);
}

TEST(many_processes_take_turns_under_a_lock)
{
    enum { WORKERS = 4 };
    int rounds = loops(50);
    int fd = open_file();
    int *counter = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t workers[WORKERS];
    for (int i = 0; i < WORKERS; i++)
    {
        FORK(worker)
        {
            for (int round = 0; round < rounds; round++)
            {
                OK(set_and_wait(fd, F_WRLCK, 0, 1));
                int seen = *(volatile int *)counter;
                sched_yield();
                *(volatile int *)counter = seen + 1;
                OK(set(fd, F_UNLCK, 0, 1));
            }
        }
        workers[i] = worker;
    }
    for (int i = 0; i < WORKERS; i++)
        CHECK_EXITS(workers[i], 0);
    CHECK_EQ(*counter, WORKERS * rounds);
}
