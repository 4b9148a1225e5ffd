# packages: util-linux, bsdutils, mount, procps
prlimit --nofile=100:200 sh -c 'ulimit -n; ulimit -Hn'; prlimit --noheadings -o RESOURCE,SOFT --core --pid $$
taskset -p 1 $$ | sed 's/pid [0-9]*/PID/'; chrt -p $$ | sed 's/pid [0-9]*/PID/'; chrt -f 5 chrt -p 0 | sed 's/pid [0-9]*/PID/'
chrt -b 0 chrt -p 0 | head -n 1 | sed 's/pid [0-9]*/PID/'; ionice -p $$; renice -n 3 -p $$ | sed 's/^[0-9]*//'; nice
choom -n 500 -- cat /proc/self/oom_score_adj
mkdir m; mount -t tmpfs -o size=1m,mode=700 tmpfs m; findmnt -n -o FSTYPE m; stat -c %a m
dd if=/dev/zero of=m/f bs=1M count=2 2>&1 | grep -o 'No space.*'; mountpoint m; mount -o remount,ro m; touch m/x 2>&1; umount m; mountpoint m
mount --bind /etc m && ls m/passwd; umount m; mount -t unheard-of none m 2>&1 | head -n 1 | cut -d : -f 3-; umount m 2>&1
setpriv --reuid=1000 --regid=1000 --clear-groups id; setpriv --reuid=1000 --clear-groups cat /root/.profile 2>&1
setpriv --no-new-privs grep NoNewPrivs /proc/self/status; setpriv --bounding-set=-sys_admin --inh-caps=-all grep CapBnd /proc/self/status
setpriv --reuid=1000 --regid=1000 --clear-groups mount -t tmpfs tmpfs m 2>&1 | head -n 1 | cut -d : -f 3-
setpriv --reuid=1000 --regid=1000 --clear-groups kill -0 1 2>&1; setpriv --dump | grep -E '^(uid|euid|gid|Securebits)' | head -n 3
