// Executables damaged at random: whatever execve makes of them, the machine goes on. Two thousand in all.
#include "../health.h"
#include "image.h"

enum { HEADERS_AND_TWO_SEGMENTS = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr), USUAL_ROUNDS = 500 };

struct pair
{
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    unsigned char code[64];
    char name[32];
};

static struct pair good_pair(void)
{
    struct pair image = { .header = good_image().header, .name = "./loader" };
    image.header.e_phnum = 2;
    image.header.e_entry = BASE + offsetof(struct pair, code);
    image.segments[0] = good_image().segment;
    image.segments[0].p_filesz = image.segments[0].p_memsz = sizeof image;
    memcpy(image.code, exit_33, sizeof exit_33);
    return image;
}

static void hostile_word(unsigned char *at, uint32_t *seed)
{
    static const uint64_t words[] = {
        0, 1, 0xfff, 0x1000, 0x1001, 0x7fffffff, 0x80000000, 0xffffffff, 0x7ffffffff000, 0x7fffffffffff,
        0x800000000000, 0xffff800000000000, 0xffffffff80000000, 0x7fffffffffffffff, 0x8000000000000000,
        0xfffffffffffff000, 0xffffffffffffffff,
    };
    memcpy(at, &words[next_random(seed) % (sizeof words / sizeof *words)], sizeof *words);
}

static void damage(unsigned char *bytes, size_t header_bytes, uint32_t *seed)
{
    for (int count = 1 + (int)(next_random(seed) % 4); count > 0; count--)
    {
        size_t at = next_random(seed) % header_bytes;
        switch (next_random(seed) % 3)
        {
            case 0: bytes[at] = (unsigned char)next_random(seed); break;
            case 1: bytes[at] ^= (unsigned char)(1u << next_random(seed) % 8); break;
            default: hostile_word(bytes + at / 8 * 8, seed); break;
        }
    }
}

// Any ending will do; run itself fails when there is none.
static void survive(const void *good, size_t length, size_t header_bytes, uint32_t seed)
{
    static unsigned char damaged[sizeof(struct pair)];
    const char *wanted = getenv("GUEST_SEED");
    if (wanted != NULL)
        seed ^= (uint32_t)strtoul(wanted, NULL, 0);
    struct health before = health_before();
    CHECK_EQ(run(good, length), RAN);
    int survivors = 0;
    int refusals = 0;
    for (int i = loops(USUAL_ROUNDS); i > 0; i--)
    {
        memcpy(damaged, good, length);
        damage(damaged, header_bytes, &seed);
        // One in sixteen is cut off, too.
        size_t left = next_random(&seed) % 16 == 0 ? next_random(&seed) % length : length;
        int result = run(damaged, left);
        survivors += result == RAN;
        refusals += result < 0;
    }
    // Otherwise the damage was none, or too much.
    CHECK(survivors > 0 && refusals > 0);
    health_check(&before);
}

static void write_loader(void)
{
    struct image loader = good_image();
    loader.header.e_type = ET_DYN;
    loader.header.e_entry = CODE_AT;
    loader.segment.p_vaddr = loader.segment.p_paddr = 0;
    loader.segment.p_flags |= PF_W;
    OK(close(write_file("loader", &loader, sizeof loader)));
    OK(chmod("loader", 0755));
}

TEST(programs_of_one_segment_are_survived)
{
    scratch();
    struct image image = good_image();
    survive(&image, sizeof image, CODE_AT, 0x20240229);
}

TEST(programs_with_data_are_survived)
{
    scratch();
    struct pair image = good_pair();
    image.segments[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = BASE + 0x2000,
                                      .p_paddr = BASE + 0x2000, .p_filesz = sizeof image,
                                      .p_memsz = 0x1800, .p_align = CHECK_PAGE };
    survive(&image, sizeof image, HEADERS_AND_TWO_SEGMENTS, 0x12345678);
}

TEST(programs_with_an_interpreter_are_survived)
{
    scratch();
    write_loader();
    struct pair image = good_pair();
    image.segments[1] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = offsetof(struct pair, name),
                                      .p_filesz = sizeof "./loader", .p_memsz = sizeof "./loader" };
    survive(&image, sizeof image, HEADERS_AND_TWO_SEGMENTS, 0x5eed);
}

TEST(position_independent_programs_are_survived)
{
    scratch();
    struct image image = good_image();
    image.header.e_type = ET_DYN;
    image.header.e_entry = CODE_AT;
    image.segment.p_vaddr = image.segment.p_paddr = 0;
    survive(&image, sizeof image, CODE_AT, 0xc0ffee);
}
