// seccomp(2): which system calls a thread may make.
#include "check.h"
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <ucontext.h>

struct instruction { uint16_t code; uint8_t jt, jf; uint32_t k; };
struct program { unsigned short length; struct instruction *first; };
struct data { int nr; uint32_t arch; uint64_t ip; uint64_t args[6]; };

enum
{
    SET_STRICT, SET_FILTER, GET_ACTION_AVAIL,
    TSYNC = 1, LOG = 2, SPEC_ALLOW = 4, TSYNC_ESRCH = 16,
    LD_ABS = 0x20, LD_IMM = 0, LDX_IMM = 1, LD_LEN = 0x80, LD_MEM = 0x60, ST = 2, STX = 3, RET = 6, RET_A = 0x16,
    JEQ = 0x15, JA = 5, JGT = 0x25, JGE = 0x35, JSET = 0x45, ADD = 4, SUB = 0x14, MUL = 0x24, DIV = 0x34,
    DIV_X = 0x3c, OR = 0x44, AND = 0x54, LSH = 0x64, RSH = 0x74, NEG = 0x84, MOD = 0x94, XOR = 0xa4,
    TAX = 7, TXA = 0x87, NR = 0, ARCH = 4,
};

#define ALLOW 0x7fff0000u
#define ERRNO 0x00050000u
#define TRAP 0x00030000u
#define TRACE 0x7ff00000u
#define LOGGED 0x7ffc0000u
#define KILL_THREAD 0u
#define KILL_PROCESS 0x80000000u
#define NOTIFY 0x7fc00000u

static long seccomp(unsigned operation, unsigned flags, void *argument)
{
    return syscall(SYS_seccomp, operation, flags, argument);
}

static long install(struct instruction *first, size_t length, unsigned flags)
{
    struct program program = { (unsigned short)length, first };
    return seccomp(SET_FILTER, flags, &program);
}

#define INSTALL(...)                                                                    \
    ({                                                                                  \
        struct instruction check_code[] = { __VA_ARGS__ };                              \
        install(check_code, sizeof check_code / sizeof *check_code, 0);                 \
    })

// One call has an answer of its own, all others are allowed.
static long answer(int number, uint32_t with, unsigned flags)
{
    struct instruction code[] = { { LD_ABS, 0, 0, NR }, { JEQ, 0, 1, (uint32_t)number }, { RET, 0, 0, with },
                                  { RET, 0, 0, ALLOW } };
    return install(code, 4, flags);
}

TEST(without_privilege_it_needs_no_new_privs)
{
    become(1000);
    CHECK_ERRNO(answer(SYS_getppid, ERRNO | 5, 0), EACCES);
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    OK(answer(SYS_getppid, ERRNO | 5, 0));
    CHECK_ERRNO(syscall(SYS_getppid), 5);
}

TEST(arguments_are_checked)
{
    struct instruction allow = { RET, 0, 0, ALLOW };
    CHECK_ERRNO(seccomp(77, 0, NULL), EINVAL);
    CHECK_ERRNO(seccomp(SET_STRICT, 1, NULL), EINVAL);
    CHECK_ERRNO(seccomp(SET_STRICT, 0, &allow), EINVAL);
    CHECK_ERRNO(seccomp(SET_FILTER, 0, NULL), EFAULT);
    CHECK_ERRNO(install(&allow, 1, 1u << 30), EINVAL);
    CHECK_ERRNO(install(&allow, 0, 0), EINVAL);
    CHECK_ERRNO(install(&allow, 4097, 0), EINVAL);
    CHECK_ERRNO(install(NULL, 1, 0), EINVAL);
    CHECK_ERRNO(install((void *)8, 1, 0), EFAULT);
    CHECK_ERRNO(prctl(PR_SET_SECCOMP, 0, 0, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_SET_SECCOMP, 3, 0, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_SET_SECCOMP, 2, 0, 0, 0), EFAULT);
    CHECK_EQ(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 0);
    uint32_t action = ALLOW;
    OK(seccomp(GET_ACTION_AVAIL, 0, &action));
    action = 0x12340000;
    CHECK_ERRNO(seccomp(GET_ACTION_AVAIL, 0, &action), EOPNOTSUPP);
    CHECK_ERRNO(seccomp(GET_ACTION_AVAIL, 1, &action), EINVAL);
    CHECK_ERRNO(seccomp(GET_ACTION_AVAIL, 0, NULL), EFAULT);
}

