// Restartable sequences, rseq(2), and membarrier(2).
#include "check.h"
#include <pthread.h>

#define SIGNATURE 0x53053053

struct area
{
    uint32_t cpu_id_start, cpu_id;
    uint64_t sequence;
    uint32_t flags;
    uint32_t padding[3];
} __attribute__((aligned(32)));

struct sequence
{
    uint32_t version, flags;
    uint64_t start, length, abort;
} __attribute__((aligned(32)));

enum { UNREGISTER = 1 };

static struct area area = { .cpu_id = (uint32_t)-1 };

static long rseq(void *address, uint32_t length, int flags, uint32_t signature)
{
    return syscall(SYS_rseq, address, length, flags, signature);
}

// A sleep might be over before it begins; a child cannot run before its parent has made room.
static void let_another_run(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
}

static void enroll(void) { OK(rseq(&area, sizeof area, 0, SIGNATURE)); }

TEST(registration_tells_the_processor)
{
    CHECK_EQ(area.cpu_id, (uint32_t)-1);
    enroll();
    unsigned cpu = 99;
    OK(syscall(SYS_getcpu, &cpu, NULL, NULL));
    CHECK_EQ(area.cpu_id, cpu);
    CHECK_EQ(area.cpu_id_start, cpu);
    OK(rseq(&area, sizeof area, UNREGISTER, SIGNATURE));
    CHECK_EQ(area.cpu_id, (uint32_t)-1);
    CHECK_EQ(area.cpu_id_start, 0);
}

