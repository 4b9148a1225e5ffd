// Programs with more rights than whoever starts them: execve(2), capabilities(7), getauxval(3) AT_SECURE, prctl(2).
#include "check.h"
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/xattr.h>

#define BIT(capability) (1ull << (capability))

// capabilities(7), capget(2): the C library has no headers for these.
#define VFS_CAP_REVISION_1 0x01000000
#define VFS_CAP_REVISION_2 0x02000000
#define VFS_CAP_REVISION_3 0x03000000
#define VFS_CAP_FLAGS_EFFECTIVE 1
#define XATTR_CAPS_SZ_2 20
#define XATTR_CAPS_SZ_3 24
#define CAPABILITY_VERSION_3 0x20080522

enum
{
    NOBODY = 1000,
    CHOWN = 0,
    NET_BIND = 10,
    NET_RAW = 13,
    CHECKPOINT = 40,
    MANY = 0x40000 | 0x100000 | 0x200000 | 0x1000000, // four flags of personality(2), the last a harmless one
};

static const uint64_t ALL = (1ull << 41) - 1;

struct state
{
    uint64_t permitted;
    uint64_t effective;
    uint64_t inheritable;
    uint64_t ambient;
    uint32_t ids[4];
    uint32_t secure;
    uint32_t dumpable;
    uint32_t death_signal;
    uint32_t personality;
};

struct attribute
{
    uint32_t magic;
    uint32_t data[2][2];
    uint32_t root;
};

static int result_end;

static uint64_t status_number(const char *name)
{
    char status[4096];
    size_t length = read_file("/proc/self/status", status, sizeof status - 1);
    status[length] = '\0';
    char *line = strstr(status, name);
    CHECK(line != NULL);
    return strtoull(line + strlen(name), NULL, 16);
}

HELPER(tell_state)
{
    int death_signal = -1;
    OK(prctl(PR_GET_PDEATHSIG, &death_signal));
    struct state own = {
        .permitted = status_number("CapPrm:"),
        .effective = status_number("CapEff:"),
        .inheritable = status_number("CapInh:"),
        .ambient = status_number("CapAmb:"),
        .ids = { getuid(), geteuid(), getgid(), getegid() },
        .secure = (uint32_t)getauxval(AT_SECURE),
        .dumpable = (uint32_t)prctl(PR_GET_DUMPABLE),
        .death_signal = (uint32_t)death_signal,
        .personality = (uint32_t)personality(0xffffffff),
    };
    return write(atoi(argv[0]), &own, sizeof own) == sizeof own ? 0 : 1;
}

