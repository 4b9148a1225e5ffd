// System V shared memory: shmget(2), shmop(2), shmctl(2).
#include "check.h"
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>

enum { SIZE = 3 * CHECK_PAGE - 100 };

static int made[64];
static int made_count;

static void remove_all(void)
{
    for (int i = 0; i < made_count; i++)
        shmctl(made[i], IPC_RMID, NULL);
}

// A segment that is gone after the case, however it ends.
static int segment(key_t key, size_t size, int flags)
{
    int id = OK(shmget(key, size, flags));
    made[made_count++] = id;
    return id;
}

static struct shmid_ds state_of(int id)
{
    struct shmid_ds state;
    OK(shmctl(id, IPC_STAT, &state));
    return state;
}

static char *attach(int id) { return OK(shmat(id, NULL, 0)); }

TEST(two_processes_see_the_same_bytes)
{
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    char *at = attach(id);
    CHECK_EQ(at[0], 0);
    FORK(child)
    {
        char *own = attach(id);
        own[5] = 'x';
        at[CHECK_PAGE] = 'y';
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(at[5], 'x');
    CHECK_EQ(at[CHECK_PAGE], 'y');
    OK(shmdt(at));
    CHECK_ERRNO(shmdt(at), EINVAL);
    at = attach(id);
    CHECK_EQ(at[5], 'x');
    remove_all();
}

TEST(the_state_tells_who_did_what)
{
    int id = segment(IPC_PRIVATE, SIZE, 0640);
    struct shmid_ds state = state_of(id);
    CHECK_EQ(state.shm_segsz, SIZE);
    CHECK_EQ(state.shm_perm.mode, 0640);
    CHECK_EQ(state.shm_perm.uid, geteuid());
    CHECK_EQ(state.shm_perm.cuid, geteuid());
    CHECK_EQ(state.shm_cpid, getpid());
    CHECK_EQ(state.shm_lpid, 0);
    CHECK_EQ(state.shm_nattch, 0);
    CHECK_EQ(state.shm_atime, 0);
    CHECK_EQ(state.shm_dtime, 0);
    CHECK(state.shm_ctime != 0);
    char *at = attach(id);
    state = state_of(id);
    CHECK_EQ(state.shm_nattch, 1);
    CHECK_EQ(state.shm_lpid, getpid());
    CHECK(state.shm_atime != 0);
    CHECK_EQ(state.shm_dtime, 0);
    OK(shmdt(at));
    state = state_of(id);
    CHECK_EQ(state.shm_nattch, 0);
    CHECK(state.shm_dtime != 0);
    remove_all();
}

HELPER(counts)
{
    _exit((int)state_of(atoi(argv[0])).shm_nattch);
}

TEST(attachments_follow_fork_and_end_with_exec_and_exit)
{
    char number[16];
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    attach(id);
    attach(id);
    CHECK_EQ(state_of(id).shm_nattch, 2);
    struct gate born = new_gate();
    struct gate end = new_gate();
    FORK(child)
    {
        open_gate(&born);
        pass_gate(&end);
    }
    pass_gate(&born);
    CHECK_EQ(state_of(id).shm_nattch, 4);
    open_gate(&end);
    CHECK_EXITS(child, 0);
    CHECK_EQ(state_of(id).shm_nattch, 2);
    snprintf(number, sizeof number, "%d", id);
    FORK(runner)
        execl(check_self, check_self, "--helper", "counts", number, NULL);
    CHECK_EXITS(runner, 2);
    remove_all();
}

TEST(a_removed_segment_lives_as_long_as_it_is_attached)
{
    int id = segment(0x4711, SIZE, IPC_CREAT | 0600);
    char *at = attach(id);
    OK(shmctl(id, IPC_RMID, NULL));
    struct shmid_ds state = state_of(id);
    CHECK_EQ(state.shm_perm.mode, 0600 | SHM_DEST);
    CHECK_EQ(state.shm_perm.__key, 0);
    at[0] = 'a';
    char *again = attach(id);
    CHECK_EQ(again[0], 'a');
    CHECK_ERRNO(shmget(0x4711, 0, 0), ENOENT);
    int other = segment(0x4711, SIZE, IPC_CREAT | IPC_EXCL | 0600);
    CHECK(other != id);
    OK(shmctl(id, IPC_RMID, NULL));
    OK(shmdt(at));
    OK(shmdt(again));
    CHECK_ERRNO(shmctl(id, IPC_STAT, &state), EINVAL);
    CHECK_ERRNO(shmat(id, NULL, 0), EINVAL);
    CHECK_ERRNO(shmctl(id, IPC_RMID, NULL), EINVAL);
    remove_all();
}

TEST(keys_find_what_was_made)
{
    CHECK_ERRNO(shmget(0x1234567, SIZE, 0600), ENOENT);
    int id = segment(0x1234567, SIZE, IPC_CREAT | 0600);
    CHECK_EQ(shmget(0x1234567, 0, 0), id);
    CHECK_EQ(shmget(0x1234567, SIZE, IPC_CREAT | 0600), id);
    CHECK_ERRNO(shmget(0x1234567, SIZE, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    CHECK_ERRNO(shmget(0x1234567, SIZE + 1, 0600), EINVAL);
    CHECK_ERRNO(shmget(0x1234567, SIZE + 1, IPC_CREAT | IPC_EXCL), EEXIST);
    OK(shmctl(id, IPC_RMID, NULL));
    CHECK_ERRNO(shmget(0x1234567, 0, 0), ENOENT);
    remove_all();
}

TEST(private_segments_are_always_new)
{
    int first = segment(IPC_PRIVATE, SIZE, 0600);
    int second = segment(IPC_PRIVATE, SIZE, IPC_CREAT | IPC_EXCL | 0600);
    CHECK(first != second);
    remove_all();
}

TEST(ids_are_not_used_again_at_once)
{
    int first = OK(shmget(IPC_PRIVATE, 1, 0600));
    OK(shmctl(first, IPC_RMID, NULL));
    int second = OK(shmget(IPC_PRIVATE, 1, 0600));
    OK(shmctl(second, IPC_RMID, NULL));
    CHECK(first != second);
}

TEST(bad_arguments_are_refused)
{
    struct shmid_ds state;
    CHECK_ERRNO(shmget(IPC_PRIVATE, 0, 0600), EINVAL);
    CHECK_ERRNO(shmget(IPC_PRIVATE, (size_t)-1, 0600), EINVAL);
    CHECK_ERRNO(syscall(SYS_shmget, IPC_PRIVATE, 1UL << 46, 0600), ENOMEM);
    CHECK_ERRNO(shmat(-1, NULL, 0), EINVAL);
    CHECK_ERRNO(shmctl(-1, IPC_STAT, &state), EINVAL);
    CHECK_ERRNO(shmctl(0x7fffff00, IPC_STAT, &state), EINVAL);
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    CHECK_ERRNO(shmctl(id, 99, &state), EINVAL);
    CHECK_ERRNO(syscall(SYS_shmctl, id, IPC_STAT, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_shmctl, id, IPC_SET, 8), EFAULT);
    CHECK_ERRNO(shmat(id, (void *)12345, 0), EINVAL);
    CHECK_ERRNO(shmat(id, NULL, SHM_REMAP), EINVAL);
    CHECK_ERRNO(shmat(id, (void *)0xfffffffffffff000UL, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_shmdt, 4096 * 3), EINVAL);
    CHECK_ERRNO(syscall(SYS_shmdt, 5), EINVAL);
    remove_all();
}

TEST(no_huge_pages_are_set_aside)
{
    CHECK_ERRNO(shmget(IPC_PRIVATE, 2 << 20, SHM_HUGETLB | 0600), ENOMEM);
}

TEST(addresses_are_rounded_replaced_or_refused)
{
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    char *room = OK(mmap(NULL, 8 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK_ERRNO(shmat(id, room, 0), EINVAL);
    CHECK_ERRNO(shmat(id, room + 10, SHM_RND), EINVAL);
    room[0] = 1;
    char *at = OK(shmat(id, room, SHM_REMAP));
    CHECK(at == room);
    CHECK_EQ(at[0], 0);
    OK(munmap(room + 3 * CHECK_PAGE, 5 * CHECK_PAGE));
    at = OK(shmat(id, room + 4 * CHECK_PAGE + 17, SHM_RND));
    CHECK(at == room + 4 * CHECK_PAGE);
    CHECK_EQ(state_of(id).shm_nattch, 2);
    remove_all();
}

TEST(a_reading_attachment_stays_one)
{
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    char *at = OK(shmat(id, NULL, SHM_RDONLY));
    CHECK_EQ(at[0], 0);
    FORK(victim)
        *(volatile char *)at = 1;
    CHECK_KILLED(victim, SIGSEGV);
    CHECK_ERRNO(mprotect(at, CHECK_PAGE, CHECK_RW), EACCES);
    remove_all();
}

TEST(code_can_be_attached)
{
    static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
    int id = segment(IPC_PRIVATE, SIZE, 0700);
    memcpy(attach(id), code, sizeof code);
    char *at = OK(shmat(id, NULL, SHM_RDONLY | SHM_EXEC));
    CHECK_EQ(((int (*)(void))(uintptr_t)at)(), 42);
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(shmat(id, NULL, SHM_RDONLY), EACCES);
    }
    CHECK_EXITS(stranger, 0);
    remove_all();
}

TEST(permissions_are_checked_for_each_access)
{
    int id = segment(0x7a7a, SIZE, IPC_CREAT | 0644);
    FORK(stranger)
    {
        struct shmid_ds state;
        become(1234);
        OK(shmat(id, NULL, SHM_RDONLY));
        CHECK_ERRNO(shmat(id, NULL, 0), EACCES);
        CHECK_ERRNO(shmat(id, NULL, SHM_RDONLY | SHM_EXEC), EACCES);
        CHECK_EQ(shmget(0x7a7a, 0, 0444), id);
        CHECK_ERRNO(shmget(0x7a7a, 0, 0666), EACCES);
        OK(shmctl(id, IPC_STAT, &state));
        CHECK_ERRNO(shmctl(id, IPC_SET, &state), EPERM);
        CHECK_ERRNO(shmctl(id, IPC_RMID, NULL), EPERM);
        CHECK_ERRNO(shmctl(id, SHM_LOCK, NULL), EPERM);
    }
    CHECK_EXITS(stranger, 0);
    remove_all();
}

TEST(owner_and_mode_can_be_set)
{
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    struct shmid_ds state = state_of(id);
    state.shm_perm.uid = 1234;
    state.shm_perm.gid = 55;
    state.shm_perm.mode = 07444;
    OK(shmctl(id, IPC_SET, &state));
    state = state_of(id);
    CHECK_EQ(state.shm_perm.uid, 1234);
    CHECK_EQ(state.shm_perm.gid, 55);
    CHECK_EQ(state.shm_perm.cuid, 0);
    CHECK_EQ(state.shm_perm.mode, 0444);
    FORK(owner)
    {
        become(1234);
        OK(shmat(id, NULL, SHM_RDONLY));
        CHECK_ERRNO(shmat(id, NULL, 0), EACCES);
        OK(shmctl(id, IPC_RMID, NULL));
    }
    CHECK_EXITS(owner, 0);
    CHECK_ERRNO(shmctl(id, IPC_STAT, &state), EINVAL);
    state.shm_perm.uid = (uid_t)-1;
    id = segment(IPC_PRIVATE, SIZE, 0600);
    CHECK_ERRNO(shmctl(id, IPC_SET, &state), EINVAL);
    remove_all();
}

TEST(detaching_finds_what_is_left)
{
    int id = segment(IPC_PRIVATE, 4 * CHECK_PAGE, 0600);
    char *at = attach(id);
    OK(munmap(at, CHECK_PAGE));
    OK(mprotect(at + 2 * CHECK_PAGE, CHECK_PAGE, PROT_READ));
    CHECK_EQ(state_of(id).shm_nattch, 3);
    CHECK_ERRNO(shmdt(at + CHECK_PAGE), EINVAL);
    OK(shmdt(at));
    CHECK_EQ(state_of(id).shm_nattch, 0);
    CHECK_ERRNO(shmdt(at), EINVAL);
    remove_all();
}

TEST(limits_and_use_are_told)
{
    struct shminfo limits;
    struct shm_info before, info;
    int highest = OK(shmctl(0, IPC_INFO, (struct shmid_ds *)&limits));
    CHECK_EQ(limits.shmmni, 4096);
    CHECK_EQ(limits.shmmin, 1);
    CHECK_EQ(limits.shmmax, 18446744073692774399UL);
    CHECK_EQ(limits.shmall, 18446744073692774399UL);
    CHECK_EQ(limits.shmseg, 4096);
    OK(shmctl(0, SHM_INFO, (struct shmid_ds *)&before));
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    attach(id)[0] = 1;
    CHECK(OK(shmctl(0, SHM_INFO, (struct shmid_ds *)&info)) >= highest);
    CHECK_EQ(info.used_ids, before.used_ids + 1);
    CHECK_EQ(info.shm_tot, before.shm_tot + 3);
    CHECK_EQ(info.shm_rss, before.shm_rss + 1);
    remove_all();
}

TEST(segments_are_found_by_their_place)
{
    struct shmid_ds state;
    int id = segment(IPC_PRIVATE, SIZE, 0600);
    CHECK_EQ(shmctl(id % 32768, SHM_STAT, &state), id);
    CHECK_EQ(state.shm_segsz, SIZE);
    CHECK_EQ(shmctl(id % 32768, 15, &state), id);
    FORK(stranger)
    {
        become(1234);
        CHECK_ERRNO(shmctl(id % 32768, SHM_STAT, &state), EACCES);
        CHECK_EQ(shmctl(id % 32768, 15, &state), id);
    }
    CHECK_EXITS(stranger, 0);
    CHECK_ERRNO(shmctl(30000, SHM_STAT, &state), EINVAL);
    remove_all();
}

TEST(locking_needs_an_owner_within_limits)
{
    int id = segment(IPC_PRIVATE, 4 * CHECK_PAGE, 0600);
    OK(shmctl(id, SHM_LOCK, NULL));
    CHECK_EQ(state_of(id).shm_perm.mode, 0600 | SHM_LOCKED);
    OK(shmctl(id, SHM_UNLOCK, NULL));
    CHECK_EQ(state_of(id).shm_perm.mode, 0600);
    struct shmid_ds state = state_of(id);
    state.shm_perm.uid = 1234;
    OK(shmctl(id, IPC_SET, &state));
    FORK(owner)
    {
        struct rlimit little = { 3 * CHECK_PAGE, 3 * CHECK_PAGE };
        struct rlimit none = { 0, 0 };
        become(1234);
        OK(shmctl(id, SHM_LOCK, NULL));
        OK(shmctl(id, SHM_UNLOCK, NULL));
        OK(setrlimit(RLIMIT_MEMLOCK, &little));
        CHECK_ERRNO(shmctl(id, SHM_LOCK, NULL), ENOMEM);
        OK(setrlimit(RLIMIT_MEMLOCK, &none));
        CHECK_ERRNO(shmctl(id, SHM_LOCK, NULL), EPERM);
        OK(shmctl(id, SHM_UNLOCK, NULL));
    }
    CHECK_EXITS(owner, 0);
    remove_all();
}

TEST(maps_shows_the_key)
{
    static char text[65536];
    char wanted[64];
    int id = segment(0xabc, SIZE, IPC_CREAT | 0600);
    attach(id);
    read_file("/proc/self/maps", text, sizeof text);
    snprintf(wanted, sizeof wanted, " %d ", id);
    char *line = strstr(text, "/SYSV00000abc (deleted)\n");
    CHECK(line != NULL);
    while (line > text && line[-1] != '\n')
        line--;
    CHECK(strstr(line, wanted) != NULL);
    CHECK(strstr(line, "rw-s 00000000 00:") != NULL);
    remove_all();
}

TEST(proc_lists_segments)
{
    static char text[65536];
    char wanted[300];
    int id = segment(0x77, SIZE, IPC_CREAT | 0640);
    read_file("/proc/sysvipc/shm", text, sizeof text);
    static const char heading[] = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid"
        "      atime      dtime      ctime                   rss                  swap\n";
    CHECK(strncmp(text, heading, sizeof heading - 1) == 0);
    struct shmid_ds state = state_of(id);
    snprintf(wanted, sizeof wanted,
             "%10d %10d  %4o %21lu %5u %5u  %5lu %5u %5u %5u %5u %10llu %10llu %10llu %21lu %21lu\n", 0x77, id, 0640,
             (unsigned long)SIZE, getpid(), 0, 0UL, 0, 0, 0, 0, 0ULL, 0ULL, (unsigned long long)state.shm_ctime, 0UL,
             0UL);
    CHECK(strstr(text, wanted) != NULL);
    remove_all();
}

static void store(const char *path, const char *text)
{
    int fd = OK(open(path, O_WRONLY));
    CHECK_EQ(write(fd, text, strlen(text)), (long)strlen(text));
    OK(close(fd));
}

TEST(limits_hold_as_soon_as_they_are_set)
{
    char text[64];
    struct shm_info info;
    read_file("/proc/sys/kernel/shmmni", text, sizeof text);
    CHECK(strcmp(text, "4096\n") == 0);
    read_file("/proc/sys/kernel/shmmax", text, sizeof text);
    CHECK(strcmp(text, "18446744073692774399\n") == 0);
    store("/proc/sys/kernel/shmmax", "8192");
    CHECK_ERRNO(shmget(IPC_PRIVATE, 8193, 0600), EINVAL);
    OK(shmctl(OK(shmget(IPC_PRIVATE, 8192, 0600)), IPC_RMID, NULL));
    store("/proc/sys/kernel/shmmax", "18446744073692774399");
    OK(shmctl(0, SHM_INFO, (struct shmid_ds *)&info));
    snprintf(text, sizeof text, "%d", info.used_ids);
    store("/proc/sys/kernel/shmmni", text);
    CHECK_ERRNO(shmget(IPC_PRIVATE, 1, 0600), ENOSPC);
    store("/proc/sys/kernel/shmmni", "4096");
    snprintf(text, sizeof text, "%lu", info.shm_tot);
    store("/proc/sys/kernel/shmall", text);
    CHECK_ERRNO(shmget(IPC_PRIVATE, 1, 0600), ENOSPC);
    store("/proc/sys/kernel/shmall", "18446744073692774399");
}

TEST(pages_go_with_the_segment)
{
    for (int i = 0; i < 100; i++)
    {
        int id = OK(shmget(IPC_PRIVATE, 64 * CHECK_PAGE, 0600));
        char *at = attach(id);
        memset(at, 1, 64 * CHECK_PAGE);
        OK(shmctl(id, IPC_RMID, NULL));
        OK(shmdt(at));
    }
}
