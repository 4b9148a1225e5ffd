// read(2), write(2), lseek(2), truncate(2), and their relatives, on regular files.
#include "check.h"
#include <limits.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static long size_of(int fd)
{
    struct stat status;
    OK(fstat(fd, &status));
    return status.st_size;
}

TEST(reading_at_and_past_the_end_returns_zero)
{
    char byte;
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(lseek(fd, 3, SEEK_SET));
    CHECK_EQ(read(fd, &byte, 1), 0);
    OK(lseek(fd, 1000, SEEK_SET));
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_EQ(pread(fd, &byte, 1, 1L << 40), 0);
}

TEST(a_read_returns_what_is_left)
{
    char text[16] = "";
    scratch();
    int fd = write_file("file", "abcdef", 6);
    OK(lseek(fd, 4, SEEK_SET));
    CHECK_EQ(read(fd, text, sizeof text), 2);
    CHECK_STR(text, "ef");
}

TEST(the_size_follows_the_writes)
{
    scratch();
    int fd = write_file("file", "", 0);
    CHECK_EQ(size_of(fd), 0);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    CHECK_EQ(size_of(fd), 10);
    OK(lseek(fd, 2, SEEK_SET));
    CHECK_EQ(write(fd, "ab", 2), 2);
    // A write in the middle does not cut what follows.
    CHECK_EQ(size_of(fd), 10);
    char text[11] = "";
    CHECK_EQ(pread(fd, text, 10, 0), 10);
    CHECK_STR(text, "01ab456789");
}

TEST(lseek_from_start_current_and_end)
{
    scratch();
    int fd = write_file("file", "0123456789", 10);
    CHECK_EQ(lseek(fd, 4, SEEK_SET), 4);
    CHECK_EQ(lseek(fd, 3, SEEK_CUR), 7);
    CHECK_EQ(lseek(fd, -2, SEEK_END), 8);
    CHECK_EQ(lseek(fd, 90, SEEK_END), 100);
    CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_ERRNO(lseek(fd, -101, SEEK_CUR), EINVAL);
    CHECK_ERRNO(lseek(fd, 0, 99), EINVAL);
    // A failed seek does not move.
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 100);
}

TEST(a_hole_reads_as_zeros_and_takes_no_space)
{
    struct stat status;
    char block[16];
    scratch();
    int fd = write_file("file", "start", 5);
    CHECK_EQ(pwrite(fd, "end", 3, 100 << 20), 3);
    CHECK_EQ(size_of(fd), (100 << 20) + 3);
    CHECK_EQ(pread(fd, block, sizeof block, 50 << 20), sizeof block);
    for (size_t i = 0; i < sizeof block; i++)
        CHECK_EQ(block[i], 0);
    OK(fstat(fd, &status));
    CHECK(status.st_blocks < 1000);
}

TEST(pread_and_pwrite_do_not_move_the_offset)
{
    char two[3] = "";
    scratch();
    int fd = write_file("file", "0123456789", 10);
    OK(lseek(fd, 5, SEEK_SET));
    CHECK_EQ(pwrite(fd, "xy", 2, 1), 2);
    CHECK_EQ(pread(fd, two, 2, 1), 2);
    CHECK_STR(two, "xy");
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 5);
    CHECK_ERRNO(pread(fd, two, 2, -1), EINVAL);
    CHECK_ERRNO(pwrite(fd, two, 2, -1), EINVAL);
}

TEST(vectors_gather_and_scatter)
{
    char a[4] = "";
    char b[16] = "";
    scratch();
    int fd = write_file("file", "", 0);
    struct iovec out[] = { { "one", 3 }, { NULL, 0 }, { "-two-", 5 }, { "three", 5 } };
    CHECK_EQ(writev(fd, out, 4), 13);
    OK(lseek(fd, 0, SEEK_SET));
    struct iovec in[] = { { a, 3 }, { b, 15 } };
    CHECK_EQ(readv(fd, in, 2), 13);
    CHECK_STR(a, "one");
    CHECK_STR(b, "-two-three");
    CHECK_EQ(preadv(fd, in, 1, 4), 3);
    CHECK_STR(a, "two");
}

TEST(vector_counts_and_lengths_are_checked)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    static struct iovec many[IOV_MAX + 1];
    CHECK_ERRNO(readv(fd, many, IOV_MAX + 1), EINVAL);
    CHECK_ERRNO(readv(fd, many, -1), EINVAL);
    CHECK_EQ(readv(fd, many, 0), 0);
    struct iovec negative = { many, SIZE_MAX };
    CHECK_ERRNO(readv(fd, &negative, 1), EINVAL);
}

TEST(truncate_shrinks_and_grows_with_zeros)
{
    char text[10];
    scratch();
    int fd = write_file("file", "0123456789", 10);
    OK(ftruncate(fd, 4));
    CHECK_EQ(size_of(fd), 4);
    OK(truncate("file", 8));
    CHECK_EQ(size_of(fd), 8);
    CHECK_EQ(pread(fd, text, 10, 0), 8);
    CHECK_BYTES(text, "0123\0\0\0\0", 8);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
}

TEST(truncate_checks_its_arguments)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(mkdir("directory", 0755));
    CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
    CHECK_ERRNO(truncate("file", -1), EINVAL);
    CHECK_ERRNO(truncate("missing", 0), ENOENT);
    CHECK_ERRNO(truncate("directory", 0), EISDIR);
    CHECK_ERRNO(truncate("file/x", 0), ENOTDIR);
}

