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
