// credentials(7): who a process is, and what it may become.
#include "check.h"
#include <sys/resource.h>
#include <sys/prctl.h>

TEST(root_becomes_a_user_for_good)
{
    OK(syscall(SYS_setgid, 100));
    OK(syscall(SYS_setuid, 1000));
    uid_t r, e, s;
    OK(getresuid(&r, &e, &s));
    CHECK_EQ(r, 1000);
    CHECK_EQ(e, 1000);
    CHECK_EQ(s, 1000);
    CHECK_EQ(getgid(), 100);
    CHECK_ERRNO(syscall(SYS_setuid, 0), EPERM);
    CHECK_ERRNO(syscall(SYS_setgid, 0), EPERM);
    OK(syscall(SYS_setuid, 1000));
}

TEST(the_effective_user_can_be_put_aside_and_taken_back)
{
    OK(seteuid(1000));
    CHECK_EQ(geteuid(), 1000);
    CHECK_EQ(getuid(), 0);
    OK(seteuid(0));
    CHECK_EQ(geteuid(), 0);
}

TEST(setresuid_allows_only_the_three_ids_one_has)
{
    OK(syscall(SYS_setresuid, 1, 2, 3));
    uid_t r, e, s;
    OK(getresuid(&r, &e, &s));
    CHECK(r == 1 && e == 2 && s == 3);
    OK(syscall(SYS_setresuid, -1, 3, 1));
    OK(getresuid(&r, &e, &s));
    CHECK(r == 1 && e == 3 && s == 1);
    CHECK_ERRNO(syscall(SYS_setresuid, 2, -1, -1), EPERM);
    CHECK_ERRNO(syscall(SYS_setreuid, 77, -1), EPERM);
}

TEST(groups_are_set_by_root_only)
{
    gid_t groups[3] = { 5, 10, 5000 };
    gid_t got[4];
    OK(syscall(SYS_setgroups, 3, groups));
    CHECK_EQ(getgroups(0, NULL), 3);
    CHECK_ERRNO(getgroups(2, got), EINVAL);
    CHECK_EQ(getgroups(4, got), 3);
    CHECK_BYTES(got, groups, sizeof groups);
    OK(syscall(SYS_setuid, 1000));
    CHECK_ERRNO(syscall(SYS_setgroups, 0, NULL), EPERM);
    CHECK_EQ(getgroups(0, NULL), 3);
}

TEST(a_user_may_signal_only_its_own_processes)
{
    FORK(roots)
        for (;;)
            pause();
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(kill(roots, SIGTERM), EPERM);
        CHECK_ERRNO(kill(roots, 0), EPERM);
        CHECK_ERRNO(kill(1, SIGTERM), EPERM);
        FORK(own)
            for (;;)
                pause();
        OK(kill(own, SIGTERM));
        CHECK_KILLED(own, SIGTERM);
    }
    CHECK_EXITS(user, 0);
    OK(kill(roots, SIGKILL));
    CHECK_KILLED(roots, SIGKILL);
}

HELPER(print_ids)
{
    uid_t r, e, s;
    OK(getresuid(&r, &e, &s));
    CHECK_EQ(r, 1000);
    CHECK_EQ(e, atoi(argv[0]));
    CHECK_EQ(s, atoi(argv[0]));
    return 0;
}

TEST(a_setuid_program_runs_as_its_owner)
{
    static char buffer[65536];
    scratch();
    int from = OK(open(check_self, O_RDONLY));
    int to = OK(open("program", O_WRONLY | O_CREAT, 0755));
    ssize_t length;
    while ((length = OK(read(from, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(to, buffer, (size_t)length), length);
    OK(close(to));
    OK(chown("program", 4321, 0));
    for (int setuid_bit = 0; setuid_bit < 2; setuid_bit++)
    {
        OK(chmod("program", setuid_bit ? 04755 : 0755));
        FORK(child)
        {
            become(1000);
            OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
            OK(execl("./program", "program", "--helper", "print_ids", setuid_bit ? "4321" : "1000", NULL));
        }
        CHECK_EXITS(child, 0);
    }
}

TEST(no_new_privs_disarms_the_setuid_bit)
{
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    CHECK_ERRNO(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
}

TEST(the_name_of_a_process_can_be_set)
{
    char name[16];
    char text[32];
    OK(prctl(PR_SET_NAME, "a name that is much too long", 0, 0, 0));
    OK(prctl(PR_GET_NAME, name, 0, 0, 0));
    CHECK_STR(name, "a name that is ");
    read_file("/proc/self/comm", text, sizeof text);
    CHECK_STR(text, "a name that is \n");
}

TEST(a_parent_death_signal_arrives)
{
    struct gate gate = new_gate();
    int ends[2];
    OK(pipe(ends));
    FORK(parent)
    {
        FORK(orphan)
        {
            OK(close(ends[0]));
            OK(prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0));
            open_gate(&gate);
            for (;;)
                pause();
        }
        pass_gate(&gate);
    }
    CHECK_EXITS(parent, 0);
    OK(close(ends[1]));
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}

TEST(priorities_are_lowered_by_anyone_and_raised_by_root)
{
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
    OK(setpriority(PRIO_PROCESS, 0, -5));
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), -5);
    OK(setpriority(PRIO_PROCESS, 0, 100));
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
    OK(setpriority(PRIO_PROCESS, 0, 5));
    become(1000);
    OK(setpriority(PRIO_PROCESS, 0, 6));
    CHECK_ERRNO(setpriority(PRIO_PROCESS, 0, 1), EACCES);
    CHECK_ERRNO(setpriority(PRIO_PROCESS, 1, 10), EPERM);
    CHECK_ERRNO(getpriority(77, 0), EINVAL);
    CHECK_ERRNO(getpriority(PRIO_PROCESS, 0x3ffffff), ESRCH);
    FORK(child)
        CHECK_EQ(getpriority(PRIO_PROCESS, 0), 6);
    CHECK_EXITS(child, 0);
}
