// sched(7), sched_setscheduler(2), sched_setattr(2): who runs, and who may say so.
#include "check.h"
#include <sys/resource.h>

struct attributes
{
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
    uint32_t least;
    uint32_t most;
};

enum { ATTRIBUTES = 48, RESET_ON_FORK = 1, KEEP_POLICY = 8, KEEP_PARAMS = 16 };

static int set_policy(pid_t pid, int policy, int priority)
{
    struct sched_param param = { .sched_priority = priority };
    return (int)syscall(SYS_sched_setscheduler, pid, policy, &param);
}

static int get_policy(pid_t pid) { return (int)OK(syscall(SYS_sched_getscheduler, pid)); }

static int get_priority(pid_t pid)
{
    struct sched_param param = { .sched_priority = -1 };
    OK(syscall(SYS_sched_getparam, pid, &param));
    return param.sched_priority;
}

static int set_attributes(struct attributes wanted)
{
    if (wanted.size == 0)
        wanted.size = ATTRIBUTES;
    return (int)syscall(SYS_sched_setattr, 0, &wanted, 0);
}

static struct attributes get_attributes(pid_t pid)
{
    struct attributes got;
    memset(&got, 0xff, sizeof got);
    OK(syscall(SYS_sched_getattr, pid, &got, ATTRIBUTES, 0));
    return got;
}

// The policy in /proc/PID/stat, field 41.
static int shown_policy(void)
{
    char text[512];
    read_file("/proc/self/stat", text, sizeof text);
    char *at = strrchr(text, ')') + 2;
    for (int field = 3; field < 41; field++)
        at = strchr(at, ' ') + 1;
    return atoi(at);
}

TEST(policies_are_kept_and_shown)
{
    static const int policies[] = { SCHED_FIFO, SCHED_RR, SCHED_OTHER, SCHED_BATCH, SCHED_IDLE };
    for (int i = 0; i < 5; i++)
    {
        int priority = i < 2 ? 7 : 0;
        OK(set_policy(0, policies[i], priority));
        CHECK_EQ(get_policy(0), policies[i]);
        CHECK_EQ(get_priority(0), priority);
        CHECK_EQ(get_attributes(0).policy, policies[i]);
        CHECK_EQ(get_attributes(0).priority, priority);
        CHECK_EQ(shown_policy(), policies[i]);
        FORK(child)
        {
            CHECK_EQ(get_policy(0), policies[i]);
            CHECK_EQ(get_priority(0), priority);
        }
        CHECK_EXITS(child, 0);
    }
}

TEST(priorities_have_ranges)
{
    for (int policy = SCHED_FIFO; policy <= SCHED_RR; policy++)
    {
        CHECK_EQ(syscall(SYS_sched_get_priority_min, policy), 1);
        CHECK_EQ(syscall(SYS_sched_get_priority_max, policy), 99);
        OK(set_policy(0, policy, 99));
        CHECK_ERRNO(set_policy(0, policy, 100), EINVAL);
        CHECK_ERRNO(set_policy(0, policy, 0), EINVAL);
        CHECK_ERRNO(set_policy(0, policy, -1), EINVAL);
    }
    static const int others[] = { SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, 6 };
    for (int i = 0; i < 4; i++)
    {
        CHECK_EQ(syscall(SYS_sched_get_priority_min, others[i]), 0);
        CHECK_EQ(syscall(SYS_sched_get_priority_max, others[i]), 0);
    }
    OK(set_policy(0, SCHED_OTHER, 0));
    CHECK_ERRNO(set_policy(0, SCHED_OTHER, 1), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_get_priority_min, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_get_priority_max, 7), EINVAL);
    CHECK_ERRNO(set_policy(0, 4, 0), EINVAL);
    CHECK_ERRNO(set_policy(0, 7, 0), EINVAL);
    CHECK_ERRNO(set_policy(0, -1, 0), EINVAL);
    CHECK_ERRNO(set_policy(-1, SCHED_OTHER, 0), EINVAL);
    CHECK_ERRNO(set_policy(0x3ffffff, SCHED_OTHER, 0), ESRCH);
    CHECK_ERRNO(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, 1), EFAULT);
    CHECK_ERRNO(syscall(SYS_sched_getscheduler, -1), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getparam, 0, NULL), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getparam, 0, 1), EFAULT);
}

