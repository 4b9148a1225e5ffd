    .text
    .global cashew_out8
cashew_out8:
    movl %edi, %edx
    movl %esi, %eax
    outb %al, %dx
    ret
