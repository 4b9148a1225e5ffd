// clone(2) and clone3(2): chosen ids, and the flags that are refused.
#include "check.h"

struct arguments
{
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup;
};

static long clone3(struct arguments *arguments) { return syscall(SYS_clone3, arguments, sizeof *arguments); }

static pid_t free_id(void)
{
    FORK(child) { }
    CHECK_EXITS(child, 0);
    return child;
}

TEST(set_tid_chooses_the_id_of_the_child)
{
    pid_t wanted = free_id();
    struct arguments arguments = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&wanted, .set_tid_size = 1 };
    long child = OK(clone3(&arguments));
    if (child == 0)
        _exit(getpid() == wanted ? 0 : 1);
    CHECK_EQ(child, wanted);
    CHECK_EXITS(wanted, 0);
}

TEST(set_tid_that_is_taken_is_eexist)
{
    pid_t wanted = getpid();
    struct arguments arguments = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&wanted, .set_tid_size = 1 };
    CHECK_ERRNO(clone3(&arguments), EEXIST);
    wanted = getpgrp();
    CHECK_ERRNO(clone3(&arguments), EEXIST);
}

TEST(set_tid_checks_its_arguments)
{
    pid_t ids[40] = { 0 };
    struct arguments arguments = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)ids, .set_tid_size = 1 };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    ids[0] = -1;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    ids[0] = 0x7fffffff;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    ids[0] = free_id();
    arguments.set_tid_size = 33;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments.set_tid_size = 2;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments.set_tid_size = 0;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments.set_tid_size = 1;
    arguments.set_tid = 0;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments.set_tid = 8;
    CHECK_ERRNO(clone3(&arguments), EFAULT);
    CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

TEST(only_the_privileged_choose_an_id)
{
    pid_t wanted = free_id();
    FORK(user)
    {
        become(1000);
        struct arguments arguments = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&wanted, .set_tid_size = 1 };
        CHECK_ERRNO(clone3(&arguments), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(no_descriptor_but_a_control_groups_is_one)
{
    struct arguments arguments = { .exit_signal = SIGCHLD, .flags = 0x200000000ULL };
    arguments.cgroup = (uint64_t)OK(open("/dev/null", O_RDONLY));
    CHECK_ERRNO(clone3(&arguments), EBADF);
    arguments.cgroup = 0x80000000;
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments.cgroup = 1000;
    CHECK_ERRNO(clone3(&arguments), EBADF);
    CHECK_ERRNO(syscall(SYS_clone3, &arguments, 80), EINVAL);
}

TEST(a_user_may_not_make_namespaces)
{
    FORK(user)
    {
        become(1000);
        const unsigned long kinds[] = { CLONE_NEWUTS, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP };
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        {
            CHECK_ERRNO(syscall(SYS_clone, kinds[i] | SIGCHLD, NULL, NULL, NULL, NULL), EPERM);
            CHECK_ERRNO(unshare((int)kinds[i]), EPERM);
        }
    }
    CHECK_EXITS(user, 0);
}

TEST(flags_that_do_not_go_together_are_einval)
{
    const unsigned long pairs[] = {
        CLONE_THREAD, CLONE_SIGHAND, CLONE_THREAD | CLONE_VM, CLONE_FS | CLONE_NEWNS, CLONE_FS | CLONE_NEWUSER,
        CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWUSER,
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        CHECK_ERRNO(syscall(SYS_clone, pairs[i] | SIGCHLD, NULL, NULL, NULL, NULL), EINVAL);
    struct arguments arguments = { .flags = CLONE_VM | CLONE_SIGHAND | 0x100000000ULL, .exit_signal = SIGCHLD };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments = (struct arguments){ .flags = CLONE_PARENT, .exit_signal = SIGCHLD };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments = (struct arguments){ .flags = CLONE_DETACHED, .exit_signal = SIGCHLD };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments = (struct arguments){ .exit_signal = 65 };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
    arguments = (struct arguments){ .flags = 1ULL << 40 };
    CHECK_ERRNO(clone3(&arguments), EINVAL);
}

TEST(clear_sighand_forgets_handlers_and_keeps_what_is_ignored)
{
    handle(SIGUSR1, (void (*)(int))1234, 0);
    handle(SIGUSR2, SIG_IGN, 0);
    struct arguments arguments = { .flags = 0x100000000ULL, .exit_signal = SIGCHLD };
    long child = OK(clone3(&arguments));
    if (child == 0)
    {
        struct sigaction first, second;
        OK(sigaction(SIGUSR1, NULL, &first));
        OK(sigaction(SIGUSR2, NULL, &second));
        _exit(first.sa_handler == SIG_DFL && second.sa_handler == SIG_IGN ? 0 : 1);
    }
    CHECK_EXITS((pid_t)child, 0);
}

TEST(with_clone_parent_the_child_is_a_sibling)
{
    struct gate gate = new_gate();
    pid_t own = getpid();
    FORK(middle)
    {
        long child = OK(syscall(SYS_clone, CLONE_PARENT | SIGUSR1, NULL, NULL, NULL, NULL));
        if (child == 0)
        {
            CHECK_EQ(getppid(), own);
            open_gate(&gate);
            _exit(4);
        }
        CHECK_ERRNO(waitpid((pid_t)child, NULL, __WALL), ECHILD);
    }
    pass_gate(&gate);
    CHECK_EXITS(middle, 0);
    int status = 0;
    CHECK(OK(wait(&status)) > 0);
    CHECK_EQ(status, 4 << 8);
}

TEST(setns_wants_a_namespace)
{
    CHECK_ERRNO(setns(-1, 0), EBADF);
    int null = OK(open("/dev/null", O_RDONLY));
    CHECK_ERRNO(setns(null, 0), EINVAL);
    int self = OK((int)syscall(SYS_pidfd_open, getpid(), 0));
    CHECK_ERRNO(setns(self, 0), EINVAL);
}