#define RETURN { RET, 0, 0, ALLOW }

TEST(only_valid_programs_are_taken)
{
    CHECK_ERRNO(INSTALL({ LD_IMM, 0, 0, 1 }), EINVAL);               // does not end
    CHECK_ERRNO(INSTALL({ LD_ABS, 0, 0, 64 }, RETURN), EINVAL);      // past the data
    CHECK_ERRNO(INSTALL({ LD_ABS, 0, 0, 2 }, RETURN), EINVAL);       // not aligned
    CHECK_ERRNO(INSTALL({ 0x28, 0, 0, 0 }, RETURN), EINVAL);         // half a word
    CHECK_ERRNO(INSTALL({ 0x40, 0, 0, 0 }, RETURN), EINVAL);         // indexed
    CHECK_ERRNO(INSTALL({ JA, 0, 0, 1 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ JA, 0, 0, 0xffffffff }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ JEQ, 1, 0, 0 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ JEQ, 0, 255, 0 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ DIV, 0, 0, 0 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ LSH, 0, 0, 32 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ MOD, 0, 0, 3 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ ST, 0, 0, 16 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ LD_MEM, 0, 0, 3 }, RETURN), EINVAL);       // never written
    CHECK_ERRNO(INSTALL({ JEQ, 1, 0, 0 }, { ST, 0, 0, 3 }, { LD_MEM, 0, 0, 3 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ 0xffff, 0, 0, 0 }, RETURN), EINVAL);
    CHECK_ERRNO(INSTALL({ RET | 8, 0, 0, 0 }), EINVAL);
    CHECK_EQ(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 0);
    OK(INSTALL({ ST, 0, 0, 3 }, { LD_MEM, 0, 0, 3 }, { XOR, 0, 0, 1 }, RETURN));
    CHECK_EQ(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 2);
}

// The errno of a getppid() is what the instructions leave in the accumulator.
#define COMPUTES(value, ...)                                                                        \
    do                                                                                              \
    {                                                                                               \
        FORK(check_computer)                                                                        \
        {                                                                                           \
            OK(INSTALL({ LD_ABS, 0, 0, NR }, { JEQ, 1, 0, SYS_getppid }, RETURN, __VA_ARGS__,       \
                       { OR, 0, 0, ERRNO }, { RET_A, 0, 0, 0 }));                                   \
            CHECK_ERRNO(syscall(SYS_getppid, 7, 0x500000009, 3), value);                            \
        }                                                                                           \
        CHECK_EXITS(check_computer, 0);                                                             \
    } while (0)

