/* `new`, where it is short: takes the first cell of the processor's list for the size. See Cashew.Runtime.Allocator.

   Nothing here can be interrupted by another allocation: interrupt handlers do not allocate, and the kernel is not
   preempted. A cell's first word holds the link to the next cell and then the method table; the rest is zero. */

#include "Layout.h"

#define TYPE_COMPONENT_BYTES    0       /* MethodTable: 16 bits */
#define TYPE_BASE_BYTES         4       /* 32 bits */
#define ARRAY_LENGTH            8
#define HEAP_CLASSES            320     /* AllocationContext.Classes */
#define LARGEST_LOOKUP          2048    /* SizeClasses.LargestLookup */
#define LONGEST_ARRAY           2048    /* elements; more is not small, and fewer do not overflow 32 bits */

    .text

/* object RhpNewFast(MethodTable* type /rdi/) */
    .global RhpNewFast
    .balign 16
RhpNewFast:
    movl    TYPE_BASE_BYTES(%rdi), %eax
    movq    %gs:CPU_HEAP, %rdx
    cmpl    $LARGEST_LOOKUP, %eax
    ja      1f
    addl    $15, %eax
    shrl    $4, %eax
    movzbl  HEAP_CLASSES(%rdx, %rax), %ecx
    movq    (%rdx, %rcx, 8), %rax
    testq   %rax, %rax
    jz      1f
    movq    (%rax), %rsi
    movq    %rsi, (%rdx, %rcx, 8)
    movq    %rdi, (%rax)
    ret
1:  movq    %rdx, %rsi
    jmp     cashew_new_object_slow

/* object RhpNewArrayFast(MethodTable* type /rdi/, nint length /rsi/); for strings, too */
    .global RhpNewArrayFast, RhpNewPtrArrayFast
    .balign 16
RhpNewArrayFast:
RhpNewPtrArrayFast:
    movq    %gs:CPU_HEAP, %rdx
    cmpq    $LONGEST_ARRAY, %rsi
    ja      1f
    movzwl  TYPE_COMPONENT_BYTES(%rdi), %eax
    imull   %esi, %eax
    addl    TYPE_BASE_BYTES(%rdi), %eax
    cmpl    $LARGEST_LOOKUP, %eax
    ja      1f
    addl    $15, %eax
    shrl    $4, %eax
    movzbl  HEAP_CLASSES(%rdx, %rax), %ecx
    movq    (%rdx, %rcx, 8), %rax
    testq   %rax, %rax
    jz      1f
    movq    (%rax), %r8
    movq    %r8, (%rdx, %rcx, 8)
    movq    %rdi, (%rax)
    movl    %esi, ARRAY_LENGTH(%rax)
    ret
1:  jmp     cashew_new_array_slow

/* void cashew_call_undisturbed(void (*function)(void) /rdi/): with interrupts off. The collector looks at stacks only,
   so what callers keep in registers goes there. */
    .global cashew_call_undisturbed
cashew_call_undisturbed:
    pushq   %rbp
    movq    %rsp, %rbp
    pushq   %rbx
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    pushfq                              /* and aligns the stack */
    cli
    call    *%rdi
    popfq
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbx
    popq    %rbp
    ret
