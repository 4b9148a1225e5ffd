// Every field of an executable's headers with every hostile value: what execve answers, as Linux has it.
#include "../health.h"
#include "image.h"

// The position of a letter is that of the value; the letter is what Linux does:
//   r  the program runs        s k b i  it is killed by SIGSEGV, SIGKILL, SIGBUS, SIGILL
//   N  ENOEXEC   I  EINVAL     M  ENOMEM   F  EFAULT   E  EIO   A  EACCES   P  EPERM   B  ELIBBAD   n  ENOENT
// Linux notices much only after it has given the old program up, and kills. A kernel may know it before: an
// error instead of a death by SIGSEGV is as good. A dot stands where Linux's answer depends on the machine.
static const uint64_t bytes[] = { 0, 1, 0x7f, 0x80, 0xff };
static const uint64_t halves[] = { 0, 1, 55, 57, 0xfff, 0x1000, 0x7fff, 0x8000, 0xffff };
static const uint64_t words[] = { 0, 1, 0xfff, 0x1000, 0x7fffffff, 0x80000000, 0xffffffff };
static const uint64_t longs[] = {
    0, 1, 0xfff, 0x1000, 0x1001, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffff0000, 0x7ffffffff000,
    0x7fffffffffff, 0x800000000000, 0xffff800000000000, 0xffffffff80000000, 0x7fffffffffffffff,
    0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
};

struct field
{
    const char *name;
    size_t at;
    size_t width;
    const char *answers;
};

static size_t value_count(const struct field *field)
{
    switch (field->width)
    {
        case 1: return sizeof bytes / sizeof *bytes;
        case 2: return sizeof halves / sizeof *halves;
        case 4: return sizeof words / sizeof *words;
        default: return sizeof longs / sizeof *longs;
    }
}

static const uint64_t *values_of(const struct field *field)
{
    return field->width == 1 ? bytes : field->width == 2 ? halves : field->width == 4 ? words : longs;
}

static char letter_of(int result)
{
    if (result < 0)
    {
        switch (-result)
        {
            case ENOEXEC: return 'N';
            case EINVAL: return 'I';
            case ENOMEM: return 'M';
            case EFAULT: return 'F';
            case EIO: return 'E';
            case EACCES: return 'A';
            case EPERM: return 'P';
            case ELIBBAD: return 'B';
            case ENOENT: return 'n';
            default: return '?';
        }
    }
    if (result == RAN)
        return 'r';
    switch (WIFSIGNALED(result) ? WTERMSIG(result) : 0)
    {
        case SIGSEGV: return 's';
        case SIGKILL: return 'k';
        case SIGBUS: return 'b';
        case SIGILL: return 'i';
        default: return '?';
    }
}

static bool is_as_good(char answer, char linux_answer)
{
    if (answer == linux_answer || linux_answer == '.')
        return answer != '?';
    return (linux_answer == 's' || linux_answer == 'k') && strchr("NIMFEBnskb", answer) != NULL;
}

typedef int attempt(const void *bytes, size_t length);

// The answers for all values of a field.
static void probe(const struct field *field, attempt *attempt, const void *good, size_t length, char *answers)
{
    static unsigned char damaged[4 * CHECK_PAGE];
    const uint64_t *values = values_of(field);
    for (size_t i = 0; i < value_count(field); i++)
    {
        memcpy(damaged, good, length);
        memcpy(damaged + field->at, &values[i], field->width);
        answers[i] = letter_of(attempt(damaged, length));
    }
    answers[value_count(field)] = '\0';
}

static void check_fields(const struct field *fields, size_t count, attempt *attempt, const void *good,
                         size_t length)
{
    CHECK_EQ(attempt(good, length), RAN);
    for (size_t i = 0; i < count; i++)
    {
        char answers[32];
        probe(&fields[i], attempt, good, length, answers);
        if (getenv("GUEST_RECORD") != NULL)
        {
            fprintf(stderr, "%s %s\n", fields[i].name, answers);
            continue;
        }
        CHECK_EQ(strlen(fields[i].answers), strlen(answers));
        for (size_t j = 0; answers[j] != '\0'; j++)
            if (!is_as_good(answers[j], fields[i].answers[j]))
                FAIL("%s = 0x%llx, all answers are %s, wanted %s", fields[i].name,
                     (unsigned long long)values_of(&fields[i])[j], answers, fields[i].answers);
    }
}

