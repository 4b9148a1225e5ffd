// Calls of one family at random, by several callers that share what they work on: so states are reached that calls
// alone do not reach. Whatever comes of it, the callers can be killed, and nothing is left of them.
//
// GUEST_SEED, GUEST_LOOPS and GUEST_RECORD are those of calls.c.
#include "caller.h"
#include <pthread.h>
#include <sys/msg.h>

enum
{
    CALLS_OF_MEMBER = 150,
    ROUNDS = 10,
};

enum sharing { PROCESSES, THREADS };

struct family
{
    enum who who;
    enum sharing sharing;
    const struct call *calls;
    size_t call_count;
    const char *const *paths;
    size_t path_count;

    // What each round begins with, in a directory of its own, before the callers are there; may be NULL.
    void (*begin)(void);
    void (*end)(void);
};

static const struct family *family;

static void make_calls(void)
{
    for (int i = 0; i < CALLS_OF_MEMBER; i++)
    {
        const struct call *picked = &family->calls[below(family->call_count)];
        call_with(picked->number, picked->arguments);
    }
}

static void *run_thread(void *number)
{
    state = (uint64_t)(uintptr_t)number;
    make_calls();
    return NULL;
}

// The first member and, made by it, the others; never returns.
__attribute__((noreturn)) static void run_members(void)
{
    record->members[0] = getpid();
    become_caller(family->who);
    for (int i = 1; i < MEMBERS; i++)
    {
        uint64_t own = next() | 1;
        pthread_t thread;
        if (family->sharing == THREADS)
        {
            pthread_create(&thread, NULL, run_thread, (void *)(uintptr_t)own);
            continue;
        }
        pid_t child = fork();
        if (child == 0)
        {
            state = own;
            make_calls();
            invoke(SYS_exit_group, (long[6]){ 0 });
        }
        if (child > 0)
            record->members[i] = child;
    }
    make_calls();
    invoke(SYS_exit_group, (long[6]){ 0 });
    abort();
}

// Everything that the callers have made, whose parent this process is by now.
static void kill_all(void)
{
    for (int i = 0; i < MEMBERS; i++)
        if (record->members[i] > 0)
            kill(record->members[i], SIGKILL);
    if (family->who == AS_USER)
    {
        FORK(killer)
        {
            become(USER);
            kill(-1, SIGKILL);
        }
        waitpid(killer, NULL, 0);
    }
    for (int i = 0; i < KILL_SECONDS * 1000; i++)
    {
        pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);
        if (pid < 0)
            return;
        if (pid == 0)
            usleep(1000);
    }
    char last[200];
    name_last_call(last, sizeof last);
    FAIL("%s, got processes that cannot be killed", last);
}

static void run_round(void)
{
    if (family->begin != NULL)
        family->begin();
    for (int i = 0; i < MEMBERS; i++)
        record->members[i] = 0;
    for (int i = 0; i < KNOWN_IDS; i++)
        record->ids[i] = 0;
    FORK(caller)
        run_members();
    record->members[0] = caller;
    ends_within(caller, CALLER_SECONDS);
    kill_all();
    if (family->end != NULL)
        family->end();
}

