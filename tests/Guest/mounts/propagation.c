// Shared, slave, private and unbindable mounts: mount_namespaces(7).
#include "mounts/mounts.h"

static void share(const char *path) { OK(mount(NULL, path, NULL, MS_SHARED, NULL)); }
static void bind(const char *from, const char *to)
{
    if (mkdir(to, 0755) == -1)
        CHECK_EQ(errno, EEXIST);
    OK(mount(from, to, NULL, MS_BIND, NULL));
}

TEST(a_mount_on_a_shared_mount_appears_at_its_peers)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    CHECK(shared("a") != 0);
    CHECK_EQ(shared("b"), shared("a"));
    tmpfs_at("a/sub");
    make_file("a/sub/f", "x");
    CHECK(exists("b/sub/f"));
    CHECK(shared("a/sub") != 0);
    CHECK_EQ(shared("b/sub"), shared("a/sub"));
    CHECK(shared("a/sub") != shared("a"));
    OK(umount("b/sub"));
    CHECK(!exists("a/sub/f"));
    leave();
}

TEST(a_private_mount_tells_nobody)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    bind("a", "b");
    CHECK_EQ(shared("a"), 0);
    tmpfs_at("a/sub");
    make_file("a/sub/f", "x");
    CHECK(!exists("b/sub/f"));
    leave();
}

TEST(a_slave_hears_and_does_not_tell)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/one", 0755));
    OK(mkdir("a/two", 0755));
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    CHECK_EQ(shared("b"), 0);
    CHECK_EQ(master("b"), shared("a"));
    tmpfs_at("a/one");
    make_file("a/one/f", "x");
    CHECK(exists("b/one/f"));
    CHECK_EQ(shared("b/one"), 0);
    CHECK_EQ(master("b/one"), shared("a/one"));
    tmpfs_at("b/two");
    make_file("b/two/f", "x");
    CHECK(!exists("a/two/f"));
    CHECK_EQ(shared("b/two"), 0);
    CHECK_EQ(master("b/two"), 0);
    OK(umount("a/one"));
    CHECK(!exists("b/one/f"));
    leave();
}

TEST(a_slave_that_is_shared_again_passes_on_what_it_hears)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    share("b");
    CHECK(shared("b") != 0 && shared("b") != shared("a"));
    CHECK_EQ(master("b"), shared("a"));
    bind("b", "c");
    CHECK_EQ(shared("c"), shared("b"));
    CHECK_EQ(master("c"), shared("a"));
    tmpfs_at("a/sub");
    make_file("a/sub/f", "x");
    CHECK(exists("b/sub/f"));
    CHECK(exists("c/sub/f"));
    CHECK_EQ(shared("c/sub"), shared("b/sub"));
    CHECK_EQ(master("c/sub"), shared("a/sub"));
    CHECK(shared("c/sub") != shared("a/sub"));
    OK(umount("b/sub"));
    CHECK(exists("a/sub/f"));
    CHECK(!exists("c/sub/f"));
    leave();
}

TEST(a_chain_of_slaves_hears_through_those_in_between)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    share("b");
    bind("b", "c");
    OK(mount(NULL, "c", NULL, MS_SLAVE, NULL));
    CHECK_EQ(master("c"), shared("b"));
    tmpfs_at("a/sub");
    CHECK_EQ(master("c/sub"), shared("b/sub"));
    CHECK_EQ(shared("c/sub"), 0);
    // The one in between goes: its slaves hear from its master from then on.
    OK(mount(NULL, "b", NULL, MS_PRIVATE, NULL));
    CHECK_EQ(master("c"), shared("a"));
    leave();
}

TEST(the_last_of_a_group_without_a_master_leaves_its_slaves_private)
{
    enter();
    tmpfs_at("a");
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    OK(mount(NULL, "a", NULL, MS_PRIVATE, NULL));
    CHECK_EQ(master("b"), 0);
    CHECK_EQ(shared("a"), 0);
    leave();
}

TEST(a_slave_of_nobody_is_private)
{
    enter();
    tmpfs_at("a");
    OK(mount(NULL, "a", NULL, MS_SLAVE, NULL));
    CHECK_EQ(master("a"), 0);
    share("a");
    OK(mount(NULL, "a", NULL, MS_SLAVE, NULL));
    CHECK_EQ(master("a"), 0);
    CHECK_EQ(shared("a"), 0);
    leave();
}

