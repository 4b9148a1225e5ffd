// fcntl(2) and ioctl(2) commands for files of all kinds: owners and SIGIO, leases, sizes and flags.
#include "check.h"
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

// linux/fs.h, which musl does not come with.
#define FS_IOC_GETFLAGS _IOR('f', 1, long)
#define FS_IOC_SETFLAGS _IOW('f', 2, long)
#define FS_IOC_GETVERSION _IOR('v', 1, long)
#define FIBMAP _IO(0, 1)
#define FIGETBSZ _IO(0, 2)

enum
{
    FS_COMPR_FL = 4,
    FS_IMMUTABLE_FL = 0x10,
    FS_APPEND_FL = 0x20,
    FS_NODUMP_FL = 0x40,
};

static volatile sig_atomic_t signals_seen;
static volatile int seen_code, seen_fd, seen_band, seen_signal;

static void note(int signo, siginfo_t *info, UNUSED void *context)
{
    signals_seen++;
    seen_signal = signo;
    seen_code = info->si_code;
    seen_fd = info->si_fd;
    seen_band = (int)info->si_band;
}

static void listen_for(int signo)
{
    struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_RESTART };
    OK(sigaction(signo, &action, NULL));
}

struct owner
{
    int type;
    int pid;
};

TEST(a_file_has_an_owner)
{
    int fds[2];
    OK(pipe(fds));
    CHECK_EQ(fcntl(fds[0], F_GETOWN), 0);
    OK(fcntl(fds[0], F_SETOWN, getpid()));
    CHECK_EQ(fcntl(fds[0], F_GETOWN), getpid());
    struct owner owner = { 9, 9 };
    OK(fcntl(fds[0], F_GETOWN_EX, &owner));
    CHECK_EQ(owner.type, F_OWNER_PID);
    CHECK_EQ(owner.pid, getpid());
    long result = syscall(SYS_fcntl, fds[0], F_SETOWN, -getpgrp());
    CHECK_EQ(result, 0);
    OK(fcntl(fds[0], F_GETOWN_EX, &owner));
    CHECK_EQ(owner.type, F_OWNER_PGRP);
    CHECK_EQ(owner.pid, getpgrp());
    owner = (struct owner){ F_OWNER_TID, (int)syscall(SYS_gettid) };
    OK(fcntl(fds[0], F_SETOWN_EX, &owner));
    owner = (struct owner){ 9, 9 };
    OK(fcntl(fds[0], F_GETOWN_EX, &owner));
    CHECK_EQ(owner.type, F_OWNER_TID);
    CHECK_EQ(owner.pid, getpid());
    owner = (struct owner){ 7, getpid() };
    CHECK_ERRNO(fcntl(fds[0], F_SETOWN_EX, &owner), EINVAL);
    owner = (struct owner){ F_OWNER_PID, 0x3ffffff };
    CHECK_ERRNO(fcntl(fds[0], F_SETOWN_EX, &owner), ESRCH);
    CHECK_ERRNO(fcntl(fds[0], F_SETOWN, 0x3ffffff), ESRCH);
    CHECK_ERRNO(fcntl(fds[0], F_SETOWN, (long)INT_MIN), EINVAL);
    CHECK_ERRNO(fcntl(fds[0], F_SETOWN_EX, (void *)16), EFAULT);
    OK(fcntl(fds[0], F_SETOWN, 0));
    CHECK_EQ(fcntl(fds[0], F_GETOWN), 0);
    scratch();
    int file = write_file("f", "", 0);
    OK(fcntl(file, F_SETOWN, getpid()));
    CHECK_EQ(fcntl(file, F_GETOWN), getpid());
}

TEST(the_signal_of_an_owner_can_be_chosen)
{
    int fds[2];
    OK(pipe(fds));
    CHECK_EQ(fcntl(fds[0], F_GETSIG), 0);
    OK(fcntl(fds[0], F_SETSIG, SIGRTMIN + 3));
    CHECK_EQ(fcntl(fds[0], F_GETSIG), SIGRTMIN + 3);
    CHECK_ERRNO(fcntl(fds[0], F_SETSIG, 65), EINVAL);
    CHECK_ERRNO(fcntl(fds[0], F_SETSIG, -1), EINVAL);
    OK(fcntl(fds[0], F_SETSIG, 0));
}

