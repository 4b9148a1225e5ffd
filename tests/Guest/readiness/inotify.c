// inotify(7): which operation tells what to whom.
#include "check.h"
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <poll.h>
#include <utime.h>

static const char *const event_names[32] = {
    "ACCESS", "MODIFY", "ATTRIB", "CLOSE_WRITE", "CLOSE_NOWRITE", "OPEN", "MOVED_FROM", "MOVED_TO",
    "CREATE", "DELETE", "DELETE_SELF", "MOVE_SELF", "?", "UNMOUNT", "Q_OVERFLOW", "IGNORED",
    [30] = "ISDIR",
};

static char story[8192];

// All that there is to read, as "WATCH:EVENT|EVENT:NAME#COOKIE ...", cookies counted from 1.
static const char *told(int fd)
{
    static char buffer[16384] __attribute__((aligned(8)));
    char *out = story;
    uint32_t cookies[64];
    int cookie_count = 0;
    *out = 0;
    for (;;)
    {
        ssize_t length = read(fd, buffer, sizeof buffer);
        if (length < 0)
        {
            CHECK_EQ(errno, EAGAIN);
            return story;
        }

        for (char *at = buffer; at < buffer + length;)
        {
            struct inotify_event *event = (void *)at;
            out += sprintf(out, "%s%d:", out == story ? "" : " ", event->wd);
            const char *separator = "";
            for (int bit = 0; bit < 32; bit++)
            {
                if ((event->mask & (1u << bit)) == 0)
                    continue;
                out += sprintf(out, "%s%s", separator, event_names[bit] != NULL ? event_names[bit] : "?");
                separator = "|";
            }

            if (event->len > 0)
                out += sprintf(out, ":%s", event->name);
            if (event->cookie != 0)
            {
                int known = 0;
                while (known < cookie_count && cookies[known] != event->cookie)
                    known++;
                if (known == cookie_count)
                    cookies[cookie_count++] = event->cookie;
                out += sprintf(out, "#%d", known + 1);
            }

            CHECK(out < story + sizeof story - 600);
            CHECK_EQ(event->len % 16, 0);
            at += sizeof *event + event->len;
        }
    }
}

#define TOLD(fd, expected) CHECK_STR(told(fd), expected)

// A directory of its own with the file "f" and the directory "d" in it, and a watch on it, number 1.
static int watched_directory(uint32_t mask)
{
    scratch();
    make_file("f", "text");
    OK(mkdir("d", 0755));
    int fd = OK(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    CHECK_EQ(inotify_add_watch(fd, ".", mask), 1);
    return fd;
}

static int watched(const char *path, uint32_t mask)
{
    int fd = OK(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    CHECK_EQ(inotify_add_watch(fd, path, mask), 1);
    return fd;
}

TEST(a_file_tells_what_is_done_with_it)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 2);
    char byte;
    int file = OK(open("f", O_RDWR));
    TOLD(fd, "1:OPEN:f 2:OPEN");
    CHECK_EQ(read(file, &byte, 1), 1);
    TOLD(fd, "1:ACCESS:f 2:ACCESS");
    CHECK_EQ(write(file, "x", 1), 1);
    TOLD(fd, "1:MODIFY:f 2:MODIFY");
    CHECK_EQ(pread(file, &byte, 1, 100), 0);
    TOLD(fd, "");
    CHECK_EQ(pwrite(file, "", 0, 0), 0);
    TOLD(fd, "");
    OK(ftruncate(file, 1));
    TOLD(fd, "1:MODIFY:f 2:MODIFY");
    OK(ftruncate(file, 1));
    TOLD(fd, "1:MODIFY:f 2:MODIFY");
    OK(fallocate(file, 0, 0, 100));
    TOLD(fd, "1:MODIFY:f 2:MODIFY");
    OK(fchmod(file, 0600));
    TOLD(fd, "1:ATTRIB:f 2:ATTRIB");
    OK(fchown(file, -1, -1));
    TOLD(fd, "");
    OK(fchown(file, 0, 0));
    TOLD(fd, "1:ATTRIB:f 2:ATTRIB");
    OK(fsetxattr(file, "trusted.one", "1", 1, 0));
    TOLD(fd, "1:ATTRIB:f 2:ATTRIB");
    OK(fremovexattr(file, "trusted.one"));
    TOLD(fd, "1:ATTRIB:f 2:ATTRIB");
    struct stat status;
    OK(fstat(file, &status));
    OK(lseek(file, 0, SEEK_SET));
    OK(fsync(file));
    TOLD(fd, "");
    OK(close(file));
    TOLD(fd, "1:CLOSE_WRITE:f 2:CLOSE_WRITE");
    file = OK(open("f", O_RDONLY));
    int other = OK(dup(file));
    OK(close(file));
    TOLD(fd, "1:OPEN:f 2:OPEN");
    OK(close(other));
    TOLD(fd, "1:CLOSE_NOWRITE:f 2:CLOSE_NOWRITE");
}

