// namespaces(7), ioctl_ns(2), user_namespaces(7): what every process sees of the namespaces that it starts in.
#include "check.h"
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#define NS_GET_USERNS 0xb701
#define NS_GET_PARENT 0xb702
#define NS_GET_NSTYPE 0xb703
#define NS_GET_OWNER_UID 0xb704
#define NSFS_MAGIC 0x6e736673

static const struct
{
    const char *name, *kind;
    unsigned number;
    int flag;
} namespaces[] = {
    { "cgroup", "cgroup", 4026531835u, CLONE_NEWCGROUP },
    { "ipc", "ipc", 4026531839u, CLONE_NEWIPC },
    { "mnt", "mnt", 0, CLONE_NEWNS },
    { "net", "net", 0, CLONE_NEWNET },
    { "pid", "pid", 4026531836u, CLONE_NEWPID },
    { "pid_for_children", "pid", 4026531836u, CLONE_NEWPID },
    { "time", "time", 4026531834u, 0x80 },
    { "time_for_children", "time", 4026531834u, 0x80 },
    { "user", "user", 4026531837u, CLONE_NEWUSER },
    { "uts", "uts", 4026531838u, CLONE_NEWUTS },
};

enum { COUNT = sizeof namespaces / sizeof namespaces[0] };

static void path_of(int which, char *path, size_t size)
{
    snprintf(path, size, "/proc/self/ns/%s", namespaces[which].name);
}

TEST(every_kind_has_a_link_with_its_number)
{
    for (int i = 0; i < COUNT; i++)
    {
        char path[60], target[60], wanted[60];
        struct stat status, link;
        struct statfs system;
        path_of(i, path, sizeof path);
        ssize_t length = OK(readlink(path, target, sizeof target - 1));
        target[length] = 0;
        OK(stat(path, &status));
        OK(lstat(path, &link));
        OK(statfs(path, &system));
        CHECK_EQ(status.st_mode, S_IFREG | 0444);
        CHECK_EQ(status.st_uid, 0);
        CHECK_EQ(status.st_size, 0);
        CHECK_EQ(link.st_mode, S_IFLNK | 0777);
        CHECK_EQ(link.st_size, 0);
        CHECK_EQ(system.f_type, NSFS_MAGIC);
        snprintf(wanted, sizeof wanted, "%s:[%lu]", namespaces[i].kind, (unsigned long)status.st_ino);
        CHECK_STR(target, wanted);
        if (namespaces[i].number != 0)
            CHECK_EQ(status.st_ino, namespaces[i].number);
    }
}

TEST(all_threads_and_processes_are_in_the_same)
{
    char own[60], other[60];
    ssize_t length = OK(readlink("/proc/self/ns/mnt", own, sizeof own));
    CHECK_EQ(readlink("/proc/thread-self/ns/mnt", other, sizeof other), length);
    CHECK_BYTES(own, other, (size_t)length);
    FORK(child)
    {
        CHECK_EQ(readlink("/proc/self/ns/mnt", other, sizeof other), length);
        CHECK_BYTES(own, other, (size_t)length);
    }
    CHECK_EXITS(child, 0);
}

TEST(an_open_namespace_tells_its_kind_and_holds_no_data)
{
    for (int i = 0; i < COUNT; i++)
    {
        char path[60], name[60], first[60], second[60];
        path_of(i, path, sizeof path);
        int file = OK(open(path, O_RDONLY));
        CHECK_EQ(ioctl(file, NS_GET_NSTYPE), namespaces[i].flag);
        CHECK_ERRNO(read(file, name, 1), EINVAL);
        bool has_parent = strcmp(namespaces[i].kind, "user") == 0 || strcmp(namespaces[i].kind, "pid") == 0;
        CHECK_ERRNO(ioctl(file, NS_GET_PARENT), has_parent ? EPERM : EINVAL);
        CHECK_ERRNO(ioctl(file, TIOCGWINSZ, name), ENOTTY);
        snprintf(name, sizeof name, "/proc/self/fd/%d", file);
        ssize_t length = OK(readlink(name, first, sizeof first));
        CHECK_EQ(readlink(path, second, sizeof second), length);
        CHECK_BYTES(first, second, (size_t)length);
        int again = OK(open(name, O_RDONLY));
        CHECK_EQ(ioctl(again, NS_GET_NSTYPE), namespaces[i].flag);
        OK(close(again));
        OK(close(file));
    }
}