TEST(turns_are_told)
{
    struct timespec turn;
    OK(set_policy(0, SCHED_RR, 1));
    OK(syscall(SYS_sched_rr_get_interval, 0, &turn));
    CHECK_EQ(turn.tv_sec, 0);
    CHECK_EQ(turn.tv_nsec, 100000000);
    OK(set_policy(0, SCHED_FIFO, 1));
    OK(syscall(SYS_sched_rr_get_interval, 0, &turn));
    CHECK_EQ(turn.tv_sec + turn.tv_nsec, 0);
    OK(set_policy(0, SCHED_OTHER, 0));
    OK(syscall(SYS_sched_rr_get_interval, 0, &turn));
    CHECK(turn.tv_sec == 0 && turn.tv_nsec > 0);
    CHECK_ERRNO(syscall(SYS_sched_rr_get_interval, -1, &turn), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_rr_get_interval, 0x3ffffff, &turn), ESRCH);
    CHECK_ERRNO(syscall(SYS_sched_rr_get_interval, 0, 1), EFAULT);
}

TEST(attributes_are_set_and_read)
{
    OK(set_attributes((struct attributes){ .policy = SCHED_BATCH, .nice = 7 }));
    struct attributes got = get_attributes(0);
    CHECK_EQ(got.size, ATTRIBUTES);
    CHECK_EQ(got.policy, SCHED_BATCH);
    CHECK_EQ(got.nice, 7);
    CHECK_EQ(got.priority, 0);
    CHECK_EQ(got.flags, 0);
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 7);
    // What is too much is the most.
    OK(set_attributes((struct attributes){ .policy = SCHED_OTHER, .nice = 1000 }));
    CHECK_EQ(get_attributes(0).nice, 19);
    OK(set_attributes((struct attributes){ .policy = SCHED_FIFO, .priority = 5, .flags = RESET_ON_FORK }));
    got = get_attributes(0);
    CHECK_EQ(got.priority, 5);
    CHECK_EQ(got.flags, RESET_ON_FORK);
    CHECK_EQ(get_policy(0), SCHED_FIFO | 0x40000000);
    OK(set_attributes((struct attributes){ .priority = 9, .flags = KEEP_POLICY }));
    CHECK_EQ(get_priority(0), 9);
    // What children get belongs to the policy.
    CHECK_EQ(get_policy(0), SCHED_FIFO | 0x40000000);
    // With the parameters Linux keeps the policy, too.
    OK(set_attributes((struct attributes){ .policy = SCHED_RR, .priority = 77, .flags = KEEP_PARAMS }));
    CHECK_EQ(get_priority(0), 9);
    CHECK_EQ(get_policy(0), SCHED_FIFO);
}

TEST(attributes_are_checked)
{
    struct attributes wanted = { .size = ATTRIBUTES, .policy = SCHED_OTHER };
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0, NULL, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0, 1, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0, &wanted, 1), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_setattr, -1, &wanted, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0x3ffffff, &wanted, 0), ESRCH);
    CHECK_ERRNO(set_attributes((struct attributes){ .policy = 4 }), EINVAL);
    CHECK_ERRNO(set_attributes((struct attributes){ .policy = 0x80000000u }), EINVAL);
    CHECK_ERRNO(set_attributes((struct attributes){ .policy = SCHED_OTHER, .flags = 0x100 }), EINVAL);
    CHECK_ERRNO(set_attributes((struct attributes){ .policy = SCHED_OTHER, .priority = 1 }), EINVAL);
    CHECK_ERRNO(set_attributes((struct attributes){ .policy = SCHED_FIFO, .priority = 0 }), EINVAL);
    wanted.size = 40;
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0, &wanted, 0), E2BIG);
    wanted.size = 5000;
    CHECK_ERRNO(syscall(SYS_sched_setattr, 0, &wanted, 0), E2BIG);
    struct attributes got;
    CHECK_ERRNO(syscall(SYS_sched_getattr, 0, NULL, ATTRIBUTES, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getattr, 0, &got, 40, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getattr, 0, &got, 5000, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getattr, 0, &got, ATTRIBUTES, 1), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getattr, -1, &got, ATTRIBUTES, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_sched_getattr, 0, 1, ATTRIBUTES, 0), EFAULT);
}

