// capabilities(7), capget(2), prctl(2): sets of capabilities, and what takes them away. And who adopts orphans.
#include "check.h"
#include <sys/prctl.h>

// linux/capability.h, which musl does not bring along.
enum
{
    CAP_CHOWN = 0,
    CAP_DAC_OVERRIDE = 1,
    CAP_DAC_READ_SEARCH = 2,
    CAP_FOWNER = 3,
    CAP_KILL = 5,
    CAP_SETUID = 7,
    CAP_SETPCAP = 8,
    CAP_SYS_NICE = 23,
    VERSION_1 = 0x19980330,
    VERSION_3 = 0x20080522,
};

struct header
{
    uint32_t version;
    int pid;
};

struct words
{
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

struct sets
{
    uint64_t effective;
    uint64_t permitted;
    uint64_t inheritable;
};

static struct header header_of(pid_t pid)
{
    return (struct header){ VERSION_3, pid };
}

static struct sets sets_of(pid_t pid)
{
    struct header header = header_of(pid);
    struct words data[2];
    OK(syscall(SYS_capget, &header, data));
    return (struct sets){ data[0].effective | (uint64_t)data[1].effective << 32,
                          data[0].permitted | (uint64_t)data[1].permitted << 32,
                          data[0].inheritable | (uint64_t)data[1].inheritable << 32 };
}

static int set_sets(struct sets wanted)
{
    struct header header = header_of(0);
    struct words data[2] = {
        { (uint32_t)wanted.effective, (uint32_t)wanted.permitted, (uint32_t)wanted.inheritable },
        { (uint32_t)(wanted.effective >> 32), (uint32_t)(wanted.permitted >> 32), (uint32_t)(wanted.inheritable >> 32) },
    };
    return (int)syscall(SYS_capset, &header, data);
}

static uint64_t bit(int capability) { return (uint64_t)1 << capability; }

static uint64_t everything(void)
{
    char text[16];
    read_file("/proc/sys/kernel/cap_last_cap", text, sizeof text);
    return bit(atoi(text) + 1) - 1;
}

static uint64_t shown(const char *label)
{
    char text[4096];
    read_file("/proc/self/status", text, sizeof text);
    char *at = strstr(text, label);
    CHECK(at != NULL);
    return strtoull(at + strlen(label), NULL, 16);
}

TEST(root_has_all_of_them)
{
    struct sets own = sets_of(0);
    CHECK_EQ(own.effective, everything());
    CHECK_EQ(own.permitted, everything());
    CHECK_EQ(own.inheritable, 0);
    CHECK_EQ(shown("CapEff:\t"), everything());
    CHECK_EQ(shown("CapPrm:\t"), everything());
    CHECK_EQ(shown("CapBnd:\t"), everything());
    CHECK_EQ(shown("CapInh:\t"), 0);
    CHECK_EQ(shown("CapAmb:\t"), 0);
    CHECK_EQ(sets_of(1).effective, everything());
}

TEST(headers_are_checked)
{
    struct header header = { 0x11111111, 0 };
    struct words data[2];
    CHECK_ERRNO(syscall(SYS_capget, &header, data), EINVAL);
    CHECK_EQ(header.version, VERSION_3);
    // To ask for the version is no error.
    header.version = 0;
    OK(syscall(SYS_capget, &header, NULL));
    CHECK_EQ(header.version, VERSION_3);
    header.version = 0;
    CHECK_ERRNO(syscall(SYS_capset, &header, data), EINVAL);
    CHECK_EQ(header.version, VERSION_3);
    header = header_of(-1);
    CHECK_ERRNO(syscall(SYS_capget, &header, data), EINVAL);
    header = header_of(0x3ffffff);
    CHECK_ERRNO(syscall(SYS_capget, &header, data), ESRCH);
    CHECK_ERRNO(syscall(SYS_capget, 1, data), EFAULT);
    header = header_of(0);
    CHECK_ERRNO(syscall(SYS_capget, &header, 1), EFAULT);
    CHECK_ERRNO(syscall(SYS_capset, &header, 1), EFAULT);
    header = header_of(1);
    OK(syscall(SYS_capget, &header, data));
    CHECK_ERRNO(syscall(SYS_capset, &header, data), EPERM);
    header = (struct header){ VERSION_1, 0 };
    OK(syscall(SYS_capget, &header, data));
    CHECK_EQ(data[0].effective, 0xffffffff);
}

TEST(what_is_given_up_is_gone)
{
    struct sets own = sets_of(0);
    own.effective &= ~bit(CAP_CHOWN);
    OK(set_sets(own));
    CHECK_EQ(sets_of(0).effective, everything() & ~bit(CAP_CHOWN));
    scratch();
    make_file("file", "");
    CHECK_ERRNO(chown("file", 5, 5), EPERM);
    // It is permitted still, and can be taken back.
    own.effective |= bit(CAP_CHOWN);
    OK(set_sets(own));
    OK(chown("file", 5, 5));
    own.permitted &= ~bit(CAP_CHOWN);
    CHECK_ERRNO(set_sets(own), EPERM);
    own.effective &= ~bit(CAP_CHOWN);
    OK(set_sets(own));
    own.permitted |= bit(CAP_CHOWN);
    CHECK_ERRNO(set_sets(own), EPERM);
    own.permitted &= ~bit(CAP_CHOWN);
    own.inheritable = bit(CAP_KILL);
    OK(set_sets(own));
    CHECK_EQ(sets_of(0).inheritable, bit(CAP_KILL));
    FORK(child)
        CHECK_EQ(sets_of(0).inheritable, bit(CAP_KILL));
    CHECK_EXITS(child, 0);
}

TEST(leaving_root_takes_them_away_unless_they_are_kept)
{
    FORK(usual)
    {
        OK(setresuid(1000, 1000, 1000));
        CHECK_EQ(sets_of(0).permitted, 0);
        CHECK_EQ(sets_of(0).effective, 0);
    }
    CHECK_EXITS(usual, 0);
    FORK(effective_only)
    {
        OK(setresuid(-1, 1000, -1));
        CHECK_EQ(sets_of(0).permitted, everything());
        CHECK_EQ(sets_of(0).effective, 0);
        OK(setresuid(-1, 0, -1));
        CHECK_EQ(sets_of(0).effective, everything());
    }
    CHECK_EXITS(effective_only, 0);
    FORK(kept)
    {
        CHECK_EQ(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0), 0);
        OK(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
        CHECK_EQ(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0), 1);
        CHECK_ERRNO(prctl(PR_SET_KEEPCAPS, 2, 0, 0, 0), EINVAL);
        OK(setresuid(1000, 1000, 1000));
        CHECK_EQ(sets_of(0).permitted, everything());
        CHECK_EQ(sets_of(0).effective, 0);
        struct sets own = sets_of(0);
        own.effective = bit(CAP_SETUID);
        OK(set_sets(own));
        OK(setresuid(1234, 1234, 1234));
    }
    CHECK_EXITS(kept, 0);
    FORK(files)
    {
        // The user of the file system has those of files.
        OK(syscall(SYS_setfsuid, 1000));
        CHECK((sets_of(0).effective & bit(CAP_DAC_OVERRIDE)) == 0);
        CHECK((sets_of(0).effective & bit(CAP_KILL)) != 0);
        syscall(SYS_setfsuid, 0);
        CHECK_EQ(sets_of(0).effective, everything());
    }
    CHECK_EXITS(files, 0);
}

