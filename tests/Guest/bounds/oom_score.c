// /proc/PID/oom_score_adj: who may be spared when memory is out.
#include "check.h"

static int store(const char *text)
{
    int fd = OK(open("/proc/self/oom_score_adj", O_WRONLY));
    int result = (int)write(fd, text, strlen(text));
    int error = errno;
    OK(close(fd));
    errno = error;
    return result;
}

static long load(void)
{
    char text[32];
    read_file("/proc/self/oom_score_adj", text, sizeof text);
    return atol(text);
}

TEST(values_have_bounds)
{
    CHECK_EQ(store("500\n"), 4);
    CHECK_EQ(load(), 500);
    CHECK_EQ(store("-1000"), 5);
    CHECK_EQ(load(), -1000);
    CHECK_ERRNO(store("1001"), EINVAL);
    CHECK_ERRNO(store("-1001"), EINVAL);
    CHECK_ERRNO(store("x"), EINVAL);
    CHECK_EQ(store("0"), 1);
}

TEST(children_inherit)
{
    CHECK_EQ(store("300"), 3);
    FORK(child)
        CHECK_EQ(load(), 300);
    CHECK_EXITS(child, 0);
}

TEST(without_privilege_it_goes_up_and_back_but_not_below)
{
    CHECK_EQ(store("100"), 3);
    FORK(child)
    {
        CHECK_EQ(store("50"), 2);
        struct { uint32_t version; int pid; } header = { 0x20080522, 0 };
        struct { uint32_t effective, permitted, inheritable; } data[2];
        OK(syscall(SYS_capget, &header, data));
        data[0].effective &= ~(1u << 24);
        OK(syscall(SYS_capset, &header, data));
        CHECK_EQ(store("700"), 3);
        CHECK_EQ(store("60"), 2);
        CHECK_EQ(store("50"), 2);
        CHECK_ERRNO(store("49"), EACCES);
        CHECK_EQ(load(), 50);
    }
    CHECK_EXITS(child, 0);
}
