// core(5): whether a core file is written, what it is called, and what is in it.
#include "check.h"
#include <elf.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/user.h>

#define PATTERN "/proc/sys/kernel/core_pattern"

enum
{
    MARK_PAGES = 3,
    THREADS = 4,
};

static char *marked;

static void set_file(const char *path, const char *value)
{
    int file = OK(open(path, O_WRONLY | O_TRUNC));
    CHECK_EQ(write(file, value, strlen(value)), (long)strlen(value));
    OK(close(file));
}

static void allow(rlim_t bytes)
{
    struct rlimit limit = { bytes, RLIM_INFINITY };
    OK(setrlimit(RLIMIT_CORE, &limit));
}

// A child that dies of a signal; its wait status.
static int end_by(int signal, void (*prepare)(void))
{
    FORK(child)
    {
        allow(RLIM_INFINITY);
        if (prepare != NULL)
            prepare();
        OK(kill(getpid(), signal));
        pause();
    }
    return STATUS_OF(child);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void forbid(void)
{
    allow(0);
}

static void allow_a_little(void)
{
    allow(4095);
}

static void hide(void)
{
    OK(prctl(PR_SET_DUMPABLE, 0));
}

TEST(a_core_is_written_if_the_limit_allows)
{
    scratch();
    int status = end_by(SIGABRT, NULL);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && WCOREDUMP(status));
    struct stat core;
    OK(stat("core", &core));
    CHECK_EQ(core.st_mode, S_IFREG | 0600);
    CHECK(core.st_size > 4096);
    OK(unlink("core"));
}

TEST(no_core_without_the_limit_or_of_a_secret_or_by_other_signals)
{
    scratch();
    CHECK_EQ(end_by(SIGSEGV, forbid), SIGSEGV);
    CHECK_EQ(end_by(SIGSEGV, allow_a_little), SIGSEGV);
    CHECK_EQ(end_by(SIGSEGV, hide), SIGSEGV);
    CHECK_EQ(end_by(SIGTERM, NULL), SIGTERM);
    CHECK_EQ(end_by(SIGKILL, NULL), SIGKILL);
    CHECK(!exists("core"));
}

TEST(every_signal_whose_default_is_a_core_makes_one)
{
    static const int signals[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS };
    scratch();
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++)
    {
        int status = end_by(signals[i], NULL);
        CHECK_EQ(status, signals[i] | 0x80);
        OK(unlink("core"));
    }
}

TEST(waitid_tells_a_core)
{
    scratch();
    siginfo_t info;
    FORK(child)
    {
        allow(RLIM_INFINITY);
        abort();
    }
    OK(waitid(P_PID, (id_t)child, &info, WEXITED));
    CHECK_EQ(info.si_code, CLD_DUMPED);
    CHECK_EQ(info.si_status, SIGABRT);
    OK(unlink("core"));
}

TEST(the_pattern_names_the_file)
{
    scratch();
    char wanted[100];
    set_file(PATTERN, "c.%p.%s.%u.%g.%e.%%.%d%\n");
    FORK(child)
    {
        allow(RLIM_INFINITY);
        OK(prctl(PR_SET_NAME, "na/me"));
        abort();
    }
    int status = STATUS_OF(child);
    set_file(PATTERN, "core");
    CHECK_EQ(status, SIGABRT | 0x80);
    snprintf(wanted, sizeof wanted, "c.%d.6.0.0.na!me.%%.1", child);
    OK(unlink(wanted));
}

TEST(the_number_can_be_added_to_the_name)
{
    scratch();
    char wanted[100];
    set_file("/proc/sys/kernel/core_uses_pid", "1");
    FORK(child)
    {
        allow(RLIM_INFINITY);
        abort();
    }
    int status = STATUS_OF(child);
    set_file("/proc/sys/kernel/core_uses_pid", "0");
    CHECK_EQ(status, SIGABRT | 0x80);
    snprintf(wanted, sizeof wanted, "core.%d", child);
    OK(unlink(wanted));
}

TEST(an_empty_pattern_means_none)
{
    scratch();
    set_file(PATTERN, "\n");
    int status = end_by(SIGABRT, NULL);
    set_file(PATTERN, "core");
    CHECK_EQ(status, SIGABRT);
    CHECK(!exists("core"));
}

