// mmap(2), munmap(2): anonymous and file mappings.
#include "check.h"

enum { RW = PROT_READ | PROT_WRITE, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

static char *map(size_t length) { return OK(mmap(NULL, length, RW, ANONYMOUS, -1, 0)); }

// True when a page is mapped: msync(2) fails with ENOMEM when a part is not.
static bool mapped(const void *page) { return msync((void *)(uintptr_t)page, CHECK_PAGE, MS_ASYNC) == 0; }

TEST(anonymous_memory_is_zero_and_keeps_what_is_written)
{
    enum { PAGES = 200 };
    char *pages = map(PAGES * CHECK_PAGE);
    for (int i = 0; i < PAGES * CHECK_PAGE; i++)
        CHECK_EQ(pages[i], 0);
    for (int i = 0; i < PAGES; i++)
        pages[i * CHECK_PAGE + i] = (char)i;
    for (int i = 0; i < PAGES; i++)
        CHECK_EQ(pages[i * CHECK_PAGE + i], (char)i);
}

TEST(unmapped_memory_is_gone)
{
    char *pages = map(3 * CHECK_PAGE);
    OK(munmap(pages + CHECK_PAGE, CHECK_PAGE));
    CHECK(mapped(pages));
    CHECK(!mapped(pages + CHECK_PAGE));
    CHECK(mapped(pages + 2 * CHECK_PAGE));
    pages[0] = pages[2 * CHECK_PAGE] = 1;
    FORK(child)
        pages[CHECK_PAGE] = 1;
    CHECK_KILLED(child, SIGSEGV);
}

TEST(memory_mapped_again_at_the_same_place_is_zero)
{
    char *page = map(CHECK_PAGE);
    for (int i = 0; i < 100; i++)
    {
        page[17] = 1;
        OK(munmap(page, CHECK_PAGE));
        CHECK(mmap(page, CHECK_PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == page);
        CHECK_EQ(page[17], 0);
    }
}

TEST(map_fixed_replaces_what_was_there)
{
    char *pages = map(3 * CHECK_PAGE);
    memset(pages, 'x', 3 * CHECK_PAGE);
    CHECK(mmap(pages + CHECK_PAGE, CHECK_PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == pages + CHECK_PAGE);
    CHECK_EQ(pages[CHECK_PAGE - 1], 'x');
    CHECK_EQ(pages[CHECK_PAGE], 0);
    CHECK_EQ(pages[2 * CHECK_PAGE], 'x');
}

TEST(map_fixed_noreplace_refuses_to)
{
    enum { FIXED_NOREPLACE = 0x100000 };
    char *pages = map(2 * CHECK_PAGE);
    CHECK_ERRNO(mmap(pages, CHECK_PAGE, RW, ANONYMOUS | FIXED_NOREPLACE, -1, 0), EEXIST);
    OK(munmap(pages, CHECK_PAGE));
    CHECK(mmap(pages, CHECK_PAGE, RW, ANONYMOUS | FIXED_NOREPLACE, -1, 0) == pages);
}

TEST(a_free_hint_is_honored_and_a_taken_one_is_moved)
{
    char *pages = map(4 * CHECK_PAGE);
    OK(munmap(pages + 2 * CHECK_PAGE, CHECK_PAGE));
    CHECK(mmap(pages + 2 * CHECK_PAGE, CHECK_PAGE, RW, ANONYMOUS, -1, 0) == pages + 2 * CHECK_PAGE);
    char *other = OK(mmap(pages, CHECK_PAGE, RW, ANONYMOUS, -1, 0));
    CHECK(other < pages || other >= pages + 4 * CHECK_PAGE);
}

TEST(mappings_do_not_overlap)
{
    enum { COUNT = 300 };
    static char *pages[COUNT];
    for (int i = 0; i < COUNT; i++)
    {
        pages[i] = map(CHECK_PAGE);
        pages[i][0] = (char)i;
        // Alternate protections keep neighbors from being one mapping.
        if (i % 2 == 0)
            OK(mprotect(pages[i], CHECK_PAGE, PROT_READ));
    }
    for (int i = 0; i < COUNT; i++)
        CHECK_EQ(pages[i][0], (char)i);
    for (int i = 0; i < COUNT; i++)
        OK(munmap(pages[i], CHECK_PAGE));
}

TEST(wrong_arguments_have_their_errno)
{
    int fd = OK(open("/dev/null", O_RDWR));
    CHECK_ERRNO(mmap(NULL, 0, RW, ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(mmap((void *)123, CHECK_PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_mmap, NULL, CHECK_PAGE, RW, MAP_PRIVATE, fd, 123), EINVAL);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, RW, MAP_PRIVATE, -1, 0), EBADF);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, RW, MAP_PRIVATE, fd, 0), ENODEV);
    CHECK_ERRNO(syscall(SYS_mmap, NULL, (size_t)1 << 48, RW, ANONYMOUS, -1, 0), ENOMEM);
    CHECK_ERRNO(syscall(SYS_mmap, NULL, SIZE_MAX, RW, ANONYMOUS, -1, 0), ENOMEM);
    // The last page below the hole, with four and with five levels of page tables.
    CHECK_ERRNO(syscall(SYS_mmap, 0xfffffffffff000, CHECK_PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_ERRNO(syscall(SYS_munmap, 123, CHECK_PAGE), EINVAL);
    CHECK_ERRNO(syscall(SYS_munmap, 0x10000, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_munmap, 0xffff800000000000, CHECK_PAGE), EINVAL);
    CHECK_EQ(syscall(SYS_munmap, 0x10000, CHECK_PAGE), 0);
}

TEST(a_length_is_rounded_up_to_pages)
{
    char *pages = map(CHECK_PAGE + 1);
    pages[2 * CHECK_PAGE - 1] = 1;
    OK(munmap(pages, 1));
    CHECK(!mapped(pages));
    CHECK(mapped(pages + CHECK_PAGE));
}

TEST(a_huge_mapping_costs_only_what_is_touched)
{
    size_t length = (size_t)8 << 30;
    char *pages = OK(mmap(NULL, length, RW, ANONYMOUS | MAP_NORESERVE, -1, 0));
    for (size_t i = 0; i < length; i += length / 64)
        pages[i] = 1;
    CHECK_EQ(pages[length / 64 * 63], 1);
    CHECK_EQ(pages[length - 1], 0);
}

static int three_pages(void)
{
    static char data[3 * CHECK_PAGE];
    scratch();
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)('a' + i / CHECK_PAGE);
    return write_file("file", data, sizeof data - 100);
}

TEST(a_private_mapping_shows_the_file_but_does_not_write_it)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, RW, MAP_PRIVATE, fd, 0));
    CHECK_EQ(pages[0], 'a');
    CHECK_EQ(pages[CHECK_PAGE], 'b');
    CHECK_EQ(pages[3 * CHECK_PAGE - 101], 'c');
    CHECK_EQ(pages[3 * CHECK_PAGE - 100], 0);
    pages[0] = 'X';
    char byte;
    CHECK_EQ(pread(fd, &byte, 1, 0), 1);
    CHECK_EQ(byte, 'a');
}

