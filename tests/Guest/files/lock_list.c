// /proc/locks: every advisory lock, and who waits for it.
#include "check.h"
#include <sys/file.h>
#include <sys/sysmacros.h>

#ifndef F_OFD_SETLK
enum
{
    F_OFD_SETLK = 37,
};
#endif

static char wanted_file[64];

// The lines about the file, without their numbers.
static const char *lines_of(int fd)
{
    static char all[65536];
    static char found[8192];
    struct stat status;
    OK(fstat(fd, &status));
    snprintf(wanted_file, sizeof wanted_file, " %02x:%02x:%llu ", major(status.st_dev), minor(status.st_dev),
             (unsigned long long)status.st_ino);
    read_file("/proc/locks", all, sizeof all);
    found[0] = '\0';
    for (char *line = strtok(all, "\n"); line != NULL; line = strtok(NULL, "\n"))
    {
        char *file = strstr(line, wanted_file);
        if (file == NULL)
            continue;
        char *text = strchr(line, ':') + 2;
        *file = '\0';
        strcat(found, text);
        strcat(found, " ");
        strcat(found, file + strlen(wanted_file));
        strcat(found, ";");
    }
    return found;
}

static const char *expected(const char *format, ...)
{
    static char text[8192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return text;
}

static void lock(int fd, int command, int type, long start, long length)
{
    struct flock wanted = { .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
    OK(fcntl(fd, command, &wanted));
}

TEST(a_record_lock_is_listed_with_its_process_and_range)
{
    scratch();
    int fd = write_file("f", "", 0);
    CHECK_STR(lines_of(fd), "");
    lock(fd, F_SETLK, F_WRLCK, 10, 20);
    CHECK_STR(lines_of(fd), expected("POSIX  ADVISORY  WRITE %d 10 29;", getpid()));
    lock(fd, F_SETLK, F_RDLCK, 0, 0);
    CHECK_STR(lines_of(fd), expected("POSIX  ADVISORY  READ %d 0 EOF;", getpid()));
    lock(fd, F_SETLK, F_WRLCK, 5, 1);
    CHECK_STR(lines_of(fd), expected("POSIX  ADVISORY  READ %d 0 4;POSIX  ADVISORY  WRITE %d 5 5;"
                                     "POSIX  ADVISORY  READ %d 6 EOF;", getpid(), getpid(), getpid()));
    lock(fd, F_SETLK, F_UNLCK, 0, 0);
    CHECK_STR(lines_of(fd), "");
}

TEST(locks_of_open_files_are_nobodys_and_those_of_flock_are_whole)
{
    scratch();
    int fd = write_file("f", "", 0);
    lock(fd, F_OFD_SETLK, F_WRLCK, 1, 2);
    CHECK_STR(lines_of(fd), "OFDLCK ADVISORY  WRITE -1 1 2;");
    lock(fd, F_OFD_SETLK, F_UNLCK, 0, 0);
    OK(flock(fd, LOCK_SH));
    CHECK_STR(lines_of(fd), expected("FLOCK  ADVISORY  READ %d 0 EOF;", getpid()));
    OK(flock(fd, LOCK_EX));
    CHECK_STR(lines_of(fd), expected("FLOCK  ADVISORY  WRITE %d 0 EOF;", getpid()));
    OK(flock(fd, LOCK_UN));
    CHECK_STR(lines_of(fd), "");
}

TEST(who_waits_is_listed_below_who_has_it)
{
    scratch();
    int fd = write_file("f", "", 0);
    lock(fd, F_SETLK, F_WRLCK, 0, 0);
    FORK(child)
    {
        lock(fd, F_SETLKW, F_WRLCK, 3, 4);
    }
    const char *both = expected("POSIX  ADVISORY  WRITE %d 0 EOF;-> POSIX  ADVISORY  WRITE %d 3 6;", getpid(), child);
    EVENTUALLY(strcmp(lines_of(fd), both) == 0);
    lock(fd, F_SETLK, F_UNLCK, 0, 0);
    CHECK_EXITS(child, 0);
    CHECK_STR(lines_of(fd), "");
}

TEST(lines_are_numbered_and_many_are_all_there)
{
    enum
    {
        COUNT = 500,
    };
    scratch();
    int fd = write_file("f", "", 0);
    int other = write_file("g", "", 0);
    OK(flock(other, LOCK_EX));
    for (int i = 0; i < COUNT; i++)
        lock(fd, F_SETLK, F_WRLCK, 2 * i, 1);

    static char text[200000];
    read_file("/proc/locks", text, sizeof text);
    struct stat status;
    OK(fstat(fd, &status));
    char file[64];
    snprintf(file, sizeof file, ":%llu ", (unsigned long long)status.st_ino);
    static bool seen[COUNT];
    int line_number = 0;
    int count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
    {
        CHECK_EQ(atoi(line), ++line_number);
        char *range = strstr(line, file);
        if (range == NULL)
            continue;
        int start = atoi(range + strlen(file));
        CHECK(start % 2 == 0 && start / 2 < COUNT && !seen[start / 2]);
        seen[start / 2] = true;
        count++;
    }
    CHECK_EQ(count, COUNT);
    OK(close(fd));
    OK(close(other));
    CHECK_STR(lines_of(OK(open("f", O_RDONLY))), "");
}

TEST(reading_while_locks_come_and_go_ends)
{
    scratch();
    int fd = write_file("f", "", 0);
    FORK(child)
    {
        for (;;)
            for (int i = 0; i < 40; i++)
            {
                lock(fd, F_SETLK, F_WRLCK, 2 * i, 1);
                if (i % 7 == 0)
                    lock(fd, F_SETLK, F_UNLCK, 0, 0);
            }
    }
    static char text[200000];
    for (int i = 0; i < loops(200); i++)
    {
        read_file("/proc/locks", text, sizeof text);
        CHECK(text[0] == '\0' || text[strlen(text) - 1] == '\n');
    }
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
}
