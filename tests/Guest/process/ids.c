// setuid(2), setreuid(2), setresuid(2), setfsuid(2) and those of groups: which changes are allowed, and what follows.
#include "check.h"

struct ids
{
    unsigned real, effective, saved, files;
};

static struct ids ids_of(const char *label)
{
    char text[4096];
    read_file("/proc/self/status", text, sizeof text);
    struct ids ids = { 0 };
    char *at = strstr(text, label);
    CHECK(at != NULL);
    CHECK_EQ(sscanf(at + strlen(label), "%u %u %u %u", &ids.real, &ids.effective, &ids.saved, &ids.files), 4);
    return ids;
}

#define CHECK_IDS(label, r, e, s, f)        \
    do                                      \
    {                                       \
        struct ids now = ids_of(label);     \
        CHECK_EQ(now.real, r);              \
        CHECK_EQ(now.effective, e);         \
        CHECK_EQ(now.saved, s);             \
        CHECK_EQ(now.files, f);             \
    } while (0)

#define CHECK_USERS(r, e, s, f) CHECK_IDS("\nUid:", r, e, s, f)
#define CHECK_GROUPS(r, e, s, f) CHECK_IDS("\nGid:", r, e, s, f)

// Without the C library, which would do it in all threads.
static long raw(long number, long a, long b, long c) { return syscall(number, a, b, c); }

TEST(setuid_of_root_sets_all_and_of_a_user_the_effective_one)
{
    FORK(root)
    {
        OK(raw(SYS_setuid, 1000, 0, 0));
        CHECK_USERS(1000, 1000, 1000, 1000);
        CHECK_ERRNO(raw(SYS_setuid, 0, 0, 0), EPERM);
    }
    CHECK_EXITS(root, 0);
    FORK(user)
    {
        OK(raw(SYS_setresuid, 1000, 1001, 1002));
        OK(raw(SYS_setuid, 1002, 0, 0));
        CHECK_USERS(1000, 1002, 1002, 1002);
        OK(raw(SYS_setuid, 1000, 0, 0));
        CHECK_USERS(1000, 1000, 1002, 1000);
        CHECK_ERRNO(raw(SYS_setuid, 1001, 0, 0), EPERM);
        CHECK_ERRNO(raw(SYS_setuid, -1, 0, 0), EINVAL);
    }
    CHECK_EXITS(user, 0);
}

TEST(setreuid_saves_the_new_effective_one_when_the_real_one_changes)
{
    FORK(root)
    {
        OK(raw(SYS_setreuid, 1000, 1001, 0));
        CHECK_USERS(1000, 1001, 1001, 1001);
        OK(raw(SYS_setreuid, -1, 1000, 0));
        // The effective one is the real one: nothing to save.
        CHECK_USERS(1000, 1000, 1001, 1000);
        OK(raw(SYS_setreuid, -1, 1001, 0));
        CHECK_USERS(1000, 1001, 1001, 1001);
        OK(raw(SYS_setreuid, 1001, 1000, 0));
        CHECK_USERS(1001, 1000, 1000, 1000);
        // The real one can only be one of the first two.
        CHECK_ERRNO(raw(SYS_setreuid, 1002, -1, 0), EPERM);
        CHECK_ERRNO(raw(SYS_setreuid, -1, 0, 0), EPERM);
        OK(raw(SYS_setreuid, -1, -1, 0));
    }
    CHECK_EXITS(root, 0);
    FORK(saved)
    {
        OK(raw(SYS_setresuid, 1000, 1001, 1002));
        CHECK_ERRNO(raw(SYS_setreuid, 1002, -1, 0), EPERM);
        OK(raw(SYS_setreuid, -1, 1002, 0));
        CHECK_USERS(1000, 1002, 1002, 1002);
    }
    CHECK_EXITS(saved, 0);
}

TEST(setresuid_takes_any_of_the_three)
{
    FORK(user)
    {
        OK(raw(SYS_setresuid, 1000, 1001, 1002));
        CHECK_USERS(1000, 1001, 1002, 1001);
        OK(raw(SYS_setresuid, 1002, 1000, 1001));
        CHECK_USERS(1002, 1000, 1001, 1000);
        OK(raw(SYS_setresuid, -1, 1001, -1));
        CHECK_USERS(1002, 1001, 1001, 1001);
        CHECK_ERRNO(raw(SYS_setresuid, 1000, -1, -1), EPERM);
        CHECK_ERRNO(raw(SYS_setresuid, -1, -1, 0), EPERM);
        unsigned r, e, s;
        OK(syscall(SYS_getresuid, &r, &e, &s));
        CHECK(r == 1002 && e == 1001 && s == 1001);
        CHECK_ERRNO(syscall(SYS_getresuid, 1, &e, &s), EFAULT);
        CHECK_ERRNO(syscall(SYS_getresuid, &r, &e, 1), EFAULT);
    }
    CHECK_EXITS(user, 0);
}