TEST(times_are_attributes_accesses_or_changes)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    OK(utimensat(AT_FDCWD, "f", NULL, 0));
    TOLD(fd, "1:ATTRIB:f");
    struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };
    OK(utimensat(AT_FDCWD, "f", times, 0));
    TOLD(fd, "1:ACCESS:f");
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_nsec = UTIME_NOW;
    OK(utimensat(AT_FDCWD, "f", times, 0));
    TOLD(fd, "1:MODIFY:f");
    times[1].tv_nsec = UTIME_OMIT;
    OK(utimensat(AT_FDCWD, "f", times, 0));
    TOLD(fd, "");
    OK(utimensat(AT_FDCWD, ".", NULL, 0));
    TOLD(fd, "1:ATTRIB|ISDIR");
    OK(chmod("f", 0644));
    TOLD(fd, "1:ATTRIB:f");
    OK(chown("f", 1, 1));
    TOLD(fd, "1:ATTRIB:f");
    OK(truncate("f", 2));
    TOLD(fd, "1:MODIFY:f");
    OK(setxattr("f", "trusted.one", "1", 1, 0));
    TOLD(fd, "1:ATTRIB:f");
    OK(removexattr("f", "trusted.one"));
    TOLD(fd, "1:ATTRIB:f");
    CHECK_ERRNO(removexattr("f", "trusted.one"), ENODATA);
    TOLD(fd, "");
}

TEST(opening_tells_of_creation_and_truncation_first)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    int file = OK(open("new", O_CREAT | O_WRONLY | O_TRUNC, 0644));
    TOLD(fd, "1:CREATE:new 1:OPEN:new");
    OK(close(file));
    TOLD(fd, "1:CLOSE_WRITE:new");
    OK(close(OK(open("f", O_WRONLY | O_TRUNC))));
    TOLD(fd, "1:MODIFY:f 1:OPEN:f 1:CLOSE_WRITE:f");
    OK(close(OK(open("f", O_WRONLY | O_TRUNC))));
    TOLD(fd, "1:MODIFY:f 1:OPEN:f 1:CLOSE_WRITE:f");
    OK(close(OK(open("f", O_PATH))));
    CHECK_ERRNO(open("f", O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_ERRNO(open("f", O_DIRECTORY), ENOTDIR);
    TOLD(fd, "");
}

TEST(directories_tell_of_names_made_and_removed)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    OK(mkdir("e", 0755));
    TOLD(fd, "1:CREATE|ISDIR:e");
    OK(rmdir("e"));
    TOLD(fd, "1:DELETE|ISDIR:e");
    OK(symlink("f", "s"));
    TOLD(fd, "1:CREATE:s");
    OK(mkfifo("p", 0600));
    TOLD(fd, "1:CREATE:p");
    OK(unlink("p"));
    TOLD(fd, "1:DELETE:p");
    OK(link("f", "g"));
    TOLD(fd, "1:CREATE:g");
    OK(unlink("g"));
    TOLD(fd, "1:DELETE:g");
    OK(unlink("f"));
    TOLD(fd, "1:DELETE:f");
    char target[10];
    CHECK_EQ(readlink("s", target, sizeof target), 1);
    TOLD(fd, "");
}