TEST(reset_on_fork_is_for_children)
{
    OK(setpriority(PRIO_PROCESS, 0, -5));
    OK(set_policy(0, SCHED_RR | 0x40000000, 3));
    CHECK_EQ(get_policy(0), SCHED_RR | 0x40000000);
    FORK(child)
    {
        CHECK_EQ(get_policy(0), SCHED_OTHER);
        CHECK_EQ(get_priority(0), 0);
        CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
    }
    CHECK_EXITS(child, 0);
    // Who may not raise his priority may not make his children inherit it either.
    FORK(user)
    {
        OK(set_policy(0, SCHED_OTHER | 0x40000000, 0));
        become(1000);
        CHECK_ERRNO(set_policy(0, SCHED_OTHER, 0), EPERM);
        OK(set_policy(0, SCHED_OTHER | 0x40000000, 0));
    }
    CHECK_EXITS(user, 0);
}

TEST(users_change_their_own_downwards)
{
    FORK(others)
        for (;;)
            pause();
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(set_policy(others, SCHED_OTHER, 0), EPERM);
        CHECK_ERRNO(set_policy(0, SCHED_FIFO, 1), EPERM);
        CHECK_ERRNO(setpriority(PRIO_PROCESS, others, 5), EPERM);
        CHECK_ERRNO(setpriority(PRIO_PROCESS, 0, -1), EACCES);
        OK(set_policy(0, SCHED_BATCH, 0));
        OK(set_policy(0, SCHED_OTHER, 0));
        // Reading is for everybody.
        CHECK_EQ(get_policy(others), SCHED_OTHER);
        CHECK_EQ(getpriority(PRIO_PROCESS, others), 0);
        // Enough nice to leave the idle class is enough nice to enter it.
        OK(set_policy(0, SCHED_IDLE, 0));
        CHECK_ERRNO(set_policy(0, SCHED_OTHER, 0), EPERM);
    }
    CHECK_EXITS(user, 0);
    OK(kill(others, SIGKILL));
    CHECK_KILLED(others, SIGKILL);
}

// Rounds of work that processes do on one processor until they are told to stop.
struct contest
{
    volatile bool go;
    volatile bool stop;
    volatile bool ready[3];
    volatile long rounds[3];
};

static struct contest *new_contest(void)
{
    return mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static pid_t contend(struct contest *contest, int who, int policy, int priority, int nice_value)
{
    FORK(pid)
    {
        OK(setpriority(PRIO_PROCESS, 0, nice_value));
        OK(set_policy(0, policy, priority));
        // Until all are there, nobody of a real-time policy may keep the others away.
        contest->ready[who] = true;
        while (!contest->go)
            nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
        while (!contest->stop)
            for (volatile int i = 0; i < 1000; i++)
                contest->rounds[who] += i == 0;
    }
    return pid;
}

// Lets them run for a while; we are above all of them.
static void hold(struct contest *contest, pid_t *pids, int count, int milliseconds)
{
    for (int i = 0; i < count; i++)
        EVENTUALLY(contest->ready[i]);
    OK(set_policy(0, SCHED_FIFO, 99));
    contest->go = true;
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    OK(nanosleep(&time, NULL));
    contest->stop = true;
    for (int i = 0; i < count; i++)
        CHECK_EXITS(pids[i], 0);
}

static void use_one_processor(void)
{
    unsigned long mask = 1;
    OK(syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask));
}

TEST(nice_values_divide_the_processor)
{
    use_one_processor();
    struct contest *contest = new_contest();
    // A factor of 1.25 for each: about 9.3.
    pid_t pids[] = { contend(contest, 0, SCHED_OTHER, 0, 0), contend(contest, 1, SCHED_OTHER, 0, 10) };
    hold(contest, pids, 2, 3000);
    CHECK(contest->rounds[1] > 0);
    CHECK(contest->rounds[0] > contest->rounds[1] * 5);
    CHECK(contest->rounds[0] < contest->rounds[1] * 18);
}

TEST(equals_have_equal_parts)
{
    use_one_processor();
    struct contest *contest = new_contest();
    pid_t pids[] = { contend(contest, 0, SCHED_OTHER, 0, 0), contend(contest, 1, SCHED_BATCH, 0, 0),
                     contend(contest, 2, SCHED_RR, 5, 0) };
    // The third has all but the twentieth that is left to the others.
    hold(contest, pids, 3, 3000);
    CHECK(contest->rounds[2] > 5 * (contest->rounds[0] + contest->rounds[1]));
    CHECK(contest->rounds[0] > 0 && contest->rounds[1] > 0);
    CHECK(contest->rounds[0] < contest->rounds[1] * 3);
    CHECK(contest->rounds[1] < contest->rounds[0] * 3);
}

