// Single steps, breakpoints and the debug registers.
#include "tracing.h"

#define DR(n) offsetof(struct user, u_debugreg[n])
#define FLAGS_AT offsetof(struct user_regs_struct, eflags)
#define RIP_AT offsetof(struct user_regs_struct, rip)

static volatile unsigned long watched[4];

// Code with known places in it.
__asm__(".text\n.global three_steps, step_one, step_two, step_three\n"
        ".global call_step, after_call, push_flags, after_push\n"
        "three_steps: int3\nstep_one: nop\nstep_two: mov $39, %eax\nstep_three: nop\n"
        "call_step: syscall\nafter_call: nop\n"
        "push_flags: pushfq\nafter_push: pop %rax\nmov $60, %eax\nxor %edi, %edi\nsyscall\n");
extern char three_steps[], step_one[], step_two[], step_three[];
extern char call_step[], after_call[], push_flags[];

static void step(pid_t pid)
{
    OK(PT(PTRACE_SINGLESTEP, pid, 0, 0));
    CHECK_NEXT(pid, STOP_STATUS(SIGTRAP));
}

static pid_t at_three_steps(void)
{
    TRACED(child)
        ((void (*)(void))three_steps)();
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    return child;
}

TEST(int3_stops_after_itself)
{
    pid_t child = at_three_steps();
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, SI_KERNEL);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_one);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_single_step_is_one_instruction)
{
    pid_t child = at_three_steps();
    step(child);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_two);
    siginfo_t info = siginfo_of(child);
    CHECK_EQ(info.si_code, TRAP_TRACE);
    CHECK_EQ((uintptr_t)info.si_addr, (uintptr_t)step_two);
    CHECK_EQ(peek_user(child, FLAGS_AT) & 0x100, 0);
    step(child);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_three);
    CHECK_EQ(registers_of(child).rax, 39);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_step_over_a_system_call_ends_after_it)
{
    pid_t child = at_three_steps();
    step(child);
    step(child);
    step(child);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)call_step);
    step(child);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)after_call);
    CHECK_EQ(registers_of(child).rax, child);
    CHECK_EQ(siginfo_of(child).si_code, TRAP_BRKPT);
    step(child);
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)push_flags);
    CHECK_EQ(siginfo_of(child).si_code, TRAP_TRACE);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(dr6_says_that_it_was_a_step)
{
    pid_t child = at_three_steps();
    // The bits that the processor has as ones are ones, though nothing has happened.
    CHECK_EQ(peek_user(child, DR(6)), 0xffff0ff0);
    step(child);
    CHECK_EQ(peek_user(child, DR(6)), 0xffff4ff0);
    OK(PT(PTRACE_POKEUSER, child, DR(6), 0));
    CHECK_EQ(peek_user(child, DR(6)), 0);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

static volatile sig_atomic_t seen_flags = -1;

static void note_flags(UNUSED int signal, UNUSED siginfo_t *info, void *context)
{
    seen_flags = (int)(((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] & 0x100);
}

TEST(a_step_into_a_handler_stops_at_its_first_instruction)
{
    TRACED(child)
    {
        handle_info(SIGUSR1, note_flags, 0);
        raise(SIGUSR1);
        _exit(seen_flags);
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGUSR1));
    // Be in the middle of a step, as a debugger is when the signal comes.
    OK(PT(PTRACE_SINGLESTEP, child, 0, SIGUSR1));
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)note_flags);
    CHECK_EQ(siginfo_of(child).si_code, SIGTRAP);
    for (int i = 0; i < 5; i++)
        step(child);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_program_that_steps_itself_keeps_its_flag)
{
    pid_t child = at_three_steps();
    unsigned long flags = peek_user(child, FLAGS_AT);
    OK(PT(PTRACE_POKEUSER, child, FLAGS_AT, flags | 0x100));
    CHECK_EQ(peek_user(child, FLAGS_AT), flags | 0x100);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_two);
    CHECK_EQ(peek_user(child, FLAGS_AT) & 0x100, 0x100);
    OK(PT(PTRACE_POKEUSER, child, FLAGS_AT, flags));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_breakpoint_in_text_can_be_set_hit_and_taken_away)
{
    TRACED(child)
        ((void (*)(void))three_steps)();
    unsigned long text = peek(child, step_three);
    OK(PT(PTRACE_POKETEXT, child, step_three, (text & ~0xfful) | 0xcc));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_three + 1);
    OK(PT(PTRACE_POKETEXT, child, step_three, text));
    OK(PT(PTRACE_POKEUSER, child, RIP_AT, step_three));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(step_three[0], (char)0x90);
}

static void write_watched(void)
{
    watched[0] = 1;
    watched[1] = 2;
    watched[2] = watched[1] + 1;
}

