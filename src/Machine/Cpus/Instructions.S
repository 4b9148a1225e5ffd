/* One routine for each instruction that C# cannot express; System V calling convention. */

#include "../Entry/Layout.h"

    .text

    .macro ROUTINE name
    .global \name
    .balign 16
\name:
    .endm

ROUTINE cashew_cli                      /* eax: were interrupts on? */
    pushfq
    popq    %rax
    cli
    shrl    $9, %eax
    andl    $1, %eax
    ret

ROUTINE cashew_sti
    sti
    ret

/* (int* holder rdi): interrupts off, and *holder from 0 to this processor + 1. One routine for all of it, since
   nearly everything in the kernel takes a spin lock. eax: SPIN_WERE_ENABLED, SPIN_CONTENDED. */
ROUTINE cashew_spin_acquire
    pushfq
    popq    %rdx
    cli
    movl    %gs:CPU_ID, %ecx
    incl    %ecx
    xorl    %eax, %eax
    lock cmpxchgl %ecx, (%rdi)
    jne     1f
    btl     $9, %edx                    /* RFLAGS_IF */
    adcl    %eax, %eax
    ret
1:  shrl    $9, %edx
    andl    $SPIN_WERE_ENABLED, %edx
    leal    SPIN_CONTENDED(%rdx), %eax
    ret

ROUTINE cashew_flags
    pushfq
    popq    %rax
    ret

ROUTINE cashew_wait_for_interrupt
    sti                                 /* takes effect after the next instruction: no wake-up slips in between */
    hlt
    cli
    ret

ROUTINE cashew_halt
    hlt
    ret

ROUTINE cashew_pause
    pause
    ret

ROUTINE cashew_cpu_block
    movq    %gs:0, %rax
    ret

ROUTINE cashew_rdtsc
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    ret

ROUTINE cashew_read_clock               /* (start, multiplier): counts since then, times a 32.32 number */
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    subq    %rdi, %rax
    mulq    %rsi
    shrdq   $32, %rdx, %rax
    ret

ROUTINE cashew_rdmsr
    movl    %edi, %ecx
    rdmsr
    shlq    $32, %rdx
    orq     %rdx, %rax
    ret

ROUTINE cashew_wrmsr
    movl    %edi, %ecx
    movl    %esi, %eax
    movq    %rsi, %rdx
    shrq    $32, %rdx
    wrmsr
    ret

ROUTINE cashew_cpuid                    /* (leaf edi, subleaf esi, uint[4] rdx) */
    pushq   %rbx
    movq    %rdx, %r8
    movl    %edi, %eax
    movl    %esi, %ecx
    cpuid
    movl    %eax, (%r8)
    movl    %ebx, 4(%r8)
    movl    %ecx, 8(%r8)
    movl    %edx, 12(%r8)
    popq    %rbx
    ret

ROUTINE cashew_read_cr0
    movq    %cr0, %rax
    ret

ROUTINE cashew_read_cr2
    movq    %cr2, %rax
    ret

ROUTINE cashew_read_dr6
    movq    %dr6, %rax
    ret

ROUTINE cashew_write_dr6
    movq    %rdi, %dr6
    ret

ROUTINE cashew_write_dr7
    movq    %rdi, %dr7
    ret

ROUTINE cashew_write_breakpoints        /* (DR0, DR1, DR2, DR3) */
    movq    %rdi, %dr0
    movq    %rsi, %dr1
    movq    %rdx, %dr2
    movq    %rcx, %dr3
    ret

ROUTINE cashew_read_cr3
    movq    %cr3, %rax
    ret

ROUTINE cashew_write_cr3
    movq    %rdi, %cr3
    ret

ROUTINE cashew_read_cr4
    movq    %cr4, %rax
    ret

ROUTINE cashew_write_cr4
    movq    %rdi, %cr4
    ret

ROUTINE cashew_xsetbv
    xorl    %ecx, %ecx
    movl    %edi, %eax
    movq    %rdi, %rdx
    shrq    $32, %rdx
    xsetbv
    ret

ROUTINE cashew_invlpg
    invlpg  (%rdi)
    ret

ROUTINE cashew_in8
    movl    %edi, %edx
    inb     %dx, %al
    movzbl  %al, %eax
    ret

ROUTINE cashew_in16
    movl    %edi, %edx
    inw     %dx, %ax
    movzwl  %ax, %eax
    ret

ROUTINE cashew_in32
    movl    %edi, %edx
    inl     %dx, %eax
    ret

ROUTINE cashew_out8
    movl    %edi, %edx
    movl    %esi, %eax
    outb    %al, %dx
    ret

ROUTINE cashew_out16
    movl    %edi, %edx
    movl    %esi, %eax
    outw    %ax, %dx
    ret

ROUTINE cashew_out32
    movl    %edi, %edx
    movl    %esi, %eax
    outl    %eax, %dx
    ret

ROUTINE cashew_rdrand                   /* eax: 1 when *rdi was filled */
    rdrand  %rcx
    movq    %rcx, (%rdi)
    setc    %al
    movzbl  %al, %eax
    ret

ROUTINE cashew_lgdt                     /* (descriptor rdi, TSS selector si) */
    lgdt    (%rdi)
    ltr     %si
    ret

ROUTINE cashew_lidt
    lidt    (%rdi)
    ret

ROUTINE cashew_triple_fault             /* an interrupt without a table resets the machine */
    pushq   $0
    pushq   $0
    lidt    (%rsp)
    int3
    ret

ROUTINE cashew_frame_pointer
    movq    %rbp, %rax
    ret
