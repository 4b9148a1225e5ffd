// New processes and threads, exec and the end, as a tracer hears of them.
#include "tracing.h"
#include <pthread.h>

static void options(pid_t pid, long bits)
{
    OK(PT(PTRACE_SETOPTIONS, pid, 0, bits));
}

static void *sleep_for_ever(UNUSED void *argument)
{
    for (;;)
        pause();
    return NULL;
}

static void *return_at_once(UNUSED void *argument)
{
    return NULL;
}

TEST(fork_is_told_of_and_the_child_is_traced)
{
    TRACED(child)
    {
        pid_t made = fork();
        if (made == 0)
            _exit(4);
        int status;
        CHECK_EQ(waitpid(made, &status, 0), made);
        CHECK_EQ(status, ENDED_STATUS(4));
    }
    options(child, PTRACE_O_TRACEFORK);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_FORK));
    pid_t made = (pid_t)message_of(child);
    CHECK_NEXT(made, STOP_STATUS(SIGSTOP));
    CHECK_EQ(registers_of(made).rax, 0);
    CHECK_EQ(siginfo_of(made).si_code, SI_USER);
    CHECK_EQ(status_number(made, "\nPPid:\t"), child);
    CHECK_EQ(status_number(made, "\nTracerPid:\t"), getpid());
    CONT(child, 0);
    CONT(made, 0);
    CHECK_NEXT(made, ENDED_STATUS(4));
    // Only now its parent can know.
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, SIGCHLD);
    CHECK_EXITS(child, 0);
}

TEST(a_seized_processs_child_stops_with_an_event)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        pass_gate(&gate);
        if (fork() == 0)
            _exit(4);
        _exit(5);
    }
    OK(PT(PTRACE_SEIZE, child, 0, PTRACE_O_TRACEFORK));
    open_gate(&gate);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_FORK));
    pid_t made = (pid_t)message_of(child);
    CHECK_NEXT(made, EVENT_STATUS(PTRACE_EVENT_STOP));
    CONT(made, 0);
    CHECK_NEXT(made, ENDED_STATUS(4));
    CONT(child, 0);
    int status = NEXT(child);
    if (status == STOP_STATUS(SIGCHLD))
    {
        CONT(child, 0);
        status = NEXT(child);
    }
    CHECK_EQ(status, ENDED_STATUS(5));
}

TEST(vfork_is_told_of_twice)
{
    TRACED(child)
    {
        if (vfork() == 0)
            _exit(0);
    }
    options(child, PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEFORK);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_VFORK));
    pid_t made = (pid_t)message_of(child);
    CHECK_NEXT(made, STOP_STATUS(SIGSTOP));
    CONT(child, 0);
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    CONT(made, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_VFORK_DONE));
    CHECK_EQ((pid_t)message_of(child), made);
    CHECK_NEXT(made, ENDED_STATUS(0));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(without_options_children_are_not_traced)
{
    TRACED(child)
    {
        FORK(made)
            raise(SIGSTOP);
        CHECK_STOPS(made, SIGSTOP);
        OK(kill(made, SIGKILL));
        (void)STATUS_OF(made);
        signal(SIGCHLD, SIG_DFL);
    }
    int status = STOP_STATUS(SIGCHLD);
    while (WIFSTOPPED(status))
    {
        CHECK_EQ(status, STOP_STATUS(SIGCHLD));
        CONT(child, 0);
        status = NEXT(child);
    }
    CHECK_EQ(status, 0);
}

TEST(a_thread_is_told_of_as_clone_and_ends_for_its_tracer)
{
    struct gate gate = new_gate();
    TRACED(child)
    {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, return_at_once, NULL), 0);
        pthread_join(thread, NULL);
        pass_gate(&gate);
        _exit(3);
    }
    options(child, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_CLONE));
    pid_t thread = (pid_t)message_of(child);
    CHECK(thread != child);
    CHECK_NEXT(thread, STOP_STATUS(SIGSTOP));
    CHECK_EQ(status_number(thread, "\nTgid:\t"), child);
    CONT(child, 0);
    CONT(thread, 0);
    CHECK_NEXT(thread, 0);
    open_gate(&gate);
    CHECK_EXITS(child, 3);
    CHECK_ERRNO(waitpid(thread, NULL, __WALL), ECHILD);
}

static pid_t with_thread(pid_t child)
{
    options(child, PTRACE_O_TRACECLONE);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_CLONE));
    pid_t thread = (pid_t)message_of(child);
    CHECK_NEXT(thread, STOP_STATUS(SIGSTOP));
    return thread;
}