TEST(a_directory_tells_who_opens_and_lists_it)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    char buffer[1024];
    int directory = OK(open(".", O_RDONLY | O_DIRECTORY));
    TOLD(fd, "1:OPEN|ISDIR");
    CHECK(syscall(SYS_getdents64, directory, buffer, sizeof buffer) > 0);
    TOLD(fd, "1:ACCESS|ISDIR");
    CHECK_EQ(syscall(SYS_getdents64, directory, buffer, sizeof buffer), 0);
    TOLD(fd, "1:ACCESS|ISDIR");
    OK(close(directory));
    TOLD(fd, "1:CLOSE_NOWRITE|ISDIR");
    directory = OK(open("d", O_RDONLY | O_DIRECTORY));
    CHECK(syscall(SYS_getdents64, directory, buffer, sizeof buffer) > 0);
    OK(close(directory));
    TOLD(fd, "1:OPEN|ISDIR:d 1:ACCESS|ISDIR:d 1:CLOSE_NOWRITE|ISDIR:d");
    OK(chmod("d", 0700));
    OK(chdir("d"));
    TOLD(fd, "1:ATTRIB|ISDIR:d");
    make_file("deep", "");
    TOLD(fd, "");
}

TEST(a_move_is_told_in_two_halves_with_one_cookie)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ALL_EVENTS), 2);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 3);
    OK(rename("f", "g"));
    TOLD(fd, "1:MOVED_FROM:f#1 1:MOVED_TO:g#1 3:MOVE_SELF");
    OK(rename("g", "d/h"));
    TOLD(fd, "1:MOVED_FROM:g#1 2:MOVED_TO:h#1 3:MOVE_SELF");
    OK(rename("d", "e"));
    TOLD(fd, "1:MOVED_FROM|ISDIR:d#1 1:MOVED_TO|ISDIR:e#1 2:MOVE_SELF");
    make_file("e/h", "xy");
    TOLD(fd, "2:MODIFY:h 3:MODIFY 2:OPEN:h 3:OPEN 2:MODIFY:h 3:MODIFY 2:CLOSE_WRITE:h 3:CLOSE_WRITE");
    OK(rename("e/h", "e/h"));
    TOLD(fd, "");
}

TEST(a_move_over_a_file_removes_that)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    make_file("old", "");
    CHECK_EQ(inotify_add_watch(fd, "old", IN_ALL_EVENTS), 2);
    told(fd);
    OK(rename("f", "old"));
    TOLD(fd, "1:MOVED_FROM:f#1 1:MOVED_TO:old#1 2:ATTRIB 2:DELETE_SELF 2:IGNORED");
    CHECK_ERRNO(inotify_rm_watch(fd, 2), EINVAL);
}

TEST(a_move_over_a_directory_removes_that)
{
    int fd = watched_directory(IN_MOVE);
    OK(mkdir("e", 0755));
    CHECK_EQ(inotify_add_watch(fd, "e", IN_ALL_EVENTS), 2);
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ALL_EVENTS), 3);
    OK(rename("d", "e"));
    TOLD(fd, "1:MOVED_FROM|ISDIR:d#1 1:MOVED_TO|ISDIR:e#1 2:ATTRIB|ISDIR 3:MOVE_SELF 2:DELETE_SELF 2:IGNORED");
}

TEST(an_exchange_is_two_moves)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    make_file("d/g", "");
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ALL_EVENTS), 2);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 3);
    CHECK_EQ(inotify_add_watch(fd, "d/g", IN_ALL_EVENTS), 4);
    OK(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "d/g", 2));
    TOLD(fd, "1:MOVED_FROM:f#1 2:MOVED_TO:g#1 3:MOVE_SELF 2:MOVED_FROM:g#2 1:MOVED_TO:f#2 4:MOVE_SELF");
}

TEST(a_file_that_goes_takes_its_watch_along)
{
    int fd = watched_directory(IN_DELETE);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 2);
    OK(unlink("f"));
    TOLD(fd, "2:ATTRIB 2:DELETE_SELF 2:IGNORED 1:DELETE:f");
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ALL_EVENTS), 3);
    OK(rmdir("d"));
    TOLD(fd, "3:DELETE_SELF 3:IGNORED 1:DELETE|ISDIR:d");
}