TEST(instructions_compute)
{
    COMPUTES(110, { LD_ABS, 0, 0, NR });
    COMPUTES(7, { LD_ABS, 0, 0, 16 });
    COMPUTES(9, { LD_ABS, 0, 0, 24 });
    COMPUTES(5, { LD_ABS, 0, 0, 28 });
    COMPUTES(0x3e, { LD_ABS, 0, 0, ARCH }, { AND, 0, 0, 0xff });
    COMPUTES(64, { LD_LEN, 0, 0, 0 });
    COMPUTES(3, { LD_IMM, 0, 0, 1 }, { ADD, 0, 0, 2 });
    COMPUTES(4, { LD_IMM, 0, 0, 1 }, { SUB, 0, 0, 0xfffffffd });
    COMPUTES(42, { LD_IMM, 0, 0, 6 }, { MUL, 0, 0, 7 });
    COMPUTES(6, { LD_IMM, 0, 0, 45 }, { LDX_IMM, 0, 0, 7 }, { DIV_X, 0, 0, 0 });
    COMPUTES(12, { LD_IMM, 0, 0, 3 }, { LSH, 0, 0, 2 });
    COMPUTES(3, { LD_IMM, 0, 0, 13 }, { RSH, 0, 0, 2 });
    COMPUTES(9, { LD_IMM, 0, 0, 0xfffffff7 }, { NEG, 0, 0, 0 });
    COMPUTES(6, { LD_IMM, 0, 0, 5 }, { XOR, 0, 0, 3 });
    COMPUTES(8, { LDX_IMM, 0, 0, 8 }, { STX, 0, 0, 15 }, { LD_MEM, 0, 0, 15 });
    COMPUTES(8, { LD_IMM, 0, 0, 8 }, { TAX, 0, 0, 0 }, { LD_IMM, 0, 0, 1 }, { TXA, 0, 0, 0 });
    COMPUTES(1, { LD_IMM, 0, 0, 1 }, { JGT, 0, 1, 0x80000000 }, { LD_IMM, 0, 0, 2 });
    COMPUTES(1, { LD_IMM, 0, 0, 1 }, { JGE, 1, 0, 1 }, { LD_IMM, 0, 0, 2 });
    COMPUTES(1, { LD_IMM, 0, 0, 1 }, { JSET, 1, 0, 3 }, { LD_IMM, 0, 0, 2 });
    COMPUTES(1, { LD_IMM, 0, 0, 1 }, { JA, 0, 0, 1 }, { LD_IMM, 0, 0, 2 });
}

TEST(dividing_by_zero_kills)
{
    FORK(child)
    {
        OK(INSTALL({ LD_ABS, 0, 0, NR }, { JEQ, 1, 0, SYS_getppid }, RETURN, { LDX_IMM, 0, 0, 0 },
                   { DIV_X, 0, 0, 0 }, RETURN));
        syscall(SYS_getppid);
    }
    CHECK_KILLED(child, SIGSYS);
}

TEST(the_strictest_of_all_filters_decides_and_the_newest_of_equals)
{
    OK(answer(SYS_getppid, ERRNO | 5, 0));
    OK(answer(SYS_getppid, ERRNO | 6, 0));
    OK(answer(SYS_getppid, LOGGED, 0));
    CHECK_ERRNO(syscall(SYS_getppid), 6);
    FORK(child)
    {
        OK(answer(SYS_getppid, KILL_PROCESS, 0));
        OK(answer(SYS_getppid, TRAP, 0));
        syscall(SYS_getppid);
    }
    CHECK_KILLED(child, SIGSYS);
    CHECK_ERRNO(syscall(SYS_getppid), 6);
}

TEST(large_and_zero_errnos)
{
    OK(answer(SYS_getppid, ERRNO | 0xffff, 0));
    CHECK_ERRNO(syscall(SYS_getppid), 4095);
    OK(answer(SYS_getpgrp, ERRNO, 0));
    CHECK_EQ(syscall(SYS_getpgrp), 0);
    // A call that there is not can be made up, too.
    OK(answer(2000, ERRNO | 3, 0));
    CHECK_ERRNO(syscall(2000), 3);
}

TEST(log_and_unknown_listeners)
{
    OK(answer(SYS_getpgrp, LOGGED, LOG | SPEC_ALLOW));
    CHECK_EQ(syscall(SYS_getpgrp), getpgid(0));
    OK(answer(SYS_getppid, NOTIFY, 0));
    CHECK_ERRNO(syscall(SYS_getppid), ENOSYS);
}

static volatile siginfo_t seen;
static volatile unsigned long seen_rax, seen_rip;

static void on_sigsys(UNUSED int signo, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    seen = *info;
    seen_rax = (unsigned long)registers[REG_RAX];
    seen_rip = (unsigned long)registers[REG_RIP];
    registers[REG_RAX] = 4321;
}

TEST(trap_is_sigsys_and_the_handler_may_make_the_result_up)
{
    handle_info(SIGSYS, on_sigsys, 0);
    OK(answer(SYS_getppid, TRAP | 77, 0));
    CHECK_EQ(syscall(SYS_getppid), 4321);
    CHECK_EQ(seen.si_signo, SIGSYS);
    CHECK_EQ(seen.si_code, 1);
    CHECK_EQ(seen.si_errno, 77);
    CHECK_EQ(seen.si_syscall, SYS_getppid);
    CHECK_EQ(seen.si_arch, 0xc000003e);
    CHECK_EQ((unsigned long)seen.si_call_addr, seen_rip);
    CHECK_EQ(seen_rax, SYS_getppid);
    FORK(child)
    {
        block(SIGSYS);
        syscall(SYS_getppid);
    }
    CHECK_KILLED(child, SIGSYS);
}