TEST(a_shared_mapping_and_the_file_are_the_same_bytes)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, RW, MAP_SHARED, fd, 0));
    pages[5] = 'X';
    char byte;
    CHECK_EQ(pread(fd, &byte, 1, 5), 1);
    CHECK_EQ(byte, 'X');
    CHECK_EQ(pwrite(fd, "Y", 1, CHECK_PAGE), 1);
    CHECK_EQ(pages[CHECK_PAGE], 'Y');
    char *again = OK(mmap(NULL, CHECK_PAGE, RW, MAP_SHARED, fd, CHECK_PAGE));
    again[1] = 'Z';
    CHECK_EQ(pages[CHECK_PAGE + 1], 'Z');
}

TEST(a_shared_file_mapping_is_shared_with_a_child)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, CHECK_PAGE, RW, MAP_SHARED, fd, 0));
    FORK(child)
        pages[9] = 'C';
    CHECK_EXITS(child, 0);
    CHECK_EQ(pages[9], 'C');
}

TEST(an_offset_selects_the_page_of_the_file)
{
    int fd = three_pages();
    char *page = OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE, fd, 2 * CHECK_PAGE));
    CHECK_EQ(page[0], 'c');
}

TEST(a_mapping_outlives_its_descriptor_and_its_name)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, CHECK_PAGE, RW, MAP_SHARED, fd, 0));
    OK(close(fd));
    OK(unlink("file"));
    CHECK_EQ(pages[10], 'a');
    pages[10] = 'X';
    CHECK_EQ(pages[10], 'X');
}

