id -u; id -g; [ "$(whoami)" = root ] && echo root
start-stop-daemon -S -c 1234:1234 -n nobody-by-this-name -a /bin/busybox -- sh -c '
    id -u; id -g; touch /proc/x 2>/dev/null; echo $?; kill -0 1 2>/dev/null; echo $?
    touch mine; stat -c "%u %g" mine; rm mine; mkdir /new 2>/dev/null; echo $?'
true
