/* What compiled code calls directly: block moves, reference stores, interface calls. */

#include "Layout.h"
#include "Vectors.h"

    .text

/* void* memmove(void* destination /rdi/, const void* source /rsi/, size_t length /rdx/)
   Plain moves for short blocks: `rep movs` has a start-up cost on real processors and goes element by element
   under emulation. */
    .global memmove, memcpy
memcpy:
memmove:
    movq    %rdi, %rax
    cmpq    $16, %rdx
    jb      3f
    movq    %rdi, %rcx
    subq    %rsi, %rcx
    cmpq    %rdx, %rcx
    jb      5f                          /* destination inside source: go backwards */

    /* Forward, 128 bytes a turn; the last 1..15 bytes are covered by an overlapping tail. */
    leaq    -16(%rdi, %rdx), %r9        /* where the last 16 bytes go */
    movq    -16(%rsi, %rdx), %r10
    movq    -8(%rsi, %rdx), %r11
    cmpq    $64, %rdx
    jb      11f
    /* Vector registers take half the instructions of general ones, and no more than user copies use. */
    subq    $128, %rdx
    jb      9f
13: movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  32(%rsi), %xmm2
    movups  48(%rsi), %xmm3
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    movups  %xmm2, 32(%rdi)
    movups  %xmm3, 48(%rdi)
    movups  64(%rsi), %xmm0
    movups  80(%rsi), %xmm1
    movups  96(%rsi), %xmm2
    movups  112(%rsi), %xmm3
    movups  %xmm0, 64(%rdi)
    movups  %xmm1, 80(%rdi)
    movups  %xmm2, 96(%rdi)
    movups  %xmm3, 112(%rdi)
    addq    $128, %rsi
    addq    $128, %rdi
    subq    $128, %rdx
    jae     13b
9:  addq    $128, %rdx
    cmpq    $64, %rdx
    jb      11f
    movups  (%rsi), %xmm0
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
11: cmpq    $32, %rdx
    jb      12f
    movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    addq    $32, %rsi
    addq    $32, %rdi
    subq    $32, %rdx
12: cmpq    $16, %rdx
    jb      4f
    movq    (%rsi), %rcx
    movq    8(%rsi), %r8
    movq    %rcx, (%rdi)
    movq    %r8, 8(%rdi)
4:  movq    %r10, (%r9)
    movq    %r11, 8(%r9)
    ret

3:  /* 0..15 bytes: load everything before storing anything, so overlap does not matter. */
    cmpq    $8, %rdx
    jb      6f
    movq    (%rsi), %rcx
    movq    -8(%rsi, %rdx), %r8
    movq    %rcx, (%rdi)
    movq    %r8, -8(%rdi, %rdx)
    ret
6:  cmpq    $4, %rdx
    jb      7f
    movl    (%rsi), %ecx
    movl    -4(%rsi, %rdx), %r8d
    movl    %ecx, (%rdi)
    movl    %r8d, -4(%rdi, %rdx)
    ret
7:  testq   %rdx, %rdx
    jz      8f
    movzbl  (%rsi), %ecx
    movzbl  -1(%rsi, %rdx), %r8d
    cmpq    $3, %rdx
    jb      9f
    movzbl  1(%rsi), %r9d
    movb    %r9b, 1(%rdi)
9:  movb    %cl, (%rdi)
    movb    %r8b, -1(%rdi, %rdx)
8:  ret

5:  testq   %rcx, %rcx
    jz      8b                          /* same place */
    movq    (%rsi), %r10                /* the first 16 bytes, stored last */
    movq    8(%rsi), %r11
1:  cmpq    $16, %rdx
    jb      2f
    movq    -8(%rsi, %rdx), %rcx
    movq    -16(%rsi, %rdx), %r8
    movq    %rcx, -8(%rdi, %rdx)
    movq    %r8, -16(%rdi, %rdx)
    subq    $16, %rdx
    jmp     1b
2:  movq    %r10, (%rdi)
    movq    %r11, 8(%rdi)
    ret

/* void* memset(void* destination /rdi/, int value /esi/, size_t length /rdx/) */
    .global memset
memset:
    movq    %rdi, %rax
    movzbl  %sil, %esi
    movabsq $0x0101010101010101, %rcx
    imulq   %rcx, %rsi
    leaq    (%rdi, %rdx), %r8           /* the end */
    cmpq    $8, %rdx
    jb      3f
    subq    $64, %rdx
    jb      2f
1:  movq    %rsi, (%rdi)
    movq    %rsi, 8(%rdi)
    movq    %rsi, 16(%rdi)
    movq    %rsi, 24(%rdi)
    movq    %rsi, 32(%rdi)
    movq    %rsi, 40(%rdi)
    movq    %rsi, 48(%rdi)
    movq    %rsi, 56(%rdi)
    addq    $64, %rdi
    subq    $64, %rdx
    jae     1b

    /* 0..63 more; rdx is that less 64. Stores from both sides, which may overlap. */
2:  movq    %rsi, -8(%r8)
    cmpq    $(8 - 64), %rdx
    jl      4f
    movq    %rsi, (%rdi)
    cmpq    $(16 - 64), %rdx
    jl      4f
    movq    %rsi, 8(%rdi)
    movq    %rsi, -16(%r8)
    cmpq    $(32 - 64), %rdx
    jl      4f
    movq    %rsi, 16(%rdi)
    movq    %rsi, 24(%rdi)
    movq    %rsi, -24(%r8)
    movq    %rsi, -32(%r8)
    ret

