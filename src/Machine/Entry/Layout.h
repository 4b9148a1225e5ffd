/* Constants that assembly shares with C#. Each stands next to the name of its C# twin, or of the document it is from. */

#define KERNEL_BASE             0xffffffff80000000
#define BOOT_STACK_BYTES        32768

#define BOOT_PROTOCOL_PVH       1       /* BootProtocol.Pvh */
#define BOOT_PROTOCOL_LINUX64   2       /* BootProtocol.Linux64 */
#define XEN_ELFNOTE_PHYS32_ENTRY 18     /* Xen: public/elfnote.h */

/* Segment selectors, as Linux programs see them: /proc and core dumps show 0x33 and 0x2b. */
#define KERNEL32_CS             0x08
#define KERNEL_CS               0x10
#define KERNEL_DS               0x18
#define USER_DS                 0x2b
#define USER_CS                 0x33
#define TSS_SELECTOR            0x40

/* Intel SDM volume 3, 2.5 (control registers), 2.2.1 (EFER), 4.5 (paging). */
#define CR0_KERNEL              0x80050033 /* PG, AM, WP, NE, ET, MP, PE; caches on, no EM, no TS */
#define CR4_PAE                 0x20
#define CR4_OSFXSR              0x200
#define CR4_OSXMMEXCPT          0x400
#define MSR_EFER                0xc0000080
#define EFER_SCE                0x1
#define EFER_LME                0x100
#define EFER_NXE                0x800
#define PTE_PRESENT_WRITABLE    0x3
#define PTE_LARGE               0x80

#define COM1                    0x3f8
#define DEBUG_EXIT_PORT         0x501   /* Power.DebugExitPort */
#define DEBUG_EXIT_PANIC        0x2a    /* Power.PanicCode */

/* Cashew.Runtime.HeapLayout: addresses in the heap have the same bits from this one on. */
#define HEAP_SPAN_SHIFT         46
#define HEAP_SPAN               (-2)    /* HeapLayout.Base, shifted */
#define CELL_UNIT_SHIFT         4       /* HeapLayout.CellUnitShift */

/* Offsets in CpuBlock. */
#define CPU_SELF                0
#define CPU_USER_RSP            8
#define CPU_STACK_TOP           16
#define CPU_ATTENTION           24
#define CPU_ID                  28
#define CPU_HEAP                32

/* What cashew_spin_acquire returns. */
#define SPIN_WERE_ENABLED       1       /* SpinLock.WereEnabled */
#define SPIN_CONTENDED          2       /* SpinLock.Contended */

/* UserRegisters: 21 words, the lowest first; and, below it, what is saved of the vector registers (TrapFrame). */
#define FRAME_RAX               80
#define FRAME_RCX               88
#define FRAME_R11               48
#define FRAME_ORIGINAL_RAX      120
#define FRAME_RIP               128
#define FRAME_CS                136
#define FRAME_RFLAGS            144
#define FRAME_RSP               152
#define FRAME_SS                160
#define FRAME_REGISTER_BYTES    168
#define FRAME_VECTOR_BYTES      136     /* 8 saved registers of 16 bytes, and 8 to keep the stack aligned */
#define FRAME_BYTES             (FRAME_REGISTER_BYTES + FRAME_VECTOR_BYTES)

#define USER_LIMIT              0x00007ffffffff000  /* UserAddress.LimitValue */
#define RFLAGS_IF               0x200
#define RFLAGS_USER_MASK        0x250dd5 /* CF PF AF ZF SF TF DF OF RF AC ID: UserRegisters.UserFlagsMask */
#define RFLAGS_TF_OR_RF         0x10100
#define MSR_GS_BASE             0xc0000101