TEST(a_file_without_a_name_goes_with_its_last_user)
{
    int fd = watched_directory(IN_DELETE);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 2);
    OK(link("f", "g"));
    TOLD(fd, "2:ATTRIB");
    int file = OK(open("g", O_RDWR));
    TOLD(fd, "2:OPEN");
    OK(unlink("f"));
    TOLD(fd, "2:ATTRIB 1:DELETE:f");
    OK(unlink("g"));
    TOLD(fd, "2:ATTRIB 1:DELETE:g");
    CHECK_EQ(write(file, "x", 1), 1);
    TOLD(fd, "2:MODIFY");
    OK(close(file));
    TOLD(fd, "2:CLOSE_WRITE 2:DELETE_SELF 2:IGNORED");
}

// Linux looks at who uses the name, not the file.
TEST(a_last_name_that_nobody_uses_takes_the_watch_along)
{
    int fd = watched_directory(IN_DELETE);
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS), 2);
    OK(link("f", "g"));
    int file = OK(open("f", O_RDWR));
    OK(unlink("f"));
    told(fd);
    OK(unlink("g"));
    TOLD(fd, "2:ATTRIB 2:DELETE_SELF 2:IGNORED 1:DELETE:g");
    CHECK_EQ(write(file, "x", 1), 1);
    TOLD(fd, "");
}

TEST(names_that_are_gone_may_be_left_out)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    int excluding = watched(".", IN_ALL_EVENTS | IN_EXCL_UNLINK);
    int file = OK(open("f", O_RDWR));
    OK(unlink("f"));
    TOLD(fd, "1:OPEN:f 1:DELETE:f");
    TOLD(excluding, "1:OPEN:f 1:DELETE:f");
    CHECK_EQ(write(file, "x", 1), 1);
    OK(fchmod(file, 0600));
    OK(close(file));
    TOLD(fd, "1:MODIFY:f 1:ATTRIB:f 1:CLOSE_WRITE:f");
    TOLD(excluding, "1:ATTRIB:f");
}

TEST(a_removed_directory_takes_its_watch_along_at_last)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ALL_EVENTS), 2);
    int directory = OK(open("d", O_RDONLY));
    told(fd);
    OK(rmdir("d"));
    TOLD(fd, "1:DELETE|ISDIR:d");
    OK(close(directory));
    TOLD(fd, "1:CLOSE_NOWRITE|ISDIR:d 2:CLOSE_NOWRITE|ISDIR 2:DELETE_SELF 2:IGNORED");
}

TEST(one_shot_watches_tell_once)
{
    int fd = watched_directory(IN_OPEN | IN_ONESHOT);
    OK(close(OK(open("f", O_RDONLY))));
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN:f 1:IGNORED");
    CHECK_ERRNO(inotify_rm_watch(fd, 1), EINVAL);
    CHECK_EQ(inotify_add_watch(fd, ".", IN_OPEN), 2);
}

TEST(a_second_watch_on_a_file_changes_the_first)
{
    int fd = watched_directory(IN_OPEN);
    CHECK_EQ(inotify_add_watch(fd, ".", IN_CLOSE), 1);
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:CLOSE_NOWRITE:f");
    CHECK_EQ(inotify_add_watch(fd, ".", IN_OPEN | IN_MASK_ADD), 1);
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN:f 1:CLOSE_NOWRITE:f");
    CHECK_ERRNO(inotify_add_watch(fd, ".", IN_OPEN | IN_MASK_CREATE), EEXIST);
    CHECK_ERRNO(inotify_add_watch(fd, ".", IN_OPEN | IN_MASK_CREATE | IN_MASK_ADD), EINVAL);
    CHECK_EQ(inotify_add_watch(fd, "d", IN_OPEN | IN_MASK_CREATE), 2);
    OK(link("f", "g"));
    CHECK_EQ(inotify_add_watch(fd, "f", IN_OPEN), 3);
    CHECK_EQ(inotify_add_watch(fd, "g", IN_OPEN), 3);
    OK(inotify_rm_watch(fd, 3));
    CHECK_EQ(inotify_add_watch(fd, "g", IN_OPEN), 4);
    TOLD(fd, "3:IGNORED");
}