static void check_family(const struct family *tried, uint64_t number)
{
    family = tried;
    family_paths = tried->paths;
    family_path_count = tried->path_count;
    prepare(tried->who);
    OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    struct health before = health_before();
    for (int i = loops(1) * ROUNDS; i > 0; i--)
    {
        seed(2000 + number, i);
        run_round();
    }
    OK(prctl(PR_SET_CHILD_SUBREAPER, 0));
    report_successes();
    // A family whose calls all fail tries nothing.
    unsigned succeeded = 0;
    for (int i = 0; i <= LAST_CALL; i++)
        succeeded += record->succeeded[i];
    CHECK(succeeded > 20);
    check_that_nothing_is_left(tried->who, &before);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FAMILY(name, from, ...)                                                                          \
    TEST(name##_by_several_are_survived)                                                                 \
    {                                                                                                    \
        static const struct family tried = { .calls = from, .call_count = COUNT(from), __VA_ARGS__ };    \
        check_family(&tried, __LINE__);                                                                  \
    }
#define PATHS(array) .paths = (array), .path_count = COUNT(array)

static void remove_ipc(void)
{
    for (int i = 0; i < 4096; i++)
    {
        struct shmid_ds segment;
        struct msqid_ds queue;
        struct seminfo set;
        int id = shmctl(i, SHM_STAT, &segment);
        if (id >= 0)
            shmctl(id, IPC_RMID, NULL);
        id = msgctl(i, MSG_STAT, &queue);
        if (id >= 0)
            msgctl(id, IPC_RMID, NULL);
        id = semctl(i, 0, SEM_STAT, &set);
        if (id >= 0)
            semctl(id, 0, IPC_RMID);
    }
}

static const struct call ipc[] = {
    { 29, "jn+" }, { 30, "J@o" }, { 31, "J%b" }, { 67, "@" }, { 64, "ji+" }, { 65, "J$i" }, { 65, "J$i" },
    { 66, "Ji%b" }, { 220, "J$it" }, { 68, "j+" }, { 69, "JQno" }, { 69, "JQio" }, { 70, "JQnio" },
    { 70, "JQiio" }, { 71, "J%b" }, { 57, "" }, { 11, "an" }, { 10, "anq" }, { 25, "annoa" }, { 28, "ani" },
    { 272, "o" }, { 66, "Ji%i" }, { 310, "Hvivi0" },
};

FAMILY(calls_of_ipc_by_processes, ipc, .who = AS_USER, .end = remove_ipc)
FAMILY(calls_of_ipc_by_threads, ipc, .who = AS_USER, .sharing = THREADS, .end = remove_ipc)

static const char *const queue_paths[] = { "one", "two", "three" };

static void remove_queues(void)
{
    for (size_t i = 0; i < COUNT(queue_paths); i++)
        syscall(SYS_mq_unlink, queue_paths[i]);
}

static const struct call queues[] = {
    { 240, "poi0" }, { 240, "poib" }, { 240, "poi0" }, { 241, "p" }, { 242, "fbiit" }, { 242, "fbi0t" },
    { 243, "fbnbt" }, { 243, "fbn0t" }, { 244, "fe" }, { 244, "f0" }, { 245, "f0b" }, { 245, "fbb" }, { 3, "f" },
    { 32, "f" }, { 7, "bii" }, { 233, "EifV" }, { 57, "" }, { 0, "fbn" }, { 5, "fb" }, { 13, "gbb8" },
};

FAMILY(calls_of_message_queues_by_processes, queues, .who = AS_USER, .end = remove_queues, PATHS(queue_paths))
FAMILY(calls_of_message_queues_by_threads, queues, .who = AS_USER, .sharing = THREADS, .end = remove_queues,
       PATHS(queue_paths))

static int outside;

// The callers are locked into a mount of their own, and everything that they mount goes with it.
static void enter_mount(void)
{
    outside = OK(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    mkdir("base", 0755);
    OK(mount("none", "base", "tmpfs", 0, "size=4m"));
    OK(mount(NULL, "base", NULL, MS_PRIVATE, NULL));
    OK(chdir("base"));
    static const char *const directories[] = { "a", "b", "c", "directory", "b/x", "b/y", "a/d", "merged" };
    for (size_t i = 0; i < COUNT(directories); i++)
        OK(mkdir(directories[i], 0777));
    static const char *const files[] = { "file", "a/file", "a/other", "b/third", "a/d/inner", "directory/inner" };
    for (size_t i = 0; i < COUNT(files); i++)
        make_file(files[i], "0123456789");
    OK(mknod("null", S_IFCHR | 0666, makedev(1, 3)));
    OK(mknod("zero", S_IFCHR | 0666, makedev(1, 5)));
    OK(mkfifo("fifo", 0666));
}

static void leave_mount(void)
{
    // What is there may have been moved, or taken away, by a pivot_root of the callers.
    OK(fchdir(outside));
    OK(close(outside));
    while (umount2("base", MNT_DETACH) == 0)
        continue;
}

static const char *const mount_paths[] = {
    "a", "b", "c", "/", ".", "a/d", "b/x", "file", "a/file", "directory", "directory/inner", "b/third",
    "merged", "merged/d", "a/..", "merged/file", "",
};
static const struct call mounts[] = {
    { 165, "ppF_X" }, { 165, "ppF_X" }, { 165, "pp0_0" }, { 165, "pp0_0" }, { 166, "pi" }, { 166, "pi" },
    { 155, "pp" }, { 161, "p" }, { 80, "p" }, { 428, "dpo" }, { 428, "fpo" }, { 429, "fpfpo" },
    { 429, "dpdpi" }, { 430, "Fi" }, { 431, "fi<>0" }, { 431, "fi000" }, { 431, "fi<>d" }, { 432, "fii" },
    { 433, "dpo" }, { 442, "dpoZn" }, { 442, "fpoZn" }, { 2, "poo" }, { 257, "dpoo" }, { 83, "pi" },
    { 84, "p" }, { 82, "pp" }, { 87, "p" }, { 86, "pp" }, { 88, "pp" }, { 137, "pb" }, { 138, "fb" },
    { 3, "f" }, { 217, "fbn" }, { 0, "fbn" }, { 1, "fbn" }, { 254, "IpW" }, { 81, "f" }, { 303, "dpbbo" },
    { 332, "dpoob" }, { 57, "" },
};

FAMILY(calls_of_mounts, mounts, .who = AS_ROOT, .begin = enter_mount, .end = leave_mount,
       PATHS(mount_paths))

static void enter_overlay(void)
{
    enter_mount();
    OK(mount("none", "merged", "overlay", 0, "lowerdir=a,upperdir=b/x,workdir=b/y"));
}

static const char *const overlay_paths[] = {
    "merged/file", "merged/other", "merged/d", "merged/d/inner", "merged/new", "merged/d/new", "merged",
    "a/file", "a/d", "b/x/file", "b/x/new", "b/y/work", "merged/new/x", "a/new", "merged/d/..", "b/x",
    "b/x/d",
};
static const struct call overlay[] = {
    { 2, "poo" }, { 257, "dpoo" }, { 3, "f" }, { 0, "fbn" }, { 1, "fbn" }, { 4, "pb" }, { 6, "pb" },
    { 332, "dpoob" }, { 82, "pp" }, { 82, "pp" }, { 316, "dpdpi" }, { 316, "dpdpi" }, { 83, "pi" },
    { 84, "p" }, { 87, "p" }, { 86, "pp" }, { 88, "pp" }, { 133, "poi" }, { 90, "po" }, { 92, "pii" },
    { 76, "pu" }, { 77, "fu" }, { 285, "fiin" }, { 188, "pxbno" }, { 191, "pxbn" }, { 194, "pbn" },
    { 197, "px" }, { 217, "fbn" }, { 9, "anqmfz" }, { 11, "an" }, { 137, "pb" }, { 280, "dpbo" },
    { 303, "dpbbo" }, { 304, "fbo" }, { 254, "IpW" }, { 326, "fbfbno" }, { 59, "pAA" }, { 265, "dpdpo" },
    { 32, "f" }, { 74, "f" }, { 73, "fi" }, { 8, "fui" },
};

FAMILY(calls_on_an_overlay, overlay, .who = AS_ROOT, .begin = enter_overlay, .end = leave_mount,
       PATHS(overlay_paths))
FAMILY(calls_on_an_overlay_by_threads, overlay, .who = AS_CAPABLE, .sharing = THREADS,
       .begin = enter_overlay, .end = leave_mount, PATHS(overlay_paths))

static const char *const file_paths[] = {
    "file", "file", "new", "other", "directory", "directory/inner", "directory/new", "directory/d",
    "directory/d/new", "fifo", "link", "socket", ".",
};
static const struct call files[] = {
    { 2, "poo" }, { 257, "dpoo" }, { 437, "dpbn" }, { 3, "f" }, { 0, "fbn" }, { 1, "fbn" }, { 17, "fbnu" },
    { 18, "fbnu" }, { 72, "fcb" }, { 72, "fib" }, { 73, "fi" }, { 82, "pp" }, { 316, "dpdpi" },
    { 83, "pi" }, { 84, "p" }, { 87, "p" }, { 86, "pp" }, { 88, "pp" }, { 133, "poi" }, { 76, "pu" },
    { 77, "fu" }, { 285, "fiin" }, { 217, "Dbn" }, { 9, "anqmfz" }, { 11, "an" }, { 188, "pxbno" },
    { 191, "pxbn" }, { 194, "pbn" }, { 197, "px" }, { 40, "ffbn" }, { 275, "fbfbno" }, { 276, "ffno" },
    { 278, "fvio" }, { 326, "fbfbno" }, { 295, "fviu" }, { 296, "fviu" }, { 436, "iio" }, { 32, "f" },
    { 33, "ff" }, { 436, "iii" }, { 16, "fcb" }, { 90, "po" }, { 280, "dpbo" }, { 80, "p" }, { 81, "D" },
    { 303, "dpbbo" }, { 304, "dbo" }, { 59, "pAA" }, { 57, "" }, { 271, "bits8" }, { 319, "po" },
    { 439, "dpio" },
};

FAMILY(calls_on_files_by_processes, files, .who = AS_USER, PATHS(file_paths))
FAMILY(calls_on_files_by_threads, files, .who = AS_USER, .sharing = THREADS, PATHS(file_paths))

static const struct call watches[] = {
    { 253, "" }, { 294, "o" }, { 254, "IpW" }, { 254, "fpW" }, { 254, "IpW" }, { 255, "Ii" }, { 0, "Ibn" },
    { 0, "fbn" }, { 2, "poo" }, { 3, "f" }, { 82, "pp" }, { 83, "pi" }, { 84, "p" }, { 87, "p" },
    { 86, "pp" }, { 88, "pp" }, { 90, "pi" }, { 76, "pu" }, { 1, "fbn" }, { 32, "I" }, { 7, "bii" },
    { 16, "Icb" }, { 133, "poi" }, { 188, "pxbno" }, { 59, "pAA" }, { 57, "" },
};

FAMILY(calls_of_inotify, watches, .who = AS_USER, PATHS(file_paths))

static const char *const socket_paths[] = {
    "socket", "new", "file", "directory/new", "link",
};
static const struct call sockets[] = {
    { 41, "Sii" }, { 53, "Siib" }, { 42, "Kkl" }, { 42, "fkl" }, { 43, "Kbb" }, { 43, "fbb" },
    { 288, "fbbo" }, { 44, "Kbnokl" }, { 44, "fbiikl" }, { 45, "Kbnobb" }, { 45, "fbiibb" }, { 46, "Kho" },
    { 46, "fhi" }, { 47, "Kho" }, { 47, "fhi" }, { 307, "Khio" }, { 299, "Khiot" }, { 48, "fi" },
    { 49, "fkl" }, { 50, "fi" }, { 51, "fbb" }, { 52, "fbb" }, { 54, "fSibi" }, { 55, "fSibb" }, { 3, "f" },
    { 32, "f" }, { 33, "ff" }, { 233, "EifV" }, { 232, "Ebii" }, { 7, "bii" }, { 16, "fcb" }, { 72, "fcb" },
    { 0, "fbn" }, { 1, "fbn" }, { 87, "p" }, { 82, "pp" }, { 275, "fbfbno" }, { 40, "ffbn" }, { 57, "" },
    { 276, "ffno" },
};

FAMILY(calls_of_sockets_by_processes, sockets, .who = AS_USER, PATHS(socket_paths))
FAMILY(calls_of_sockets_by_threads, sockets, .who = AS_USER, .sharing = THREADS, PATHS(socket_paths))

static const struct call readiness[] = {
    { 291, "o" }, { 213, "i" }, { 233, "EifV" }, { 233, "fifV" }, { 233, "fiEV" }, { 232, "Ebii" },
    { 232, "fbii" }, { 281, "Ebiis8" }, { 441, "Ebiits" }, { 3, "f" }, { 32, "f" }, { 33, "ff" },
    { 33, "Ef" }, { 290, "io" }, { 283, "io" }, { 286, "Ti^b" }, { 286, "fi^b" }, { 0, "fbi" },
    { 1, "fbi" }, { 7, "bii" }, { 271, "bits8" }, { 270, "ibbbtb" }, { 23, "ibbbt" }, { 22, "b" },
    { 53, "Siib" }, { 289, "fs8o" }, { 434, "Ho" }, { 72, "fcb" }, { 57, "" }, { 129, "Hgb" },
    { 436, "iio" },
};

FAMILY(calls_of_readiness_by_processes, readiness, .who = AS_USER)
FAMILY(calls_of_readiness_by_threads, readiness, .who = AS_USER, .sharing = THREADS)

static const struct call terminals[] = {
    { 16, "Yy~" }, { 16, "Yy~" }, { 16, "Yyb" }, { 16, "fy~" }, { 1, "Y\"i" }, { 1, "Y\"n" }, { 0, "Ybn" },
    { 0, "fbi" }, { 112, "" }, { 109, "HH" }, { 2, "poo" }, { 3, "Y" }, { 32, "Y" }, { 7, "bii" },
    { 72, "Ycb" }, { 72, "Yii" }, { 233, "EiYV" }, { 20, "Yvi" }, { 57, "" }, { 153, "" },
    { 275, "fbYbio" }, { 40, "Yfbn" }, { 13, "gbb8" }, { 5, "Yb" }, { 254, "IpW" },
};
static const char *const terminal_paths[] = {
    "/dev/ptmx", "/dev/tty", "/dev/pts/0", "/dev/pts/1", "/dev/pts",
};

FAMILY(calls_of_terminals_by_processes, terminals, .who = AS_USER, PATHS(terminal_paths))
FAMILY(calls_of_terminals_by_threads, terminals, .who = AS_USER, .sharing = THREADS, PATHS(terminal_paths))

static const struct call futexes[] = {
    { 202, "w&itwi" }, { 202, "w&itwi" }, { 202, "w&itwi" }, { 202, "w&iiwu" }, { 449, "bioti" },
    { 273, "r2" }, { 274, "Rbb" }, { 60, "i" }, { 24, "" }, { 11, "an" }, { 25, "annoa" }, { 57, "" },
    { 218, "w" }, { 234, "!Hg" }, { 334, "bnoi" }, { 324, "ioi" }, { 28, "ani" },
};

FAMILY(calls_of_futexes_by_threads, futexes, .who = AS_USER, .sharing = THREADS)
FAMILY(calls_of_futexes_by_processes, futexes, .who = AS_USER)

static const struct call timers[] = {
    { 222, "Geb" }, { 222, "Ge0" }, { 223, "ii^b" }, { 223, "ii^b" }, { 224, "ib" }, { 225, "i" },
    { 226, "i" }, { 283, "Go" }, { 286, "Ti^b" }, { 287, "Tb" }, { 0, "Tbi" }, { 230, "Gitb" },
    { 35, "tb" }, { 36, "ib" }, { 37, "i" }, { 14, "iss8" }, { 128, "sbt8" }, { 282, "fs8" },
    { 129, "Hgb" }, { 297, "HHgb" }, { 127, "s8" }, { 130, "s8" }, { 131, "bb" }, { 13, "gbb8" },
    { 62, "Hg" }, { 234, "HHg" }, { 34, "" }, { 57, "" }, { 60, "i" }, { 228, "Gb" }, { 229, "Gb" },
    { 424, "fgbi" }, { 434, "Ho" }, { 305, "Gb" }, { 219, "" }, { 7, "bii" },
};

FAMILY(calls_of_timers_and_signals_by_threads, timers, .who = AS_USER, .sharing = THREADS)
FAMILY(calls_of_timers_and_signals_by_processes, timers, .who = AS_USER)

static const struct call memory[] = {
    { 9, "anqmfz" }, { 9, "anqmfz" }, { 10, "anq" }, { 11, "an" }, { 25, "annoa" }, { 25, "anniu" },
    { 26, "ani" }, { 27, "anb" }, { 28, "ani" }, { 28, "anu" }, { 12, "u" }, { 149, "an" }, { 150, "an" },
    { 151, "i" }, { 152, "" }, { 325, "ani" }, { 319, "po" }, { 77, "fu" }, { 285, "fiin" },
    { 310, "Hvivi0" }, { 311, "Hvivi0" }, { 440, "fviio" }, { 434, "Ho" }, { 0, "fan" }, { 1, "fan" },
    { 278, "fvio" }, { 329, "anqi" }, { 216, "anioo" }, { 57, "" }, { 72, "fcb" }, { 318, "ano" },
    { 302, "Hibb" }, { 30, "J@o" }, { 29, "0n+" }, { 67, "@" }, { 59, "pAA" }, { 53, "Siib" },
};

FAMILY(calls_of_memory_by_threads, memory, .who = AS_USER, .sharing = THREADS, .end = remove_ipc)
FAMILY(calls_of_memory_by_processes, memory, .who = AS_USER, .end = remove_ipc)

static const struct call tracing[] = {
    { 101, "CHbb" }, { 101, "CHbb" }, { 101, "CHii" }, { 101, "CHib" }, { 101, "CHub" }, { 61, "Hbib" },
    { 247, "iHbib" }, { 62, "Hg" }, { 200, "Hg" }, { 234, "HHg" }, { 129, "Hgb" }, { 297, "HHgb" },
    { 39, "" }, { 0, "fbn" }, { 1, "fbn" }, { 59, "pAA" }, { 57, "" }, { 58, "" }, { 435, "*n" },
    { 35, "tb" }, { 310, "Hvivi0" }, { 157, "Pb000" }, { 13, "gbb8" }, { 112, "" }, { 109, "HH" },
    { 424, "fgbi" }, { 434, "Ho" }, { 312, "HHiff" }, { 438, "fio" },
};

FAMILY(calls_of_tracing_by_processes, tracing, .who = AS_USER)

static const struct call processes[] = {
    { 435, "*n" }, { 435, "*n" }, { 56, "oabbu" }, { 57, "" }, { 58, "" }, { 59, "pAA" }, { 322, "dpAAo" },
    { 61, "ubob" }, { 247, "iHbob" }, { 62, "Hg" }, { 109, "HH" }, { 112, "" }, { 121, "H" }, { 124, "H" },
    { 157, "Pbbbb" }, { 157, "Piiii" }, { 157, "Pi000" }, { 158, "cb" }, { 302, "Hibb" }, { 160, "ib" },
    { 141, "iHi" }, { 140, "iH" }, { 203, "Hnb" }, { 204, "Hnb" }, { 144, "Hib" }, { 142, "Hb" },
    { 314, "Hbo" }, { 315, "Hbio" }, { 434, "Ho" }, { 424, "fgbi" }, { 438, "fio" }, { 60, "i" },
    { 186, "" }, { 95, "o" }, { 135, "o" }, { 125, "bb" }, { 126, "bb" }, { 99, "b" }, { 98, "ib" },
    { 312, "HHiff" }, { 251, "iHi" }, { 252, "iH" }, { 24, "" }, { 218, "b" }, { 334, "bnoi" },
    { 324, "ioi" }, { 435, "bn" },
};

FAMILY(calls_of_processes_by_processes, processes, .who = AS_USER)
FAMILY(calls_of_processes_by_threads, processes, .who = AS_USER, .sharing = THREADS)

static const struct call rights[] = {
    { 105, "i" }, { 106, "i" }, { 113, "ii" }, { 114, "ii" }, { 116, "ib" }, { 117, "iii" }, { 119, "iii" },
    { 122, "i" }, { 123, "i" }, { 125, "bb" }, { 126, "bb" }, { 157, "Piiii" }, { 157, "Pbbbb" },
    { 317, "iiB" }, { 317, "1iB" }, { 157, "PiB00" }, { 59, "pAA" }, { 57, "" }, { 90, "po" },
    { 92, "pii" }, { 188, "pxbno" }, { 2, "poo" }, { 133, "poi" }, { 161, "p" }, { 302, "Hibb" },
    { 95, "o" }, { 21, "pi" }, { 39, "" }, { 101, "CHbb" }, { 310, "Hvivi0" }, { 304, "dbo" },
    { 303, "dpbbo" }, { 141, "0Hi" }, { 144, "Hib" },
};

FAMILY(calls_of_rights, rights, .who = AS_CAPABLE)
FAMILY(calls_of_rights_by_threads, rights, .who = AS_CAPABLE, .sharing = THREADS)

static const struct call pipes[] = {
    { 22, "b" }, { 293, "bo" }, { 275, "fbfbno" }, { 275, "f0f0ii" }, { 276, "ffio" }, { 276, "ffni" },
    { 278, "fvii" }, { 278, "fvio" }, { 40, "ffbn" }, { 40, "ff0n" }, { 326, "fbfbno" }, { 0, "fbn" },
    { 1, "fbn" }, { 19, "fvi" }, { 20, "fvi" }, { 327, "fviui" }, { 328, "fviui" }, { 72, "fcn" },
    { 72, "fci" }, { 16, "fcb" }, { 7, "bii" }, { 3, "f" }, { 32, "f" }, { 33, "ff" }, { 9, "anqmfz" },
    { 11, "an" }, { 28, "ani" }, { 77, "fi" }, { 57, "" }, { 233, "EifV" }, { 53, "Siib" }, { 46, "fhi" },
    { 47, "fhi" }, { 285, "fiin" }, { 319, "po" }, { 2, "poo" },
};

FAMILY(calls_of_pipes_by_processes, pipes, .who = AS_USER, PATHS(file_paths))
FAMILY(calls_of_pipes_by_threads, pipes, .who = AS_USER, .sharing = THREADS, PATHS(file_paths))
