// execve(2): what it refuses, what it keeps, what it resets, and what the new image finds.
#include "check.h"
#include <sys/auxv.h>

static char *const no_environment[] = { NULL };

static int try_exec(const char *path)
{
    char *const arguments[] = { (char *)path, NULL };
    return execve(path, arguments, no_environment);
}

HELPER(expect_strings)
{
    static const char *const wanted[] = { "one", "", "two words", "tab\tand\nnewline" };
    CHECK_EQ(argc, 4);
    for (int i = 0; i < 4; i++)
        CHECK_STR(argv[i], wanted[i]);
    CHECK(argv[4] == NULL);
    CHECK_STR(envp[0], "A=1");
    CHECK_STR(envp[1], "EMPTY=");
    CHECK(envp[2] == NULL);
    return 0;
}

TEST(arguments_and_environment_arrive)
{
    char *const arguments[] = { check_self, "--helper", "expect_strings", "one", "", "two words",
                                "tab\tand\nnewline", NULL };
    char *const environment[] = { "A=1", "EMPTY=", NULL };
    // The report descriptor must survive the exec for the helper's own checks to be heard.
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execve(check_self, arguments, environment));
}

TEST(refusals_have_their_own_errno)
{
    scratch();
    make_file("empty", "");
    make_file("plain", "just some text\n");
    make_file("not-executable", "#!/bin/sh\n");
    make_file("short", "\177ELF");
    OK(chmod("empty", 0755));
    OK(chmod("plain", 0755));
    OK(chmod("short", 0755));
    OK(mkdir("directory", 0755));
    OK(symlink("loop", "loop"));
    OK(symlink("nowhere", "dangling"));
    char long_name[300];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';

    CHECK_ERRNO(try_exec("missing"), ENOENT);
    CHECK_ERRNO(try_exec(""), ENOENT);
    CHECK_ERRNO(try_exec("dangling"), ENOENT);
    CHECK_ERRNO(try_exec("directory"), EACCES);
    CHECK_ERRNO(try_exec("not-executable"), EACCES);
    CHECK_ERRNO(try_exec("/dev/null"), EACCES);
    CHECK_ERRNO(try_exec("plain/file"), ENOTDIR);
    CHECK_ERRNO(try_exec("loop"), ELOOP);
    CHECK_ERRNO(try_exec(long_name), ENAMETOOLONG);
    CHECK_ERRNO(try_exec("empty"), ENOEXEC);
    CHECK_ERRNO(try_exec("plain"), ENOEXEC);
    CHECK_ERRNO(try_exec("short"), ENOEXEC);
}

TEST(bad_pointers_are_efault)
{
    char *const arguments[] = { check_self, NULL };
    char *bad_string[] = { check_self, (char *)8, NULL };
    CHECK_ERRNO(syscall(SYS_execve, 8, arguments, no_environment), EFAULT);
    CHECK_ERRNO(syscall(SYS_execve, check_self, 8, no_environment), EFAULT);
    CHECK_ERRNO(syscall(SYS_execve, check_self, arguments, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_execve, check_self, bad_string, no_environment), EFAULT);
    CHECK_ERRNO(syscall(SYS_execve, check_self, arguments, bad_string), EFAULT);
}

TEST(a_user_needs_the_execute_bit)
{
    scratch();
    make_file("script", "#!/bin/sh\nexit 0\n");
    OK(chmod("script", 0744));
    FORK(user)
    {
        become(1000);
        CHECK_ERRNO(try_exec("script"), EACCES);
    }
    CHECK_EXITS(user, 0);
}

TEST(a_failed_exec_leaves_the_process_as_it_was)
{
    scratch();
    make_file("garbage", "\177ELF\002\001\001 but nothing else");
    OK(chmod("garbage", 0755));
    int fd = OK(open("/dev/null", O_RDWR | O_CLOEXEC));
    CHECK_ERRNO(try_exec("garbage"), ENOEXEC);
    CHECK_EQ(write(fd, "x", 1), 1);
}

