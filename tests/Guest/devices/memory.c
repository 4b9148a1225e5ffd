// null(4), zero(4), full(4), random(4): the devices every program counts on.
#include "check.h"
#include <sys/sysmacros.h>
#include <sys/random.h>

static void check_device(const char *path, unsigned major_number, unsigned minor_number)
{
    struct stat status;
    OK(stat(path, &status));
    CHECK(S_ISCHR(status.st_mode));
    CHECK_EQ(status.st_rdev, makedev(major_number, minor_number));
}

TEST(devices_have_the_numbers_of_linux)
{
    check_device("/dev/null", 1, 3);
    check_device("/dev/zero", 1, 5);
    check_device("/dev/full", 1, 7);
    check_device("/dev/random", 1, 8);
    check_device("/dev/urandom", 1, 9);
    check_device("/dev/tty", 5, 0);
    check_device("/dev/console", 5, 1);
}

TEST(null_swallows_and_gives_nothing)
{
    char byte = 7;
    int fd = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(write(fd, "abc", 3), 3);
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_EQ(byte, 7);
    CHECK_EQ(lseek(fd, 100, SEEK_SET), 0);
}

TEST(zero_gives_zeros_and_swallows)
{
    static char block[10000];
    memset(block, 'x', sizeof block);
    int fd = OK(open("/dev/zero", O_RDWR));
    CHECK_EQ(read(fd, block, sizeof block), sizeof block);
    for (size_t i = 0; i < sizeof block; i++)
        CHECK_EQ(block[i], 0);
    CHECK_EQ(write(fd, block, sizeof block), sizeof block);
}

TEST(full_gives_zeros_and_is_full)
{
    char byte = 7;
    int fd = OK(open("/dev/full", O_RDWR));
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(byte, 0);
    CHECK_ERRNO(write(fd, &byte, 1), ENOSPC);
}

static void check_random(const unsigned char *bytes, size_t length)
{
    int counts[256] = { 0 };
    int distinct = 0;
    for (size_t i = 0; i < length; i++)
        distinct += counts[bytes[i]]++ == 0;
    // 4096 random bytes miss a given value with probability 1e-7.
    CHECK(distinct > 240);
}

TEST(random_and_urandom_give_different_bytes_each_time)
{
    static const char *const paths[] = { "/dev/random", "/dev/urandom" };
    static unsigned char one[4096];
    static unsigned char two[4096];
    for (int i = 0; i < 2; i++)
    {
        int fd = OK(open(paths[i], O_RDONLY));
        for (size_t got = 0; got < sizeof one;)
            got += (size_t)OK(read(fd, one + got, sizeof one - got));
        for (size_t got = 0; got < sizeof two;)
            got += (size_t)OK(read(fd, two + got, sizeof two - got));
        check_random(one, sizeof one);
        CHECK(memcmp(one, two, sizeof one) != 0);
    }
}

TEST(getrandom_fills_the_buffer)
{
    static unsigned char bytes[4096];
    static unsigned char more[4096];
    CHECK_EQ(getrandom(bytes, 256, 0), 256);
    CHECK_EQ(getrandom(bytes, sizeof bytes, 0), sizeof bytes);
    check_random(bytes, sizeof bytes);
    CHECK_EQ(getrandom(more, sizeof more, GRND_NONBLOCK), sizeof more);
    CHECK(memcmp(bytes, more, sizeof more) != 0);
    CHECK_EQ(getrandom(more, sizeof more, GRND_RANDOM), sizeof more);
    CHECK_ERRNO(getrandom(more, 1, 0x80), EINVAL);
    CHECK_ERRNO(syscall(SYS_getrandom, 8, 100, 0), EFAULT);
}

TEST(a_device_without_a_driver_is_enxio)
{
    scratch();
    OK(mknod("nothing", S_IFCHR | 0666, makedev(240, 77)));
    CHECK_ERRNO(open("nothing", O_RDWR), ENXIO);
}

TEST(an_unknown_ioctl_is_enotty)
{
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_ERRNO(syscall(SYS_ioctl, null, 0x5401, 0), ENOTTY);
    scratch();
    int file = write_file("file", "", 0);
    CHECK_ERRNO(syscall(SYS_ioctl, file, 0x5401, 0), ENOTTY);
    CHECK_ERRNO(syscall(SYS_ioctl, 150, 0x5401, 0), EBADF);
    CHECK(!isatty(null));
}
