/* From one kernel stack to another. */

#include "Layout.h"

    .text

/* void cashew_switch(ulong* savedRsp /rdi/, ulong newRsp /rsi/) */
    .global cashew_switch
cashew_switch:
    pushq   %rbp
    pushq   %rbx
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    movq    %rsp, (%rdi)
    movq    %rsi, %rsp
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbx
    popq    %rbp
    ret

/* Where a new thread arrives: rbx holds the address of its first C# routine's argument. */
    .global cashew_thread_start
cashew_thread_start:
    movq    %rbx, %rdi
    xorl    %ebp, %ebp
    pushq   $0                          /* the end of backtraces, and alignment */
    call    cashew_thread_run
    ud2

    .global cashew_fxsave, cashew_fxrstor, cashew_xsave, cashew_xrstor, cashew_fpu_reset
cashew_fxsave:
    fxsave64 (%rdi)
    ret
cashew_fxrstor:
    fxrstor64 (%rdi)
    ret
cashew_xsave:                           /* (area, mask) */
    movl    %esi, %eax
    movq    %rsi, %rdx
    shrq    $32, %rdx
    xsave64 (%rdi)
    ret
cashew_xrstor:
    movl    %esi, %eax
    movq    %rsi, %rdx
    shrq    $32, %rdx
    xrstor64 (%rdi)
    ret

    .global cashew_rdfsbase, cashew_wrfsbase, cashew_rd_user_gsbase, cashew_wr_user_gsbase
cashew_rdfsbase:
    rdfsbase %rax
    ret
cashew_wrfsbase:
    wrfsbase %rdi
    ret
cashew_rd_user_gsbase:                  /* interrupts off */
    swapgs
    rdgsbase %rax
    swapgs
    ret
cashew_wr_user_gsbase:                  /* interrupts off */
    swapgs
    wrgsbase %rdi
    swapgs
    ret
