// O_TMPFILE of open(2), and handles: files by other things than names.
#include "check.h"
#include <sys/statfs.h>
#include <sys/mount.h>

static void link_fd(int fd, const char *name)
{
    char path[40];
    sprintf(path, "/proc/self/fd/%d", fd);
    OK(linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}

TEST(an_unnamed_file_is_nowhere)
{
    scratch();
    OK(mkdir("d", 0755));
    int fd = OK(open("d", O_TMPFILE | O_RDWR, 0640));
    struct stat status;
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_nlink, 0);
    CHECK_EQ(status.st_mode, S_IFREG | 0640);
    CHECK_EQ(status.st_size, 0);
    CHECK_EQ(write(fd, "data", 4), 4);
    char byte;
    CHECK_EQ(pread(fd, &byte, 1, 2), 1);
    CHECK_EQ(byte, 't');
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_TMPFILE), O_RDWR | O_TMPFILE);
    OK(rmdir("d"));
    CHECK_EQ(write(fd, "more", 4), 4);
}

TEST(its_link_in_proc_shows_a_number)
{
    scratch();
    int fd = OK(open(".", O_TMPFILE | O_RDWR, 0600));
    struct stat status;
    OK(fstat(fd, &status));
    char path[64], text[600] = "", wanted[600], cwd[300];
    sprintf(path, "/proc/self/fd/%d", fd);
    CHECK(readlink(path, text, sizeof text - 1) > 0);
    sprintf(wanted, "%s/#%lu (deleted)", getcwd(cwd, sizeof cwd), (unsigned long)status.st_ino);
    CHECK_STR(text, wanted);
    int again = OK(open(path, O_RDWR));
    CHECK_EQ(write(again, "x", 1), 1);
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_size, 1);
}

TEST(it_can_be_given_a_name)
{
    scratch();
    int fd = OK(open(".", O_TMPFILE | O_WRONLY, 0600));
    CHECK_EQ(write(fd, "data", 4), 4);
    link_fd(fd, "name");
    struct stat status;
    OK(stat("name", &status));
    CHECK_EQ(status.st_nlink, 1);
    CHECK_EQ(status.st_size, 4);
    link_fd(fd, "other");
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_nlink, 2);
    OK(unlink("name"));
    OK(unlink("other"));
    char path[40];
    sprintf(path, "/proc/self/fd/%d", fd);
    CHECK_ERRNO(linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW), ENOENT);
}

TEST(root_names_it_without_proc)
{
    scratch();
    int fd = OK(open(".", O_TMPFILE | O_WRONLY, 0600));
    OK(linkat(fd, "", AT_FDCWD, "name", AT_EMPTY_PATH));
    OK(access("name", F_OK));
    int other = OK(open(".", O_TMPFILE | O_WRONLY, 0600));
    CHECK_ERRNO(linkat(other, "", AT_FDCWD, "name", AT_EMPTY_PATH), EEXIST);
    OK(chmod(".", 0777));
    become(1000);
    other = OK(open(".", O_TMPFILE | O_WRONLY, 0600));
    CHECK_ERRNO(linkat(other, "", AT_FDCWD, "mine", AT_EMPTY_PATH), ENOENT);
    link_fd(other, "mine");
}

TEST(an_exclusive_one_stays_unnamed)
{
    scratch();
    int fd = OK(open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600));
    char path[40];
    sprintf(path, "/proc/self/fd/%d", fd);
    CHECK_ERRNO(linkat(AT_FDCWD, path, AT_FDCWD, "name", AT_SYMLINK_FOLLOW), ENOENT);
    CHECK_ERRNO(linkat(fd, "", AT_FDCWD, "name", AT_EMPTY_PATH), ENOENT);
}

TEST(what_it_needs)
{
    scratch();
    make_file("f", "");
    CHECK_ERRNO(open(".", O_TMPFILE | O_RDONLY, 0600), EINVAL);
    CHECK_ERRNO(open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600), EINVAL);
    CHECK_ERRNO(open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600), EINVAL);
    CHECK_ERRNO(open("f", O_TMPFILE | O_RDWR, 0600), ENOTDIR);
    CHECK_ERRNO(open("missing", O_TMPFILE | O_RDWR, 0600), ENOENT);
    CHECK_ERRNO(open("/proc", O_TMPFILE | O_RDWR, 0600), EOPNOTSUPP);
    CHECK_ERRNO(open("/dev/pts", O_TMPFILE | O_RDWR, 0600), EOPNOTSUPP);
    OK(symlink(".", "s"));
    OK(close(OK(open("s", O_TMPFILE | O_RDWR, 0600))));
    CHECK_ERRNO(open("s", O_TMPFILE | O_RDWR | O_NOFOLLOW, 0600), ENOTDIR);
    OK(mkdir("d", 0555));
    OK(chown("d", 1000, 1000));
    become(1000);
    CHECK_ERRNO(open("d", O_TMPFILE | O_RDWR, 0600), EACCES);
}

TEST(its_mode_and_group_are_as_of_a_named_one)
{
    scratch();
    OK(mkdir("d", 0777));
    OK(chown("d", 0, 77));
    OK(chmod("d", 02777));
    umask(027);
    int fd = OK(open("d", O_TMPFILE | O_RDWR, 0666));
    struct stat status;
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_mode, S_IFREG | 0640);
    CHECK_EQ(status.st_gid, 77);
    int readable = OK(open("d", O_TMPFILE | O_WRONLY, 0));
    CHECK_EQ(write(readable, "x", 1), 1);
}

