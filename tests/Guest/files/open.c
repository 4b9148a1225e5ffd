// open(2): flags, modes, and the order of errors.
#include "check.h"
#include <sys/ioctl.h>

static void make(const char *path) { make_file(path, "data"); }

static long size_of(const char *path)
{
    struct stat status;
    OK(stat(path, &status));
    return status.st_size;
}

TEST(a_missing_file_is_enoent_and_o_creat_makes_it)
{
    scratch();
    CHECK_ERRNO(open("file", O_RDWR), ENOENT);
    OK(close(OK(open("file", O_RDWR | O_CREAT, 0644))));
    CHECK_EQ(size_of("file"), 0);
    OK(close(OK(open("file", O_RDONLY))));
}

TEST(o_creat_leaves_an_existing_file_alone)
{
    scratch();
    make("file");
    OK(chmod("file", 0600));
    OK(close(OK(open("file", O_RDWR | O_CREAT, 0777))));
    struct stat status;
    OK(stat("file", &status));
    CHECK_EQ(status.st_mode & 07777, 0600);
    CHECK_EQ(status.st_size, 4);
}

TEST(o_excl_refuses_what_exists_even_a_dangling_link)
{
    scratch();
    make("file");
    OK(symlink("nowhere", "dangling"));
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(open("file", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_ERRNO(open("dangling", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_ERRNO(open("directory", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    OK(close(OK(open("new", O_RDWR | O_CREAT | O_EXCL, 0644))));
}

TEST(o_creat_through_a_dangling_link_makes_its_target)
{
    scratch();
    OK(symlink("target", "link"));
    OK(close(OK(open("link", O_RDWR | O_CREAT, 0644))));
    CHECK_EQ(size_of("target"), 0);
}

TEST(o_trunc_empties_the_file)
{
    scratch();
    make("file");
    OK(close(OK(open("file", O_WRONLY | O_TRUNC))));
    CHECK_EQ(size_of("file"), 0);
}

TEST(o_append_writes_at_the_end_wherever_the_offset_is)
{
    char text[32];
    scratch();
    make("file");
    int fd = OK(open("file", O_RDWR | O_APPEND));
    OK(lseek(fd, 0, SEEK_SET));
    CHECK_EQ(write(fd, "-one", 4), 4);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 8);
    int other = OK(open("file", O_WRONLY | O_APPEND));
    CHECK_EQ(write(other, "-two", 4), 4);
    CHECK_EQ(write(fd, "-three", 6), 6);
    read_file("file", text, sizeof text);
    CHECK_STR(text, "data-one-two-three");
}

TEST(pwrite_to_an_append_descriptor_appends)
{
    // pwrite(2), BUGS: POSIX wants the offset to count, Linux appends.
    char text[32];
    scratch();
    make("file");
    int fd = OK(open("file", O_RDWR | O_APPEND));
    CHECK_EQ(pwrite(fd, "XX", 2, 0), 2);
    read_file("file", text, sizeof text);
    CHECK_STR(text, "dataXX");
}

TEST(the_access_mode_is_enforced)
{
    char byte;
    scratch();
    make("file");
    int reader = OK(open("file", O_RDONLY));
    int writer = OK(open("file", O_WRONLY));
    CHECK_ERRNO(write(reader, "x", 1), EBADF);
    CHECK_ERRNO(read(writer, &byte, 1), EBADF);
    CHECK_ERRNO(ftruncate(reader, 0), EINVAL);
}

TEST(directories_open_for_reading_only)
{
    char byte;
    scratch();
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(open("directory", O_WRONLY), EISDIR);
    CHECK_ERRNO(open("directory", O_RDWR), EISDIR);
    CHECK_ERRNO(open("directory", O_RDONLY | O_CREAT, 0644), EISDIR);
    CHECK_ERRNO(open("directory", O_RDONLY | O_TRUNC), EISDIR);
    int fd = OK(open("directory", O_RDONLY));
    CHECK_ERRNO(read(fd, &byte, 1), EISDIR);
    CHECK_ERRNO(write(fd, &byte, 1), EBADF);
}

TEST(o_directory_wants_a_directory)
{
    scratch();
    make("file");
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
    OK(close(OK(open("directory", O_RDONLY | O_DIRECTORY))));
}

TEST(o_nofollow_refuses_a_link_at_the_end_only)
{
    scratch();
    OK(mkdir("directory", 0755));
    make("directory/file");
    OK(symlink("directory", "link"));
    OK(symlink("directory/file", "file"));
    CHECK_ERRNO(open("file", O_RDONLY | O_NOFOLLOW), ELOOP);
    OK(close(OK(open("link/file", O_RDONLY | O_NOFOLLOW))));
}

TEST(the_lowest_free_descriptor_is_used)
{
    int fds[5];
    for (int i = 0; i < 5; i++)
        fds[i] = OK(open("/dev/null", O_RDONLY));
    OK(close(fds[3]));
    OK(close(fds[1]));
    CHECK_EQ(open("/dev/null", O_RDONLY), fds[1]);
    CHECK_EQ(dup(fds[0]), fds[3]);
    OK(close(0));
    CHECK_EQ(open("/dev/null", O_RDONLY), 0);
    OK(close(1));
    CHECK_EQ(open("/dev/null", O_WRONLY), 1);
}

TEST(closing_twice_is_ebadf)
{
    int fd = OK(open("/dev/null", O_RDONLY));
    OK(close(fd));
    CHECK_ERRNO(close(fd), EBADF);
    CHECK_ERRNO(close(-1), EBADF);
    CHECK_ERRNO(close(100000), EBADF);
}

TEST(two_opens_have_two_offsets)
{
    char one[3] = "";
    char two[3] = "";
    scratch();
    make("file");
    int first = OK(open("file", O_RDONLY));
    int second = OK(open("file", O_RDONLY));
    CHECK_EQ(read(first, one, 2), 2);
    CHECK_EQ(read(second, two, 2), 2);
    CHECK_STR(one, "da");
    CHECK_STR(two, "da");
}

TEST(an_unlinked_open_file_lives_on)
{
    char text[8] = "";
    scratch();
    int fd = write_file("file", "data", 4);
    OK(unlink("file"));
    CHECK_ERRNO(open("file", O_RDONLY), ENOENT);
    struct stat status;
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_nlink, 0);
    CHECK_EQ(pwrite(fd, "more", 4, 4), 4);
    CHECK_EQ(pread(fd, text, 8, 0), 8);
    CHECK_BYTES(text, "datamore", 8);
}

TEST(umask_applies_to_new_files_and_directories)
{
    struct stat status;
    scratch();
    umask(027);
    OK(close(OK(open("file", O_RDWR | O_CREAT, 0777))));
    OK(mkdir("directory", 0777));
    OK(stat("file", &status));
    CHECK_EQ(status.st_mode & 07777, 0750);
    OK(stat("directory", &status));
    CHECK_EQ(status.st_mode & 07777, 0750);
    CHECK_EQ(umask(01777), 027);
    // Only the permission bits are kept.
    CHECK_EQ(umask(0), 0777);
}

TEST(a_new_file_without_permissions_is_still_open_as_asked)
{
    scratch();
    int fd = OK(open("file", O_RDWR | O_CREAT, 0));
    CHECK_EQ(write(fd, "x", 1), 1);
}

TEST(the_file_belongs_to_who_made_it)
{
    struct stat status;
    scratch();
    FORK(user)
    {
        become(1000);
        make("theirs");
    }
    CHECK_EXITS(user, 0);
    OK(stat("theirs", &status));
    CHECK_EQ(status.st_uid, 1000);
    CHECK_EQ(status.st_gid, 1000);
}

TEST(openat_starts_from_the_given_directory)
{
    scratch();
    OK(mkdir("directory", 0755));
    make("directory/file");
    make("plain");
    int directory = OK(open("directory", O_RDONLY));
    int plain = OK(open("plain", O_RDONLY));
    OK(close(OK(openat(directory, "file", O_RDONLY))));
    OK(close(OK(openat(directory, "../plain", O_RDONLY))));
    OK(close(OK(openat(-5, "/dev/null", O_RDONLY))));
    OK(close(OK(openat(AT_FDCWD, "plain", O_RDONLY))));
    CHECK_ERRNO(openat(directory, "plain", O_RDONLY), ENOENT);
    CHECK_ERRNO(openat(plain, "file", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(openat(-5, "file", O_RDONLY), EBADF);
}

TEST(o_cloexec_is_set_and_getfl_returns_mode_and_status)
{
    scratch();
    make("file");
    int fd = OK(open("file", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_CREAT | O_TRUNC, 0644));
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    // O_CREAT, O_TRUNC and O_CLOEXEC are not kept; O_LARGEFILE is set by Linux, and 0 in user space headers.
    CHECK_EQ(fcntl(fd, F_GETFL) & ~0100000, O_WRONLY | O_APPEND | O_NONBLOCK);
}

TEST(a_descriptor_opened_with_o_path_is_a_place_and_no_file)
{
    scratch();
    make_file("file", "text");
    OK(mkdir("directory", 0755));
    OK(symlink("file", "link"));
    int file = OK(open("file", O_PATH));
    int directory = OK(open("directory", O_PATH));
    int link = OK(open("link", O_PATH | O_NOFOLLOW));
    struct stat status;
    char byte;

    CHECK_ERRNO(read(file, &byte, 1), EBADF);
    CHECK_ERRNO(write(file, "x", 1), EBADF);
    // The C library would go on through /proc.
    CHECK_ERRNO(syscall(SYS_fchmod, file, 0600), EBADF);
    CHECK_ERRNO(syscall(SYS_fchown, file, 0, 0), EBADF);
    CHECK_ERRNO(ftruncate(file, 0), EBADF);
    CHECK_ERRNO(ioctl(file, FIONREAD, &byte), EBADF);
    CHECK_EQ(mmap(NULL, 1, PROT_READ, MAP_PRIVATE, file, 0) == MAP_FAILED ? errno : 0, EBADF);

    OK(fstat(file, &status));
    CHECK(S_ISREG(status.st_mode));
    OK(fstatat(link, "", &status, AT_EMPTY_PATH));
    CHECK(S_ISLNK(status.st_mode));
    CHECK_EQ(readlinkat(link, "", &byte, 1), 1);
    OK(fstatat(directory, "../file", &status, 0));
    CHECK_EQ(fcntl(file, F_GETFL) & O_PATH, O_PATH);
    OK(close(OK(dup(file))));
    OK(close(OK(openat(directory, ".", O_RDONLY))));
    CHECK_ERRNO(fchdir(file), ENOTDIR);
    OK(fchdir(directory));
}

TEST(a_mode_can_be_changed_through_the_link_in_proc)
{
    scratch();
    OK(mkdir("directory", 0700));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", OK(open("directory", O_PATH | O_NOFOLLOW)));
    OK(chmod(path, 0711));
    struct stat status;
    OK(stat("directory", &status));
    CHECK_EQ(status.st_mode & 07777, 0711);
}