TEST(the_first_user_namespace_is_owned_by_root_and_has_nothing_around_it)
{
    int user = OK(open("/proc/self/ns/user", O_RDONLY));
    int pid = OK(open("/proc/self/ns/pid", O_RDONLY));
    uid_t owner = 1;
    OK(ioctl(user, NS_GET_OWNER_UID, &owner));
    CHECK_EQ(owner, 0);
    CHECK_ERRNO(ioctl(user, NS_GET_OWNER_UID, 8), EFAULT);
    CHECK_ERRNO(ioctl(pid, NS_GET_OWNER_UID, &owner), EINVAL);
    CHECK_ERRNO(ioctl(user, NS_GET_USERNS), EPERM);
}

TEST(others_are_for_those_who_may_look_into_them)
{
    FORK(user)
    {
        become(1234);
        char target[60];
        CHECK_ERRNO(readlink("/proc/1/ns/mnt", target, sizeof target), EACCES);
        CHECK_ERRNO(open("/proc/1/ns/mnt", O_RDONLY), EACCES);
        struct stat status;
        OK(lstat("/proc/1/ns/mnt", &status));
        OK(stat("/proc/1/ns", &status));
        CHECK_EQ(status.st_mode, S_IFDIR | 0511);
        CHECK_ERRNO(open("/proc/1/ns", O_RDONLY | O_DIRECTORY), EACCES);
        OK(readlink("/proc/self/ns/mnt", target, sizeof target));
    }
    CHECK_EXITS(user, 0);
}

TEST(each_namespace_belongs_to_one_of_users)
{
    struct stat users, owner;
    OK(stat("/proc/self/ns/user", &users));
    static const char *const names[] = { "mnt", "uts", "pid", "net" };
    for (int i = 0; i < 4; i++)
    {
        char path[60];
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        int file = OK(open(path, O_RDONLY));
        int user = OK(ioctl(file, NS_GET_USERNS));
        OK(fstat(user, &owner));
        CHECK_EQ(owner.st_ino, users.st_ino);
        CHECK_EQ(ioctl(user, NS_GET_NSTYPE), CLONE_NEWUSER);
        CHECK_EQ(fcntl(user, F_GETFD), FD_CLOEXEC);
        OK(close(user));
        OK(close(file));
    }
}

static void read_all(const char *path, char *text, size_t size)
{
    int file = OK(open(path, O_RDONLY));
    ssize_t length = OK(read(file, text, size - 1));
    text[length] = 0;
    OK(close(file));
}

static int store(const char *path, const char *text)
{
    int file = OK(open(path, O_WRONLY));
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    OK(close(file));
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

TEST(every_id_is_itself)
{
    static const char *const maps[] = { "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/projid_map" };
    char text[200];
    struct stat status;
    for (int i = 0; i < 3; i++)
    {
        read_all(maps[i], text, sizeof text);
        CHECK_STR(text, "         0          0 4294967295\n");
        OK(stat(maps[i], &status));
        CHECK_EQ(status.st_mode, S_IFREG | 0644);
        CHECK_ERRNO(store(maps[i], "0 0 1"), EPERM);
    }
    read_all("/proc/self/setgroups", text, sizeof text);
    CHECK_STR(text, "allow\n");
    OK(store("/proc/self/setgroups", "allow"));
    CHECK_ERRNO(store("/proc/self/setgroups", "deny"), EPERM);
    CHECK_ERRNO(store("/proc/self/setgroups", "other"), EINVAL);
}

TEST(links_to_places_show_no_length_and_those_of_descriptors_always_the_same)
{
    struct stat status;
    OK(lstat("/proc/self/exe", &status));
    CHECK_EQ(status.st_size, 0);
    OK(lstat("/proc/self/cwd", &status));
    CHECK_EQ(status.st_size, 0);
    OK(lstat("/proc/self/fd/0", &status));
    CHECK_EQ(status.st_size, 64);
}
