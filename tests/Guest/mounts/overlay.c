// overlay: lower layers, an upper one, whiteouts, copies. Linux's description of the overlay filesystem; on Debian's kernel
// it is a module, which the run has to load first.
#include "mounts/mounts.h"

#include <sys/file.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#define BOTH "lowerdir=l,upperdir=u,workdir=w"

static void layers(void)
{
    enter();
    const char *names[] = { "l", "m", "u", "w", "o" };
    for (int i = 0; i < 5; i++)
        OK(mkdir(names[i], 0755));
}

static void overlay(const char *options)
{
    OK(mount("overlay", "o", "overlay", 0, options));
}

static bool holds(const char *path, const char *wanted)
{
    char text[300];
    read_file(path, text, sizeof text);
    return strcmp(text, wanted) == 0;
}

static void append(const char *path, const char *text)
{
    int fd = OK(open(path, O_WRONLY | O_APPEND));
    CHECK_EQ(write(fd, text, strlen(text)), (long)strlen(text));
    OK(close(fd));
}

static bool is_whiteout(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == makedev(0, 0);
}

// The sorted names in a directory, with blanks between them.
static const char *names_in(const char *path)
{
    static char text[2000];
    struct dirent **entries;
    int count = OK(scandir(path, &entries, NULL, alphasort));
    text[0] = '\0';
    for (int i = 0; i < count; i++)
    {
        if (entries[i]->d_name[0] != '.')
        {
            if (text[0] != '\0')
                strcat(text, " ");
            strcat(text, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return text;
}

TEST(both_layers_show_and_the_upper_hides_the_lower)
{
    layers();
    make_file("l/low", "low");
    make_file("l/both", "low");
    make_file("u/both", "high");
    make_file("u/high", "high");
    overlay(BOTH);
    CHECK(holds("o/low", "low"));
    CHECK(holds("o/both", "high"));
    CHECK(holds("o/high", "high"));
    CHECK_STR(names_in("o"), "both high low");
    leave();
}

TEST(a_write_goes_to_a_copy)
{
    layers();
    make_file("l/f", "old");
    OK(chmod("l/f", 0640));
    OK(chown("l/f", 12, 34));
    OK(setxattr("l/f", "trusted.mine", "value", 5, 0));
    overlay(BOTH);
    append("o/f", "+new");
    CHECK(holds("o/f", "old+new"));
    CHECK(holds("l/f", "old"));
    CHECK(holds("u/f", "old+new"));
    struct stat copy;
    OK(stat("u/f", &copy));
    CHECK_EQ(copy.st_mode, S_IFREG | 0640);
    CHECK_EQ(copy.st_uid, 12);
    CHECK_EQ(copy.st_gid, 34);
    char value[10];
    CHECK_EQ(getxattr("o/f", "trusted.mine", value, sizeof value), 5);
    CHECK_EQ(getxattr("u/f", "trusted.mine", value, sizeof value), 5);
    CHECK_STR(names_in("w/work"), "");
    leave();
}

TEST(a_copy_brings_the_directories_along)
{
    layers();
    OK(mkdir("l/a", 0750));
    OK(mkdir("l/a/b", 0701));
    make_file("l/a/b/f", "text");
    make_file("l/a/other", "text");
    struct timespec times[2] = { { 1000, 0 }, { 2000, 0 } };
    OK(utimensat(AT_FDCWD, "l/a", times, 0));
    overlay(BOTH);
    append("o/a/b/f", "!");
    CHECK_STR(names_in("u/a"), "b");
    struct stat found;
    OK(stat("u/a", &found));
    CHECK_EQ(found.st_mode, S_IFDIR | 0750);
    CHECK_EQ(found.st_mtime, 2000);
    OK(stat("u/a/b", &found));
    CHECK_EQ(found.st_mode, S_IFDIR | 0701);
    CHECK_STR(names_in("o/a"), "b other");
    leave();
}

TEST(attributes_are_changed_in_the_copy)
{
    layers();
    make_file("l/f", "text");
    OK(symlink("target", "l/link"));
    OK(mkfifo("l/fifo", 0600));
    overlay(BOTH);
    OK(chmod("o/f", 0600));
    OK(lchown("o/link", 7, 8));
    OK(chown("o/fifo", 9, 10));
    struct timespec times[2] = { { 1000, 5 }, { 2000, 6 } };
    OK(utimensat(AT_FDCWD, "o/f", times, 0));
    struct stat found;
    OK(stat("o/f", &found));
    CHECK_EQ(found.st_mode & 07777, 0600);
    CHECK_EQ(found.st_mtim.tv_sec, 2000);
    CHECK_EQ(found.st_mtim.tv_nsec, 6);
    OK(lstat("u/link", &found));
    CHECK_EQ(found.st_uid, 7);
    char target[20];
    CHECK_EQ(readlink("o/link", target, sizeof target), 6);
    OK(stat("u/fifo", &found));
    CHECK(S_ISFIFO(found.st_mode));
    CHECK_EQ(found.st_gid, 10);
    OK(stat("l/f", &found));
    CHECK_EQ(found.st_mode & 07777, 0644);
    CHECK(holds("u/f", "text"));
    leave();
}

TEST(a_name_that_goes_leaves_a_whiteout)
{
    layers();
    make_file("l/f", "low");
    make_file("l/g", "low");
    make_file("u/g", "high");
    make_file("u/h", "high");
    overlay(BOTH);
    OK(unlink("o/f"));
    OK(unlink("o/g"));
    OK(unlink("o/h"));
    CHECK(is_whiteout("u/f"));
    CHECK(is_whiteout("u/g"));
    CHECK(!exists("u/h"));
    CHECK_ERRNO(open("o/f", O_RDONLY), ENOENT);
    CHECK_STR(names_in("o"), "");
    make_file("o/f", "again");
    CHECK(holds("o/f", "again"));
    CHECK(!is_whiteout("u/f"));
    CHECK(holds("l/f", "low"));
    leave();
}

TEST(a_directory_that_goes_and_comes_back_is_empty)
{
    layers();
    OK(mkdir("l/d", 0755));
    make_file("l/d/f", "x");
    overlay(BOTH);
    CHECK_ERRNO(rmdir("o/d"), ENOTEMPTY);
    OK(unlink("o/d/f"));
    CHECK(is_whiteout("u/d/f"));
    CHECK_STR(names_in("o/d"), "");
    OK(rmdir("o/d"));
    CHECK(is_whiteout("u/d"));
    OK(mkdir("o/d", 0755));
    CHECK_STR(names_in("o/d"), "");
    char value[10];
    CHECK_EQ(getxattr("u/d", "trusted.overlay.opaque", value, sizeof value), 1);
    CHECK_EQ(value[0], 'y');
    make_file("o/d/g", "x");
    CHECK_STR(names_in("o/d"), "g");
    leave();
}

TEST(several_lower_layers_are_one_below_the_other)
{
    layers();
    make_file("l/f", "top");
    make_file("m/f", "bottom");
    make_file("m/g", "bottom");
    OK(mkdir("l/d", 0755));
    OK(mkdir("m/d", 0755));
    make_file("l/d/one", "1");
    make_file("m/d/two", "2");
    overlay("lowerdir=l:m,upperdir=u,workdir=w");
    CHECK(holds("o/f", "top"));
    CHECK(holds("o/g", "bottom"));
    CHECK_STR(names_in("o/d"), "one two");
    OK(unlink("o/f"));
    CHECK_ERRNO(access("o/f", F_OK), ENOENT);
    struct stat found;
    OK(stat("o/d", &found));
    CHECK_EQ(found.st_nlink, 1);
    leave();
}

TEST(without_an_upper_layer_nothing_can_be_changed)
{
    layers();
    make_file("l/f", "x");
    make_file("m/g", "x");
    overlay("lowerdir=l:m");
    CHECK_STR(names_in("o"), "f g");
    CHECK_ERRNO(open("o/f", O_RDWR), EROFS);
    CHECK_ERRNO(open("o/h", O_CREAT | O_RDWR, 0644), EROFS);
    CHECK_ERRNO(unlink("o/f"), EROFS);
    CHECK_ERRNO(chmod("o/f", 0600), EROFS);
    CHECK_ERRNO(mount(NULL, "o", NULL, MS_REMOUNT, NULL), EROFS);
    OK(umount("o"));
    CHECK_ERRNO(mount("overlay", "o", "overlay", 0, "lowerdir=l"), EINVAL);
    leave();
}

TEST(whiteouts_and_opaque_directories_in_lower_layers_count)
{
    layers();
    make_file("m/f", "x");
    OK(mkdir("m/d", 0755));
    make_file("m/d/hidden", "x");
    OK(mknod("l/f", S_IFCHR, makedev(0, 0)));
    OK(mkdir("l/d", 0755));
    make_file("l/d/seen", "x");
    OK(setxattr("l/d", "trusted.overlay.opaque", "y", 1, 0));
    overlay("lowerdir=l:m");
    CHECK(!exists("o/f"));
    CHECK_STR(names_in("o/d"), "seen");
    CHECK_STR(names_in("o"), "d");
    leave();
}

TEST(a_file_hides_a_directory_and_a_directory_a_file)
{
    layers();
    OK(mkdir("l/a", 0755));
    make_file("l/a/f", "x");
    make_file("u/a", "file");
    make_file("l/b", "file");
    OK(mkdir("u/b", 0755));
    overlay(BOTH);
    CHECK(holds("o/a", "file"));
    CHECK_STR(names_in("o/b"), "");
    OK(unlink("o/a"));
    CHECK(!exists("o/a"));
    OK(rmdir("o/b"));
    CHECK(!exists("o/b"));
    leave();
}

TEST(files_are_renamed_and_lower_directories_are_not)
{
    layers();
    make_file("l/f", "text");
    OK(mkdir("l/d", 0755));
    OK(mkdir("l/e", 0755));
    make_file("l/e/f", "x");
    overlay(BOTH);
    OK(rename("o/f", "o/g"));
    CHECK(holds("o/g", "text"));
    CHECK(!exists("o/f"));
    CHECK(is_whiteout("u/f"));
    CHECK(!exists("l/g"));
    CHECK_ERRNO(rename("o/d", "o/x"), EXDEV);
    OK(mkdir("o/new", 0755));
    make_file("o/new/inside", "x");
    OK(rename("o/new", "o/newer"));
    CHECK_STR(names_in("o/newer"), "inside");
    OK(rename("o/g", "o/newer/g"));
    CHECK(holds("o/newer/g", "text"));
    // Over an empty directory of the lower layer: what is put there does not show through.
    OK(rename("o/newer", "o/d"));
    CHECK_STR(names_in("o/d"), "g inside");
    OK(mkdir("o/again", 0755));
    CHECK_ERRNO(rename("o/again", "o/e"), ENOTEMPTY);
    OK(unlink("o/e/f"));
    OK(rename("o/again", "o/e"));
    CHECK_STR(names_in("o/e"), "");
    leave();
}

TEST(names_are_exchanged)
{
    layers();
    make_file("l/a", "A");
    make_file("l/b", "B");
    overlay(BOTH);
    OK(syscall(SYS_renameat2, AT_FDCWD, "o/a", AT_FDCWD, "o/b", 2));
    CHECK(holds("o/a", "B"));
    CHECK(holds("o/b", "A"));
    CHECK_ERRNO(syscall(SYS_renameat2, AT_FDCWD, "o/a", AT_FDCWD, "o/b", 1), EEXIST);
    OK(syscall(SYS_renameat2, AT_FDCWD, "o/a", AT_FDCWD, "o/c", 1));
    CHECK(holds("o/c", "B"));
    CHECK_STR(names_in("o"), "b c");
    leave();
}

TEST(links_share_the_copy)
{
    layers();
    make_file("l/f", "text");
    overlay(BOTH);
    OK(link("o/f", "o/g"));
    struct stat one;
    struct stat two;
    OK(stat("o/f", &one));
    OK(stat("o/g", &two));
    CHECK_EQ(one.st_nlink, 2);
    CHECK_EQ(one.st_ino, two.st_ino);
    append("o/g", "!");
    CHECK(holds("o/f", "text!"));
    OK(unlink("o/f"));
    CHECK(holds("o/g", "text!"));
    OK(stat("o/g", &two));
    CHECK_EQ(two.st_nlink, 1);
    CHECK(is_whiteout("u/f"));
    // In place of a whiteout.
    OK(link("o/g", "o/f"));
    CHECK(holds("o/f", "text!"));
    leave();
}

TEST(links_of_the_lower_layer_part_when_one_is_changed)
{
    layers();
    make_file("l/f", "text");
    OK(link("l/f", "l/g"));
    overlay(BOTH);
    append("o/f", "!");
    CHECK(holds("o/f", "text!"));
    CHECK(holds("o/g", "text"));
    leave();
}

TEST(a_reader_sees_what_is_written_after_the_copy)
{
    layers();
    make_file("l/f", "old");
    overlay(BOTH);
    int reader = OK(open("o/f", O_RDONLY));
    char *map = mmap(NULL, CHECK_PAGE, PROT_READ, MAP_SHARED, reader, 0);
    CHECK(map != MAP_FAILED);
    CHECK_EQ(map[0], 'o');
    int writer = OK(open("o/f", O_RDWR));
    CHECK_EQ(pwrite(writer, "NEW", 3, 0), 3);
    char text[4] = "";
    CHECK_EQ(pread(reader, text, 3, 0), 3);
    CHECK_STR(text, "NEW");
    CHECK_EQ(map[0], 'o');
    char *later = mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED, writer, 0);
    CHECK(later != MAP_FAILED);
    CHECK_EQ(later[0], 'N');
    later[0] = 'M';
    CHECK_EQ(pread(reader, text, 3, 0), 3);
    CHECK_STR(text, "MEW");
    OK(munmap(map, CHECK_PAGE));
    OK(munmap(later, CHECK_PAGE));
    OK(close(reader));
    OK(close(writer));
    leave();
}

TEST(an_open_file_outlives_its_name)
{
    layers();
    make_file("l/f", "text");
    overlay(BOTH);
    int low = OK(open("o/f", O_RDONLY));
    make_file("o/g", "high");
    int high = OK(open("o/g", O_RDWR));
    OK(unlink("o/f"));
    OK(unlink("o/g"));
    char text[10] = "";
    CHECK_EQ(read(low, text, sizeof text), 4);
    CHECK_STR(text, "text");
    CHECK_EQ(pwrite(high, "more", 4, 4), 4);
    struct stat found;
    OK(fstat(high, &found));
    CHECK_EQ(found.st_size, 8);
    CHECK_EQ(found.st_nlink, 0);
    OK(close(low));
    OK(close(high));
    leave();
}

TEST(numbers_stay_when_a_file_is_copied)
{
    layers();
    make_file("l/f", "text");
    OK(mkdir("l/d", 0755));
    overlay(BOTH);
    struct stat before;
    struct stat after;
    struct stat top;
    OK(stat("o/f", &before));
    OK(stat("o", &top));
    CHECK_EQ(before.st_dev, top.st_dev);
    append("o/f", "!");
    OK(stat("o/f", &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK_EQ(after.st_dev, before.st_dev);
    OK(stat("o/d", &before));
    OK(chmod("o/d", 0700));
    OK(stat("o/d", &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    struct stat upper;
    OK(stat("u", &upper));
    CHECK(upper.st_dev != top.st_dev);
    // The listing agrees.
    DIR *directory = opendir("o");
    CHECK(directory != NULL);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
    {
        char path[300];
        snprintf(path, sizeof path, "o/%s", entry->d_name);
        OK(lstat(path, &after));
        if (strcmp(entry->d_name, "..") != 0)
            CHECK_EQ(entry->d_ino, after.st_ino);
    }
    OK(closedir(directory));
    leave();
}

TEST(numbers_stay_over_a_mount)
{
    layers();
    make_file("l/f", "text");
    overlay(BOTH);
    append("o/f", "!");
    struct stat before;
    struct stat after;
    OK(stat("o/f", &before));
    OK(umount("o"));
    overlay(BOTH);
    OK(stat("o/f", &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK(holds("o/f", "text!"));
    leave();
}

TEST(the_overlays_own_attributes_are_hidden)
{
    layers();
    OK(mkdir("l/d", 0755));
    overlay(BOTH);
    OK(rmdir("o/d"));
    OK(mkdir("o/d", 0755));
    char list[200];
    CHECK_EQ(listxattr("o/d", list, sizeof list), 0);
    CHECK(listxattr("u/d", list, sizeof list) > 0);
    CHECK_ERRNO(getxattr("o/d", "trusted.overlay.opaque", list, sizeof list), EOPNOTSUPP);
    CHECK_ERRNO(setxattr("o/d", "trusted.overlay.opaque", "n", 1, 0), EOPNOTSUPP);
    OK(setxattr("o/d", "trusted.other", "n", 1, 0));
    CHECK_EQ(getxattr("u/d", "trusted.other", list, sizeof list), 1);
    OK(removexattr("o/d", "trusted.other"));
    CHECK_ERRNO(getxattr("u/d", "trusted.other", list, sizeof list), ENODATA);
    leave();
}

TEST(the_tables_of_mounts_show_the_layers)
{
    layers();
    overlay("lowerdir=l:m,upperdir=u,workdir=w");
    char line[2000];
    mountinfo("o", line, sizeof line);
    CHECK(strstr(line, " - overlay overlay rw,lowerdir=l:m,upperdir=u,workdir=w") != NULL);
    struct statfs status;
    OK(statfs("o", &status));
    CHECK_EQ(status.f_type, 0x794c7630);
    struct statfs upper;
    OK(statfs("u", &upper));
    CHECK_EQ(status.f_blocks, upper.f_blocks);
    leave();
}

TEST(options_that_will_not_do_are_refused)
{
    layers();
    make_file("file", "x");
    OK(mkdir("w/inside", 0755));
    const char *bad[] = {
        "", "upperdir=u,workdir=w", "lowerdir=l,upperdir=u", "lowerdir=l,upperdir=u,workdir=u",
        "lowerdir=l,upperdir=w/inside,workdir=w", "lowerdir=l,upperdir=u,workdir=w,what=x", "lowerdir=l:m,nonsense",
        "lowerdir=l,upperdir=u,workdir=w,redirect_dir=sometimes",
    };
    for (int i = 0; i < 8; i++)
        CHECK_ERRNO(mount("overlay", "o", "overlay", 0, bad[i]), EINVAL);
    CHECK_ERRNO(mount("overlay", "o", "overlay", 0, "lowerdir=none,upperdir=u,workdir=w"), ENOENT);
    CHECK_ERRNO(mount("overlay", "o", "overlay", 0, "lowerdir=file,upperdir=u,workdir=w"), EINVAL);
    tmpfs_at("t");
    OK(mkdir("t/w", 0755));
    CHECK_ERRNO(mount("overlay", "o", "overlay", 0, "lowerdir=l,upperdir=u,workdir=t/w"), EINVAL);
    leave();
}

TEST(a_file_without_a_name_cannot_be_made)
{
    layers();
    overlay(BOTH);
    CHECK_ERRNO(open("o", O_TMPFILE | O_RDWR, 0640), EOPNOTSUPP);
    OK(umount("o"));
    leave();
}

TEST(layers_do_not_overlap)
{
    layers();
    OK(mkdir("l/in", 0755));
    OK(mkdir("u/in", 0755));
    static const char *const circles[] = {
        "lowerdir=l:l", "lowerdir=l:l/in", "lowerdir=l/in:l", "lowerdir=u/in,upperdir=u,workdir=w",
        "lowerdir=u,upperdir=u,workdir=w", "lowerdir=w,upperdir=u,workdir=w",
    };
    for (int i = 0; i < 6; i++)
        CHECK_ERRNO(mount("overlay", "o", "overlay", 0, circles[i]), ELOOP);
    // But changes may go to a part of what they change.
    overlay("lowerdir=l,upperdir=l/in,workdir=w");
    make_file("o/new", "");
    CHECK(exists("l/in/new"));
    OK(umount("o"));
    leave();
}

TEST(layers_on_several_file_systems_show_their_own_devices)
{
    layers();
    tmpfs_at("t");
    make_file("t/low", "x");
    OK(mkdir("t/d", 0755));
    overlay("lowerdir=t,upperdir=u,workdir=w");
    struct stat top;
    struct stat low;
    struct stat directory;
    struct stat real;
    OK(stat("o", &top));
    OK(stat("o/low", &low));
    OK(stat("o/d", &directory));
    OK(stat("t/low", &real));
    CHECK_EQ(directory.st_dev, top.st_dev);
    CHECK(low.st_dev != top.st_dev);
    CHECK(low.st_dev != real.st_dev);
    CHECK_EQ(low.st_ino, real.st_ino);
    // The copy keeps device and number; what is new has the upper layer's.
    append("o/low", "!");
    CHECK(holds("o/low", "x!"));
    struct stat copy;
    OK(stat("o/low", &copy));
    CHECK_EQ(copy.st_dev, low.st_dev);
    CHECK_EQ(copy.st_ino, low.st_ino);
    struct stat made;
    make_file("o/new", "x");
    OK(stat("o/new", &made));
    OK(stat("u/new", &real));
    CHECK(made.st_dev != real.st_dev);
    CHECK(made.st_dev != low.st_dev);
    CHECK(made.st_dev != top.st_dev);
    CHECK_EQ(made.st_ino, real.st_ino);
    leave();
}

TEST(the_layers_stay_in_use_until_the_overlay_goes)
{
    layers();
    tmpfs_at("t");
    OK(mkdir("t/l", 0755));
    overlay("lowerdir=t/l,upperdir=u,workdir=w");
    make_file("o/f", "x");
    OK(umount("o"));
    OK(umount("t"));
    CHECK(holds("u/f", "x"));
    leave();
}

TEST(permissions_are_those_of_the_files)
{
    layers();
    OK(mkdir("l/d", 0700));
    make_file("l/d/f", "x");
    make_file("l/readable", "x");
    overlay(BOTH);
    OK(chmod("o", 0755));
    FORK(child)
    {
        become(1000);
        CHECK_ERRNO(open("o/d/f", O_RDONLY), EACCES);
        CHECK_ERRNO(open("o/readable", O_RDWR), EACCES);
        OK(open("o/readable", O_RDONLY));
        CHECK_ERRNO(unlink("o/readable"), EACCES);
        CHECK_ERRNO(mkdir("o/x", 0755), EACCES);
    }
    CHECK_EXITS(child, 0);
    CHECK(!exists("u/readable"));
    OK(chown("o/d", 1000, 1000));
    FORK(owner)
    {
        become(1000);
        OK(unlink("o/d/f"));
        make_file("o/d/mine", "x");
    }
    CHECK_EXITS(owner, 0);
    struct stat found;
    OK(stat("u/d/mine", &found));
    CHECK_EQ(found.st_uid, 1000);
    leave();
}

TEST(a_whiteout_cannot_be_made_by_hand)
{
    layers();
    overlay(BOTH);
    CHECK_ERRNO(mknod("o/f", S_IFCHR | 0600, makedev(0, 0)), EPERM);
    OK(mknod("o/null", S_IFCHR | 0666, makedev(1, 3)));
    int fd = OK(open("o/null", O_RDWR));
    CHECK_EQ(write(fd, "x", 1), 1);
    OK(close(fd));
    leave();
}

TEST(truncation_copies_nothing_but_the_name)
{
    layers();
    make_file("l/f", "long text");
    make_file("l/g", "long text");
    overlay(BOTH);
    OK(close(OK(open("o/f", O_WRONLY | O_TRUNC))));
    OK(truncate("o/g", 4));
    CHECK(holds("o/f", ""));
    CHECK(holds("o/g", "long"));
    CHECK(holds("l/f", "long text"));
    leave();
}

TEST(holes_stay_holes_in_a_copy)
{
    layers();
    int fd = write_file("l/f", "start", 5);
    CHECK_EQ(pwrite(fd, "end", 3, 8 << 20), 3);
    OK(close(fd));
    overlay(BOTH);
    append("o/f", "!");
    struct stat copy;
    OK(stat("u/f", &copy));
    CHECK_EQ(copy.st_size, (8 << 20) + 4);
    CHECK(copy.st_blocks <= 3 << 11);
    char text[5] = "";
    fd = OK(open("o/f", O_RDONLY));
    CHECK_EQ(pread(fd, text, 4, 8 << 20), 4);
    CHECK_STR(text, "end!");
    OK(close(fd));
    leave();
}

TEST(a_large_directory_is_listed_while_it_is_emptied)
{
    layers();
    char path[300];
    for (int i = 0; i < 300; i++)
    {
        snprintf(path, sizeof path, "%c/file-%03d", i % 2 == 0 ? 'l' : 'u', i);
        make_file(path, "x");
    }
    overlay(BOTH);
    DIR *directory = opendir("o");
    CHECK(directory != NULL);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
    {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "o/%s", entry->d_name);
        OK(unlink(path));
        count++;
    }
    CHECK_EQ(count, 300);
    rewinddir(directory);
    count = 0;
    while (readdir(directory) != NULL)
        count++;
    CHECK_EQ(count, 2);
    OK(closedir(directory));
    leave();
}

TEST(locks_and_fifos_work_by_the_overlays_names)
{
    layers();
    make_file("l/f", "x");
    OK(mkfifo("l/fifo", 0600));
    overlay(BOTH);
    int reader = OK(open("o/f", O_RDONLY));
    int writer = OK(open("o/f", O_RDWR));
    OK(flock(reader, LOCK_EX));
    CHECK_ERRNO(flock(writer, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    OK(close(reader));
    OK(flock(writer, LOCK_EX | LOCK_NB));
    OK(close(writer));
    int fifo = OK(open("o/fifo", O_RDWR));
    CHECK_EQ(write(fifo, "x", 1), 1);
    char byte;
    CHECK_EQ(read(fifo, &byte, 1), 1);
    OK(close(fifo));
    leave();
}

TEST(a_program_runs_from_the_lower_layer_and_from_a_copy)
{
    layers();
    FORK(copier)
    {
        OK(execl("/bin/busybox", "busybox", "cp", "/bin/busybox", "l/busybox", NULL));
    }
    CHECK_EXITS(copier, 0);
    overlay(BOTH);
    for (int round = 0; round < 2; round++)
    {
        FORK(child)
        {
            OK(execl("o/busybox", "true", NULL));
        }
        CHECK_EXITS(child, 0);
        OK(chmod("o/busybox", 0700));
    }
    leave();
}

TEST(user_attributes_mark_directories_when_asked_to)
{
    layers();
    OK(mkdir("l/d", 0755));
    make_file("l/d/f", "x");
    if (setxattr("l/d", "user.probe", "x", 1, 0) == -1)
    {
        // Not every Linux has them on a tmpfs.
        CHECK_EQ(errno, EOPNOTSUPP);
        leave();
        return;
    }
    overlay("lowerdir=l,upperdir=u,workdir=w,userxattr");
    OK(unlink("o/d/f"));
    OK(rmdir("o/d"));
    OK(mkdir("o/d", 0755));
    char value[10];
    CHECK_EQ(getxattr("u/d", "user.overlay.opaque", value, sizeof value), 1);
    leave();
}

// Linux: undefined, "though it will not result in a crash or deadlock". So nothing is said of what the calls answer.
TEST(changes_of_the_layers_behind_its_back_are_survived)
{
    layers();
    OK(mkdir("l/d", 0755));
    static const char *const names[] = { "removed", "replaced", "moved", "linked", "exchanged", "d/inner", "taken" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        char path[64];
        snprintf(path, sizeof path, "l/%s", names[i]);
        make_file(path, "lower");
    }
    overlay(BOTH);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        char path[64];
        snprintf(path, sizeof path, "o/%s", names[i]);
        OK(chmod(path, 0600));
    }
    struct stat found;

    OK(unlink("u/removed"));
    unlink("o/removed");
    OK(rename("u/replaced", "u/elsewhere"));
    make_file("u/replaced", "other");
    rename("o/replaced", "o/new");
    OK(rename("u/moved", "u/away"));
    rename("o/moved", "o/linked");
    OK(unlink("u/exchanged"));
    syscall(SYS_renameat2, AT_FDCWD, "o/exchanged", AT_FDCWD, "o/d/inner", 2);
    // Taken, while the overlay holds it for free.
    CHECK_ERRNO(stat("o/free", &found), ENOENT);
    make_file("u/free", "other");
    mkdir("o/free", 0755);
    link("o/linked", "o/free");
    rename("o/linked", "o/free");

    // One directory inside another that is a sibling here, so that it would be moved into itself.
    OK(mkdir("o/one", 0755));
    OK(mkdir("o/two", 0755));
    OK(stat("o/one", &found));
    OK(rename("u/two", "u/one/two"));
    rename("o/one", "o/two/one");
    rename("o/two", "o/one/two");
    rmdir("o/two");
    rmdir("o/one");

    // And where it keeps what is not yet in its place.
    OK(rename("w/work", "u/d/work"));
    mkdir("o/d/work/x", 0755);
    unlink("o/taken");
    rename("o/d", "o/e");
    rmdir("u/d/work");
    unlink("o/taken");
    chmod("o/d", 0700);
    leave();
}
