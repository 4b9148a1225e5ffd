// System V semaphores: semget(2), semop(2), semctl(2).
#include "check.h"
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/sem.h>

union argument
{
    int value;
    struct semid_ds *state;
    unsigned short *array;
    struct seminfo *info;
};

static int made[64];
static int made_count;

static void remove_all(void)
{
    for (int i = 0; i < made_count; i++)
        semctl(made[i], 0, IPC_RMID);
}

static int set_of(int count)
{
    int id = OK(semget(IPC_PRIVATE, count, 0600));
    made[made_count++] = id;
    return id;
}

static int get(int id, int number, int command) { return OK(semctl(id, number, command)); }

static void set(int id, int number, int value)
{
    OK(semctl(id, number, SETVAL, (union argument){ .value = value }));
}

static int operate(int id, int number, int delta, int flags)
{
    struct sembuf operation = { (unsigned short)number, (short)delta, (short)flags };
    return semop(id, &operation, 1);
}

TEST(values_go_up_and_down)
{
    int id = set_of(2);
    CHECK_EQ(get(id, 0, GETVAL), 0);
    OK(operate(id, 0, 3, 0));
    OK(operate(id, 0, -2, 0));
    CHECK_EQ(get(id, 0, GETVAL), 1);
    CHECK_EQ(get(id, 1, GETVAL), 0);
    CHECK_EQ(get(id, 0, GETPID), getpid());
    CHECK_EQ(get(id, 1, GETPID), 0);
    OK(operate(id, 1, 0, 0));
    CHECK_EQ(get(id, 1, GETPID), getpid());
    CHECK_ERRNO(operate(id, 0, -2, IPC_NOWAIT), EAGAIN);
    CHECK_ERRNO(operate(id, 0, 0, IPC_NOWAIT), EAGAIN);
    remove_all();
}

TEST(several_operations_are_one)
{
    int id = set_of(3);
    set(id, 0, 1);
    struct sembuf both[] = { { 0, -1, 0 }, { 1, -1, IPC_NOWAIT } };
    CHECK_ERRNO(semop(id, both, 2), EAGAIN);
    CHECK_EQ(get(id, 0, GETVAL), 1);
    struct sembuf chain[] = { { 1, 1, 0 }, { 1, -1, 0 }, { 1, 0, 0 }, { 1, 5, 0 } };
    OK(semop(id, chain, 4));
    CHECK_EQ(get(id, 1, GETVAL), 5);
    struct sembuf same[] = { { 2, 0, IPC_NOWAIT }, { 2, 1, 0 } };
    OK(semop(id, same, 2));
    CHECK_ERRNO(semop(id, same, 2), EAGAIN);
    remove_all();
}

TEST(values_end_at_32767)
{
    int id = set_of(1);
    OK(operate(id, 0, 32767, 0));
    CHECK_ERRNO(operate(id, 0, 1, 0), ERANGE);
    CHECK_ERRNO(semctl(id, 0, SETVAL, (union argument){ .value = 32768 }), ERANGE);
    CHECK_ERRNO(semctl(id, 0, SETVAL, (union argument){ .value = -1 }), ERANGE);
    CHECK_EQ(get(id, 0, GETVAL), 32767);
    remove_all();
}

TEST(a_waiter_goes_on_when_the_value_allows)
{
    int id = set_of(2);
    FORK(child)
        OK(operate(id, 0, -3, 0));
    EVENTUALLY(get(id, 0, GETNCNT) == 1);
    CHECK_EQ(get(id, 0, GETZCNT), 0);
    OK(operate(id, 0, 2, 0));
    CHECK_EQ(get(id, 0, GETNCNT), 1);
    OK(operate(id, 0, 2, 0));
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETVAL), 1);
    CHECK_EQ(get(id, 0, GETPID), child);
    CHECK_EQ(get(id, 0, GETNCNT), 0);
    remove_all();
}

