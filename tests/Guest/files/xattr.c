// Extended attributes: xattr(7). Those of "user." are not on the tmpfs of every Linux, so these cases use "trusted.".
#include "check.h"
#include <string.h>
#include <sys/xattr.h>

TEST(a_value_comes_back_and_is_listed)
{
    scratch();
    make_file("file", "x");
    char value[16];
    char list[64];
    OK(setxattr("file", "trusted.one", "first", 5, 0));
    OK(setxattr("file", "trusted.two", "", 0, 0));
    CHECK_EQ(getxattr("file", "trusted.one", value, sizeof value), 5);
    CHECK(memcmp(value, "first", 5) == 0);
    CHECK_EQ(getxattr("file", "trusted.two", value, sizeof value), 0);
    long length = OK(listxattr("file", list, sizeof list));
    CHECK_EQ(length, 24);
    CHECK(memmem(list, (size_t)length, "trusted.one", 12) && memmem(list, (size_t)length, "trusted.two", 12));
}

TEST(a_size_of_zero_asks_and_a_small_buffer_is_erange)
{
    scratch();
    make_file("file", "x");
    char value[4];
    OK(setxattr("file", "trusted.name", "value", 5, 0));
    CHECK_EQ(getxattr("file", "trusted.name", NULL, 0), 5);
    CHECK_ERRNO(getxattr("file", "trusted.name", value, sizeof value), ERANGE);
    CHECK_EQ(listxattr("file", NULL, 0), 13);
    CHECK_ERRNO(listxattr("file", value, sizeof value), ERANGE);
}

TEST(create_and_replace_mean_what_they_say)
{
    scratch();
    make_file("file", "x");
    char value[8];
    CHECK_ERRNO(setxattr("file", "trusted.a", "1", 1, XATTR_REPLACE), ENODATA);
    OK(setxattr("file", "trusted.a", "1", 1, XATTR_CREATE));
    CHECK_ERRNO(setxattr("file", "trusted.a", "2", 1, XATTR_CREATE), EEXIST);
    OK(setxattr("file", "trusted.a", "22", 2, XATTR_REPLACE));
    CHECK_EQ(getxattr("file", "trusted.a", value, sizeof value), 2);
    CHECK_ERRNO(setxattr("file", "trusted.a", "1", 1, 4), EINVAL);
}

TEST(a_removed_attribute_is_gone)
{
    scratch();
    make_file("file", "x");
    OK(setxattr("file", "trusted.a", "1", 1, 0));
    OK(removexattr("file", "trusted.a"));
    CHECK_ERRNO(removexattr("file", "trusted.a"), ENODATA);
    CHECK_ERRNO(getxattr("file", "trusted.a", NULL, 0), ENODATA);
    CHECK_EQ(listxattr("file", NULL, 0), 0);
}

TEST(names_have_a_known_space_and_at_most_255_bytes)
{
    scratch();
    make_file("file", "x");
    char name[300];
    memset(name, 'n', sizeof name);
    memcpy(name, "trusted.", 8);
    name[256] = '\0';
    CHECK_ERRNO(setxattr("file", name, "1", 1, 0), ERANGE);
    name[255] = '\0';
    OK(setxattr("file", name, "1", 1, 0));
    CHECK_ERRNO(setxattr("file", "", "1", 1, 0), ERANGE);
    CHECK_ERRNO(setxattr("file", "unknown.name", "1", 1, 0), EOPNOTSUPP);
    CHECK_ERRNO(getxattr("file", "unknown.name", NULL, 0), EOPNOTSUPP);
}

TEST(a_value_above_64_kib_is_e2big)
{
    scratch();
    make_file("file", "x");
    static char value[65537];
    CHECK_ERRNO(setxattr("file", "trusted.big", value, sizeof value, 0), E2BIG);
}

TEST(descriptors_and_links_have_calls_of_their_own)
{
    scratch();
    int fd = write_file("file", "x", 1);
    OK(symlink("file", "link"));
    OK(fsetxattr(fd, "trusted.a", "fd", 2, 0));
    CHECK_EQ(getxattr("link", "trusted.a", NULL, 0), 2);
    CHECK_ERRNO(lgetxattr("link", "trusted.a", NULL, 0), ENODATA);
    OK(lsetxattr("link", "trusted.a", "link", 4, 0));
    CHECK_EQ(lgetxattr("link", "trusted.a", NULL, 0), 4);
    CHECK_EQ(fgetxattr(fd, "trusted.a", NULL, 0), 2);
    CHECK_ERRNO(lsetxattr("link", "user.a", "1", 1, 0), EPERM);
    OK(fremovexattr(fd, "trusted.a"));
    CHECK_ERRNO(fgetxattr(fd, "trusted.a", NULL, 0), ENODATA);
}

TEST(trusted_attributes_are_hidden_from_users)
{
    scratch();
    make_file("file", "x");
    OK(chmod("file", 0666));
    OK(chmod(".", 0755));
    OK(setxattr("file", "trusted.secret", "1", 1, 0));
    FORK(child)
    {
        OK(setresuid(1000, 1000, 1000));
        CHECK_ERRNO(getxattr("file", "trusted.secret", NULL, 0), ENODATA);
        CHECK_ERRNO(setxattr("file", "trusted.secret", "2", 1, 0), EPERM);
        CHECK_EQ(listxattr("file", NULL, 0), 0);
    }
    CHECK_EXITS(child, 0);
}

TEST(proc_has_none)
{
    CHECK_ERRNO(setxattr("/proc/self/status", "trusted.a", "1", 1, 0), EOPNOTSUPP);
    CHECK_ERRNO(getxattr("/proc/self/status", "trusted.a", NULL, 0), EOPNOTSUPP);
}
