// execveat(2).
#include "check.h"

static char *no_environment[] = { NULL };

static int execveat_(int directory, const char *path, char **arguments, int flags)
{
    return (int)syscall(SYS_execveat, directory, path, arguments, no_environment, flags);
}

HELPER(check_name)
{
    // The file name lies above the environment, and this program has none.
    char name[600];
    snprintf(name, sizeof name, argv[0], atoi(argv[1]));
    char *end = argv[argc - 1];
    CHECK_STR(end + strlen(end) + 1, name);
    char comm[20] = "";
    read_file("/proc/self/comm", comm, sizeof comm - 1);
    comm[strcspn(comm, "\n")] = 0;
    argv[2][strnlen(argv[2], 15)] = 0;
    CHECK_STR(comm, argv[2]);
    return 5;
}

static void expect(int directory, const char *path, int flags, const char *name, const char *comm)
{
    FORK(child)
    {
        char digits[12];
        snprintf(digits, sizeof digits, "%d", directory);
        char *arguments[] = { "x", "--helper", "check_name", (char *)name, digits, (char *)comm, NULL };
        OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
        OK(execveat_(directory, path, arguments, flags));
    }
    CHECK_EXITS(child, 5);
}

static void copy_self(const char *to)
{
    static char buffer[65536];
    int from = OK(open(check_self, O_RDONLY | O_CLOEXEC));
    int file = OK(open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755));
    ssize_t length;
    while ((length = OK(read(from, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(file, buffer, (size_t)length), length);
    OK(close(file));
    OK(close(from));
}

TEST(a_path_is_found_from_the_directory)
{
    scratch();
    copy_self("program");
    int here = OK(open(".", O_RDONLY | O_DIRECTORY));
    OK(chdir("/"));
    expect(here, "program", 0, "/dev/fd/%d/program", "program");
    int path_only = OK(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    char name[600];
    snprintf(name, sizeof name, "/dev/fd/%%d%s", check_self);
    expect(path_only, check_self + 1, 0, name, strrchr(check_self, '/') + 1);
}

TEST(an_empty_path_runs_the_descriptor_itself)
{
    // The process is called after the file, which has a better name than the descriptor.
    scratch();
    copy_self("program");
    int file = OK(open("program", O_RDONLY));
    expect(file, "", AT_EMPTY_PATH, "/dev/fd/%d", "program");
    OK(rename("program", "renamed"));
    int path_only = OK(open("renamed", O_PATH | O_CLOEXEC));
    expect(path_only, "", AT_EMPTY_PATH, "/dev/fd/%d", "renamed");
}

TEST(refusals_have_their_errno)
{
    scratch();
    copy_self("program");
    OK(symlink("program", "link"));
    char *arguments[] = { "x", NULL };
    int here = OK(open(".", O_RDONLY | O_DIRECTORY));
    int file = OK(open("program", O_RDONLY));
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(execveat_(here, "", arguments, 0), ENOENT);
    CHECK_ERRNO(execveat_(here, "", arguments, AT_EMPTY_PATH), EACCES);
    CHECK_ERRNO(execveat_(here, "program", arguments, 0x800), EINVAL);
    CHECK_ERRNO(execveat_(here, "program", arguments, AT_SYMLINK_FOLLOW), EINVAL);
    CHECK_ERRNO(execveat_(here, "link", arguments, AT_SYMLINK_NOFOLLOW), ELOOP);
    CHECK_ERRNO(execveat_(here, "nothing", arguments, 0), ENOENT);
    CHECK_ERRNO(execveat_(file, "program", arguments, 0), ENOTDIR);
    CHECK_ERRNO(execveat_(1000, "program", arguments, 0), EBADF);
    CHECK_ERRNO(execveat_(1000, "", arguments, AT_EMPTY_PATH), EBADF);
    CHECK_ERRNO(execveat_(ends[0], "", arguments, AT_EMPTY_PATH), EACCES);
    CHECK_ERRNO(execveat_(here, (char *)16, arguments, 0), EFAULT);
    // An absolute path needs no directory.
    FORK(child)
    {
        char *list[] = { check_self, "--list", NULL };
        int null = OK(open("/dev/null", O_WRONLY));
        OK(dup2(null, 1));
        OK(execveat_(1000, check_self, list, 0));
    }
    CHECK_EXITS(child, 0);
    OK(chmod("program", 0600));
    CHECK_ERRNO(execveat_(file, "", arguments, AT_EMPTY_PATH), EACCES);
}

TEST(a_link_is_followed_without_the_flag)
{
    scratch();
    copy_self("program");
    OK(symlink("program", "link"));
    int here = OK(open(".", O_RDONLY | O_DIRECTORY));
    expect(here, "link", 0, "/dev/fd/%d/link", "link");
}

TEST(a_script_is_told_a_name_below_dev_fd)
{
    scratch();
    make_file("script", "#!/bin/busybox sh\ntest \"$0\" = \"$1\" && test $(cat /proc/$$/comm) = busybox\n");
    OK(chmod("script", 0755));
    int file = OK(open("script", O_RDONLY));
    char name[40];
    snprintf(name, sizeof name, "/dev/fd/%d", file);
    char *arguments[] = { "x", name, NULL };
    FORK(child)
        OK(execveat_(file, "", arguments, AT_EMPTY_PATH));
    CHECK_EXITS(child, 0);
}

TEST(a_script_whose_name_vanishes_is_not_found)
{
    scratch();
    make_file("script", "#!/bin/busybox sh\nexit 0\n");
    OK(chmod("script", 0755));
    int file = OK(open("script", O_RDONLY | O_CLOEXEC));
    int here = OK(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    char *arguments[] = { "x", NULL };
    CHECK_ERRNO(execveat_(file, "", arguments, AT_EMPTY_PATH), ENOENT);
    CHECK_ERRNO(execveat_(here, "script", arguments, 0), ENOENT);
    // The path is a name by itself, and the working directory stays.
    FORK(child)
        OK(execveat_(AT_FDCWD, "script", arguments, 0));
    CHECK_EXITS(child, 0);
    OK(fcntl(file, F_SETFD, 0));
    FORK(kept)
        OK(execveat_(file, "", arguments, AT_EMPTY_PATH));
    CHECK_EXITS(kept, 0);
}
