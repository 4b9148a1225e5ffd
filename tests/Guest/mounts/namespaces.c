// unshare(2), clone(2), setns(2), mount_namespaces(7): processes with mounts of their own.
#include "mounts.h"

#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#define NSFS_MAGIC 0x6e736673

static long move_into(const char *path, int kind)
{
    int file = OK(open(path, O_RDONLY | O_CLOEXEC));
    long result = syscall(SYS_setns, file, kind);
    int error = errno;
    OK(close(file));
    errno = error;
    return result;
}

static void namespace_of(pid_t pid, char *path)
{
    sprintf(path, "/proc/%d/ns/mnt", (int)pid);
}

static ino_t number_of(const char *path)
{
    struct stat status;
    OK(stat(path, &status));
    return status.st_ino;
}

static long copy_process(unsigned long flags)
{
    return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

// How many lines of a table of mounts end, in the field of the place, with a text.
static int lines_with(const char *table, const char *end)
{
    char line[2000], point[1000];
    int count = 0;
    FILE *file = fopen(table, "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
    {
        CHECK_EQ(sscanf(line, "%*d %*d %*s %*s %999s", point), 1);
        size_t length = strlen(point);
        count += length >= strlen(end) && strcmp(point + length - strlen(end), end) == 0;
    }
    fclose(file);
    return count;
}

TEST(mounts_of_a_namespace_are_not_seen_outside)
{
    enter();
    OK(mkdir("inner", 0755));
    OK(mkdir("outer", 0755));
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(child)
    {
        int before = mount_count();
        OK(unshare(CLONE_NEWNS));
        CHECK_EQ(mount_count(), before);
        tmpfs_at("inner");
        make_file("inner/file", "inside");
        CHECK_EQ(mount_count(), before + 1);
        open_gate(&ready);
        pass_gate(&go);
        CHECK(!exists("outer/file"));
        CHECK(exists("inner/file"));
        OK(umount("inner"));
        CHECK(!exists("inner/file"));
    }
    pass_gate(&ready);
    CHECK(!exists("inner/file"));
    char table[60];
    sprintf(table, "/proc/%d/mountinfo", (int)child);
    CHECK_EQ(lines_with(table, "base/inner"), 1);
    CHECK_EQ(lines_with("/proc/self/mountinfo", "base/inner"), 0);
    tmpfs_at("outer");
    make_file("outer/file", "outside");
    CHECK_EQ(lines_with(table, "base/outer"), 0);
    open_gate(&go);
    CHECK_EXITS(child, 0);
    CHECK(exists("outer/file"));
    leave();
}

TEST(a_child_gets_a_namespace_of_its_own)
{
    enter();
    char own[60];
    pid_t child = OK(copy_process(CLONE_NEWNS));
    if (child == 0)
    {
        namespace_of(getppid(), own);
        CHECK(number_of("/proc/self/ns/mnt") != number_of(own));
        tmpfs_at("inner");
        make_file("inner/file", "");
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(exists("inner"));
    CHECK(!exists("inner/file"));
    CHECK_ERRNO(copy_process(CLONE_NEWNS | CLONE_FS), EINVAL);
    leave();
}

TEST(a_namespace_needs_the_right)
{
    FORK(child)
    {
        become(1234);
        CHECK_ERRNO(unshare(CLONE_NEWNS), EPERM);
        CHECK_ERRNO(copy_process(CLONE_NEWNS), EPERM);
        CHECK_ERRNO(move_into("/proc/self/ns/mnt", CLONE_NEWNS), EPERM);
    }
    CHECK_EXITS(child, 0);
}

TEST(root_and_working_directory_are_the_copies)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/b", 0755));
    FORK(child)
    {
        OK(chdir("a/b"));
        int id = 0, found = 0;
        char before[300], after[300];
        char line[2000];
        OK(getcwd(before, sizeof before) != NULL ? 0 : -1);
        OK(chdir(".."));
        mountinfo("", line, sizeof line);
        CHECK_EQ(sscanf(line, "%d", &id), 1);
        OK(chdir("b"));
        OK(unshare(CLONE_NEWNS));
        OK(getcwd(after, sizeof after) != NULL ? 0 : -1);
        CHECK_STR(after, before);
        OK(chdir(".."));
        mountinfo("", line, sizeof line);
        CHECK_EQ(sscanf(line, "%d", &found), 1);
        CHECK(found != id);
        // What is mounted here is mounted in the copy.
        tmpfs_at("b");
        make_file("b/file", "");
        OK(chdir("/"));
        OK(chdir(before));
        CHECK(exists("file"));
    }
    CHECK_EXITS(child, 0);
    CHECK(!exists("a/b/file"));
    leave();
}

TEST(a_root_that_was_changed_goes_along)
{
    enter();
    tmpfs_at("jail");
    OK(mkdir("jail/dir", 0755));
    FORK(child)
    {
        OK(chroot("jail"));
        OK(chdir("/"));
        OK(unshare(CLONE_NEWNS));
        CHECK(exists("/dir"));
        tmpfs_at("/dir");
        make_file("/dir/file", "");
        CHECK(exists("/dir/../dir/file"));
    }
    CHECK_EXITS(child, 0);
    CHECK(!exists("jail/dir/file"));
    leave();
}

TEST(copies_are_peers_and_slaves_as_the_originals)
{
    enter();
    tmpfs_at("shared");
    tmpfs_at("slave");
    tmpfs_at("private");
    tmpfs_at("unbindable");
    OK(mount(NULL, "shared", NULL, MS_SHARED, NULL));
    OK(mount("shared", "slave", NULL, MS_BIND, NULL));
    OK(mount(NULL, "slave", NULL, MS_SLAVE, NULL));
    OK(mount(NULL, "unbindable", NULL, MS_UNBINDABLE, NULL));
    OK(mkdir("shared/dir", 0755));
    int group = shared("shared");
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        char line[2000];
        CHECK_EQ(shared("shared"), group);
        CHECK_EQ(master("slave"), group);
        CHECK_EQ(shared("private"), 0);
        mountinfo("unbindable", line, sizeof line);
        CHECK(strstr(line, " unbindable ") != NULL);
        tmpfs_at("shared/dir");
        make_file("shared/dir/file", "");
        CHECK(exists("slave/dir/file"));
    }
    CHECK_EXITS(child, 0);
    // What peers have mounted stays here when their namespace goes.
    CHECK(exists("shared/dir/file"));
    CHECK(exists("slave/dir/file"));
    OK(umount("shared/dir"));
    CHECK(!exists("slave/dir/file"));
    leave();
}

TEST(a_slave_in_another_namespace_hears_and_does_not_tell)
{
    enter();
    OK(mount(NULL, ".", NULL, MS_SHARED, NULL));
    OK(mkdir("one", 0755));
    OK(mkdir("two", 0755));
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        OK(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
        tmpfs_at("one");
        make_file("one/file", "");
        open_gate(&ready);
        pass_gate(&go);
        CHECK(exists("two/file"));
        open_gate(&ready);
        pass_gate(&go);
        CHECK(!exists("two/file"));
        CHECK(exists("one/file"));
    }
    pass_gate(&ready);
    CHECK(!exists("one/file"));
    tmpfs_at("two");
    make_file("two/file", "");
    open_gate(&go);
    pass_gate(&ready);
    OK(umount("two"));
    open_gate(&go);
    CHECK_EXITS(child, 0);
    leave();
}

TEST(a_peers_mount_in_use_in_another_namespace_is_busy)
{
    enter();
    OK(mount(NULL, ".", NULL, MS_SHARED, NULL));
    tmpfs_at("dir");
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        OK(chdir("dir"));
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    CHECK_ERRNO(umount("dir"), EBUSY);
    open_gate(&go);
    CHECK_EXITS(child, 0);
    OK(umount("dir"));
    leave();
}

TEST(another_namespace_is_joined)
{
    enter();
    char path[400], outside[300];
    OK(getcwd(outside, sizeof outside) != NULL ? 0 : -1);
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(holder)
    {
        OK(unshare(CLONE_NEWNS));
        tmpfs_at("inner");
        make_file("inner/file", "");
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    FORK(guest)
    {
        namespace_of(holder, path);
        CHECK(number_of(path) != number_of("/proc/self/ns/mnt"));
        umask(027);
        OK(move_into(path, CLONE_NEWNS));
        CHECK_EQ(number_of(path), number_of("/proc/self/ns/mnt"));
        char here[300];
        OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
        CHECK_STR(here, "/");
        CHECK_EQ(umask(0), 027);
        OK(chdir(outside));
        CHECK(exists("inner/file"));
        tmpfs_at("more");
        make_file("more/file", "");
        // Its own again is no change.
        OK(move_into("/proc/self/ns/mnt", 0));
        CHECK_EQ(number_of(path), number_of("/proc/self/ns/mnt"));
    }
    CHECK_EXITS(guest, 0);
    CHECK(!exists("more/file"));
    sprintf(path, "/proc/%d/cwd/more/file", (int)holder);
    CHECK(exists(path));
    sprintf(path, "/proc/%d/root%s/more/file", (int)holder, outside);
    CHECK(exists(path));
    open_gate(&go);
    CHECK_EXITS(holder, 0);
    leave();
}

TEST(a_joined_namespace_begins_at_its_root)
{
    enter();
    tmpfs_at("jail");
    OK(mkdir("jail/dir", 0755));
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(holder)
    {
        OK(unshare(CLONE_NEWNS));
        OK(chroot("jail"));
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    FORK(guest)
    {
        char path[60];
        namespace_of(holder, path);
        int root = OK(open("/", O_PATH));
        OK(move_into(path, 0));
        // The root of the namespace, and not of the process that has led here.
        struct stat outside, inside;
        OK(fstat(root, &outside));
        OK(stat("/", &inside));
        CHECK_EQ(inside.st_ino, outside.st_ino);
        CHECK_EQ(inside.st_dev, outside.st_dev);
    }
    CHECK_EXITS(guest, 0);
    open_gate(&go);
    CHECK_EXITS(holder, 0);
    leave();
}

TEST(what_cannot_be_joined_is_refused)
{
    struct gate go = new_gate();
    int none = OK(open("/dev/null", O_RDONLY));
    int mounts = OK(open("/proc/self/ns/mnt", O_RDONLY));
    int place = OK(open("/proc/self/ns/mnt", O_PATH));
    CHECK_ERRNO(syscall(SYS_setns, -1, 0), EBADF);
    CHECK_ERRNO(syscall(SYS_setns, none, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_setns, place, 0), EBADF);
    CHECK_ERRNO(syscall(SYS_setns, mounts, CLONE_NEWUTS), EINVAL);
    CHECK_ERRNO(syscall(SYS_setns, mounts, CLONE_NEWNS | CLONE_NEWUTS), EINVAL);
    CHECK_ERRNO(move_into("/proc/self/ns/user", 0), EINVAL);
    // Those that are its own already.
    static const char *const same[] = { "uts", "ipc", "net", "pid", "cgroup", "time", "mnt" };
    for (int i = 0; i < 7; i++)
    {
        char path[60];
        sprintf(path, "/proc/self/ns/%s", same[i]);
        OK(move_into(path, 0));
    }
    // Root and working directory shared with another process.
    pid_t child = OK(copy_process(CLONE_FS));
    if (child == 0)
    {
        pass_gate(&go);
        _exit(0);
    }
    CHECK_ERRNO(syscall(SYS_setns, mounts, CLONE_NEWNS), EINVAL);
    open_gate(&go);
    CHECK_EXITS(child, 0);
    OK(syscall(SYS_setns, mounts, CLONE_NEWNS));
}

TEST(a_pidfd_leads_to_a_processs_namespaces)
{
    enter();
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(holder)
    {
        OK(unshare(CLONE_NEWNS));
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    int process = OK(syscall(SYS_pidfd_open, holder, 0));
    FORK(guest)
    {
        char path[60];
        namespace_of(holder, path);
        CHECK_ERRNO(syscall(SYS_setns, process, 0), EINVAL);
        CHECK_ERRNO(syscall(SYS_setns, process, 1), EINVAL);
        CHECK_ERRNO(syscall(SYS_setns, process, CLONE_NEWNS | CLONE_NEWUSER), EINVAL);
        CHECK(number_of(path) != number_of("/proc/self/ns/mnt"));
        OK(syscall(SYS_setns, process, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC));
        CHECK_EQ(number_of(path), number_of("/proc/self/ns/mnt"));
    }
    CHECK_EXITS(guest, 0);
    open_gate(&go);
    CHECK_EXITS(holder, 0);
    CHECK_ERRNO(syscall(SYS_setns, process, CLONE_NEWNS), ESRCH);
    leave();
}

TEST(an_open_file_keeps_a_namespace)
{
    enter();
    char path[60], here[300];
    OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(holder)
    {
        OK(unshare(CLONE_NEWNS));
        tmpfs_at("inner");
        make_file("inner/file", "");
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    namespace_of(holder, path);
    int file = OK(open(path, O_RDONLY));
    ino_t number = number_of(path);
    open_gate(&go);
    CHECK_EXITS(holder, 0);
    FORK(guest)
    {
        OK(syscall(SYS_setns, file, CLONE_NEWNS));
        CHECK_EQ(number_of("/proc/self/ns/mnt"), number);
        OK(chdir(here));
        CHECK(exists("inner/file"));
    }
    CHECK_EXITS(guest, 0);
    // And again: nobody has been there meanwhile.
    FORK(again)
    {
        OK(syscall(SYS_setns, file, CLONE_NEWNS));
        OK(chdir(here));
        CHECK(exists("inner/file"));
        OK(umount("inner"));
    }
    CHECK_EXITS(again, 0);
    OK(close(file));
    leave();
}

TEST(a_namespace_is_mounted_on_a_file)
{
    enter();
    char path[60], here[300];
    make_file("name", "");
    OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(holder)
    {
        OK(unshare(CLONE_NEWNS));
        tmpfs_at("inner");
        make_file("inner/file", "");
        open_gate(&ready);
        pass_gate(&go);
        // One that is as old as its own, or older, would be a circle.
        namespace_of(getppid(), path);
        CHECK_ERRNO(mount(path, "name", NULL, MS_BIND, NULL), EINVAL);
    }
    pass_gate(&ready);
    CHECK_ERRNO(mount("/proc/self/ns/mnt", "name", NULL, MS_BIND, NULL), EINVAL);
    namespace_of(holder, path);
    OK(mount(path, "name", NULL, MS_BIND, NULL));
    ino_t number = number_of(path);
    open_gate(&go);
    CHECK_EXITS(holder, 0);
    CHECK_EQ(number_of("name"), number);
    struct statfs system;
    OK(statfs("name", &system));
    CHECK_EQ(system.f_type, NSFS_MAGIC);
    char line[2000], root[100], wanted[100];
    mountinfo("name", line, sizeof line);
    CHECK_EQ(sscanf(line, "%*d %*d %*s %99s", root), 1);
    sprintf(wanted, "mnt:[%lu]", (unsigned long)number);
    CHECK_STR(root, wanted);
    CHECK(strstr(line, " - nsfs nsfs rw") != NULL);
    FORK(guest)
    {
        OK(move_into("name", CLONE_NEWNS));
        OK(chdir(here));
        CHECK(exists("inner/file"));
    }
    CHECK_EXITS(guest, 0);
    // A copy of the mounts is without it: it would hold a namespace that is not below it any more.
    FORK(other)
    {
        OK(unshare(CLONE_NEWNS));
        CHECK(number_of("name") != number);
    }
    CHECK_EXITS(other, 0);
    OK(umount("name"));
    leave();
}

// Each keeps the next one, and all go with the first.
TEST(a_chain_of_namespaces_ends_at_once)
{
    enter();
    make_file("name", "");
    struct gate up = new_gate();
    int length = loops(40);
    FORK(first)
    {
        OK(unshare(CLONE_NEWNS));
        for (int i = 0; i < length; i++)
        {
            struct gate made = new_gate();
            struct gate bound = new_gate();
            pid_t next = OK(fork());
            if (next == 0)
            {
                OK(unshare(CLONE_NEWNS));
                open_gate(&made);
                pass_gate(&bound);
                close(made.ends[0]), close(made.ends[1]), close(bound.ends[0]), close(bound.ends[1]);
                continue;
            }
            pass_gate(&made);
            char path[60];
            namespace_of(next, path);
            OK(mount(path, "name", NULL, MS_BIND, NULL));
            open_gate(&bound);
            // What is in the next ones is kept by the file alone in the end.
            CHECK_EXITS(next, 0);
            _exit(0);
        }
        tmpfs_at("last");
        make_file("last/file", "");
        open_gate(&up);
    }
    pass_gate(&up);
    CHECK_EXITS(first, 0);
    leave();
}

TEST(other_namespaces_are_mounted_on_files_everywhere)
{
    enter();
    make_file("name", "");
    OK(mount("/proc/self/ns/uts", "name", NULL, MS_BIND, NULL));
    CHECK_EQ(number_of("name"), number_of("/proc/self/ns/uts"));
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        CHECK_EQ(number_of("name"), number_of("/proc/self/ns/uts"));
        OK(move_into("name", CLONE_NEWUTS));
    }
    CHECK_EXITS(child, 0);
    OK(umount("name"));
    leave();
}

TEST(mounts_of_other_namespaces_cannot_be_changed)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/dir", 0755));
    int there = OK(open("a", O_RDONLY | O_DIRECTORY));
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        OK(mkdir("to", 0755));
        char outer[60];
        sprintf(outer, "/proc/self/fd/%d", there);
        CHECK_ERRNO(umount2(outer, MNT_DETACH), EINVAL);
        CHECK_ERRNO(mount(outer, "to", NULL, MS_BIND, NULL), EINVAL);
        CHECK_ERRNO(mount(outer, "to", NULL, MS_MOVE, NULL), EINVAL);
        OK(mount(NULL, outer, NULL, MS_PRIVATE, NULL));
        CHECK_ERRNO(mount(NULL, outer, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), EINVAL);
        CHECK_ERRNO(mount(NULL, outer, NULL, MS_REMOUNT | MS_RDONLY, NULL), EINVAL);
        CHECK_ERRNO(syscall(SYS_open_tree, there, "", AT_EMPTY_PATH | 1), EINVAL);
        CHECK_ERRNO(syscall(SYS_move_mount, there, "", AT_FDCWD, "to", 4), EINVAL);
        OK(fchdir(there));
        CHECK_ERRNO(mount("none", "dir", "tmpfs", 0, NULL), EINVAL);
        // Files are files.
        make_file("dir/file", "");
    }
    CHECK_EXITS(child, 0);
    CHECK(exists("a/dir/file"));
    OK(close(there));
    leave();
}

TEST(a_mount_point_of_others_is_removed_and_renamed)
{
    enter();
    static const char *const names[] = { "removed", "renamed", "replaced" };
    for (int i = 0; i < 3; i++)
        OK(mkdir(names[i], 0755));
    make_file("unlinked", "");
    make_file("source", "");
    struct gate ready = new_gate();
    struct gate go = new_gate();
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        int before = mount_count();
        for (int i = 0; i < 3; i++)
            tmpfs_at(names[i]);
        OK(mount("source", "unlinked", NULL, MS_BIND, NULL));
        make_file("renamed/file", "");
        CHECK_ERRNO(rmdir("removed"), EBUSY);
        CHECK_ERRNO(rename("renamed", "other"), EBUSY);
        CHECK_ERRNO(unlink("unlinked"), EBUSY);
        open_gate(&ready);
        pass_gate(&go);
        // What has lost its place is gone; what has another name is there.
        CHECK_EQ(mount_count(), before + 1);
        CHECK(!exists("removed"));
        CHECK(!exists("unlinked"));
        CHECK(exists("other/file"));
        OK(umount("other"));
    }
    pass_gate(&ready);
    OK(rmdir("removed"));
    OK(unlink("unlinked"));
    OK(rename("renamed", "other"));
    OK(mkdir("fresh", 0755));
    OK(rename("fresh", "replaced"));
    open_gate(&go);
    CHECK_EXITS(child, 0);
    CHECK(exists("other"));
    leave();
}

TEST(roots_are_exchanged_in_one_namespace)
{
    enter();
    struct gate ready = new_gate();
    struct gate go = new_gate();
    struct stat root, here;
    OK(stat("/", &root));
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
        tmpfs_at("new");
        OK(chdir("new"));
        OK(mkdir("old", 0755));
        // What is the very first mount cannot be taken from its place.
        if (syscall(SYS_pivot_root, ".", "old") == -1)
        {
            CHECK_EQ(errno, EINVAL);
            OK(mount(".", "/", NULL, MS_MOVE, NULL));
            OK(chroot("."));
        }
        else
        {
            OK(umount2("/old", MNT_DETACH));
        }
        OK(chdir("/"));
        CHECK(!exists("/proc/self"));
        open_gate(&ready);
        pass_gate(&go);
    }
    pass_gate(&ready);
    OK(stat("/", &here));
    CHECK_EQ(here.st_dev, root.st_dev);
    CHECK_EQ(here.st_ino, root.st_ino);
    CHECK(exists("/proc/self"));
    open_gate(&go);
    CHECK_EXITS(child, 0);
    leave();
}

