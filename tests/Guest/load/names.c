// Storms of names: many processes move, replace, remove and list the same few at once, and fill a file system
// together.
#include "../check.h"
#include <sys/mount.h>
#include <sys/statfs.h>

enum
{
    WORKERS = 4,
    ROUNDS = 400,
    DIRECTORIES = 8,
    STAYING = 60,
    FIRST_NAME = 19,
};

static unsigned state;

static unsigned below(unsigned limit)
{
    state = state * 1103515245 + 12345;
    return (state >> 8) % limit;
}

// A small file system of the case's own, to see that nothing of it is left in use.
static struct statfs enter_tmpfs(const char *options)
{
    struct statfs empty;
    scratch();
    OK(mkdir("t", 0755));
    OK(mount("none", "t", "tmpfs", 0, options));
    OK(chdir("t"));
    OK(statfs(".", &empty));
    return empty;
}

static void check_empty(const struct statfs *empty)
{
    struct statfs now;
    OK(statfs(".", &now));
    CHECK_EQ(now.f_bfree, empty->f_bfree);
    CHECK_EQ(now.f_ffree, empty->f_ffree);
    OK(chdir(".."));
    OK(umount("t"));
}

static void run_all(void (*work)(int number))
{
    pid_t workers[WORKERS];
    for (int i = 0; i < WORKERS; i++)
    {
        FORK(one)
        {
            state = (unsigned)i + 1;
            work(i);
        }
        workers[i] = one;
    }
    for (int i = 0; i < WORKERS; i++)
        CHECK_EXITS(workers[i], 0);
}

// ---- directories that move into each other ---------------------------------------------------------

static int places[DIRECTORIES + 1];

static void name_directory(char *name, int number) { sprintf(name, "d%d", number); }

static void move_directories(UNUSED int number)
{
    char name[16];
    for (int i = loops(ROUNDS) * 10; i > 0; i--)
    {
        name_directory(name, (int)below(DIRECTORIES));
        int from = places[below(DIRECTORIES + 1)];
        int to = places[below(DIRECTORIES + 1)];
        // Not there; or it would be moved into itself.
        if (renameat(from, name, to, name) != 0)
            CHECK(errno == ENOENT || errno == EINVAL);
    }
}

// How many of them are below; each holds its file.
static int count_below(int place)
{
    char name[16];
    int count = 0;
    for (int i = 0; i < DIRECTORIES; i++)
    {
        name_directory(name, i);
        int inside = openat(place, name, O_RDONLY | O_DIRECTORY);
        if (inside < 0)
        {
            CHECK_EQ(errno, ENOENT);
            continue;
        }
        OK(faccessat(inside, "file", F_OK, 0));
        count += 1 + count_below(inside);
        OK(close(inside));
    }
    return count;
}

TEST(directories_that_move_into_each_other_stay_a_tree)
{
    char name[16];
    char path[40];
    scratch();
    for (int i = 0; i < DIRECTORIES; i++)
    {
        name_directory(name, i);
        OK(mkdir(name, 0755));
        sprintf(path, "%s/file", name);
        make_file(path, "");
        places[i] = OK(open(name, O_RDONLY | O_DIRECTORY));
    }
    places[DIRECTORIES] = OK(open(".", O_RDONLY | O_DIRECTORY));
    run_all(move_directories);
    CHECK_EQ(count_below(places[DIRECTORIES]), DIRECTORIES);

    // Each knows its parent.
    for (int i = 0; i < DIRECTORIES; i++)
    {
        struct stat above;
        struct stat here;
        OK(fchdir(places[i]));
        for (int depth = 0; depth < DIRECTORIES + 1; depth++)
        {
            OK(stat(".", &above));
            OK(fstat(places[DIRECTORIES], &here));
            if (above.st_ino == here.st_ino)
                break;
            CHECK(depth < DIRECTORIES);
            OK(chdir(".."));
        }
    }
    OK(fchdir(places[DIRECTORIES]));
}

// ---- files that are replaced and removed while they are open ---------------------------------------

enum
{
    LENGTH = 5000,
};

static void check_whole(int fd)
{
    static char text[LENGTH + 1];
    CHECK_EQ(pread(fd, text, sizeof text, 0), LENGTH);
    for (int i = 1; i < LENGTH; i++)
        CHECK_EQ(text[i], text[0]);
}

static void replace_a_file(int number)
{
    static char text[LENGTH];
    char name[16];
    sprintf(name, "new-%d", number);
    for (int i = loops(ROUNDS); i > 0; i--)
    {
        memset(text, 'a' + i % 26, sizeof text);
        OK(close(write_file(name, text, sizeof text)));
        int old = OK(open("file", O_RDONLY));
        OK(rename(name, "file"));
        // It is always there, and always whole; and so is what was replaced.
        int found = OK(open("file", O_RDONLY));
        check_whole(found);
        check_whole(old);
        OK(close(found));
        OK(close(old));
    }
}

TEST(a_file_that_is_replaced_is_always_there_and_whole)
{
    static char text[LENGTH];
    struct statfs empty = enter_tmpfs("size=2m,nr_inodes=100");
    memset(text, 'a', sizeof text);
    OK(close(write_file("file", text, sizeof text)));
    run_all(replace_a_file);
    OK(unlink("file"));
    check_empty(&empty);
}

