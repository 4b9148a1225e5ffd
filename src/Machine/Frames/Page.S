/* Whole pages. General registers, eight words a turn: no start-up cost on a processor, few instructions under emulation. */

    .text

/* void cashew_page_clear(void* page /rdi/) */
    .global cashew_page_clear
cashew_page_clear:
    leaq    4096(%rdi), %rax
    xorl    %ecx, %ecx
1:  movq    %rcx, (%rdi)
    movq    %rcx, 8(%rdi)
    movq    %rcx, 16(%rdi)
    movq    %rcx, 24(%rdi)
    movq    %rcx, 32(%rdi)
    movq    %rcx, 40(%rdi)
    movq    %rcx, 48(%rdi)
    movq    %rcx, 56(%rdi)
    addq    $64, %rdi
    cmpq    %rax, %rdi
    jne     1b
    ret

/* void cashew_page_copy(void* destination /rdi/, void* source /rsi/) */
    .global cashew_page_copy
cashew_page_copy:
    leaq    4096(%rdi), %rax
1:  movq    (%rsi), %rcx
    movq    8(%rsi), %rdx
    movq    16(%rsi), %r8
    movq    24(%rsi), %r9
    movq    %rcx, (%rdi)
    movq    %rdx, 8(%rdi)
    movq    %r8, 16(%rdi)
    movq    %r9, 24(%rdi)
    movq    32(%rsi), %rcx
    movq    40(%rsi), %rdx
    movq    48(%rsi), %r8
    movq    56(%rsi), %r9
    movq    %rcx, 32(%rdi)
    movq    %rdx, 40(%rdi)
    movq    %r8, 48(%rdi)
    movq    %r9, 56(%rdi)
    addq    $64, %rsi
    addq    $64, %rdi
    cmpq    %rax, %rdi
    jne     1b
    ret