TEST(the_call_checks_its_arguments)
{
    CHECK_ERRNO(rseq(&area, sizeof area, UNREGISTER, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(NULL, sizeof area, UNREGISTER, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area, 2, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area - 4, 0, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area + 32, 0, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq((char *)&area + 8, sizeof area, 0, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq((void *)0xffffffff80000000, sizeof area, 0, SIGNATURE), EFAULT);
    enroll();
    CHECK_ERRNO(rseq(&area, sizeof area, 0, SIGNATURE), EBUSY);
    CHECK_ERRNO(rseq(&area, sizeof area, 0, SIGNATURE + 1), EPERM);
    CHECK_ERRNO(rseq(&area + 1, sizeof area, 0, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area + 32, 0, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area, UNREGISTER | 2, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area, UNREGISTER, SIGNATURE + 1), EPERM);
    CHECK_ERRNO(rseq(&area + 1, sizeof area, UNREGISTER, SIGNATURE), EINVAL);
    CHECK_ERRNO(rseq(&area, sizeof area + 4, UNREGISTER, SIGNATURE), EINVAL);
    OK(rseq(&area, sizeof area, UNREGISTER, SIGNATURE));
    CHECK_ERRNO(rseq(&area, sizeof area, UNREGISTER, SIGNATURE), EINVAL);
}

// Counts in a register until it has been aborted, or told to stop through *stop.
static long spin(volatile int *stop, struct sequence *description)
{
    long aborted = 0;
    __asm__ volatile(
        "leaq 1f(%%rip), %%rax\n\t"
        "movq %%rax, 8(%[d])\n\t"
        "leaq 2f(%%rip), %%rcx\n\t"
        "subq %%rax, %%rcx\n\t"
        "movq %%rcx, 16(%[d])\n\t"
        "leaq 3f(%%rip), %%rax\n\t"
        "movq %%rax, 24(%[d])\n\t"
        "movq %[d], 8+%[area]\n\t"
        "1:\n\t"
        "pause\n\t"
        "cmpl $0, (%[stop])\n\t"
        "je 1b\n\t"
        "2:\n\t"
        "movq $0, 8+%[area]\n\t"
        "jmp 4f\n\t"
        ".byte 0x0f, 0xb9, 0x3d\n\t"
        ".long %c[signature]\n\t"
        "3:\n\t"
        "movl $1, %k[aborted]\n\t"
        "4:\n\t"
        : [aborted] "+r"(aborted), [area] "+m"(area)
        : [d] "r"(description), [stop] "r"(stop), [signature] "i"(SIGNATURE)
        : "rax", "rcx", "memory", "cc");
    return aborted;
}

static struct sequence description;
static volatile int stop;

TEST(a_sequence_is_aborted_when_another_process_runs)
{
    enroll();
    FORK(other)
    {
        for (;;)
            ;
    }
    CHECK_EQ(spin(&stop, &description), 1);
    CHECK_EQ(area.sequence, 0);
    OK(kill(other, SIGKILL));
    CHECK_KILLED(other, SIGKILL);
}

static volatile uint64_t seen_sequence = 1;
static void on_alarm(UNUSED int signo) { seen_sequence = area.sequence; }

TEST(a_sequence_is_aborted_by_a_signal_before_the_handler_runs)
{
    enroll();
    handle(SIGALRM, on_alarm, 0);
    alarm(1);
    // Others may run before the signal comes.
    while (seen_sequence == 1)
        CHECK_EQ(spin(&stop, &description), 1);
    CHECK_EQ(seen_sequence, 0);
}

TEST(a_thread_outside_its_sequence_goes_on_where_it_was)
{
    enroll();
    stop = 1;
    for (int i = 0; i < 50; i++)
    {
        CHECK_EQ(spin(&stop, &description) & ~1L, 0);
        area.sequence = (uintptr_t)&description;
        let_another_run();
        CHECK_EQ(area.sequence, 0);
    }
}

static void break_and_yield(void (*change)(void))
{
    pid_t child = OK(fork());
    if (child == 0)
    {
        enroll();
        stop = 1;
        spin(&stop, &description);
        change();
        area.sequence = (uintptr_t)&description;
        let_another_run();
        _exit(0);
    }
    CHECK_KILLED(child, SIGSEGV);
}

static void bad_version(void) { description.version = 1; }
static void kernel_start(void) { description.start = 0xffffffff80000000; }
static void kernel_abort(void) { description.abort = 0x800000000000; }
static void bad_signature(void) { description.abort += 1; }
static void overflow(void) { description.length = UINT64_MAX; }
static void abort_inside(void) { description.abort = description.start + 1; }

TEST(bad_descriptions_are_sigsegv)
{
    void (*const changes[])(void) = {
        bad_version, kernel_start, kernel_abort, bad_signature, overflow, abort_inside,
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        break_and_yield(changes[i]);
}

TEST(addresses_that_are_none_are_sigsegv)
{
    for (int i = 0; i < 3; i++)
    {
        FORK(child)
        {
            enroll();
            area.sequence = i == 0 ? 8 : i == 1 ? 0xffffffff80000000 : 0x123456789abcdef0;
            let_another_run();
        }
        CHECK_KILLED(child, SIGSEGV);
    }
}

TEST(flags_inside_a_sequence_are_sigsegv)
{
    for (int i = 0; i < 2; i++)
    {
        FORK(child)
        {
            enroll();
            if (i == 0)
                description.flags = 1;
            else
                area.flags = 1;
            handle(SIGALRM, on_alarm, 0);
            alarm(1);
            spin(&stop, &description);
        }
        CHECK_KILLED(child, SIGSEGV);
    }
}

TEST(an_area_that_is_unmapped_is_sigsegv)
{
    FORK(child)
    {
        void *page = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        OK(rseq(page, 32, 0, SIGNATURE));
        OK(munmap(page, CHECK_PAGE));
        let_another_run();
    }
    CHECK_KILLED(child, SIGSEGV);
}

TEST(a_child_process_inherits_it)
{
    enroll();
    FORK(child)
    {
        CHECK_ERRNO(rseq(&area, sizeof area, 0, SIGNATURE), EBUSY);
        area.cpu_id = 77;
        OK(rseq(&area, sizeof area, UNREGISTER, SIGNATURE));
    }
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(rseq(&area, sizeof area, 0, SIGNATURE), EBUSY);
}

static struct area other_area;
static void *thread_body(UNUSED void *argument)
{
    CHECK_ERRNO(rseq(&area, sizeof area, UNREGISTER, SIGNATURE), EINVAL);
    OK(rseq(&other_area, sizeof other_area, 0, SIGNATURE));
    CHECK_EQ(other_area.cpu_id, area.cpu_id);
    return NULL;
}

TEST(a_thread_has_its_own)
{
    pthread_t thread;
    enroll();
    CHECK_EQ(pthread_create(&thread, NULL, thread_body, NULL), 0);
    pthread_join(thread, NULL);
    CHECK_ERRNO(rseq(&area, sizeof area, 0, SIGNATURE), EBUSY);
}

HELPER(after_exec)
{
    OK(rseq(&area, sizeof area, 0, SIGNATURE + 1));
    return 0;
}

TEST(a_new_program_has_none)
{
    FORK(child)
    {
        enroll();
        execl(check_self, check_self, "--helper", "after_exec", (char *)NULL);
    }
    CHECK_EXITS(child, 0);
}

TEST(many_sequences_are_aborted_and_counted_right)
{
    // Two processes add to a shared word with plain instructions; what an abort undoes is done again.
    volatile long *count = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    enum { PROCESSES = 3 };
    int rounds = 200000;
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++)
    {
        children[i] = OK(fork());
        if (children[i] != 0)
            continue;
        enroll();
        for (int round = 0; round < rounds; round++)
        {
            __asm__ volatile(
                "0:\n\t"
                "leaq 1f(%%rip), %%rax\n\t"
                "movq %%rax, 8(%[d])\n\t"
                "leaq 2f(%%rip), %%rcx\n\t"
                "subq %%rax, %%rcx\n\t"
                "movq %%rcx, 16(%[d])\n\t"
                "leaq 3f(%%rip), %%rax\n\t"
                "movq %%rax, 24(%[d])\n\t"
                "movq %[d], 8+%[area]\n\t"
                "1:\n\t"
                "movq (%[count]), %%rax\n\t"
                "addq $1, %%rax\n\t"
                "movq %%rax, (%[count])\n\t"
                "2:\n\t"
                "jmp 4f\n\t"
                ".byte 0x0f, 0xb9, 0x3d\n\t"
                ".long %c[signature]\n\t"
                "3:\n\t"
                "jmp 0b\n\t"
                "4:\n\t"
                : [area] "+m"(area)
                : [d] "r"(&description), [count] "r"(count), [signature] "i"(SIGNATURE)
                : "rax", "rcx", "memory", "cc");
        }
        _exit(0);
    }
    for (int i = 0; i < PROCESSES; i++)
        CHECK_EXITS(children[i], 0);
    CHECK_EQ(*count, (long)PROCESSES * rounds);
}

static long membarrier(int command, unsigned flags, int cpu) { return syscall(SYS_membarrier, command, flags, cpu); }

TEST(membarrier_knows_all_commands)
{
    CHECK_EQ(membarrier(0, 0, 0) & 0x1ff, 0x1ff);
    OK(membarrier(1, 0, 0));
    OK(membarrier(2, 0, 0));
    OK(membarrier(4, 0, 0));
    const int commands[] = { 8, 32, 128 };
    for (int i = 0; i < 3; i++)
    {
        CHECK_ERRNO(membarrier(commands[i], 0, 0), EPERM);
        OK(membarrier(commands[i] * 2, 0, 0));
        OK(membarrier(commands[i], 0, 0));
        OK(membarrier(commands[i] * 2, 0, 0));
    }
    OK(membarrier(128, 1, 0));
    OK(membarrier(128, 1, 4000));
    CHECK_ERRNO(membarrier(128, 2, 0), EINVAL);
    CHECK_ERRNO(membarrier(8, 1, 0), EINVAL);
    CHECK_ERRNO(membarrier(0, 1, 0), EINVAL);
    CHECK_ERRNO(membarrier(3, 0, 0), EINVAL);
    CHECK_ERRNO(membarrier(-1, 0, 0), EINVAL);
    CHECK_ERRNO(membarrier(0x40000000, 0, 0), EINVAL);
}