static int in_thread(void *argument)
{
    struct gate *gates = argument;
    OK(syscall(SYS_unshare, CLONE_NEWNS));
    tmpfs_at("inner");
    make_file("inner/file", "");
    open_gate(&gates[0]);
    pass_gate(&gates[1]);
    return 0;
}

TEST(a_thread_leaves_the_others)
{
    enter();
    OK(mkdir("inner", 0755));
    static char stack[65536];
    struct gate gates[2] = { new_gate(), new_gate() };
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD;
    int child = OK(clone(in_thread, stack + sizeof stack, flags, gates));
    pass_gate(&gates[0]);
    CHECK(!exists("inner/file"));
    char path[60];
    sprintf(path, "/proc/%d/cwd/inner/file", child);
    CHECK(exists(path));
    open_gate(&gates[1]);
    CHECK_EXITS(child, 0);
    leave();
}

TEST(files_outlive_the_namespace_they_were_opened_in)
{
    enter();
    int pair[2];
    OK(pipe(pair));
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        tmpfs_at("inner");
        make_file("inner/file", "contents");
        // The parent takes it from here.
        open_gate(&(struct gate){ { pair[0], pair[1] } });
        pause();
    }
    char byte, path[80], text[20];
    CHECK_EQ(read(pair[0], &byte, 1), 1);
    sprintf(path, "/proc/%d/cwd/inner/file", (int)child);
    int file = OK(open(path, O_RDONLY));
    sprintf(path, "/proc/%d/cwd/inner", (int)child);
    int directory = OK(open(path, O_RDONLY | O_DIRECTORY));
    OK(kill(child, SIGKILL));
    CHECK_KILLED(child, SIGKILL);
    CHECK_EQ(read(file, text, sizeof text), 8);
    CHECK_BYTES(text, "contents", 8);
    OK(faccessat(directory, "file", R_OK, 0));
    // It hangs nowhere: the way up ends here.
    struct stat top, up;
    OK(fstat(directory, &top));
    OK(fstatat(directory, "..", &up, 0));
    CHECK_EQ(up.st_ino, top.st_ino);
    CHECK_EQ(up.st_dev, top.st_dev);
    OK(close(file));
    OK(close(directory));
    leave();
}

