// Long sequences of operations on few names, chosen by a generator, by root, by users and with single capabilities.
// What each answers, and what the files then are, goes into a checksum that was taken on Linux.
//
//   files-sequences --helper show SEED    prints the sequence, for comparing two kernels
#include "check.h"
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

enum
{
    OPERATIONS = 150,
    LINE = 600,
    FOLLOW = 0x400,
    EFFECTIVE_ACCESS = 0x200,
};

static unsigned long long state;
static unsigned long long sum;
static bool is_shown;

static unsigned choose(unsigned count)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % count;
}

#define ONE_OF(table) table[choose(sizeof table / sizeof *table)]

static const char *any_name(void)
{
    static const char *const names[] = {
        "a", "b", "c", "a/a", "a/b", "a/c", "b/a", "b/b", "b/c", "a/a/a", "a/b/b", "b/a/c", "a/", "b/", "c/", "a/.",
        "b/..", "a/b/", "./a", "a/../b", ".", "..", "a/b/..", "l", "l/a", "l/b", "m", "m/", "m/a", "a/l", "a/l/b", "",
        "b/b/../a", "a/./b",
    };
    return choose(3) != 0 ? names[choose(12)] : ONE_OF(names);
}

static const char *any_target(void)
{
    static const char *const targets[] = { "a", "b", "../b", "a/b", "l", "m", ".", "..", "a/", "missing", "", "l/a" };
    return ONE_OF(targets);
}

// Only the real, effective and saved ids move; capabilities stay permitted, and are put into effect one by one.
static void set_capabilities(unsigned effective)
{
    struct
    {
        unsigned version;
        int pid;
    } header = { 0x20080522, 0 };
    struct
    {
        unsigned effective, permitted, inheritable;
    } sets[2] = { { effective, 0xffffffff, 0 }, { effective == 0xffffffff ? 0x1ff : 0, 0x1ff, 0 } };
    OK(syscall(SYS_capset, &header, sets));
}

static void act_as(unsigned user, unsigned capabilities)
{
    static const unsigned groups[] = { 50, 60 };
    set_capabilities(0xffffffff);
    OK(syscall(SYS_setresuid, 0, 0, 0));
    OK(syscall(SYS_setresgid, 0, 0, 0));
    set_capabilities(0xffffffff);
    OK(syscall(SYS_setgroups, user == 0 ? 0 : user == 1000 ? 1 : 2, groups));
    if (user == 0)
        return;
    OK(syscall(SYS_setresgid, user, user, 0));
    OK(syscall(SYS_setresuid, user, user, 0));
    set_capabilities(capabilities);
}