TEST(many_unnamed_files_leave_nothing)
{
    scratch();
    OK(mkdir("m", 0755));
    OK(mount("none", "m", "tmpfs", 0, "size=1m,nr_inodes=20"));
    for (int round = 0; round < 200; round++)
    {
        int fd = OK(open("m", O_TMPFILE | O_RDWR, 0600));
        CHECK_EQ(ftruncate(fd, 8192), 0);
        CHECK_EQ(pwrite(fd, "x", 1, 8000), 1);
        OK(close(fd));
    }

    struct statfs status;
    OK(statfs("m", &status));
    CHECK_EQ(status.f_ffree, 19);
    CHECK_EQ(status.f_bfree, status.f_blocks);
    OK(umount("m"));
}

struct handle
{
    unsigned bytes;
    int type;
    unsigned char data[128];
};

static int handle_of(int directory, const char *path, struct handle *handle, int *mount, int flags)
{
    handle->bytes = sizeof handle->data;
    return (int)syscall(SYS_name_to_handle_at, directory, path, handle, mount, flags);
}

static int open_handle(int mount, struct handle *handle, int flags)
{
    return (int)syscall(SYS_open_by_handle_at, mount, handle, flags);
}

TEST(handles_lead_back_to_files)
{
    scratch();
    make_file("f", "text");
    struct handle handle, same, other;
    int mount, again;
    OK(handle_of(AT_FDCWD, "f", &handle, &mount, 0));
    CHECK_EQ(handle.bytes, 12);
    CHECK_EQ(handle.type, 1);
    int fd = OK(open("f", O_RDONLY));
    OK(handle_of(fd, "", &same, &again, AT_EMPTY_PATH));
    CHECK_EQ(mount, again);
    CHECK_BYTES(&handle, &same, 8 + 12);
    OK(handle_of(AT_FDCWD, ".", &other, &mount, 0));
    CHECK(memcmp(handle.data, other.data, 12) != 0);
    int root = OK(open(".", O_RDONLY));
    int opened = OK(open_handle(root, &handle, O_RDONLY));
    char text[5] = "";
    CHECK_EQ(read(opened, text, 4), 4);
    CHECK_STR(text, "text");
    OK(rename("f", "g"));
    OK(close(OK(open_handle(root, &handle, O_RDWR))));
    OK(close(OK(open_handle(root, &other, O_RDONLY | O_DIRECTORY))));
    CHECK_ERRNO(open_handle(root, &handle, O_RDONLY | O_DIRECTORY), ENOTDIR);
    OK(close(OK(open_handle(AT_FDCWD, &handle, O_RDONLY))));
    OK(close(opened));
    OK(close(fd));
    OK(unlink("g"));
    CHECK_ERRNO(open_handle(root, &handle, O_RDONLY), ESTALE);
}

TEST(handles_follow_links_only_when_asked)
{
    scratch();
    make_file("f", "");
    OK(symlink("f", "s"));
    struct handle file, link, followed;
    int mount;
    OK(handle_of(AT_FDCWD, "f", &file, &mount, 0));
    OK(handle_of(AT_FDCWD, "s", &link, &mount, 0));
    OK(handle_of(AT_FDCWD, "s", &followed, &mount, AT_SYMLINK_FOLLOW));
    CHECK_BYTES(&file, &followed, 20);
    CHECK(memcmp(&file, &link, 20) != 0);
    int root = OK(open(".", O_RDONLY));
    CHECK_ERRNO(open_handle(root, &link, O_RDONLY), ELOOP);
    OK(close(OK(open_handle(root, &link, O_PATH))));
}

TEST(bad_handles_are_refused)
{
    scratch();
    make_file("f", "");
    struct handle handle;
    int mount;
    handle.bytes = 0;
    CHECK_ERRNO(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &handle, &mount, 0), EOVERFLOW);
    CHECK_EQ(handle.bytes, 12);
    handle.bytes = 129;
    CHECK_ERRNO(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &handle, &mount, 0), EINVAL);
    CHECK_ERRNO(handle_of(AT_FDCWD, "f", &handle, &mount, 0x10), EINVAL);
    CHECK_ERRNO(handle_of(AT_FDCWD, "missing", &handle, &mount, 0), ENOENT);
    CHECK_ERRNO(handle_of(AT_FDCWD, "", &handle, &mount, 0), ENOENT);
    CHECK_ERRNO(handle_of(AT_FDCWD, "f", &handle, (int *)16, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", (void *)16, &mount, 0), EFAULT);
    CHECK_ERRNO(handle_of(AT_FDCWD, "/proc/self/stat", &handle, &mount, 0), EOPNOTSUPP);
    OK(handle_of(AT_FDCWD, "f", &handle, &mount, 0));
    int root = OK(open(".", O_RDONLY));
    CHECK_ERRNO(open_handle(99, &handle, O_RDONLY), EBADF);
    struct handle wrong = handle;
    wrong.bytes = 0;
    CHECK_ERRNO(open_handle(root, &wrong, O_RDONLY), EINVAL);
    wrong.bytes = 129;
    CHECK_ERRNO(open_handle(root, &wrong, O_RDONLY), EINVAL);
    wrong.bytes = 8;
    CHECK_ERRNO(open_handle(root, &wrong, O_RDONLY), ESTALE);
    wrong = handle;
    wrong.data[5] ^= 0x55;
    CHECK_ERRNO(open_handle(root, &wrong, O_RDONLY), ESTALE);
    CHECK_ERRNO(open_handle(root, (void *)16, O_RDONLY), EFAULT);
    become(1000);
    CHECK_ERRNO(open_handle(root, &handle, O_RDONLY), EPERM);
    OK(handle_of(AT_FDCWD, "/tmp", &handle, &mount, 0));
}