TEST(all_threads_of_a_killed_process_end_for_the_tracer_the_leader_last)
{
    TRACED(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        sleep_for_ever(NULL);
    }
    pid_t thread = with_thread(child);
    CONT(child, 0);
    CONT(thread, 0);
    OK(kill(child, SIGKILL));
    // The leader's end waits for the others'.
    EVENTUALLY(waitpid(thread, NULL, WNOHANG | WNOWAIT | __WALL) != 0 || errno != 0);
    siginfo_t info = { 0 };
    OK(waitid(P_PID, thread, &info, WEXITED | WNOWAIT | __WALL));
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    CHECK_NEXT(thread, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_thread_can_be_held_while_the_others_run)
{
    static int pipes[2];
    OK(pipe(pipes));
    TRACED(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        CHECK_EQ(write(pipes[1], "x", 1), 1);
        sleep_for_ever(NULL);
    }
    pid_t thread = with_thread(child);
    CONT(child, 0);
    char byte;
    CHECK_EQ(read(pipes[0], &byte, 1), 1);
    CHECK_EQ(state_of(thread), 't');
    CHECK_EQ(registers_of(thread).rax, 0);
    CONT(thread, 0);
    OK(syscall(SYS_tgkill, child, thread, SIGUSR1));
    CHECK_NEXT(thread, STOP_STATUS(SIGUSR1));
    CONT(thread, 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(thread, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

TEST(a_thread_can_be_attached_to_alone)
{
    static int pipes[2];
    OK(pipe(pipes));
    FORK(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        DIR *tasks = opendir("/proc/self/task");
        for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        {
            int id = atoi(entry->d_name);
            if (id != 0 && id != getpid())
                CHECK_EQ(write(pipes[1], &id, sizeof id), sizeof id);
        }
        sleep_for_ever(NULL);
    }
    int thread = 0;
    CHECK_EQ(read(pipes[0], &thread, sizeof thread), sizeof thread);
    OK(PT(PTRACE_SEIZE, thread, 0, 0));
    CHECK_ERRNO(PT(PTRACE_INTERRUPT, child, 0, 0), ESRCH);
    OK(PT(PTRACE_INTERRUPT, thread, 0, 0));
    CHECK_NEXT(thread, EVENT_STATUS(PTRACE_EVENT_STOP));
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGKILL));
    CHECK_NEXT(thread, SIGKILL);
    CHECK_NEXT(child, SIGKILL);
}

TEST(the_exit_event_shows_the_status_to_come)
{
    TRACED(child)
        _exit(9);
    options(child, PTRACE_O_TRACEEXIT);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_EXIT));
    CHECK_EQ(message_of(child), 9 << 8);
    CHECK_EQ(registers_of(child).orig_rax, SYS_exit_group);
    CONT(child, 0);
    CHECK_EXITS(child, 9);
}

TEST(the_exit_event_comes_for_sigkill_too)
{
    TRACED(child)
        sleep_for_ever(NULL);
    options(child, PTRACE_O_TRACEEXIT);
    CONT(child, 0);
    OK(kill(child, SIGKILL));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_EXIT));
    CHECK_EQ(message_of(child), SIGKILL);
    CONT(child, 0);
    CHECK_NEXT(child, SIGKILL);
}

HELPER(end_with_five)
{
    return 5;
}

static void *execute(UNUSED void *argument)
{
    execl(check_self, check_self, "--helper", "end_with_five", NULL);
    _exit(1);
}

TEST(exec_of_a_thread_gives_it_the_leaders_number)
{
    TRACED(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, execute, NULL);
        sleep_for_ever(NULL);
    }
    options(child, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_CLONE));
    pid_t thread = (pid_t)message_of(child);
    CHECK_NEXT(thread, STOP_STATUS(SIGSTOP));
    CONT(child, 0);
    CONT(thread, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_EXEC));
    CHECK_EQ((pid_t)message_of(child), thread);
    CHECK_ERRNO(waitpid(thread, NULL, WNOHANG | __WALL), ECHILD);
    CONT(child, 0);
    CHECK_EXITS(child, 5);
}

TEST(exec_of_the_leader_ends_the_other_threads_with_zero)
{
    TRACED(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        execute(NULL);
    }
    options(child, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_CLONE));
    pid_t thread = (pid_t)message_of(child);
    CHECK_NEXT(thread, STOP_STATUS(SIGSTOP));
    CONT(thread, 0);
    CONT(child, 0);
    CHECK_NEXT(thread, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_EXEC));
    CHECK_EQ((pid_t)message_of(child), child);
    CONT(child, 0);
    CHECK_EXITS(child, 5);
}

TEST(a_leader_that_ends_first_is_told_of_last)
{
    TRACED(child)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        syscall(SYS_exit, 0);
    }
    pid_t thread = with_thread(child);
    CONT(child, 0);
    EVENTUALLY(state_of(child) == 'Z');
    CHECK_EQ(waitpid(child, NULL, WNOHANG | __WALL), 0);
    CONT(thread, 0);
    OK(syscall(SYS_tgkill, child, thread, SIGTERM));
    CHECK_NEXT(thread, STOP_STATUS(SIGTERM));
    CONT(thread, SIGTERM);
    CHECK_NEXT(thread, SIGTERM);
    CHECK_NEXT(child, SIGTERM);
}

