# packages: util-linux, bsdutils
(flock 9; echo held; flock -n file true; echo "second: $?") 9> file; flock -n file echo free
flock -s file flock -s -n file echo shared
for i in $(seq 8); do (flock 8; n=$(cat count 2> /dev/null || echo 0); echo $((n + 1)) > count) 8> lock & done; wait; cat count
setsid -w sh -c '[ $(cut -d " " -f 6 /proc/self/stat) = $$ ] && echo a session of its own; exit 3'; echo $?
script -q -e -c 'tty | sed s/[0-9]*$/N/; stty -a | head -n 1 | cut -d ";" -f 1; exit 4' typescript < /dev/null | tr -d '\r'
grep -c pts/ typescript; script -q -c 'cat' /dev/null <<< 'typed' | tr -d '\r'
unshare --help | head -n 2 | tail -n 1; getopt -o ab:c --long long,value: -- -a -b x --value=1 rest
logger -s 'to the log' 2>&1 | grep -o 'to the log'; namei /etc/os-release | tail -n 3; mcookie | wc -c; dmesg > /dev/null; echo "dmesg: $?"
fallocate -l 100K file && stat -c %s file; fallocate -p -o 4096 -l 8192 file && stat -c %s file; whereis -b bash | cut -d ' ' -f 1; lscpu | grep -c '^CPU(s):'
