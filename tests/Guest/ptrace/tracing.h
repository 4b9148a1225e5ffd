// What the ptrace cases share: the kernel's own call, stops by name, and children to trace.
#ifndef TRACING_H
#define TRACING_H

#include "../check.h"
#include <elf.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

// The kernel's call: words that are read go to where data points.
#define PT(request, pid, address, data) \
    syscall(SYS_ptrace, (long)(request), (long)(pid), (unsigned long)(address), (unsigned long)(data))

#define EVENT_STATUS(event) (((SIGTRAP | (event) << 8) << 8) | 0x7f)
#define STOP_STATUS(signal) ((signal) << 8 | 0x7f)
#define GOOD_STATUS STOP_STATUS(SIGTRAP | 0x80)
#define ENDED_STATUS(code) ((code) << 8)

UNUSED static int next_status(const char *file, int line, pid_t pid)
{
    int status = 0;
    pid_t got = waitpid(pid, &status, __WALL);
    if (got != pid)
        check_fail(file, line, "waitpid(%d), got %d (errno %d)", pid, got, errno);
    return status;
}

// The next thing that happens to a tracee.
#define NEXT(pid) next_status(__FILE__, __LINE__, pid)
#define CHECK_NEXT(pid, status) CHECK_EQ(NEXT(pid), status)
#define CONT(pid, signal) OK(PT(PTRACE_CONT, pid, 0, signal))

// TRACED(child) { runs in a child that its parent traces and that has stopped itself once before }
#define TRACED(child)                                                                                   \
    pid_t child = start_traced(__FILE__, __LINE__);                                                     \
    for (; child == 0; _exit(0))

UNUSED static pid_t start_traced(const char *file, int line)
{
    pid_t child = fork();
    if (child == 0)
    {
        if (PT(PTRACE_TRACEME, 0, 0, 0) != 0)
            check_fail(file, line, "PTRACE_TRACEME, errno %d", errno);
        raise(SIGSTOP);
        return 0;
    }

    int status = next_status(file, line, child);
    if (status != STOP_STATUS(SIGSTOP))
        check_fail(file, line, "first stop, got status 0x%x", status);
    return child;
}

UNUSED static struct user_regs_struct registers_of(pid_t pid)
{
    struct user_regs_struct registers;
    OK(PT(PTRACE_GETREGS, pid, 0, &registers));
    return registers;
}

UNUSED static siginfo_t siginfo_of(pid_t pid)
{
    siginfo_t info;
    memset(&info, 0x55, sizeof info);
    OK(PT(PTRACE_GETSIGINFO, pid, 0, &info));
    return info;
}

UNUSED static unsigned long message_of(pid_t pid)
{
    unsigned long message = 0x5555;
    OK(PT(PTRACE_GETEVENTMSG, pid, 0, &message));
    return message;
}

UNUSED static unsigned long peek_user(pid_t pid, size_t offset)
{
    unsigned long word = 0x5555;
    OK(PT(PTRACE_PEEKUSER, pid, offset, &word));
    return word;
}

UNUSED static unsigned long peek(pid_t pid, const volatile void *address)
{
    unsigned long word = 0x5555;
    OK(PT(PTRACE_PEEKDATA, pid, address, &word));
    return word;
}

#define state_of process_state

// A number in /proc/PID/status.
UNUSED static long status_number(pid_t pid, const char *label)
{
    char path[64], text[4096] = "";
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    int fd = OK(open(path, O_RDONLY));
    CHECK(read(fd, text, sizeof text - 1) > 0);
    close(fd);
    char *line = strstr(text, label);
    CHECK(line != NULL);
    return strtol(line + strlen(label), NULL, 10);
}

UNUSED static void end_traced(pid_t pid)
{
    OK(kill(pid, SIGKILL));
    int status;
    do
        status = next_status(__FILE__, __LINE__, pid);
    while (!WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

#endif