TEST(who_polls_the_table_is_told_of_changes)
{
    enter();
    struct pollfd table = { OK(open("/proc/self/mountinfo", O_RDONLY)), POLLPRI, 0 };
    OK(mkdir("a", 0755));
    CHECK_EQ(poll(&table, 1, 0), 0);
    OK(mount("none", "a", "tmpfs", 0, NULL));
    CHECK_EQ(poll(&table, 1, 0), 1);
    CHECK_EQ(table.revents, POLLERR | POLLPRI);
    CHECK_EQ(poll(&table, 1, 0), 0);
    OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
    CHECK_EQ(poll(&table, 1, 0), 1);
    OK(umount("a"));
    CHECK_EQ(poll(&table, 1, 0), 1);
    CHECK_EQ(poll(&table, 1, 0), 0);
    FORK(child)
    {
        usleep(20000);
        OK(mount("none", "a", "tmpfs", 0, NULL));
    }
    CHECK_EQ(poll(&table, 1, 20000), 1);
    CHECK_EQ(table.revents, POLLERR | POLLPRI);
    CHECK_EXITS(child, 0);
    // What happens in another namespace is not told.
    FORK(other)
    {
        OK(unshare(CLONE_NEWNS));
        OK(umount("a"));
    }
    CHECK_EXITS(other, 0);
    CHECK_EQ(poll(&table, 1, 0), 0);
    OK(close(table.fd));
    leave();
}

