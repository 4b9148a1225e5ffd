# Inside there is no /proc: the shell has only its built-ins.
mkdir -p root/bin; cp /bin/busybox root/bin/; echo inside > root/file
chroot root /bin/busybox sh -c 'pwd; read -r x < /file; echo $x; cd ..; cd ..; pwd; echo *
    [ -e /proc ]; echo $?; /bin/busybox cat /file'
ln -s /file root/link; chroot root /bin/busybox cat /link; chroot missing true 2>/dev/null; echo $?
