// path_resolution(7), symlink(7), chdir(2), getcwd(2).
#include "check.h"
#include <limits.h>

static ino_t inode_of(const char *path)
{
    struct stat status;
    OK(stat(path, &status));
    return status.st_ino;
}

TEST(dots_and_repeated_slashes_are_resolved)
{
    scratch();
    OK(mkdir("a", 0755));
    OK(mkdir("a/b", 0755));
    make_file("a/b/file", "");
    ino_t file = inode_of("a/b/file");
    CHECK_EQ(inode_of("a//b///file"), file);
    CHECK_EQ(inode_of("./a/./b/./file"), file);
    CHECK_EQ(inode_of("a/../a/b/../b/file"), file);
    char absolute[600];
    char here[300];
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(absolute, sizeof absolute, "//%s//a/../a//b/file", here);
    CHECK_EQ(inode_of(absolute), file);
    snprintf(absolute, sizeof absolute, "/../..%s/a/b/file", here);
    OK(chdir("a/b"));
    CHECK_EQ(inode_of(absolute), file);
}

TEST(dot_dot_of_the_root_is_the_root)
{
    CHECK_EQ(inode_of("/.."), inode_of("/"));
    CHECK_EQ(inode_of("/../../.."), inode_of("/"));
    CHECK_EQ(inode_of("/proc/.."), inode_of("/"));
}

TEST(an_absolute_path_with_dot_dot_does_not_start_at_the_current_directory)
{
    scratch();
    OK(mkdir("proc", 0755));
    CHECK(inode_of("/dev/../proc") != inode_of("proc"));
    CHECK_EQ(inode_of("/dev/../proc"), inode_of("/proc"));
}

TEST(a_missing_component_is_enoent_even_before_dot_dot)
{
    struct stat status;
    scratch();
    CHECK_ERRNO(stat("missing/..", &status), ENOENT);
    CHECK_ERRNO(stat("", &status), ENOENT);
    CHECK_ERRNO(open("", O_RDONLY), ENOENT);
    CHECK_ERRNO(mkdir("", 0755), ENOENT);
    CHECK_ERRNO(unlink(""), ENOENT);
    CHECK_ERRNO(chdir(""), ENOENT);
}

TEST(a_file_used_as_a_directory_is_enotdir)
{
    struct stat status;
    scratch();
    make_file("file", "");
    CHECK_ERRNO(stat("file/x", &status), ENOTDIR);
    CHECK_ERRNO(stat("file/..", &status), ENOTDIR);
    CHECK_ERRNO(stat("file/.", &status), ENOTDIR);
    CHECK_ERRNO(chdir("file"), ENOTDIR);
    CHECK_ERRNO(mkdir("file/d", 0755), ENOTDIR);
}

TEST(a_trailing_slash_demands_a_directory)
{
    struct stat status;
    scratch();
    make_file("file", "");
    OK(mkdir("directory", 0755));
    OK(symlink("file", "to-file"));
    OK(symlink("directory", "to-directory"));
    CHECK_ERRNO(stat("file/", &status), ENOTDIR);
    CHECK_ERRNO(stat("to-file/", &status), ENOTDIR);
    CHECK_ERRNO(open("file/", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("new/", O_RDWR | O_CREAT, 0644), EISDIR);
    OK(stat("directory/", &status));
    // With the slash even lstat follows the link.
    OK(lstat("to-directory/", &status));
    CHECK(S_ISDIR(status.st_mode));
    OK(lstat("to-directory", &status));
    CHECK(S_ISLNK(status.st_mode));
    CHECK_ERRNO(rename("file", "new/"), ENOTDIR);
}

TEST(names_of_255_bytes_work_and_of_256_do_not)
{
    char name[258];
    struct stat status;
    scratch();
    memset(name, 'n', 256);
    name[256] = '\0';
    CHECK_ERRNO(open(name, O_RDWR | O_CREAT, 0644), ENAMETOOLONG);
    CHECK_ERRNO(stat(name, &status), ENAMETOOLONG);
    CHECK_ERRNO(mkdir(name, 0755), ENAMETOOLONG);
    name[255] = '\0';
    OK(close(OK(open(name, O_RDWR | O_CREAT, 0644))));
    OK(stat(name, &status));
    OK(unlink(name));
}

TEST(paths_of_4095_bytes_work_and_of_4096_do_not)
{
    char path[4200];
    struct stat status;
    memset(path, '/', 4096);
    path[4095] = '.';
    path[4096] = '\0';
    CHECK_ERRNO(stat(path, &status), ENAMETOOLONG);
    path[4094] = '.';
    path[4095] = '\0';
    OK(stat(path, &status));
}

TEST(any_byte_but_slash_and_nul_is_a_name)
{
    scratch();
    for (int byte = 1; byte < 256; byte++)
    {
        if (byte == '/' || byte == '.')
            continue;
        char name[4] = { (char)byte, 'x', '\0' };
        OK(close(OK(open(name, O_RDWR | O_CREAT | O_EXCL, 0644))));
    }
    OK(close(OK(open("...", O_RDWR | O_CREAT | O_EXCL, 0644))));
}

TEST(symbolic_links_are_followed_in_the_middle_and_at_the_end)
{
    char text[8];
    scratch();
    OK(mkdir("directory", 0755));
    make_file("directory/file", "abc");
    OK(symlink("directory", "d"));
    OK(symlink("d/file", "f"));
    read_file("f", text, sizeof text);
    CHECK_STR(text, "abc");
    read_file("d/../f", text, sizeof text);
    CHECK_STR(text, "abc");
    CHECK_EQ(inode_of("d/file"), inode_of("directory/file"));
}

TEST(relative_links_start_at_the_directory_of_the_link)
{
    scratch();
    OK(mkdir("a", 0755));
    OK(mkdir("b", 0755));
    make_file("b/file", "");
    OK(symlink("../b/file", "a/link"));
    CHECK_EQ(inode_of("a/link"), inode_of("b/file"));
}

TEST(forty_links_are_followed_and_forty_one_are_eloop)
{
    // path_resolution(7): at most 40.
    char from[16];
    char to[16];
    struct stat status;
    scratch();
    make_file("l0", "");
    for (int i = 1; i <= 41; i++)
    {
        snprintf(to, sizeof to, "l%d", i - 1);
        snprintf(from, sizeof from, "l%d", i);
        OK(symlink(to, from));
    }
    OK(stat("l40", &status));
    CHECK_ERRNO(stat("l41", &status), ELOOP);
    OK(lstat("l41", &status));
}

TEST(a_link_to_itself_is_eloop)
{
    struct stat status;
    scratch();
    OK(symlink("self", "self"));
    OK(symlink("b", "a"));
    OK(symlink("a", "b"));
    CHECK_ERRNO(stat("self", &status), ELOOP);
    CHECK_ERRNO(open("a", O_RDONLY), ELOOP);
    CHECK_ERRNO(chdir("a/x"), ELOOP);
}

TEST(readlink_returns_the_text_without_a_nul_and_cut_to_the_buffer)
{
    char text[16];
    scratch();
    OK(symlink("0123456789", "link"));
    make_file("file", "");
    memset(text, 'x', sizeof text);
    CHECK_EQ(readlink("link", text, sizeof text), 10);
    CHECK_BYTES(text, "0123456789xxxxxx", 16);
    CHECK_EQ(readlink("link", text, 4), 4);
    CHECK_ERRNO(readlink("file", text, sizeof text), EINVAL);
    CHECK_ERRNO(readlink("missing", text, sizeof text), ENOENT);
    CHECK_ERRNO(syscall(SYS_readlink, "link", text, 0), EINVAL);
    struct stat status;
    OK(lstat("link", &status));
    CHECK_EQ(status.st_size, 10);
    CHECK_EQ(status.st_mode & 0777, 0777);
}

TEST(symlink_checks_its_arguments)
{
    scratch();
    make_file("file", "");
    CHECK_ERRNO(symlink("x", "file"), EEXIST);
    CHECK_ERRNO(symlink("", "link"), ENOENT);
    CHECK_ERRNO(symlink("x", "missing/link"), ENOENT);
    CHECK_ERRNO(symlink("x", "file/link"), ENOTDIR);
}

TEST(unlink_and_rename_act_on_the_link_itself)
{
    struct stat status;
    scratch();
    make_file("file", "");
    OK(symlink("file", "link"));
    OK(rename("link", "moved"));
    OK(lstat("moved", &status));
    CHECK(S_ISLNK(status.st_mode));
    OK(unlink("moved"));
    OK(stat("file", &status));
}

TEST(getcwd_follows_chdir_fchdir_and_rename)
{
    char text[400];
    char wanted[400];
    char here[300];
    scratch();
    CHECK(getcwd(here, sizeof here) != NULL);
    OK(mkdir("a", 0755));
    OK(mkdir("a/b", 0755));
    OK(symlink("a/b", "link"));
    int start = OK(open(".", O_RDONLY));
    OK(chdir("link"));
    snprintf(wanted, sizeof wanted, "%s/a/b", here);
    CHECK_STR(getcwd(text, sizeof text), wanted);
    snprintf(wanted, sizeof wanted, "%s/a", here);
    OK(chdir(".."));
    CHECK_STR(getcwd(text, sizeof text), wanted);
    OK(renameat(start, "a", start, "renamed"));
    snprintf(wanted, sizeof wanted, "%s/renamed", here);
    CHECK_STR(getcwd(text, sizeof text), wanted);
    OK(fchdir(start));
    CHECK_STR(getcwd(text, sizeof text), here);
}

TEST(getcwd_returns_the_length_and_checks_the_size)
{
    char text[16];
    OK(chdir("/"));
    CHECK_EQ(syscall(SYS_getcwd, text, sizeof text), 2);
    CHECK_STR(text, "/");
    OK(chdir("/proc"));
    CHECK_EQ(syscall(SYS_getcwd, text, 6), 6);
    CHECK_ERRNO(syscall(SYS_getcwd, text, 5), ERANGE);
    CHECK_ERRNO(syscall(SYS_getcwd, 8, 100), EFAULT);
}

TEST(a_tree_deeper_than_a_path_can_be_made_and_climbed)
{
    enum { DEPTH = 150 };
    char name[41];
    char text[8192];
    memset(name, 'd', 40);
    name[40] = '\0';
    scratch();
    for (int i = 0; i < DEPTH; i++)
    {
        OK(mkdir(name, 0755));
        OK(chdir(name));
    }
    // getcwd(2), ENAMETOOLONG: longer than PATH_MAX.
    CHECK_ERRNO(syscall(SYS_getcwd, text, sizeof text), ENAMETOOLONG);
    make_file("deep", "x");
    for (int i = 0; i < DEPTH; i++)
        OK(chdir(".."));
    struct stat status;
    OK(stat(name, &status));
}

TEST(chroot_confines_absolute_paths_and_dot_dot)
{
    scratch();
    OK(mkdir("root", 0755));
    make_file("root/inside", "");
    FORK(child)
    {
        struct stat status;
        OK(chroot("root"));
        OK(chdir("/"));
        OK(stat("/inside", &status));
        OK(stat("/../../inside", &status));
        CHECK_ERRNO(stat("/proc", &status), ENOENT);
    }
    CHECK_EXITS(child, 0);
}