TEST(a_copied_tree_that_ends_takes_nothing_along)
{
    enter();
    OK(mount(NULL, ".", NULL, MS_SHARED, NULL));
    tmpfs_at("a");
    make_file("a/file", "");
    int tree = OK(syscall(SYS_open_tree, AT_FDCWD, ".", 1 | AT_RECURSIVE));
    OK(close(tree));
    CHECK(exists("a/file"));
    leave();
}

TEST(a_bound_file_outlives_its_name)
{
    enter();
    make_file("source", "contents");
    make_file("target", "");
    OK(mount("source", "target", NULL, MS_BIND, NULL));
    OK(unlink("source"));
    char text[20];
    CHECK_EQ(read_file("target", text, sizeof text), 8);
    CHECK_STR(text, "contents");
    OK(umount("target"));
    CHECK_EQ(read_file("target", text, sizeof text), 0);
    leave();
}

TEST(the_order_of_a_copy_is_that_of_the_tree)
{
    enter();
    tmpfs_at("b");
    tmpfs_at("a");
    tmpfs_at("b/x");
    tmpfs_at("a/y");
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        char line[2000], point[1000], order[100] = "";
        FILE *file = fopen("/proc/self/mountinfo", "r");
        while (fgets(line, sizeof line, file) != NULL)
        {
            CHECK_EQ(sscanf(line, "%*d %*d %*s %*s %999s", point), 1);
            char *base = strstr(point, "/base/");
            if (base != NULL)
                strcat(strcat(order, base + 6), " ");
        }
        fclose(file);
        CHECK_STR(order, "b b/x a a/y ");
    }
    CHECK_EXITS(child, 0);
    leave();
}