TEST(the_owner_of_a_pipe_is_told_of_data)
{
    int fds[2];
    OK(pipe(fds));
    listen_for(SIGIO);
    OK(fcntl(fds[0], F_SETOWN, getpid()));
    OK(fcntl(fds[0], F_SETFL, O_ASYNC | O_NONBLOCK));
    CHECK_EQ(fcntl(fds[0], F_GETFL) & O_ASYNC, O_ASYNC);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    EVENTUALLY(signals_seen == 1);
    CHECK_EQ(seen_signal, SIGIO);
    CHECK_EQ(seen_code, SI_KERNEL);
    char byte;
    CHECK_EQ(read(fds[0], &byte, 1), 1);
    OK(fcntl(fds[0], F_SETFL, O_NONBLOCK));
    CHECK_EQ(fcntl(fds[0], F_GETFL) & O_ASYNC, 0);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    usleep(20000);
    CHECK_EQ(signals_seen, 1);
}

TEST(a_chosen_signal_says_which_file_and_why)
{
    int fds[2];
    OK(pipe(fds));
    listen_for(SIGRTMIN);
    int on = 1;
    OK(fcntl(fds[0], F_SETOWN, getpid()));
    OK(fcntl(fds[0], F_SETSIG, SIGRTMIN));
    OK(ioctl(fds[0], FIOASYNC, &on));
    CHECK_EQ(fcntl(fds[0], F_GETFL) & O_ASYNC, O_ASYNC);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    EVENTUALLY(signals_seen == 1);
    CHECK_EQ(seen_fd, fds[0]);
    CHECK_EQ(seen_code, POLL_IN);
    CHECK_EQ(seen_band, POLLIN | POLLRDNORM);
    on = 0;
    OK(ioctl(fds[0], FIOASYNC, &on));
    CHECK_EQ(fcntl(fds[0], F_GETFL) & O_ASYNC, 0);
}

TEST(the_owner_of_the_writing_end_is_told_of_room)
{
    int fds[2];
    OK(pipe(fds));
    listen_for(SIGIO);
    OK(fcntl(fds[1], F_SETOWN, getpid()));
    OK(fcntl(fds[1], F_SETFL, O_ASYNC | O_NONBLOCK));
    static char page[4096];
    while (write(fds[1], page, sizeof page) > 0)
        ;
    CHECK_EQ(errno, EAGAIN);
    signals_seen = 0;
    CHECK_EQ(read(fds[0], page, sizeof page), sizeof page);
    EVENTUALLY(signals_seen >= 1);
}

TEST(another_process_can_be_the_owner)
{
    int fds[2];
    int gate[2];
    OK(pipe(fds));
    OK(pipe(gate));
    FORK(owner)
    {
        listen_for(SIGIO);
        CHECK_EQ(write(gate[1], "r", 1), 1);
        EVENTUALLY(signals_seen >= 1);
        _exit(0);
    }

    char byte;
    CHECK_EQ(read(gate[0], &byte, 1), 1);
    OK(fcntl(fds[0], F_SETOWN, owner));
    OK(fcntl(fds[0], F_SETFL, O_ASYNC));
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_EXITS(owner, 0);
    CHECK_EQ(fcntl(fds[0], F_GETOWN), 0);
}

TEST(a_terminal_tells_its_owner)
{
    int master = OK(posix_openpt(O_RDWR | O_NOCTTY));
    OK(grantpt(master));
    OK(unlockpt(master));
    int slave = OK(open(ptsname(master), O_RDWR | O_NOCTTY | O_NONBLOCK));
    listen_for(SIGIO);
    OK(fcntl(slave, F_SETOWN, getpid()));
    OK(fcntl(slave, F_SETFL, O_ASYNC | O_NONBLOCK));
    CHECK_EQ(fcntl(slave, F_GETFL) & O_ASYNC, O_ASYNC);
    CHECK_EQ(write(master, "line\n", 5), 5);
    EVENTUALLY(signals_seen >= 1);
}