static void note(const char *format, ...)
{
    char text[LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (const char *at = text; *at != '\0'; at++)
        sum = (sum ^ (unsigned char)*at) * 1099511628211ULL;
    if (is_shown)
        fputs(text, stdout);
}

static long result(long value)
{
    return value < 0 ? -errno : value;
}

static void note_file(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        note(" [%s %d]", path, errno);
    else
        note(" [%s %o n%d u%d.%d s%ld b%ld]", path, status.st_mode, (int)status.st_nlink, status.st_uid, status.st_gid,
             S_ISDIR(status.st_mode) ? 0L : (long)status.st_size, S_ISREG(status.st_mode) ? (long)status.st_blocks : 0L);
}

static long do_open(const char *path, const char *other, unsigned mode)
{
    static const int kinds[] = {
        O_RDONLY, O_WRONLY, O_RDWR, 3, O_CREAT, O_CREAT | O_EXCL, O_CREAT | O_RDWR | O_TRUNC, O_DIRECTORY, O_NOFOLLOW,
        O_CREAT | O_DIRECTORY, O_PATH, O_PATH | O_NOFOLLOW, O_TRUNC | O_WRONLY, O_TRUNC, O_CREAT | O_NOFOLLOW | O_RDWR,
        O_TMPFILE | O_RDWR, O_TMPFILE, O_NOATIME, O_CREAT | O_WRONLY | O_APPEND, O_CREAT | O_PATH, O_DIRECTORY | O_RDWR,
        O_CREAT | O_EXCL | O_NOFOLLOW, O_TRUNC | O_PATH, O_CREAT | 3, O_DIRECT,
    };
    int flags = ONE_OF(kinds) | O_NONBLOCK;
    note("open %s %o %o", path, flags, mode);
    long fd = result(syscall(SYS_open, path, flags, mode));
    if (fd < 0)
        return fd;
    if (choose(2) != 0)
        note(" write %ld", result(write((int)fd, "xyz", choose(3) + 1)));
    if (choose(4) == 0)
        note(" truncate %ld", result(ftruncate((int)fd, choose(9000))));
    if (choose(4) == 0)
        note(" chmod %ld", result(syscall(SYS_fchmod, fd, choose(010000))));
    if (choose(6) == 0)
    {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%ld", fd);
        note(" link %s %ld", other, result(linkat(AT_FDCWD, link, AT_FDCWD, other, FOLLOW)));
    }
    close((int)fd);
    return 0;
}

static long do_times(const char *path)
{
    struct timespec times[2] = { { 1, UTIME_NOW }, { 1, choose(2) != 0 ? UTIME_NOW : UTIME_OMIT } };
    if (choose(2) != 0)
        times[0].tv_nsec = 5;
    if (choose(3) == 0)
        times[0].tv_nsec = UTIME_OMIT;
    bool is_now = choose(3) == 0;
    int flags = choose(2) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
    note("times %s %ld %ld %d %x", path, times[0].tv_nsec, times[1].tv_nsec, is_now, flags);
    return result(syscall(SYS_utimensat, AT_FDCWD, path, is_now ? NULL : times, flags));
}

static long do_attribute(const char *path)
{
    static const char *const names[] = { "trusted.x", "trusted.", "bogus.x" };
    const char *name = ONE_OF(names);
    char value[100];
    int flags = (int)choose(3);
    switch (choose(3))
    {
    case 0:
        note("setxattr %s %s %d", path, name, flags);
        return result(setxattr(path, name, "val", 3, flags));
    case 1:
        note("getxattr %s %s", path, name);
        return result(lgetxattr(path, name, value, sizeof value));
    default:
        note("removexattr %s %s", path, name);
        return result(removexattr(path, name));
    }
}

static long do_list(const char *path)
{
    char entries[4096];
    note("list %s", path);
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return -errno;
    long count = 0;
    long length;
    while ((length = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
        for (long at = 0; at < length; at += *(unsigned short *)(entries + at + 16))
            count++;
    close(fd);
    return count;
}

static long do_open_how(const char *path, unsigned mode)
{
    static const unsigned long flags[] = { O_NONBLOCK, O_PATH, O_CREAT | O_RDWR | O_NONBLOCK,
                                           O_DIRECTORY | O_NONBLOCK, O_NOFOLLOW | O_PATH };
    static const unsigned long rules[] = { 0, 2, 4, 8, 16, 12 };
    unsigned long how[3] = { ONE_OF(flags), 0, ONE_OF(rules) };
    how[1] = (how[0] & O_CREAT) != 0 ? mode & 0777 : 0;
    note("openat2 %s %lo %lo %lx", path, how[0], how[1], how[2]);
    long fd = result(syscall(437, AT_FDCWD, path, how, sizeof how));
    if (fd < 0)
        return fd;
    close((int)fd);
    return 0;
}

static long do_two_names(const char *from, const char *to, unsigned kind)
{
    static const int rename_flags[] = { 0, 0, 0, 1, 2, 4, 3, 5, 6, 8 };
    if (kind < 5)
    {
        int flags = ONE_OF(rename_flags);
        note("rename %s %s %d", from, to, flags);
        return result(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags));
    }
    if (kind < 7)
    {
        int flags = choose(3) != 0 ? 0 : FOLLOW;
        note("link %s %s %x", from, to, flags);
        return result(linkat(AT_FDCWD, from, AT_FDCWD, to, flags));
    }
    const char *target = any_target();
    note("symlink %s %s", target, to);
    return result(symlink(target, to));
}

static long do_attributes(const char *path, unsigned kind, unsigned mode)
{
    static const int owners[] = { -1, 0, 1000, 1234, 50, 60 };
    static const unsigned types[] = { S_IFREG, 0, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK, S_IFDIR, S_IFLNK, S_IFMT };
    static const int access_flags[] = { 0, AT_SYMLINK_NOFOLLOW, EFFECTIVE_ACCESS };
    struct stat status;
    char text[100] = "";
    int uid, gid, flags;
    long length;
    switch (kind)
    {
    case 0:
        note("chmod %s %o", path, mode);
        return result(chmod(path, mode));
    case 1:
    case 2:
        uid = ONE_OF(owners);
        gid = ONE_OF(owners);
        flags = choose(2) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
        note("chown %s %d %d %x", path, uid, gid, flags);
        return result(fchownat(AT_FDCWD, path, (uid_t)uid, (gid_t)gid, flags));
    case 3:
        mode |= ONE_OF(types);
        note("mknod %s %o", path, mode);
        return result(syscall(SYS_mknod, path, mode, makedev(1, 3)));
    case 4:
        flags = ONE_OF(access_flags);
        uid = (int)choose(8);
        note("access %s %d %x", path, uid, flags);
        return result(syscall(439, AT_FDCWD, path, uid, flags));
    case 5:
        length = choose(20000);
        note("truncate %s %ld", path, length);
        return result(truncate(path, length));
    case 6:
        note("readlink %s", path);
        length = result(readlink(path, text, sizeof text - 1));
        note(" %s", text);
        return length;
    default:
        note("stat %s", path);
        return stat(path, &status) == 0 ? (long)status.st_mode : -errno;
    }
}

static long do_something(const char *path, const char *other, unsigned kind)
{
    unsigned mode = choose(2) != 0 ? 0777 : choose(010000);
    if (kind < 4)
        return do_open(path, other, mode);
    if (kind >= 8 && kind < 17)
        return do_two_names(path, other, kind - 8);
    if (kind >= 21)
        return do_attributes(path, kind - 21, mode);
    switch (kind)
    {
    case 4:
    case 5:
        note("mkdir %s %o", path, mode);
        return result(mkdir(path, mode));
    case 6:
        note("rmdir %s", path);
        return result(rmdir(path));
    case 7:
        note("unlink %s", path);
        return result(unlink(path));
    case 17:
        return do_times(path);
    case 18:
        return do_attribute(path);
    case 19:
        return do_list(path);
    default:
        return do_open_how(path, mode);
    }
}

// Leaves the checksum in sum. The directory that is worked in is named by the caller.
static void run(int seed, int home)
{
    static const unsigned users[] = { 0, 1000, 1000, 1234 };
    // CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, and some of them together.
    static const unsigned capabilities[] = { 0, 1, 2, 4, 8, 16, 15, 29 };
    static const unsigned masks[] = { 022, 022, 0, 077 };
    state = (unsigned long long)seed * 7919 + 13;
    sum = 14695981039346656037ULL;
    OK(prctl(PR_SET_KEEPCAPS, 1));
    OK(prctl(PR_SET_SECUREBITS, 4 | 16));
    OK(fchdir(home));
    umask(0);
    // Some levels deep: links lead above the directory that is worked in, and what is there must be always the same.
    for (int level = 0; level < 8; level++)
    {
        OK(mkdir("h", 0777));
        OK(chdir("h"));
    }
    OK(mkdir("t", 0777));
    OK(chmod("t", choose(2) != 0 ? 01777 : 0777));
    OK(chdir("t"));
    umask(ONE_OF(masks));
    int work = OK(open(".", O_RDONLY));
    for (int i = 0; i < OPERATIONS; i++)
    {
        unsigned user = seed % 3 == 0 ? 0 : ONE_OF(users);
        unsigned capability = choose(3) != 0 ? 0 : ONE_OF(capabilities);
        act_as(user, capability);
        const char *path = any_name();
        const char *other = any_name();
        unsigned kind = choose(29);
        note("%d u%u c%x ", i, user, capability);
        long value = do_something(path, other, kind);
        act_as(0, 0);
        OK(fchdir(work));
        note(" = %ld", value);
        note_file(path);
        if (kind >= 8 && kind < 17)
            note_file(other);
        note("\n");
    }
    OK(fchdir(home));
    check_remove_tree("h");
    OK(close(work));
}

HELPER(show)
{
    is_shown = true;
    scratch();
    run(atoi(argv[0]), OK(open(".", O_RDONLY)));
    printf("%016llx\n", sum);
    return argc == 1 ? 0 : 1;
}

static void compare(const unsigned long long *expected, int first, int count)
{
    scratch();
    int home = OK(open(".", O_RDONLY));
    for (int i = 0; i < count; i++)
    {
        run(first + i, home);
        if (getenv("GUEST_SUMS") != NULL)
            printf("SUM %d 0x%016llx,\n", first + i, sum);
        else if (sum != expected[i])
            FAIL("sequence %d, got %016llx, wanted %016llx", first + i, sum, expected[i]);
    }
}

// Taken with GUEST_SUMS=1, which prints them, on Linux 6.1.
static const unsigned long long sums[] = {
    0x73e54b98b97f1a61, 0xa7dab252d5b48491, 0x115151a9648c68ac, 0x69ef6d54f8bec0ae, 0xf9f4d758523d1a43,
    0xcfb60dd35fca3c4a, 0x30d87c0521ead3bf, 0x28b06eb1fd8c9d5b, 0x66f847b37e8c9466, 0x360de40f90dc7582,
    0xdc1e4caee4f7a77e, 0x60213680015bbccd, 0xa4ac7dfc133236ba, 0x9806e48fb9e8daf4, 0xd8bd6d6a7266ed30,
    0x6212558fb5bd5ab2, 0x77dcb3b2226becac, 0x95f5c5f5f7eeb7aa, 0xa9c3cfdd952700b2, 0x7e80f8043ed4b546,
    0xdcccea8663a0c21e, 0x8e53948e6987121b, 0x22e7ace8d5d88203, 0xb8ec232453fb6f92, 0xf0c18710c088594c,
    0x05e46a6eda3dc16f, 0xd9bfdadff6e7412b, 0xb6be88f25b75e664, 0x024d1b0d91d8dccb, 0x18c5f2fc6b4e903a,
    0xfe8ecd73f6de1685, 0xbd71ec03a8737715, 0x8bbbda136dc7fd70, 0x745338aa26e4f0e0, 0xf88c27995b012a39,
    0xaa8d44ffb53a930b, 0x4610bf9cab2a81ce, 0x8979cf387b138767, 0x678aa0c6a5a17c8f, 0xe78090087ecdbf58,
    0x2cb2863752048c56, 0x9a54fc698da1b2f0, 0x265834665ffb48b7, 0xe36493be724e16b4, 0x3a2fa34a62c64654,
    0x277f4e834615642e, 0x5f135534e0bf9c96, 0x0f70de8cb7bc18d6, 0xd50006c391082c1e, 0x1ed44cea47ae0fb2,
    0x258b2cfa2b1772ef, 0x993f2efc5d653665, 0x5d89a37148b56c2a, 0x6d95ed72f955fad7, 0x1b87b0f6f1b5cacd,
    0x3ab62877c961510e, 0x5eb07876cea6ea89, 0x9d1da8094801fc4a, 0x560d7807bfc95455, 0x71f66c0bb32a8a56,
};

TEST(sequences_of_operations_answer_as_on_linux)
{
    compare(sums, 0, 30);
}

TEST(more_sequences_of_operations_answer_as_on_linux)
{
    compare(sums + 30, 30, 30);
}