TEST(the_idle_class_has_what_is_left)
{
    use_one_processor();
    struct contest *contest = new_contest();
    pid_t pids[] = { contend(contest, 0, SCHED_OTHER, 0, 0), contend(contest, 1, SCHED_IDLE, 0, 0) };
    hold(contest, pids, 2, 2000);
    CHECK(contest->rounds[0] > contest->rounds[1] * 20);
}

TEST(a_higher_realtime_priority_leaves_nothing_to_a_lower_one)
{
    use_one_processor();
    struct contest *contest = new_contest();
    pid_t pids[] = { contend(contest, 0, SCHED_FIFO, 20, 0), contend(contest, 1, SCHED_RR, 10, 0) };
    hold(contest, pids, 2, 1500);
    // The lower one may have looked a little earlier.
    CHECK(contest->rounds[0] > contest->rounds[1] * 20);
}

TEST(equal_priorities_take_turns_or_do_not)
{
    use_one_processor();
    struct contest *contest = new_contest();
    pid_t pids[] = { contend(contest, 0, SCHED_RR, 10, 0), contend(contest, 1, SCHED_RR, 10, 0) };
    hold(contest, pids, 2, 2000);
    CHECK(contest->rounds[0] > contest->rounds[1] / 3);
    CHECK(contest->rounds[1] > contest->rounds[0] / 3);
    contest = new_contest();
    pid_t others[] = { contend(contest, 0, SCHED_FIFO, 10, 0), contend(contest, 1, SCHED_FIFO, 10, 0) };
    hold(contest, others, 2, 1500);
    long first = contest->rounds[0];
    long second = contest->rounds[1];
    CHECK(first > second * 5 || second > first * 5);
}

TEST(who_yields_among_equals_lets_the_next_one_run)
{
    use_one_processor();
    struct contest *contest = new_contest();
    OK(set_policy(0, SCHED_FIFO, 10));
    FORK(other)
    {
        contest->rounds[0] = 1;
        while (contest->rounds[1] == 0)
            sched_yield();
        contest->rounds[0] = 2;
    }
    // First in, first out: the child waits for us.
    for (volatile int i = 0; i < 1000000; i++)
        continue;
    CHECK_EQ(contest->rounds[0], 0);
    sched_yield();
    CHECK_EQ(contest->rounds[0], 1);
    contest->rounds[1] = 1;
    sched_yield();
    CHECK_EQ(contest->rounds[0], 2);
    CHECK_EXITS(other, 0);
}

TEST(what_a_thread_got_is_shown)
{
    char text[4096];
    read_file("/proc/self/schedstat", text, sizeof text);
    unsigned long long ran, waited, turns;
    CHECK_EQ(sscanf(text, "%llu %llu %llu\n", &ran, &waited, &turns), 3);
    // We wait while the child, above us, has the processor.
    use_one_processor();
    FORK(child)
    {
        OK(set_policy(0, SCHED_FIFO, 5));
        struct timespec start, now;
        OK(clock_gettime(CLOCK_MONOTONIC, &start));
        do
            OK(clock_gettime(CLOCK_MONOTONIC, &now));
        while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < 200);
    }
    for (int status = 0; waitpid(child, &status, WNOHANG) == 0;)
        continue;
    read_file("/proc/self/schedstat", text, sizeof text);
    unsigned long long ran_later, waited_later, turns_later;
    CHECK_EQ(sscanf(text, "%llu %llu %llu\n", &ran_later, &waited_later, &turns_later), 3);
    CHECK(waited_later - waited > 100000000);
    CHECK(turns_later > turns);
    CHECK(ran_later > ran);

    OK(set_policy(0, SCHED_RR, 30));
    read_file("/proc/self/sched", text, sizeof text);
    char title[64];
    snprintf(title, sizeof title, " (%d, #threads: 1)\n-----", (int)getpid());
    CHECK(strstr(text, title) != NULL);
    CHECK(strstr(text, "\nse.sum_exec_runtime                          :") != NULL);
    CHECK(strstr(text, "\nnr_switches                                  :") != NULL);
    CHECK(strstr(text, "\nnr_voluntary_switches                        :") != NULL);
    CHECK(strstr(text, "\npolicy                                       :                    2\n") != NULL);
    CHECK(strstr(text, "\nprio                                         :                   69\n") != NULL);
}
