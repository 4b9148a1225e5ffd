// sysfs(5): the files that programs look processors and the kernel's state up in.
#include "check.h"

#define CPUS "/sys/devices/system/cpu/"

static const char *get(const char *path)
{
    static char text[4096];
    read_file(path, text, sizeof text);
    return text;
}

static const char *of_first(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, CPUS "cpu0/topology/%s", name);
    return get(path);
}

TEST(the_lists_of_processors_agree)
{
    long count = OK(sysconf(_SC_NPROCESSORS_ONLN));
    char wanted[30];
    if (count == 1)
        snprintf(wanted, sizeof wanted, "0\n");
    else
        snprintf(wanted, sizeof wanted, "0-%ld\n", count - 1);
    CHECK_STR(get(CPUS "online"), wanted);
    CHECK_STR(get(CPUS "present"), wanted);
    CHECK_STR(get(CPUS "possible"), wanted);
    CHECK_STR(get(CPUS "offline"), "\n");
    CHECK_STR(get(CPUS "isolated"), "\n");
    CHECK(atol(get(CPUS "kernel_max")) >= count - 1);
}

// A processor is with itself in every group, as a mask and as a list.
TEST(a_processor_says_with_whom_it_shares)
{
    static const char *const groups[] = { "core_cpus", "core_siblings", "die_cpus", "package_cpus", "thread_siblings" };
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
    {
        char list[50];
        snprintf(list, sizeof list, "%s_list", groups[i]);
        CHECK(strtoul(of_first(groups[i]), NULL, 16) & 1);
        CHECK_EQ(*of_first(list), '0');
    }
    CHECK_STR(of_first("core_id"), "0\n");
    CHECK_STR(of_first("die_id"), "0\n");
    CHECK_STR(of_first("physical_package_id"), "0\n");
}

TEST(the_kernel_tells_what_it_can_and_has)
{
    CHECK_STR(get("/sys/kernel/fscaps"), "1\n");
    CHECK_STR(get("/sys/kernel/kexec_loaded"), "0\n");
    CHECK_STR(get("/sys/kernel/kexec_crash_loaded"), "0\n");
    CHECK_STR(get("/sys/kernel/oops_count"), "0\n");
    CHECK_STR(get("/sys/kernel/warn_count"), "0\n");
    CHECK(strchr(get("/sys/kernel/uevent_seqnum"), '\n') != NULL);
}

TEST(the_directories_are_there)
{
    static const char *const names[] = {
        "block", "bus", "class", "class/block", "class/net", "dev/block", "dev/char", "devices", "devices/system",
        "devices/virtual", "firmware", "fs", "fs/cgroup", "kernel", "kernel/mm", "module", "power",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        char path[100];
        struct stat status;
        snprintf(path, sizeof path, "/sys/%s", names[i]);
        OK(stat(path, &status));
        CHECK(S_ISDIR(status.st_mode));
    }
}

TEST(nobody_makes_files_there)
{
    struct stat status;
    OK(stat("/sys", &status));
    CHECK_EQ(status.st_mode, S_IFDIR | 0555);
    OK(stat(CPUS "online", &status));
    CHECK_EQ(status.st_mode, S_IFREG | 0444);
    CHECK_EQ(status.st_size, 4096);
    CHECK_ERRNO(mkdir("/sys/new", 0755), EPERM);
    CHECK_ERRNO(open("/sys/new", O_CREAT | O_WRONLY, 0644), EACCES);
    CHECK_ERRNO(unlink(CPUS "online"), EPERM);
    FORK(user)
    {
        OK(setresuid(1000, 1000, 1000));
        CHECK_ERRNO(open(CPUS "online", O_WRONLY), EACCES);
    }
    CHECK_EXITS(user, 0);
}

static const char *of_cache(int index, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, CPUS "cpu0/cache/index%d/%s", index, name);
    return get(path);
}

