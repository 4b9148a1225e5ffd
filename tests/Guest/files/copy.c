// copy_file_range: any two places, over the ends of pages and files, and over holes.
#include "check.h"

enum
{
    LENGTH = 5 * CHECK_PAGE + 100,
};

static unsigned char original[LENGTH];
static unsigned char wanted[3 * LENGTH];
static unsigned char found[3 * LENGTH];

static long copy(int from, off_t in, int to, off_t out, size_t length)
{
    long total = 0;
    long copied;
    while ((copied = OK(syscall(SYS_copy_file_range, from, &in, to, &out, length - (size_t)total, 0))) > 0)
        total += copied;
    return total;
}

static int make_original(void)
{
    for (int i = 0; i < LENGTH; i++)
        original[i] = (unsigned char)(i * 7 + i / 256);
    return write_file("from", original, LENGTH);
}

TEST(ranges_are_copied_wherever_they_begin)
{
    static const int offsets[] = { 0, 1, 100, CHECK_PAGE - 1, CHECK_PAGE, CHECK_PAGE + 1, 3 * CHECK_PAGE + 50 };
    enum { OFFSETS = sizeof offsets / sizeof *offsets };
    scratch();
    int from = make_original();
    for (int i = 0; i < OFFSETS * OFFSETS; i++)
    {
        int in = offsets[i / OFFSETS];
        int out = offsets[i % OFFSETS];
        // Into what there is, and beyond its end.
        memset(wanted, 'x', 2 * CHECK_PAGE);
        memset(wanted + 2 * CHECK_PAGE, 0, sizeof wanted - 2 * CHECK_PAGE);
        int to = write_file("to", wanted, 2 * CHECK_PAGE);
        CHECK_EQ(copy(from, in, to, out, 2 * LENGTH), LENGTH - in);
        memcpy(wanted + out, original + in, (size_t)(LENGTH - in));
        long end = out + LENGTH - in;
        CHECK_EQ(pread(to, found, sizeof found, 0), end > 2 * CHECK_PAGE ? end : 2 * CHECK_PAGE);
        CHECK_BYTES(found, wanted, end);
        OK(close(to));
    }
}

TEST(a_mapping_sees_what_is_copied_and_what_is_mapped_is_copied)
{
    scratch();
    int from = make_original();
    int to = write_file("to", wanted, LENGTH);
    unsigned char *source = OK(mmap(NULL, LENGTH, CHECK_RW, MAP_SHARED, from, 0));
    unsigned char *target = OK(mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, to, 0));
    unsigned char *own = OK(mmap(NULL, LENGTH, CHECK_RW, MAP_PRIVATE, to, 0));
    own[0] = 'o';
    source[CHECK_PAGE + 5] = 'm';
    original[CHECK_PAGE + 5] = 'm';
    CHECK_EQ(copy(from, 0, to, 0, LENGTH), LENGTH);
    CHECK_BYTES(target, original, LENGTH);
    CHECK_EQ(own[0], 'o');

    // They are two files all the same.
    source[7] = 's';
    CHECK_EQ(target[7], original[7]);
}

TEST(holes_are_copied_as_zeros_and_parts_of_one_file_into_others)
{
    scratch();
    int from = make_original();
    OK(ftruncate(from, 2 * LENGTH));
    memset(wanted, 'x', sizeof wanted);
    int to = write_file("to", wanted, 3 * LENGTH);
    CHECK_EQ(copy(from, 0, to, 0, 2 * LENGTH), 2 * LENGTH);
    memcpy(wanted, original, LENGTH);
    memset(wanted + LENGTH, 0, LENGTH);
    CHECK_EQ(pread(to, found, sizeof found, 0), sizeof found);
    CHECK_BYTES(found, wanted, sizeof found);

    off_t in = 0;
    off_t out = LENGTH - 1;
    CHECK_ERRNO(syscall(SYS_copy_file_range, to, &in, to, &out, LENGTH, 0), EINVAL);
    CHECK_EQ(syscall(SYS_copy_file_range, to, &in, to, &out, LENGTH - 1, 0), LENGTH - 1);
    CHECK_EQ(pread(to, found, LENGTH - 1, LENGTH - 1), LENGTH - 1);
    CHECK_BYTES(found, original, LENGTH - 1);
}