static void *call_getppid(UNUSED void *unused)
{
    syscall(SYS_getppid);
    return NULL;
}

static void *restrict_and_call(void *with)
{
    OK(answer(SYS_getppid, (uint32_t)(uintptr_t)with, 0));
    return call_getppid(NULL);
}

static int threads(void)
{
    int count = -2;
    DIR *directory = opendir("/proc/self/task");
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

TEST(kill_thread_kills_a_thread_and_kill_process_all)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, restrict_and_call, (void *)(uintptr_t)KILL_THREAD), 0);
    EVENTUALLY(threads() == 1);
    CHECK_EQ(prctl(PR_GET_SECCOMP), 0);
    FORK(child)
    {
        handle_info(SIGSYS, on_sigsys, 0);
        CHECK_EQ(pthread_create(&thread, NULL, restrict_and_call, (void *)(uintptr_t)KILL_PROCESS), 0);
        for (;;)
            pause();
    }
    CHECK_KILLED(child, SIGSYS);
    // An action that there is not kills, too.
    FORK(other)
    {
        OK(answer(SYS_getppid, 0x11110000, 0));
        syscall(SYS_getppid);
    }
    CHECK_KILLED(other, SIGSYS);
}

HELPER(restricted)
{
    return syscall(SYS_getppid) == -1 && errno == 5 ? 17 : 18;
}

TEST(children_threads_and_new_programs_inherit)
{
    OK(answer(SYS_getppid, ERRNO | 5, 0));
    FORK(child)
        CHECK_ERRNO(syscall(SYS_getppid), 5);
    CHECK_EXITS(child, 0);
    FORK(other)
        execl(check_self, check_self, "--helper", "restricted", NULL);
    CHECK_EXITS(other, 17);
    char text[4000];
    read_file("/proc/self/status", text, sizeof text);
    CHECK(strstr(text, "\nSeccomp:\t2\nSeccomp_filters:\t1\n") != NULL);
}

static struct gate go, gone;

static void *wait_and_call(void *result)
{
    open_gate(&gone);
    pass_gate(&go);
    *(long *)result = syscall(SYS_getppid) == -1 ? errno : 0;
    return NULL;
}

TEST(tsync_gives_the_filter_to_all_threads)
{
    go = new_gate();
    gone = new_gate();
    pthread_t thread;
    long result = -1;
    CHECK_EQ(pthread_create(&thread, NULL, wait_and_call, &result), 0);
    pass_gate(&gone);
    OK(answer(SYS_getppid, ERRNO | 5, TSYNC));
    open_gate(&go);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(result, 5);
}

static volatile pid_t outsider;

static void *have_own(UNUSED void *unused)
{
    outsider = (pid_t)syscall(SYS_gettid);
    OK(answer(SYS_getpgrp, ERRNO | 6, 0));
    open_gate(&gone);
    pass_gate(&go);
    return NULL;
}

TEST(tsync_fails_when_a_thread_has_others)
{
    go = new_gate();
    gone = new_gate();
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, have_own, NULL), 0);
    pass_gate(&gone);
    CHECK_EQ(answer(SYS_getppid, ERRNO | 5, TSYNC), outsider);
    CHECK_ERRNO(answer(SYS_getppid, ERRNO | 5, TSYNC | TSYNC_ESRCH), ESRCH);
    CHECK(syscall(SYS_getppid) > 0);
    CHECK_EQ(prctl(PR_GET_SECCOMP), 0);
    open_gate(&go);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

