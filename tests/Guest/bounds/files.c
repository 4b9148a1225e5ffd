// What programs can make the kernel keep of files has an end, and the end is an errno.
#include "check.h"
#include <poll.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/select.h>

enum
{
    MANY = 100000,
};

static long available_kilobytes(void)
{
    char text[4096];
    read_file("/proc/meminfo", text, sizeof text);
    char *line = strstr(text, "MemAvailable:");
    CHECK(line != NULL);
    return atol(line + strlen("MemAvailable:"));
}

// A small file system of the case's own, which goes with its mount namespace, that is, with the case.
static void enter_tmpfs(const char *options)
{
    scratch();
    OK(mkdir("t", 0755));
    OK(mount("none", "t", "tmpfs", 0, options));
    OK(chdir("t"));
}

static void leave_tmpfs(void)
{
    OK(chdir(".."));
    OK(umount("t"));
}

static void allow_descriptors(rlim_t count)
{
    struct rlimit limit = { count, count };
    OK(setrlimit(RLIMIT_NOFILE, &limit));
}

static int count_entries(void)
{
    static char room[32768];
    int directory = OK(open(".", O_RDONLY | O_DIRECTORY));
    int count = 0;
    long length;
    while ((length = OK(syscall(SYS_getdents64, directory, room, sizeof room))) > 0)
        for (long at = 0; at < length; at += *(unsigned short *)(room + at + 16))
            count++;
    OK(close(directory));
    return count;
}

TEST(a_directory_of_a_hundred_thousand_files_is_made_listed_and_removed)
{
    char name[32];
    enter_tmpfs("size=16m,nr_inodes=200000");
    for (int i = 0; i < MANY; i++)
    {
        snprintf(name, sizeof name, "file-%d", i);
        OK(mknod(name, S_IFREG | 0644, 0));
    }
    CHECK_EQ(count_entries(), MANY + 2);

    // Each of them is found, also when the half of them has gone.
    for (int i = 0; i < MANY; i += 2)
    {
        snprintf(name, sizeof name, "file-%d", i);
        OK(unlink(name));
    }
    CHECK_EQ(count_entries(), MANY / 2 + 2);
    for (int i = 0; i < MANY; i += 1001)
    {
        snprintf(name, sizeof name, "file-%d", i);
        CHECK_EQ(access(name, F_OK), i % 2 == 0 ? -1 : 0);
    }
    for (int i = 1; i < MANY; i += 2)
    {
        snprintf(name, sizeof name, "file-%d", i);
        OK(unlink(name));
    }
    CHECK_EQ(count_entries(), 2);
    leave_tmpfs();
}

TEST(a_listing_that_removes_what_it_sees_sees_all)
{
    static char room[2048];
    char name[32];
    enter_tmpfs("size=1m,nr_inodes=20000");
    for (int i = 0; i < 10000; i++)
    {
        snprintf(name, sizeof name, "%d", i);
        OK(mknod(name, S_IFREG | 0644, 0));
    }
    int directory = OK(open(".", O_RDONLY | O_DIRECTORY));
    int removed = 0;
    long length;
    while ((length = OK(syscall(SYS_getdents64, directory, room, sizeof room))) > 0)
        for (long at = 0; at < length; at += *(unsigned short *)(room + at + 16))
            if (room[at + 19] != '.')
            {
                OK(unlink(room + at + 19));
                removed++;
            }
    CHECK_EQ(removed, 10000);
    OK(close(directory));
    leave_tmpfs();
}

TEST(names_that_do_not_exist_do_not_use_memory_up)
{
    struct stat status;
    char name[48];
    scratch();
    long before = available_kilobytes();
    for (int i = loops(300000); i > 0; i--)
    {
        snprintf(name, sizeof name, "there-is-no-such-file-%d", i);
        if (stat(name, &status) != -1 || errno != ENOENT)
            FAIL("stat of %s, got errno %d", name, errno);
    }
    // If each left its name behind for good, that would be 60 MB.
    CHECK(available_kilobytes() > before - 24000);
}

TEST(a_full_file_system_says_so_and_can_be_used_after_a_delete)
{
    static char block[65536];
    enter_tmpfs("size=2m,nr_inodes=50");
    int fd = OK(open("a", O_WRONLY | O_CREAT, 0644));
    long written = 0;
    ssize_t count;
    while ((count = write(fd, block, sizeof block)) > 0)
        written += count;
    CHECK_EQ(errno, ENOSPC);
    CHECK_EQ(written, 2 << 20);
    OK(close(fd));
    OK(unlink("a"));
    fd = OK(open("b", O_WRONLY | O_CREAT, 0644));
    CHECK_EQ(write(fd, block, sizeof block), sizeof block);
    OK(close(fd));

    char name[16];
    int made = 0;
    do
        snprintf(name, sizeof name, "f%d", made++);
    while (mknod(name, S_IFREG | 0644, 0) == 0);
    CHECK_EQ(errno, ENOSPC);
    OK(unlink("b"));
    OK(mknod(name, S_IFREG | 0644, 0));
    leave_tmpfs();
}