TEST(the_bounding_set_only_shrinks)
{
    CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_CHOWN, 0, 0, 0), 1);
    CHECK_ERRNO(prctl(PR_CAPBSET_READ, 63, 0, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_CAPBSET_DROP, 63, 0, 0, 0), EINVAL);
    OK(prctl(PR_CAPBSET_DROP, CAP_CHOWN, 0, 0, 0));
    CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_CHOWN, 0, 0, 0), 0);
    CHECK_EQ(shown("CapBnd:\t"), everything() & ~bit(CAP_CHOWN));
    // What is permitted stays so, until another program is run.
    CHECK_EQ(sets_of(0).effective, everything());
    // What is not in it cannot become inheritable.
    struct sets own = sets_of(0);
    own.inheritable = bit(CAP_CHOWN);
    CHECK_ERRNO(set_sets(own), EPERM);
    own.inheritable = 0;
    own.effective &= ~bit(CAP_SETPCAP);
    OK(set_sets(own));
    CHECK_ERRNO(prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0), EPERM);
    OK(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0));
}

TEST(ambient_ones_need_both_other_sets)
{
    CHECK_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), EPERM);
    struct sets own = sets_of(0);
    own.inheritable = bit(CAP_KILL) | bit(CAP_CHOWN);
    OK(set_sets(own));
    OK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    OK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0));
    CHECK_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0), 1);
    CHECK_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_FOWNER, 0, 0), 0);
    CHECK_EQ(shown("CapAmb:\t"), bit(CAP_KILL) | bit(CAP_CHOWN));
    OK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_KILL, 0, 0));
    CHECK_EQ(shown("CapAmb:\t"), bit(CAP_CHOWN));
    // It goes with either of the two.
    own.inheritable = 0;
    OK(set_sets(own));
    CHECK_EQ(shown("CapAmb:\t"), 0);
    CHECK_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 63, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_CAP_AMBIENT, 9, CAP_KILL, 0, 0), EINVAL);
    CHECK_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0), EINVAL);
    OK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
}