TEST(links_are_followed_unless_asked_not_to)
{
    int fd = watched_directory(IN_ATTRIB);
    OK(symlink("f", "s"));
    CHECK_EQ(inotify_add_watch(fd, "s", IN_ATTRIB), 2);
    CHECK_EQ(inotify_add_watch(fd, "s", IN_ATTRIB | IN_DONT_FOLLOW), 3);
    told(fd);
    OK(chmod("f", 0600));
    TOLD(fd, "1:ATTRIB:f 2:ATTRIB");
    OK(lchown("s", 1, 1));
    TOLD(fd, "1:ATTRIB:s 3:ATTRIB");
    CHECK_ERRNO(inotify_add_watch(fd, "f", IN_ATTRIB | IN_ONLYDIR), ENOTDIR);
    CHECK_EQ(inotify_add_watch(fd, "d", IN_ATTRIB | IN_ONLYDIR), 4);
    CHECK_ERRNO(inotify_add_watch(fd, "s", IN_ATTRIB | IN_DONT_FOLLOW | IN_ONLYDIR), ENOTDIR);
}

TEST(bad_arguments_are_refused)
{
    int fd = watched_directory(IN_OPEN);
    CHECK_ERRNO(inotify_init1(1), EINVAL);
    CHECK_ERRNO(inotify_add_watch(fd, ".", 0), EINVAL);
    CHECK_ERRNO(inotify_add_watch(fd, ".", 0x1000), EINVAL);
    CHECK_ERRNO(inotify_add_watch(fd, "missing", IN_OPEN), ENOENT);
    CHECK_ERRNO(inotify_add_watch(fd, "", IN_OPEN), ENOENT);
    CHECK_ERRNO(inotify_add_watch(fd, (char *)1, IN_OPEN), EFAULT);
    CHECK_ERRNO(inotify_add_watch(0, ".", IN_OPEN), EINVAL);
    CHECK_ERRNO(inotify_add_watch(199, ".", IN_OPEN), EBADF);
    CHECK_ERRNO(inotify_add_watch(199, ".", 0), EINVAL);
    CHECK_ERRNO(inotify_rm_watch(fd, 2), EINVAL);
    CHECK_ERRNO(inotify_rm_watch(fd, -1), EINVAL);
    CHECK_ERRNO(inotify_rm_watch(0, 1), EINVAL);
    CHECK_ERRNO(inotify_rm_watch(199, 1), EBADF);
    CHECK_EQ(inotify_add_watch(fd, ".", IN_ONLYDIR), 1);
    CHECK_ERRNO(inotify_add_watch(fd, ".", IN_OPEN | 0x00100000), EINVAL);
    CHECK_ERRNO(write(fd, "x", 1), EBADF);
    CHECK_EQ(lseek(fd, 5, SEEK_SET), 0);
    CHECK_ERRNO(ftruncate(fd, 0), EINVAL);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY | O_NONBLOCK);
    int plain = OK(inotify_init());
    CHECK_EQ(fcntl(plain, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY);
}

TEST(a_watch_needs_read_permission)
{
    int fd = watched_directory(IN_OPEN);
    OK(chmod(".", 0755));
    make_file("secret", "");
    OK(chmod("secret", 0600));
    OK(chmod("f", 0644));
    OK(setuid(1000));
    CHECK_ERRNO(inotify_add_watch(fd, "secret", IN_OPEN), EACCES);
    CHECK(inotify_add_watch(fd, "f", IN_OPEN) > 1);
}

TEST(equal_events_in_a_row_are_one)
{
    int fd = watched_directory(IN_MODIFY | IN_ACCESS);
    char byte;
    int file = OK(open("f", O_RDWR));
    for (int i = 0; i < 10; i++)
        CHECK_EQ(pwrite(file, "x", 1, 0), 1);
    TOLD(fd, "1:MODIFY:f");
    for (int i = 0; i < 3; i++)
    {
        CHECK_EQ(pwrite(file, "x", 1, 0), 1);
        CHECK_EQ(pwrite(file, "x", 1, 0), 1);
        CHECK_EQ(pread(file, &byte, 1, 0), 1);
    }

    TOLD(fd, "1:MODIFY:f 1:ACCESS:f 1:MODIFY:f 1:ACCESS:f 1:MODIFY:f 1:ACCESS:f");
}

