// memfd_create(2), and the seals of fcntl(2).
#include "check.h"
#include <sys/statfs.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 16
#endif

enum
{
    CLOEXEC = 1,
    SEALABLE = 2,
    GET = 1034,
    ADD = 1033,
};

static int create(const char *name, unsigned flags) { return (int)syscall(SYS_memfd_create, name, flags); }

static int sealable(size_t length)
{
    int fd = OK(create("sealed", SEALABLE));
    if (length != 0)
        OK(ftruncate(fd, (off_t)length));
    return fd;
}

static void *map_of(int fd, int protection, int flags) { return mmap(NULL, CHECK_PAGE, protection, flags, fd, 0); }

TEST(a_memfd_is_a_file_of_length_zero_without_links)
{
    struct stat status;
    int fd = OK(create("plain", 0));
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_mode, S_IFREG | 0777);
    CHECK_EQ(status.st_nlink, 0);
    CHECK_EQ(status.st_size, 0);
    CHECK_EQ(status.st_uid, geteuid());
    CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    struct statfs system;
    OK(fstatfs(fd, &system));
    CHECK_EQ(system.f_type, 0x01021994);
}

TEST(it_is_read_written_and_mapped_as_any_other)
{
    int fd = OK(create("data", 0));
    char buffer[16] = { 0 };
    CHECK_EQ(write(fd, "hello", 5), 5);
    CHECK_EQ(pread(fd, buffer, sizeof buffer, 0), 5);
    CHECK_BYTES(buffer, "hello", 5);
    char *at = OK(map_of(fd, CHECK_RW, MAP_SHARED));
    CHECK_BYTES(at, "hello", 5);
    at[0] = 'j';
    CHECK_EQ(pread(fd, buffer, 1, 0), 1);
    CHECK_EQ(buffer[0], 'j');
    FORK(child)
        at[1] = 'u';
    CHECK_EXITS(child, 0);
    CHECK_EQ(at[1], 'u');
}

TEST(close_on_exec_is_asked_for)
{
    CHECK_EQ(fcntl(OK(create("", CLOEXEC)), F_GETFD), FD_CLOEXEC);
}

TEST(its_link_shows_the_name_and_that_there_is_none)
{
    char path[64];
    char target[300];
    int fd = OK(create("a name/with a slash", 0));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = OK(readlink(path, target, sizeof target - 1));
    target[length] = '\0';
    CHECK(strcmp(target, "/memfd:a name/with a slash (deleted)") == 0);

    int again = OK(open(path, O_RDONLY));
    struct stat first, second;
    OK(fstat(fd, &first));
    OK(fstat(again, &second));
    CHECK_EQ(first.st_ino, second.st_ino);
    CHECK_EQ(first.st_dev, second.st_dev);
    CHECK_EQ(fcntl(again, F_GETFL) & O_ACCMODE, O_RDONLY);
}

TEST(maps_shows_the_name_too)
{
    static char text[65536];
    int fd = OK(create("shown", 0));
    OK(ftruncate(fd, CHECK_PAGE));
    OK(map_of(fd, CHECK_RW, MAP_SHARED));
    read_file("/proc/self/maps", text, sizeof text);
    CHECK(strstr(text, "/memfd:shown (deleted)\n") != NULL);
}

TEST(names_have_249_bytes)
{
    char name[251];
    memset(name, 'n', sizeof name);
    name[249] = '\0';
    OK(close(OK(create(name, 0))));
    name[249] = 'n';
    name[250] = '\0';
    CHECK_ERRNO(create(name, 0), EINVAL);
    CHECK_ERRNO(create((char *)8, 0), EFAULT);
    CHECK_ERRNO(create((char *)8, 0x100), EINVAL);
}

TEST(flags_that_6_1_does_not_know_are_refused)
{
    CHECK_ERRNO(create("", 8), EINVAL);
    CHECK_ERRNO(create("", 16), EINVAL);
    CHECK_ERRNO(create("", 32), EINVAL);
    CHECK_ERRNO(create("", 0x80000000), EINVAL);
}

TEST(without_permission_to_seal_there_is_one_seal)
{
    int fd = OK(create("", 0));
    CHECK_EQ(fcntl(fd, GET), 1);
    CHECK_ERRNO(fcntl(fd, ADD, 2), EPERM);
    CHECK_ERRNO(fcntl(fd, ADD, 0), EPERM);
}

