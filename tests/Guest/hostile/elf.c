// Damaged executables: execve refuses them, or the new program dies; nothing else may happen.
#include "image.h"

static int run_image(const struct image *image) { return run(image, sizeof *image); }

TEST(the_undamaged_image_runs)
{
    scratch();
    struct image image = good_image();
    CHECK_EQ(run_image(&image), RAN);
}

#define REFUSED(field, value, expected)             \
    do                                              \
    {                                               \
        struct image image = good_image();          \
        image.field = (value);                      \
        int got = run_image(&image);                \
        if (got != -(expected))                     \
            FAIL(#field " = " #value ", got %d, wanted -" #expected, got); \
    } while (0)

TEST(wrong_headers_are_enoexec)
{
    scratch();
    REFUSED(header.e_ident[0], 0x7e, ENOEXEC);
    REFUSED(header.e_ident[3], 'G', ENOEXEC);
    REFUSED(header.e_type, ET_REL, ENOEXEC);
    REFUSED(header.e_type, ET_CORE, ENOEXEC);
    REFUSED(header.e_type, 0, ENOEXEC);
    REFUSED(header.e_machine, EM_ARM, ENOEXEC);
    REFUSED(header.e_phentsize, 32, ENOEXEC);
    REFUSED(header.e_phentsize, 0, ENOEXEC);
    REFUSED(header.e_phnum, 0, ENOEXEC);
    REFUSED(header.e_phnum, 0xffff, ENOEXEC);
}

TEST(program_headers_outside_the_file_are_refused)
{
    scratch();
    static const uint64_t offsets[] = { sizeof(struct image), 4096, 1 << 20, 1ull << 40, UINT64_MAX,
                                        1ull << 63,
                                        UINT64_MAX - 30 };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
    {
        struct image image = good_image();
        image.header.e_phoff = offsets[i];
        int got = run_image(&image);
        if (got != -ENOEXEC && got != -EIO && got != -EINVAL)
            FAIL("e_phoff 0x%llx, got %d, wanted a refusal", (unsigned long long)offsets[i], got);
    }
}

TEST(program_headers_after_the_first_page_are_found)
{
    static unsigned char file[3 * CHECK_PAGE];
    scratch();
    struct image image = good_image();
    image.header.e_phoff = 2 * CHECK_PAGE + 104;
    memcpy(file, &image, sizeof image);
    memcpy(file + image.header.e_phoff, &image.segment, sizeof image.segment);
    CHECK_EQ(run(file, sizeof file), RAN);
}

TEST(every_truncated_length_is_survived)
{
    scratch();
    struct image image = good_image();
    for (size_t length = 0; length < CODE_AT; length += 3)
    {
        int got = run(&image, length);
        if (got != -ENOEXEC && got != -EIO && got != -EINVAL)
            FAIL("%zu bytes, got %d, wanted a refusal", length, got);
    }
}

TEST(entry_points_anywhere_are_survived)
{
    static const uint64_t entries[] = { 0, 1, BASE - 1, BASE + 0x2000, 0x7fffffffffff, 0x800000000000,
                                        0xffff800000000000, 0xffffffff80000000, UINT64_MAX };
    scratch();
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
    {
        struct image image = good_image();
        image.header.e_entry = entries[i];
        int got = run_image(&image);
        if (!acceptable(got) || got == RAN)
            FAIL("e_entry 0x%llx, got %d, wanted a death", (unsigned long long)entries[i], got);
    }
}

TEST(overlapping_and_reversed_segments_are_survived)
{
    struct
    {
        Elf64_Ehdr header;
        Elf64_Phdr segments[8];
        unsigned char code[64];
    } image = { .header = good_image().header };
    scratch();
    image.header.e_phnum = 8;
    image.header.e_entry = BASE + (uint64_t)((char *)image.code - (char *)&image);
    memcpy(image.code, exit_33, sizeof exit_33);
    for (int i = 0; i < 8; i++)
    {
        image.segments[i] = good_image().segment;
        image.segments[i].p_filesz = image.segments[i].p_memsz = sizeof image;
    }
    CHECK(acceptable(run(&image, sizeof image)));
    for (int i = 0; i < 8; i++)
    {
        image.segments[i].p_vaddr = BASE + (uint64_t)(7 - i) * CHECK_PAGE;
        image.segments[i].p_memsz = (uint64_t)(i + 1) * CHECK_PAGE;
    }
    CHECK(acceptable(run(&image, sizeof image)));
}

TEST(bad_interpreters_are_refused)
{
    struct
    {
        Elf64_Ehdr header;
        Elf64_Phdr segments[2];
        char path[64];
    } image = { .header = good_image().header };
    static const struct { const char *path; int expected; } cases[] = {
        { "/no/such/loader", ENOENT }, { "/proc", EACCES }, { "./image", 0 }, { "", 0 },
    };
    scratch();
    image.header.e_phnum = 2;
    image.segments[1] = good_image().segment;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        strcpy(image.path, cases[i].path);
        image.segments[0] = (Elf64_Phdr){ .p_type = PT_INTERP,
                                          .p_offset = (uint64_t)(image.path - (char *)&image),
                                          .p_filesz = strlen(image.path) + 1 };
        int got = run(&image, sizeof image);
        if (cases[i].expected != 0)
            CHECK_EQ(got, -cases[i].expected);
        else
            CHECK(acceptable(got));
    }
    // Without its NUL, and of extreme lengths.
    static const uint64_t lengths[] = { 0, 1, 4, 4096, 4097, 1 << 20, UINT64_MAX };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
    {
        memset(image.path, '/', sizeof image.path);
        image.segments[0].p_filesz = lengths[i];
        CHECK(acceptable(run(&image, sizeof image)));
    }
}

TEST(a_bss_larger_than_the_file_is_zero)
{
    // cmp dword [BASE + 0x2000], 0; jne crash; exit(33)
    static const unsigned char look[] = { 0x83, 0x3c, 0x25, 0x00, 0x20, 0x00, 0x10, 0x00, 0x75, 0x0c };
    scratch();
    struct image image = good_image();
    memcpy(image.code, look, sizeof look);
    memcpy(image.code + sizeof look, exit_33, sizeof exit_33);
    image.segment.p_memsz = 0x3000;
    image.segment.p_flags = PF_R | PF_W | PF_X;
    CHECK_EQ(run_image(&image), RAN);
}