HELPER(check_descriptors)
{
    int closed = atoi(argv[0]);
    int open_one = atoi(argv[1]);
    CHECK_ERRNO(fcntl(closed, F_GETFD), EBADF);
    CHECK_EQ(fcntl(open_one, F_GETFD), 0);
    return 0;
}

TEST(only_close_on_exec_descriptors_are_closed)
{
    char numbers[2][12];
    int closed = OK(open("/dev/null", O_RDWR | O_CLOEXEC));
    int kept = OK(open("/dev/null", O_RDWR));
    snprintf(numbers[0], sizeof *numbers, "%d", closed);
    snprintf(numbers[1], sizeof *numbers, "%d", kept);
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, check_self, "--helper", "check_descriptors", numbers[0], numbers[1], NULL));
}

static void handler(UNUSED int signo) {}

HELPER(check_signals)
{
    struct sigaction action;
    OK(sigaction(SIGUSR1, NULL, &action));
    CHECK(action.sa_handler == SIG_DFL);
    OK(sigaction(SIGUSR2, NULL, &action));
    CHECK(action.sa_handler == SIG_IGN);
    sigset_t set;
    OK(sigprocmask(SIG_BLOCK, NULL, &set));
    CHECK(sigismember(&set, SIGTERM));
    CHECK(!sigismember(&set, SIGINT));
    OK(sigpending(&set));
    CHECK(sigismember(&set, SIGTERM));
    stack_t stack;
    OK(sigaltstack(NULL, &stack));
    CHECK_EQ(stack.ss_flags, SS_DISABLE);
    CHECK(alarm(0) > 900);
    return 0;
}

TEST(handlers_reset_while_ignored_masked_pending_and_alarm_stay)
{
    static char alternate[16384];
    handle(SIGUSR1, handler, 0);
    handle(SIGUSR2, SIG_IGN, 0);
    block(SIGTERM);
    raise(SIGTERM);
    alarm(1000);
    OK(sigaltstack(&(stack_t){ .ss_sp = alternate, .ss_size = sizeof alternate }, NULL));
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, check_self, "--helper", "check_signals", NULL));
}

HELPER(check_identity)
{
    char text[300];
    CHECK_EQ(getpid(), atoi(argv[0]));
    CHECK_EQ(getppid(), atoi(argv[1]));
    CHECK_EQ(umask(0), 031);
    CHECK_STR(getcwd(text, sizeof text), "/proc");
    read_file("/proc/self/comm", text, sizeof text);
    // comm is the base name of the file, cut to 15 bytes.
    const char *base = strrchr(check_self[0] != 0 ? check_self : argv[2], '/') + 1;
    char wanted[18];
    snprintf(wanted, sizeof wanted, "%.15s\n", base);
    CHECK_STR(text, wanted);
    size_t length = read_file("/proc/self/cmdline", text, sizeof text);
    CHECK(length > 10);
    CHECK_STR(text, "another name");
    return 0;
}

TEST(pid_parent_directory_and_umask_stay_and_comm_changes)
{
    char numbers[2][12];
    snprintf(numbers[0], sizeof *numbers, "%d", getpid());
    snprintf(numbers[1], sizeof *numbers, "%d", getppid());
    umask(031);
    OK(chdir("/proc"));
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, "another name", "--helper", "check_identity", numbers[0], numbers[1], check_self,
             NULL));
}

