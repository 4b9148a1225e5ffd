/* The library that the kernel lends to every program, linux-vdso.so.1: clocks and the processor's number without a
   system call. It runs in user mode, so it may read only the data page in front of it (Layout.h) and the processor.

   The functions are C functions of the x86-64 psABI. They touch no stack, so that their unwinding information is
   the default at every instruction. A bad pointer is the program's SIGSEGV, not EFAULT: vdso(7) on Linux is the same. */

#include "Layout.h"

#define SYS_gettimeofday    96
#define SYS_clock_gettime   228
#define SYS_clock_getres    229

/* Clocks by number, clock_gettime(2), as bits: those that are the time of day, and those since boot. */
#define REALTIME_CLOCKS     0x821   /* REALTIME, REALTIME_COARSE, TAI */
#define MONOTONIC_CLOCKS    0x0d2   /* MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME */
#define HIGHEST_CLOCK       11

/* A function with its two names: the kernel's, and the weak one that C knows. */
    .macro FUNCTION name
    .balign 32
    .global __vdso_\name
    .type   __vdso_\name, @function
    .weak   \name
    .type   \name, @function
__vdso_\name:
\name:
    .cfi_startproc
    endbr64
    .endm

    .macro END name
    .cfi_endproc
    .size   __vdso_\name, . - __vdso_\name
    .size   \name, . - \name
    .endm

/* rax = nanoseconds since boot, exactly as Clock.Monotonic counts them; rcx, rdx, flags are lost. The fence keeps the
   counter from being read before what the program did earlier, or two threads could see time go back. */
    .macro MONOTONIC
    lfence
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    subq    vdso_data + VDSO_START(%rip), %rax
    mulq    vdso_data + VDSO_MULTIPLIER(%rip)
    shrdq   $32, %rdx, %rax
    .endm

/* rdx = rax / 1,000,000,000, rax = the rest; rcx is lost. The reciprocal is exact for all 64-bit numbers:
   Granlund and Montgomery, "Division by Invariant Integers using Multiplication" (1994). */
    .macro SPLIT_SECONDS
    movq    %rax, %rcx
    shrq    $9, %rax
    movabsq $0x44b82fa09b5a53, %rdx
    mulq    %rdx
    shrq    $11, %rdx
    imulq   $1000000000, %rdx, %rax
    subq    %rax, %rcx
    movq    %rcx, %rax
    .endm

    .text

/* int clock_gettime(clockid_t, struct timespec *) */
FUNCTION clock_gettime
    cmpl    $HIGHEST_CLOCK, %edi
    ja      3f
    movl    $REALTIME_CLOCKS, %eax
    btl     %edi, %eax
    jc      1f
    movl    $MONOTONIC_CLOCKS, %eax
    btl     %edi, %eax
    jnc     3f
    MONOTONIC
    jmp     2f
1:  MONOTONIC
    addq    vdso_data + VDSO_REALTIME_OFFSET(%rip), %rax
2:  SPLIT_SECONDS
    movq    %rdx, (%rsi)
    movq    %rax, 8(%rsi)
    xorl    %eax, %eax
    ret
3:  movl    $SYS_clock_gettime, %eax
    syscall
    ret
END clock_gettime

/* int clock_getres(clockid_t, struct timespec *): all these clocks count nanoseconds. */
FUNCTION clock_getres
    cmpl    $HIGHEST_CLOCK, %edi
    ja      2f
    movl    $(REALTIME_CLOCKS | MONOTONIC_CLOCKS), %eax
    btl     %edi, %eax
    jnc     2f
    xorl    %eax, %eax
    testq   %rsi, %rsi
    jz      1f
    movq    $0, (%rsi)
    movq    $1, 8(%rsi)
1:  ret
2:  movl    $SYS_clock_getres, %eax
    syscall
    ret
END clock_getres

/* int gettimeofday(struct timeval *, struct timezone *) */
FUNCTION gettimeofday
    testq   %rdi, %rdi
    jz      1f
    MONOTONIC
    addq    vdso_data + VDSO_REALTIME_OFFSET(%rip), %rax
    SPLIT_SECONDS
    movq    %rdx, (%rdi)
    imulq   $274877907, %rax, %rax      /* / 1000, for all below 2^32: the same reference */
    shrq    $38, %rax
    movq    %rax, 8(%rdi)
1:  testq   %rsi, %rsi
    jz      2f
    movq    vdso_data + VDSO_TIME_ZONE(%rip), %rax
    movq    %rax, (%rsi)
2:  xorl    %eax, %eax
    ret
END gettimeofday

/* time_t time(time_t *) */
FUNCTION time
    MONOTONIC
    addq    vdso_data + VDSO_REALTIME_OFFSET(%rip), %rax
    SPLIT_SECONDS
    testq   %rdi, %rdi
    jz      1f
    movq    %rdx, (%rdi)
1:  movq    %rdx, %rax
    ret
END time

/* int getcpu(unsigned *cpu, unsigned *node, void *): the kernel keeps both in the limit of a segment. */
FUNCTION getcpu
    movl    $PROCESSOR_SELECTOR, %eax
    lsll    %eax, %eax
    testq   %rdi, %rdi
    jz      1f
    movl    %eax, %ecx
    andl    $PROCESSOR_MASK, %ecx
    movl    %ecx, (%rdi)
1:  testq   %rsi, %rsi
    jz      2f
    shrl    $PROCESSOR_BITS, %eax
    movl    %eax, (%rsi)
2:  xorl    %eax, %eax
    ret
END getcpu

    .section .note.GNU-stack, "", @progbits