TEST(a_waiter_for_zero_goes_on_at_zero)
{
    int id = set_of(1);
    set(id, 0, 2);
    FORK(child)
        OK(operate(id, 0, 0, 0));
    EVENTUALLY(get(id, 0, GETZCNT) == 1);
    CHECK_EQ(get(id, 0, GETNCNT), 0);
    OK(operate(id, 0, -1, 0));
    CHECK_EQ(get(id, 0, GETZCNT), 1);
    OK(operate(id, 0, -1, 0));
    CHECK_EXITS(child, 0);
    remove_all();
}

TEST(setval_and_setall_wake_too)
{
    int id = set_of(2);
    FORK(first)
        OK(operate(id, 0, -1, 0));
    FORK(second)
        OK(operate(id, 1, -1, 0));
    EVENTUALLY(get(id, 0, GETNCNT) == 1 && get(id, 1, GETNCNT) == 1);
    set(id, 0, 1);
    CHECK_EXITS(first, 0);
    unsigned short values[] = { 7, 8 };
    OK(semctl(id, 0, SETALL, (union argument){ .array = values }));
    CHECK_EXITS(second, 0);
    OK(semctl(id, 0, GETALL, (union argument){ .array = values }));
    CHECK_EQ(values[0], 7);
    CHECK_EQ(values[1], 7);
    values[1] = 40000;
    CHECK_ERRNO(semctl(id, 0, SETALL, (union argument){ .array = values }), ERANGE);
    CHECK_ERRNO(semctl(id, 0, SETALL, (union argument){ .array = (void *)8 }), EFAULT);
    CHECK_ERRNO(semctl(id, 0, GETALL, (union argument){ .array = (void *)8 }), EFAULT);
    remove_all();
}

TEST(who_waits_for_several_counts_for_the_one_in_the_way)
{
    int id = set_of(2);
    FORK(child)
    {
        struct sembuf both[] = { { 0, -1, 0 }, { 1, -1, 0 } };
        OK(semop(id, both, 2));
    }
    EVENTUALLY(get(id, 0, GETNCNT) == 1);
    CHECK_EQ(get(id, 1, GETNCNT), 0);
    OK(operate(id, 0, 1, 0));
    CHECK_EQ(get(id, 0, GETNCNT), 0);
    CHECK_EQ(get(id, 1, GETNCNT), 1);
    OK(operate(id, 1, 1, 0));
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETVAL), 0);
    remove_all();
}

TEST(removal_ends_the_wait)
{
    int id = set_of(1);
    FORK(child)
        CHECK_ERRNO(operate(id, 0, -1, 0), EIDRM);
    EVENTUALLY(get(id, 0, GETNCNT) == 1);
    OK(semctl(id, 0, IPC_RMID));
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(operate(id, 0, 1, 0), EINVAL);
    CHECK_ERRNO(semctl(id, 0, GETVAL), EINVAL);
}

static void nothing(UNUSED int signo) {}

TEST(a_signal_ends_the_wait_even_with_restart)
{
    int id = set_of(1);
    FORK(child)
    {
        handle(SIGUSR1, nothing, SA_RESTART);
        CHECK_ERRNO(operate(id, 0, -1, 0), EINTR);
    }
    EVENTUALLY(get(id, 0, GETNCNT) == 1);
    OK(kill(child, SIGUSR1));
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETNCNT), 0);
    remove_all();
}

TEST(a_wait_can_have_an_end)
{
    int id = set_of(1);
    struct sembuf down = { 0, -1, 0 };
    struct timespec time = { 0, 20000000 };
    CHECK_ERRNO(semtimedop(id, &down, 1, &time), EAGAIN);
    time.tv_nsec = 1000000000;
    CHECK_ERRNO(semtimedop(id, &down, 1, &time), EINVAL);
    time.tv_nsec = 0;
    time.tv_sec = -1;
    CHECK_ERRNO(semtimedop(id, &down, 1, &time), EINVAL);
    CHECK_ERRNO(syscall(SYS_semtimedop, id, &down, 1, 8), EFAULT);
    OK(operate(id, 0, 1, 0));
    time.tv_sec = 0;
    OK(semtimedop(id, &down, 1, &time));
    CHECK_ERRNO(semtimedop(id, &down, 1, &time), EAGAIN);
    CHECK_EQ(get(id, 0, GETNCNT), 0);
    remove_all();
}

