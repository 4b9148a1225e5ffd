printf 'some bytes\n' | uuencode name | uudecode -o -; printf 'ABC' | base64
printf 'QUJD' | base64 -d; echo; printf 'abc' | sha3sum | cut -c1-16
ascii 2>/dev/null | head -n 0; printf 'a\n' | sha512sum | cut -c1-20