// GUEST_RECORD=1 in the environment prints the answers instead of comparing them.
#define CHECK_FIELDS(fields, attempt, good)                                                              \
    do                                                                                                   \
    {                                                                                                    \
        struct health before = health_before();                                                          \
        check_fields(fields, sizeof fields / sizeof *fields, attempt, &good, sizeof good);               \
        health_check(&before);                                                                           \
    } while (0)

#define HEADER(member) #member, offsetof(Elf64_Ehdr, member), sizeof ((Elf64_Ehdr *)0)->member
#define IDENT(index) "e_ident[" #index "]", index, 1
#define SEGMENT(number, member)                                                                          \
    #member " of segment " #number, sizeof(Elf64_Ehdr) + number * sizeof(Elf64_Phdr)                     \
        + offsetof(Elf64_Phdr, member), sizeof ((Elf64_Phdr *)0)->member


static const struct field header_fields[] = {
    { IDENT(0), "NNrNN" },
    { IDENT(1), "NNNNN" },
    { IDENT(2), "NNNNN" },
    { IDENT(3), "NNNNN" },
    { IDENT(4), "rrrrr" },
    { IDENT(5), "rrrrr" },
    { IDENT(6), "rrrrr" },
    { IDENT(7), "rrrrr" },
    { IDENT(8), "rrrrr" },
    { IDENT(15), "rrrrr" },
    { HEADER(e_type), "NNNNNNNNN" },
    { HEADER(e_machine), "NNNNNNNNN" },
    { HEADER(e_version), "rrrrrrr" },
    { HEADER(e_entry), "ssssssssssssssssss" },
    { HEADER(e_phoff), "ssNNNNNNNNNNNNNNNN" },
    { HEADER(e_shoff), "rrrrrrrrrrrrrrrrrr" },
    { HEADER(e_flags), "rrrrrrr" },
    { HEADER(e_ehsize), "rrrrrrrrr" },
    { HEADER(e_phentsize), "NNNNNNNNN" },
    { HEADER(e_phnum), "NrNNNNNNN" },
    { HEADER(e_shentsize), "rrrrrrrrr" },
    { HEADER(e_shnum), "rrrrrrrrr" },
    { HEADER(e_shstrndx), "rrrrrrrrr" },
};

TEST(every_field_of_the_header_is_judged_as_linux_does)
{
    scratch();
    struct image image = good_image();
    CHECK_FIELDS(header_fields, run, image);
}

static const struct field only_segment[] = {
    { SEGMENT(0, p_type), "srsssss" },
    { SEGMENT(0, p_flags), "srrsrsr" },
    { SEGMENT(0, p_offset), "rssbssbsbbsbssssss" },
    { SEGMENT(0, p_vaddr), "ssssssssssssssssss" },
    { SEGMENT(0, p_paddr), "rrrrrrrrrrrrrrrrrr" },
    { SEGMENT(0, p_filesz), "srssssssssssssssss" },
    { SEGMENT(0, p_memsz), "ssrrr...ssssssssss" },
    { SEGMENT(0, p_align), "rrrrrrrrrrrrrrrrrr" },
};

TEST(every_field_of_the_only_segment_is_judged_as_linux_does)
{
    scratch();
    struct image image = good_image();
    CHECK_FIELDS(only_segment, run, image);
}

static const struct field movable_segment[] = {
    { HEADER(e_entry), "ssssssssssssssssss" },
    { SEGMENT(0, p_flags), "srrsrsr" },
    { SEGMENT(0, p_offset), "rssbssbsbbsbssssss" },
    { SEGMENT(0, p_vaddr), "rsssssssssssssssss" },
    { SEGMENT(0, p_filesz), "ssssssssssssssssss" },
    { SEGMENT(0, p_memsz), "ssrrr...ssssssssss" },
    { SEGMENT(0, p_align), "rrrrrrrrrrrrrrrrrr" },
};

static struct image movable_image(void)
{
    struct image image = good_image();
    image.header.e_type = ET_DYN;
    image.header.e_entry = CODE_AT;
    image.segment.p_vaddr = image.segment.p_paddr = 0;
    // As loaders are: before 6.10, Linux clears the rest of their last page, whether it may or not.
    image.segment.p_flags |= PF_W;
    return image;
}

TEST(every_field_of_a_position_independent_program_is_judged_as_linux_does)
{
    scratch();
    struct image image = movable_image();
    CHECK_FIELDS(movable_segment, run, image);
}

struct two_segments
{
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    unsigned char code[64];
    char name[32];
};

static struct two_segments two_segments(void)
{
    struct two_segments image = { .header = good_image().header };
    image.header.e_phnum = 2;
    image.header.e_entry = BASE + offsetof(struct two_segments, code);
    image.segments[0] = good_image().segment;
    image.segments[0].p_filesz = image.segments[0].p_memsz = sizeof image;
    memcpy(image.code, exit_33, sizeof exit_33);
    return image;
}

