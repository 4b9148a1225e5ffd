# The shape of ps and its relatives, not their numbers.
sleep 100 & pid=$!
sleep 100 & other=$!
ps -o pid,ppid,comm | awk -v p=$pid -v s=$$ '$1 == p { print ($2 == s), $3 }'
ps | head -n 1 | tr -s ' '; ps | awk '$1 == 1' | wc -l
pidof sleep | wc -w | awk '{ print ($1 >= 2) }'
[ -d /proc/$pid ] && echo there; tr '\0' ' ' < /proc/$pid/cmdline; echo; kill $pid $other
wait; [ -d /proc/$pid ] || echo gone
ps -o stat | grep -c Z
true
