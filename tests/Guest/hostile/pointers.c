// Every pointer a system call takes, bad in every way: EFAULT (or an earlier error), never a crash or a hang.
#include "check.h"
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>

static int file_fd, directory_fd, zero_fd, full_pipe[2], empty_pipe[2];

// One pointer argument of one call: `at` is its place, `size` what the kernel reads or writes there.
struct probe
{
    const char *name;
    long number;
    int at;
    long arguments[6];
    size_t size;
    bool written;  // an out-parameter: a read-only page is bad as well
    bool nullable; // NULL has a meaning
};

#define P 0 // the place of the pointer
enum { ANY_SIGNAL = SIGUSR1 };
// Stand for descriptors that are opened later.
enum { ZERO_FD = -5000, FILE_FD, FULL_FD, EMPTY_FD, DIRECTORY_FD };

static const char valid_path[] = "file";
static struct timeval no_time;

static struct probe probes[] = {
    { "read", SYS_read, 1, { ZERO_FD, P, 64 }, 64, true, false },
    { "read from a file", SYS_read, 1, { FILE_FD, P, 64 }, 64, true, false },
    { "read from a pipe", SYS_read, 1, { FULL_FD, P, 64 }, 64, true, false },
    { "write to a file", SYS_write, 1, { FILE_FD, P, 64 }, 64, false, false },
    { "write to a pipe", SYS_write, 1, { EMPTY_FD, P, 64 }, 64, false, false },
    { "pread64", SYS_pread64, 1, { FILE_FD, P, 64, 0 }, 64, true, false },
    { "pwrite64", SYS_pwrite64, 1, { FILE_FD, P, 64, 0 }, 64, false, false },
    { "readv", SYS_readv, 1, { ZERO_FD, P, 1 }, 16, false, false },
    { "writev", SYS_writev, 1, { FILE_FD, P, 1 }, 16, false, false },
    { "open", SYS_open, 0, { P, O_RDONLY }, 2, false, false },
    { "openat", SYS_openat, 1, { AT_FDCWD, P, O_RDONLY }, 2, false, false },
    { "stat path", SYS_stat, 0, { P, (long)&probes }, 2, false, false },
    { "stat buffer", SYS_stat, 1, { (long)valid_path, P }, sizeof(struct stat), true, false },
    { "lstat buffer", SYS_lstat, 1, { (long)valid_path, P }, sizeof(struct stat), true, false },
    { "fstat", SYS_fstat, 1, { FILE_FD, P }, sizeof(struct stat), true, false },
    { "newfstatat buffer", SYS_newfstatat, 2, { AT_FDCWD, (long)valid_path, P, 0 }, sizeof(struct stat), true,
      false },
    { "statx buffer", SYS_statx, 4, { AT_FDCWD, (long)valid_path, 0, 0x7ff, P }, 256, true, false },
    { "poll", SYS_poll, 0, { P, 1, 0 }, 8, true, false },
    { "ppoll timeout", SYS_ppoll, 2, { 0, 0, P, 0, 8 }, 16, false, true },
    { "select set", SYS_select, 1, { 64, P, 0, 0, (long)&no_time }, 8, true, true },
    { "select timeout", SYS_select, 4, { 0, 0, 0, 0, P }, 16, false, true },
    { "rt_sigaction new", SYS_rt_sigaction, 1, { ANY_SIGNAL, P, 0, 8 }, 32, false, true },
    { "rt_sigaction old", SYS_rt_sigaction, 2, { ANY_SIGNAL, 0, P, 8 }, 32, true, true },
    { "rt_sigprocmask new", SYS_rt_sigprocmask, 1, { SIG_UNBLOCK, P, 0, 8 }, 8, false, true },
    { "rt_sigprocmask old", SYS_rt_sigprocmask, 2, { SIG_BLOCK, 0, P, 8 }, 8, true, true },
    { "rt_sigpending", SYS_rt_sigpending, 0, { P, 8 }, 8, true, false },
    { "rt_sigtimedwait set", SYS_rt_sigtimedwait, 0, { P, 0, 0, 8 }, 8, false, false },
    { "rt_sigsuspend", SYS_rt_sigsuspend, 0, { P, 8 }, 8, false, false },
    { "sigaltstack old", SYS_sigaltstack, 1, { 0, P }, 24, true, true },
    { "pipe", SYS_pipe, 0, { P }, 8, true, false },
    { "pipe2", SYS_pipe2, 0, { P, 0 }, 8, true, false },
    { "access", SYS_access, 0, { P, 0 }, 2, false, false },
    { "nanosleep", SYS_nanosleep, 0, { P, 0 }, 16, false, false },
    { "clock_gettime", SYS_clock_gettime, 1, { CLOCK_MONOTONIC, P }, 16, true, false },
    { "clock_getres", SYS_clock_getres, 1, { CLOCK_MONOTONIC, P }, 16, true, true },
    { "gettimeofday", SYS_gettimeofday, 0, { P, 0 }, 16, true, true },
    { "getitimer", SYS_getitimer, 1, { ITIMER_REAL, P }, 32, true, false },
    { "uname", SYS_uname, 0, { P }, sizeof(struct utsname), true, false },
    { "getcwd", SYS_getcwd, 0, { P, 64 }, 2, true, false },
    { "chdir", SYS_chdir, 0, { P }, 2, false, false },
    { "mkdir", SYS_mkdir, 0, { P, 0755 }, 2, false, false },
    { "rmdir", SYS_rmdir, 0, { P }, 2, false, false },
    { "unlink", SYS_unlink, 0, { P }, 2, false, false },
    { "rename old", SYS_rename, 0, { P, (long)valid_path }, 2, false, false },
    { "rename new", SYS_rename, 1, { (long)valid_path, P }, 2, false, false },
    { "link old", SYS_link, 0, { P, (long)valid_path }, 2, false, false },
    { "link new", SYS_link, 1, { (long)valid_path, P }, 2, false, false },
    { "symlink target", SYS_symlink, 0, { P, (long)"link" }, 2, false, false },
    { "symlink name", SYS_symlink, 1, { (long)valid_path, P }, 2, false, false },
    { "readlink path", SYS_readlink, 0, { P, (long)&probes, 10 }, 2, false, false },
    { "readlink buffer", SYS_readlink, 1, { (long)"/proc/self", P, 10 }, 10, true, false },
    { "chmod", SYS_chmod, 0, { P, 0644 }, 2, false, false },
    { "chown", SYS_chown, 0, { P, 0, 0 }, 2, false, false },
    { "truncate", SYS_truncate, 0, { P, 0 }, 2, false, false },
    { "mknod", SYS_mknod, 0, { P, S_IFIFO | 0644, 0 }, 2, false, false },
    { "getdents64", SYS_getdents64, 1, { DIRECTORY_FD, P, 64 }, 64, true, false },
    { "utimensat path", SYS_utimensat, 1, { AT_FDCWD, P, 0, 0 }, 2, false, true },
    { "utimensat times", SYS_utimensat, 2, { AT_FDCWD, (long)valid_path, P, 0 }, 32, false, true },
    { "statfs", SYS_statfs, 1, { (long)"/", P }, sizeof(struct statfs), true, false },
    { "getrlimit", SYS_getrlimit, 1, { RLIMIT_CPU, P }, 16, true, false },
    { "setrlimit", SYS_setrlimit, 1, { RLIMIT_NOFILE, P }, 16, false, false },
    { "prlimit64 old", SYS_prlimit64, 3, { 0, RLIMIT_CPU, 0, P }, 16, true, true },
    { "getrusage", SYS_getrusage, 1, { RUSAGE_SELF, P }, sizeof(struct rusage), true, false },
    { "sysinfo", SYS_sysinfo, 0, { P }, sizeof(struct sysinfo), true, false },
    { "times", SYS_times, 0, { P }, sizeof(struct tms), true, true },
    { "getgroups", SYS_getgroups, 1, { 16, P }, 4, true, false },
    { "getresuid", SYS_getresuid, 0, { P, (long)&probes, (long)&probes }, 4, true, false },
    { "sched_getaffinity", SYS_sched_getaffinity, 2, { 0, 8, P }, 8, true, false },
    { "getrandom", SYS_getrandom, 0, { P, 64, 0 }, 64, true, false },
    { "set_robust_list", SYS_get_robust_list, 1, { 0, P, (long)&probes }, 8, true, false },
    { "execve path", SYS_execve, 0, { P, 0, 0 }, 2, false, false },
    { "chroot", SYS_chroot, 0, { P }, 2, false, false },
    { "sendfile offset", SYS_sendfile, 2, { FILE_FD, FILE_FD, P, 1 }, 8, true, true },
    { "ioctl TIOCGWINSZ-like FIONREAD", SYS_ioctl, 2, { FULL_FD, 0x541b, P }, 4, true, false },
    { "arch_prctl", SYS_arch_prctl, 1, { 0x1003, P }, 8, true, false },
    { "prctl PR_GET_NAME", SYS_prctl, 1, { 16, P }, 16, true, false },
    { "sethostname", SYS_sethostname, 0, { P, 8 }, 8, false, false },
    { "futex word", SYS_futex, 0, { P, 0, 1, 0 }, 4, false, false },
};

static void prepare(void)
{
    scratch();
    file_fd = write_file("file", "0123456789", 10);
    OK(ftruncate(file_fd, 1000));
    directory_fd = OK(open(".", O_RDONLY));
    OK(syscall(SYS_setgroups, 1, &(gid_t){ 4242 }));
    zero_fd = OK(open("/dev/zero", O_RDWR));
    OK(pipe(empty_pipe));
    OK(pipe(full_pipe));
    CHECK_EQ(write(full_pipe[1], (char[64]){ 0 }, 64), 64);
    OK(fcntl(full_pipe[0], F_SETFL, O_NONBLOCK));
    OK(fcntl(empty_pipe[1], F_SETFL, O_NONBLOCK));
}

static long call(const struct probe *probe, uintptr_t pointer)
{
    long a[6];
    for (int i = 0; i < 6; i++)
    {
        a[i] = probe->arguments[i];
        if (i == probe->at)
            a[i] = (long)pointer;
        else if (a[i] == ZERO_FD)
            a[i] = zero_fd;
        else if (a[i] == FILE_FD)
            a[i] = file_fd;
        else if (a[i] == FULL_FD)
            a[i] = full_pipe[0];
        else if (a[i] == EMPTY_FD)
            a[i] = empty_pipe[1];
        else if (a[i] == DIRECTORY_FD)
            a[i] = directory_fd;
    }
    long result;
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("syscall" : "=a"(result) : "a"(probe->number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10),
                     "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return result;
}

static void expect_efault(uintptr_t pointer, const char *kind, bool (*applies)(const struct probe *))
{
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
    {
        // An unaligned futex word is EINVAL first.
        if (!applies(&probes[i]) || (probes[i].number == SYS_futex && pointer % 4 != 0))
            continue;
        OK(lseek(file_fd, 0, SEEK_SET));
        OK(lseek(directory_fd, 0, SEEK_SET));
        long result = call(&probes[i], pointer);
        if (result != -EFAULT)
            FAIL("%s with %s, got %ld, wanted -EFAULT", probes[i].name, kind, result);
    }
}

static bool all(UNUSED const struct probe *probe) { return true; }
static bool not_nullable(const struct probe *probe) { return !probe->nullable; }
static bool written(const struct probe *probe) { return probe->written; }

TEST(null_is_efault_where_it_has_no_meaning)
{
    prepare();
    expect_efault(0, "NULL", not_nullable);
}

TEST(unmapped_addresses_are_efault)
{
    prepare();
    expect_efault(8, "address 8", all);
    expect_efault(0x7f0000000000 - 64, "an unmapped address", all);
}

TEST(kernel_addresses_are_efault)
{
    prepare();
    expect_efault(0xffff888000000000, "the direct map of Linux", all);
    expect_efault(0xffffffff80100000, "the kernel image", all);
    expect_efault(0xffff800000000000, "the first kernel address", all);
    expect_efault(UINTPTR_MAX - 63, "the last addresses", all);
}

TEST(addresses_at_the_end_of_user_space_are_efault)
{
    prepare();
    expect_efault(0x7ffffffff000, "the last page below the hole", all);
    expect_efault(0x7fffffffffff, "the last byte below the hole", all);
}

TEST(non_canonical_addresses_are_efault)
{
    prepare();
    expect_efault(0x800000000000, "the first non-canonical address", all);
    expect_efault(0x8000000000000000, "a non-canonical address", all);
}

TEST(inaccessible_pages_are_efault)
{
    prepare();
    char *page = OK(mmap(NULL, CHECK_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    expect_efault((uintptr_t)page, "an inaccessible page", all);
}

TEST(read_only_pages_are_efault_for_results)
{
    prepare();
    char *page = OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    expect_efault((uintptr_t)page, "a read-only page", written);
}

TEST(a_structure_that_runs_into_a_bad_page_is_efault)
{
    prepare();
    char *pages = OK(mmap(NULL, 2 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(mprotect(pages + CHECK_PAGE, CHECK_PAGE, PROT_NONE));
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
    {
        // Data may be moved in part; only structures and strings must be whole.
        long number = probes[i].number;
        if (number == SYS_read || number == SYS_write || number == SYS_pread64 || number == SYS_pwrite64
            || number == SYS_getrandom || number == SYS_getdents64 || number == SYS_sched_getaffinity
            || number == SYS_futex || probes[i].size < 2)
            continue;
        memset(pages, 'x', CHECK_PAGE);
        long result = call(&probes[i], (uintptr_t)(pages + CHECK_PAGE - 1));
        if (result != -EFAULT)
            FAIL("%s across a bad page, got %ld, wanted -EFAULT", probes[i].name, result);
    }
}

TEST(a_string_that_ends_exactly_at_the_last_byte_is_fine)
{
    prepare();
    char *pages = OK(mmap(NULL, 2 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(munmap(pages + CHECK_PAGE, CHECK_PAGE));
    strcpy(pages + CHECK_PAGE - 5, "file");
    OK(close(OK(open(pages + CHECK_PAGE - 5, O_RDONLY))));
    struct stat *status = (struct stat *)(pages + CHECK_PAGE - sizeof(struct stat));
    OK(stat(valid_path, status));
    CHECK_EQ(status->st_size, 1000);
}

TEST(data_is_moved_up_to_the_bad_page)
{
    prepare();
    char *pages = OK(mmap(NULL, 2 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    OK(munmap(pages + CHECK_PAGE, CHECK_PAGE));
    memset(pages, 'x', CHECK_PAGE);
    char *last_ten = pages + CHECK_PAGE - 10;
    int ends[2];
    OK(pipe(ends));
    // write(2) to a file: as much as could be read of the buffer.
    long written_bytes = write(file_fd, last_ten, 100);
    CHECK(written_bytes == 10 || (written_bytes == -1 && errno == EFAULT));
    // The system call did not get stuck with anything held: all of these go on working.
    CHECK_EQ(write(ends[1], "ok", 2), 2);
    char text[2];
    CHECK_EQ(read(ends[0], text, 2), 2);
    CHECK_EQ(pread(file_fd, text, 2, 0), 2);
}

TEST(a_pipe_is_usable_after_a_bad_read_and_a_bad_write)
{
    char text[8] = "";
    int ends[2];
    OK(pipe(ends));
    CHECK_ERRNO(write(ends[1], (void *)8, 4), EFAULT);
    CHECK_EQ(write(ends[1], "data", 4), 4);
    CHECK_ERRNO(syscall(SYS_read, ends[0], 8, 4), EFAULT);
    CHECK_EQ(read(ends[0], text, 4), 4);
    CHECK_STR(text, "data");
}

TEST(a_bad_element_in_the_middle_of_a_vector_stops_there)
{
    prepare();
    struct iovec vector[3] = { { "abc", 3 }, { (void *)8, 3 }, { "def", 3 } };
    CHECK_EQ(writev(file_fd, vector, 3), 3);
    struct iovec first_bad[2] = { { (void *)8, 3 }, { "def", 3 } };
    CHECK_ERRNO(writev(file_fd, first_bad, 2), EFAULT);
}

TEST(an_unterminated_path_is_enametoolong)
{
    char *pages = OK(mmap(NULL, 4 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(pages, 'x', 4 * CHECK_PAGE);
    CHECK_ERRNO(open(pages, O_RDONLY), ENAMETOOLONG);
    CHECK_ERRNO(chdir(pages), ENAMETOOLONG);
}