3:  testq   %rdx, %rdx
    jz      4f
    movb    %sil, (%rdi)
    incq    %rdi
    decq    %rdx
    jmp     3b
4:  ret

/* Reference stores: (where /rdi/, what /rsi/). While the collector marks in steps, whatever is stored gets marked, if it
   lies in the heap and is not yet: see Cashew.Runtime.WriteBarrier. Otherwise they cost one test. The compiler expects no
   register to survive that a call does not preserve. */
    .global RhpAssignRef, RhpCheckedAssignRef, RhpByRefAssignRef
    .balign 16
RhpAssignRef:
RhpCheckedAssignRef:
    movq    %rsi, (%rdi)
    cmpq    $0, mark_offset(%rip)
    jne     1f
    ret
1:  movq    %rsi, %rax
    sarq    $HEAP_SPAN_SHIFT, %rax
    cmpq    $HEAP_SPAN, %rax
    jne     2f
    movzwl  %si, %eax                   /* which bit: of the granule's, one for each unit */
    shrl    $CELL_UNIT_SHIFT, %eax
    movq    %rsi, %rcx
    xorw    %cx, %cx                    /* the granule, of 64 KiB */
    addq    mark_offset(%rip), %rcx
    btq     %rax, (%rcx)
    jc      2f
    movq    %rsi, %rdi
    jmp     cashew_shade_undisturbed
2:  ret

/* *rdi = *rsi, both advanced; rcx may be clobbered, nothing else. */
    .balign 16
RhpByRefAssignRef:
    movq    (%rsi), %rcx
    movq    %rcx, (%rdi)
    addq    $8, %rdi
    addq    $8, %rsi
    cmpq    $0, mark_offset(%rip)
    jne     1f
    ret
1:  pushq   %rax
    movq    %rcx, %rax
    sarq    $HEAP_SPAN_SHIFT, %rax
    cmpq    $HEAP_SPAN, %rax
    jne     2f
    pushq   %rcx
    movzwl  %cx, %eax
    shrl    $CELL_UNIT_SHIFT, %eax
    xorw    %cx, %cx
    addq    mark_offset(%rip), %rcx
    btq     %rax, (%rcx)
    popq    %rcx
    jnc     3f
2:  popq    %rax
    ret
3:  pushq   %rdx
    pushq   %rsi
    pushq   %rdi
    pushq   %r8
    pushq   %r9
    pushq   %r10
    pushq   %r11
    SAVE_VECTORS                        /* and aligns the stack */
    movq    %rcx, %rdi
    call    cashew_shade_undisturbed
    RESTORE_VECTORS
    popq    %r11
    popq    %r10
    popq    %r9
    popq    %r8
    popq    %rdi
    popq    %rsi
    popq    %rdx
    popq    %rax
    ret

/* void cashew_shade_undisturbed(nint reference /rdi/): marks an object with interrupts off. */
    .global cashew_shade_undisturbed
cashew_shade_undisturbed:
    pushfq                              /* and aligns the stack */
    cli
    call    cashew_shade
    popfq
    ret

/* void cashew_set_mark_offset(nint offset /rdi/) */
    .global cashew_set_mark_offset
cashew_set_mark_offset:
    movq    %rdi, mark_offset(%rip)
    ret

    .bss
    .balign 64                          /* read by every store, and written twice in a collection */
mark_offset:                            /* from an object's block to the marks; zero while nothing is being marked */
    .skip   64

    .text
/* Interface call: rdi = target object, r11 = the call site's cell, other argument registers live.
   See Internal.Runtime.DispatchCache: entries {type, cell, code, unused}, found by probing on from a hash. Doubling the
   offset in the address makes steps of 16 out of entries of 32 bytes. */
#define DISPATCH_HASH_MASK      0xfff0  /* DispatchCache.HashMask */
    .global RhpInitialDynamicInterfaceDispatch
    .balign 16
RhpInitialDynamicInterfaceDispatch:
    movq    (%rdi), %r10                /* faults on a null target, as it should */
    movl    %r10d, %eax
    xorl    %r11d, %eax
    andl    $DISPATCH_HASH_MASK, %eax
1:  cmpq    %r10, dispatch_cache(, %rax, 2)
    jne     2f
    cmpq    %r11, dispatch_cache + 8(, %rax, 2)
    jne     2f
    jmp     *dispatch_cache + 16(, %rax, 2)
2:  cmpq    $0, dispatch_cache(, %rax, 2)
    leal    16(%rax), %eax
    jne     1b

    pushq   %rbp
    movq    %rsp, %rbp
    pushq   %rdi
    pushq   %rsi
    pushq   %rdx
    pushq   %rcx
    pushq   %r8
    pushq   %r9
    movq    %r11, %rsi
    call    RhpResolveInterfaceMethod
    popq    %r9
    popq    %r8
    popq    %rcx
    popq    %rdx
    popq    %rsi
    popq    %rdi
    popq    %rbp
    jmp     *%rax

/* No thread is ever stopped inside compiled code: collections happen at safe points of our own. */
    .global RhpGcPoll
RhpGcPoll:
    ret

    .data
    .global RhpTrapThreads
RhpTrapThreads:
    .long 0

    .section .rodata, "a"
    .balign 8
    .global __security_cookie
__security_cookie:
    .quad 0x00002b992ddfa232

/* Named by the start-up routine that the compiler adds to every library; ours is Cashew.Runtime.Startup, so nobody
   comes here. */
    .text
    .global RhpReversePInvoke, RhpReversePInvokeReturn
RhpReversePInvoke:
RhpReversePInvokeReturn:
    ud2
