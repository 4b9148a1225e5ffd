// getrlimit(2): the limits of memory, and what execve(2) says of them.
#include "check.h"
#include <sys/resource.h>
#include <sys/shm.h>

enum { MIB = 1 << 20, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

static void limit(int resource, rlim_t value)
{
    OK(setrlimit(resource, &(struct rlimit){ value, value }));
}

static void *map(size_t length, int rights, int flags)
{
    return mmap(NULL, length, rights, flags, -1, 0);
}

static char *mapped(size_t length)
{
    char *at = map(length, CHECK_RW, ANONYMOUS);
    CHECK(at != MAP_FAILED);
    return at;
}

#define CHECK_REFUSED(mapping, expected)        \
    do                                          \
    {                                           \
        errno = 0;                              \
        CHECK((mapping) == MAP_FAILED);         \
        CHECK_EQ(errno, expected);              \
    } while (0)

// How far brk goes beyond where it is now.
static long grown_by(long length)
{
    long end = syscall(SYS_brk, 0);
    return syscall(SYS_brk, end + length) - end;
}

TEST(the_address_space_counts_whatever_maps)
{
    char *first = mapped(MIB);
    int fd = OK(open("/proc/self/exe", O_RDONLY));
    int id = OK(shmget(IPC_PRIVATE, 4 * MIB, 0600));
    limit(RLIMIT_AS, 4 * MIB);
    CHECK_REFUSED(map(4 * MIB, CHECK_RW, ANONYMOUS), ENOMEM);
    CHECK_REFUSED(map(4 * MIB, PROT_NONE, ANONYMOUS), ENOMEM);
    CHECK_REFUSED(map(4 * MIB, CHECK_RW, ANONYMOUS | MAP_NORESERVE), ENOMEM);
    CHECK_REFUSED(map(4 * MIB, PROT_READ, MAP_SHARED | MAP_ANONYMOUS), ENOMEM);
    CHECK_REFUSED(mmap(NULL, 4 * MIB, PROT_READ, MAP_PRIVATE, fd, 0), ENOMEM);
    CHECK_REFUSED(mremap(first, MIB, 4 * MIB, MREMAP_MAYMOVE), ENOMEM);
    void *attached = shmat(id, NULL, 0);
    int error = errno;
    OK(shmctl(id, IPC_RMID, NULL));
    CHECK(attached == (void *)-1 && error == ENOMEM);
    CHECK_EQ(grown_by(4 * MIB), 0);
    // What takes the place of as much is not more.
    CHECK(mmap(first, MIB, CHECK_RW, ANONYMOUS | MAP_FIXED, -1, 0) == first);
    OK(mprotect(first, MIB, PROT_READ));
    limit(RLIMIT_AS, 0);
    CHECK_REFUSED(map(4096, CHECK_RW, ANONYMOUS), ENOMEM);
    CHECK_REFUSED(mmap(first, 4096, CHECK_RW, ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM);
    OK(mprotect(first, MIB, CHECK_RW));
    OK(munmap(first, 4096));
}

TEST(data_is_private_writable_memory)
{
    limit(RLIMIT_DATA, 8 * MIB);
    CHECK(map(64 * MIB, PROT_READ, ANONYMOUS) != MAP_FAILED);
    CHECK(map(64 * MIB, PROT_NONE, ANONYMOUS) != MAP_FAILED);
    CHECK(map(64 * MIB, CHECK_RW, MAP_SHARED | MAP_ANONYMOUS) != MAP_FAILED);
    CHECK_REFUSED(map(64 * MIB, CHECK_RW, ANONYMOUS), ENOMEM);
    CHECK_REFUSED(map(64 * MIB, CHECK_RW, ANONYMOUS | MAP_STACK), ENOMEM);
    char *read_only = map(16 * MIB, PROT_READ, ANONYMOUS);
    CHECK_ERRNO(mprotect(read_only, 16 * MIB, CHECK_RW), ENOMEM);
    OK(mprotect(read_only, MIB, CHECK_RW));
    CHECK_EQ(grown_by(16 * MIB), 0);
    CHECK_EQ(grown_by(MIB), MIB);
    CHECK(map(5 * MIB, CHECK_RW, ANONYMOUS) != MAP_FAILED);
    CHECK_REFUSED(map(5 * MIB, CHECK_RW, ANONYMOUS), ENOMEM);
    // What grows down is a stack, and not data.
    CHECK(map(5 * MIB, CHECK_RW, ANONYMOUS | MAP_GROWSDOWN) != MAP_FAILED);
    limit(RLIMIT_DATA, 0);
    CHECK_REFUSED(map(4096, CHECK_RW, ANONYMOUS), ENOMEM);
    FORK(child)
        CHECK(map(4096, PROT_READ, ANONYMOUS) != MAP_FAILED);
    CHECK_EXITS(child, 0);
}

TEST(locked_memory_is_limited_for_users)
{
    become(1000);
    limit(RLIMIT_MEMLOCK, 65536);
    char *block = mapped(MIB);
    OK(mlock(block, 65536));
    OK(mlock(block, 65536));
    CHECK_ERRNO(mlock(block + 65536, 4096), ENOMEM);
    CHECK_ERRNO(mlock(block, 65536 + 4096), ENOMEM);
    OK(munlock(block, 4096));
    OK(mlock(block + 65536, 4096));
    CHECK_REFUSED(map(4096, CHECK_RW, ANONYMOUS | MAP_LOCKED), EAGAIN);
    CHECK_ERRNO(syscall(SYS_mlock2, block + 80000, 1, 1), ENOMEM);
    OK(munlockall());
    char *locked = map(65536, CHECK_RW, ANONYMOUS | MAP_LOCKED);
    CHECK(locked != MAP_FAILED);
    CHECK_REFUSED(mremap(locked, 65536, 131072, MREMAP_MAYMOVE), EAGAIN);
    CHECK_REFUSED(map(4096, CHECK_RW, ANONYMOUS | MAP_LOCKED), EAGAIN);
    OK(munlockall());
    CHECK_ERRNO(mlockall(MCL_CURRENT), ENOMEM);
    OK(mlockall(MCL_FUTURE));
    CHECK(map(4096, CHECK_RW, ANONYMOUS) != MAP_FAILED);
    CHECK_REFUSED(map(MIB, CHECK_RW, ANONYMOUS), EAGAIN);
    CHECK_EQ(grown_by(MIB), 0);
    OK(munlockall());
    limit(RLIMIT_MEMLOCK, 0);
    CHECK_ERRNO(mlock(block, 1), EPERM);
    CHECK_ERRNO(syscall(SYS_mlock2, block, 1, 0), EPERM);
    CHECK_ERRNO(mlockall(MCL_CURRENT), EPERM);
    CHECK_REFUSED(map(4096, CHECK_RW, ANONYMOUS | MAP_LOCKED), ENOMEM);
    OK(munlock(block, 1));
}

TEST(locked_segments_count_for_the_user)
{
    become(54340);
    limit(RLIMIT_MEMLOCK, 65536);
    int large = OK(shmget(IPC_PRIVATE, MIB, 0600));
    int whole = OK(shmget(IPC_PRIVATE, 65536, 0600));
    int small = OK(shmget(IPC_PRIVATE, 4096, 0600));
    struct gate done = new_gate();
    FORK(child)
    {
        CHECK_ERRNO(shmctl(large, SHM_LOCK, NULL), ENOMEM);
        OK(shmctl(whole, SHM_LOCK, NULL));
        // What a process locks is another account.
        OK(mlock(mapped(65536), 65536));
        CHECK_ERRNO(shmctl(small, SHM_LOCK, NULL), ENOMEM);
        open_gate(&done);
        OK(shmctl(whole, SHM_UNLOCK, NULL));
        OK(shmctl(small, SHM_LOCK, NULL));
    }
    int status = STATUS_OF(child);
    OK(shmctl(large, IPC_RMID, NULL));
    OK(shmctl(whole, IPC_RMID, NULL));
    OK(shmctl(small, IPC_RMID, NULL));
    CHECK_EQ(status, 0);
}

TEST(root_locks_what_he_likes)
{
    limit(RLIMIT_MEMLOCK, 0);
    OK(mlock(mapped(MIB), MIB));
}

// Uses so many bytes of the stack.
__attribute__((noinline)) static int deep(int bytes)
{
    volatile char frame[4096];
    frame[0] = (char)bytes;
    int below = bytes > 4096 ? deep(bytes - 4096) : 0;
    return below + frame[0];
}

HELPER(use_stack)
{
    (void)argc;
    (void)envp;
    deep(atoi(argv[0]));
    return 3;
}

static int run_with_stack(rlim_t bytes, const char *use)
{
    pid_t pid = OK(fork());
    if (pid == 0)
    {
        limit(RLIMIT_CORE, 0);
        limit(RLIMIT_STACK, bytes);
        execl(check_self, check_self, "--helper", "use_stack", use, (char *)NULL);
        _exit(errno);
    }
    return STATUS_OF(pid);
}

TEST(a_stack_grows_to_its_limit_and_then_faults)
{
    CHECK_EQ(run_with_stack(MIB, "800000"), 3 << 8);
    CHECK_EQ(run_with_stack(MIB, "1100000"), SIGSEGV);
    CHECK_EQ(run_with_stack(8 * MIB, "1100000"), 3 << 8);
    CHECK_EQ(run_with_stack(8 * MIB, "8400000"), SIGSEGV);
    CHECK_EQ(run_with_stack(16 * MIB, "8400000"), 3 << 8);
    // Too little to begin with.
    CHECK_EQ(run_with_stack(0, "40000"), SIGSEGV);
}

TEST(the_limit_of_the_stack_counts_at_the_time_it_grows)
{
    FORK(child)
    {
        limit(RLIMIT_CORE, 0);
        OK(setrlimit(RLIMIT_STACK, &(struct rlimit){ 256 << 10, 8 * MIB }));
        handle(SIGSEGV, SIG_DFL, 0);
        deep(512 << 10);
    }
    CHECK_KILLED(child, SIGSEGV);
    FORK(lucky)
    {
        OK(setrlimit(RLIMIT_STACK, &(struct rlimit){ 256 << 10, 8 * MIB }));
        OK(setrlimit(RLIMIT_STACK, &(struct rlimit){ 2 * MIB, 8 * MIB }));
        deep(512 << 10);
    }
    CHECK_EXITS(lucky, 0);
}

// Executes with arguments of so many bytes; the errno, or 0.
static int run_with_arguments(rlim_t stack, int bytes)
{
    enum { LENGTH = 1000 };
    int count = bytes / LENGTH;
    char **arguments = calloc((size_t)count + 5, sizeof *arguments);
    arguments[0] = check_self;
    arguments[1] = "--helper";
    arguments[2] = "use_stack";
    arguments[3] = "1";
    for (int i = 0; i < count; i++)
    {
        arguments[4 + i] = malloc(LENGTH);
        memset(arguments[4 + i], 'x', LENGTH - 1);
        arguments[4 + i][LENGTH - 1] = '\0';
    }
    pid_t pid = OK(fork());
    if (pid == 0)
    {
        limit(RLIMIT_STACK, stack);
        execve(check_self, arguments, (char *[]){ NULL });
        _exit(errno);
    }
    int status = STATUS_OF(pid);
    return status == 3 << 8 ? 0 : status >> 8;
}

TEST(arguments_may_take_a_quarter_of_the_stack)
{
    CHECK_EQ(run_with_arguments(8 * MIB, 2000000), 0);
    CHECK_EQ(run_with_arguments(8 * MIB, 2150000), E2BIG);
    CHECK_EQ(run_with_arguments(4 * MIB, 1000000), 0);
    CHECK_EQ(run_with_arguments(4 * MIB, 1100000), E2BIG);
    // As much as there could be in old times in any case.
    CHECK_EQ(run_with_arguments(300 << 10, 110000), 0);
    CHECK_EQ(run_with_arguments(300 << 10, 140000), E2BIG);
    // But they have to lie on the stack.
    CHECK_EQ(run_with_arguments(64 << 10, 100000), E2BIG);
    // And never more than three quarters of the usual stack.
    CHECK_EQ(run_with_arguments(RLIM_INFINITY, 6000000), 0);
    CHECK_EQ(run_with_arguments(RLIM_INFINITY, 6400000), E2BIG);
}
