// Every system call with arguments picked at random, first one call at a time, then in sequences. Whatever
// they answer: the caller can be killed, and the machine is well afterwards.
//
// GUEST_SEED=N in the environment picks others, GUEST_LOOPS=N repeats each round N times, GUEST_RECORD=1
// says how often each call succeeded.
#include "caller.h"

static void check_each(enum who who, long first, long last)
{
    prepare(who);
    struct health before = health_before();
    for (int turn = loops(1); turn > 0; turn--)
    {
        for (long number = first; number <= last; number++)
        {
            if (!is_wanted(number, who))
                continue;
            seed((uint64_t)number, turn);
            run_caller(who, number, CALLS_ALONE);
            // A call that does not return is none that was made; it ended the caller.
            CHECK_EQ(record->number, number);
        }
    }
    report_successes();
    check_that_nothing_is_left(who, &before);
}

TEST(each_of_the_older_calls_by_root_is_survived) { check_each(AS_ROOT, 0, FIRST_OF_SECOND_HALF - 1); }

TEST(each_of_the_newer_calls_by_root_is_survived) { check_each(AS_ROOT, FIRST_OF_SECOND_HALF, LAST_CALL); }

TEST(each_of_the_older_calls_by_a_user_is_survived) { check_each(AS_USER, 0, FIRST_OF_SECOND_HALF - 1); }

TEST(each_of_the_newer_calls_by_a_user_is_survived) { check_each(AS_USER, FIRST_OF_SECOND_HALF, LAST_CALL); }

static void check_sequences(enum who who)
{
    prepare(who);
    struct health before = health_before();
    unsigned made = 0;
    int sequences = loops(1) * SEQUENCES;
    for (int i = 0; i < sequences; i++)
    {
        seed(1000 + who, i);
        run_caller(who, -1, CALLS_IN_SEQUENCE);
    }
    for (int number = 0; number <= LAST_CALL; number++)
        made += record->made[number];
    // Most callers end early, by a call that takes their memory or their stack from them; not all of them.
    CHECK(made >= (unsigned)sequences * 20);
    report_successes();
    check_that_nothing_is_left(who, &before);
}

TEST(each_of_the_older_calls_with_some_capabilities_is_survived)
{
    check_each(AS_CAPABLE, 0, FIRST_OF_SECOND_HALF - 1);
}

TEST(each_of_the_newer_calls_with_some_capabilities_is_survived)
{
    check_each(AS_CAPABLE, FIRST_OF_SECOND_HALF, LAST_CALL);
}

TEST(sequences_of_calls_by_root_are_survived) { check_sequences(AS_ROOT); }

TEST(sequences_of_calls_by_a_user_are_survived) { check_sequences(AS_USER); }

TEST(sequences_of_calls_with_some_capabilities_are_survived) { check_sequences(AS_CAPABLE); }