TEST(reads_return_whole_events)
{
    int fd = watched_directory(IN_OPEN);
    char buffer[100];
    CHECK_ERRNO(read(fd, buffer, sizeof buffer), EAGAIN);
    CHECK_ERRNO(read(fd, buffer, 0), EAGAIN);
    OK(close(OK(open("f", O_RDONLY))));
    OK(close(OK(open(".", O_RDONLY))));
    int available;
    OK(ioctl(fd, FIONREAD, &available));
    CHECK_EQ(available, 48);
    CHECK_ERRNO(read(fd, buffer, 31), EINVAL);
    CHECK_ERRNO(read(fd, buffer, 0), EINVAL);
    CHECK_EQ(read(fd, buffer, 47), 32);
    OK(ioctl(fd, FIONREAD, &available));
    CHECK_EQ(available, 16);
    CHECK_ERRNO(read(fd, (void *)1, 16), EFAULT);
    OK(ioctl(fd, FIONREAD, &available));
    CHECK_EQ(available, 0);
    CHECK_ERRNO(ioctl(fd, TIOCGWINSZ, buffer), ENOTTY);
    CHECK_ERRNO(ioctl(fd, FIONREAD, NULL), EFAULT);
}

TEST(names_of_any_length_are_padded)
{
    int fd = watched_directory(IN_CREATE);
    static char name[256];
    char buffer[512];
    int lengths[] = { 1, 15, 16, 31, 32, 255 };
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
    {
        memset(name, 'n', sizeof name);
        name[lengths[i]] = 0;
        OK(mkdir(name, 0700));
        int padded = (lengths[i] + 16) / 16 * 16;
        CHECK_EQ(read(fd, buffer, sizeof buffer), 16 + padded);
        struct inotify_event *event = (void *)buffer;
        CHECK_EQ(event->len, padded);
        CHECK_STR(event->name, name);
        for (int pad = lengths[i]; pad < padded; pad++)
            CHECK_EQ(event->name[pad], 0);
    }
}

TEST(waiting_readers_are_woken)
{
    scratch();
    make_file("f", "");
    int fd = OK(inotify_init1(0));
    OK(inotify_add_watch(fd, "f", IN_OPEN));
    pid_t parent = getpid();
    FORK(opener)
    {
        EVENTUALLY(process_state(parent) == 'S');
        OK(close(OK(open("f", O_RDONLY))));
        _exit(0);
    }

    char buffer[64];
    CHECK_EQ(read(fd, buffer, sizeof buffer), 16);
    CHECK_EXITS(opener, 0);
}

TEST(poll_and_epoll_agree_with_read)
{
    int fd = watched_directory(IN_OPEN);
    struct pollfd one = { .fd = fd, .events = POLLIN | POLLOUT };
    CHECK_EQ(poll(&one, 1, 0), 0);
    int epoll = OK(epoll_create1(0));
    struct epoll_event event = { .events = EPOLLIN };
    OK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 0);
    OK(close(OK(open("f", O_RDONLY))));
    CHECK_EQ(poll(&one, 1, 0), 1);
    CHECK_EQ(one.revents, POLLIN);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 0), 1);
    CHECK_EQ(event.events, EPOLLIN);
    told(fd);
    CHECK_EQ(poll(&one, 1, 0), 0);
}

TEST(each_queue_hears_of_its_own_watches)
{
    int fd = watched_directory(IN_OPEN);
    int other = watched("f", IN_CLOSE);
    int third = watched("d", IN_ALL_EVENTS);
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN:f");
    TOLD(other, "1:CLOSE_NOWRITE");
    TOLD(third, "");
    OK(close(other));
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN:f");
}

TEST(an_unmounted_file_system_takes_its_watches_along)
{
    scratch();
    OK(mkdir("m", 0755));
    OK(mount("none", "m", "tmpfs", 0, NULL));
    make_file("m/f", "");
    int fd = watched("m", IN_ALL_EVENTS);
    CHECK_EQ(inotify_add_watch(fd, "m/f", IN_ALL_EVENTS), 2);
    OK(umount("m"));
    const char *both = told(fd);
    CHECK(strstr(both, "1:UNMOUNT") != NULL);
    CHECK(strstr(both, "2:UNMOUNT") != NULL);
    CHECK(strstr(both, "1:IGNORED") != NULL);
    CHECK(strstr(both, "2:IGNORED") != NULL);
    CHECK_ERRNO(inotify_rm_watch(fd, 1), EINVAL);
}

