/* The only instructions in the kernel that touch user memory. A fault between cashew_user_start and cashew_user_end
   whose page cannot be had continues at the routine's exit, which tells how much was left. */

#include "Layout.h"
#include "Vectors.h"

    .text
    .balign 16
    .global cashew_user_start, cashew_user_end
    .global cashew_user_copy, cashew_user_clear, cashew_user_read32, cashew_user_exchange32, cashew_user_string
cashew_user_start:

/* ulong cashew_user_copy(void* destination /rdi/, void* source /rsi/, ulong length /rdx/): bytes not copied.
   Either end may be the user's. Fault recovery: see cashew_user_fixups. */
cashew_user_copy:
    STAC_SITE
    stac
    cmpq    $64, %rdx
    jb      2f
1:  movups  (%rsi), %xmm0               /* a fault here goes on bytewise at 5 */
    movups  16(%rsi), %xmm1
    movups  32(%rsi), %xmm2
    movups  48(%rsi), %xmm3
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    movups  %xmm2, 32(%rdi)
    movups  %xmm3, 48(%rdi)
    addq    $64, %rsi
    addq    $64, %rdi
    subq    $64, %rdx
    cmpq    $64, %rdx
    jae     1b
2:  cmpq    $32, %rdx
    jb      3f
    movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    addq    $32, %rsi
    addq    $32, %rdi
    subq    $32, %rdx
3:  cmpq    $8, %rdx
    jb      4f
    movq    (%rsi), %rax
    movq    %rax, (%rdi)
    addq    $8, %rsi
    addq    $8, %rdi
    subq    $8, %rdx
    jmp     3b
4:  cmpq    $4, %rdx
    jb      cashew_user_copy_bytes
    movl    (%rsi), %eax
    movl    %eax, (%rdi)
    addq    $4, %rsi
    addq    $4, %rdi
    subq    $4, %rdx
    .global cashew_user_copy_bytes, cashew_user_copy_done
cashew_user_copy_bytes:
    testq   %rdx, %rdx
    jz      cashew_user_copy_done
5:  movzbl  (%rsi), %eax
    movb    %al, (%rdi)
    incq    %rsi
    incq    %rdi
    decq    %rdx
    jnz     5b
cashew_user_copy_done:
    STAC_SITE
    clac
    movq    %rdx, %rax
    ret

/* ulong cashew_user_clear(void* destination /rdi/, ulong length /rsi/): bytes not cleared */
cashew_user_clear:
    STAC_SITE
    stac
    xorl    %ecx, %ecx
1:  cmpq    $8, %rsi
    jb      cashew_user_clear_bytes
    movq    %rcx, (%rdi)
    addq    $8, %rdi
    subq    $8, %rsi
    jmp     1b
    .global cashew_user_clear_bytes, cashew_user_clear_done
cashew_user_clear_bytes:
    testq   %rsi, %rsi
    jz      cashew_user_clear_done
2:  movb    %cl, (%rdi)
    incq    %rdi
    decq    %rsi
    jnz     2b
cashew_user_clear_done:
    STAC_SITE
    clac
    movq    %rsi, %rax
    ret

/* long cashew_user_read32(uint* source /rdi/): the value, or -1 */
cashew_user_read32:
    STAC_SITE
    stac
    movl    (%rdi), %eax
    STAC_SITE
    clac
    ret

/* long cashew_user_exchange32(uint* at /rdi/, uint expected /esi/, uint value /edx/): the previous value, or -1 */
cashew_user_exchange32:
    STAC_SITE
    stac
    movl    %esi, %eax
    lock cmpxchgl %edx, (%rdi)
    STAC_SITE
    clac
    movl    %eax, %eax
    ret
    .global cashew_user_word_failed
cashew_user_word_failed:
    STAC_SITE
    clac
    movq    $-1, %rax
    ret

/* long cashew_user_string(byte* destination /rdi/, byte* source /rsi/, long capacity /rdx/): length without NUL,
   the capacity when there is none, or -1 */
cashew_user_string:
    STAC_SITE
    stac
    xorl    %ecx, %ecx
1:  cmpq    %rdx, %rcx
    jae     2f
    movzbl  (%rsi, %rcx), %eax
    movb    %al, (%rdi, %rcx)
    testb   %al, %al
    jz      2f
    incq    %rcx
    jmp     1b
2:  STAC_SITE
    clac
    movq    %rcx, %rax
    ret
cashew_user_end:

/* Where to go on after a fault: {first instruction, end, continuation} */
    .section .rodata, "a"
    .balign 8
    .global cashew_user_fixups, cashew_user_fixups_end
cashew_user_fixups:
    .quad cashew_user_copy, cashew_user_copy_bytes, cashew_user_copy_bytes
    .quad cashew_user_copy_bytes, cashew_user_copy_done, cashew_user_copy_done
    .quad cashew_user_clear, cashew_user_clear_bytes, cashew_user_clear_bytes
    .quad cashew_user_clear_bytes, cashew_user_clear_done, cashew_user_clear_done
    .quad cashew_user_read32, cashew_user_word_failed, cashew_user_word_failed
    .quad cashew_user_string, cashew_user_end, cashew_user_word_failed
cashew_user_fixups_end:
