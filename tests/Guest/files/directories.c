// mkdir(2), rmdir(2), unlink(2), link(2), rename(2), getdents64(2).
#include "check.h"
#include <sys/inotify.h>
#include <sys/mount.h>

static ino_t inode_of(const char *path)
{
    struct stat status;
    OK(lstat(path, &status));
    return status.st_ino;
}

static unsigned links_of(const char *path)
{
    struct stat status;
    OK(lstat(path, &status));
    return (unsigned)status.st_nlink;
}

TEST(mkdir_and_rmdir)
{
    scratch();
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(mkdir("directory", 0755), EEXIST);
    OK(rmdir("directory"));
    CHECK_ERRNO(rmdir("directory"), ENOENT);
    CHECK_ERRNO(mkdir("missing/directory", 0755), ENOENT);
    OK(mkdir("slash/", 0755));
    OK(rmdir("slash/"));
}

TEST(mkdir_over_anything_is_eexist)
{
    scratch();
    make_file("file", "x");
    OK(symlink("nowhere", "dangling"));
    CHECK_ERRNO(mkdir("file", 0755), EEXIST);
    CHECK_ERRNO(mkdir("dangling", 0755), EEXIST);
    CHECK_ERRNO(mkdir("/", 0755), EEXIST);
    CHECK_ERRNO(mkdir(".", 0755), EEXIST);
    char byte[2];
    CHECK_EQ(read_file("file", byte, 2), 1);
}

TEST(rmdir_refuses_what_is_not_an_empty_directory)
{
    scratch();
    OK(mkdir("full", 0755));
    make_file("full/file", "");
    CHECK_ERRNO(rmdir("full"), ENOTEMPTY);
    CHECK_ERRNO(rmdir("full/file"), ENOTDIR);
    CHECK_ERRNO(rmdir("full/."), EINVAL);
    CHECK_ERRNO(rmdir("full/.."), ENOTEMPTY);
    CHECK_ERRNO(rmdir("/"), EBUSY);
}

TEST(unlink_refuses_a_directory)
{
    scratch();
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(unlink("directory"), EISDIR);
    CHECK_ERRNO(unlink("missing"), ENOENT);
    CHECK_ERRNO(unlink("/"), EISDIR);
    make_file("file", "");
    CHECK_ERRNO(unlink("file/"), ENOTDIR);
    CHECK_ERRNO(unlink("file/x"), ENOTDIR);
    CHECK_ERRNO(unlinkat(AT_FDCWD, "file", AT_REMOVEDIR), ENOTDIR);
    OK(unlinkat(AT_FDCWD, "directory", AT_REMOVEDIR));
    CHECK_ERRNO(unlinkat(AT_FDCWD, "file", 0x77), EINVAL);
}

TEST(the_link_count_of_a_directory_counts_its_subdirectories)
{
    scratch();
    OK(mkdir("d", 0755));
    CHECK_EQ(links_of("d"), 2);
    OK(mkdir("d/a", 0755));
    OK(mkdir("d/b", 0755));
    make_file("d/file", "");
    CHECK_EQ(links_of("d"), 4);
    OK(rmdir("d/a"));
    CHECK_EQ(links_of("d"), 3);
}

TEST(a_hard_link_is_the_same_file)
{
    char text[8];
    scratch();
    make_file("one", "abc");
    OK(link("one", "two"));
    CHECK_EQ(inode_of("one"), inode_of("two"));
    CHECK_EQ(links_of("one"), 2);
    make_file("one", "new");
    read_file("two", text, sizeof text);
    CHECK_STR(text, "new");
    OK(unlink("one"));
    CHECK_EQ(links_of("two"), 1);
    CHECK_ERRNO(open("one", O_RDONLY), ENOENT);
}

TEST(links_that_cannot_be)
{
    scratch();
    OK(mkdir("directory", 0755));
    make_file("file", "");
    OK(symlink("file", "symbolic"));
    CHECK_ERRNO(link("directory", "other"), EPERM);
    CHECK_ERRNO(link("missing", "other"), ENOENT);
    CHECK_ERRNO(link("file", "directory"), EEXIST);
    CHECK_ERRNO(link("file", "/dev/link"), EXDEV);
    // link(2): a symbolic link is linked itself, not what it points to.
    OK(link("symbolic", "hard"));
    CHECK_EQ(inode_of("hard"), inode_of("symbolic"));
    OK(linkat(AT_FDCWD, "symbolic", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
    CHECK_EQ(inode_of("followed"), inode_of("file"));
}

TEST(rename_moves_and_replaces)
{
    char text[8];
    scratch();
    OK(mkdir("directory", 0755));
    make_file("a", "aaa");
    make_file("b", "bbb");
    ino_t inode = inode_of("a");
    OK(rename("a", "directory/c"));
    CHECK_ERRNO(open("a", O_RDONLY), ENOENT);
    CHECK_EQ(inode_of("directory/c"), inode);
    OK(rename("directory/c", "b"));
    read_file("b", text, sizeof text);
    CHECK_STR(text, "aaa");
    CHECK_EQ(links_of("b"), 1);
}

TEST(rename_of_two_links_of_one_file_does_nothing)
{
    scratch();
    make_file("one", "");
    OK(link("one", "two"));
    OK(rename("one", "two"));
    OK(rename("one", "one"));
    CHECK_EQ(links_of("one"), 2);
}

TEST(rename_keeps_kinds_apart)
{
    scratch();
    OK(mkdir("empty", 0755));
    OK(mkdir("full", 0755));
    OK(mkdir("full/inner", 0755));
    make_file("file", "");
    CHECK_ERRNO(rename("file", "empty"), EISDIR);
    CHECK_ERRNO(rename("empty", "file"), ENOTDIR);
    CHECK_ERRNO(rename("empty", "full"), ENOTEMPTY);
    CHECK_ERRNO(rename("missing", "file"), ENOENT);
    CHECK_ERRNO(rename("file", "missing/file"), ENOENT);
    CHECK_ERRNO(rename("file", "/proc/file"), EXDEV);
    CHECK_ERRNO(rename("full", "full/inner/deeper"), EINVAL);
    CHECK_ERRNO(rename("full/inner", "full"), ENOTEMPTY);
    CHECK_ERRNO(rename("full/.", "other"), EBUSY);
    CHECK_ERRNO(rename("full", "empty/.."), EBUSY);
    OK(rename("full", "empty"));
    CHECK_EQ(links_of("empty"), 3);
}

TEST(rename_of_a_directory_changes_its_parent)
{
    scratch();
    OK(mkdir("a", 0755));
    OK(mkdir("b", 0755));
    OK(mkdir("a/d", 0755));
    OK(rename("a/d", "b/d"));
    CHECK_EQ(links_of("a"), 2);
    CHECK_EQ(links_of("b"), 3);
    CHECK_EQ(inode_of("b/d/.."), inode_of("b"));
}

TEST(renameat2_can_refuse_to_replace_and_can_exchange)
{
    enum { NOREPLACE = 1, EXCHANGE = 2 };
    scratch();
    make_file("a", "");
    OK(mkdir("b", 0755));
    ino_t a = inode_of("a");
    CHECK_ERRNO(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", NOREPLACE), EEXIST);
    OK(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", EXCHANGE));
    CHECK_EQ(inode_of("b"), a);
    CHECK_ERRNO(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", 0x80), EINVAL);
}

// Marks which of the files f0, f1, ... a directory has, reading it with a buffer of the given size.
static int list(const char *path, size_t size, unsigned char *seen, int limit)
{
    char buffer[32768];
    int total = 0;
    int fd = OK(open(path, O_RDONLY | O_DIRECTORY));
    long length;
    while ((length = OK(syscall(SYS_getdents64, fd, buffer, size))) > 0)
    {
        for (long at = 0; at < length;)
        {
            uint16_t entry;
            memcpy(&entry, buffer + at + 16, 2);
            const char *name = buffer + at + 19;
            CHECK(entry >= 24 && entry % 8 == 0 && at + entry <= length);
            if (name[0] == 'f')
            {
                int number = atoi(name + 1);
                CHECK(number >= 0 && number < limit);
                CHECK_EQ(seen[number], 0);
                seen[number] = 1;
            }
            total++;
            at += entry;
        }
    }
    OK(close(fd));
    return total;
}

static void make_files(int count)
{
    char name[24];
    OK(mkdir("many", 0755));
    for (int i = 0; i < count; i++)
    {
        snprintf(name, sizeof name, "many/f%d", i);
        OK(close(OK(open(name, O_WRONLY | O_CREAT, 0644))));
    }
}

TEST(getdents_lists_every_entry_once_with_any_buffer)
{
    static const size_t sizes[] = { 24, 32, 48, 56, 100, 1000, 32768 };
    scratch();
    make_files(100);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    {
        unsigned char seen[100] = { 0 };
        CHECK_EQ(list("many", sizes[i], seen, 100), 102);
        for (int j = 0; j < 100; j++)
            CHECK_EQ(seen[j], 1);
    }
}

TEST(getdents_with_a_buffer_too_small_for_one_entry_is_einval)
{
    char buffer[32];
    scratch();
    make_file("a-name-too-long-for-the-buffer", "");
    int fd = OK(open(".", O_RDONLY));
    CHECK_ERRNO(syscall(SYS_getdents64, fd, buffer, 8), EINVAL);
    // "." and ".." fit into 24 bytes each, the file does not; nothing of it is lost.
    long length;
    while ((length = syscall(SYS_getdents64, fd, buffer, 32)) > 0)
        continue;
    CHECK_EQ(errno, EINVAL);
    char large[200];
    CHECK(syscall(SYS_getdents64, fd, large, sizeof large) > 0);
    CHECK_STR(large + 19, "a-name-too-long-for-the-buffer");
}

TEST(entries_tell_their_kind_and_inode)
{
    scratch();
    make_file("file", "");
    OK(mkdir("directory", 0755));
    OK(symlink("file", "link"));
    OK(mkfifo("fifo", 0644));
    DIR *directory = opendir(".");
    struct dirent *entry;
    int found = 0;
    while ((entry = readdir(directory)) != NULL)
    {
        int wanted = strcmp(entry->d_name, "file") == 0        ? DT_REG
                     : strcmp(entry->d_name, "link") == 0      ? DT_LNK
                     : strcmp(entry->d_name, "fifo") == 0      ? DT_FIFO
                                                               : DT_DIR;
        CHECK_EQ(entry->d_type, wanted);
        CHECK_EQ(entry->d_ino, inode_of(entry->d_name));
        found++;
    }
    CHECK_EQ(found, 6);
}

TEST(removing_entries_while_listing_loses_none_of_the_others)
{
    char buffer[200];
    char name[24];
    bool removed[60] = { false };
    int seen[60] = { 0 };
    scratch();
    make_files(60);
    int fd = OK(open("many", O_RDONLY));
    long length;
    while ((length = OK(syscall(SYS_getdents64, fd, buffer, sizeof buffer))) > 0)
    {
        for (long at = 0; at < length; at += *(uint16_t *)(buffer + at + 16))
        {
            if (buffer[at + 19] != 'f')
                continue;
            int number = atoi(buffer + at + 20);
            seen[number]++;
            // Remove what was just listed: the place in the directory must survive that.
            snprintf(name, sizeof name, "many/f%d", number);
            OK(unlink(name));
            removed[number] = true;
        }
    }
    for (int i = 0; i < 60; i++)
    {
        CHECK_EQ(seen[i], 1);
        CHECK(removed[i]);
    }
    OK(rmdir("many"));
}

TEST(rewinddir_lists_again_and_sees_new_files)
{
    scratch();
    make_file("one", "");
    DIR *directory = opendir(".");
    int count = 0;
    while (readdir(directory) != NULL)
        count++;
    CHECK_EQ(count, 3);
    make_file("two", "");
    rewinddir(directory);
    count = 0;
    while (readdir(directory) != NULL)
        count++;
    CHECK_EQ(count, 4);
}

TEST(getdents_checks_its_descriptor)
{
    char buffer[200];
    scratch();
    int fd = write_file("file", "", 0);
    CHECK_ERRNO(syscall(SYS_getdents64, fd, buffer, sizeof buffer), ENOTDIR);
    CHECK_ERRNO(syscall(SYS_getdents64, 150, buffer, sizeof buffer), EBADF);
    int directory = OK(open(".", O_RDONLY));
    CHECK_ERRNO(syscall(SYS_getdents64, directory, 8, sizeof buffer), EFAULT);
    OK(mkdir("removed", 0755));
    directory = OK(open("removed", O_RDONLY));
    OK(rmdir("removed"));
    CHECK_ERRNO(syscall(SYS_getdents64, directory, buffer, sizeof buffer), ENOENT);
}

TEST(nothing_can_be_made_in_a_removed_directory)
{
    char text[300];
    scratch();
    OK(mkdir("gone", 0755));
    OK(chdir("gone"));
    OK(rmdir("../gone"));
    CHECK_ERRNO(open("file", O_RDWR | O_CREAT, 0644), ENOENT);
    CHECK_ERRNO(mkdir("directory", 0755), ENOENT);
    CHECK_ERRNO(syscall(SYS_getcwd, text, sizeof text), ENOENT);
    OK(chdir(".."));
}

TEST(a_thousand_files_in_one_directory)
{
    static unsigned char seen[1000];
    scratch();
    make_files(1000);
    CHECK_EQ(list("many", 4096, seen, 1000), 1002);
}

// Somebody is in it, but nobody has it open.
static void check_removed_directory(const char *path)
{
    struct stat status;
    char entries[1000];
    char inner[300];
    for (int round = 0; round < 3; round++)
    {
        int fd = OK(open(path, O_RDONLY | O_DIRECTORY));
        OK(fstat(fd, &status));
        CHECK_EQ(status.st_nlink, 0);
        CHECK_ERRNO(syscall(SYS_getdents64, fd, entries, sizeof entries), ENOENT);
        CHECK_ERRNO(openat(fd, "file", O_CREAT | O_WRONLY, 0644), ENOENT);
        CHECK_ERRNO(mkdirat(fd, "directory", 0755), ENOENT);
        CHECK_EQ(fchmod(fd, 0700), 0);
        OK(close(fd));
    }
    snprintf(inner, sizeof inner, "%s/file", path);
    CHECK_ERRNO(open(inner, O_CREAT | O_WRONLY, 0644), ENOENT);
    CHECK_ERRNO(open(inner, O_RDONLY), ENOENT);
    OK(close(OK(open(path, O_PATH))));
    OK(stat(path, &status));
    int watches = OK(inotify_init1(0));
    OK(inotify_add_watch(watches, path, IN_ALL_EVENTS));
    OK(close(watches));
    CHECK_ERRNO(execl(path, path, NULL), EACCES);
}

TEST(a_working_directory_that_has_been_removed_can_be_opened)
{
    scratch();
    OK(mkdir("gone", 0755));
    OK(chdir("gone"));
    OK(rmdir("../gone"));
    check_removed_directory(".");
    OK(close(OK(open("..", O_RDONLY))));
}

TEST(a_root_that_has_been_removed_can_be_opened)
{
    scratch();
    OK(mkdir("gone", 0755));
    int outside = OK(open(".", O_RDONLY | O_DIRECTORY));
    FORK(child)
    {
        OK(chroot("gone"));
        OK(chdir("/"));
        OK(unlinkat(outside, "gone", AT_REMOVEDIR));
        check_removed_directory("/");
        check_removed_directory("..");
    }
    CHECK_EXITS(child, 0);
}

TEST(a_mounted_directory_that_has_been_removed_can_be_opened)
{
    scratch();
    OK(mkdir("gone", 0755));
    OK(mkdir("here", 0755));
    OK(mount("gone", "here", NULL, MS_BIND, NULL));
    OK(rmdir("gone"));
    check_removed_directory("here");
    OK(umount("here"));
}