TEST(files_with_names_cannot_be_sealed_and_others_have_no_seals)
{
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(fcntl(ends[0], GET), EINVAL);
    CHECK_ERRNO(fcntl(ends[0], ADD, 2), EPERM);
    CHECK_ERRNO(fcntl(ends[1], ADD, 2), EINVAL);
    CHECK_ERRNO(fcntl(OK(open("/dev/zero", O_RDWR)), GET), EINVAL);
}

TEST(seals_add_up_and_stay)
{
    int fd = sealable(10);
    CHECK_EQ(fcntl(fd, GET), 0);
    CHECK_EQ(fcntl(fd, ADD, 2), 0);
    CHECK_EQ(fcntl(fd, ADD, 4), 0);
    CHECK_EQ(fcntl(fd, ADD, 4), 0);
    CHECK_EQ(fcntl(fd, GET), 6);
    CHECK_ERRNO(fcntl(fd, ADD, 32), EINVAL);
    CHECK_ERRNO(fcntl(fd, ADD, 0x40000001), EINVAL);
    CHECK_EQ(fcntl(fd, ADD, 1), 0);
    CHECK_ERRNO(fcntl(fd, ADD, 8), EPERM);
    CHECK_ERRNO(fcntl(fd, ADD, 32), EINVAL);
    CHECK_EQ(fcntl(fd, GET), 7);
}

TEST(seals_belong_to_the_file_and_need_a_writable_descriptor)
{
    char path[64];
    int fd = sealable(10);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int reader = OK(open(path, O_RDONLY));
    CHECK_ERRNO(fcntl(reader, ADD, 2), EPERM);
    CHECK_ERRNO(fcntl(reader, ADD, 64), EPERM);
    OK(fcntl(fd, ADD, 2));
    CHECK_EQ(fcntl(reader, GET), 2);
}

TEST(a_file_that_may_not_shrink_grows)
{
    int fd = sealable(CHECK_PAGE);
    OK(fcntl(fd, ADD, 2));
    CHECK_ERRNO(ftruncate(fd, 10), EPERM);
    OK(ftruncate(fd, CHECK_PAGE));
    OK(ftruncate(fd, 2 * CHECK_PAGE));
    CHECK_ERRNO(ftruncate(fd, CHECK_PAGE), EPERM);
    OK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, CHECK_PAGE));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    CHECK_ERRNO(open(path, O_RDWR | O_TRUNC), EPERM);
}

TEST(a_file_that_may_not_grow_is_written_up_to_its_last_page)
{
    static char data[3 * CHECK_PAGE];
    int fd = sealable(CHECK_PAGE + 100);
    OK(fcntl(fd, ADD, 4));
    CHECK_ERRNO(ftruncate(fd, 2 * CHECK_PAGE), EPERM);
    CHECK_EQ(pwrite(fd, data, 100, CHECK_PAGE), 100);
    CHECK_ERRNO(pwrite(fd, data, 101, CHECK_PAGE), EPERM);
    CHECK_ERRNO(pwrite(fd, data, 1, CHECK_PAGE + 100), EPERM);
    CHECK_EQ(pwrite(fd, data, sizeof data, 0), CHECK_PAGE);
    CHECK_EQ(pwrite(fd, data, 2 * CHECK_PAGE, 50), CHECK_PAGE - 50);
    CHECK_EQ(pwrite(fd, data, 0, 9 * CHECK_PAGE), 0);
    CHECK_ERRNO(fallocate(fd, 0, 0, 2 * CHECK_PAGE), EPERM);
    CHECK_ERRNO(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 2 * CHECK_PAGE), EPERM);
    OK(fallocate(fd, 0, 0, CHECK_PAGE + 100));
    OK(lseek(fd, 0, SEEK_END));
    OK(fcntl(fd, F_SETFL, O_APPEND));
    CHECK_ERRNO(write(fd, data, 1), EPERM);
    OK(ftruncate(fd, 10));
    CHECK_ERRNO(ftruncate(fd, 11), EPERM);
}

TEST(a_file_sealed_against_writing_is_read_only_in_every_way)
{
    char buffer[4];
    int fd = sealable(CHECK_PAGE);
    OK(fcntl(fd, ADD, 8));
    CHECK_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
    CHECK_EQ(pwrite(fd, "x", 0, 0), 0);
    CHECK_EQ(pread(fd, buffer, 4, 0), 4);
    CHECK_ERRNO(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, CHECK_PAGE), EPERM);
    CHECK_ERRNO(map_of(fd, CHECK_RW, MAP_SHARED), EPERM);
    char *reading = OK(map_of(fd, PROT_READ, MAP_SHARED));
    CHECK_ERRNO(mprotect(reading, CHECK_PAGE, CHECK_RW), EACCES);
    OK(ftruncate(fd, 2 * CHECK_PAGE));

    char *own = OK(map_of(fd, CHECK_RW, MAP_PRIVATE));
    own[0] = 'p';
    CHECK_EQ(pread(fd, buffer, 1, 0), 1);
    CHECK_EQ(buffer[0], 0);

    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int reader = OK(open(path, O_RDONLY));
    char *shared = OK(map_of(reader, PROT_READ, MAP_SHARED));
    CHECK_EQ(shared[0], 0);
    CHECK_ERRNO(mprotect(shared, CHECK_PAGE, CHECK_RW), EACCES);
}

