// fcntl(F_NOTIFY): the owner of an open directory is told by signals what happens in it.
#include "check.h"

static volatile sig_atomic_t told;
static volatile sig_atomic_t last_fd;
static volatile sig_atomic_t last_code;
static volatile long last_band;

static void on_signal(int signo, siginfo_t *info, void *context)
{
    (void)signo;
    (void)context;
    told++;
    last_fd = info->si_fd;
    last_code = info->si_code;
    last_band = info->si_band;
}

static int watch(unsigned events)
{
    scratch();
    OK(mkdir("d", 0777));
    make_file("d/f", "text");
    int fd = OK(open("d", O_RDONLY));
    handle_info(SIGRTMIN, on_signal, SA_RESTART);
    OK(fcntl(fd, F_SETSIG, SIGRTMIN));
    OK(fcntl(fd, F_NOTIFY, events));
    return fd;
}

// How many signals came since it was last asked.
static int news(void)
{
    int count = told;
    told = 0;
    return count;
}

TEST(a_change_is_told_once_and_says_of_which_directory)
{
    int fd = watch(DN_CREATE);
    make_file("d/new", "");
    CHECK_EQ(news(), 1);
    CHECK_EQ(last_fd, fd);
    CHECK_EQ(last_code, POLL_MSG);
    CHECK_EQ(last_band, 0x441);
    make_file("d/newer", "");
    CHECK_EQ(news(), 0);
}

TEST(with_multishot_every_change_is_told)
{
    watch(DN_CREATE | DN_MULTISHOT);
    make_file("d/a", "");
    make_file("d/b", "");
    OK(mkdir("d/c", 0755));
    OK(symlink("x", "d/l"));
    OK(link("d/a", "d/h"));
    OK(mkfifo("d/p", 0644));
    CHECK_EQ(news(), 6);
    OK(unlink("d/a"));
    make_file("outside", "");
    make_file("d/c/deeper", "");
    CHECK_EQ(news(), 0);
}

TEST(each_kind_of_change_has_its_bit)
{
    int fd = watch(DN_MODIFY | DN_MULTISHOT);
    int file = OK(open("d/f", O_RDWR));
    char byte;
    CHECK_EQ(write(file, "x", 1), 1);
    CHECK_EQ(news(), 1);
    OK(ftruncate(file, 0));
    CHECK_EQ(news(), 1);
    CHECK_EQ(read(file, &byte, 1), 0);
    OK(chmod("d/f", 0600));
    CHECK_EQ(news(), 0);

    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT));
    CHECK_EQ(pwrite(file, "abc", 3, 0), 3);
    CHECK_EQ(news(), 0);
    CHECK_EQ(pread(file, &byte, 1, 0), 1);
    CHECK_EQ(news(), 1);

    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT));
    OK(chmod("d/f", 0644));
    OK(chown("d/f", 1000, 1000));
    OK(utimensat(AT_FDCWD, "d/f", NULL, 0));
    CHECK_EQ(news(), 3);

    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_DELETE | DN_MULTISHOT));
    OK(unlink("d/f"));
    OK(mkdir("d/e", 0755));
    OK(rmdir("d/e"));
    CHECK_EQ(news(), 2);
}

TEST(moves_are_renames_deletions_and_creations)
{
    int fd = watch(DN_RENAME | DN_MULTISHOT);
    OK(rename("d/f", "d/g"));
    CHECK_EQ(news(), 1);
    // Only moves within the directory: these are a deletion and a creation.
    OK(rename("d/g", "outside"));
    OK(rename("outside", "d/f"));
    CHECK_EQ(news(), 0);

    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_DELETE | DN_MULTISHOT));
    OK(rename("d/f", "outside"));
    CHECK_EQ(news(), 1);
    OK(rename("outside", "d/f"));
    CHECK_EQ(news(), 0);

    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
    OK(rename("d/f", "outside"));
    CHECK_EQ(news(), 0);
    OK(rename("outside", "d/f"));
    CHECK_EQ(news(), 1);
    OK(rename("d/f", "d/g"));
    CHECK_EQ(news(), 1);
}