// A copy of this program in a directory of its own.
static void program(uid_t owner, gid_t group, mode_t mode)
{
    static char buffer[65536];
    int from = OK(open(check_self, O_RDONLY));
    int to = OK(open("program", O_WRONLY | O_CREAT | O_TRUNC, 0755));
    ssize_t length;
    while ((length = OK(read(from, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(to, buffer, (size_t)length), length);
    OK(close(to));
    OK(close(from));
    OK(chown("program", owner, group));
    OK(chmod("program", mode));
}

static int set_capabilities(const char *path, uint32_t magic, uint64_t permitted, uint64_t inheritable, size_t size)
{
    struct attribute value = {
        magic,
        { { (uint32_t)permitted, (uint32_t)inheritable }, { permitted >> 32, inheritable >> 32 } },
        0,
    };
    return setxattr(path, "security.capability", &value, size, 0);
}

static void give(uint64_t permitted, uint64_t inheritable, bool effective)
{
    uint32_t magic = VFS_CAP_REVISION_2 | (effective ? VFS_CAP_FLAGS_EFFECTIVE : 0);
    OK(set_capabilities("program", magic, permitted, inheritable, XATTR_CAPS_SZ_2));
}

static void hold(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
    struct { uint32_t version; int32_t pid; } header = { CAPABILITY_VERSION_3, 0 };
    struct { uint32_t effective, permitted, inheritable; } data[2] = {
        { (uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable },
        { effective >> 32, permitted >> 32, inheritable >> 32 },
    };
    OK(syscall(SYS_capset, &header, data));
}

// Runs the program as somebody, after preparation; what it says of itself.
static struct state run(uid_t uid, void (*prepare)(void))
{
    struct state told;
    int ends[2];
    char digits[12];
    OK(pipe(ends));
    result_end = ends[1];
    FORK(child)
    {
        if (uid != 0)
            become(uid);
        OK(prctl(PR_SET_DUMPABLE, 1));
        OK(prctl(PR_SET_PDEATHSIG, SIGUSR1));
        if (prepare != NULL)
            prepare();
        snprintf(digits, sizeof digits, "%d", result_end);
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(execl("./program", "program", "--helper", "tell_state", digits, NULL));
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(ends[0], &told, sizeof told), sizeof told);
    OK(close(ends[0]));
    OK(close(ends[1]));
    return told;
}

static void many_flags(void)
{
    OK(personality(MANY));
}

static void check_secure(struct state told, bool wanted)
{
    CHECK_EQ(told.secure, wanted);
    CHECK_EQ(told.dumpable, wanted ? 0 : 1);
    CHECK_EQ(told.death_signal, wanted ? 0 : SIGUSR1);
}

TEST(an_ordinary_program_keeps_what_its_caller_has)
{
    scratch();
    program(0, 0, 0755);
    struct state told = run(NOBODY, many_flags);
    check_secure(told, false);
    CHECK_EQ(told.personality, MANY);
    CHECK_EQ(told.permitted, 0);
    told = run(0, many_flags);
    check_secure(told, false);
    CHECK_EQ(told.permitted, ALL);
    CHECK_EQ(told.effective, ALL);
}

TEST(a_program_that_sets_the_user_is_secure_and_hidden)
{
    scratch();
    program(0, 0, 04755);
    struct state told = run(NOBODY, many_flags);
    check_secure(told, true);
    CHECK_EQ(told.personality, 0x1000000);
    CHECK_EQ(told.ids[0], NOBODY);
    CHECK_EQ(told.ids[1], 0);
    CHECK_EQ(told.permitted, ALL);
    CHECK_EQ(told.effective, ALL);
}

TEST(a_program_that_sets_the_user_one_already_is_not_secure)
{
    scratch();
    program(NOBODY, NOBODY, 04755);
    struct state told = run(NOBODY, many_flags);
    check_secure(told, false);
    // The flags go all the same.
    CHECK_EQ(told.personality, 0x1000000);
}

TEST(root_that_becomes_a_user_keeps_permitted_capabilities_without_using_them)
{
    scratch();
    program(NOBODY, NOBODY, 04755);
    struct state told = run(0, NULL);
    check_secure(told, true);
    CHECK_EQ(told.ids[1], NOBODY);
    CHECK_EQ(told.permitted, ALL);
    CHECK_EQ(told.effective, 0);
}

TEST(a_program_that_sets_the_group_is_secure_if_the_group_may_run_it)
{
    scratch();
    program(0, 1234, 02755);
    struct state told = run(NOBODY, NULL);
    check_secure(told, true);
    CHECK_EQ(told.ids[3], 1234);
    OK(chmod("program", 02745));
    told = run(NOBODY, NULL);
    check_secure(told, false);
    CHECK_EQ(told.ids[3], NOBODY);
}

TEST(a_program_that_its_user_cannot_read_is_hidden)
{
    scratch();
    program(0, 0, 0711);
    struct state told = run(NOBODY, NULL);
    CHECK_EQ(told.secure, 0);
    CHECK_EQ(told.dumpable, 0);
    CHECK_EQ(told.death_signal, SIGUSR1);
}

TEST(what_hidden_means_is_for_the_administrator)
{
    scratch();
    program(0, 0, 04755);
    int file = OK(open("/proc/sys/fs/suid_dumpable", O_RDWR));
    CHECK_EQ(write(file, "2", 1), 1);
    struct state told = run(NOBODY, NULL);
    CHECK_EQ(pwrite(file, "0", 1, 0), 1);
    CHECK_EQ(told.dumpable, 2);
    CHECK_EQ(pwrite(file, "3", 1, 0), -1);
    CHECK_EQ(errno, EINVAL);
}

static int share_root(UNUSED void *unused)
{
    char byte;
    (void)!read(*(int *)unused, &byte, 1);
    return 0;
}

// Runs the program while another process shares root and working directory with it.
static struct state run_with_partner(uid_t uid)
{
    static char stack[16384] __attribute__((aligned(16)));
    int ends[2];
    int told[2];
    OK(pipe(ends));
    OK(pipe(told));
    FORK(child)
    {
        char digits[12];
        become(uid);
        OK(clone(share_root, stack + sizeof stack, CLONE_FS | SIGCHLD, &ends[0]));
        snprintf(digits, sizeof digits, "%d", told[1]);
        OK(close(ends[1]));
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(execl("./program", "program", "--helper", "tell_state", digits, NULL));
    }
    struct state state;
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(told[0], &state, sizeof state), sizeof state);
    OK(close(ends[1]));
    return state;
}

TEST(who_shares_his_root_with_another_process_gets_no_rights)
{
    // The manual is silent; a partner could change the root below the program.
    scratch();
    program(0, 0, 04755);
    struct state told = run_with_partner(NOBODY);
    CHECK_EQ(told.ids[1], NOBODY);
    CHECK_EQ(told.permitted, 0);
    CHECK_EQ(told.secure, 1);
    program(0, 1234, 02755);
    told = run_with_partner(NOBODY);
    CHECK_EQ(told.ids[3], NOBODY);
    CHECK_EQ(told.secure, 1);
    program(0, 0, 0755);
    told = run_with_partner(NOBODY);
    CHECK_EQ(told.secure, 0);
    give(BIT(NET_RAW), 0, true);
    told = run_with_partner(NOBODY);
    CHECK_EQ(told.permitted, 0);
    CHECK_EQ(told.secure, 1);
}

TEST(an_empty_value_is_no_set_of_capabilities)
{
    scratch();
    program(0, 0, 0755);
    OK(setxattr("program", "security.capability", "", 0, 0));
    CHECK_ERRNO(getxattr("program", "security.capability", NULL, 0), EINVAL);
    CHECK_ERRNO(execl("./program", "program", NULL), EINVAL);
    OK(removexattr("program", "security.capability"));
    CHECK_ERRNO(getxattr("program", "security.capability", NULL, 0), ENODATA);
}

TEST(capabilities_of_a_file_go_to_whoever_runs_it)
{
    scratch();
    program(0, 0, 0755);
    give(BIT(NET_RAW) | BIT(CHECKPOINT), 0, false);
    struct state told = run(NOBODY, many_flags);
    check_secure(told, true);
    CHECK_EQ(told.personality, 0x1000000);
    CHECK_EQ(told.permitted, BIT(NET_RAW) | BIT(CHECKPOINT));
    CHECK_EQ(told.effective, 0);
    give(BIT(NET_RAW), 0, true);
    told = run(NOBODY, NULL);
    CHECK_EQ(told.permitted, BIT(NET_RAW));
    CHECK_EQ(told.effective, BIT(NET_RAW));
    CHECK_EQ(told.ids[1], NOBODY);
    // Root has them anyway.
    told = run(0, NULL);
    check_secure(told, false);
    CHECK_EQ(told.effective, ALL);
}

TEST(a_file_gives_only_what_the_bounds_allow)
{
    scratch();
    program(0, 0, 0755);
    OK(prctl(PR_CAPBSET_DROP, NET_BIND));
    give(BIT(NET_RAW) | BIT(NET_BIND), 0, false);
    struct state told = run(NOBODY, NULL);
    CHECK_EQ(told.permitted, BIT(NET_RAW));

    // A program that does not look would rely on what it has not got.
    give(BIT(NET_RAW) | BIT(NET_BIND), 0, true);
    FORK(child)
    {
        become(NOBODY);
        CHECK_ERRNO(execl("./program", "program", NULL), EPERM);
    }
    CHECK_EXITS(child, 0);
}

static void inherit_two(void)
{
    OK(prctl(PR_SET_KEEPCAPS, 1));
    become(NOBODY);
    hold(BIT(NET_RAW) | BIT(NET_BIND), 0, BIT(NET_RAW) | BIT(NET_BIND));
    OK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, NET_BIND, 0, 0));
}

TEST(inheritable_capabilities_need_the_files_consent_and_ambient_ones_do_not)
{
    scratch();
    program(0, 0, 0755);
    struct state told = run(0, inherit_two);
    CHECK_EQ(told.inheritable, BIT(NET_RAW) | BIT(NET_BIND));
    CHECK_EQ(told.permitted, BIT(NET_BIND));
    CHECK_EQ(told.effective, BIT(NET_BIND));
    CHECK_EQ(told.ambient, BIT(NET_BIND));
    CHECK_EQ(told.secure, 0);

    give(0, BIT(NET_RAW) | BIT(CHOWN), true);
    told = run(0, inherit_two);
    CHECK_EQ(told.permitted, BIT(NET_RAW));
    CHECK_EQ(told.effective, BIT(NET_RAW));
    CHECK_EQ(told.ambient, 0);
    CHECK_EQ(told.secure, 1);
}

static void no_new_rights(void)
{
    OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

TEST(who_wants_no_new_rights_gets_none_from_files)
{
    scratch();
    program(0, 0, 0755);
    give(BIT(NET_RAW), 0, true);
    struct state told = run(NOBODY, no_new_rights);
    CHECK_EQ(told.permitted, 0);
    CHECK_EQ(told.effective, 0);
}

TEST(capabilities_of_a_file_replace_those_of_a_set_user_id_root_program)
{
    scratch();
    program(0, 0, 04755);
    give(BIT(NET_RAW), 0, true);
    struct state told = run(NOBODY, NULL);
    CHECK_EQ(told.ids[1], 0);
    CHECK_EQ(told.permitted, BIT(NET_RAW));
    CHECK_EQ(told.effective, BIT(NET_RAW));
    check_secure(told, true);
}

TEST(only_values_that_the_kernel_understands_can_be_set)
{
    scratch();
    make_file("file", "x");
    CHECK_ERRNO(set_capabilities("file", VFS_CAP_REVISION_2, 1, 0, 19), EINVAL);
    CHECK_ERRNO(set_capabilities("file", VFS_CAP_REVISION_2, 1, 0, XATTR_CAPS_SZ_3), EINVAL);
    CHECK_ERRNO(set_capabilities("file", VFS_CAP_REVISION_1, 1, 0, 12), EINVAL);
    CHECK_ERRNO(set_capabilities("file", 0x04000000, 1, 0, 24), EINVAL);
    CHECK_ERRNO(set_capabilities("file", VFS_CAP_REVISION_3, 1, 0, XATTR_CAPS_SZ_2), EINVAL);
    CHECK_ERRNO(getxattr("file", "security.capability", NULL, 0), ENODATA);
    OK(set_capabilities("file", VFS_CAP_REVISION_2, 1, 0, XATTR_CAPS_SZ_2));
    CHECK_EQ(getxattr("file", "security.capability", NULL, 0), 20);
    FORK(user)
    {
        become(NOBODY);
        CHECK_ERRNO(set_capabilities("file", VFS_CAP_REVISION_2, 1, 0, XATTR_CAPS_SZ_2), EPERM);
        CHECK_EQ(getxattr("file", "security.capability", NULL, 0), 20);
    }
    CHECK_EXITS(user, 0);
}

TEST(version_3_for_root_looks_like_version_2)
{
    scratch();
    program(0, 0, 0755);
    struct attribute value;
    OK(set_capabilities("program", VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE, BIT(NET_RAW), 0, XATTR_CAPS_SZ_3));
    CHECK_EQ(getxattr("program", "security.capability", &value, sizeof value), 20);
    CHECK_EQ(value.magic, VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE);
    CHECK_EQ(value.data[0][0], BIT(NET_RAW));
    struct state told = run(NOBODY, NULL);
    CHECK_EQ(told.effective, BIT(NET_RAW));
}

TEST(writing_truncating_and_giving_away_take_capabilities_off_a_file)
{
    scratch();
    for (int way = 0; way < 4; way++)
    {
        make_file("file", "text");
        OK(set_capabilities("file", VFS_CAP_REVISION_2, 1, 0, XATTR_CAPS_SZ_2));
        OK(chmod("file", 0755));
        OK(utimensat(AT_FDCWD, "file", NULL, 0));
        CHECK_EQ(getxattr("file", "security.capability", NULL, 0), 20);
        int file;
        switch (way)
        {
        case 0: OK(chown("file", 0, 0)); break;
        case 1: OK(truncate("file", 1)); break;
        case 2:
            file = OK(open("file", O_WRONLY));
            CHECK_EQ(getxattr("file", "security.capability", NULL, 0), 20);
            CHECK_EQ(write(file, "x", 1), 1);
            OK(close(file));
            break;
        default: OK(close(OK(open("file", O_WRONLY | O_TRUNC)))); break;
        }
        CHECK_ERRNO(getxattr("file", "security.capability", NULL, 0), ENODATA);
        OK(unlink("file"));
    }
}