TEST(long_symbolic_links_count_as_pages)
{
    static char target[4000];
    char name[16];
    enter_tmpfs("size=400k");
    memset(target, 'x', sizeof target - 1);
    int made = 0;
    do
        snprintf(name, sizeof name, "l%d", made++);
    while (symlink(target, name) == 0);
    CHECK_EQ(errno, ENOSPC);
    CHECK_EQ(made - 1, 100);
    OK(unlink("l0"));
    OK(symlink(target, name));
    leave_tmpfs();
}

TEST(the_limit_of_descriptors_is_emfile)
{
    int ends[2];
    int made = 0;
    allow_descriptors(1024);
    while (pipe(ends) == 0)
        made++;
    CHECK_EQ(errno, EMFILE);
    CHECK(made > 400 && made < 512);
    CHECK_ERRNO(open("/dev/null", O_RDONLY), EMFILE);
    CHECK_ERRNO(dup(0), EMFILE);
}

TEST(ten_thousand_pipes_work_and_one_more_is_emfile)
{
    static int ends[10000][2];
    allow_descriptors(20010);
    int made = 0;
    while (made < 10000 && pipe(ends[made]) == 0)
        made++;
    CHECK(made > 9900);
    int extra[2];
    while (pipe(extra) == 0)
        continue;
    CHECK_EQ(errno, EMFILE);
    for (int i = 0; i < made; i += 99)
    {
        char byte = (char)i;
        CHECK_EQ(write(ends[i][1], &byte, 1), 1);
    }
    for (int i = 0; i < made; i += 99)
    {
        char byte;
        CHECK_EQ(read(ends[i][0], &byte, 1), 1);
        CHECK_EQ(byte, (char)i);
    }
}

TEST(more_files_than_the_system_may_have_are_enfile_except_for_root)
{
    char text[64];
    long open_now;
    int made = 0;
    allow_descriptors(4096);
    size_t length = read_file("/proc/sys/fs/file-max", text, sizeof text);
    char before[64];
    memcpy(before, text, length + 1);
    read_file("/proc/sys/fs/file-nr", text, sizeof text);
    open_now = atol(text);
    int file_max = OK(open("/proc/sys/fs/file-max", O_WRONLY));
    snprintf(text, sizeof text, "%ld", open_now + 500);
    OK(write(file_max, text, strlen(text)));

    FORK(child)
    {
        become(1000);
        while (made < 2000 && open("/dev/null", O_RDONLY) >= 0)
            made++;
        CHECK_EQ(errno, ENFILE);
        int ends[2];
        CHECK_ERRNO(pipe(ends), ENFILE);
    }
    int status = STATUS_OF(child);

    // Root goes on, and takes the limit back.
    for (int i = 0; i < 1000; i++)
        OK(open("/dev/null", O_RDONLY));
    CHECK_EQ(pwrite(file_max, before, strlen(before), 0), strlen(before));
    CHECK_EQ(status, 0);
}

TEST(a_descriptor_of_a_million_is_one_descriptor)
{
    allow_descriptors(1048576);
    CHECK_EQ(dup2(1, 1048575), 1048575);
    CHECK_ERRNO(dup2(1, 1048576), EBADF);
    for (int i = 1000; i < 1048576; i += 9999)
        CHECK_EQ(dup2(1, i), i);
    FORK(child)
    {
        CHECK_EQ(fcntl(1048575, F_GETFD), 0);
        OK(close(1048575));
        CHECK_ERRNO(fcntl(1048575, F_GETFD), EBADF);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(fcntl(1048575, F_GETFD), 0);
}

TEST(poll_takes_as_many_entries_as_there_may_be_descriptors)
{
    enum
    {
        ENTRIES = 300000,
    };
    int ends[2];
    OK(pipe(ends));
    struct pollfd *entries = calloc(ENTRIES + 1, sizeof *entries);
    CHECK(entries != NULL);
    allow_descriptors(ENTRIES);
    for (int i = 0; i < ENTRIES; i++)
        entries[i] = (struct pollfd){ .fd = i % 3 == 0 ? ends[0] : -1, .events = POLLIN };
    CHECK_EQ(poll(entries, ENTRIES, 0), 0);
    CHECK_ERRNO(poll(entries, ENTRIES + 1, 0), EINVAL);

    // The last one that is looked at is as good as the first.
    FORK(child)
    {
        nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
        CHECK_EQ(write(ends[1], "x", 1), 1);
    }
    CHECK_EQ(poll(entries, ENTRIES, -1), ENTRIES / 3);
    CHECK_EQ(entries[ENTRIES - 3].revents, POLLIN);
    CHECK_EXITS(child, 0);
}

TEST(select_looks_at_high_descriptors_too)
{
    static unsigned long bits[1048576 / 64];
    int ends[2];
    OK(pipe(ends));
    allow_descriptors(1048576);
    CHECK_EQ(dup2(ends[0], 1000000), 1000000);
    bits[1000000 / 64] = 1ul << 1000000 % 64;
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EQ(syscall(SYS_select, 1000001, bits, NULL, NULL, NULL), 1);
    CHECK_EQ(bits[1000000 / 64], 1ul << 1000000 % 64);
}