TEST(memory_of_the_old_image_is_gone)
{
    char *page = OK(mmap((void *)0x700000000000, CHECK_PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    page[0] = 1;
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execl(check_self, check_self, "--helper", "check_unmapped", NULL));
}

HELPER(check_unmapped)
{
    CHECK_ERRNO(msync((void *)0x700000000000, CHECK_PAGE, MS_ASYNC), ENOMEM);
    return 0;
}

static void copy_self(const char *path)
{
    static char buffer[65536];
    int from = OK(open(check_self, O_RDONLY));
    int to = OK(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755));
    ssize_t length;
    while ((length = OK(read(from, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(to, buffer, (size_t)length), length);
    OK(close(from));
    OK(close(to));
}

HELPER(announce_and_wait)
{
    char byte;
    CHECK_EQ(write(atoi(argv[0]), "x", 1), 1);
    (void)!read(atoi(argv[1]), &byte, 1);
    return 0;
}

TEST(a_file_open_for_writing_cannot_be_executed_nor_a_running_one_written)
{
    scratch();
    copy_self("program");
    int writer = OK(open("program", O_WRONLY));
    CHECK_ERRNO(try_exec("program"), ETXTBSY);
    OK(close(writer));

    struct gate ready = new_gate();
    struct gate done = new_gate();
    char numbers[2][12];
    snprintf(numbers[0], sizeof *numbers, "%d", ready.ends[1]);
    snprintf(numbers[1], sizeof *numbers, "%d", done.ends[0]);
    FORK(child)
        execl("./program", "program", "--helper", "announce_and_wait", numbers[0], numbers[1], NULL);
    pass_gate(&ready);
    CHECK_ERRNO(open("program", O_WRONLY), ETXTBSY);
    CHECK_ERRNO(truncate("program", 0), ETXTBSY);
    OK(unlink("program"));
    open_gate(&done);
    CHECK_EXITS(child, 0);
}

HELPER(check_length)
{
    CHECK_EQ(strlen(argv[0]), atoi(argv[1]));
    CHECK_EQ(strspn(argv[0], "a"), atoi(argv[1]));
    return 0;
}

TEST(one_string_may_have_131071_bytes_but_not_one_more)
{
    // execve(2), "Limits on size of arguments": MAX_ARG_STRLEN is 32 pages, the NUL included.
    enum { LIMIT = 32 * CHECK_PAGE };
    char *text = calloc(1, LIMIT + 1);
    memset(text, 'a', LIMIT);
    char *arguments[] = { check_self, "--helper", "check_length", text, "131071", NULL };
    CHECK_ERRNO(execve(check_self, arguments, no_environment), E2BIG);
    text[LIMIT - 1] = '\0';
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execve(check_self, arguments, no_environment));
}

HELPER(check_count)
{
    CHECK_EQ(argc, atoi(argv[argc - 1]));
    for (int i = 0; i < argc - 1; i++)
        CHECK_EQ(atoi(argv[i]), i);
    return 0;
}

TEST(twenty_thousand_arguments_arrive)
{
    enum { COUNT = 20000 };
    static char *arguments[COUNT + 4];
    static char digits[COUNT + 1][6];
    arguments[0] = check_self;
    arguments[1] = "--helper";
    arguments[2] = "check_count";
    for (int i = 0; i < COUNT; i++)
    {
        snprintf(digits[i], sizeof *digits, "%d", i == COUNT - 1 ? COUNT : i);
        arguments[i + 3] = digits[i];
    }
    OK(fcntl(CHECK_REPORT_FD, F_SETFD, 0));
    OK(execve(check_self, arguments, no_environment));
}

TEST(more_than_a_quarter_of_the_stack_limit_is_e2big)
{
    enum { STRINGS = 40, LENGTH = 100000 };
    static char *arguments[STRINGS + 1];
    for (int i = 0; i < STRINGS; i++)
    {
        arguments[i] = calloc(1, LENGTH);
        memset(arguments[i], 'a', LENGTH - 1);
    }
    CHECK_ERRNO(execve(check_self, arguments, no_environment), E2BIG);
}

TEST(an_empty_argument_list_becomes_one_empty_string)
{
    // execve(2): since Linux 5.18 argv[0] is then an empty string. The program starts with argc 1, lists or
    // runs nothing by that name, so run a script whose interpreter shows it instead.
    scratch();
    make_file("script", "#!/bin/busybox sh\n[ $# = 0 ] && exit 21\n");
    OK(chmod("script", 0755));
    FORK(child)
        syscall(SYS_execve, "./script", NULL, no_environment);
    CHECK_EXITS(child, 21);
}