TEST(an_old_file_of_any_kind_makes_room_for_a_new_one)
{
    scratch();
    struct stat status;
    make_file("target", "precious");
    for (int way = 0; way < 5; way++)
    {
        switch (way)
        {
        case 0: OK(symlink("target", "core")); break;
        case 1: OK(link("target", "core")); break;
        case 2: make_file("core", "old"); break;
        case 3:
            make_file("core", "old");
            OK(chown("core", 1000, 1000));
            break;
        default: OK(mkfifo("core", 0600)); break;
        }
        CHECK_EQ(end_by(SIGABRT, NULL), SIGABRT | 0x80);
        OK(lstat("core", &status));
        CHECK_EQ(status.st_mode, S_IFREG | 0600);
        CHECK_EQ(status.st_uid, 0);
        CHECK_EQ(status.st_nlink, 1);
        CHECK(status.st_size > 4096);
        OK(unlink("core"));
    }
    OK(stat("target", &status));
    CHECK_EQ(status.st_size, 8);
    OK(mkdir("core", 0755));
    CHECK_EQ(end_by(SIGABRT, NULL), SIGABRT);
}

static void be_nobody(void)
{
    become(1000);
    OK(prctl(PR_SET_DUMPABLE, 1));
}

TEST(a_file_of_somebody_else_that_cannot_go_stays)
{
    scratch();
    struct stat status;
    OK(chmod(".", 01777));
    make_file("core", "precious");
    OK(chmod("core", 0666));
    CHECK_EQ(end_by(SIGABRT, be_nobody), SIGABRT);
    OK(stat("core", &status));
    CHECK_EQ(status.st_size, 8);
    OK(unlink("core"));
    OK(chmod(".", 0755));
    CHECK_EQ(end_by(SIGABRT, be_nobody), SIGABRT);
    CHECK(!exists("core"));
}

static void allow_a_part(void)
{
    allow(8192);
}

TEST(a_core_that_does_not_fit_is_cut)
{
    scratch();
    CHECK_EQ(end_by(SIGABRT, allow_a_part), SIGABRT | 0x80);
    struct stat status;
    OK(stat("core", &status));
    CHECK(status.st_size <= 8192);
    OK(unlink("core"));
}

// ---- contents ---------------------------------------------------------------------------------------------------

struct core
{
    const char *bytes;
    size_t size;
    const Elf64_Ehdr *header;
    const Elf64_Phdr *parts;
};

static struct core read_core(void)
{
    struct core core;
    int file = OK(open("core", O_RDONLY));
    struct stat status;
    OK(fstat(file, &status));
    core.size = (size_t)status.st_size;
    core.bytes = mmap(NULL, core.size, PROT_READ, MAP_PRIVATE, file, 0);
    CHECK(core.bytes != MAP_FAILED);
    core.header = (const void *)core.bytes;
    core.parts = (const void *)(core.bytes + core.header->e_phoff);
    CHECK_BYTES(core.bytes, ELFMAG "\2\1\1", 7);
    CHECK_EQ(core.header->e_type, ET_CORE);
    CHECK_EQ(core.header->e_machine, EM_X86_64);
    CHECK_EQ(core.header->e_phentsize, sizeof(Elf64_Phdr));
    CHECK_EQ(core.parts[0].p_type, PT_NOTE);
    const Elf64_Phdr *last = &core.parts[core.header->e_phnum - 1];
    CHECK_EQ(core.size, last->p_offset + last->p_filesz);
    OK(unlink("core"));
    return core;
}

// The content of the n-th note of a type, and its size.
static const void *note(const struct core *core, unsigned type, int which, size_t *size)
{
    const char *at = core->bytes + core->parts[0].p_offset;
    const char *end = at + core->parts[0].p_filesz;
    while (at < end)
    {
        const Elf64_Nhdr *head = (const void *)at;
        const char *content = at + sizeof *head + ((head->n_namesz + 3) & ~3u);
        const char *owner = type == NT_X86_XSTATE ? "LINUX" : "CORE";
        if (head->n_type == type && which-- == 0)
        {
            CHECK_STR(at + sizeof *head, owner);
            *size = head->n_descsz;
            return content;
        }
        at = content + ((head->n_descsz + 3) & ~3u);
    }
    *size = 0;
    return NULL;
}

static const Elf64_Phdr *part_of(const struct core *core, const void *address)
{
    for (int i = 1; i < core->header->e_phnum; i++)
    {
        const Elf64_Phdr *part = &core->parts[i];
        if (part->p_type == PT_LOAD && part->p_vaddr <= (uintptr_t)address
            && (uintptr_t)address < part->p_vaddr + part->p_memsz)
            return part;
    }
    return NULL;
}