// What lscpu and hwloc add up.
TEST(the_figures_of_a_cache_agree)
{
    int index = 0;
    for (; index < 8; index++)
    {
        char path[200];
        snprintf(path, sizeof path, CPUS "cpu0/cache/index%d", index);
        if (access(path, F_OK) == -1)
            break;
        long bytes = atol(of_cache(index, "coherency_line_size"));
        bytes *= atol(of_cache(index, "physical_line_partition"));
        bytes *= atol(of_cache(index, "ways_of_associativity"));
        bytes *= atol(of_cache(index, "number_of_sets"));
        char wanted[40];
        snprintf(wanted, sizeof wanted, "%ldK\n", bytes / 1024);
        CHECK_STR(of_cache(index, "size"), wanted);
        long level = atol(of_cache(index, "level"));
        CHECK(level >= 1 && level <= 4);
        const char *type = of_cache(index, "type");
        CHECK(strcmp(type, "Data\n") == 0 || strcmp(type, "Instruction\n") == 0 || strcmp(type, "Unified\n") == 0);
        CHECK(strtoul(of_cache(index, "shared_cpu_map"), NULL, 16) & 1);
        CHECK_EQ(*of_cache(index, "shared_cpu_list"), '0');
    }
    CHECK(index > 0);
}

TEST(all_memory_is_in_one_node)
{
#define NODES "/sys/devices/system/node/"
    static const char *const lists[] = { "online", "possible", "has_cpu", "has_memory", "has_normal_memory" };
    char path[200];
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    {
        snprintf(path, sizeof path, NODES "%s", lists[i]);
        CHECK_STR(get(path), "0\n");
    }
    char online[50];
    snprintf(online, sizeof online, "%s", get(CPUS "online"));
    CHECK_STR(get(NODES "node0/cpulist"), online);
    CHECK(strtoul(get(NODES "node0/cpumap"), NULL, 16) & 1);
    CHECK_STR(get(NODES "node0/distance"), "10\n");
    long total = 0, left = 0;
    const char *text = get(NODES "node0/meminfo");
    CHECK_EQ(sscanf(text, "Node 0 MemTotal: %ld kB\nNode 0 MemFree: %ld kB", &total, &left), 2);
    CHECK(total > left && left > 0);
    OK(access(CPUS "cpu0/node0/cpulist", R_OK));
    OK(access(NODES "node0/cpu0/topology", R_OK));
}

TEST(devices_are_found_by_class_and_by_number)
{
    char target[200];
    CHECK_STR(get("/sys/class/mem/null/dev"), "1:3\n");
    CHECK_STR(get("/sys/class/tty/tty/dev"), "5:0\n");
    CHECK_STR(get("/sys/class/tty/console/dev"), "5:1\n");
    CHECK_STR(get("/sys/dev/char/1:3/uevent"), "MAJOR=1\nMINOR=3\nDEVNAME=null\nDEVMODE=0666\n");
    ssize_t length = OK(readlink("/sys/class/mem/null", target, sizeof target - 1));
    target[length] = '\0';
    CHECK_STR(target, "../../devices/virtual/mem/null");
    length = OK(readlink("/sys/dev/char/1:3", target, sizeof target - 1));
    target[length] = '\0';
    CHECK_STR(target, "../../devices/virtual/mem/null");
    length = OK(readlink("/sys/class/mem/null/subsystem", target, sizeof target - 1));
    target[length] = '\0';
    CHECK_STR(target, "../../../../class/mem");
}

TEST(each_weakness_has_a_line)
{
    static const char *const names[] = { "itlb_multihit", "l1tf", "mds", "meltdown", "retbleed", "spec_store_bypass",
                                         "spectre_v1", "spectre_v2", "srbds", "tsx_async_abort" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        char path[200];
        snprintf(path, sizeof path, CPUS "vulnerabilities/%s", names[i]);
        const char *text = get(path);
        CHECK(strncmp(text, "Not affected\n", 13) == 0 || strncmp(text, "Vulnerable", 10) == 0
              || strncmp(text, "Mitigation: ", 12) == 0 || strncmp(text, "Unknown: ", 9) == 0
              || strncmp(text, "KVM: ", 5) == 0);
    }
}

TEST(settings_of_large_pages_mark_one_word)
{
#define THP "/sys/kernel/mm/transparent_hugepage/"
    static const char *const names[] = { "enabled", "defrag", "shmem_enabled" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        char path[200];
        snprintf(path, sizeof path, THP "%s", names[i]);
        char *open = strchr(get(path), '[');
        CHECK(open != NULL && strchr(open, ']') != NULL && strchr(open + 1, '[') == NULL);
    }
    CHECK_STR(get(THP "hpage_pmd_size"), "2097152\n");
    CHECK_STR(get("/sys/kernel/mm/ksm/run"), "0\n");
    CHECK(strstr(get("/sys/kernel/cgroup/features"), "nsdelegate\n") != NULL);
    CHECK(strstr(get("/sys/kernel/cgroup/delegate"), "cgroup.procs\n") != NULL);
}
