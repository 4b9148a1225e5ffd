// Which operation moves which time of a file.
#include "check.h"

static const struct timespec old_times[2] = { { 1000, 1 }, { 1000, 1 } };

// Both times of the file are made old; the clock moves on before anything else happens.
static int old_file(void)
{
    scratch();
    int fd = write_file("f", "hello", 5);
    OK(futimens(fd, old_times));
    return fd;
}

static bool is_accessed(int fd)
{
    struct stat status;
    OK(fstat(fd, &status));
    return status.st_atim.tv_sec != 1000;
}

static bool is_modified(int fd)
{
    struct stat status;
    OK(fstat(fd, &status));
    return status.st_mtim.tv_sec != 1000;
}

TEST(truncation_to_the_same_size_is_a_modification)
{
    int fd = old_file();
    OK(ftruncate(fd, 5));
    CHECK(is_modified(fd));
    OK(futimens(fd, old_times));
    OK(truncate("f", 5));
    CHECK(is_modified(fd));
    CHECK(!is_accessed(fd));
}

TEST(a_mapping_is_an_access)
{
    int fd = old_file();
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
    CHECK(is_accessed(fd));
    CHECK(!is_modified(fd));
    OK(futimens(fd, old_times));
    int quiet = OK(open("f", O_RDONLY | O_NOATIME));
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, quiet, 0) != MAP_FAILED);
    CHECK(!is_accessed(fd));
}

TEST(a_write_through_a_mapping_is_a_modification)
{
    int fd = old_file();
    char *bytes = mmap(NULL, 4096, CHECK_RW, MAP_SHARED, fd, 0);
    CHECK(bytes != MAP_FAILED);
    CHECK(!is_modified(fd));
    bytes[0] = 'j';
    OK(msync(bytes, 4096, MS_SYNC));
    CHECK(is_modified(fd));
}

TEST(reads_and_writes_of_nothing_move_nothing)
{
    int fd = old_file();
    char byte;
    CHECK_EQ(write(fd, "", 0), 0);
    CHECK_EQ(pread(fd, &byte, 0, 0), 0);
    CHECK(!is_modified(fd));
    CHECK_EQ(fallocate(fd, 0, 0, 5), 0);
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK(is_accessed(fd));
}

TEST(times_far_away_stay_on_their_side)
{
    int fd = old_file();
    struct timespec far[2] = { { 1L << 40, 7 }, { -(1L << 40), 7 } };
    struct stat status;
    OK(futimens(fd, far));
    OK(fstat(fd, &status));
    CHECK(status.st_atim.tv_sec > 9000000000L);
    CHECK(status.st_mtim.tv_sec < -9000000000L);
    struct timespec before[2] = { { -5, 7 }, { -1, 999999999 } };
    OK(futimens(fd, before));
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_atim.tv_sec, -5);
    CHECK_EQ(status.st_atim.tv_nsec, 7);
    CHECK_EQ(status.st_mtim.tv_sec, -1);
    CHECK_EQ(status.st_mtim.tv_nsec, 999999999);
}

TEST(a_hole_reaches_behind_the_end)
{
    int fd = old_file();
    struct stat status;
    OK(fallocate(fd, 1, 0, 16384));
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_size, 5);
    CHECK_EQ(status.st_blocks, 32);
    OK(fallocate(fd, 3, 4096, 8192));
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_blocks, 16);
    OK(fallocate(fd, 3, 0, 1 << 20));
    OK(fstat(fd, &status));
    CHECK_EQ(status.st_blocks, 0);
    CHECK_EQ(status.st_size, 5);
}