TEST(regular_files_have_no_signals)
{
    scratch();
    int fd = write_file("f", "", 0);
    int on = 1;
    CHECK_ERRNO(ioctl(fd, FIOASYNC, &on), ENOTTY);
    OK(fcntl(fd, F_SETFL, O_ASYNC));
    CHECK_EQ(fcntl(fd, F_GETFL) & O_ASYNC, 0);
    int opened = OK(open("f", O_RDONLY | O_ASYNC));
    CHECK_EQ(fcntl(opened, F_GETFL) & O_ASYNC, O_ASYNC);
    CHECK_ERRNO(ioctl(fd, FIOASYNC, (void *)16), EFAULT);
}

TEST(sizes_are_told)
{
    scratch();
    int fd = write_file("f", "hello", 5);
    int block = 0;
    OK(ioctl(fd, FIGETBSZ, &block));
    CHECK_EQ(block, 4096);
    loff_t size = -1;
    OK(ioctl(fd, 0x5460, &size));
    CHECK_EQ(size, 4096);
    int left = -1;
    OK(ioctl(fd, FIONREAD, &left));
    CHECK_EQ(left, 5);
    int fds[2];
    OK(pipe(fds));
    CHECK_ERRNO(ioctl(fds[0], 0x5460, &size), ENOTTY);
    OK(ioctl(fds[0], FIGETBSZ, &block));
    CHECK_EQ(block, 4096);
    int directory = OK(open(".", O_RDONLY));
    OK(ioctl(directory, 0x5460, &size));
    CHECK_ERRNO(ioctl(fd, FIGETBSZ, (void *)16), EFAULT);
    CHECK_ERRNO(ioctl(fd, FIBMAP, &block), EINVAL);
    CHECK_ERRNO(ioctl(directory, FIONREAD, &left), ENOTTY);
    CHECK_ERRNO(ioctl(fd, TCGETS, &size), ENOTTY);
    CHECK_ERRNO(ioctl(fd, 0x12345678, &size), ENOTTY);
}

TEST(flags_of_files_in_memory)
{
    scratch();
    int fd = write_file("f", "", 0);
    int flags = -1;
    int result = ioctl(fd, FS_IOC_GETFLAGS, &flags);
    CHECK_EQ(result, 0);
    CHECK_EQ(flags, 0);
    flags = FS_NODUMP_FL;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    flags = 0;
    OK(ioctl(fd, FS_IOC_GETFLAGS, &flags));
    CHECK_EQ(flags, FS_NODUMP_FL);
    flags = FS_COMPR_FL;
    CHECK_ERRNO(ioctl(fd, FS_IOC_SETFLAGS, &flags), EOPNOTSUPP);
    struct { unsigned version; } dummy;
    CHECK_ERRNO(ioctl(fd, FS_IOC_GETVERSION, &dummy), ENOTTY);
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_ERRNO(ioctl(null, FS_IOC_GETFLAGS, &flags), ENOTTY);
    int stat = OK(open("/proc/self/stat", O_RDONLY));
    CHECK_ERRNO(ioctl(stat, FS_IOC_GETFLAGS, &flags), ENOTTY);
}

TEST(an_immutable_file_stays_as_it_is)
{
    scratch();
    int fd = write_file("f", "text", 4);
    OK(mkdir("d", 0755));
    int flags = FS_IMMUTABLE_FL;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    CHECK_ERRNO(open("f", O_WRONLY), EPERM);
    CHECK_ERRNO(unlink("f"), EPERM);
    CHECK_ERRNO(rename("f", "g"), EPERM);
    CHECK_ERRNO(link("f", "g"), EPERM);
    CHECK_ERRNO(chmod("f", 0600), EPERM);
    CHECK_ERRNO(chown("f", 1, 1), EPERM);
    CHECK_ERRNO(truncate("f", 0), EPERM);
    CHECK_ERRNO(utimensat(AT_FDCWD, "f", NULL, 0), EPERM);
    CHECK_EQ(write(fd, "x", 1), 1);
    OK(access("f", R_OK));
    CHECK_ERRNO(access("f", W_OK), EPERM);
    flags = 0;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    OK(close(OK(open("f", O_WRONLY))));
    int directory = OK(open("d", O_RDONLY));
    flags = FS_IMMUTABLE_FL;
    OK(ioctl(directory, FS_IOC_SETFLAGS, &flags));
    CHECK_ERRNO(mkdir("d/e", 0755), EPERM);
    CHECK_ERRNO(open("d/e", O_CREAT | O_RDWR, 0600), EPERM);
    flags = 0;
    OK(ioctl(directory, FS_IOC_SETFLAGS, &flags));
}

