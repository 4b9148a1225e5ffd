// execve(2) by a process with threads: "All threads other than the calling thread are destroyed."
#include "check.h"
#include <pthread.h>

enum
{
    THREADS = 32,
};

static char *no_environment[] = { NULL };
static char leader[12];
static pthread_barrier_t all_ready;

HELPER(say_who_survived)
{
    // The process keeps its number, whichever thread went on, and that is its only thread.
    CHECK_EQ(getpid(), atoi(argv[0]));
    CHECK_EQ(syscall(SYS_gettid), getpid());
    char status[4096];
    int file = OK(open("/proc/self/status", O_RDONLY));
    ssize_t length = OK(read(file, status, sizeof status - 1));
    status[length] = '\0';
    CHECK(strstr(status, "\nThreads:\t1\n") != NULL);
    CHECK_EQ(write(1, "x", 1), 1);
    return 7;
}

__attribute__((noreturn)) static void *become_another(UNUSED void *unused)
{
    char *arguments[] = { check_self, "--helper", "say_who_survived", leader, NULL };
    pthread_barrier_wait(&all_ready);
    execve(check_self, arguments, no_environment);
    FAIL("execve, got %d, wanted no return", errno);
}

static void *wait_for_ever(UNUSED void *unused)
{
    pthread_barrier_wait(&all_ready);
    while (pause() != 0)
        continue;
    return NULL;
}

static void run_with_output(pid_t *child, int *output, void *(*body)(void *), void *(*leaders)(void *))
{
    int ends[2];
    OK(pipe(ends));
    FORK(forked)
    {
        pthread_t thread;
        snprintf(leader, sizeof leader, "%d", getpid());
        OK(dup2(ends[1], 1));
        OK(close(ends[1]));
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        CHECK_EQ(pthread_barrier_init(&all_ready, NULL, THREADS + 1), 0);
        for (int i = 0; i < THREADS; i++)
            CHECK_EQ(pthread_create(&thread, NULL, i == 0 ? become_another : body, NULL), 0);
        leaders(NULL);
    }
    OK(close(ends[1]));
    *child = forked;
    *output = ends[0];
}

TEST(of_many_threads_that_exec_at_once_one_goes_on)
{
    for (int round = 0; round < 5; round++)
    {
        pid_t child;
        int output;
        char bytes[4];
        run_with_output(&child, &output, become_another, become_another);
        CHECK_EXITS(child, 7);
        CHECK_EQ(read(output, bytes, sizeof bytes), 1);
        CHECK_EQ(close(output), 0);
    }
}

TEST(a_thread_that_execs_takes_the_place_of_the_leader)
{
    pid_t child;
    int output;
    char bytes[4];
    run_with_output(&child, &output, wait_for_ever, wait_for_ever);
    CHECK_EXITS(child, 7);
    CHECK_EQ(read(output, bytes, sizeof bytes), 1);
}

static void *leave(UNUSED void *unused)
{
    pthread_barrier_wait(&all_ready);
    pthread_exit(NULL);
}

TEST(a_thread_can_exec_when_the_leader_has_gone)
{
    pid_t child;
    int output;
    char bytes[4];
    run_with_output(&child, &output, wait_for_ever, leave);
    CHECK_EXITS(child, 7);
    CHECK_EQ(read(output, bytes, sizeof bytes), 1);
}
