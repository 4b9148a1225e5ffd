// openat2(2): what it checks, and how it resolves.
#include "check.h"
#include <sys/mount.h>

struct how
{
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
    uint64_t more[2];
};

enum
{
    NO_XDEV = 1,
    NO_MAGICLINKS = 2,
    NO_SYMLINKS = 4,
    BENEATH = 8,
    IN_ROOT = 16,
    CACHED = 32,
    HOW_BYTES = 24,
};

static int open_how(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct how how = { flags, mode, resolve, { 0 } };
    return (int)syscall(SYS_openat2, directory, path, &how, HOW_BYTES);
}

static int resolve(int directory, const char *path, uint64_t rules)
{
    return open_how(directory, path, O_RDONLY, 0, rules);
}

// /box/{file,dir/{deep},up -> ../outside,root -> /file,rel -> dir/deep,self -> /proc/self/fd/0}, outside beside it.
static int box(void)
{
    scratch();
    OK(mkdir("box", 0755));
    make_file("outside", "out");
    make_file("box/file", "in");
    OK(mkdir("box/dir", 0755));
    make_file("box/dir/deep", "deep");
    OK(symlink("../outside", "box/up"));
    OK(symlink("/file", "box/root"));
    OK(symlink("dir/deep", "box/rel"));
    OK(symlink("../file", "box/dir/back"));
    return OK(open("box", O_RDONLY | O_DIRECTORY));
}

#define OPENS(call) OK(close(OK(call)))

TEST(the_size_says_which_fields_there_are)
{
    int d = box();
    struct how how = { O_RDONLY, 0, 0, { 0 } };
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", &how, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", &how, HOW_BYTES - 1), EINVAL);
    OPENS(syscall(SYS_openat2, d, "file", &how, HOW_BYTES));
    OPENS(syscall(SYS_openat2, d, "file", &how, sizeof how));
    how.more[1] = 1;
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", &how, sizeof how), E2BIG);
    static char large[8192];
    memcpy(large, &how, HOW_BYTES);
    OPENS(syscall(SYS_openat2, d, "file", large, 4096));
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", large, 4097), E2BIG);
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", NULL, HOW_BYTES), EFAULT);
    CHECK_ERRNO(syscall(SYS_openat2, d, "file", (void *)16, HOW_BYTES), EFAULT);
}

TEST(what_makes_no_sense_is_refused)
{
    int d = box();
    CHECK_ERRNO(open_how(d, "file", 1ull << 40, 0, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "file", 0x80000000u, 0, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "file", O_RDONLY, 0600, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "new", O_CREAT, 010000, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "new", O_CREAT, 1ull << 40, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "file", O_PATH | O_RDWR, 0, 0), EINVAL);
    CHECK_ERRNO(open_how(d, "file", O_PATH | O_CREAT, 0, 0), EINVAL);
    OPENS(open_how(d, "file", O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0));
    CHECK_ERRNO(resolve(d, "file", 64), EINVAL);
    CHECK_ERRNO(resolve(d, "file", 1ull << 33), EINVAL);
    CHECK_ERRNO(resolve(d, "file", BENEATH | IN_ROOT), EINVAL);
    OPENS(open_how(d, "new", O_CREAT | O_RDWR, 0600, 0));
    CHECK_ERRNO(resolve(99, "file", 0), EBADF);
    CHECK_ERRNO(resolve(d, "", 0), ENOENT);
    CHECK_ERRNO(resolve(d, (char *)16, 0), EFAULT);
    OPENS(resolve(99, "/proc/self/stat", 0));
    OPENS(resolve(AT_FDCWD, "box/file", BENEATH));
}

