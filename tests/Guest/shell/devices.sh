head -c 5 /dev/zero | od -c; echo gone > /dev/null; cat /dev/null | wc -c
head -c 100 /dev/urandom | wc -c; echo x 2>/dev/null > /dev/full; echo $?
a=$(head -c 16 /dev/urandom | md5sum); b=$(head -c 16 /dev/urandom | md5sum)
[ "$a" != "$b" ] && echo different
[ -c /dev/tty ] && [ -c /dev/console ] && echo terminals; mknod z c 1 5
head -c 3 z | od -c; ls -l /dev/null | cut -c1-10
