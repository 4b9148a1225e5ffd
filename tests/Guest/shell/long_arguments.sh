big=$(seq 1 20000); echo "$big" | wc -c; /bin/busybox echo "$big" | wc -c
/bin/busybox sh -c 'echo ${#1}' x "$big"
huge=$big$big; sh -c 'exec /bin/busybox echo "$1"' x "$huge" > /dev/null 2>&1; echo $?
/bin/busybox true $(seq 1 30000); echo $?
