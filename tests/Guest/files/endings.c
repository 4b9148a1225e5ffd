// How paths may end: each call with each ending, in a fresh directory each time.
#include "check.h"
#include <ftw.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <sys/xattr.h>

// Of a directory with: file, dir (empty), full (with a file), and links: to-file, to-dir,
// dangling (to "absent") and self.
static const char *const endings[] = {
    "new", "new/", "new/.", "new/..", "file", "file/", "file/.", "dir/", "dir//", "dir/.", "dir/..", ".",
    "./", "..", "/",
    "to-file", "to-file/", "to-dir", "to-dir/", "to-dir/.", "dangling", "dangling/", "dangling/.", "self",
    "self/", "",
};

enum
{
#ifndef RENAME_EXCHANGE
    RENAME_NOREPLACE = 1,
    RENAME_EXCHANGE = 2,
#endif
    ENDINGS = sizeof endings / sizeof *endings,
};

static const char *name_of(int error)
{
    switch (error)
    {
        case 0: return "ok";
        case EPERM: return "EPERM";
        case ENOENT: return "ENOENT";
        case EBUSY: return "EBUSY";
        case EEXIST: return "EEXIST";
        case EXDEV: return "EXDEV";
        case ENOTDIR: return "ENOTDIR";
        case EISDIR: return "EISDIR";
        case EINVAL: return "EINVAL";
        case ENOTEMPTY: return "ENOTEMPTY";
        case ELOOP: return "ELOOP";
        case EACCES: return "EACCES";
        case EADDRINUSE: return "EADDRINUSE";
        case ENODATA: return "ENODATA";
        default: FAIL("errno %d (%s)", error, strerror(error));
    }
}

static void fill(void)
{
    OK(mkdir("w", 0755));
    OK(chdir("w"));
    make_file("file", "text");
    OK(mkdir("dir", 0755));
    OK(mkdir("full", 0755));
    make_file("full/file", "");
    OK(symlink("file", "to-file"));
    OK(symlink("dir", "to-dir"));
    OK(symlink("absent", "dangling"));
    OK(symlink("self", "self"));
}

static int remove_one(const char *path, UNUSED const struct stat *status, UNUSED int kind,
                      UNUSED struct FTW *place)
{
    return remove(path);
}

static void clear(void)
{
    OK(chdir(".."));
    OK(nftw("w", remove_one, 8, FTW_DEPTH | FTW_PHYS));
}

// Runs of one answer are told once, with the endings that get it.
static void check_endings(int (*call)(const char *path), const char *wanted)
{
    static char text[2048];
    size_t length = 0;
    const char *last = "";
    scratch();
    for (int i = 0; i < ENDINGS; i++)
    {
        fill();
        errno = 0;
        const char *name = name_of(call(endings[i]) < 0 ? errno : 0);
        clear();
        if (strcmp(name, last) != 0)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s:", i > 0 ? ", " : "", name);
        length += (size_t)snprintf(text + length, sizeof text - length, " %s",
                                   endings[i][0] != '\0' ? endings[i] : "''");
        last = name;
    }
    if (strcmp(text, wanted) != 0)
        FAIL("%s", text);
}

static int closed(int fd) { return fd < 0 ? fd : close(fd); }

static int do_stat(const char *path)
{
    struct stat status;
    return stat(path, &status);
}

static int do_lstat(const char *path)
{
    struct stat status;
    return lstat(path, &status);
}

static int do_statfs(const char *path)
{
    struct statfs status;
    return statfs(path, &status);
}

static int do_readlink(const char *path)
{
    char text[16];
    return (int)readlink(path, text, sizeof text);
}

// Back to where it was, be the call successful or not.
static int do_chdir(const char *path)
{
    int here = OK(open(".", O_RDONLY | O_DIRECTORY));
    int result = chdir(path);
    int error = errno;
    OK(fchdir(here));
    OK(close(here));
    errno = error;
    return result;
}

static int do_exec(const char *path)
{
    char *const arguments[] = { "x", NULL };
    return execv(path, arguments);
}

