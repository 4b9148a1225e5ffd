/* Power on to C#: the two boot entries. Everything here runs at its physical address until the jump to the top half.

   PVH (QEMU, Firecracker >= 1.12, Cloud Hypervisor): 32-bit protected mode, paging off, ebx = hvm_start_info.
   Linux 64-bit protocol (older Firecracker): long mode with the first GiB mapped, rsi = boot_params.
   Neither promises a stack, zeroed bss, a usable GDT or enabled SSE. */

#include "../Entry/Layout.h"

    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long cashew_entry32 - KERNEL_BASE

#define PHYSICAL(symbol) ((symbol) - KERNEL_BASE)

/* The end of the road, in either mode, before there is anything to report a panic with. */
    .macro STOP_SAYING text
    movl    $PHYSICAL(\text), %esi
    movw    $COM1, %dx
1:  lodsb
    testb   %al, %al
    jz      2f
    outb    %al, %dx
    jmp     1b
2:  movw    $DEBUG_EXIT_PORT, %dx
    movb    $DEBUG_EXIT_PANIC, %al
    outb    %al, %dx
3:  hlt
    jmp     3b
    .endm

/* Loaders copy as much of the image as there is memory for, and start it all the same. So the last word of it is
   tried, and put back: where there is no memory, it does not keep what is written. */
    .macro REQUIRE_MEMORY at, otherwise
    movl    $PHYSICAL(__image_end) - 4, %edi
    movl    (%\at), %eax
    movl    %eax, %ecx
    notl    %ecx
    movl    %ecx, (%\at)
    cmpl    (%\at), %ecx
    movl    %eax, (%\at)
    jne     \otherwise
    .endm

    .section .text.boot, "ax"
    .code32
    .global cashew_entry32
cashew_entry32:
    cli
    cld
    movl    %ebx, %esi                  /* kept in esi: nothing below uses it */
    movl    $BOOT_PROTOCOL_PVH, %ebp
    lgdt    PHYSICAL(boot_gdt_pointer)

    /* Long mode at all? Without it there is nothing to fall back to. */
    movl    $0x80000000, %eax
    cpuid
    cmpl    $0x80000001, %eax
    jb      no_long_mode
    movl    $0x80000001, %eax
    cpuid
    btl     $29, %edx
    jnc     no_long_mode
    movl    %edx, %ebx                  /* bit 20: NX */

    REQUIRE_MEMORY edi, too_little_memory32
    movl    $PHYSICAL(__bss_start), %edi
    movl    $PHYSICAL(__bss_end), %ecx
    subl    %edi, %ecx
    shrl    $2, %ecx
    xorl    %eax, %eax
    rep stosl

    movl    $CR4_PAE, %eax
    movl    %eax, %cr4
    movl    $PHYSICAL(boot_pml4), %eax
    movl    %eax, %cr3
    movl    $MSR_EFER, %ecx
    rdmsr
    orl     $(EFER_LME | EFER_SCE), %eax
    btl     $20, %ebx
    jnc     1f
    orl     $EFER_NXE, %eax
1:  wrmsr
    movl    $CR0_KERNEL, %eax
    movl    %eax, %cr0
    ljmp    $KERNEL_CS, $PHYSICAL(long_mode)

no_long_mode:
    STOP_SAYING no_long_mode_text

too_little_memory32:
    STOP_SAYING too_little_memory_text

    .code64
    .global cashew_entry64
cashew_entry64:
    cli
    cld
    movl    $BOOT_PROTOCOL_LINUX64, %ebp
    lgdt    PHYSICAL(boot_gdt_pointer)

    REQUIRE_MEMORY rdi, too_little_memory64
    movl    $PHYSICAL(__bss_start), %edi
    movl    $PHYSICAL(__bss_end), %ecx
    subl    %edi, %ecx
    shrl    $2, %ecx
    xorl    %eax, %eax
    rep stosl

    /* The loader's tables cover one GiB only; ours take over before the first access beyond it. */
    movl    $PHYSICAL(boot_pml4), %eax
    movq    %rax, %cr3
    movl    $0x80000001, %eax
    cpuid
    movl    %edx, %ebx
    movl    $MSR_EFER, %ecx
    rdmsr
    orl     $EFER_SCE, %eax
    btl     $20, %ebx
    jnc     1f
    orl     $EFER_NXE, %eax
