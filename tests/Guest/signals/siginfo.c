// sigaction(2), "The siginfo_t argument": what it says for each cause there is beside faults.
#include "check.h"
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

enum { FROM_KERNEL = 0x80 }; // SI_KERNEL

static siginfo_t wait_for(int signo)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, signo);
    CHECK_EQ(OK(sigwaitinfo(&set, &info)), signo);
    CHECK_EQ(info.si_signo, signo);
    CHECK_EQ(info.si_errno, 0);
    return info;
}

TEST(kill_tells_the_real_user_of_the_sender)
{
    block(SIGUSR1);
    pid_t parent = getpid();
    FORK(child)
    {
        OK(syscall(SYS_setresuid, 1000, 0, 0));
        OK(kill(parent, SIGUSR1));
    }
    siginfo_t info = wait_for(SIGUSR1);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_uid, 1000);
    CHECK_EXITS(child, 0);
}

TEST(tgkill_and_tkill_tell_si_tkill_with_the_process_as_sender)
{
    block(SIGUSR1);
    OK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1));
    siginfo_t info = wait_for(SIGUSR1);
    CHECK_EQ(info.si_code, SI_TKILL);
    CHECK_EQ(info.si_pid, getpid());
    CHECK_EQ(info.si_uid, 0);
    OK(syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1));
    CHECK_EQ(wait_for(SIGUSR1).si_code, SI_TKILL);
    CHECK_ERRNO(syscall(SYS_tgkill, 0, getpid(), SIGUSR1), EINVAL);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), 0, SIGUSR1), EINVAL);
    CHECK_ERRNO(syscall(SYS_tkill, -1, SIGUSR1), EINVAL);
    CHECK_ERRNO(syscall(SYS_tgkill, 1, getpid(), SIGUSR1), ESRCH);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), getpid(), 65), EINVAL);
}

TEST(alarms_and_interval_timers_are_the_kernels)
{
    block(SIGALRM);
    block(SIGVTALRM);
    OK(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 1000 } }, NULL));
    siginfo_t info = wait_for(SIGALRM);
    CHECK_EQ(info.si_code, FROM_KERNEL);
    CHECK_EQ(info.si_pid, 0);
    OK(setitimer(ITIMER_VIRTUAL, &(struct itimerval){ .it_value = { 0, 1000 } }, NULL));
    sigset_t pending;
    do
        OK(sigpending(&pending));
    while (!sigismember(&pending, SIGVTALRM));
    CHECK_EQ(wait_for(SIGVTALRM).si_code, FROM_KERNEL);
}

TEST(a_broken_pipe_is_sent_by_the_writer_itself)
{
    struct gate gate = new_gate();
    OK(close(gate.ends[0]));
    block(SIGPIPE);
    CHECK_ERRNO(write(gate.ends[1], "x", 1), EPIPE);
    siginfo_t info = wait_for(SIGPIPE);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, getpid());
    CHECK_EQ(info.si_uid, 0);
}

TEST(a_file_too_large_is_sent_by_the_writer_itself)
{
    scratch();
    int fd = write_file("file", "", 0);
    block(SIGXFSZ);
    OK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 }));
    CHECK_ERRNO(write(fd, "x", 1), EFBIG);
    siginfo_t info = wait_for(SIGXFSZ);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, getpid());
}

TEST(too_much_processor_time_is_the_kernels)
{
    block(SIGXCPU);
    OK(setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 20 }));
    sigset_t pending;
    do
        OK(sigpending(&pending));
    while (!sigismember(&pending, SIGXCPU));
    CHECK_EQ(wait_for(SIGXCPU).si_code, FROM_KERNEL);
}

TEST(the_death_of_a_parent_is_sent_by_it)
{
    struct gate ready = new_gate();
    struct gate told = new_gate();
    FORK(parent)
    {
        pid_t self = getpid();
        FORK(child)
        {
            block(SIGUSR2);
            OK(prctl(PR_SET_PDEATHSIG, SIGUSR2));
            open_gate(&ready);
            siginfo_t info = wait_for(SIGUSR2);
            CHECK_EQ(info.si_code, SI_USER);
            CHECK_EQ(info.si_pid, self);
            open_gate(&told);
        }
        pass_gate(&ready);
    }
    CHECK_EXITS(parent, 0);
    pass_gate(&told);
}

TEST(pdeathsig_is_forgotten_by_fork_and_kept_by_exec)
{
    int signo;
    OK(prctl(PR_SET_PDEATHSIG, SIGUSR2));
    FORK(child)
    {
        OK(prctl(PR_GET_PDEATHSIG, &signo));
        CHECK_EQ(signo, 0);
    }
    CHECK_EXITS(child, 0);
    OK(prctl(PR_GET_PDEATHSIG, &signo));
    CHECK_EQ(signo, SIGUSR2);
    CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, 65), EINVAL);
    CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, -1), EINVAL);
    OK(syscall(SYS_setresuid, 1000, 1000, 0));
    OK(prctl(PR_GET_PDEATHSIG, &signo));
    CHECK_EQ(signo, 0);
}

static siginfo_t child_told;
static siginfo_t of_child(void (*body)(void))
{
    block(SIGCHLD);
    FORK(child)
        body();
    siginfo_t info = wait_for(SIGCHLD);
    CHECK_EQ(info.si_pid, child);
    // waitid tells the same.
    OK(waitid(P_PID, (id_t)child, &child_told, WEXITED));
    CHECK_EQ(child_told.si_code, info.si_code);
    CHECK_EQ(child_told.si_status, info.si_status);
    CHECK_EQ(child_told.si_uid, info.si_uid);
    CHECK_EQ(child_told.si_signo, SIGCHLD);
    return info;
}

static void exit_as_user(void)
{
    OK(syscall(SYS_setresuid, 1000, 1000, 1000));
    _exit(300);
}

static void die(void) { OK(kill(getpid(), SIGTERM)); }

static void die_with_core(void)
{
    OK(setrlimit(RLIMIT_CORE, &(struct rlimit){ 1 << 26, 1 << 26 }));
    abort();
}

static void work(void)
{
    struct timespec used;
    do
        OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
    while (used.tv_nsec < 300000000);
}

TEST(sigchld_tells_status_user_and_times)
{
    scratch();
    siginfo_t info = of_child(exit_as_user);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_status, 300 & 255);
    CHECK_EQ(info.si_uid, 1000);
    info = of_child(die);
    CHECK_EQ(info.si_code, CLD_KILLED);
    CHECK_EQ(info.si_status, SIGTERM);
    CHECK_EQ(info.si_uid, 0);
    info = of_child(die_with_core);
    CHECK_EQ(info.si_code, CLD_DUMPED);
    CHECK_EQ(info.si_status, SIGABRT);
    info = of_child(work);
    CHECK_EQ(info.si_status, 0);
    CHECK(info.si_utime + info.si_stime >= 5 && info.si_utime + info.si_stime < 500);
}

TEST(stops_and_continuations_tell_sigchld)
{
    block(SIGCHLD);
    FORK(child)
        for (;;)
            pause();
    for (int turn = 0; turn < 2; turn++)
    {
        OK(kill(child, turn == 0 ? SIGSTOP : SIGTSTP));
        siginfo_t info = wait_for(SIGCHLD);
        CHECK_EQ(info.si_code, CLD_STOPPED);
        CHECK_EQ(info.si_status, turn == 0 ? SIGSTOP : SIGTSTP);
        OK(kill(child, SIGCONT));
        info = wait_for(SIGCHLD);
        CHECK_EQ(info.si_code, CLD_CONTINUED);
        CHECK_EQ(info.si_status, SIGCONT);
    }
    OK(kill(child, SIGKILL));
    CHECK_EQ(wait_for(SIGCHLD).si_status, SIGKILL);
    CHECK_KILLED(child, SIGKILL);
}

static pid_t clone_with_signal(int signo)
{
    pid_t child = (pid_t)OK(syscall(SYS_clone, signo, NULL, NULL, NULL, NULL));
    if (child == 0)
        _exit(4);
    return child;
}

TEST(another_exit_signal_carries_the_same)
{
    block(SIGUSR1);
    pid_t child = clone_with_signal(SIGUSR1);
    siginfo_t info = wait_for(SIGUSR1);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_status, 4);
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
    CHECK_EQ(OK(waitpid(child, NULL, __WALL)), child);
}

static volatile siginfo_t caught;
static void remember(UNUSED int signo, siginfo_t *info, UNUSED void *context) { caught = *info; }

TEST(misaligned_access_with_alignment_checks_is_sigbus_adraln)
{
    // QEMU's software emulation may not check: then the access works.
    handle_info(SIGBUS, remember, SA_RESETHAND);
    FORK(child)
    {
        handle(SIGBUS, SIG_DFL, 0);
        static char bytes[16] __attribute__((aligned(16)));
        __asm__ volatile("sub $128, %%rsp\n pushfq\n orl $0x40000, (%%rsp)\n popfq\n"
                         "movl 1(%0), %%eax\n"
                         "pushfq\n andl $~0x40000, (%%rsp)\n popfq\n add $128, %%rsp"
                         : : "r"(bytes) : "rax", "memory", "cc");
    }
    int status = STATUS_OF(child);
    CHECK(status == 0 || WTERMSIG(status) == SIGBUS);
}

static void *wait_here(UNUSED void *argument)
{
    for (;;)
        pause();
    return NULL;
}

TEST(a_fatal_signal_of_a_thread_is_the_status_of_the_process)
{
    FORK(child)
    {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, wait_here, NULL), 0);
        pthread_kill(thread, SIGUSR2);
        wait_here(NULL);
    }
    CHECK_KILLED(child, SIGUSR2);
}
