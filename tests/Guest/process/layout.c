// build: static static-pie
// Address-space layout: proc_sys_kernel(5), randomize_va_space; personality(2), ADDR_NO_RANDOMIZE and
// ADDR_COMPAT_LAYOUT; proc_sys_vm(5), legacy_va_layout. The program looks at where it is itself, as it starts.
#include "check.h"
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/resource.h>

#define RANDOMIZE "/proc/sys/kernel/randomize_va_space"

enum
{
    STARTS = 12,
};

struct layout
{
    uint64_t program;
    uint64_t brk;
    uint64_t mapping;
    uint64_t stack;
    uint64_t vdso;
    uint64_t end_of_bss;
    uint64_t stack_end;
    uint64_t strings;
};

extern const char __ehdr_start;
extern char _end;

static const uint64_t TASK_END = 0x7ffffffff000;

static uint64_t end_of_stack(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[300];
    uint64_t start;
    uint64_t end = 0;
    while (fgets(line, sizeof line, maps) != NULL)
    {
        if (strstr(line, "[stack]") != NULL)
            CHECK_EQ(sscanf(line, "%lx-%lx", &start, &end), 2);
    }
    fclose(maps);
    return end;
}

HELPER(print_layout)
{
    void *page = mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct layout own = {
        .program = (uintptr_t)&__ehdr_start,
        .brk = (uintptr_t)syscall(SYS_brk, 0),
        .mapping = (uintptr_t)page,
        .stack = (uintptr_t)__builtin_frame_address(0),
        .vdso = getauxval(AT_SYSINFO_EHDR),
        .end_of_bss = (uintptr_t)&_end,
        .strings = getauxval(AT_EXECFN),
    };
    own.stack_end = end_of_stack();
    return write(1, &own, sizeof own) == sizeof own ? 0 : 1;
}

static struct layout start(unsigned long persona)
{
    struct layout result;
    int ends[2];
    OK(pipe(ends));
    FORK(child)
    {
        OK(dup2(ends[1], 1));
        OK(personality(persona));
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(execl(check_self, check_self, "--helper", "print_layout", NULL));
    }
    CHECK_EQ(read(ends[0], &result, sizeof result), sizeof result);
    CHECK_EXITS(child, 0);
    OK(close(ends[0]));
    OK(close(ends[1]));
    return result;
}

static bool is_relocatable(const struct layout *layout)
{
    return layout->program > 0x10000000;
}

static uint64_t page_up(uint64_t address)
{
    return (address + CHECK_PAGE - 1) & ~(uint64_t)(CHECK_PAGE - 1);
}

static void set_file(const char *path, const char *value)
{
    int file = OK(open(path, O_WRONLY));
    CHECK_EQ(write(file, value, strlen(value)), (long)strlen(value));
    OK(close(file));
}

// How many bits of a row of addresses differ anywhere.
static uint64_t varying(const uint64_t *values, int count)
{
    uint64_t bits = 0;
    for (int i = 1; i < count; i++)
        bits |= values[i] ^ values[0];
    return bits;
}

TEST(everything_moves_and_not_below_its_bounds)
{
    uint64_t mappings[STARTS], stacks[STARTS], libraries[STARTS], breaks[STARTS], gaps[STARTS];
    for (int i = 0; i < STARTS; i++)
    {
        struct layout layout = start(0);
        mappings[i] = layout.mapping;
        stacks[i] = layout.stack_end;
        libraries[i] = layout.vdso;
        breaks[i] = layout.brk;
        gaps[i] = layout.stack & 0xff0;
        // 22 bits of pages for the stack; 28 for mappings, below room for the stack.
        CHECK(layout.stack_end <= TASK_END && layout.stack_end > TASK_END - (1ul << 34) - CHECK_PAGE);
        CHECK(layout.mapping < TASK_END - (1ul << 34) && layout.mapping > TASK_END - (1ul << 34) - (1ul << 41));
        CHECK_EQ(layout.brk % CHECK_PAGE, 0);
        if (is_relocatable(&layout))
            CHECK(layout.brk >= 0x555555555000 && layout.brk < 0x555555555000 + (1ul << 30));
        else
            CHECK(layout.brk >= page_up(layout.end_of_bss) && layout.brk < layout.end_of_bss + (1ul << 30));
        CHECK(layout.vdso > layout.stack && layout.vdso < layout.stack_end + (4 << 20));
    }
    // Of 12 values it is all but certain that a high and a low bit of each changed.
    CHECK((varying(mappings, STARTS) & 0xff00000000) != 0 && (varying(mappings, STARTS) & 0xff000) != 0);
    CHECK((varying(stacks, STARTS) & 0x3c0000000) != 0 && (varying(stacks, STARTS) & 0xff000) != 0);
    CHECK((varying(breaks, STARTS) & 0x3f000000) != 0 && (varying(breaks, STARTS) & 0xff000) != 0);
    CHECK((varying(libraries, STARTS) & 0x3c0000000) != 0);
    CHECK(varying(gaps, STARTS) != 0);
}

