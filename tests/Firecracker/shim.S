/* A kernel for QEMU that turns the machine into one that Firecracker just started,
   and enters the real kernel there.

   QEMU's loader devices have put the real kernel where it belongs, and at STATE_ADDRESS a list of what
   Firecracker leaves in low memory; GuestMemory.cs writes it. We lie high enough to be in nobody's way. */

#define STATE_ADDRESS       0x5000000   /* GuestMemory.ShimAddress */
#define STATE_MAGIC         0x46435348  /* GuestMemory.Magic */
#define STATE_PROTOCOL      4           /* 0: PVH; 1: Linux 64-bit */
#define STATE_ENTRY         8
#define STATE_COUNT         16
#define STATE_PIECES        24          /* each: address and length (64 bits each), bytes, padding to 8 */

#define LOW_MEMORY_BYTES    0x100000
#define DEBUG_EXIT_PORT     0x501
#define NO_STATE            0x7f        /* QEMU's exit code becomes 255 */

/* Where Firecracker puts things, and what it leaves in the registers. */
#define START_INFO          0x6000
#define ZERO_PAGE           0x7000
#define BOOT_STACK          0x8ff0
#define BOOT_PML4           0x9000
#define TSS_DESCRIPTOR_TYPE 0x51d       /* GDT at 0x500, descriptor 3, byte 5 */
#define BUSY                0x02
#define CODE                0x08
#define DATA                0x10
#define TSS                 0x18
#define CR0_PVH             0x00000011  /* ET, PE */
#define CR0_LINUX64         0xe0000011  /* PG, PE, and the reset value of KVM: CD, NW, ET */
#define CR4_PAE             0x20
#define MSR_EFER            0xc0000080
#define EFER_LME            0x100
#define FLAGS               0x2         /* only the bit that is always set */

/* Intel SDM volume 3, 11.5.1: local vector table; 11.4.4: where the APIC is after a reset. */
#define APIC_LINT0          0xfee00350
#define APIC_LINT1          0xfee00360
#define DELIVER_EXTINT      0x700
#define DELIVER_NMI         0x400

    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, 18                      /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long start

    .text
    .code32
    .global start
start:
    cli
    cld
    movl    $stack_top, %esp

    /* Firecracker's memory is empty but for what it writes; the firmware's leavings are not to help. */
    xorl    %eax, %eax
    xorl    %edi, %edi
    movl    $(LOW_MEMORY_BYTES / 4), %ecx
    rep stosl

    movl    $STATE_ADDRESS, %esi
    cmpl    $STATE_MAGIC, (%esi)
    jne     no_state
    movl    STATE_PROTOCOL(%esi), %ebp
    movl    STATE_ENTRY(%esi), %eax
    movl    %eax, entry
    movl    STATE_COUNT(%esi), %edx
    addl    $STATE_PIECES, %esi
1:  testl   %edx, %edx
    jz      2f
    movl    (%esi), %edi
    movl    8(%esi), %ecx
    addl    $16, %esi
    rep movsb
    addl    $7, %esi
    andl    $~7, %esi
    decl    %edx
    jmp     1b
2:
    movl    $DELIVER_EXTINT, APIC_LINT0
    movl    $DELIVER_NMI, APIC_LINT1
    movl    $msrs, %esi
3:  lodsl
    testl   %eax, %eax
    jz      4f
    movl    %eax, %ecx
    lodsl
    xorl    %edx, %edx
    wrmsr
    jmp     3b
4:  fninit

    lgdt    gdt_pointer
    lidt    idt_pointer
    /* Firecracker's TSS is busy, which ltr refuses, and makes so again. */
    andb    $~BUSY, TSS_DESCRIPTOR_TYPE
    movw    $TSS, %ax
    ltr     %ax
    testl   %ebp, %ebp
    jnz     linux64

    ljmp    $CODE, $1f
1:  movw    $DATA, %ax
    movw    %ax, %ds
    movw    %ax, %es
    movw    %ax, %fs
    movw    %ax, %gs
    movw    %ax, %ss
    movl    $CR0_PVH, %eax
    movl    %eax, %cr0
    xorl    %eax, %eax
    movl    %eax, %cr4
    pushl   $FLAGS
    popfl
    /* No more arithmetic: it would change the flags. */
    movl    $0, %eax
    movl    $0, %ecx
    movl    $0, %edx
    movl    $0, %esi
    movl    $0, %edi
    movl    $0, %ebp
    movl    $0, %esp
    movl    $START_INFO, %ebx
    jmp     *entry

linux64:
    movl    $CR4_PAE, %eax
    movl    %eax, %cr4
    movl    $BOOT_PML4, %eax
    movl    %eax, %cr3
    movl    $MSR_EFER, %ecx
    rdmsr
    orl     $EFER_LME, %eax
    wrmsr
    movl    $CR0_LINUX64, %eax
    movl    %eax, %cr0
    ljmp    $CODE, $1f
    .code64
1:  movw    $DATA, %ax
    movw    %ax, %ds
    movw    %ax, %es
    movw    %ax, %fs
    movw    %ax, %gs
    movw    %ax, %ss
    pushq   $FLAGS
    popfq
    movl    $0, %eax
    movl    $0, %ebx
    movl    $0, %ecx
    movl    $0, %edx
    movl    $0, %edi
    movl    $0, %r8d
    movl    $0, %r9d
    movl    $0, %r10d
    movl    $0, %r11d
    movl    $0, %r12d
    movl    $0, %r13d
    movl    $0, %r14d
    movl    $0, %r15d
    movl    $BOOT_STACK, %ebp
    movl    $BOOT_STACK, %esp
    movl    $ZERO_PAGE, %esi
    jmp     *entry

    .code32
no_state:
    movw    $DEBUG_EXIT_PORT, %dx
    movb    $NO_STATE, %al
    outb    %al, %dx
1:  hlt
    jmp     1b

    .section .rodata, "a"
gdt_pointer:
    .word 4 * 8 - 1
    .long 0x500
idt_pointer:
    .word 8 - 1
    .long 0x520

/* Index and value, ended by a zero. */
    .balign 4
msrs:
    .long 0x174, 0                      /* IA32_SYSENTER_CS, ESP, EIP */
    .long 0x175, 0
    .long 0x176, 0
    .long 0xc0000081, 0                 /* STAR, LSTAR, CSTAR, SFMASK */
    .long 0xc0000082, 0
    .long 0xc0000083, 0
    .long 0xc0000084, 0
    .long 0xc0000102, 0                 /* KERNEL_GS_BASE */
    .long 0x1a0, 1                      /* IA32_MISC_ENABLE: fast strings */
    .long 0x2ff, 0x806                  /* IA32_MTRR_DEF_TYPE: on, write-back */
    .long 0x10, 0                       /* IA32_TIME_STAMP_COUNTER */
    .long 0

    .bss
    .balign 8
entry:
    .skip 8
    .skip 256
stack_top:

    .section .note.GNU-stack, "", @progbits
