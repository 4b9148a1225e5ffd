/* The vector registers that compiled kernel code uses; Machine/Boot/xmm.txt lists the same, and the build fails when the image
   uses another. Only the low 128 bits: legacy SSE instructions leave the rest alone. */

    .macro SAVE_VECTORS
    subq    $FRAME_VECTOR_BYTES, %rsp
    movups  %xmm0, 8(%rsp)
    movups  %xmm1, 24(%rsp)
    movups  %xmm2, 40(%rsp)
    movups  %xmm3, 56(%rsp)
    movups  %xmm4, 72(%rsp)
    movups  %xmm5, 88(%rsp)
    movups  %xmm6, 104(%rsp)
    movups  %xmm8, 120(%rsp)
    .endm

    .macro RESTORE_VECTORS
    movups  8(%rsp), %xmm0
    movups  24(%rsp), %xmm1
    movups  40(%rsp), %xmm2
    movups  56(%rsp), %xmm3
    movups  72(%rsp), %xmm4
    movups  88(%rsp), %xmm5
    movups  104(%rsp), %xmm6
    movups  120(%rsp), %xmm8
    addq    $FRAME_VECTOR_BYTES, %rsp
    .endm

/* Where a stac or clac stands that a processor without SMAP must not see: Machine patches it out at boot. */
    .macro STAC_SITE
    .pushsection .rodata.smap_sites, "a"
    .quad   .Lsite\@
    .popsection
.Lsite\@:
    .endm
