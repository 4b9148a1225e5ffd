// vdso(7): the library that the kernel puts into every program. Its clocks are those of the system calls.
#include "check.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/time.h>

struct library
{
    const char *base;
    const Elf64_Sym *symbols;
    const char *names;
    const uint32_t *hash;
    const uint32_t *gnu_hash;
    const uint16_t *versions;
    const Elf64_Verdef *definitions;
    const char *own_name;
};

struct range
{
    uint64_t start;
    uint64_t end;
    char rights[8];
};

static const char *base(void)
{
    uint64_t at = getauxval(AT_SYSINFO_EHDR);
    CHECK(at != 0);
    CHECK_EQ(at % CHECK_PAGE, 0);
    return (const char *)at;
}

static struct library library_at(const char *at)
{
    const Elf64_Ehdr *header = (const void *)at;
    const Elf64_Phdr *part = (const void *)(at + header->e_phoff);
    const Elf64_Dyn *dynamic = NULL;
    const Elf64_Phdr *load = NULL;
    struct library result = { .base = at };
    uint64_t own_name = 0;

    CHECK_BYTES(header->e_ident, ELFMAG, SELFMAG);
    CHECK_EQ(header->e_type, ET_DYN);
    CHECK_EQ(header->e_machine, EM_X86_64);
    for (int i = 0; i < header->e_phnum; i++)
    {
        if (part[i].p_type == PT_LOAD && load == NULL)
            load = &part[i];
        if (part[i].p_type == PT_DYNAMIC)
            dynamic = (const void *)(at + part[i].p_offset);
    }
    CHECK(load != NULL && dynamic != NULL);
    CHECK_EQ(load->p_offset, 0);
    CHECK_EQ(load->p_vaddr, 0);
    for (; dynamic->d_tag != DT_NULL; dynamic++)
    {
        const void *value = at + dynamic->d_un.d_ptr;
        switch (dynamic->d_tag)
        {
        case DT_SYMTAB: result.symbols = value; break;
        case DT_STRTAB: result.names = value; break;
        case DT_HASH: result.hash = value; break;
        case DT_GNU_HASH: result.gnu_hash = value; break;
        case DT_VERSYM: result.versions = value; break;
        case DT_VERDEF: result.definitions = value; break;
        case DT_SONAME: own_name = dynamic->d_un.d_val; break;
        }
    }
    CHECK(result.symbols != NULL && result.names != NULL && result.versions != NULL);
    CHECK(result.definitions != NULL);
    result.own_name = result.names + own_name;
    return result;
}

static const char *version_of(const struct library *library, unsigned symbol)
{
    const Elf64_Verdef *definition = library->definitions;
    while (definition->vd_ndx != (library->versions[symbol] & 0x7fff))
    {
        if (definition->vd_next == 0)
            return "";
        definition = (const void *)((const char *)definition + definition->vd_next);
    }
    const Elf64_Verdaux *name = (const void *)((const char *)definition + definition->vd_aux);
    return library->names + name->vda_name;
}

// By the System V hash table, as the gABI describes it.
static unsigned find(const struct library *library, const char *name)
{
    uint32_t hash = 0;
    for (const char *at = name; *at != 0; at++)
    {
        hash = (hash << 4) + (unsigned char)*at;
        uint32_t high = hash & 0xf0000000;
        hash = (hash ^ high >> 24) & ~high;
    }
    const uint32_t *buckets = library->hash + 2;
    const uint32_t *chain = buckets + library->hash[0];
    unsigned symbol = buckets[hash % library->hash[0]];
    while (symbol != 0 && strcmp(library->names + library->symbols[symbol].st_name, name) != 0)
        symbol = chain[symbol];
    return symbol;
}

// By GNU's, without its Bloom filter.
static unsigned find_gnu(const struct library *library, const char *name)
{
    uint32_t hash = 5381;
    for (const char *at = name; *at != 0; at++)
        hash = hash * 33 + (unsigned char)*at;
    uint32_t bucket_count = library->gnu_hash[0];
    uint32_t first = library->gnu_hash[1];
    const uint32_t *buckets = library->gnu_hash + 4 + library->gnu_hash[2] * 2;
    const uint32_t *chain = buckets + bucket_count;
    unsigned symbol = buckets[hash % bucket_count];
    if (symbol == 0)
        return 0;
    for (;; symbol++)
    {
        uint32_t found = chain[symbol - first];
        if ((found | 1) == (hash | 1) && strcmp(library->names + library->symbols[symbol].st_name, name) == 0)
            return symbol;
        if ((found & 1) != 0)
            return 0;
    }
}

static void *function(const char *name)
{
    struct library library = library_at(base());
    unsigned symbol = find(&library, name);
    if (symbol == 0)
        FAIL("%s, got no such function, wanted one", name);
    return (void *)(library.base + library.symbols[symbol].st_value);
}