static long setting(const char *name)
{
    char path[100];
    snprintf(path, sizeof path, "/proc/sys/fs/inotify/%s", name);
    char text[32] = "";
    int fd = OK(open(path, O_RDONLY));
    CHECK(read(fd, text, sizeof text - 1) > 0);
    OK(close(fd));
    return atol(text);
}

static void set(const char *name, long value)
{
    char path[100];
    snprintf(path, sizeof path, "/proc/sys/fs/inotify/%s", name);
    char text[32];
    int length = sprintf(text, "%ld", value);
    int fd = OK(open(path, O_WRONLY));
    CHECK_EQ(write(fd, text, (size_t)length), length);
    OK(close(fd));
}

TEST(a_full_queue_says_so_once)
{
    scratch();
    make_file("f", "text");
    long before = setting("max_queued_events");
    CHECK_EQ(before, 16384);
    set("max_queued_events", 5);
    int fd = watched("f", IN_OPEN | IN_CLOSE);
    set("max_queued_events", before);
    for (int i = 0; i < 10; i++)
        OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN 1:CLOSE_NOWRITE 1:OPEN 1:CLOSE_NOWRITE 1:OPEN -1:Q_OVERFLOW");
    OK(close(OK(open("f", O_RDONLY))));
    TOLD(fd, "1:OPEN 1:CLOSE_NOWRITE");
}

TEST(each_user_has_so_many_queues_and_watches)
{
    scratch();
    OK(chmod(".", 0777));
    long queues = setting("max_user_instances");
    long watches = setting("max_user_watches");
    CHECK_EQ(queues, 128);
    CHECK(watches >= 8192);
    set("max_user_instances", 3);
    set("max_user_watches", 4);
    FORK(user)
    {
        OK(setuid(1234));
        int fds[3];
        for (int i = 0; i < 3; i++)
            fds[i] = OK(inotify_init());
        CHECK_ERRNO(inotify_init(), EMFILE);
        OK(close(fds[2]));
        fds[2] = OK(inotify_init());
        char name[] = "0";
        for (; name[0] < '4'; name[0]++)
        {
            OK(mkdir(name, 0700));
            OK(inotify_add_watch(fds[name[0] % 2], name, IN_OPEN));
        }

        OK(mkdir(name, 0700));
        CHECK_ERRNO(inotify_add_watch(fds[0], name, IN_OPEN), ENOSPC);
        OK(inotify_rm_watch(fds[0], 1));
        OK(inotify_add_watch(fds[1], name, IN_OPEN));
        OK(rmdir(name));
        OK(mkdir(name, 0700));
        OK(inotify_add_watch(fds[1], name, IN_OPEN));
        _exit(0);
    }

    CHECK_EXITS(user, 0);
    set("max_user_instances", queues);
    set("max_user_watches", watches);
}

TEST(fdinfo_lists_the_watches)
{
    int fd = watched_directory(IN_OPEN | IN_ONESHOT);
    struct stat status;
    OK(stat("f", &status));
    CHECK_EQ(inotify_add_watch(fd, "f", IN_ALL_EVENTS | IN_EXCL_UNLINK), 2);
    char path[64], text[1024], wanted[200];
    sprintf(path, "/proc/self/fdinfo/%d", fd);
    int info = OK(open(path, O_RDONLY));
    ssize_t length = OK(read(info, text, sizeof text - 1));
    text[length] = 0;
    unsigned device = (unsigned)((status.st_dev >> 8) << 20 | (status.st_dev & 0xff));
    sprintf(wanted, "inotify wd:2 ino:%lx sdev:%x mask:4000fff ignored_mask:0 ", (long)status.st_ino, device);
    CHECK_STR(strstr(text, "inotify ") == NULL ? "none" : "some", "some");
    if (strstr(text, wanted) == NULL)
        CHECK_STR(text, wanted);
    CHECK(strstr(text, "inotify wd:1 ") != NULL);
    sprintf(path, "/proc/self/fd/%d", fd);
    CHECK_EQ(readlink(path, text, sizeof text), 18);
    CHECK(memcmp(text, "anon_inode:inotify", 18) == 0);
}