static const struct field second_segment[] = {
    { SEGMENT(1, p_type), "rrrrrrr" },
    { SEGMENT(1, p_flags), "rrrrrrr" },
    { SEGMENT(1, p_offset), "rss.ss.s..s.ssssss" },
    { SEGMENT(1, p_vaddr), "rssrssrsr.s.ssssss" },
    { SEGMENT(1, p_filesz), "rrrr.sssssssssssss" },
    { SEGMENT(1, p_memsz), "ssrrr...ssssssssss" },
    { SEGMENT(1, p_align), "rrrrrrrrrrrrrrrrrr" },
};

TEST(every_field_of_a_second_segment_is_judged_as_linux_does)
{
    scratch();
    struct two_segments image = two_segments();
    // Data of the same page of the file, and zeros behind it.
    image.segments[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = BASE + 0x2000,
                                      .p_paddr = BASE + 0x2000, .p_filesz = sizeof image,
                                      .p_memsz = 0x1800, .p_align = CHECK_PAGE };
    CHECK_FIELDS(second_segment, run, image);
}

static const struct field interpreter_segment[] = {
    { SEGMENT(1, p_type), "rsrrrrr" },
    { SEGMENT(1, p_flags), "rrrrrrr" },
    { SEGMENT(1, p_offset), "nnEEEEEEEEEEIIIIII" },
    { SEGMENT(1, p_vaddr), "rrrrrrrrrrrrrrrrrr" },
    { SEGMENT(1, p_filesz), "NNEENNNNNNNNNNNNNN" },
    { SEGMENT(1, p_memsz), "rrrrrrrrrrrrrrrrrr" },
    { SEGMENT(1, p_align), "rrrrrrrrrrrrrrrrrr" },
};

// The loader begins at once, with the same code, whatever it should load.
static struct two_segments interpreted_image(void)
{
    struct two_segments image = two_segments();
    strcpy(image.name, "./loader");
    image.segments[1] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = offsetof(struct two_segments, name),
                                      .p_filesz = sizeof "./loader", .p_memsz = sizeof "./loader" };
    return image;
}

TEST(every_field_of_the_interpreters_name_is_judged_as_linux_does)
{
    scratch();
    struct image loader = movable_image();
    OK(close(write_file("loader", &loader, sizeof loader)));
    OK(chmod("loader", 0755));
    struct two_segments image = interpreted_image();
    CHECK_FIELDS(interpreter_segment, run, image);
}

// What Linux answers to headers of the interpreter itself; the program that names it is right.
static const struct field interpreter_fields[] = {
    { IDENT(1), "BBBBB" },
    { HEADER(e_type), "sssssssss" },
    { HEADER(e_machine), "BBBBBBBBB" },
    { HEADER(e_entry), "ssssssssssssssssss" },
    { HEADER(e_phoff), "ssBBBBBBBBBBBBBBBB" },
    { HEADER(e_phentsize), "BBBBBBBBB" },
    { HEADER(e_phnum), "BrBBBBBBB" },
    { SEGMENT(0, p_type), "srsssss" },
    { SEGMENT(0, p_offset), "rss.ss.s..s.ssssss" },
    { SEGMENT(0, p_vaddr), "rsssssssssssssssss" },
    { SEGMENT(0, p_filesz), "ssssssssssssssssss" },
    { SEGMENT(0, p_memsz), "ssrrr...ssssssssss" },
    { SEGMENT(0, p_align), "rrrrrrrrrrrrrrrrrr" },
};

static int run_loader(const void *bytes, size_t length)
{
    unlink("loader");
    OK(close(write_file("loader", bytes, length)));
    OK(chmod("loader", 0755));
    struct two_segments image = interpreted_image();
    return run(&image, sizeof image);
}

TEST(every_field_of_the_interpreter_is_judged_as_linux_does)
{
    scratch();
    struct image loader = movable_image();
    CHECK_FIELDS(interpreter_fields, run_loader, loader);
}

TEST(an_interpreter_without_a_whole_header_is_refused)
{
    scratch();
    struct image loader = movable_image();
    CHECK_EQ(run_loader(&loader, sizeof loader), RAN);
    CHECK_EQ(run_loader(&loader, sizeof loader.header - 1), -EIO);
    CHECK_EQ(run_loader(&loader, 0), -EIO);
    CHECK_EQ(run_loader(&loader, sizeof loader.header), -ELIBBAD);
}