TEST(strict_mode_allows_four_calls)
{
    struct gate gate = new_gate();
    FORK(child)
    {
        OK(seccomp(SET_STRICT, 0, NULL));
        CHECK_EQ(write(gate.ends[1], "a", 1), 1);
        syscall(SYS_exit, 3);
    }
    CHECK_EXITS(child, 3);
    FORK(other)
    {
        OK(prctl(PR_SET_SECCOMP, 1, 0, 0, 0));
        CHECK_EQ(write(gate.ends[1], "a", 1), 1);
        syscall(SYS_getppid);
    }
    CHECK_EQ(STATUS_OF(other), SIGKILL);
    FORK(third)
    {
        OK(answer(SYS_getppid, ERRNO | 5, 0));
        CHECK_ERRNO(seccomp(SET_STRICT, 0, NULL), EINVAL);
    }
    CHECK_EXITS(third, 0);
}

TEST(the_chain_of_filters_is_bounded)
{
    static struct instruction code[4096];
    for (int i = 0; i < 4096; i++)
        code[i] = (struct instruction){ RET, 0, 0, ALLOW };
    int count = 0;
    while (install(code, 4096, 0) == 0)
        count++;
    CHECK_EQ(errno, ENOMEM);
    // 32768 in all, and Linux counts what it makes of them: twice as many here.
    CHECK(count >= 3 && count <= 7);
}

static pid_t traced(uint32_t with)
{
    FORK(child)
    {
        OK(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
        OK(raise(SIGSTOP));
        OK(answer(SYS_getppid, with, 0));
        long result = syscall(SYS_getppid);
        _exit(result == -1 ? errno : (int)(result % 100));
    }
    CHECK_STOPS(child, SIGSTOP);
    return child;
}

TEST(trace_without_a_tracer_that_asks_is_enosys)
{
    pid_t child = traced(TRACE | 12);
    OK(ptrace(PTRACE_CONT, child, NULL, NULL));
    CHECK_EXITS(child, ENOSYS);
    OK(answer(SYS_getppid, TRACE, 0));
    CHECK_ERRNO(syscall(SYS_getppid), ENOSYS);
}

TEST(a_tracer_sees_and_changes_the_call)
{
    pid_t child = traced(TRACE | 12);
    OK(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESECCOMP));
    OK(ptrace(PTRACE_CONT, child, NULL, NULL));
    CHECK_EQ(STATUS_OF(child) >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
    unsigned long message;
    OK(ptrace(PTRACE_GETEVENTMSG, child, NULL, &message));
    CHECK_EQ(message, 12);
    struct user_regs_struct registers;
    OK(ptrace(PTRACE_GETREGS, child, NULL, &registers));
    CHECK_EQ(registers.orig_rax, SYS_getppid);
    // Not made, with a result of the tracer's.
    registers.orig_rax = -1;
    registers.rax = 55;
    OK(ptrace(PTRACE_SETREGS, child, NULL, &registers));
    OK(ptrace(PTRACE_CONT, child, NULL, NULL));
    CHECK_EXITS(child, 55);

    child = traced(TRACE | 12);
    OK(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESECCOMP));
    OK(ptrace(PTRACE_CONT, child, NULL, NULL));
    CHECK_EQ(STATUS_OF(child) >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
    OK(ptrace(PTRACE_CONT, child, NULL, NULL));
    CHECK_EXITS(child, getpid() % 100);
}

static int logged_lines(void)
{
    static char text[1 << 18];
    long length = OK(syscall(SYS_syslog, 3, text, (int)sizeof text - 1));
    text[length] = '\0';
    int lines = 0;
    for (char *at = text; at != NULL; at = strchr(at + 1, '\n'))
    {
        char *end = strchr(at + 1, '\n');
        char *found = strstr(at, "seccomp: pid ");
        char *audit = strstr(at, "type=1326");
        lines += (found != NULL && (end == NULL || found < end)) || (audit != NULL && (end == NULL || audit < end));
    }
    return lines;
}

TEST(a_storm_of_logged_calls_does_not_fill_the_log)
{
    int before = logged_lines();
    OK(answer(SYS_getpgrp, LOGGED, LOG));
    for (int i = 0; i < 1000; i++)
        CHECK_EQ(syscall(SYS_getpgrp), getpgid(0));
    CHECK(logged_lines() - before <= 100);
}