TEST(what_was_done_with_undo_is_taken_back_at_exit)
{
    int id = set_of(3);
    set(id, 0, 5);
    FORK(child)
    {
        OK(operate(id, 0, -3, SEM_UNDO));
        OK(operate(id, 0, -1, 0));
        OK(operate(id, 1, 4, SEM_UNDO));
        OK(operate(id, 1, -4, 0));
        OK(operate(id, 2, 2, SEM_UNDO));
        OK(operate(id, 2, -1, SEM_UNDO));
        CHECK_EQ(get(id, 0, GETVAL), 1);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETVAL), 4);
    CHECK_EQ(get(id, 1, GETVAL), 0);
    CHECK_EQ(get(id, 2, GETVAL), 0);
    CHECK_EQ(get(id, 0, GETPID), child);
    remove_all();
}

TEST(so_it_is_when_the_process_is_killed_and_that_wakes_others)
{
    int id = set_of(1);
    set(id, 0, 1);
    struct gate held = new_gate();
    FORK(holder)
    {
        OK(operate(id, 0, -1, SEM_UNDO));
        open_gate(&held);
        pause();
    }
    pass_gate(&held);
    FORK(waiter)
        OK(operate(id, 0, -1, SEM_UNDO));
    EVENTUALLY(get(id, 0, GETNCNT) == 1);
    OK(kill(holder, SIGKILL));
    CHECK_KILLED(holder, SIGKILL);
    CHECK_EXITS(waiter, 0);
    CHECK_EQ(get(id, 0, GETVAL), 1);
    remove_all();
}

TEST(a_child_does_not_take_back_what_its_parent_did)
{
    int id = set_of(1);
    OK(operate(id, 0, 2, SEM_UNDO));
    FORK(child)
        _exit(0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETVAL), 2);
    remove_all();
}

static int of_thread;

static void *raises(UNUSED void *argument)
{
    OK(operate(of_thread, 0, 2, SEM_UNDO));
    return NULL;
}

TEST(threads_of_a_process_take_back_together)
{
    of_thread = set_of(1);
    FORK(child)
    {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, raises, NULL), 0);
        CHECK_EQ(pthread_join(thread, NULL), 0);
        CHECK_EQ(get(of_thread, 0, GETVAL), 2);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(of_thread, 0, GETVAL), 0);
    remove_all();
}

TEST(unshare_takes_back_at_once)
{
    int id = set_of(1);
    OK(operate(id, 0, 2, SEM_UNDO));
    OK(unshare(CLONE_SYSVSEM));
    CHECK_EQ(get(id, 0, GETVAL), 0);
    remove_all();
}

HELPER(looks)
{
    _exit(get(atoi(argv[0]), 0, GETVAL));
}

TEST(adjustments_survive_exec)
{
    char number[16];
    int id = set_of(1);
    snprintf(number, sizeof number, "%d", id);
    FORK(child)
    {
        OK(operate(id, 0, 3, SEM_UNDO));
        execl(check_self, check_self, "--helper", "looks", number, NULL);
    }
    CHECK_EXITS(child, 3);
    CHECK_EQ(get(id, 0, GETVAL), 0);
    remove_all();
}

TEST(setting_a_value_forgets_the_adjustments)
{
    int id = set_of(1);
    struct gate done = new_gate();
    struct gate end = new_gate();
    FORK(child)
    {
        OK(operate(id, 0, 3, SEM_UNDO));
        open_gate(&done);
        pass_gate(&end);
    }
    pass_gate(&done);
    set(id, 0, 10);
    open_gate(&end);
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(id, 0, GETVAL), 10);
    remove_all();
}

TEST(adjustments_have_a_limit)
{
    int id = set_of(1);
    FORK(child)
    {
        OK(operate(id, 0, 32767, SEM_UNDO));
        OK(operate(id, 0, -32767, 0));
        OK(operate(id, 0, 1, SEM_UNDO));
        CHECK_ERRNO(operate(id, 0, 1, SEM_UNDO), ERANGE);
        CHECK_EQ(get(id, 0, GETVAL), 1);
    }
    CHECK_EXITS(child, 0);
    remove_all();
}