TEST(propagation_is_set_below_with_ms_rec)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    share("a");
    CHECK_EQ(shared("a/sub"), 0);
    OK(mount(NULL, "a", NULL, MS_SHARED | MS_REC, NULL));
    CHECK(shared("a/sub") != 0);
    OK(mount(NULL, "a", NULL, MS_PRIVATE | MS_REC, NULL));
    CHECK_EQ(shared("a/sub"), 0);
    CHECK_EQ(shared("a"), 0);
    leave();
}

TEST(a_bind_of_a_shared_mount_joins_its_group)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/dir", 0755));
    OK(mkdir("a/dir/sub", 0755));
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a/dir", "b");
    CHECK_EQ(shared("b"), shared("a"));
    // What the bind does not show it does not hear of.
    int before = mount_count();
    tmpfs_at("a/sub");
    CHECK_EQ(mount_count(), before + 1);
    tmpfs_at("a/dir/sub");
    CHECK_EQ(mount_count(), before + 3);
    CHECK_EQ(shared("b/sub"), shared("a/dir/sub"));
    leave();
}

TEST(a_bind_onto_a_shared_mount_is_shared_and_repeated)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    tmpfs_at("c");
    make_file("c/f", "x");
    OK(mount("c", "a/sub", NULL, MS_BIND, NULL));
    CHECK(exists("b/sub/f"));
    CHECK_EQ(shared("c"), 0);
    CHECK(shared("a/sub") != 0);
    CHECK_EQ(shared("a/sub"), shared("b/sub"));
    leave();
}

TEST(a_recursive_bind_onto_a_shared_mount_repeats_the_tree)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    tmpfs_at("c");
    tmpfs_at("c/deep");
    make_file("c/deep/f", "x");
    OK(mount("c", "a/sub", NULL, MS_BIND | MS_REC, NULL));
    CHECK(exists("b/sub/deep/f"));
    CHECK(shared("b/sub/deep") != 0);
    CHECK_EQ(shared("b/sub/deep"), shared("a/sub/deep"));
    leave();
}

TEST(an_unbindable_mount_is_not_bound)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    OK(mount(NULL, "a/sub", NULL, MS_UNBINDABLE, NULL));
    OK(mkdir("b", 0755));
    CHECK_ERRNO(mount("a/sub", "b", NULL, MS_BIND, NULL), EINVAL);
    make_file("a/sub/f", "x");
    OK(mount("a", "b", NULL, MS_BIND | MS_REC, NULL));
    CHECK(!exists("b/sub/f"));
    char line[2000];
    mountinfo("a/sub", line, sizeof line);
    CHECK(strstr(line, " unbindable ") != NULL);
    OK(mount(NULL, "a/sub", NULL, MS_SHARED, NULL));
    mountinfo("a/sub", line, sizeof line);
    CHECK(strstr(line, " unbindable ") == NULL);
    leave();
}

TEST(a_mount_moves_with_what_is_on_it)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    make_file("a/sub/f", "x");
    OK(mkdir("b", 0755));
    OK(mount("a", "b", NULL, MS_MOVE, NULL));
    CHECK(exists("b/sub/f"));
    CHECK(!exists("a/sub"));
    CHECK_ERRNO(mount("b", "b/sub", NULL, MS_MOVE, NULL), ELOOP);
    CHECK_ERRNO(mount("a", "b", NULL, MS_MOVE, NULL), EINVAL);
    make_file("file", "x");
    CHECK_ERRNO(mount("b", "file", NULL, MS_MOVE, NULL), EINVAL);
    leave();
}

TEST(what_hangs_on_a_shared_mount_does_not_move)
{
    enter();
    tmpfs_at("a");
    tmpfs_at("a/sub");
    share("a");
    OK(mkdir("b", 0755));
    CHECK_ERRNO(mount("a/sub", "b", NULL, MS_MOVE, NULL), EINVAL);
    leave();
}

TEST(a_move_onto_a_shared_mount_makes_shared_and_repeats)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    tmpfs_at("c");
    tmpfs_at("c/deep");
    make_file("c/deep/f", "x");
    OK(mount("c", "a/sub", NULL, MS_MOVE, NULL));
    CHECK(exists("b/sub/deep/f"));
    CHECK(shared("a/sub/deep") != 0);
    CHECK_EQ(shared("b/sub/deep"), shared("a/sub/deep"));
    leave();
}

TEST(what_is_unbindable_does_not_move_onto_a_shared_mount)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    tmpfs_at("c");
    tmpfs_at("c/deep");
    OK(mount(NULL, "c/deep", NULL, MS_UNBINDABLE, NULL));
    CHECK_ERRNO(mount("c", "a/sub", NULL, MS_MOVE, NULL), EINVAL);
    leave();
}

