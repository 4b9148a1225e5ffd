// wait4(2), waitid(2): every option, and which children it chooses.
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

static siginfo_t info;

static int wait_id(idtype_t type, id_t id, int options)
{
    memset(&info, 0x55, sizeof info);
    return (int)syscall(SYS_waitid, type, id, &info, options, NULL);
}

#define CHECK_INFO(wanted_pid, wanted_code, wanted_status)  \
    do                                                      \
    {                                                       \
        CHECK_EQ(info.si_signo, SIGCHLD);                   \
        CHECK_EQ(info.si_pid, wanted_pid);                  \
        CHECK_EQ(info.si_code, wanted_code);                \
        CHECK_EQ(info.si_status, wanted_status);            \
        CHECK_EQ(info.si_uid, getuid());                    \
    } while (0)

static pid_t sleeper(void)
{
    FORK(pid)
        for (;;)
            pause();
    return pid;
}

TEST(waitid_tells_each_change_and_takes_what_it_is_asked_for)
{
    pid_t child = sleeper();
    CHECK_EQ(wait_id(P_ALL, 0, WEXITED | WSTOPPED | WCONTINUED | WNOHANG), 0);
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_signo, 0);
    OK(kill(child, SIGSTOP));
    OK(wait_id(P_PID, (id_t)child, WSTOPPED | WNOWAIT));
    CHECK_INFO(child, CLD_STOPPED, SIGSTOP);
    // Another kind of change it has not got, and the stop is left.
    CHECK_EQ(wait_id(P_PID, (id_t)child, WEXITED | WCONTINUED | WNOHANG), 0);
    CHECK_EQ(info.si_pid, 0);
    OK(wait_id(P_ALL, 0, WSTOPPED));
    CHECK_INFO(child, CLD_STOPPED, SIGSTOP);
    CHECK_EQ(wait_id(P_PID, (id_t)child, WSTOPPED | WNOHANG), 0);
    CHECK_EQ(info.si_pid, 0);
    OK(kill(child, SIGCONT));
    OK(wait_id(P_PID, (id_t)child, WCONTINUED | WNOWAIT));
    CHECK_INFO(child, CLD_CONTINUED, SIGCONT);
    OK(wait_id(P_PID, (id_t)child, WCONTINUED | WEXITED));
    CHECK_INFO(child, CLD_CONTINUED, SIGCONT);
    OK(kill(child, SIGTERM));
    OK(wait_id(P_PID, (id_t)child, WEXITED));
    CHECK_INFO(child, CLD_KILLED, SIGTERM);
    CHECK_ERRNO(wait_id(P_PID, (id_t)child, WEXITED), ECHILD);
}

TEST(waitid_chooses_by_group)
{
    pid_t first = sleeper();
    pid_t second = sleeper();
    OK(setpgid(first, first));
    OK(setpgid(second, first));
    pid_t own = sleeper();
    CHECK_ERRNO(wait_id(P_PGID, 0x3ffffff, WEXITED | WNOHANG), ECHILD);
    OK(kill(-first, SIGKILL));
    OK(wait_id(P_PGID, (id_t)first, WEXITED));
    OK(wait_id(P_PGID, (id_t)first, WEXITED));
    CHECK_ERRNO(wait_id(P_PGID, (id_t)first, WEXITED), ECHILD);
    OK(kill(own, SIGKILL));
    // 0 is the caller's own.
    OK(wait_id(P_PGID, 0, WEXITED));
    CHECK_EQ(info.si_pid, own);
}

TEST(waitid_checks_its_arguments)
{
    CHECK_ERRNO(wait_id(P_ALL, 0, 0), EINVAL);
    CHECK_ERRNO(wait_id(P_ALL, 0, WNOHANG), EINVAL);
    CHECK_ERRNO(wait_id(P_ALL, 0, WEXITED | 0x100), EINVAL);
    CHECK_ERRNO(wait_id(9, 0, WEXITED), EINVAL);
    CHECK_ERRNO(wait_id(P_PID, 0, WEXITED), EINVAL);
    CHECK_ERRNO(wait_id(P_PID, (id_t)-5, WEXITED), EINVAL);
    CHECK_ERRNO(wait_id(P_PGID, (id_t)-5, WEXITED), EINVAL);
    CHECK_ERRNO(wait_id(P_ALL, 0, WEXITED), ECHILD);
    CHECK_ERRNO(syscall(SYS_wait4, -1, NULL, 0x100, NULL), EINVAL);
    pid_t child = sleeper();
    OK(kill(child, SIGKILL));
    // Nobody has to want to know, and what cannot be told is lost.
    CHECK_ERRNO(syscall(SYS_waitid, P_PID, child, 1, WEXITED, NULL), EFAULT);
    CHECK_ERRNO(wait_id(P_PID, (id_t)child, WEXITED), ECHILD);
    child = sleeper();
    OK(kill(child, SIGKILL));
    struct rusage usage;
    memset(&usage, 0xff, sizeof usage);
    OK(syscall(SYS_waitid, P_PID, child, NULL, WEXITED, &usage));
    CHECK(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 1000);
    CHECK(usage.ru_maxrss > 0);
}