TEST(a_watchpoint_stops_after_the_write)
{
    TRACED(child)
        write_watched();
    OK(PT(PTRACE_POKEUSER, child, DR(0), &watched[1]));
    OK(PT(PTRACE_POKEUSER, child, DR(7), 1 | 1 << 16 | 2 << 18));
    CHECK_EQ(peek_user(child, DR(0)), (uintptr_t)&watched[1]);
    CHECK_EQ(peek_user(child, DR(7)), 1 | 1 << 16 | 2 << 18);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(siginfo_of(child).si_code, TRAP_HWBKPT);
    CHECK_EQ(peek(child, &watched[0]), 1);
    CHECK_EQ(peek(child, &watched[1]), 2);
    CHECK_EQ(peek(child, &watched[2]), 0);
    CHECK_EQ(peek_user(child, DR(6)) & 15, 1);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(an_access_watchpoint_stops_after_a_read)
{
    TRACED(child)
        write_watched();
    OK(PT(PTRACE_POKEUSER, child, DR(3), &watched[1]));
    OK(PT(PTRACE_POKEUSER, child, DR(7), 1 << 6 | 3u << 28 | 2u << 30));
    for (int hits = 0; hits < 2; hits++)
    {
        CONT(child, 0);
        CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
        CHECK_EQ(peek_user(child, DR(6)) & 15, 8);
    }
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_hardware_breakpoint_stops_before_its_instruction)
{
    TRACED(child)
        ((void (*)(void))three_steps)();
    OK(PT(PTRACE_POKEUSER, child, DR(1), step_two));
    OK(PT(PTRACE_POKEUSER, child, DR(7), 1 << 2));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_one);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)step_two);
    CHECK_EQ(siginfo_of(child).si_code, TRAP_HWBKPT);
    CHECK_EQ(peek_user(child, DR(6)) & 15, 2);
    // The next time it is passed, not met again.
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(debug_registers_take_only_what_is_safe)
{
    TRACED(child)
        pause();
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(4), 1), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(5), 1), EIO);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(0), 0xffff800000000000), EINVAL);
    OK(PT(PTRACE_POKEUSER, child, DR(0), &watched[0]));
    // Input and output, and more than one byte of an instruction.
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(7), 1 | 2 << 16), EINVAL);
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(7), 1 | 0 << 16 | 3 << 18), EINVAL);
    CHECK_EQ(peek_user(child, DR(7)), 0);
    OK(PT(PTRACE_POKEUSER, child, DR(0), (char *)&watched[0] + 1));
    CHECK_ERRNO(PT(PTRACE_POKEUSER, child, DR(7), 1 | 1 << 16 | 3 << 18), EINVAL);
    end_traced(child);
}

TEST(debug_registers_are_not_inherited_and_end_with_an_exec)
{
    struct gate gate = new_gate();
    TRACED(child)
    {
        FORK(grandchild)
            write_watched();
        CHECK_EXITS(grandchild, 0);
        pass_gate(&gate);
    }
    OK(PT(PTRACE_POKEUSER, child, DR(0), &watched[1]));
    OK(PT(PTRACE_POKEUSER, child, DR(7), 1 | 1 << 16 | 2 << 18));
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGCHLD));
    CONT(child, 0);
    open_gate(&gate);
    CHECK_EXITS(child, 0);
}

TEST(a_step_over_popf_leaves_the_flag_that_it_loads_to_the_program)
{
    TRACED(child)
    {
        // The second one loads flags with the trap flag.
        __asm__ volatile("pushfq\n\torl $0x100, (%%rsp)\n\tint3\n\tpopfq\n\tnop\n\tnop" : : : "memory", "cc");
    }
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    step(child);
    CHECK_EQ(peek_user(child, FLAGS_AT) & 0x100, 0x100);
    // Not the tracer's: without a step, it stops the program after the next instruction.
    unsigned long here = peek_user(child, RIP_AT);
    CONT(child, 0);
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), here + 1);
    OK(PT(PTRACE_POKEUSER, child, FLAGS_AT, 0x202));
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}

TEST(a_step_that_emulates_calls_stops_at_the_next_one_or_after_one_instruction)
{
    pid_t child = at_three_steps();
    for (int i = 0; i < 3; i++)
    {
        OK(PT(PTRACE_SYSEMU_SINGLESTEP, child, 0, 0));
        CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
        CHECK_EQ(siginfo_of(child).si_code, TRAP_TRACE);
    }
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)call_step);
    OK(PT(PTRACE_SYSEMU_SINGLESTEP, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)after_call);
    CHECK_EQ(siginfo_of(child).si_code, SIGTRAP);
    CHECK_EQ((long)registers_of(child).rax, -ENOSYS);
    OK(PT(PTRACE_SYSEMU_SINGLESTEP, child, 0, 0));
    CHECK_NEXT(child, STOP_STATUS(SIGTRAP));
    CHECK_EQ(peek_user(child, RIP_AT), (uintptr_t)push_flags);
    CONT(child, 0);
    CHECK_EXITS(child, 0);
}