static void make_marks(void)
{
    marked = mmap(NULL, 16 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(marked != MAP_FAILED);
    for (int i = 0; i < MARK_PAGES; i++)
        memset(marked + 2 * i * CHECK_PAGE, 'a' + i, CHECK_PAGE);
}

TEST(memory_is_in_the_file_with_holes_where_nothing_is)
{
    scratch();
    make_marks();
    int status = end_by(SIGABRT, NULL);
    CHECK_EQ(status, SIGABRT | 0x80);
    struct core core = read_core();
    const Elf64_Phdr *part = part_of(&core, marked);
    CHECK(part != NULL);
    CHECK_EQ(part->p_flags, PF_R | PF_W);
    CHECK_EQ(part->p_filesz, part->p_memsz);
    CHECK_EQ(part->p_offset % CHECK_PAGE, 0);
    const char *there = core.bytes + part->p_offset + ((uintptr_t)marked - part->p_vaddr);
    CHECK_BYTES(there, marked, 16 * CHECK_PAGE);
    // The program's own code is in its file: of it only the headers are here.
    part = part_of(&core, (const void *)(uintptr_t)read_core);
    CHECK(part != NULL);
    CHECK(part->p_filesz <= CHECK_PAGE);
    CHECK((part->p_flags & PF_X) != 0);
}

static void make_secret(void)
{
    marked = mmap(NULL, 4 * CHECK_PAGE, CHECK_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(marked != MAP_FAILED);
    memset(marked, 's', CHECK_PAGE);
    memset(marked + 2 * CHECK_PAGE, 't', CHECK_PAGE);
    OK(mprotect(marked, 4 * CHECK_PAGE, PROT_NONE));
}

TEST(memory_that_the_program_may_not_read_is_in_the_file_all_the_same)
{
    scratch();
    make_secret();
    CHECK_EQ(end_by(SIGABRT, NULL), SIGABRT | 0x80);
    struct core core = read_core();
    const Elf64_Phdr *part = part_of(&core, marked);
    CHECK(part != NULL);
    CHECK_EQ(part->p_flags, 0);
    CHECK_EQ(part->p_filesz, part->p_memsz);
    OK(mprotect(marked, 4 * CHECK_PAGE, PROT_READ));
    CHECK_BYTES(core.bytes + part->p_offset + ((uintptr_t)marked - part->p_vaddr), marked, 4 * CHECK_PAGE);
}

TEST(registers_signal_and_process_are_in_the_notes)
{
    scratch();
    int ends[2];
    OK(pipe(ends));
    FORK(child)
    {
        allow(RLIM_INFINITY);
        OK(prctl(PR_SET_NAME, "crasher"));
        __asm__ volatile("mov $0x1122334455667788, %%rbx; mov $0x99, %%r15d; pxor %%xmm7, %%xmm7; movq %%rbx, %%xmm7;"
                         "movb $1, 0x18" ::: "rbx", "r15", "xmm7", "memory");
    }
    CHECK_EQ(STATUS_OF(child), SIGSEGV | 0x80);
    struct core core = read_core();
    size_t size;
    const struct elf_prstatus *status = note(&core, NT_PRSTATUS, 0, &size);
    CHECK_EQ(size, sizeof *status);
    CHECK_EQ(status->pr_cursig, SIGSEGV);
    CHECK_EQ(status->pr_info.si_signo, SIGSEGV);
    CHECK_EQ(status->pr_pid, child);
    CHECK_EQ(status->pr_ppid, getpid());
    CHECK_EQ(status->pr_fpvalid, 1);
    const struct user_regs_struct *registers = (const void *)status->pr_reg;
    CHECK_EQ(registers->rbx, 0x1122334455667788);
    CHECK_EQ(registers->r15, 0x99);
    CHECK_EQ(registers->cs, 0x33);
    CHECK_EQ(registers->ss, 0x2b);
    CHECK(registers->fs_base != 0);
    CHECK(part_of(&core, (const void *)registers->rsp) != NULL);

    const struct elf_prpsinfo *process = note(&core, NT_PRPSINFO, 0, &size);
    CHECK_EQ(size, sizeof *process);
    CHECK_STR(process->pr_fname, "crasher");
    CHECK_EQ(process->pr_pid, child);
    CHECK(strstr(process->pr_psargs, "process-core") != NULL);

    const siginfo_t *info = note(&core, 0x53494749, 0, &size);
    CHECK_EQ(size, 128);
    CHECK_EQ(info->si_signo, SIGSEGV);
    CHECK_EQ(info->si_code, SEGV_MAPERR);
    CHECK_EQ((uintptr_t)info->si_addr, 0x18);

    const char *floating = note(&core, NT_PRFPREG, 0, &size);
    CHECK_EQ(size, 512);
    CHECK_EQ(*(const uint64_t *)(floating + 160 + 7 * 16), 0x1122334455667788);
    const char *extended = note(&core, NT_X86_XSTATE, 0, &size);
    CHECK(extended != NULL && size >= 576);
    CHECK((*(const uint64_t *)(extended + 464) & 3) == 3);
    CHECK_BYTES(extended, floating, 416);

    const Elf64_auxv_t *auxiliary = note(&core, NT_AUXV, 0, &size);
    CHECK(auxiliary != NULL);
    CHECK_EQ(auxiliary[size / sizeof *auxiliary - 1].a_type, AT_NULL);

    const uint64_t *files = note(&core, 0x46494c45, 0, &size);
    CHECK(files != NULL && files[0] >= 1);
    CHECK_EQ(files[1], CHECK_PAGE);
    CHECK(strstr((const char *)(files + 2 + 3 * files[0]), "process-core") != NULL);
}

static pthread_barrier_t all_ready;

static void *wait_here(UNUSED void *unused)
{
    pthread_barrier_wait(&all_ready);
    for (volatile long i = 0;; i++)
        if (i % 1000 == 0)
            sched_yield();
    return NULL;
}

static void *sleep_here(UNUSED void *unused)
{
    pthread_barrier_wait(&all_ready);
    pause();
    return NULL;
}

TEST(every_thread_has_its_notes)
{
    scratch();
    FORK(child)
    {
        pthread_t thread;
        allow(RLIM_INFINITY);
        CHECK_EQ(pthread_barrier_init(&all_ready, NULL, THREADS + 1), 0);
        for (int i = 0; i < THREADS; i++)
            CHECK_EQ(pthread_create(&thread, NULL, i % 2 == 0 ? wait_here : sleep_here, NULL), 0);
        pthread_barrier_wait(&all_ready);
        *(volatile int *)24 = 1;
    }
    CHECK_EQ(STATUS_OF(child), SIGSEGV | 0x80);
    struct core core = read_core();
    size_t size;
    bool seen[64] = { false };
    for (int i = 0; i <= THREADS; i++)
    {
        const struct elf_prstatus *status = note(&core, NT_PRSTATUS, i, &size);
        CHECK(status != NULL);
        int number = status->pr_pid - child;
        CHECK(number >= 0 && number < 64 && !seen[number]);
        seen[number] = true;
        CHECK(i != 0 || number == 0);
        CHECK_EQ(status->pr_cursig, SIGSEGV);
        CHECK_EQ(status->pr_info.si_signo, SIGSEGV);
        const struct user_regs_struct *registers = (const void *)status->pr_reg;
        CHECK(part_of(&core, (const void *)registers->rsp) != NULL);
        CHECK(note(&core, NT_PRFPREG, i, &size) != NULL);
    }
    CHECK(note(&core, NT_PRSTATUS, THREADS + 1, &size) == NULL);
}

static void keep_out(void)
{
    OK(madvise(marked, 16 * CHECK_PAGE, MADV_DONTDUMP));
}

static void filter_nothing(void)
{
    set_file("/proc/self/coredump_filter", "0");
}

TEST(what_goes_in_can_be_chosen)
{
    scratch();
    char text[20] = "";
    make_marks();
    read_file("/proc/self/coredump_filter", text, sizeof text - 1);
    CHECK_STR(text, "00000033\n");
    CHECK_EQ(end_by(SIGABRT, keep_out), SIGABRT | 0x80);
    struct core core = read_core();
    CHECK_EQ(part_of(&core, marked)->p_filesz, 0);

    CHECK_EQ(end_by(SIGABRT, filter_nothing), SIGABRT | 0x80);
    core = read_core();
    CHECK_EQ(part_of(&core, marked)->p_filesz, 0);
    CHECK_EQ(part_of(&core, (const void *)(uintptr_t)read_core)->p_filesz, 0);

    // Inherited by children and kept by exec.
    set_file("/proc/self/coredump_filter", "0x1ff");
    FORK(child)
        OK(execl("/bin/busybox", "sh", "-c", "test $(cat /proc/$$/coredump_filter) = 000001ff", NULL));
    CHECK_EXITS(child, 0);
    CHECK_EQ(end_by(SIGABRT, NULL), SIGABRT | 0x80);
    core = read_core();
    const Elf64_Phdr *code = part_of(&core, (const void *)(uintptr_t)read_core);
    CHECK_EQ(code->p_filesz, code->p_memsz);
}