TEST(undo_of_a_removed_set_is_dropped)
{
    for (int i = 0; i < 300; i++)
    {
        int id = OK(semget(IPC_PRIVATE, 100, 0600));
        OK(operate(id, 50, 1, SEM_UNDO));
        OK(semctl(id, 0, IPC_RMID));
    }
}

TEST(bad_arguments_are_refused)
{
    int id = set_of(2);
    static struct sembuf many[501];
    struct semid_ds state;
    CHECK_ERRNO(operate(id, 2, 1, 0), EFBIG);
    CHECK_ERRNO(semop(id, many, 501), E2BIG);
    CHECK_ERRNO(semop(id, many, 0), EINVAL);
    OK(semop(id, many, 500));
    CHECK_ERRNO(semop(-1, many, 1), EINVAL);
    CHECK_ERRNO(syscall(SYS_semop, id, 8, 1), EFAULT);
    CHECK_ERRNO(semctl(id, 2, GETVAL), EINVAL);
    CHECK_ERRNO(semctl(id, -1, GETNCNT), EINVAL);
    CHECK_ERRNO(semctl(id, 2, SETVAL, (union argument){ .value = 0 }), EINVAL);
    CHECK_ERRNO(semctl(id, 0, 99), EINVAL);
    CHECK_ERRNO(semctl(-1, 0, GETVAL), EINVAL);
    CHECK_ERRNO(semctl(id, 0, IPC_STAT, (union argument){ .state = (void *)8 }), EFAULT);
    CHECK_ERRNO(semctl(30001, 0, SEM_STAT, (union argument){ .state = &state }), EINVAL);
    CHECK_ERRNO(semget(IPC_PRIVATE, 0, 0600), EINVAL);
    CHECK_ERRNO(semget(IPC_PRIVATE, -1, 0600), EINVAL);
    CHECK_ERRNO(semget(IPC_PRIVATE, 32001, 0600), EINVAL);
    made[made_count++] = OK(semget(IPC_PRIVATE, 32000, 0600));
    remove_all();
}