static int do_bind(const char *path)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    strcpy(name.sun_path, path);
    // An empty path would be a request for any name.
    if (path[0] == '\0')
        return do_stat(path);
    int fd = OK(socket(AF_UNIX, SOCK_STREAM, 0));
    int result = bind(fd, (struct sockaddr *)&name, sizeof name);
    int error = errno;
    OK(close(fd));
    errno = error;
    return result;
}

static int do_open(const char *path) { return closed(open(path, O_RDONLY)); }
static int do_open_directory(const char *path) { return closed(open(path, O_RDONLY | O_DIRECTORY)); }
static int do_open_to_write(const char *path) { return closed(open(path, O_WRONLY)); }
static int do_open_unfollowed(const char *path) { return closed(open(path, O_RDONLY | O_NOFOLLOW)); }
static int do_open_place(const char *path) { return closed(open(path, O_PATH | O_NOFOLLOW)); }
static int do_create(const char *path) { return closed(open(path, O_RDWR | O_CREAT, 0644)); }
static int do_create_new(const char *path) { return closed(open(path, O_RDWR | O_CREAT | O_EXCL, 0644)); }
static int do_mkdir(const char *path) { return mkdir(path, 0755); }
static int do_mkfifo(const char *path) { return mkfifo(path, 0644); }
static int do_symlink(const char *path) { return symlink("file", path); }
static int do_link_to(const char *path) { return link("file", path); }
static int do_link_from(const char *path) { return link(path, "other"); }
static int do_unlink(const char *path) { return unlink(path); }
static int do_rmdir(const char *path) { return rmdir(path); }
static int do_rename_file_to(const char *path) { return rename("full/file", path); }
static int do_rename_directory_to(const char *path) { return rename("full", path); }
static int do_rename_from(const char *path) { return rename(path, "other"); }

static int do_exchange(const char *path)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, "full", RENAME_EXCHANGE);
}

static int do_move_new(const char *path)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, "full", AT_FDCWD, path, RENAME_NOREPLACE);
}

static int do_truncate(const char *path) { return truncate(path, 4); }
static int do_access(const char *path) { return access(path, F_OK); }
static int do_chown(const char *path) { return chown(path, (uid_t)-1, (gid_t)-1); }
static int do_lchown(const char *path) { return lchown(path, (uid_t)-1, (gid_t)-1); }
static int do_getxattr(const char *path) { return (int)getxattr(path, "trusted.x", NULL, 0); }

static int do_times(const char *path)
{
    struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };
    return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

#define ENDINGS_OF(test_name, call, wanted) \
    TEST(test_name) { check_endings(call, wanted); }

