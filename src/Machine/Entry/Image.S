/* Addresses that only the linker knows, for C#: see Cashew.Runtime.ImageSymbols and Cashew.Machine.Image. */

    .text
    .global cashew_image_table
cashew_image_table:
    leaq    image_table(%rip), %rax
    ret

    .section .rodata, "a"
    .balign 8
image_table:
    .quad dispatch_cache
    .quad dispatch_cache_end
    .quad __modules_start
    .quad __modules_end
    .quad __image_start
    .quad __image_end
    .quad __text_start
    .quad __text_end
    .quad __rodata_start
    .quad __rodata_end
    .quad __data_start
    .quad __data_end
    .quad __symbols_start
    .quad __symbols_end
    .quad boot_stack_top
    .quad boot_stack_bottom
    .quad cashew_trap_stubs
    .quad cashew_syscall_entry
    .quad cashew_user_start
    .quad cashew_user_end
    .quad cashew_user_fixups
    .quad cashew_user_fixups_end
    .quad __smap_sites_start
    .quad __smap_sites_end
    .quad cashew_thread_start
    .quad cashew_vdso_start
    .quad cashew_vdso_end

    .bss
    .balign 64
    .global dispatch_cache
dispatch_cache:
    .skip 4096 * 32                     /* DispatchCache.EntryCount */
dispatch_cache_end:
