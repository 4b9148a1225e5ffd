// A program of one page that exits with 33, to be damaged; and what became of it.
#ifndef IMAGE_H
#define IMAGE_H

#include "check.h"
#include <elf.h>
#include <stddef.h>
#include <sys/resource.h>

enum { CODE_AT = 0x78, BASE = 0x10000000, RAN = 33 << 8 };

struct image
{
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    unsigned char code[64];
};

_Static_assert(__builtin_offsetof(struct image, code) == CODE_AT, "the code follows the headers");

// exit(33)
static const unsigned char exit_33[] = { 0xbf, 33, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05, 0x0f, 0x0b };

UNUSED static struct image good_image(void)
{
    struct image image = {
        .header = { .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
                    .e_entry = BASE + CODE_AT,
                    .e_phoff = sizeof(Elf64_Ehdr), .e_ehsize = sizeof(Elf64_Ehdr),
                    .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 },
        .segment = { .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = BASE, .p_paddr = BASE,
                     .p_filesz = sizeof(struct image), .p_memsz = sizeof(struct image),
                     .p_align = CHECK_PAGE },
    };
    memcpy(image.header.e_ident, "\177ELF\002\001\001", 7);
    memcpy(image.code, exit_33, sizeof exit_33);
    return image;
}

// Executes the bytes, and returns the wait status, or minus the errno of execve.
UNUSED static int run(const void *bytes, size_t length)
{
    int error_pipe[2];
    OK(pipe2(error_pipe, O_CLOEXEC));
    unlink("image");
    OK(close(write_file("image", bytes, length)));
    OK(chmod("image", 0755));
    FORK(child)
    {
        // Damaged code may loop or touch anything that is its own.
        setrlimit(RLIMIT_CPU, &(struct rlimit){ 2, 3 });
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        execl("./image", "image", NULL);
        int error = errno;
        _exit(write(error_pipe[1], &error, sizeof error) == sizeof error ? 0 : 1);
    }
    OK(close(error_pipe[1]));
    int error = 0;
    ssize_t got = read(error_pipe[0], &error, sizeof error);
    OK(close(error_pipe[0]));
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    return got == sizeof error ? -error : status;
}

UNUSED static bool acceptable(int result)
{
    // An errno, or a death by signal, or the program ran all the same.
    if (result < 0)
    {
        switch (-result)
        {
            case ENOEXEC: case EINVAL: case ENOMEM: case EIO: case EACCES: case ENOENT: case EPERM:
            case E2BIG: case EEXIST: case EFAULT: case ENAMETOOLONG: case ELIBBAD: case EISDIR:
                return true;
            default:
                return false;
        }
    }
    return WIFSIGNALED(result) || result == RAN;
}

UNUSED static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