TEST(what_is_asked_for_later_is_added_and_nothing_ends_it)
{
    int fd = watch(DN_CREATE | DN_MULTISHOT);
    OK(fcntl(fd, F_NOTIFY, DN_DELETE));
    make_file("d/a", "");
    OK(unlink("d/a"));
    CHECK_EQ(news(), 2);
    OK(fcntl(fd, F_NOTIFY, DN_MULTISHOT));
    make_file("d/a", "");
    CHECK_EQ(news(), 0);
    OK(fcntl(fd, F_NOTIFY, 0));
    OK(fcntl(fd, F_NOTIFY, DN_CREATE));
    make_file("d/b", "");
    CHECK_EQ(news(), 1);
}

TEST(closing_any_descriptor_of_the_directory_ends_it)
{
    int fd = watch(DN_CREATE | DN_MULTISHOT);
    int copy = OK(dup(fd));
    make_file("d/a", "");
    CHECK_EQ(news(), 1);
    OK(close(copy));
    make_file("d/b", "");
    CHECK_EQ(news(), 0);
    OK(fcntl(fd, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
    make_file("d/c", "");
    CHECK_EQ(news(), 1);
    FORK(child)
    {
        // The child's copy is of another table.
        OK(close(fd));
    }
    CHECK_EXITS(child, 0);
    make_file("d/e", "");
    CHECK_EQ(news(), 1);
}

TEST(without_a_chosen_signal_it_is_sigio)
{
    scratch();
    handle_info(SIGIO, on_signal, SA_RESTART);
    int fd = OK(open(".", O_RDONLY));
    OK(fcntl(fd, F_NOTIFY, DN_CREATE));
    CHECK_EQ(fcntl(fd, F_GETOWN), getpid());
    make_file("f", "");
    CHECK_EQ(news(), 1);
    CHECK_EQ(last_code, SI_KERNEL);
}

TEST(another_process_may_be_told)
{
    struct gate ready = new_gate();
    struct gate done = new_gate();
    scratch();
    FORK(child)
    {
        handle_info(SIGRTMIN, on_signal, SA_RESTART);
        open_gate(&ready);
        pass_gate(&done);
        CHECK_EQ(news(), 1);
    }
    pass_gate(&ready);
    int fd = OK(open(".", O_RDONLY));
    OK(fcntl(fd, F_SETSIG, SIGRTMIN));
    OK(fcntl(fd, F_SETOWN, child));
    OK(fcntl(fd, F_NOTIFY, DN_CREATE));
    make_file("f", "");
    open_gate(&done);
    CHECK_EXITS(child, 0);
}

TEST(only_directories_can_be_watched)
{
    scratch();
    int fd = write_file("f", "", 0);
    CHECK_ERRNO(fcntl(fd, F_NOTIFY, DN_CREATE), ENOTDIR);
    OK(fcntl(fd, F_NOTIFY, 0));
    int place = OK(open(".", O_PATH));
    CHECK_ERRNO(fcntl(place, F_NOTIFY, DN_CREATE), EBADF);
    CHECK_ERRNO(fcntl(-1, F_NOTIFY, DN_CREATE), EBADF);
}

TEST(a_directory_that_is_removed_while_watched_leaves_nothing)
{
    scratch();
    handle_info(SIGIO, on_signal, SA_RESTART);
    for (int i = 0; i < 200; i++)
    {
        OK(mkdir("d", 0755));
        int fd = OK(open("d", O_RDONLY));
        OK(fcntl(fd, F_NOTIFY, DN_CREATE | DN_DELETE | DN_MULTISHOT));
        OK(rmdir("d"));
        if (i % 2 == 0)
            OK(close(fd));
    }
}