static void check_fixed(struct layout layout)
{
    struct layout again = start(ADDR_NO_RANDOMIZE);
    CHECK_EQ(layout.program, again.program);
    CHECK_EQ(layout.brk, again.brk);
    CHECK_EQ(layout.mapping, again.mapping);
    CHECK_EQ(layout.stack, again.stack);
    CHECK_EQ(layout.vdso, again.vdso);
    CHECK_EQ(layout.stack_end, TASK_END);
    // The file name is the last thing but eight zero bytes.
    CHECK_EQ(layout.strings, TASK_END - 8 - strlen(check_self) - 1);
    // 128 MiB for the stack, as its limit is lower.
    CHECK(layout.mapping < 0x7ffff7fff000 && layout.mapping > 0x7ffff7000000);
    CHECK_EQ(layout.brk, is_relocatable(&layout) ? 0x555555555000 : page_up(layout.end_of_bss));
}

TEST(without_randomization_everything_is_where_it_was)
{
    check_fixed(start(ADDR_NO_RANDOMIZE));
}

TEST(the_administrator_can_turn_it_off)
{
    set_file(RANDOMIZE, "0\n");
    struct layout layout = start(0);
    set_file(RANDOMIZE, "2\n");
    check_fixed(layout);
}

TEST(with_1_only_the_heap_follows_the_program)
{
    uint64_t mappings[STARTS];
    set_file(RANDOMIZE, "1");
    for (int i = 0; i < STARTS; i++)
    {
        struct layout layout = start(0);
        mappings[i] = layout.mapping;
        uint64_t wanted = is_relocatable(&layout) ? 0x555555555000 : page_up(layout.end_of_bss);
        if (layout.brk != wanted)
            set_file(RANDOMIZE, "2");
        CHECK_EQ(layout.brk, wanted);
    }
    set_file(RANDOMIZE, "2");
    CHECK((varying(mappings, STARTS) & 0xff00000000) != 0);
}

TEST(randomization_is_a_number_that_only_root_may_set)
{
    char text[20] = "";
    int file = OK(open(RANDOMIZE, O_RDWR));
    CHECK_EQ(read(file, text, sizeof text), 2);
    CHECK_STR(text, "2\n");
    CHECK_EQ(pwrite(file, "abc", 3, 0), -1);
    CHECK_EQ(errno, EINVAL);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(open(RANDOMIZE, O_WRONLY), EACCES);
        OK(open(RANDOMIZE, O_RDONLY));
    }
    CHECK_EXITS(user, 0);
}

TEST(the_compatible_layout_goes_upward)
{
    struct layout layout = start(ADDR_COMPAT_LAYOUT | ADDR_NO_RANDOMIZE);
    CHECK(layout.mapping >= 0x2aaaaaaab000 && layout.mapping < 0x2aaaabaab000);
    CHECK_EQ(layout.brk, is_relocatable(&layout) ? 0x555555555000 : page_up(layout.end_of_bss));
    layout = start(ADDR_COMPAT_LAYOUT);
    CHECK(layout.mapping >= 0x2aaaaaaab000 && layout.mapping < 0x2aaaaaaab000 + (1ul << 41));
    OK(personality(ADDR_COMPAT_LAYOUT));
}

HELPER(map_twice)
{
    char *first = mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *second = mmap(NULL, 16 * CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(second > first);
    FORK(child)
    {
        char *third = mmap(NULL, 16 * CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(third > second);
    }
    CHECK_EXITS(child, 0);
    return 0;
}

TEST(upward_is_kept_by_children)
{
    FORK(child)
    {
        OK(personality(ADDR_COMPAT_LAYOUT));
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(execl(check_self, check_self, "--helper", "map_twice", NULL));
    }
    CHECK_EXITS(child, 0);
}

TEST(the_administrator_can_choose_the_compatible_layout)
{
    set_file("/proc/sys/vm/legacy_va_layout", "1");
    struct layout layout = start(ADDR_NO_RANDOMIZE);
    set_file("/proc/sys/vm/legacy_va_layout", "0");
    CHECK(layout.mapping >= 0x2aaaaaaab000 && layout.mapping < 0x2aaaabaab000);
}

TEST(an_unlimited_stack_leaves_mappings_a_sixth_of_the_space)
{
    struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
    OK(setrlimit(RLIMIT_STACK, &unlimited));
    struct layout layout = start(ADDR_NO_RANDOMIZE);
    CHECK(layout.mapping < 0x155555556000 && layout.mapping > 0x155554556000);
}

TEST(reading_implies_no_execution_after_exec_and_other_flags_stay)
{
    FORK(child)
    {
        OK(personality(READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE | SHORT_INODE | PER_LINUX32));
        int flags = OK(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
        OK(close(flags));
        OK(execl("/bin/busybox", "sh", "-c", "test $(cat /proc/self/personality) = 01040008", NULL));
    }
    CHECK_EXITS(child, 0);
}
