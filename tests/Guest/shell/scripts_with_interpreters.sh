cat > s << 'E'
#!/bin/busybox sh
echo "$0 $# $1"
E
chmod +x s; ./s 'an argument'; PATH=$PATH:. ; s two args
printf '#!/bin/busybox awk -f\nBEGIN { print "awk script", ARGC }\n' > a; chmod +x a; ./a x; echo $?
printf 'echo no interpreter line\n' > n; chmod +x n; ./n
printf '#!/no/such\n' > b; chmod +x b; ./b 2>/dev/null; echo $?; chmod -x s
./s 2>/dev/null; echo $?; printf '#!/bin/busybox cat\nshown\n' > c; chmod +x c; ./c
printf '#!/bin/busybox echo -n\n' > e; chmod +x e; ./e; echo '|'
