// ioprio_set(2): who has which class and level, and who may change them.
#include "check.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { WHO_PROCESS = 1, WHO_GROUP, WHO_USER };
enum { NONE, REAL_TIME, BEST_EFFORT, IDLE };
#define VALUE(class, level) ((class) << 13 | (level))

static long get(int which, int who) { return syscall(SYS_ioprio_get, which, who); }
static long set(int which, int who, int priority) { return syscall(SYS_ioprio_set, which, who, priority); }

TEST(a_thread_has_none_until_one_is_set)
{
    CHECK_EQ(get(WHO_PROCESS, 0), 0);
    OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 3)));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 3));
    CHECK_EQ(get(WHO_PROCESS, getpid()), VALUE(BEST_EFFORT, 3));
    OK(set(WHO_PROCESS, getpid(), VALUE(IDLE, 0)));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(IDLE, 0));
    OK(set(WHO_PROCESS, 0, 0));
    CHECK_EQ(get(WHO_PROCESS, 0), 0);
}

TEST(a_class_that_there_is_not_is_einval)
{
    CHECK_ERRNO(set(WHO_PROCESS, 0, VALUE(4, 0)), EINVAL);
    CHECK_ERRNO(set(WHO_PROCESS, 0, VALUE(7, 0)), EINVAL);
    CHECK_ERRNO(set(WHO_PROCESS, 0, -1), EINVAL);
    CHECK_ERRNO(set(WHO_PROCESS, 0, VALUE(NONE, 1)), EINVAL);
    CHECK_ERRNO(set(WHO_PROCESS, 0, VALUE(NONE, 7)), EINVAL);
    CHECK_EQ(get(WHO_PROCESS, 0), 0);
}

// Linux takes them as they are; a page of the manual says otherwise.
TEST(a_level_that_there_is_not_is_taken)
{
    OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 8191)));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 8191));
    OK(set(WHO_PROCESS, 0, VALUE(NONE, 8)));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(NONE, 8));
    OK(set(WHO_PROCESS, 0, 1 << 16 | VALUE(BEST_EFFORT, 4)));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 4));
}

TEST(wrong_targets_are_einval_and_esrch)
{
    CHECK_ERRNO(get(0, 0), EINVAL);
    CHECK_ERRNO(get(4, 0), EINVAL);
    CHECK_ERRNO(set(0, 0, 0), EINVAL);
    CHECK_ERRNO(set(4, 0, VALUE(BEST_EFFORT, 0)), EINVAL);
    for (int which = WHO_PROCESS; which <= WHO_USER; which++)
    {
        CHECK_ERRNO(get(which, 98765), ESRCH);
        CHECK_ERRNO(set(which, 98765, VALUE(BEST_EFFORT, 0)), ESRCH);
    }
    CHECK_ERRNO(get(WHO_PROCESS, -1), ESRCH);
    // The number is looked at first.
    CHECK_ERRNO(set(WHO_PROCESS, 98765, VALUE(5, 0)), EINVAL);
}

TEST(children_begin_with_it)
{
    OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 6)));
    FORK(child)
    {
        CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 6));
        OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 1)));
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 6));
}

TEST(of_a_group_the_highest_is_told)
{
    OK(setpgid(0, 0));
    FORK(child) pause();
    OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 5)));
    OK(set(WHO_PROCESS, child, VALUE(IDLE, 0)));
    CHECK_EQ(get(WHO_GROUP, 0), VALUE(BEST_EFFORT, 5));
    OK(set(WHO_PROCESS, child, VALUE(REAL_TIME, 7)));
    CHECK_EQ(get(WHO_GROUP, getpid()), VALUE(REAL_TIME, 7));
    OK(set(WHO_GROUP, 0, VALUE(BEST_EFFORT, 2)));
    CHECK_EQ(get(WHO_PROCESS, child), VALUE(BEST_EFFORT, 2));
    CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 2));
    OK(kill(child, SIGKILL));
    OK(waitpid(child, NULL, 0));
}

TEST(without_one_policy_and_nice_value_decide)
{
    static const struct { int nice; int level; } cases[] = { { -20, 0 }, { -16, 0 }, { -15, 1 }, { -1, 3 },
                                                             { 0, 4 }, { 10, 6 }, { 19, 7 } };
    OK(setpgid(0, 0));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        OK(setpriority(PRIO_PROCESS, 0, cases[i].nice));
        CHECK_EQ(get(WHO_GROUP, 0), VALUE(BEST_EFFORT, cases[i].level));
        CHECK_EQ(get(WHO_PROCESS, 0), 0);
    }
    OK(setpriority(PRIO_PROCESS, 0, 0));
    struct sched_param parameters = { .sched_priority = 5 };
    OK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameters));
    CHECK_EQ(get(WHO_GROUP, 0), VALUE(REAL_TIME, 4));
    parameters.sched_priority = 0;
    OK(syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &parameters));
    CHECK_EQ(get(WHO_GROUP, 0), VALUE(IDLE, 4));
    OK(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &parameters));
    CHECK_EQ(get(WHO_GROUP, 0), VALUE(BEST_EFFORT, 4));
}

TEST(a_user_changes_only_what_is_theirs)
{
    FORK(child)
    {
        OK(setresgid(1000, 1000, 1000));
        OK(setresuid(1000, 1000, 1000));
        CHECK_EQ(get(WHO_PROCESS, 1), 0);
        CHECK_ERRNO(set(WHO_PROCESS, 1, VALUE(BEST_EFFORT, 4)), EPERM);
        CHECK_ERRNO(set(WHO_USER, 0, VALUE(BEST_EFFORT, 4)), EPERM);
        CHECK_ERRNO(set(WHO_PROCESS, 0, VALUE(REAL_TIME, 4)), EPERM);
        CHECK_ERRNO(set(WHO_PROCESS, 98765, VALUE(REAL_TIME, 4)), EPERM);
        OK(set(WHO_PROCESS, 0, VALUE(IDLE, 0)));
        OK(set(WHO_PROCESS, 0, VALUE(BEST_EFFORT, 0)));
        OK(set(WHO_USER, 1000, VALUE(BEST_EFFORT, 5)));
        CHECK_EQ(get(WHO_PROCESS, 0), VALUE(BEST_EFFORT, 5));
        CHECK_EQ(get(WHO_USER, 1000), VALUE(BEST_EFFORT, 5));
    }
    CHECK_EXITS(child, 0);
}