static void remove_open_files(int number)
{
    char name[16];
    int marks[2];
    for (int i = loops(ROUNDS) * 3; i > 0; i--)
    {
        sprintf(name, "n%u", below(5));
        int fd = OK(open(name, O_RDWR | O_CREAT, 0644));
        // Of whoever made it, perhaps another: each has a place of its own in it.
        off_t at = (off_t)number * CHECK_PAGE;
        int mark = (number << 16) | i;
        CHECK_EQ(pwrite(fd, &mark, sizeof mark, at), sizeof mark);
        if (unlink(name) != 0)
            CHECK_EQ(errno, ENOENT);
        CHECK_EQ(pread(fd, marks, sizeof mark, at), sizeof mark);
        CHECK_EQ(marks[0], mark);
        OK(close(fd));
    }
}

TEST(files_removed_by_others_while_open_keep_their_contents)
{
    struct statfs empty = enter_tmpfs("size=1m,nr_inodes=100");
    run_all(remove_open_files);
    for (int i = 0; i < 5; i++)
    {
        char name[16];
        sprintf(name, "n%d", i);
        (void)unlink(name);
    }
    check_empty(&empty);
}

// ---- a listing while names come and go -------------------------------------------------------------

static void change_the_directory(int number)
{
    char one[64];
    char other[64];
    for (int i = loops(ROUNDS) * 3; i > 0; i--)
    {
        sprintf(one, "going-%d-%u", number, below(40));
        sprintf(other, "going-%d-%u-with-a-longer-name", number, below(40));
        OK(close(OK(open(one, O_RDWR | O_CREAT, 0644))));
        if (below(2) == 0)
            OK(rename(one, other));
        else
            OK(unlink(one));
    }
}

// Through a small buffer, so that much happens between two calls.
static void list_the_directory(void)
{
    char room[200];
    int seen[STAYING] = { 0 };
    int directory = OK(open(".", O_RDONLY | O_DIRECTORY));
    long length;
    while ((length = OK(syscall(SYS_getdents64, directory, room, sizeof room))) > 0)
    {
        for (long at = 0; at < length; at += *(unsigned short *)(room + at + 16))
        {
            int number;
            CHECK(memchr(room + at + FIRST_NAME, '\0', (size_t)(length - at - FIRST_NAME)) != NULL);
            if (sscanf(room + at + FIRST_NAME, "staying-%d", &number) == 1)
                seen[number]++;
        }
        sched_yield();
    }
    for (int i = 0; i < STAYING; i++)
        CHECK_EQ(seen[i], 1);
    OK(close(directory));
}

static void change_or_list(int number)
{
    if (number > 0)
        change_the_directory(number);
    for (int i = number > 0 ? 0 : loops(ROUNDS) / 8; i > 0; i--)
        list_the_directory();
}

TEST(a_listing_sees_each_name_that_stays_once_while_others_come_and_go)
{
    char name[16];
    scratch();
    for (int i = 0; i < STAYING; i++)
    {
        sprintf(name, "staying-%d", i);
        make_file(name, "");
    }
    run_all(change_or_list);
    list_the_directory();
}

// ---- a file system that several fill ---------------------------------------------------------------

static void fill_and_check(int number)
{
    static int page[CHECK_PAGE / sizeof(int)];
    char name[16];
    sprintf(name, "full-%d", number);
    for (int round = 0; round < 5; round++)
    {
        int fd = OK(open(name, O_RDWR | O_CREAT | O_TRUNC, 0644));
        int pages = 0;
        ssize_t written;
        do
        {
            for (size_t i = 0; i < sizeof page / sizeof *page; i++)
                page[i] = (number << 24) | pages;
            written = write(fd, page, sizeof page);
            if (written > 0)
            {
                CHECK_EQ(written, sizeof page);
                pages++;
            }
            // So that all of them get some.
            sched_yield();
        }
        while (written > 0);
        CHECK_EQ(errno, ENOSPC);

        // What was written is there, and is the whole file.
        struct stat status;
        OK(fstat(fd, &status));
        CHECK_EQ(status.st_size, (long long)pages * CHECK_PAGE);
        for (int n = 0; n < pages; n++)
        {
            CHECK_EQ(pread(fd, page, sizeof page, (off_t)n * CHECK_PAGE), sizeof page);
            for (size_t i = 0; i < sizeof page / sizeof *page; i++)
                CHECK_EQ(page[i], (number << 24) | n);
        }
        OK(unlink(name));
        OK(close(fd));
    }
}

TEST(a_file_system_filled_by_many_loses_nothing_and_can_be_filled_again)
{
    struct statfs empty = enter_tmpfs("size=1m,nr_inodes=100");
    run_all(fill_and_check);
    check_empty(&empty);
}

static void use_all_inodes(int number)
{
    char name[32];
    for (int round = 0; round < 10; round++)
    {
        int made = 0;
        int result;
        do
        {
            sprintf(name, "inode-%d-%d", number, made);
            if (made % 3 == 0)
                result = mkdir(name, 0755);
            else
                result = made % 3 == 1 ? symlink("x", name) : mknod(name, S_IFREG, 0);
            made += result == 0;
            sched_yield();
        }
        while (result == 0);
        CHECK_EQ(errno, ENOSPC);
        while (made-- > 0)
        {
            sprintf(name, "inode-%d-%d", number, made);
            OK(remove(name));
        }
    }
}

TEST(inodes_used_up_by_many_come_back)
{
    struct statfs empty = enter_tmpfs("size=1m,nr_inodes=100");
    run_all(use_all_inodes);
    check_empty(&empty);
}