TEST(the_user_of_files_tells_the_one_before)
{
    CHECK_EQ(raw(SYS_setfsuid, 1000, 0, 0), 0);
    CHECK_USERS(0, 0, 0, 1000);
    CHECK_EQ(raw(SYS_setfsuid, -1, 0, 0), 1000);
    CHECK_EQ(raw(SYS_setfsgid, 1000, 0, 0), 0);
    CHECK_GROUPS(0, 0, 0, 1000);
    scratch();
    make_file("file", "");
    struct stat status;
    OK(stat("file", &status));
    CHECK_EQ(status.st_uid, 1000);
    CHECK_EQ(status.st_gid, 1000);
    // It follows the effective one when that is set.
    OK(raw(SYS_setresuid, -1, 1234, -1));
    CHECK_USERS(0, 1234, 0, 1234);
    // Without privilege only the own ones, and no error either.
    CHECK_EQ(raw(SYS_setfsuid, 55, 0, 0), 1234);
    CHECK_EQ(raw(SYS_setfsuid, 0, 0, 0), 1234);
    CHECK_EQ(raw(SYS_setfsuid, -1, 0, 0), 0);
}

TEST(groups_follow_the_same_rules)
{
    FORK(root)
    {
        OK(raw(SYS_setgid, 1000, 0, 0));
        CHECK_GROUPS(1000, 1000, 1000, 1000);
        // The capability is still there.
        OK(raw(SYS_setresgid, 1000, 1001, 1002));
        CHECK_GROUPS(1000, 1001, 1002, 1001);
        OK(raw(SYS_setresuid, 1, 1, 1));
        OK(raw(SYS_setgid, 1002, 0, 0));
        CHECK_GROUPS(1000, 1002, 1002, 1002);
        CHECK_ERRNO(raw(SYS_setgid, 1001, 0, 0), EPERM);
        CHECK_ERRNO(raw(SYS_setgid, -1, 0, 0), EINVAL);
        CHECK_ERRNO(raw(SYS_setregid, 1002, 55, 0), EPERM);
        OK(raw(SYS_setregid, 1002, 1000, 0));
        CHECK_GROUPS(1002, 1000, 1000, 1000);
        CHECK_ERRNO(raw(SYS_setresgid, -1, -1, 0), EPERM);
        OK(raw(SYS_setresgid, 1000, 1002, -1));
        CHECK_GROUPS(1000, 1002, 1000, 1002);
        unsigned r, e, s;
        OK(syscall(SYS_getresgid, &r, &e, &s));
        CHECK(r == 1000 && e == 1002 && s == 1000);
    }
    CHECK_EXITS(root, 0);
}

TEST(supplementary_groups_are_a_set)
{
    gid_t groups[4] = { 30, 10, 20, 10 };
    OK(syscall(SYS_setgroups, 4, groups));
    CHECK_EQ(syscall(SYS_getgroups, 0, NULL), 4);
    gid_t got[8];
    CHECK_EQ(syscall(SYS_getgroups, 8, got), 4);
    CHECK_ERRNO(syscall(SYS_getgroups, 3, got), EINVAL);
    CHECK_ERRNO(syscall(SYS_getgroups, -1, got), EINVAL);
    CHECK_ERRNO(syscall(SYS_getgroups, 8, 1), EFAULT);
    CHECK_ERRNO(syscall(SYS_setgroups, 65537, groups), EINVAL);
    CHECK_ERRNO(syscall(SYS_setgroups, 2, 1), EFAULT);
    scratch();
    make_file("file", "");
    OK(chown("file", 0, 20));
    OK(chmod("file", 0040));
    FORK(member)
    {
        OK(raw(SYS_setresgid, 5, 5, 5));
        OK(raw(SYS_setresuid, 5, 5, 5));
        OK(open("file", O_RDONLY));
        CHECK_ERRNO(syscall(SYS_setgroups, 0, NULL), EPERM);
    }
    CHECK_EXITS(member, 0);
    OK(syscall(SYS_setgroups, 0, NULL));
    CHECK_EQ(syscall(SYS_getgroups, 0, NULL), 0);
}

TEST(others_hear_of_a_change_of_identity)
{
    struct gate changed = new_gate();
    struct gate looked = new_gate();
    FORK(child)
    {
        OK(raw(SYS_setresuid, 1000, 1000, 1000));
        open_gate(&changed);
        pass_gate(&looked);
    }
    pass_gate(&changed);
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)child);
    OK(stat(path, &status));
    // It has become undumpable: its files in /proc are root's.
    CHECK_EQ(status.st_uid, 0);
    open_gate(&looked);
    CHECK_EXITS(child, 0);
}
