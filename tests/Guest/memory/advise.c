// madvise(2), remap_file_pages(2), mlock2(2), mremap(2): what the man pages say of errors and flags.
#include "check.h"
#include <sys/resource.h>
#include <sys/uio.h>

enum
{
    COLD = 20,
    PAGEOUT = 21,
    POPULATE_READ = 22,
    POPULATE_WRITE = 23,
    DONTNEED_LOCKED = 24,
    DONTUNMAP = 4,
};

static char *map(int pages)
{
    return OK(mmap(NULL, (size_t)pages * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static char *map_shared(int pages)
{
    return OK(mmap(NULL, (size_t)pages * CHECK_PAGE, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

TEST(unknown_advice_is_refused_even_of_nothing)
{
    char *at = map(1);
    CHECK_ERRNO(madvise(at, CHECK_PAGE, 5), EINVAL);
    CHECK_ERRNO(madvise(at, CHECK_PAGE, 99), EINVAL);
    CHECK_ERRNO(madvise(at, 0, -1), EINVAL);
    CHECK_ERRNO(madvise(at + 1, CHECK_PAGE, MADV_NORMAL), EINVAL);
    CHECK_EQ(madvise(at, 0, MADV_DONTNEED), 0);
    CHECK_ERRNO(madvise(at, (size_t)-1, MADV_DONTNEED), EINVAL);
}

TEST(holes_are_told_after_the_rest_was_advised)
{
    char *at = map(3);
    at[0] = at[2 * CHECK_PAGE] = 1;
    OK(munmap(at + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(madvise(at, 3 * CHECK_PAGE, MADV_DONTNEED), ENOMEM);
    CHECK_EQ(at[0], 0);
    CHECK_EQ(at[2 * CHECK_PAGE], 0);
    CHECK_ERRNO(madvise(at, 3 * CHECK_PAGE, MADV_RANDOM), ENOMEM);
    CHECK_ERRNO(madvise(at + CHECK_PAGE, CHECK_PAGE, MADV_WILLNEED), ENOMEM);
}

TEST(freed_pages_hold_old_data_or_zeros_until_they_are_written)
{
    char *at = map(2);
    memset(at, 7, 2 * CHECK_PAGE);
    OK(madvise(at, 2 * CHECK_PAGE, MADV_FREE));
    CHECK(at[0] == 7 || at[0] == 0);
    at[CHECK_PAGE] = 9;
    CHECK_EQ(at[CHECK_PAGE], 9);
    CHECK_ERRNO(madvise(map_shared(1), CHECK_PAGE, MADV_FREE), EINVAL);
    int fd = OK(open("/proc/self/exe", O_RDONLY));
    char *file = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE, fd, 0));
    CHECK_ERRNO(madvise(file, CHECK_PAGE, MADV_FREE), EINVAL);
}

TEST(locked_memory_is_not_given_back)
{
    char *at = map(1);
    at[0] = 1;
    OK(mlock(at, CHECK_PAGE));
    CHECK_ERRNO(madvise(at, CHECK_PAGE, MADV_DONTNEED), EINVAL);
    CHECK_ERRNO(madvise(at, CHECK_PAGE, COLD), EINVAL);
    CHECK_ERRNO(madvise(at, CHECK_PAGE, PAGEOUT), EINVAL);
    CHECK_ERRNO(madvise(at, CHECK_PAGE, MADV_FREE), EINVAL);
    CHECK_EQ(madvise(at, CHECK_PAGE, DONTNEED_LOCKED), 0);
    CHECK_EQ(at[0], 0);
}

TEST(cold_and_paged_out_memory_keeps_its_contents)
{
    char *at = map(4);
    memset(at, 5, 4 * CHECK_PAGE);
    OK(madvise(at, 2 * CHECK_PAGE, COLD));
    OK(madvise(at + 2 * CHECK_PAGE, 2 * CHECK_PAGE, PAGEOUT));
    for (int i = 0; i < 4 * CHECK_PAGE; i += 512)
        CHECK_EQ(at[i], 5);
    char *shared = map_shared(1);
    shared[0] = 6;
    OK(madvise(shared, CHECK_PAGE, COLD));
    OK(madvise(shared, CHECK_PAGE, PAGEOUT));
    CHECK_EQ(shared[0], 6);
}

TEST(populating_brings_pages_or_says_why_not)
{
    unsigned char present[2];
    char *at = map(2);
    OK(madvise(at, CHECK_PAGE, POPULATE_READ));
    OK(madvise(at + CHECK_PAGE, CHECK_PAGE, POPULATE_WRITE));
    OK(mincore(at, 2 * CHECK_PAGE, present));
    CHECK_EQ(present[1] & 1, 1);
    OK(mprotect(at, CHECK_PAGE, PROT_NONE));
    CHECK_ERRNO(madvise(at, CHECK_PAGE, POPULATE_READ), EINVAL);
    OK(mprotect(at, CHECK_PAGE, PROT_READ));
    CHECK_ERRNO(madvise(at, CHECK_PAGE, POPULATE_WRITE), EINVAL);
    OK(munmap(at, CHECK_PAGE));
    CHECK_ERRNO(madvise(at, 2 * CHECK_PAGE, POPULATE_READ), ENOMEM);
    scratch();
    int fd = write_file("short", "x", 1);
    char *file = OK(mmap(NULL, 2 * CHECK_PAGE, CHECK_RW, MAP_SHARED, fd, 0));
    CHECK_ERRNO(madvise(file, 2 * CHECK_PAGE, POPULATE_READ), EFAULT);
    CHECK_ERRNO(madvise(file, 2 * CHECK_PAGE, POPULATE_WRITE), EFAULT);
    OK(madvise(file, CHECK_PAGE, POPULATE_WRITE));
}

TEST(removing_frees_the_shared_pages)
{
    char *at = map_shared(2);
    memset(at, 1, 2 * CHECK_PAGE);
    OK(madvise(at, CHECK_PAGE, MADV_REMOVE));
    CHECK_EQ(at[0], 0);
    CHECK_EQ(at[CHECK_PAGE], 1);
    CHECK_ERRNO(madvise(map(1), CHECK_PAGE, MADV_REMOVE), EINVAL);
    OK(mprotect(at, CHECK_PAGE, PROT_READ));
    OK(madvise(at, CHECK_PAGE, MADV_REMOVE));
    scratch();
    make_file("readable", "x");
    int reader = OK(open("readable", O_RDONLY));
    CHECK_ERRNO(madvise(OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_SHARED, reader, 0)), CHECK_PAGE, MADV_REMOVE), EACCES);
    OK(mlock(at + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(madvise(at + CHECK_PAGE, CHECK_PAGE, MADV_REMOVE), EINVAL);
}

TEST(only_private_memory_is_wiped_on_fork)
{
    char *at = map(1);
    at[0] = 1;
    OK(madvise(at, CHECK_PAGE, MADV_WIPEONFORK));
    FORK(first)
        CHECK_EQ(at[0], 0);
    CHECK_EXITS(first, 0);
    OK(madvise(at, CHECK_PAGE, MADV_KEEPONFORK));
    FORK(second)
        CHECK_EQ(at[0], 1);
    CHECK_EXITS(second, 0);
    CHECK_ERRNO(madvise(map_shared(1), CHECK_PAGE, MADV_WIPEONFORK), EINVAL);
    OK(madvise(map_shared(1), CHECK_PAGE, MADV_KEEPONFORK));
}

TEST(what_is_not_to_be_dumped_or_inherited)
{
    char *at = map(1);
    OK(madvise(at, CHECK_PAGE, MADV_DONTDUMP));
    OK(madvise(at, CHECK_PAGE, MADV_DODUMP));
    OK(madvise(at, CHECK_PAGE, MADV_DONTFORK));
    FORK(child)
        (void)*(volatile char *)at;
    CHECK_KILLED(child, SIGSEGV);
    OK(madvise(at, CHECK_PAGE, MADV_DOFORK));
    FORK(other)
        (void)*(volatile char *)at;
    CHECK_EXITS(other, 0);
    OK(madvise(at, CHECK_PAGE, MADV_HUGEPAGE));
    OK(madvise(at, CHECK_PAGE, MADV_NOHUGEPAGE));
}

static int pidfd_of(pid_t pid) { return (int)syscall(434, pid, 0); }

static long advise(int pidfd, void *at, size_t length, int advice, unsigned flags)
{
    struct iovec segment = { at, length };
    return syscall(440, pidfd, &segment, 1UL, advice, flags);
}

TEST(another_process_can_be_advised)
{
    char *at = map(2);
    memset(at, 3, 2 * CHECK_PAGE);
    int self = OK(pidfd_of(getpid()));
    CHECK_EQ(advise(self, at, 2 * CHECK_PAGE, COLD, 0), 2 * CHECK_PAGE);
    CHECK_EQ(advise(self, at, CHECK_PAGE, PAGEOUT, 0), CHECK_PAGE);
    CHECK_EQ(advise(self, at, CHECK_PAGE, MADV_WILLNEED, 0), CHECK_PAGE);
    CHECK_EQ(at[0], 3);
    CHECK_ERRNO(advise(self, at, CHECK_PAGE, MADV_DONTNEED, 0), EINVAL);
    CHECK_ERRNO(advise(self, at, CHECK_PAGE, COLD, 1), EINVAL);
    CHECK_ERRNO(advise(self, at + 1, CHECK_PAGE, COLD, 0), EINVAL);
    CHECK_ERRNO(advise(-1, at, CHECK_PAGE, COLD, 0), EBADF);
    CHECK_ERRNO(advise(0x7000, at, CHECK_PAGE, COLD, 0), EBADF);
    int file = OK(open("/dev/null", O_RDONLY));
    CHECK_ERRNO(advise(file, at, CHECK_PAGE, COLD, 0), EBADF);
    OK(munmap(at + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(advise(self, at + CHECK_PAGE, CHECK_PAGE, COLD, 0), ENOMEM);
    struct iovec both[] = { { at, CHECK_PAGE }, { at + CHECK_PAGE, CHECK_PAGE } };
    CHECK_EQ(syscall(440, self, both, 2UL, COLD, 0), CHECK_PAGE);
    CHECK_ERRNO(syscall(440, self, 8UL, 1UL, COLD, 0), EFAULT);
    CHECK_ERRNO(syscall(440, self, both, 1025UL, COLD, 0), EINVAL);
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(advise(self, at, CHECK_PAGE, COLD, 0), EACCES);
        CHECK_ERRNO(advise(OK(pidfd_of(getpid())), at, CHECK_PAGE, COLD, 0), EPERM);
    }
    CHECK_EXITS(stranger, 0);
}

TEST(pages_of_a_file_can_be_put_elsewhere)
{
    scratch();
    static char data[4 * CHECK_PAGE];
    for (int i = 0; i < 4; i++)
        memset(data + i * CHECK_PAGE, 'a' + i, CHECK_PAGE);
    int fd = write_file("pages", data, sizeof data);
    char *at = OK(mmap(NULL, sizeof data, CHECK_RW, MAP_SHARED, fd, 0));
    OK((int)syscall(SYS_remap_file_pages, at, CHECK_PAGE, 0, 2, 0));
    CHECK_EQ(at[0], 'c');
    CHECK_EQ(at[CHECK_PAGE], 'b');
    at[5] = 'z';
    CHECK_EQ(at[2 * CHECK_PAGE + 5], 'z');
    CHECK_ERRNO(syscall(SYS_remap_file_pages, at, CHECK_PAGE, PROT_READ, 2, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_remap_file_pages, map(1), CHECK_PAGE, 0, 0, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_remap_file_pages, at, 0, 0, 0, 0), EINVAL);
}

TEST(mlock_checks_flags_and_ranges)
{
    char *at = map(2);
    CHECK_ERRNO(syscall(SYS_mlock2, at, CHECK_PAGE, 2), EINVAL);
    CHECK_EQ(syscall(SYS_mlock2, at, CHECK_PAGE, 1), 0);
    unsigned char present;
    OK(mincore(at, CHECK_PAGE, &present));
    CHECK_EQ(present & 1, 0);
    OK(munmap(at + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(mlock(at, 2 * CHECK_PAGE), ENOMEM);
    CHECK_ERRNO(munlock(at, 2 * CHECK_PAGE), ENOMEM);
    CHECK_ERRNO(mlock(at, (size_t)-CHECK_PAGE), EINVAL);
    CHECK_ERRNO(mlockall(0), EINVAL);
    CHECK_ERRNO(mlockall(8), EINVAL);
    CHECK_ERRNO(mlockall(4), EINVAL);
    OK(mlockall(MCL_FUTURE | 4));
    OK(munlockall());
}

TEST(moved_memory_leaves_an_empty_mapping)
{
    char *at = map(2);
    at[0] = 1;
    at[CHECK_PAGE] = 2;
    char *moved = OK(mremap(at, 2 * CHECK_PAGE, 2 * CHECK_PAGE, MREMAP_MAYMOVE | DONTUNMAP));
    CHECK(moved != at);
    CHECK_EQ(moved[0], 1);
    CHECK_EQ(moved[CHECK_PAGE], 2);
    CHECK_EQ(at[0], 0);
    CHECK_ERRNO(mremap(at, 2 * CHECK_PAGE, CHECK_PAGE, MREMAP_MAYMOVE | DONTUNMAP), EINVAL);
    CHECK_ERRNO(mremap(at, 2 * CHECK_PAGE, 2 * CHECK_PAGE, DONTUNMAP), EINVAL);
    CHECK_ERRNO(mremap(at, CHECK_PAGE, CHECK_PAGE, 8), EINVAL);
    CHECK_ERRNO(mremap(at, CHECK_PAGE, CHECK_PAGE, MREMAP_FIXED, moved), EINVAL);
    CHECK_ERRNO(mremap(at, 2 * CHECK_PAGE, 2 * CHECK_PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at + CHECK_PAGE), EINVAL);
    CHECK_ERRNO(mremap(at, CHECK_PAGE, 0, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO(mremap(at + 1, CHECK_PAGE, CHECK_PAGE, 0), EINVAL);
    CHECK_ERRNO(mremap((char *)4096, CHECK_PAGE, 2 * CHECK_PAGE, MREMAP_MAYMOVE), EFAULT);
    CHECK_ERRNO(mremap(at, 0, CHECK_PAGE, MREMAP_MAYMOVE), EINVAL);
    char *shared = map_shared(2);
    shared[0] = 4;
    char *second = OK(mremap(shared, 0, 2 * CHECK_PAGE, MREMAP_MAYMOVE));
    CHECK_EQ(second[0], 4);
    shared[0] = 5;
    CHECK_EQ(second[0], 5);
}

TEST(validated_and_synchronous_mappings)
{
    scratch();
    int fd = write_file("file", "x", 1);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, CHECK_RW, 3 | 0x80000, fd, 0), EOPNOTSUPP);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, CHECK_RW, 3 | 0x200000, fd, 0), EOPNOTSUPP);
    OK(mmap(NULL, CHECK_PAGE, CHECK_RW, 3 | 0x4000000, fd, 0));
    OK(mmap(NULL, CHECK_PAGE, CHECK_RW, 3, fd, 0));
    OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED | 0x80000, fd, 0));
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, CHECK_RW, 3 | MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0), ENOMEM);
}

TEST(msync_and_mincore_check_their_arguments)
{
    unsigned char present[2];
    char *at = map_shared(2);
    CHECK_ERRNO(msync(at, CHECK_PAGE, 8), EINVAL);
    CHECK_ERRNO(msync(at, CHECK_PAGE, MS_SYNC | MS_ASYNC), EINVAL);
    CHECK_ERRNO(msync(at + 1, CHECK_PAGE, MS_SYNC), EINVAL);
    OK(mlock(at, CHECK_PAGE));
    CHECK_ERRNO(msync(at, CHECK_PAGE, MS_INVALIDATE), EBUSY);
    OK(msync(at, CHECK_PAGE, MS_SYNC));
    OK(munmap(at + CHECK_PAGE, CHECK_PAGE));
    CHECK_ERRNO(msync(at, 2 * CHECK_PAGE, MS_SYNC), ENOMEM);
    CHECK_ERRNO(mincore(at, 2 * CHECK_PAGE, present), ENOMEM);
    CHECK_ERRNO(mincore(at + 1, CHECK_PAGE, present), EINVAL);
    CHECK_ERRNO(mincore(at, CHECK_PAGE, (unsigned char *)8), EFAULT);
}