TEST(a_tree_with_a_mount_that_slid_below_is_copied_whole)
{
    enter();
    // Beneath what the peer has there already comes what is mounted here.
    tmpfs_at("one");
    OK(mkdir("one/dir", 0755));
    OK(mount(NULL, "one", NULL, MS_SHARED, NULL));
    OK(mkdir("two", 0755));
    OK(mount("one", "two", NULL, MS_BIND, NULL));
    OK(mount(NULL, "two", NULL, MS_SLAVE, NULL));
    tmpfs_at("two/dir");
    make_file("two/dir/upper", "");
    tmpfs_at("one/dir");
    make_file("one/dir/lower", "");
    OK(mkdir("copy", 0755));
    OK(mount("two", "copy", NULL, MS_BIND | MS_REC, NULL));
    CHECK(exists("copy/dir/upper"));
    OK(umount("copy/dir"));
    CHECK(exists("copy/dir/lower"));
    FORK(child)
    {
        OK(unshare(CLONE_NEWNS));
        CHECK(exists("two/dir/upper"));
        OK(umount("two/dir"));
        CHECK(exists("two/dir/lower"));
    }
    CHECK_EXITS(child, 0);
    OK(mkdir("three", 0755));
    OK(mount(NULL, ".", NULL, MS_SHARED, NULL));
    OK(mount(NULL, ".", NULL, MS_PRIVATE, NULL));
    OK(mount("two", "three", NULL, MS_MOVE, NULL));
    CHECK(exists("three/dir/upper"));
    leave();
}

TEST(many_namespaces_come_and_go)
{
    enter();
    OK(mount(NULL, ".", NULL, MS_SHARED, NULL));
    OK(mkdir("dir", 0755));
    for (int round = 0; round < loops(20); round++)
    {
        pid_t children[4];
        for (int i = 0; i < 4; i++)
        {
            FORK(child)
            {
                for (int turn = 0; turn < 3; turn++)
                {
                    OK(unshare(CLONE_NEWNS));
                    if (i % 2 == 0)
                        OK(mount(NULL, ".", NULL, MS_SLAVE, NULL));
                    OK(mount("none", "dir", "tmpfs", 0, NULL));
                    if (turn == 1)
                        umount("dir");
                }
            }
            children[i] = child;
        }
        for (int i = 0; i < 4; i++)
            CHECK_EXITS(children[i], 0);
    }
    leave();
}