TEST(copies_tell_both_sides)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    make_file("g", "");
    int in = OK(open("f", O_RDONLY)), out = OK(open("g", O_WRONLY));
    told(fd);
    CHECK_EQ(sendfile(out, in, NULL, 2), 2);
    const char *events = told(fd);
    CHECK(strstr(events, "1:ACCESS:f") != NULL && strstr(events, "1:MODIFY:g") != NULL);
    OK(lseek(in, 0, SEEK_SET));
    CHECK_EQ(copy_file_range(in, NULL, out, NULL, 2, 0), 2);
    events = told(fd);
    CHECK(strstr(events, "1:ACCESS:f") != NULL && strstr(events, "1:MODIFY:g") != NULL);
}

TEST(programs_are_opened_and_read)
{
    scratch();
    make_file("script", "#!/missing/interpreter\n");
    OK(chmod("script", 0755));
    int fd = watched("script", IN_ALL_EVENTS);
    CHECK_ERRNO(execl("./script", "script", NULL), ENOENT);
    TOLD(fd, "1:OPEN 1:ACCESS 1:CLOSE_NOWRITE");
}

TEST(directories_hear_of_pipes_and_devices_but_not_of_their_bytes)
{
    int fd = watched_directory(IN_ALL_EVENTS);
    char byte;
    OK(mkfifo("p", 0600));
    CHECK_EQ(inotify_add_watch(fd, "p", IN_ALL_EVENTS), 2);
    int pipe = OK(open("p", O_RDWR));
    TOLD(fd, "1:CREATE:p 1:OPEN:p 2:OPEN");
    CHECK_EQ(write(pipe, "x", 1), 1);
    TOLD(fd, "2:MODIFY");
    CHECK_EQ(read(pipe, &byte, 1), 1);
    TOLD(fd, "2:ACCESS");
    OK(close(pipe));
    TOLD(fd, "1:CLOSE_WRITE:p 2:CLOSE_WRITE");
    int null = watched("/dev/null", IN_ALL_EVENTS);
    int device = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(write(device, "x", 1), 1);
    CHECK_EQ(read(device, &byte, 1), 0);
    OK(close(device));
    const char *events = told(null);
    CHECK(strstr(events, "OPEN") != NULL && strstr(events, "MODIFY") != NULL);
}

TEST(files_of_proc_are_watched)
{
    int fd = watched("/proc/uptime", IN_ALL_EVENTS);
    char text[64];
    int file = OK(open("/proc/uptime", O_RDONLY));
    CHECK(read(file, text, sizeof text) > 0);
    OK(close(file));
    TOLD(fd, "1:OPEN 1:ACCESS 1:CLOSE_NOWRITE");
}

TEST(many_threads_of_events_lose_none)
{
    enum { writers = 4, rounds = 200 };
    scratch();
    int fd = watched(".", IN_CREATE | IN_DELETE);
    pid_t pids[writers];
    for (int w = 0; w < writers; w++)
    {
        FORK(writer)
        {
            char name[16];
            sprintf(name, "w%d", w);
            for (int i = 0; i < rounds; i++)
            {
                OK(mkdir(name, 0700));
                OK(rmdir(name));
            }

            _exit(0);
        }

        pids[w] = writer;
    }

    for (int w = 0; w < writers; w++)
        CHECK_EXITS(pids[w], 0);
    int counts[2] = { 0 };
    char buffer[4096] __attribute__((aligned(8)));
    ssize_t length;
    while ((length = read(fd, buffer, sizeof buffer)) > 0)
    {
        for (char *at = buffer; at < buffer + length; at += 16 + ((struct inotify_event *)at)->len)
            counts[(((struct inotify_event *)at)->mask & IN_DELETE) != 0]++;
    }

    CHECK_EQ(counts[0], writers * rounds);
    CHECK_EQ(counts[1], writers * rounds);
}

TEST(fanotify_is_not_there)
{
    // Debian's kernel has it, for CAP_SYS_ADMIN; without, both say no.
    OK(setuid(1000));
    long result = syscall(SYS_fanotify_init, 0, 0);
    CHECK_EQ(result, -1);
    CHECK(errno == EPERM || errno == ENOSYS);
}