TEST(a_file_for_appending_only_grows)
{
    scratch();
    int fd = write_file("f", "text", 4);
    int flags = FS_APPEND_FL;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    CHECK_ERRNO(open("f", O_WRONLY), EPERM);
    CHECK_ERRNO(open("f", O_WRONLY | O_APPEND | O_TRUNC), EPERM);
    CHECK_ERRNO(unlink("f"), EPERM);
    CHECK_ERRNO(rename("f", "g"), EPERM);
    int appending = OK(open("f", O_WRONLY | O_APPEND));
    CHECK_EQ(write(appending, "x", 1), 1);
    CHECK_ERRNO(fcntl(appending, F_SETFL, 0), EPERM);
    flags = 0;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

TEST(only_the_owner_sets_flags)
{
    scratch();
    int fd = write_file("f", "", 0);
    int directory = OK(open(".", O_RDONLY));
    OK(fchown(fd, 1000, 1000));
    become(1000);
    int flags = FS_NODUMP_FL;
    OK(ioctl(fd, FS_IOC_SETFLAGS, &flags));
    flags |= FS_IMMUTABLE_FL;
    CHECK_ERRNO(ioctl(fd, FS_IOC_SETFLAGS, &flags), EPERM);
    CHECK_ERRNO(ioctl(directory, FS_IOC_SETFLAGS, &flags), EPERM);
}

TEST(flags_of_reads_and_writes)
{
    scratch();
    int fd = write_file("f", "text", 4);
    struct iovec one = { "ab", 2 };
    CHECK_EQ(syscall(SYS_pwritev2, fd, &one, 1, 0, 0, 0x10), 2);
    char text[10] = "";
    CHECK_EQ(pread(fd, text, 9, 0), 6);
    CHECK_STR(text, "textab");
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    CHECK_EQ(syscall(SYS_pwritev2, fd, &one, 1, -1L, -1L, 0x10), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 8);
    struct iovec in = { text, 4 };
    CHECK_ERRNO(syscall(SYS_preadv2, fd, &in, 1, 0, 0, 8), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_pwritev2, fd, &one, 1, 0, 0, 8), EOPNOTSUPP);
    CHECK_ERRNO(syscall(SYS_preadv2, fd, &in, 1, 0, 0, 0x80), EOPNOTSUPP);
    CHECK_EQ(syscall(SYS_preadv2, fd, &in, 1, 0, 0, 1), 4);
    CHECK_EQ(syscall(SYS_pwritev2, fd, &one, 1, 0, 0, 6), 2);
    int fds[2];
    OK(pipe(fds));
    CHECK_ERRNO(syscall(SYS_preadv2, fds[0], &in, 1, -1L, -1L, 8), EOPNOTSUPP);
    CHECK_EQ(syscall(SYS_pwritev2, fds[1], &one, 1, -1L, -1L, 16), 2);
    CHECK_EQ(syscall(SYS_preadv2, fds[0], &in, 1, -1L, -1L, 0), 2);
    int null = OK(open("/dev/null", O_RDWR));
    CHECK_EQ(syscall(SYS_preadv2, null, &in, 1, -1L, -1L, 8), 0);
}

TEST(leases_and_directory_signals)
{
    scratch();
    int fd = write_file("f", "", 0);
    CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
    int fds[2];
    OK(pipe(fds));
    CHECK_ERRNO(fcntl(fds[0], F_SETLEASE, F_RDLCK), EINVAL);
    CHECK_ERRNO(fcntl(fd, F_SETLEASE, 77), EINVAL);
    CHECK_ERRNO(fcntl(fd, 9999), EINVAL);
}
