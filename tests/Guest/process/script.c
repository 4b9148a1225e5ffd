// Interpreter scripts: execve(2), "Interpreter scripts".
#include "check.h"

static char *const no_environment[] = { NULL };

// The interpreter of all these scripts is this program, through a link with a short name: it writes down
// the arguments that it was given, separated by '|'.
static const char *interpreter_dir;

__attribute__((constructor)) static void act_as_interpreter(void)
{
    // Runs before main: the kernel puts the script's words where "--helper" would have to be.
    char link[300];
    char text[4096];
    ssize_t length = readlink("/proc/self/exe", link, sizeof link - 1);
    if (length <= 0)
        return;
    link[length] = '\0';
    if (strlen(link) < 7 || strcmp(link + length - 7, "/interp") != 0)
        return;
    int fd = open("/proc/self/cmdline", O_RDONLY);
    length = read(fd, text, sizeof text);
    for (ssize_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = '|';
    int out = open("seen", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    _exit(write(out, text, (size_t)length) == length ? 0 : 1);
}

static void prepare(void)
{
    static char buffer[65536];
    scratch();
    int from = OK(open(check_self, O_RDONLY));
    int to = OK(open("interp", O_WRONLY | O_CREAT, 0755));
    ssize_t length;
    while ((length = OK(read(from, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(to, buffer, (size_t)length), length);
    OK(close(from));
    OK(close(to));
    interpreter_dir = getcwd(NULL, 0);
}

static void script(const char *path, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    make_file(path, text);
    OK(chmod(path, 0755));
}

// Runs a script with arguments x and y, and compares what its interpreter was given; %s is its directory.
static void expect(const char *path, const char *format)
{
    char seen[4096];
    char wanted[1024];
    char *const arguments[] = { "zero", "x", "y", NULL };
    unlink("seen");
    FORK(child)
        OK(execve(path, arguments, no_environment));
    CHECK_EXITS(child, 0);
    read_file("seen", seen, sizeof seen);
    snprintf(wanted, sizeof wanted, format, interpreter_dir);
    CHECK_STR(seen, wanted);
}

TEST(the_interpreter_gets_the_path_of_the_script_and_its_arguments)
{
    prepare();
    script("s", "#!%s/interp\necho\n", interpreter_dir);
    expect("./s", "%s/interp|./s|x|y|");
}

TEST(the_rest_of_the_line_is_one_argument)
{
    prepare();
    script("s", "#!%s/interp -a  -b c\n", interpreter_dir);
    expect("./s", "%s/interp|-a  -b c|./s|x|y|");
}

TEST(blanks_around_interpreter_and_argument_are_dropped)
{
    prepare();
    script("s", "#! \t %s/interp \t arg \t \n", interpreter_dir);
    expect("./s", "%s/interp|arg|./s|x|y|");
}

TEST(a_line_without_newline_works)
{
    prepare();
    script("s", "#!%s/interp", interpreter_dir);
    expect("./s", "%s/interp|./s|x|y|");
}

TEST(a_relative_interpreter_is_found_from_the_current_directory)
{
    prepare();
    script("s", "#!./interp\n");
    expect("./s", "./interp|./s|x|y|");
}

TEST(a_carriage_return_belongs_to_the_interpreters_name)
{
    prepare();
    script("s", "#!%s/interp\r\n", interpreter_dir);
    CHECK_ERRNO(execve("./s", (char *[]){ "s", NULL }, no_environment), ENOENT);
}

TEST(an_interpreter_may_be_a_script)
{
    prepare();
    script("inner", "#!%s/interp one\n", interpreter_dir);
    script("outer", "#!%s/inner two\n", interpreter_dir);
    char wanted[600];
    snprintf(wanted, sizeof wanted, "%%s/interp|one|%s/inner|two|./outer|x|y|", interpreter_dir);
    expect("./outer", wanted);
}

TEST(scripts_that_nest_too_deep_are_eloop)
{
    prepare();
    script("self", "#!%s/self\n", interpreter_dir);
    CHECK_ERRNO(execve("./self", (char *[]){ "self", NULL }, no_environment), ELOOP);
}

TEST(missing_or_forbidden_interpreters_give_their_errno)
{
    prepare();
    script("missing", "#!/no/such/interpreter\n");
    script("directory", "#!/proc\n");
    make_file("plain", "not executable");
    script("forbidden", "#!%s/plain\n", interpreter_dir);
    char *const arguments[] = { "s", NULL };
    CHECK_ERRNO(execve("./missing", arguments, no_environment), ENOENT);
    CHECK_ERRNO(execve("./directory", arguments, no_environment), EACCES);
    CHECK_ERRNO(execve("./forbidden", arguments, no_environment), EACCES);
}

TEST(a_line_without_interpreter_is_enoexec)
{
    prepare();
    script("bare", "#!");
    script("blank", "#!   \t \n");
    script("newline", "#!\n");
    char *const arguments[] = { "s", NULL };
    // Without even a newline Linux takes the empty name for the current directory, which is no program.
    CHECK_ERRNO(execve("./bare", arguments, no_environment), EACCES);
    CHECK_ERRNO(execve("./blank", arguments, no_environment), ENOEXEC);
    CHECK_ERRNO(execve("./newline", arguments, no_environment), ENOEXEC);
}

TEST(an_interpreter_name_longer_than_the_first_256_bytes_is_enoexec)
{
    prepare();
    char name[400];
    memset(name, '/', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    script("s", "#!%sinterp\n", name);
    CHECK_ERRNO(execve("./s", (char *[]){ "s", NULL }, no_environment), ENOEXEC);
}

TEST(a_long_argument_is_cut_at_255_bytes)
{
    // execve(2): "the kernel imposes a maximum length of 255 characters" on what follows "#!".
    prepare();
    char filler[400];
    char seen[4096];
    memset(filler, 'a', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    script("s", "#!./interp %s\n", filler);
    FORK(child)
        OK(execve("./s", (char *[]){ "s", NULL }, no_environment));
    CHECK_EXITS(child, 0);
    read_file("seen", seen, sizeof seen);
    size_t argument = strspn(seen + strlen("./interp|"), "a");
    CHECK_EQ(strlen("#!./interp ") + argument, 255);
}

TEST(the_name_of_the_process_is_the_script)
{
    prepare();
    script("my-script", "#!/bin/busybox sh\nread name < /proc/self/comm\n[ $name = my-script ] && exit 7\n"
           "read name < /proc/$$/comm; [ $name = my-script ] && exit 7\nexit 1\n");
    FORK(child)
        OK(execve("./my-script", (char *[]){ "x", NULL }, no_environment));
    CHECK_EXITS(child, 7);
}