TEST(clone_ptrace_attaches_a_child_without_an_option)
{
    TRACED(child)
    {
        pid_t made = (pid_t)syscall(SYS_clone, CLONE_PTRACE | SIGCHLD, 0, 0, 0, 0);
        if (made == 0)
            _exit(2);
        signal(SIGCHLD, SIG_DFL);
        CHECK_EQ(waitpid(made, NULL, 0), made);
    }
    CONT(child, 0);
    int status;
    pid_t made = OK(waitpid(-1, &status, __WALL));
    CHECK(made != child);
    CHECK_EQ(status, STOP_STATUS(SIGSTOP));
    CONT(made, 0);
    CHECK_NEXT(made, ENDED_STATUS(2));
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(clone_untraced_is_told_to_nobody)
{
    TRACED(child)
    {
        pid_t made = (pid_t)syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
        if (made == 0)
            _exit(0);
        CHECK_EQ(waitpid(made, NULL, 0), made);
    }
    options(child, PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE);
    CONT(child, 0);
    int status = NEXT(child);
    if (status == STOP_STATUS(SIGCHLD))
    {
        CONT(child, 0);
        status = NEXT(child);
    }
    CHECK_EQ(status, 0);
}

static void *trace_from_thread(void *argument)
{
    pid_t child = *(pid_t *)argument;
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    return NULL;
}

TEST(the_tracer_is_a_thread_and_others_of_it_may_wait)
{
    FORK(child)
        sleep_for_ever(NULL);
    pthread_t thread;
    struct gate gate = new_gate();
    pid_t *place = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    *place = child;
    (void)gate;
    CHECK_EQ(pthread_create(&thread, NULL, trace_from_thread, place), 0);
    pthread_join(thread, NULL);
    // That thread is gone, and its tracing with it.
    EVENTUALLY(status_number(child, "\nTracerPid:\t") == 0);
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_STOP));
    end_traced(child);
}

static void *wait_without_threads(void *argument)
{
    pid_t child = *(pid_t *)argument;
    CHECK_ERRNO(waitpid(child, NULL, __WALL | __WNOTHREAD | WNOHANG), ECHILD);
    struct user_regs_struct registers;
    CHECK_ERRNO(PT(PTRACE_GETREGS, child, 0, &registers), ESRCH);
    int status;
    CHECK_EQ(waitpid(child, &status, __WALL), child);
    CHECK_EQ(status, EVENT_STATUS(PTRACE_EVENT_STOP));
    return NULL;
}

TEST(wnothread_leaves_other_threads_tracees_alone)
{
    FORK(child)
        sleep_for_ever(NULL);
    OK(PT(PTRACE_SEIZE, child, 0, 0));
    OK(PT(PTRACE_INTERRUPT, child, 0, 0));
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, wait_without_threads, &child), 0);
    pthread_join(thread, NULL);
    end_traced(child);
}

TEST(after_an_event_the_exit_of_its_call_can_be_asked_for)
{
    TRACED(child)
    {
        if (syscall(SYS_fork) == 0)
            _exit(0);
        wait(NULL);
    }
    options(child, PTRACE_O_TRACEFORK | PTRACE_O_TRACESYSGOOD);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_FORK));
    pid_t made = (pid_t)message_of(child);
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    CHECK_NEXT(child, GOOD_STATUS);
    struct user_regs_struct registers = registers_of(child);
    CHECK_EQ(registers.orig_rax, SYS_fork);
    CHECK_EQ((pid_t)registers.rax, made);
    CHECK_EQ(message_of(child), 2);
    CHECK_NEXT(made, STOP_STATUS(SIGSTOP));
    OK(kill(made, SIGKILL));
    CHECK_NEXT(made, SIGKILL);
    end_traced(child);
}

TEST(a_step_from_an_event_ends_after_its_call)
{
    TRACED(child)
    {
        if (syscall(SYS_fork) == 0)
            _exit(0);
        wait(NULL);
    }
    options(child, PTRACE_O_TRACEFORK);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_FORK));
    unsigned long after = registers_of(child).rip;
    pid_t made = (pid_t)message_of(child);
    OK(PT(PTRACE_SINGLESTEP, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(registers_of(child).rip, after);
    CHECK_EQ((pid_t)registers_of(child).rax, made);
    CHECK_NEXT(made, STOP_STATUS(SIGSTOP));
    OK(kill(made, SIGKILL));
    CHECK_NEXT(made, SIGKILL);
    end_traced(child);
}

TEST(a_vfork_child_that_executes_is_followed)
{
    TRACED(child)
    {
        pid_t made = vfork();
        if (made == 0)
        {
            execl(check_self, check_self, "--helper", "end_with_five", NULL);
            _exit(1);
        }
        int status;
        CHECK_EQ(waitpid(made, &status, 0), made);
        CHECK_EQ(status, ENDED_STATUS(5));
    }
    options(child, PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEVFORKDONE);
    CONT(child, 0);
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_VFORK));
    pid_t made = (pid_t)message_of(child);
    CHECK_NEXT(made, STOP_STATUS(SIGSTOP));
    CONT(child, 0);
    CONT(made, 0);
    // The parent is let go as soon as the child has other memory; that the tracer looks at it does not matter.
    CHECK_NEXT(made, EVENT_STATUS(PTRACE_EVENT_EXEC));
    CHECK_NEXT(child, EVENT_STATUS(PTRACE_EVENT_VFORK_DONE));
    CONT(made, 0);
    CHECK_NEXT(made, ENDED_STATUS(5));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}