TEST(beneath_never_leaves_the_directory)
{
    int d = box();
    OPENS(resolve(d, "file", BENEATH));
    OPENS(resolve(d, "dir/../file", BENEATH));
    OPENS(resolve(d, "dir/deep", BENEATH));
    OPENS(resolve(d, "rel", BENEATH));
    OPENS(resolve(d, "dir/back", BENEATH));
    OPENS(resolve(d, ".", BENEATH));
    CHECK_ERRNO(resolve(d, "..", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "../box/file", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "dir/../../outside", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "up", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "root", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "/", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "/proc/self/stat", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(d, "missing", BENEATH), ENOENT);
    CHECK_ERRNO(open_how(d, "up", O_CREAT | O_RDWR, 0600, BENEATH), EXDEV);
    CHECK_ERRNO(open_how(d, "../new", O_CREAT | O_RDWR, 0600, BENEATH), EXDEV);
    OPENS(open_how(d, "dir/new", O_CREAT | O_RDWR, 0600, BENEATH));
    OPENS(open_how(d, "up", O_PATH | O_NOFOLLOW, 0, BENEATH));
}

TEST(in_root_takes_the_directory_for_the_root)
{
    int d = box();
    struct stat inside, found;
    OK(stat("box/file", &inside));
    const char *paths[] = { "file", "/file", "root", "../file", "../../file", "dir/../../file", "/../file", "dir/back" };
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
    {
        int fd = OK(resolve(d, paths[i], IN_ROOT));
        OK(fstat(fd, &found));
        CHECK_EQ(found.st_ino, inside.st_ino);
        OK(close(fd));
    }

    CHECK_ERRNO(resolve(d, "up", IN_ROOT), ENOENT);
    CHECK_ERRNO(resolve(d, "/outside", IN_ROOT), ENOENT);
    OPENS(open_how(d, "/../made", O_CREAT | O_RDWR, 0600, IN_ROOT));
    OK(access("box/made", F_OK));
    OK(fstat(d, &inside));
    int top = OK(resolve(d, "/..", IN_ROOT));
    OK(fstat(top, &found));
    CHECK_EQ(found.st_ino, inside.st_ino);
}

TEST(links_can_be_forbidden)
{
    int d = box();
    OPENS(resolve(d, "dir/deep", NO_SYMLINKS));
    CHECK_ERRNO(resolve(d, "rel", NO_SYMLINKS), ELOOP);
    OPENS(open_how(d, "rel", O_PATH | O_NOFOLLOW, 0, NO_SYMLINKS));
    CHECK_ERRNO(resolve(AT_FDCWD, "/proc/self/stat", NO_SYMLINKS), ELOOP);
    CHECK_ERRNO(open_how(d, "rel", O_CREAT | O_RDWR, 0600, NO_SYMLINKS), ELOOP);
    CHECK_ERRNO(open_how(d, "rel", O_NOFOLLOW, 0, NO_SYMLINKS), ELOOP);
}

TEST(magic_links_can_be_forbidden)
{
    int d = box();
    char path[40];
    sprintf(path, "/proc/self/fd/%d", d);
    OPENS(resolve(d, path, 0));
    CHECK_ERRNO(resolve(d, path, NO_MAGICLINKS), ELOOP);
    OPENS(resolve(d, "rel", NO_MAGICLINKS));
    OPENS(resolve(d, "/proc/self/stat", NO_MAGICLINKS));
    int proc = OK(open("/proc/self", O_RDONLY));
    CHECK_ERRNO(resolve(proc, "cwd", BENEATH), EXDEV);
    CHECK_ERRNO(resolve(proc, "cwd", IN_ROOT), EXDEV);
    OPENS(open_how(proc, "cwd", O_PATH | O_NOFOLLOW, 0, NO_MAGICLINKS | BENEATH));
}

TEST(mounts_can_be_forbidden)
{
    int d = box();
    OK(mkdir("box/m", 0755));
    OK(mount("none", "box/m", "tmpfs", 0, NULL));
    make_file("box/m/f", "");
    OPENS(resolve(d, "file", NO_XDEV));
    OPENS(resolve(d, "dir/../file", NO_XDEV));
    OPENS(resolve(d, "m/f", 0));
    CHECK_ERRNO(resolve(d, "m/f", NO_XDEV), EXDEV);
    CHECK_ERRNO(resolve(d, "m", NO_XDEV), EXDEV);
    CHECK_ERRNO(open_how(d, "m/g", O_CREAT | O_RDWR, 0600, NO_XDEV), EXDEV);
    int m = OK(open("box/m", O_RDONLY));
    CHECK_ERRNO(resolve(m, "..", NO_XDEV), EXDEV);
    OPENS(resolve(m, "f", NO_XDEV));
    OPENS(resolve(m, "..", 0));
    int proc = OK(open("/proc/self", O_RDONLY));
    CHECK_ERRNO(resolve(proc, "cwd", NO_XDEV), EXDEV);
    OPENS(resolve(m, "f", BENEATH));
    OPENS(resolve(d, "m/f", BENEATH));
    OK(close(m));
    OK(close(proc));
    OK(umount("box/m"));
}

TEST(only_what_is_known_already)
{
    int d = box();
    OPENS(resolve(d, "file", 0));
    OPENS(resolve(d, "file", CACHED));
    CHECK_ERRNO(open_how(d, "file", O_CREAT | O_RDWR, 0600, CACHED), EAGAIN);
    CHECK_ERRNO(open_how(d, "file", O_TRUNC | O_RDWR, 0, CACHED), EAGAIN);
    CHECK_ERRNO(open_how(d, ".", O_TMPFILE | O_RDWR, 0600, CACHED), EAGAIN);
}

TEST(directories_that_move_out_do_not_open_a_way)
{
    enum { rounds = 300 };
    int d = box();
    OK(mkdir("box/dir/a", 0755));
    FORK(mover)
    {
        for (;;)
        {
            OK(rename("box/dir/a", "moved"));
            OK(rename("moved", "box/dir/a"));
        }
    }

    for (int i = 0; i < rounds; i++)
    {
        int fd = resolve(d, "dir/a/../../../outside", BENEATH);
        CHECK(fd < 0 && (errno == EXDEV || errno == EAGAIN || errno == ENOENT));
        fd = resolve(d, "dir/a/../../../outside", IN_ROOT);
        CHECK(fd < 0 && (errno == EAGAIN || errno == ENOENT));
    }

    OK(kill(mover, SIGKILL));
    CHECK_KILLED(mover, SIGKILL);
}
