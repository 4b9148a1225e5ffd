// How much memory is promised: proc(5), /proc/sys/vm/overcommit_memory and its kin.
#include "check.h"

enum { MIB = 1 << 20 };

static void store(const char *name, long value)
{
    char path[64];
    char text[32];
    snprintf(path, sizeof path, "/proc/sys/vm/%s", name);
    int length = snprintf(text, sizeof text, "%ld", value);
    int fd = OK(open(path, O_WRONLY));
    CHECK_EQ(write(fd, text, (size_t)length), length);
    OK(close(fd));
}

static long load(const char *name)
{
    char path[64];
    char text[32];
    snprintf(path, sizeof path, "/proc/sys/vm/%s", name);
    read_file(path, text, sizeof text);
    return atol(text);
}

static long kib(const char *label)
{
    static char text[8192];
    read_file("/proc/meminfo", text, sizeof text);
    char *line = strstr(text, label);
    CHECK(line != NULL);
    return atol(line + strlen(label));
}

// The strict mode, with so much left. Linux counts in batches, hence the room for error in what is asked for.
static void allow(long left_kib)
{
    store("overcommit_kbytes", kib("Committed_AS:") + left_kib);
    store("overcommit_memory", 2);
}

static void back_to_normal(void)
{
    store("overcommit_memory", 0);
    store("overcommit_ratio", 50);
}

static char *map_with(size_t length, int protection, int flags)
{
    return mmap(NULL, length, protection, MAP_ANONYMOUS | flags, -1, 0);
}

static char *map(size_t length) { return map_with(length, CHECK_RW, MAP_PRIVATE); }

// A case's body in a child, so that the settings come back even when a check fails.
#define WITH_SETTINGS(body)     \
    do                          \
    {                           \
        FORK(child)             \
        {                       \
            body;               \
        }                       \
        int status = STATUS_OF(child); \
        back_to_normal();       \
        CHECK_EQ(status, 0);    \
    } while (0)

TEST(the_settings_are_what_they_are_known_for)
{
    CHECK_EQ(load("overcommit_memory"), 0);
    CHECK_EQ(load("overcommit_ratio"), 50);
    CHECK_EQ(load("overcommit_kbytes"), 0);
    store("overcommit_kbytes", 4096);
    CHECK_EQ(load("overcommit_ratio"), 0);
    CHECK_EQ(kib("CommitLimit:"), 4096);
    store("overcommit_ratio", 50);
    CHECK_EQ(load("overcommit_kbytes"), 0);
    long half = kib("MemTotal:") / 2;
    CHECK(kib("CommitLimit:") <= half + 4 && kib("CommitLimit:") >= half - 4);
    int fd = OK(open("/proc/sys/vm/overcommit_memory", O_WRONLY));
    CHECK_ERRNO(write(fd, "3", 1), EINVAL);
}

static void asks_for_the_impossible(void)
{
    size_t all = (size_t)kib("MemTotal:") * 1024;
    CHECK_ERRNO(map(all + 64 * MIB), ENOMEM);
    OK(map_with(all + 64 * MIB, CHECK_RW, MAP_PRIVATE | MAP_NORESERVE));
    OK(map_with(all + 64 * MIB, PROT_READ, MAP_PRIVATE));
    OK(map_with(all + 64 * MIB, PROT_NONE, MAP_PRIVATE));
    for (int i = 0; i < 4; i++)
        OK(map(all / 2));
}

TEST(by_default_only_the_impossible_is_refused) { asks_for_the_impossible(); }

static void asks_without_limit(void)
{
    store("overcommit_memory", 1);
    size_t all = (size_t)kib("MemTotal:") * 1024;
    for (int i = 0; i < 4; i++)
        OK(map(4 * all));
}

TEST(everything_can_be_promised) { WITH_SETTINGS(asks_without_limit()); }

static void asks_strictly(void)
{
    allow(32 * 1024);
    CHECK_ERRNO(map(40 * MIB), ENOMEM);
    char *first = OK(map(20 * MIB));
    CHECK_ERRNO(map(20 * MIB), ENOMEM);
    CHECK_ERRNO(map_with(20 * MIB, CHECK_RW, MAP_PRIVATE | MAP_NORESERVE), ENOMEM);
    CHECK_ERRNO(map_with(20 * MIB, CHECK_RW, MAP_SHARED), ENOMEM);
    OK(map_with(20 * MIB, PROT_READ, MAP_PRIVATE));
    OK(munmap(first, 20 * MIB));
    OK(map_with(20 * MIB, CHECK_RW, MAP_SHARED));
    CHECK_ERRNO(map(20 * MIB), ENOMEM);
}

TEST(strictly_no_more_is_promised_than_there_is) { WITH_SETTINGS(asks_strictly()); }

static void asks_in_other_ways(void)
{
    char *reading = OK(map_with(40 * MIB, PROT_READ, MAP_PRIVATE));
    char *small = OK(map(MIB));
    char *end = (char *)syscall(SYS_brk, 0);
    allow(32 * 1024);
    CHECK_ERRNO(mprotect(reading, 40 * MIB, CHECK_RW), ENOMEM);
    OK(mprotect(reading, 4 * MIB, CHECK_RW));
    CHECK((char *)syscall(SYS_brk, end + 40 * MIB) == end);
    CHECK((char *)syscall(SYS_brk, end + 4 * MIB) == end + 4 * MIB);
    CHECK_ERRNO(mremap(small, MIB, 40 * MIB, MREMAP_MAYMOVE), ENOMEM);
    OK(mremap(small, MIB, 2 * MIB, MREMAP_MAYMOVE));
}

TEST(mprotect_brk_and_mremap_ask_too) { WITH_SETTINGS(asks_in_other_ways()); }

static void forks(void)
{
    OK(map(40 * MIB));
    allow(20 * 1024);
    CHECK_ERRNO(fork(), ENOMEM);
    allow(80 * 1024);
    FORK(child)
        _exit(0);
    CHECK_EXITS(child, 0);
}

TEST(fork_asks_for_all_its_parent_has) { WITH_SETTINGS(forks()); }

TEST(what_is_promised_is_counted)
{
    long before = kib("Committed_AS:");
    char *own = OK(map(64 * MIB));
    long after = kib("Committed_AS:");
    CHECK(after - before > 62 * 1024 && after - before < 66 * 1024);
    OK(mprotect(own, 64 * MIB, PROT_READ));
    CHECK(kib("Committed_AS:") - before > 62 * 1024);
    OK(munmap(own, 64 * MIB));
    CHECK(kib("Committed_AS:") - before < 2 * 1024);
}