1:  wrmsr
    movl    $CR0_KERNEL, %eax           /* KVM's reset value leaves the caches off; this turns them on */
    movq    %rax, %cr0

long_mode:
    movq    $top_half, %rax
    jmp     *%rax

too_little_memory64:
    STOP_SAYING too_little_memory_text

/* Here and not with the other constants: this part of the image is loaded if any is. */
no_long_mode_text:
    .asciz "kernel panic: this processor has no 64-bit mode\r\n"
too_little_memory_text:
    .asciz "kernel panic: too little memory: the kernel itself does not fit\r\n"

    .text
top_half:
    movl    $KERNEL_DS, %eax
    movl    %eax, %ds
    movl    %eax, %es
    movl    %eax, %ss
    xorl    %eax, %eax
    movl    %eax, %fs
    movl    %eax, %gs
    lgdt    boot_gdt_pointer_high(%rip)
    leaq    boot_stack_top(%rip), %rsp
    pushq   $KERNEL_CS
    leaq    1f(%rip), %rax
    pushq   %rax
    lretq
1:
    /* Compiled C# uses SSE from its first instruction on. */
    movl    $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
    movq    %rax, %cr4
    movl    %ebp, %edi
    xorl    %ebp, %ebp
    call    cashew_start
2:  hlt
    jmp     2b

    .section .rodata, "a"
    .balign 8
boot_gdt:
    .quad 0
    .quad 0x00cf9b000000ffff            /* 0x08: 32-bit code */
    .quad 0x00af9b000000ffff            /* 0x10: 64-bit code */
    .quad 0x00cf93000000ffff            /* 0x18: data */
boot_gdt_end:

    .balign 8
    .word 0
boot_gdt_pointer:
    .word boot_gdt_end - boot_gdt - 1
    .long PHYSICAL(boot_gdt)
    .long 0                             /* the upper half, for lgdt in 64-bit mode */
    .balign 8
    .word 0, 0, 0
boot_gdt_pointer_high:
    .word boot_gdt_end - boot_gdt - 1
    .quad boot_gdt

/* Page tables made by the linker: the first four GiB at their own address, in the direct map, and (the first GiB) at the
   kernel's base. Machine replaces them by the final ones, with rights, as soon as it has frames. */
    .section .data.boot, "aw"
    .balign 4096
    .global boot_pml4
boot_pml4:
    .quad PHYSICAL(boot_pdpt_low) + PTE_PRESENT_WRITABLE
    .fill 255, 8, 0
    .quad PHYSICAL(boot_pdpt_low) + PTE_PRESENT_WRITABLE    /* 256: DIRECT_MAP_BASE */
    .fill 254, 8, 0
    .quad PHYSICAL(boot_pdpt_high) + PTE_PRESENT_WRITABLE   /* 511 */
boot_pdpt_low:
    .set table, 0
    .rept 4
    .quad PHYSICAL(boot_pd) + 4096 * table + PTE_PRESENT_WRITABLE
    .set table, table + 1
    .endr
    .fill 508, 8, 0
boot_pdpt_high:
    .fill 510, 8, 0
    .quad PHYSICAL(boot_pd) + PTE_PRESENT_WRITABLE
    .quad 0
boot_pd:
    .set page, 0
    .rept 2048
    .quad page * 0x200000 + PTE_PRESENT_WRITABLE + PTE_LARGE
    .set page, page + 1
    .endr

    .bss
    .balign 4096
    .skip 4096                          /* becomes the guard page */
    .global boot_stack_bottom
boot_stack_bottom:
    .skip BOOT_STACK_BYTES
    .global boot_stack_top
boot_stack_top:
