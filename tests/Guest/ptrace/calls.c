// Stops at the entry and the exit of system calls, and what a tracer can change there.
#include "tracing.h"
#include <sys/prctl.h>

// struct ptrace_syscall_info of linux/ptrace.h, which musl does not have in every version.
struct call_info
{
    uint8_t op;
    uint8_t pad[3];
    uint32_t arch;
    uint64_t ip, sp;
    union
    {
        struct { uint64_t nr, args[6]; } entry;
        struct { int64_t rval; uint8_t is_error; } exit;
        char room[200];
    };
};

#define GET_SYSCALL_INFO 0x420e

static void to_call(pid_t pid, int status)
{
    OK(PT(PTRACE_SYSCALL, pid, 0, 0));
    CHECK_NEXT(pid, status);
}

TEST(a_call_stops_at_entry_and_at_exit)
{
    TRACED(child)
        syscall(SYS_getppid);
    OK(PT(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
    // raise() has something left to do.
    struct user_regs_struct registers;
    do
    {
        to_call(child, GOOD_STATUS);
        registers = registers_of(child);
    } while (registers.orig_rax != SYS_getppid);
    CHECK_EQ(registers.rax, -ENOSYS);
    CHECK_EQ(message_of(child), 1);
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_signo, SIGTRAP);
    CHECK_EQ(info.si_code, SIGTRAP | 0x80);
    CHECK_EQ(info.si_pid, child);
    to_call(child, GOOD_STATUS);
    registers = registers_of(child);
    CHECK_EQ(registers.orig_rax, SYS_getppid);
    CHECK_EQ(registers.rax, getpid());
    CHECK_EQ(message_of(child), 2);
    to_call(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).orig_rax, SYS_exit_group);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(without_sysgood_it_is_a_bare_sigtrap)
{
    TRACED(child)
        syscall(SYS_getppid);
    to_call(child, STOP_STATUS(SIGTRAP));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, SIGTRAP);
    end_traced(child);
}

static void stop_at_entry_of(pid_t child, unsigned long number)
{
    OK(PT(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
    do
        to_call(child, GOOD_STATUS);
    while (registers_of(child).orig_rax != number || (long)registers_of(child).rax != -ENOSYS);
}

TEST(get_syscall_info_tells_of_both_stops)
{
    TRACED(child)
        syscall(SYS_write, -1l, 2l, 3l, 4l, 5l, 6l);
    struct call_info info;
    memset(&info, 0x55, sizeof info);
    CHECK_EQ(PT(GET_SYSCALL_INFO, child, sizeof info, &info), 24);
    CHECK_EQ(info.op, 0);
    CHECK_EQ(info.arch, 0xc000003e);
    CHECK_EQ(info.ip, registers_of(child).rip);
    CHECK_EQ(info.sp, registers_of(child).rsp);
    CHECK_EQ(info.entry.nr, 0x5555555555555555);

    stop_at_entry_of(child, SYS_write);
    CHECK_EQ(PT(GET_SYSCALL_INFO, child, sizeof info, &info), 80);
    CHECK_EQ(info.op, 1);
    CHECK_EQ(info.entry.nr, SYS_write);
    static const long wanted[] = { -1, 2, 3, 4, 5, 6 };
    for (int i = 0; i < 6; i++)
        CHECK_EQ(info.entry.args[i], wanted[i]);
    CHECK_ERRNO(PT(GET_SYSCALL_INFO, child, 8, 8), EFAULT);
    memset(&info, 0x55, sizeof info);
    CHECK_EQ(PT(GET_SYSCALL_INFO, child, 1, &info), 80);
    CHECK_EQ(info.op, 1);
    CHECK_EQ(info.arch, 0x55555555);
    CHECK_EQ(PT(GET_SYSCALL_INFO, child, 0, &info), 80);

    to_call(child, GOOD_STATUS);
    CHECK_EQ(PT(GET_SYSCALL_INFO, child, sizeof info, &info), 33);
    CHECK_EQ(info.op, 2);
    CHECK_EQ(info.exit.rval, -EBADF);
    CHECK_EQ(info.exit.is_error, 1);
    end_traced(child);
}

TEST(another_number_at_entry_makes_another_call)
{
    TRACED(child)
        _exit(syscall(SYS_getppid) == getpid() ? 0 : 1);
    stop_at_entry_of(child, SYS_getppid);
    struct user_regs_struct registers = registers_of(child);
    registers.orig_rax = SYS_getpid;
    OK(PT(PTRACE_SETREGS, child, 0, &registers));
    to_call(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).orig_rax, SYS_getpid);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(number_minus_one_skips_the_call)
{
    TRACED(child)
    {
        long result = syscall(SYS_getppid);
        _exit(result == -1 && errno == ENOSYS ? 0 : 1);
    }
    stop_at_entry_of(child, SYS_getppid);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, orig_rax), -1));
    to_call(child, GOOD_STATUS);
    CHECK_EQ((long)registers_of(child).rax, -ENOSYS);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_skipped_call_returns_what_the_tracer_says)
{
    TRACED(child)
        _exit(syscall(SYS_getppid) == 4711 ? 0 : 1);
    stop_at_entry_of(child, SYS_getppid);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, orig_rax), -1));
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, rax), 4711));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(arguments_and_results_can_be_changed)
{
    TRACED(child)
        _exit(syscall(SYS_close, 1000) == 17 ? 0 : 1);
    stop_at_entry_of(child, SYS_close);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, rdi), 0));
    to_call(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).rax, 0);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, rax), 17));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(sysemu_makes_no_call_and_has_no_exit)
{
    TRACED(child)
    {
        CHECK_EQ(syscall(SYS_getppid), 99);
        syscall(SYS_kill, getpid(), SIGKILL);
        _exit(0);
    }
    stop_at_entry_of(child, SYS_getppid);
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, orig_rax), -1));
    OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, rax), 99));
    OK(PT(PTRACE_SYSEMU, child, 0, 0));
    CHECK_NEXT(child, GOOD_STATUS);
    // Only two entries are left, since musl keeps the process id nowhere: getpid, and the kill itself.
    if (registers_of(child).orig_rax == SYS_getpid)
    {
        OK(PT(PTRACE_POKEUSER, child, offsetof(struct user_regs_struct, rax), child));
        OK(PT(PTRACE_SYSEMU, child, 0, 0));
        CHECK_NEXT(child, GOOD_STATUS);
    }
    CHECK_EQ(registers_of(child).orig_rax, SYS_kill);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_signal_given_along_at_a_call_is_sent)
{
    TRACED(child)
    {
        syscall(SYS_getppid);
        _exit(1);
    }
    stop_at_entry_of(child, SYS_getppid);
    CONT(child, SIGUSR1);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, SI_KERNEL);
    CONT(child, SIGUSR1);
    CHECK_NEXT(child, SIGUSR1);
}