TEST(writable_mappings_stand_in_the_way_of_the_seal)
{
    int fd = sealable(CHECK_PAGE);
    void *at = OK(map_of(fd, CHECK_RW, MAP_SHARED));
    CHECK_ERRNO(fcntl(fd, ADD, 8), EBUSY);
    CHECK_ERRNO(fcntl(fd, ADD, 8 | 1), EBUSY);
    CHECK_EQ(fcntl(fd, GET), 0);
    OK(mprotect(at, CHECK_PAGE, PROT_READ));
    CHECK_ERRNO(fcntl(fd, ADD, 8), EBUSY);
    OK(munmap(at, CHECK_PAGE));
    OK(map_of(fd, CHECK_RW, MAP_PRIVATE));
    OK(fcntl(fd, ADD, 8));
    CHECK_EQ(fcntl(fd, GET), 8);
}

TEST(so_does_one_of_another_process)
{
    int fd = sealable(CHECK_PAGE);
    struct gate mapped = new_gate();
    struct gate end = new_gate();
    FORK(child)
    {
        OK(map_of(fd, CHECK_RW, MAP_SHARED));
        open_gate(&mapped);
        pass_gate(&end);
    }
    pass_gate(&mapped);
    CHECK_ERRNO(fcntl(fd, ADD, 8), EBUSY);
    open_gate(&end);
    CHECK_EXITS(child, 0);
    OK(fcntl(fd, ADD, 8));
}

TEST(a_seal_against_future_writing_leaves_the_mappings_there_are)
{
    int fd = sealable(CHECK_PAGE);
    char *at = OK(map_of(fd, CHECK_RW, MAP_SHARED));
    OK(fcntl(fd, ADD, 16));
    at[0] = 'w';
    CHECK_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
    CHECK_ERRNO(map_of(fd, CHECK_RW, MAP_SHARED), EPERM);
    CHECK_ERRNO(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, CHECK_PAGE), EPERM);
    char *reading = OK(map_of(fd, PROT_READ, MAP_SHARED));
    CHECK_EQ(reading[0], 'w');
    CHECK_ERRNO(mprotect(reading, CHECK_PAGE, CHECK_RW), EACCES);
    char *own = OK(map_of(fd, CHECK_RW, MAP_PRIVATE));
    own[0] = 'o';
    CHECK_EQ(at[0], 'w');
    CHECK_ERRNO(fcntl(fd, ADD, 8), EBUSY);
}

static void copy_self(int fd)
{
    static char buffer[65536];
    int self = OK(open("/proc/self/exe", O_RDONLY));
    ssize_t got;
    while ((got = OK(read(self, buffer, sizeof buffer))) > 0)
        CHECK_EQ(write(fd, buffer, (size_t)got), got);
    OK(close(self));
}

HELPER(runs_from_memory)
{
    char target[300] = { 0 };
    OK(readlink("/proc/self/exe", target, sizeof target - 1));
    CHECK(strcmp(target, "/memfd:program (deleted)") == 0);
    return 7;
}

TEST(a_program_in_memory_is_run)
{
    char *arguments[] = { "program", "--helper", "runs_from_memory", NULL };
    char *environment[] = { NULL };
    int fd = OK(create("program", SEALABLE | CLOEXEC));
    copy_self(fd);
    OK(fcntl(fd, ADD, 15));
    FORK(child)
        OK((int)syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH));
    CHECK_EXITS(child, 7);
}

TEST(pages_go_with_the_last_user)
{
    for (int i = 0; i < 200; i++)
    {
        int fd = sealable(16 * CHECK_PAGE);
        char *at = OK(mmap(NULL, 16 * CHECK_PAGE, CHECK_RW, MAP_SHARED, fd, 0));
        OK(close(fd));
        memset(at, i, 16 * CHECK_PAGE);
        CHECK_EQ((unsigned char)at[CHECK_PAGE], i);
        OK(munmap(at, 16 * CHECK_PAGE));
    }
}
