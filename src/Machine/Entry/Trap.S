/* Exceptions and interrupts. Each vector has a stub that leaves the vector's number where rdi will be saved; the common
   part saves the rest, in the order of UserRegisters, and calls C#.

   Stack on arrival (downwards): ss rsp rflags cs rip [error code]. */

#include "Layout.h"
#include "Vectors.h"

    .macro PUSH_REGISTERS_AFTER_RDI
    pushq   %rsi
    pushq   %rdx
    pushq   %rcx
    pushq   %rax
    pushq   %r8
    pushq   %r9
    pushq   %r10
    pushq   %r11
    pushq   %rbx
    pushq   %rbp
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    .endm

    .text

/* 256 stubs of 16 bytes each; vectors with an error code: 8, 10-14, 17, 21, 29, 30. */
    .balign 16
    .global cashew_trap_stubs
cashew_trap_stubs:
    .set vector, 0
    .rept 256
    .balign 16
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
    .else
    pushq   $0
    .endif
    pushq   $vector
    .if (vector == 1) || (vector == 2) || (vector == 8) || (vector == 18)
    jmp     trap_paranoid
    .else
    jmp     trap_common
    .endif
    .set vector, vector + 1
    .endr

    .balign 16
trap_common:
    cld
    testb   $3, 24(%rsp)                /* cs of the interrupted code */
    jz      1f
    swapgs
1:  xchgq   %rdi, (%rsp)
    PUSH_REGISTERS_AFTER_RDI
    SAVE_VECTORS
    STAC_SITE
    clac
    movq    %rsp, %rsi
    testb   $3, FRAME_VECTOR_BYTES + FRAME_CS(%rsp)
    jnz     2f
    pushq   FRAME_VECTOR_BYTES + FRAME_RIP(%rsp)        /* a frame for backtraces: return address, old rbp */
    pushq   FRAME_VECTOR_BYTES + 32 + 8(%rsp)
    movq    %rsp, %rbp
    call    cashew_trap
    addq    $16, %rsp
    jmp     return_to_kernel
2:  xorl    %ebp, %ebp
    call    cashew_trap
    jmp     cashew_return_to_user

return_to_kernel:
    RESTORE_VECTORS
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbp
    popq    %rbx
    popq    %r11
    popq    %r10
    popq    %r9
    popq    %r8
    popq    %rax
    popq    %rcx
    popq    %rdx
    popq    %rsi
    popq    %rdi
    addq    $8, %rsp
    iretq

/* NMI, double fault, machine check, debug: on stacks of their own, and possibly between a mode switch and its swapgs,
   so the GS base itself is asked. */
    .balign 16
trap_paranoid:
    cld
    xchgq   %rdi, (%rsp)
    PUSH_REGISTERS_AFTER_RDI
    SAVE_VECTORS
    STAC_SITE
    clac
    xorl    %ebx, %ebx
    movl    $MSR_GS_BASE, %ecx
    movq    %rdi, %r12
    rdmsr
    testl   %edx, %edx
    js      1f                          /* the kernel's addresses are negative */
    swapgs
    incl    %ebx
1:  movq    %r12, %rdi
    movq    %rsp, %rsi
    xorl    %ebp, %ebp
    call    cashew_paranoid_trap
    testl   %ebx, %ebx
    jz      return_to_kernel
    swapgs
    jmp     return_to_kernel

/* The way to user mode, for system calls, traps and new threads: rsp is at the TrapFrame. */
    .balign 16
    .global cashew_return_to_user
cashew_return_to_user:
    cli
    cmpl    $0, %gs:CPU_ATTENTION
    jne     attention
restore_user:
    RESTORE_VECTORS
    /* sysret needs rcx = rip and r11 = rflags, a user rip, and neither trap nor resume flag; else iret. */
    movq    FRAME_RIP(%rsp), %rcx
    movabsq $USER_LIMIT, %r11
    cmpq    %r11, %rcx
    jae     bad_rip
    cmpq    %rcx, FRAME_RCX(%rsp)
    jne     return_by_iret
    movq    FRAME_RFLAGS(%rsp), %r11
    cmpq    %r11, FRAME_R11(%rsp)
    jne     return_by_iret
    testl   $RFLAGS_TF_OR_RF, %r11d
    jnz     return_by_iret
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbp
    popq    %rbx
    popq    %r11
    popq    %r10
    popq    %r9
    popq    %r8
    popq    %rax
    popq    %rcx
    popq    %rdx
    popq    %rsi
    popq    %rdi
    movq    32(%rsp), %rsp              /* past original rax, rip, cs, rflags: the user's */
    swapgs
    sysretq

bad_rip:
    /* Nobody should have let this pass; going there faults in user mode, where it hurts nobody else. */
    movq    %r11, FRAME_RIP(%rsp)
return_by_iret:
    movq    $USER_CS, FRAME_CS(%rsp)
    movq    $USER_DS, FRAME_SS(%rsp)
    andq    $RFLAGS_USER_MASK, FRAME_RFLAGS(%rsp)
    orq     $(RFLAGS_IF | 2), FRAME_RFLAGS(%rsp)
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbp
    popq    %rbx
    popq    %r11
    popq    %r10
    popq    %r9
    popq    %r8
    popq    %rax
    popq    %rcx
    popq    %rdx
    popq    %rsi
    popq    %rdi
    addq    $8, %rsp
    swapgs
    .global cashew_user_iret
cashew_user_iret:
    iretq

attention:
    movl    $0, %gs:CPU_ATTENTION
    movq    %rsp, %rdi
    call    cashew_attention            /* enables interrupts itself */
    jmp     cashew_return_to_user

/* void cashew_enter_user(TrapFrame* frame /rdi/): leaves the kernel stack behind */
    .global cashew_enter_user
cashew_enter_user:
    movq    %rdi, %rsp
    xorl    %ebp, %ebp
    jmp     cashew_return_to_user

/* System calls. rcx = return address, r11 = rflags, interrupts off (SFMASK). */
    .balign 16
    .global cashew_syscall_entry
cashew_syscall_entry:
    swapgs
    movq    %rsp, %gs:CPU_USER_RSP
    movq    %gs:CPU_STACK_TOP, %rsp
    pushq   $USER_DS
    pushq   %gs:CPU_USER_RSP
    pushq   %r11
    pushq   $USER_CS
    pushq   %rcx
    pushq   %rax                        /* original rax */
    pushq   %rdi
    PUSH_REGISTERS_AFTER_RDI
    SAVE_VECTORS
    sti
    movq    %rsp, %rdi
    xorl    %ebp, %ebp
    call    cashew_syscall
    jmp     cashew_return_to_user

/* void cashew_debug_jump(TrapFrame* frame /rdi/, ulong status /rsi/): a program's debug exception goes on on the thread's own stack */
    .global cashew_debug_jump
cashew_debug_jump:
    movq    %rdi, %rsp
    xorl    %ebp, %ebp
    call    cashew_debug_from_user
    jmp     cashew_return_to_user
