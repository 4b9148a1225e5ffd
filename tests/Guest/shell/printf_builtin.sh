printf '%d %5d|%-5d|%05d %x %o %c %s\n' 42 42 42 42 255 8 char string
printf '%s\n' more than one
printf 'a\tb\101\x42\n'
printf '%b\n' 'x\ty'
printf '%.3s|%10s|%-10s|\n' abcdef right left
printf '%%\n'