// A child that ends with another signal than SIGCHLD, or with none.
static pid_t odd_child(int signo, int status)
{
    pid_t pid = (pid_t)OK(syscall(SYS_clone, signo, 0, NULL, NULL, 0));
    if (pid == 0)
        _exit(status);
    return pid;
}

TEST(children_with_another_signal_are_of_another_kind)
{
    int status;
    pid_t odd = odd_child(0, 5);
    CHECK_ERRNO(waitpid(-1, &status, 0), ECHILD);
    CHECK_ERRNO(waitpid(odd, &status, 0), ECHILD);
    CHECK_EQ(waitpid(odd, &status, __WCLONE), odd);
    CHECK_EQ(status, 5 << 8);
    handle(SIGUSR1, SIG_IGN, 0);
    odd = odd_child(SIGUSR1, 6);
    FORK(usual)
        _exit(7);
    CHECK_EQ(waitpid(-1, &status, __WCLONE), odd);
    CHECK_ERRNO(waitpid(-1, &status, __WCLONE), ECHILD);
    CHECK_EQ(waitpid(-1, &status, 0), usual);
    odd = odd_child(SIGUSR1, 8);
    OK(wait_id(P_PID, (id_t)odd, WEXITED | __WALL | WNOWAIT));
    CHECK_EQ(info.si_status, 8);
    CHECK_ERRNO(wait_id(P_PID, (id_t)odd, WEXITED), ECHILD);
    CHECK_EQ(waitpid(-1, &status, __WALL), odd);
}

static int barrier[2];

static void *make_child(void *result)
{
    FORK(child)
        _exit(9);
    *(pid_t *)result = child;
    char byte;
    // Its own child it sees, whatever the option.
    CHECK_EQ(waitpid(child, NULL, __WNOTHREAD | WNOHANG) >= 0, true);
    CHECK_EQ(read(barrier[0], &byte, 1), 1);
    return NULL;
}

TEST(children_of_another_thread_can_be_left_to_it)
{
    pid_t other = 0;
    pthread_t thread;
    OK(pipe(barrier));
    FORK(own)
        _exit(10);
    CHECK_EQ(pthread_create(&thread, NULL, make_child, &other), 0);
    int status;
    CHECK_EQ(waitpid(-1, &status, __WNOTHREAD), own);
    CHECK_EQ(status, 10 << 8);
    CHECK_ERRNO(waitpid(-1, &status, __WNOTHREAD), ECHILD);
    CHECK_EQ(write(barrier[1], "x", 1), 1);
    pthread_join(thread, NULL);
    // Its children are ours now, if it has not waited itself.
    if (waitpid(-1, &status, __WNOTHREAD) >= 0)
        CHECK_EQ(status, 9 << 8);
}

TEST(usage_of_the_child_comes_with_its_status)
{
    FORK(child)
    {
        struct rusage used;
        do
            OK(getrusage(RUSAGE_SELF, &used));
        while (used.ru_utime.tv_usec + used.ru_stime.tv_usec < 100000);
    }
    struct rusage usage;
    int status;
    CHECK_EQ(syscall(SYS_wait4, child, &status, 0, &usage), child);
    CHECK_EQ(status, 0);
    CHECK(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 100000);
    struct rusage children;
    OK(getrusage(RUSAGE_CHILDREN, &children));
    CHECK(children.ru_utime.tv_sec * 1000000 + children.ru_utime.tv_usec
          >= usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec);
    CHECK_ERRNO(getrusage(5, &usage), EINVAL);
    CHECK_ERRNO(syscall(SYS_getrusage, RUSAGE_SELF, 1), EFAULT);
}
