namespace Cashew.Host.Abi;

/// <summary>What the generated C programs include, and the layouts that only the kernel has.</summary>
internal static class Headers
{
    internal const string Text = """
        #define _GNU_SOURCE 1
        #include <stddef.h>
        #include <stdio.h>
        #include <unistd.h>
        #include <fcntl.h>
        #include <errno.h>
        #include <sys/stat.h>
        #include <sys/file.h>
        #include <dirent.h>
        #include <sys/xattr.h>
        #include <sys/uio.h>
        #include <sys/mount.h>
        #include <sys/statvfs.h>
        #include <sys/statfs.h>
        #include <linux/magic.h>
        #include <linux/openat2.h>
        #include <linux/falloc.h>
        #include <poll.h>
        #include <sys/syscall.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/timerfd.h>
        #include <sys/signalfd.h>
        #include <sys/inotify.h>
        #include <sys/mman.h>
        #include <linux/memfd.h>
        #include <sys/random.h>
        #include <sys/ipc.h>
        #include <sys/shm.h>
        #include <sys/sem.h>
        #include <sys/msg.h>
        #include <signal.h>
        #include <sched.h>
        #include <linux/sched.h>
        #include <sys/wait.h>
        #include <termios.h>
        #include <sys/ioctl.h>
        #include <linux/futex.h>
        #include <sys/resource.h>
        #include <time.h>
        #include <sys/time.h>
        #include <sys/timex.h>
        #include <sys/times.h>
        #include <linux/ioprio.h>
        #include <sys/prctl.h>
        #include <linux/capability.h>
        #include <linux/reboot.h>
        #include <sys/personality.h>
        #include <linux/membarrier.h>
        #include <elf.h>
        #include <sys/auxv.h>
        #include <limits.h>
        #include <linux/limits.h>
        #include <sys/socket.h>
        #include <linux/netlink.h>
        #include <sys/un.h>
        #include <netinet/in.h>
        #include <netinet/ip.h>
        #include <netinet/tcp.h>
        #include <net/if.h>
        #include <net/route.h>
        #include <sys/ptrace.h>
        #include <linux/close_range.h>
        #include <linux/rseq.h>
        #include <linux/seccomp.h>
        #include <linux/random.h>
        #include <linux/rtc.h>
        #include <linux/loop.h>
        #include <linux/if_tun.h>
        #include <linux/fs.h>
        #include <linux/fiemap.h>
        #include <linux/sockios.h>
        #include <sys/sysinfo.h>
        #include <sys/utsname.h>
        #include <utime.h>
        #include <ucontext.h>

        struct kernel_sigaction { unsigned long handler, flags, restorer, mask; };
        struct sigset_argument { unsigned long ss, ss_len; };
        struct linux_dirent64 { unsigned long d_ino; long d_off; unsigned short d_reclen; unsigned char d_type; char d_name[]; };
        struct sigcontext_64 { unsigned long r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip,
            eflags; unsigned short cs, gs, fs, ss; unsigned long err, trapno, oldmask, cr2, fpstate, reserved1[8]; };
        struct ucontext_64 { unsigned long uc_flags, uc_link; stack_t uc_stack; struct sigcontext_64 uc_mcontext;
            unsigned long uc_sigmask; };
        struct termios_kernel { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[19]; };
        #define termios2 termios2_kernel
        struct termios2_kernel { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[19];
            unsigned c_ispeed, c_ospeed; };
        struct termio_kernel { unsigned short c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[8]; };
        struct sched_attr_v0 { unsigned size, sched_policy; unsigned long sched_flags; int sched_nice; unsigned sched_priority;
            unsigned long sched_runtime, sched_deadline, sched_period; };
        struct fpx_sw { unsigned magic1, extended_size; unsigned long xfeatures; unsigned xstate_size, padding[7]; };
        struct _fpstate_64 { unsigned short cwd, swd, twd, fop; unsigned long rip, rdp; unsigned mxcsr, mxcsr_mask,
            st_space[32], xmm_space[64], reserved2[12]; struct fpx_sw sw_reserved; };
        _Static_assert(sizeof(struct _fpstate_64) == sizeof(struct _fpstate), "fpstate");
        _Static_assert(sizeof(struct sigcontext_64) == sizeof(mcontext_t), "sigcontext");

        """;
}
