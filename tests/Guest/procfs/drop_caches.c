// proc_sys_vm(5), drop_caches.
#include "check.h"
#include <sys/stat.h>

static int store(const char *text)
{
    int fd = OK(open("/proc/sys/vm/drop_caches", O_WRONLY));
    ssize_t written = write(fd, text, strlen(text));
    int error = errno;
    OK(close(fd));
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

TEST(it_can_only_be_written_and_only_by_root)
{
    struct stat status;
    OK(stat("/proc/sys/vm/drop_caches", &status));
    CHECK_EQ(status.st_mode & 07777, 0200);
    FORK(user)
    {
        become(1234);
        CHECK_ERRNO(open("/proc/sys/vm/drop_caches", O_WRONLY), EACCES);
    }
    CHECK_EXITS(user, 0);
}

TEST(it_takes_one_to_four)
{
    OK(store("1"));
    OK(store("2\n"));
    OK(store("3"));
    CHECK_ERRNO(store("0"), EINVAL);
    CHECK_ERRNO(store("5"), EINVAL);
    CHECK_ERRNO(store("x"), EINVAL);
}

TEST(files_keep_what_is_in_them)
{
    int fd = OK(open("kept", O_RDWR | O_CREAT, 0600));
    CHECK_EQ(write(fd, "text", 4), 4);
    unsigned char *page = OK(mmap(NULL, CHECK_PAGE, CHECK_RW, MAP_SHARED, fd, 0));
    OK(store("3"));
    CHECK_EQ(page[0], 't');
    page[0] = 'n';
    OK(store("3"));
    char text[8] = "";
    CHECK_EQ(pread(fd, text, sizeof text, 0), 4);
    CHECK_STR(text, "next");
    // This program's own pages are a file's, too.
    FORK(child) {}
    CHECK_EXITS(child, 0);
}
