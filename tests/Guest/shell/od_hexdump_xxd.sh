printf 'hello\000\377\n' > f; od -c f; od -t x1 f; hexdump -C f; xxd f; od -A n -t d2 f
xxd -p f; strings -n 4 f
printf 68656c6c6f | xxd -r -p; echo; head -c 40 /dev/zero | hexdump -C