TEST(an_interrupted_call_shows_its_code_at_exit)
{
    int gate[2];
    OK(pipe(gate));
    TRACED(child)
    {
        char byte;
        CHECK_EQ(read(gate[0], &byte, 1), 1);
        _exit(byte);
    }
    stop_at_entry_of(child, SYS_read);
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGWINCH));
    CHECK_NEXT(child, GOOD_STATUS);
    CHECK_EQ((long)registers_of(child).rax, -512);
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGWINCH));
    OK(PT(PTRACE_SYSCALL, child, 0, SIGWINCH));
    CHECK_NEXT(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).orig_rax, SYS_read);
    CHECK_EQ((long)registers_of(child).rax, -ENOSYS);
    CHECK_EQ(write(gate[1], "\x09", 1), 1);
    CONT(child, 0);
    CHECK_EXITS(child, 9);
}

TEST(an_interrupted_sleep_goes_on_as_restart_syscall)
{
    TRACED(child)
    {
        struct timespec time = { 0, 300000000 };
        CHECK_EQ(nanosleep(&time, NULL), 0);
    }
    stop_at_entry_of(child, SYS_nanosleep);
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    EVENTUALLY(state_of(child) == 'S');
    OK(kill(child, SIGWINCH));
    CHECK_NEXT(child, GOOD_STATUS);
    CHECK_EQ((long)registers_of(child).rax, -516);
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGWINCH));
    OK(PT(PTRACE_SYSCALL, child, 0, 0));
    CHECK_NEXT(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).orig_rax, SYS_restart_syscall);
    to_call(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).rax, 0);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

static void do_nothing(UNUSED int signal)
{
}

TEST(sigreturn_leaves_no_number_of_a_call)
{
    TRACED(child)
    {
        handle(SIGUSR1, do_nothing, 0);
        raise(SIGUSR1);
        syscall(SYS_getppid);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    OK(PT(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD));
    OK(PT(PTRACE_SYSCALL, child, 0, SIGUSR1));
    CHECK_NEXT(child, GOOD_STATUS);
    CHECK_EQ(registers_of(child).orig_rax, SYS_rt_sigreturn);
    to_call(child, GOOD_STATUS);
    CHECK_EQ((long)registers_of(child).orig_rax, -1);
    end_traced(child);
}

TEST(a_number_without_a_call_stops_twice_as_well)
{
    TRACED(child)
        CHECK_ERRNO(syscall(3000), ENOSYS);
    stop_at_entry_of(child, 3000);
    to_call(child, GOOD_STATUS);
    CHECK_EQ((long)registers_of(child).rax, -ENOSYS);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

HELPER(end_at_once)
{
    return 3;
}

TEST(exec_has_an_exit_too)
{
    TRACED(child)
        execl(check_self, check_self, "--helper", "end_at_once", NULL);
    OK(PT(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
    do
        to_call(child, GOOD_STATUS);
    while (registers_of(child).orig_rax != SYS_execve);
    to_call(child, EVENT_STATUS(PTRACE_EVENT_EXEC));
    CHECK_EQ(message_of(child), child);
    struct user_regs_struct registers = registers_of(child);
    CHECK_EQ(registers.orig_rax, SYS_execve);
    to_call(child, GOOD_STATUS);
    registers = registers_of(child);
    CHECK_EQ(registers.orig_rax, SYS_execve);
    CHECK_EQ(registers.rax, 0);
    CHECK_EQ(registers.rbx, 0);
    CHECK_EQ(registers.cs, 0x33);
    CHECK_EQ(registers.ss, 0x2b);
    CHECK_EQ(registers.eflags & ~2ull, 0x200);
    CONT(child, 0);
    CHECK_EXITS(child, 3);
}

TEST(exec_without_the_option_raises_sigtrap)
{
    TRACED(child)
        execl(check_self, check_self, "--helper", "end_at_once", NULL);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(info.si_pid, child);
    CONT(child, 0);
    CHECK_EXITS(child, 3);
}