TEST(keys_find_what_was_made)
{
    CHECK_ERRNO(semget(0x5151, 1, 0600), ENOENT);
    int id = OK(semget(0x5151, 2, IPC_CREAT | 0600));
    made[made_count++] = id;
    CHECK_EQ(semget(0x5151, 0, 0), id);
    CHECK_EQ(semget(0x5151, 2, 0600), id);
    CHECK_ERRNO(semget(0x5151, 3, 0600), EINVAL);
    CHECK_ERRNO(semget(0x5151, 2, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    remove_all();
}

TEST(permissions_are_checked)
{
    int id = OK(semget(0x5252, 1, IPC_CREAT | 0604));
    made[made_count++] = id;
    FORK(stranger)
    {
        struct semid_ds state;
        become(1234);
        CHECK_EQ(get(id, 0, GETVAL), 0);
        OK(operate(id, 0, 0, 0));
        CHECK_ERRNO(operate(id, 0, 1, 0), EACCES);
        CHECK_ERRNO(semctl(id, 0, SETVAL, (union argument){ .value = 1 }), EACCES);
        CHECK_ERRNO(semget(0x5252, 1, 0600), EACCES);
        OK(semctl(id, 0, IPC_STAT, (union argument){ .state = &state }));
        CHECK_ERRNO(semctl(id, 0, IPC_SET, (union argument){ .state = &state }), EPERM);
        CHECK_ERRNO(semctl(id, 0, IPC_RMID), EPERM);
    }
    CHECK_EXITS(stranger, 0);
    remove_all();
}

TEST(the_state_tells_times_and_owner)
{
    struct semid_ds state;
    int id = set_of(4);
    OK(semctl(id, 0, IPC_STAT, (union argument){ .state = &state }));
    CHECK_EQ(state.sem_nsems, 4);
    CHECK_EQ(state.sem_otime, 0);
    CHECK(state.sem_ctime != 0);
    CHECK_EQ(state.sem_perm.mode, 0600);
    OK(operate(id, 0, 0, 0));
    OK(semctl(id, 0, IPC_STAT, (union argument){ .state = &state }));
    CHECK(state.sem_otime != 0);
    state.sem_perm.mode = 0400;
    state.sem_perm.uid = 1234;
    OK(semctl(id, 0, IPC_SET, (union argument){ .state = &state }));
    OK(semctl(id, 0, IPC_STAT, (union argument){ .state = &state }));
    CHECK_EQ(state.sem_perm.mode, 0400);
    CHECK_EQ(state.sem_perm.uid, 1234);
    CHECK_EQ(semctl(id % 32768, 0, SEM_STAT, (union argument){ .state = &state }), id);
    CHECK_EQ(semctl(id % 32768, 0, 20, (union argument){ .state = &state }), id);
    remove_all();
}

TEST(limits_and_use_are_told)
{
    struct seminfo info, used;
    int highest = OK(semctl(0, 0, IPC_INFO, (union argument){ .info = &info }));
    CHECK_EQ(info.semmni, 32000);
    CHECK_EQ(info.semmsl, 32000);
    CHECK_EQ(info.semmns, 1024000000);
    CHECK_EQ(info.semopm, 500);
    CHECK_EQ(info.semvmx, 32767);
    CHECK_EQ(info.semmap, 1024000000);
    CHECK_EQ(info.semmnu, 1024000000);
    CHECK_EQ(info.semume, 500);
    CHECK_EQ(info.semusz, 20);
    CHECK_EQ(info.semaem, 32767);
    OK(semctl(0, 0, SEM_INFO, (union argument){ .info = &used }));
    int id = set_of(7);
    CHECK(OK(semctl(0, 0, SEM_INFO, (union argument){ .info = &info })) >= highest);
    CHECK_EQ(info.semusz, used.semusz + 1);
    CHECK_EQ(info.semaem, used.semaem + 7);
    (void)id;
    remove_all();
}

TEST(proc_lists_sets_and_limits)
{
    static char text[65536];
    char wanted[200];
    struct semid_ds state;
    int id = set_of(6);
    read_file("/proc/sysvipc/sem", text, sizeof text);
    static const char heading[] = "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n";
    CHECK(strncmp(text, heading, sizeof heading - 1) == 0);
    OK(semctl(id, 0, IPC_STAT, (union argument){ .state = &state }));
    snprintf(wanted, sizeof wanted, "%10d %10d  %4o %10u %5u %5u %5u %5u %10llu %10llu\n", 0, id, 0600, 6, 0, 0, 0, 0,
             0ULL, (unsigned long long)state.sem_ctime);
    CHECK(strstr(text, wanted) != NULL);
    read_file("/proc/sys/kernel/sem", text, sizeof text);
    CHECK(strcmp(text, "32000\t1024000000\t500\t32000\n") == 0);
    int fd = OK(open("/proc/sys/kernel/sem", O_WRONLY));
    CHECK_EQ(write(fd, "5 100", 5), 5);
    OK(close(fd));
    CHECK_ERRNO(semget(IPC_PRIVATE, 6, 0600), EINVAL);
    read_file("/proc/sys/kernel/sem", text, sizeof text);
    CHECK(strcmp(text, "5\t100\t500\t32000\n") == 0);
    fd = OK(open("/proc/sys/kernel/sem", O_WRONLY));
    CHECK_EQ(write(fd, "32000\t1024000000\t500\t32000\n", 27), 27);
    OK(close(fd));
    remove_all();
}

TEST(many_processes_pass_a_token_round)
{
    enum { PROCESSES = 8, ROUNDS = 50 };
    int id = set_of(PROCESSES);
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++)
    {
        FORK(child)
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                OK(operate(id, i, -1, 0));
                OK(operate(id, (i + 1) % PROCESSES, 1, 0));
            }
        }
        children[i] = child;
    }
    OK(operate(id, 0, 1, 0));
    for (int i = 0; i < PROCESSES; i++)
        CHECK_EXITS(children[i], 0);
    CHECK_EQ(get(id, 0, GETVAL), 1);
    remove_all();
}