ENDINGS_OF(stat_of_each_ending, do_stat,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(lstat_of_each_ending, do_lstat,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/. dangling, ENOENT: dangling/ "
           "dangling/., ok: self, ELOOP: self/, ENOENT: ''")
ENDINGS_OF(statfs_of_each_ending, do_statfs,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(access_of_each_ending, do_access,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(readlink_of_each_ending, do_readlink,
           "ENOENT: new new/ new/. new/.., EINVAL: file, ENOTDIR: file/ file/., EINVAL: dir/ dir// dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, EINVAL: to-dir/ to-dir/., ok: "
           "dangling, ENOENT: dangling/ dangling/., ok: self, ELOOP: self/, ENOENT: ''")
ENDINGS_OF(chdir_to_each_ending, do_chdir,
           "ENOENT: new new/ new/. new/.., ENOTDIR: file file/ file/., ok: dir/ dir// dir/. dir/.. . ./ .. "
           "/, ENOTDIR: to-file to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(exec_of_each_ending, do_exec,
           "ENOENT: new new/ new/. new/.., EACCES: file, ENOTDIR: file/ file/., EACCES: dir/ dir// dir/. "
           "dir/.. . ./ .. / to-file, ENOTDIR: to-file/, EACCES: to-dir to-dir/ to-dir/., ENOENT: dangling "
           "dangling/ dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(bind_to_each_ending, do_bind,
           "ok: new, ENOENT: new/ new/. new/.., EADDRINUSE: file file/, ENOTDIR: file/., EADDRINUSE: dir/ "
           "dir// dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, "
           "ENOENT: dangling/., EADDRINUSE: self self/, ENOENT: ''")
ENDINGS_OF(open_of_each_ending, do_open,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(open_of_a_directory_with_each_ending, do_open_directory,
           "ENOENT: new new/ new/. new/.., ENOTDIR: file file/ file/., ok: dir/ dir// dir/. dir/.. . ./ .. "
           "/, ENOTDIR: to-file to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(open_to_write_each_ending, do_open_to_write,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., EISDIR: dir/ dir// dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, EISDIR: to-dir to-dir/ to-dir/., ENOENT: "
           "dangling dangling/ dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(open_without_following_each_ending, do_open_unfollowed,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. /, ELOOP: to-file, ENOTDIR: to-file/, ELOOP: to-dir, ok: to-dir/ to-dir/., ELOOP: "
           "dangling, ENOENT: dangling/ dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(open_of_a_place_with_each_ending, do_open_place,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/. dangling, ENOENT: dangling/ "
           "dangling/., ok: self, ELOOP: self/, ENOENT: ''")
ENDINGS_OF(o_creat_with_each_ending, do_create,
           "ok: new, EISDIR: new/, ENOENT: new/. new/.., ok: file, EISDIR: file/, ENOTDIR: file/., EISDIR: "
           "dir/ dir// dir/. dir/.. . ./ .. /, ok: to-file, EISDIR: to-file/ to-dir to-dir/ to-dir/., ok: "
           "dangling, EISDIR: dangling/, ENOENT: dangling/., ELOOP: self, EISDIR: self/, ENOENT: ''")
ENDINGS_OF(o_excl_with_each_ending, do_create_new,
           "ok: new, EISDIR: new/, ENOENT: new/. new/.., EEXIST: file, EISDIR: file/, ENOTDIR: file/., "
           "EISDIR: dir/ dir//, EEXIST: dir/. dir/.. . ./ .. / to-file, EISDIR: to-file/, EEXIST: to-dir, "
           "EISDIR: to-dir/, EEXIST: to-dir/. dangling, EISDIR: dangling/, ENOENT: dangling/., EEXIST: "
           "self, EISDIR: self/, ENOENT: ''")
ENDINGS_OF(mkdir_with_each_ending, do_mkdir,
           "ok: new new/, ENOENT: new/. new/.., EEXIST: file file/, ENOTDIR: file/., EEXIST: dir/ dir// "
           "dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, ENOENT: "
           "dangling/., EEXIST: self self/, ENOENT: ''")
ENDINGS_OF(mkfifo_with_each_ending, do_mkfifo,
           "ok: new, ENOENT: new/ new/. new/.., EEXIST: file file/, ENOTDIR: file/., EEXIST: dir/ dir// "
           "dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, ENOENT: "
           "dangling/., EEXIST: self self/, ENOENT: ''")
ENDINGS_OF(symlink_with_each_ending, do_symlink,
           "ok: new, ENOENT: new/ new/. new/.., EEXIST: file file/, ENOTDIR: file/., EEXIST: dir/ dir// "
           "dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, ENOENT: "
           "dangling/., EEXIST: self self/, ENOENT: ''")
ENDINGS_OF(link_to_each_ending, do_link_to,
           "ok: new, ENOENT: new/ new/. new/.., EEXIST: file file/, ENOTDIR: file/., EEXIST: dir/ dir// "
           "dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, ENOENT: "
           "dangling/., EEXIST: self self/, ENOENT: ''")
ENDINGS_OF(link_from_each_ending, do_link_from,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., EPERM: dir/ dir// dir/. dir/.. "
           ". ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, EPERM: to-dir/ to-dir/., ok: dangling, "
           "ENOENT: dangling/ dangling/., ok: self, ELOOP: self/, ENOENT: ''")
ENDINGS_OF(unlink_of_each_ending, do_unlink,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., EISDIR: dir/ dir// dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, ENOTDIR: to-dir/, EISDIR: "
           "to-dir/., ok: dangling, ENOTDIR: dangling/, ENOENT: dangling/., ok: self, ENOTDIR: self/, "
           "ENOENT: ''")
ENDINGS_OF(rmdir_of_each_ending, do_rmdir,
           "ENOENT: new new/ new/. new/.., ENOTDIR: file file/ file/., ok: dir/ dir//, EINVAL: dir/., "
           "ENOTEMPTY: dir/.., EINVAL: . ./, ENOTEMPTY: .., EBUSY: /, ENOTDIR: to-file to-file/ to-dir "
           "to-dir/, EINVAL: to-dir/., ENOTDIR: dangling dangling/, ENOENT: dangling/., ENOTDIR: self "
           "self/, ENOENT: ''")
ENDINGS_OF(rename_of_a_file_to_each_ending, do_rename_file_to,
           "ok: new, ENOTDIR: new/, ENOENT: new/. new/.., ok: file, ENOTDIR: file/ file/. dir/ dir//, "
           "EBUSY: dir/. dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, ENOTDIR: to-dir/, "
           "EBUSY: to-dir/., ok: dangling, ENOTDIR: dangling/, ENOENT: dangling/., ok: self, ENOTDIR: "
           "self/, ENOENT: ''")
ENDINGS_OF(rename_of_a_directory_to_each_ending, do_rename_directory_to,
           "ok: new new/, ENOENT: new/. new/.., ENOTDIR: file file/ file/., ok: dir/ dir//, EBUSY: dir/. "
           "dir/.. . ./ .. /, ENOTDIR: to-file to-file/ to-dir to-dir/, EBUSY: to-dir/., ENOTDIR: dangling "
           "dangling/, ENOENT: dangling/., ENOTDIR: self self/, ENOENT: ''")
ENDINGS_OF(rename_from_each_ending, do_rename_from,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir//, EBUSY: dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, ENOTDIR: to-dir/, EBUSY: "
           "to-dir/., ok: dangling, ENOTDIR: dangling/, ENOENT: dangling/., ok: self, ENOTDIR: self/, "
           "ENOENT: ''")
ENDINGS_OF(exchange_with_each_ending, do_exchange,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir//, EBUSY: dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, ok: to-dir, ENOTDIR: to-dir/, EBUSY: "
           "to-dir/., ok: dangling, ENOTDIR: dangling/, ENOENT: dangling/., ok: self, ENOTDIR: self/, "
           "ENOENT: ''")
ENDINGS_OF(move_to_each_ending_if_new, do_move_new,
           "ok: new new/, ENOENT: new/. new/.., EEXIST: file file/, ENOTDIR: file/., EEXIST: dir/ dir// "
           "dir/. dir/.. . ./ .. / to-file to-file/ to-dir to-dir/ to-dir/. dangling dangling/, ENOENT: "
           "dangling/., EEXIST: self self/, ENOENT: ''")
ENDINGS_OF(truncate_of_each_ending, do_truncate,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., EISDIR: dir/ dir// dir/. "
           "dir/.. . ./ .. /, ok: to-file, ENOTDIR: to-file/, EISDIR: to-dir to-dir/ to-dir/., ENOENT: "
           "dangling dangling/ dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(chown_of_each_ending, do_chown,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/., ENOENT: dangling dangling/ "
           "dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(lchown_of_each_ending, do_lchown,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/. dangling, ENOENT: dangling/ "
           "dangling/., ok: self, ELOOP: self/, ENOENT: ''")
ENDINGS_OF(getxattr_of_each_ending, do_getxattr,
           "ENOENT: new new/ new/. new/.., ENODATA: file, ENOTDIR: file/ file/., ENODATA: dir/ dir// dir/. "
           "dir/.. . ./ .. / to-file, ENOTDIR: to-file/, ENODATA: to-dir to-dir/ to-dir/., ENOENT: "
           "dangling dangling/ dangling/., ELOOP: self self/, ENOENT: ''")
ENDINGS_OF(utimensat_of_each_ending, do_times,
           "ENOENT: new new/ new/. new/.., ok: file, ENOTDIR: file/ file/., ok: dir/ dir// dir/. dir/.. . "
           "./ .. / to-file, ENOTDIR: to-file/, ok: to-dir to-dir/ to-dir/. dangling, ENOENT: dangling/ "
           "dangling/., ok: self, ELOOP: self/, ENOENT: ''")