typedef int (*clock_function)(clockid_t, struct timespec *);
typedef int (*day_function)(struct timeval *, struct timezone *);
typedef time_t (*time_function)(time_t *);
typedef int (*cpu_function)(unsigned *, unsigned *, void *);

static int64_t by_call(clockid_t clock)
{
    struct timespec now;
    OK(syscall(SYS_clock_gettime, clock, &now));
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static int64_t by_library(clockid_t clock)
{
    static clock_function read_clock;
    if (read_clock == NULL)
        read_clock = (clock_function)function("__vdso_clock_gettime");
    struct timespec now = { -1, -1 };
    CHECK_EQ(read_clock(clock, &now), 0);
    CHECK(now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static struct range mapping(const char *name)
{
    struct range found = { 0 };
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[300];
    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL)
    {
        if (strstr(line, name) != NULL)
            CHECK_EQ(sscanf(line, "%lx-%lx %7s", &found.start, &found.end, found.rights), 3);
    }
    fclose(maps);
    return found;
}

TEST(the_library_has_its_name_and_every_function_under_both_names)
{
    static const char *const names[] = { "clock_gettime", "gettimeofday", "time", "getcpu", "clock_getres" };
    struct library library = library_at(base());
    CHECK_STR(library.own_name, "linux-vdso.so.1");
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        char own[50];
        snprintf(own, sizeof own, "__vdso_%s", names[i]);
        unsigned symbol = find(&library, own);
        unsigned weak = find(&library, names[i]);
        CHECK(symbol != 0);
        CHECK(weak != 0);
        CHECK_EQ(library.symbols[symbol].st_value, library.symbols[weak].st_value);
        CHECK_EQ(ELF64_ST_TYPE(library.symbols[symbol].st_info), STT_FUNC);
        CHECK_EQ(ELF64_ST_BIND(library.symbols[symbol].st_info), STB_GLOBAL);
        CHECK_EQ(ELF64_ST_BIND(library.symbols[weak].st_info), STB_WEAK);
        CHECK_STR(version_of(&library, symbol), "LINUX_2.6");
        CHECK_STR(version_of(&library, weak), "LINUX_2.6");
    }
    CHECK_EQ(find(&library, "__vdso_nothing"), 0);
}

TEST(both_hash_tables_find_the_same)
{
    struct library library = library_at(base());
    CHECK(library.gnu_hash != NULL && library.hash != NULL);
    CHECK_EQ(find_gnu(&library, "__vdso_clock_gettime"), find(&library, "__vdso_clock_gettime"));
    CHECK_EQ(find_gnu(&library, "getcpu"), find(&library, "getcpu"));
    CHECK_EQ(find_gnu(&library, "__vdso_nothing"), 0);
}

TEST(the_library_says_how_to_unwind_from_it)
{
    const Elf64_Ehdr *header = (const void *)base();
    const Elf64_Phdr *part = (const void *)(base() + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++)
    {
        if (part[i].p_type == PT_GNU_EH_FRAME)
        {
            CHECK_EQ(base()[part[i].p_offset], 1);
            return;
        }
    }
    FAIL("PT_GNU_EH_FRAME, got none, wanted one");
}

TEST(the_data_page_lies_before_the_library)
{
    struct range data = mapping("[vvar]");
    struct range library = mapping("[vdso]");
    CHECK_EQ(library.start, (uintptr_t)base());
    CHECK_EQ(data.end, library.start);
    CHECK_STR(data.rights, "r--p");
    CHECK_STR(library.rights, "r-xp");
}

TEST(every_clock_of_the_library_is_the_one_of_the_system_call)
{
    static const clockid_t clocks[] = {
        CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,
        CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM,
        CLOCK_TAI,
    };
    for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
    {
        struct timespec probe;
        if (syscall(SYS_clock_gettime, clocks[i], &probe) != 0)
            continue; // an alarm clock on a machine without a battery-backed one
        for (int round = 0; round < 200; round++)
        {
            int64_t before = by_call(clocks[i]);
            int64_t between = by_library(clocks[i]);
            int64_t after = by_call(clocks[i]);
            if (before > between || between > after)
                FAIL("clock %d, got %lld, %lld, %lld, wanted a growing row", (int)clocks[i], (long long)before,
                     (long long)between, (long long)after);
        }
    }
}

TEST(a_clock_does_not_go_back_between_library_and_call)
{
    int64_t last[2] = { 0, 0 };
    for (int i = 0; i < 20000; i++)
    {
        clockid_t clock = i % 2 == 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
        int64_t now = i % 3 == 0 ? by_call(clock) : by_library(clock);
        CHECK(now >= last[i % 2]);
        last[i % 2] = now;
    }
}

TEST(clocks_that_do_not_exist_get_the_answer_of_the_call)
{
    clock_function read_clock = (clock_function)function("__vdso_clock_gettime");
    clock_function resolution = (clock_function)function("__vdso_clock_getres");
    static const clockid_t clocks[] = { 10, 12, 16, 31, 32, 63, 64, 1000, -1, INT32_MIN, INT32_MAX };
    for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
    {
        struct timespec now;
        CHECK_EQ(syscall(SYS_clock_gettime, clocks[i], &now), -1);
        CHECK_EQ(read_clock(clocks[i], &now), -errno);
        CHECK_EQ(syscall(SYS_clock_getres, clocks[i], &now), -1);
        CHECK_EQ(resolution(clocks[i], &now), -errno);
    }
}

TEST(clocks_of_other_processes_are_read_by_the_call)
{
    clock_function read_clock = (clock_function)function("__vdso_clock_gettime");
    struct timespec now = { -1, -1 };
    clockid_t parent = ~getppid() << 3 | 2;
    CHECK_EQ(read_clock(parent, &now), 0);
    CHECK(now.tv_sec >= 0 && now.tv_nsec >= 0);
}

TEST(resolutions_are_those_of_the_call)
{
    clock_function resolution = (clock_function)function("__vdso_clock_getres");
    for (clockid_t clock = 0; clock < 12; clock++)
    {
        struct timespec wanted;
        if (syscall(SYS_clock_getres, clock, &wanted) != 0)
            continue;
        struct timespec told = { -1, -1 };
        CHECK_EQ(resolution(clock, &told), 0);
        CHECK_EQ(told.tv_sec, wanted.tv_sec);
        CHECK_EQ(told.tv_nsec, wanted.tv_nsec);
        CHECK_EQ(resolution(clock, NULL), 0);
    }
}

TEST(the_time_of_day_agrees_in_all_its_forms)
{
    day_function day = (day_function)function("__vdso_gettimeofday");
    time_function seconds = (time_function)function("__vdso_time");
    for (int i = 0; i < 200; i++)
    {
        struct timeval now = { -1, -1 };
        time_t kept = -1;
        int64_t before = by_call(CLOCK_REALTIME);
        CHECK_EQ(day(&now, NULL), 0);
        int64_t after = by_call(CLOCK_REALTIME);
        int64_t told = now.tv_sec * 1000000ll + now.tv_usec;
        CHECK(now.tv_usec >= 0 && now.tv_usec < 1000000);
        CHECK(before / 1000 <= told && told <= after / 1000);

        // time() may look at the clock of the last tick.
        int64_t coarse = by_call(CLOCK_REALTIME_COARSE) / 1000000000;
        time_t whole = seconds(&kept);
        CHECK_EQ(whole, kept);
        CHECK(whole >= coarse && whole <= by_call(CLOCK_REALTIME) / 1000000000);
        CHECK(seconds(NULL) >= whole);
    }
    CHECK_EQ(day(NULL, NULL), 0);
}

TEST(setting_the_clock_moves_the_library_with_the_call)
{
    day_function day = (day_function)function("__vdso_gettimeofday");
    time_function seconds = (time_function)function("__vdso_time");
    struct timezone none = { 0, 0 };
    struct timezone zone = { -90, 1 };
    struct timezone told = { 1, 2 };
    struct timeval now;
    OK(syscall(SYS_gettimeofday, &now, NULL));
    for (int i = 0; i < 3; i++)
    {
        int64_t offset = (i - 1) * 100000;
        int64_t monotonic = by_library(CLOCK_MONOTONIC);
        struct timeval set = { now.tv_sec + offset, 0 };
        OK(syscall(SYS_settimeofday, &set, &zone));
        int64_t before = by_call(CLOCK_REALTIME);
        int64_t between = by_library(CLOCK_REALTIME);
        int64_t after = by_call(CLOCK_REALTIME);
        CHECK_EQ(day(NULL, &told), 0);
        time_t whole = seconds(NULL);
        int64_t later = by_library(CLOCK_MONOTONIC);
        set.tv_sec = now.tv_sec;
        set.tv_usec = now.tv_usec;
        OK(syscall(SYS_settimeofday, &set, &none));

        CHECK(before <= between && between <= after);
        CHECK(between / 1000000000 - (now.tv_sec + offset) < 60);
        CHECK(between / 1000000000 >= now.tv_sec + offset);
        CHECK(whole >= now.tv_sec + offset && whole < now.tv_sec + offset + 60);
        CHECK_EQ(told.tz_minuteswest, -90);
        CHECK_EQ(told.tz_dsttime, 1);
        CHECK(later >= monotonic);
    }
    CHECK_EQ(day(NULL, &told), 0);
    CHECK_EQ(told.tz_minuteswest, 0);
}

TEST(the_processor_is_the_one_that_the_call_tells)
{
    cpu_function get = (cpu_function)function("__vdso_getcpu");
    cpu_set_t one;
    unsigned cpu = 77;
    unsigned node = 77;
    unsigned by_call_cpu = 78;
    unsigned by_call_node = 78;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    OK(sched_setaffinity(0, sizeof one, &one));
    CHECK_EQ(get(&cpu, &node, NULL), 0);
    OK(syscall(SYS_getcpu, &by_call_cpu, &by_call_node, NULL));
    CHECK_EQ(cpu, by_call_cpu);
    CHECK_EQ(node, by_call_node);
    CHECK_EQ(get(NULL, NULL, NULL), 0);
    CHECK_EQ(sched_getcpu(), 0);
}

TEST(a_bad_pointer_is_a_segmentation_fault)
{
    FORK(child)
    {
        clock_function read_clock = (clock_function)function("__vdso_clock_gettime");
        read_clock(CLOCK_MONOTONIC, (struct timespec *)16);
    }
    int status;
    OK(waitpid(child, &status, 0));
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

TEST(the_data_page_cannot_be_made_writable)
{
    struct range data = mapping("[vvar]");
    CHECK_ERRNO(mprotect((void *)data.start, CHECK_PAGE, CHECK_RW), EACCES);
    CHECK_ERRNO(mprotect((void *)data.start, CHECK_PAGE, PROT_READ | PROT_EXEC), EACCES);
    CHECK(by_library(CLOCK_MONOTONIC) > 0);
}

TEST(a_program_that_writes_to_the_library_has_its_own_copy)
{
    // The padding of the ELF identification.
    char *padding = (char *)base() + EI_PAD + 2;
    char original = *padding;
    FORK(child)
    {
        struct range library = mapping("[vdso]");
        OK(mprotect((void *)library.start, library.end - library.start, CHECK_RW | PROT_EXEC));
        *padding = 42;
        CHECK_EQ(*padding, 42);
        CHECK(by_library(CLOCK_MONOTONIC) > 0);
        _exit(0);
    }
    int status;
    OK(waitpid(child, &status, 0));
    CHECK_EQ(status, 0);
    CHECK_EQ(*padding, original);
}

TEST(it_works_elsewhere_when_both_parts_move)
{
    struct range data = mapping("[vvar]");
    struct range library = mapping("[vdso]");
    size_t data_bytes = data.end - data.start;
    size_t library_bytes = library.end - library.start;
    const char *old = base();
    char *reserve = mmap(NULL, data_bytes + library_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(reserve != MAP_FAILED);
    char *moved = mremap((void *)data.start, data_bytes, data_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, reserve);
    CHECK(moved == reserve);
    moved = mremap((void *)library.start, library_bytes, library_bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
                   reserve + data_bytes);
    CHECK(moved == reserve + data_bytes);

    struct library found = library_at(moved);
    clock_function read_clock =
        (clock_function)(moved + found.symbols[find(&found, "__vdso_clock_gettime")].st_value);
    struct timespec now;
    int64_t before = by_call(CLOCK_MONOTONIC);
    CHECK_EQ(read_clock(CLOCK_MONOTONIC, &now), 0);
    CHECK(now.tv_sec * 1000000000ll + now.tv_nsec >= before);
    CHECK_EQ(mapping("[vdso]").start, (uintptr_t)moved);
    CHECK_EQ(mapping("[vvar]").start, (uintptr_t)reserve);
    CHECK_ERRNO(msync((void *)old, CHECK_PAGE, MS_ASYNC), ENOMEM);
}

TEST(it_does_not_grow)
{
    struct range library = mapping("[vdso]");
    size_t bytes = library.end - library.start;
    void *grown = mremap((void *)library.start, bytes, bytes * 2, MREMAP_MAYMOVE);
    CHECK(grown == MAP_FAILED);
    CHECK_EQ(errno, EFAULT);
}

TEST(a_program_lives_on_without_it)
{
    struct range data = mapping("[vvar]");
    struct range library = mapping("[vdso]");
    OK(munmap((void *)data.start, library.end - data.start));
    CHECK(by_call(CLOCK_MONOTONIC) > 0);
    CHECK_EQ(mapping("[vdso]").start, 0);
    FORK(child)
    {
        _exit(by_call(CLOCK_REALTIME) > 0 ? 0 : 1);
    }
    int status;
    OK(waitpid(child, &status, 0));
    CHECK_EQ(status, 0);
}

TEST(a_child_has_it_where_its_parent_does)
{
    uint64_t start = mapping("[vdso]").start;
    FORK(child)
    {
        CHECK_EQ(mapping("[vdso]").start, start);
        CHECK(by_library(CLOCK_MONOTONIC) > 0);
        _exit(0);
    }
    int status;
    OK(waitpid(child, &status, 0));
    CHECK_EQ(status, 0);
}