TEST(a_mount_comes_below_what_a_peer_has_there_already)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    tmpfs_at("b/sub");
    make_file("b/sub/above", "x");
    tmpfs_at("a/sub");
    make_file("a/sub/below", "x");
    CHECK(exists("b/sub/above"));
    OK(umount("b/sub"));
    CHECK(exists("b/sub/below"));
    leave();
}

TEST(what_lay_above_stays_when_the_mount_below_goes)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    OK(mount(NULL, "b", NULL, MS_SLAVE, NULL));
    tmpfs_at("b/sub");
    make_file("b/sub/above", "x");
    tmpfs_at("a/sub");
    int before = mount_count();
    OK(umount("a/sub"));
    CHECK_EQ(mount_count(), before - 2);
    CHECK(exists("b/sub/above"));
    OK(umount("b/sub"));
    CHECK(!exists("b/sub/above"));
    leave();
}

TEST(a_peers_mount_in_use_keeps_the_mount_busy)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    tmpfs_at("a/sub");
    int fd = write_file("b/sub/f", "x", 1);
    CHECK_ERRNO(umount("a/sub"), EBUSY);
    OK(close(fd));
    OK(umount("a/sub"));
    leave();
}

TEST(a_peers_mount_with_a_mount_on_it_stays)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    tmpfs_at("a/sub");
    OK(mkdir("a/sub/deep", 0755));
    OK(mount(NULL, "b/sub", NULL, MS_PRIVATE, NULL));
    tmpfs_at("b/sub/deep");
    make_file("b/sub/deep/f", "x");
    OK(umount("a/sub"));
    CHECK(exists("b/sub/deep/f"));
    leave();
}

TEST(a_lazy_unmount_takes_the_peers_trees_too)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    bind("a", "b");
    int before = mount_count();
    tmpfs_at("a/sub");
    tmpfs_at("a/sub/deep");
    CHECK_EQ(mount_count(), before + 4);
    int fd = write_file("b/sub/deep/f", "x", 1);
    OK(umount2("a/sub", MNT_DETACH));
    CHECK_EQ(mount_count(), before);
    CHECK_EQ(write(fd, "y", 1), 1);
    OK(close(fd));
    leave();
}

TEST(a_mount_of_a_peers_root_on_itself_is_repeated_once)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/sub", 0755));
    share("a");
    int before = mount_count();
    OK(mount("a", "a/sub", NULL, MS_BIND, NULL));
    // The new mount is a peer of the one it is mounted on; it does not get itself.
    CHECK_EQ(shared("a/sub"), shared("a"));
    int after = mount_count();
    CHECK_EQ(after, before + 1);
    leave();
}

TEST(propagation_flags_exclude_each_other)
{
    enter();
    tmpfs_at("a");
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_SHARED | MS_PRIVATE, NULL), EINVAL);
    CHECK_ERRNO(mount(NULL, "a", NULL, MS_SHARED | MS_RDONLY, NULL), EINVAL);
    OK(mkdir("a/dir", 0755));
    CHECK_ERRNO(mount(NULL, "a/dir", NULL, MS_SHARED, NULL), EINVAL);
    leave();
}

TEST(the_group_that_is_out_of_sight_is_passed_over)
{
    enter();
    tmpfs_at("a");
    OK(mkdir("a/root", 0755));
    OK(mkdir("a/root/top", 0755));
    OK(mkdir("a/root/low", 0755));
    OK(mkdir("hidden", 0755));
    tmpfs_at("s");
    share("s");
    bind("s", "hidden");
    OK(mount("s", "a/root/top", NULL, MS_BIND, NULL));
    OK(mount(NULL, "hidden", NULL, MS_SLAVE, NULL));
    share("hidden");
    OK(mount("hidden", "a/root/low", NULL, MS_BIND, NULL));
    OK(mount(NULL, "a/root/low", NULL, MS_SLAVE, NULL));
    int top = shared("s");
    int between = shared("hidden");
    CHECK_EQ(master("a/root/low"), between);
    CHECK_EQ(peer("a/root/low", " propagate_from:"), 0);
    OK(mkdir("a/root/proc", 0755));
    OK(mount("proc", "a/root/proc", "proc", 0, NULL));
    FORK(child)
    {
        OK(chroot("a/root"));
        char text[4000];
        read_file("/proc/self/mountinfo", text, sizeof text);
        char wanted[100];
        snprintf(wanted, sizeof wanted, " master:%d propagate_from:%d ", between, top);
        CHECK(strstr(text, wanted) != NULL);
    }
    CHECK_EXITS(child, 0);
    leave();
}