TEST(a_large_file_keeps_its_contents)
{
    enum { BLOCKS = 300, BLOCK = 10007 };
    static unsigned block[BLOCK / 4 + 1];
    scratch();
    int fd = write_file("file", "", 0);
    for (unsigned i = 0; i < BLOCKS; i++)
    {
        for (unsigned j = 0; j <= BLOCK / 4; j++)
            block[j] = i * 77777 + j;
        CHECK_EQ(write(fd, block, BLOCK), BLOCK);
    }
    CHECK_EQ(size_of(fd), BLOCKS * BLOCK);
    for (unsigned turn = 0; turn < BLOCKS; turn++)
    {
        unsigned i = turn * 7 % BLOCKS;
        unsigned got[3];
        CHECK_EQ(pread(fd, got, sizeof got, (off_t)i * BLOCK + 4000), sizeof got);
        for (unsigned j = 0; j < 3; j++)
            CHECK_EQ(got[j], i * 77777 + 1000 + j);
    }
}

TEST(sendfile_copies_between_files_and_into_a_pipe)
{
    char text[16] = "";
    int ends[2];
    scratch();
    int from = write_file("from", "0123456789", 10);
    int to = write_file("to", "", 0);
    off_t offset = 2;
    CHECK_EQ(sendfile(to, from, &offset, 5), 5);
    CHECK_EQ(offset, 7);
    CHECK_EQ(lseek(from, 0, SEEK_CUR), 0);
    CHECK_EQ(sendfile(to, from, NULL, 100), 10);
    CHECK_EQ(lseek(from, 0, SEEK_CUR), 10);
    CHECK_EQ(sendfile(to, from, NULL, 100), 0);
    read_file("to", text, sizeof text);
    CHECK_STR(text, "234560123456789");
    OK(pipe(ends));
    offset = 0;
    CHECK_EQ(sendfile(ends[1], from, &offset, 4), 4);
    CHECK_EQ(read(ends[0], text, 4), 4);
    CHECK_BYTES(text, "0123", 4);
}

TEST(writes_of_zero_bytes_change_nothing)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(lseek(fd, 100, SEEK_SET));
    CHECK_EQ(write(fd, "", 0), 0);
    CHECK_EQ(size_of(fd), 3);
}

TEST(a_huge_count_is_limited_not_refused)
{
    // read(2), NOTES: at most 0x7ffff000 bytes are transferred.
    static char text[8];
    scratch();
    int fd = write_file("file", "abc", 3);
    CHECK_EQ(syscall(SYS_read, fd, text, 0x100000000L), 3);
    CHECK_STR(text, "abc");
}

TEST(fallocate_reserves_and_extends)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(fallocate(fd, 0, 0, 100000));
    CHECK_EQ(size_of(fd), 100000);
    OK(fallocate(fd, 1 /* FALLOC_FL_KEEP_SIZE */, 0, 200000));
    CHECK_EQ(size_of(fd), 100000);
    CHECK_ERRNO(fallocate(fd, 0, -1, 10), EINVAL);
    CHECK_ERRNO(fallocate(fd, 0, 0, 0), EINVAL);
}

TEST(fallocate_of_more_than_there_is_takes_nothing)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    struct stat before;
    struct stat after;
    OK(fstat(fd, &before));
    CHECK_ERRNO(fallocate(fd, 1 /* FALLOC_FL_KEEP_SIZE */, 0, 1ll << 40), ENOSPC);
    OK(fstat(fd, &after));
    CHECK_EQ(after.st_blocks, before.st_blocks);
}

TEST(fallocate_obeys_the_limit_of_file_sizes)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 8192, 8192 }));
    FORK(careless) { fallocate(fd, 0, 0, 8193); }
    CHECK_KILLED(careless, SIGXFSZ);
    signal(SIGXFSZ, SIG_IGN);
    CHECK_ERRNO(fallocate(fd, 0, 0, 8193), EFBIG);
    CHECK_ERRNO(fallocate(fd, 1 /* FALLOC_FL_KEEP_SIZE */, 8192, 1), EFBIG);
    CHECK_EQ(size_of(fd), 3);
    OK(fallocate(fd, 0, 0, 8192));
    CHECK_EQ(size_of(fd), 8192);
}

TEST(appending_processes_lose_nothing)
{
    scratch();
    make_file("log", "");
    for (int i = 0; i < 4; i++)
    {
        FORK(writer)
        {
            int fd = OK(open("log", O_WRONLY | O_APPEND));
            for (int turn = 0; turn < 100; turn++)
                CHECK_EQ(write(fd, "line of text\n", 13), 13);
        }
    }
    for (int i = 0; i < 4; i++)
    {
        int status;
        OK(wait(&status));
        CHECK_EQ(status, 0);
    }
    static char text[4 * 100 * 13 + 100];
    CHECK_EQ(read_file("log", text, sizeof text), 4 * 100 * 13);
    for (int i = 0; i < 400; i++)
        CHECK_BYTES(text + 13 * i, "line of text\n", 13);
}

TEST(sync_calls_succeed)
{
    scratch();
    int fd = write_file("file", "abc", 3);
    OK(fsync(fd));
    OK(fdatasync(fd));
    sync();
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(fsync(ends[0]), EINVAL);
}