TEST(the_open_mode_limits_the_mapping)
{
    OK(close(three_pages()));
    int reader = OK(open("file", O_RDONLY));
    int writer = OK(open("file", O_WRONLY));
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, RW, MAP_SHARED, reader, 0), EACCES);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE, writer, 0), EACCES);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, PROT_WRITE, MAP_SHARED, writer, 0), EACCES);
    char *pages = OK(mmap(NULL, CHECK_PAGE, RW, MAP_PRIVATE, reader, 0));
    pages[0] = 'X';
    // mprotect(2): a shared mapping of a read-only descriptor cannot become writable.
    pages = OK(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_SHARED, reader, 0));
    CHECK_ERRNO(mprotect(pages, CHECK_PAGE, RW), EACCES);
}

TEST(directories_and_pipes_cannot_be_mapped)
{
    int ends[2];
    OK(pipe(ends));
    int directory = OK(open("/", O_RDONLY | O_DIRECTORY));
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE, directory, 0), ENODEV);
    CHECK_ERRNO(mmap(NULL, CHECK_PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0), ENODEV);
}

TEST(a_truncated_file_takes_its_pages_with_it)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, 3 * CHECK_PAGE, RW, MAP_SHARED, fd, 0));
    CHECK_EQ(pages[CHECK_PAGE], 'b');
    OK(ftruncate(fd, 100));
    CHECK_EQ(pages[99], 'a');
    CHECK_EQ(pages[100], 0);
    FORK(child)
        (void)*(volatile char *)(pages + CHECK_PAGE);
    CHECK_KILLED(child, SIGBUS);
    // Grown again, the pages are there again, and zero.
    OK(ftruncate(fd, 3 * CHECK_PAGE));
    CHECK_EQ(pages[CHECK_PAGE], 0);
}

TEST(read_from_a_file_into_a_mapping_of_itself)
{
    int fd = three_pages();
    char *pages = OK(mmap(NULL, CHECK_PAGE, RW, MAP_SHARED, fd, 0));
    CHECK_EQ(pread(fd, pages + 1, 10, CHECK_PAGE), 10);
    CHECK_EQ(pages[1], 'b');
    CHECK_EQ(pwrite(fd, pages, CHECK_PAGE, 0), CHECK_PAGE);
    CHECK_EQ(pages[0], 'a');
}

TEST(dev_zero_maps_as_anonymous_memory)
{
    int fd = OK(open("/dev/zero", O_RDWR));
    char *page = OK(mmap(NULL, CHECK_PAGE, RW, MAP_PRIVATE, fd, 0));
    CHECK_EQ(page[0], 0);
    page[0] = 1;
    char *other = OK(mmap(NULL, CHECK_PAGE, RW, MAP_PRIVATE, fd, 0));
    CHECK_EQ(other[0], 0);
}

TEST(populate_stack_and_noreserve_are_accepted)
{
    char *page = OK(mmap(NULL, CHECK_PAGE, RW, ANONYMOUS | MAP_POPULATE | MAP_STACK | MAP_NORESERVE, -1, 0));
    CHECK_EQ(page[0], 0);
}

TEST(maps_in_procfs_lists_the_mapping_with_its_permissions)
{
    char text[16384];
    char wanted[64];
    char *pages = OK(mmap(NULL, 5 * CHECK_PAGE, PROT_READ, ANONYMOUS, -1, 0));
    // Between inaccessible neighbors, so that nothing merges with it.
    OK(mprotect(pages, CHECK_PAGE, PROT_NONE));
    OK(mprotect(pages + 4 * CHECK_PAGE, CHECK_PAGE, PROT_NONE));
    read_file("/proc/self/maps", text, sizeof text);
    snprintf(wanted, sizeof wanted, "%lx-%lx r--p 00000000 00:00 0 ", (unsigned long)pages + CHECK_PAGE,
             (unsigned long)pages + 4 * CHECK_PAGE);
    CHECK(strstr(text, wanted) != NULL);
    CHECK(strstr(text, "[stack]") != NULL);
}