TEST(secure_bits_bind_who_sets_them)
{
    enum { NOROOT = 1, NOROOT_LOCKED = 2, NO_SETUID_FIXUP = 4, KEEP_CAPS = 16, KEEP_CAPS_LOCKED = 32, NO_RAISE = 64 };
    CHECK_EQ(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), 0);
    FORK(fixed)
    {
        OK(prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0));
        OK(setresuid(1000, 1000, 1000));
        CHECK_EQ(sets_of(0).effective, everything());
    }
    CHECK_EXITS(fixed, 0);
    FORK(locked)
    {
        OK(prctl(PR_SET_SECUREBITS, NOROOT | NOROOT_LOCKED, 0, 0, 0));
        CHECK_ERRNO(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), EPERM);
        CHECK_ERRNO(prctl(PR_SET_SECUREBITS, NOROOT, 0, 0, 0), EPERM);
        OK(prctl(PR_SET_SECUREBITS, NOROOT | NOROOT_LOCKED | KEEP_CAPS_LOCKED, 0, 0, 0));
        CHECK_ERRNO(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), EPERM);
        CHECK_ERRNO(prctl(PR_SET_SECUREBITS, 0x1000, 0, 0, 0), EPERM);
    }
    CHECK_EXITS(locked, 0);
    FORK(no_raise)
    {
        struct sets own = sets_of(0);
        own.inheritable = bit(CAP_KILL);
        OK(set_sets(own));
        OK(prctl(PR_SET_SECUREBITS, NO_RAISE, 0, 0, 0));
        CHECK_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), EPERM);
    }
    CHECK_EXITS(no_raise, 0);
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(prctl(PR_SET_SECUREBITS, KEEP_CAPS, 0, 0, 0), EPERM);
    }
    CHECK_EXITS(user, 0);
}

TEST(single_capabilities_open_single_doors)
{
    scratch();
    make_file("file", "text");
    OK(chmod("file", 0));
    OK(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    FORK(victim)
        for (;;)
            pause();
    OK(setresgid(1000, 1000, 1000));
    OK(setresuid(1000, 1000, 1000));
    struct sets own = sets_of(0);
    own.effective = 0;
    OK(set_sets(own));
    CHECK_ERRNO(open("file", O_RDONLY), EACCES);
    CHECK_ERRNO(kill(victim, 0), EPERM);
    CHECK_ERRNO(sethostname("x", 1), EPERM);
    CHECK_ERRNO(chmod("file", 0600), EPERM);
    own.effective = bit(CAP_DAC_READ_SEARCH);
    OK(set_sets(own));
    OK(close(OK(open("file", O_RDONLY))));
    CHECK_ERRNO(open("file", O_WRONLY), EACCES);
    own.effective = bit(CAP_DAC_OVERRIDE);
    OK(set_sets(own));
    OK(close(OK(open("file", O_WRONLY))));
    CHECK_ERRNO(chmod("file", 0600), EPERM);
    own.effective = bit(CAP_FOWNER);
    OK(set_sets(own));
    OK(chmod("file", 0));
    CHECK_ERRNO(kill(victim, 0), EPERM);
    own.effective = bit(CAP_KILL);
    OK(set_sets(own));
    OK(kill(victim, SIGKILL));
    CHECK_KILLED(victim, SIGKILL);
    own.effective = bit(CAP_SYS_NICE);
    OK(set_sets(own));
    OK(nice(-3));
}

static void wait_for_parent(pid_t wanted) { EVENTUALLY(getppid() == wanted); }

TEST(a_subreaper_adopts_the_orphans_below_it)
{
    int set = 7;
    OK(prctl(PR_GET_CHILD_SUBREAPER, &set, 0, 0, 0));
    CHECK_EQ(set, 0);
    OK(prctl(PR_SET_CHILD_SUBREAPER, 5, 0, 0, 0));
    OK(prctl(PR_GET_CHILD_SUBREAPER, &set, 0, 0, 0));
    CHECK_EQ(set, 1);
    CHECK_ERRNO(prctl(PR_GET_CHILD_SUBREAPER, 1, 0, 0, 0), EFAULT);
    pid_t us = getpid();
    FORK(child)
    {
        // It is not inherited.
        OK(prctl(PR_GET_CHILD_SUBREAPER, &set, 0, 0, 0));
        CHECK_EQ(set, 0);
        FORK(between)
        {
            FORK(orphan)
            {
                wait_for_parent(us);
                _exit(33);
            }
            _exit(11);
        }
        CHECK_EXITS(between, 11);
        _exit(22);
    }
    int status;
    pid_t first = OK(wait(&status));
    CHECK_EQ(status, first == child ? 22 << 8 : 33 << 8);
    pid_t second = OK(wait(&status));
    CHECK_EQ(status, second == child ? 22 << 8 : 33 << 8);
    CHECK_ERRNO(wait(NULL), ECHILD);
    // Given up, process 1 is next.
    OK(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0));
    struct gate done = new_gate();
    FORK(again)
    {
        FORK(orphan)
        {
            wait_for_parent(1);
            open_gate(&done);
        }
        _exit(0);
    }
    CHECK_EXITS(again, 0);
    pass_gate(&done);
    CHECK_ERRNO(wait(NULL), ECHILD);
}

TEST(the_nearest_subreaper_adopts)
{
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
    FORK(nearer)
    {
        OK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
        pid_t us = getpid();
        FORK(child)
        {
            FORK(orphan)
                wait_for_parent(us);
            _exit(0);
        }
        CHECK_EXITS(child, 0);
        int status;
        OK(wait(&status));
        CHECK_EQ(status, 0);
    }
    CHECK_EXITS(nearer, 0);
    CHECK_ERRNO(wait(NULL), ECHILD);
}
