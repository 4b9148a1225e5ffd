# packages: procps
ps -o pid,ppid,pgid,sid,stat,args -p $$ | awk 'NR == 1 { print $1, $2, $3, $4, $5, $6 } NR == 2 { print $6, ($1 == $3) }'
ps -p 1 -o pid=,comm=,user= | xargs; ps -o nlwp=,ni=,cls= -p $$ | xargs
sleep 100 & pid=$!
until [ "$(ps -o args= -p $pid)" = 'sleep 100' ]; do :; done; ps -o ppid= -p $pid | tr -d ' ' | grep -cx $$
pgrep -x sleep | wc -l; pgrep -P $$ -a sleep | cut -d ' ' -f 2-
{ pkill -x sleep; wait $pid; } 2> /dev/null; echo "pkill: $?"; pgrep -x sleep; echo "pgrep: $?"
for options in aux -ef axjf -eLf; do ps $options | head -n 1 | xargs; done
ps -o vsz=,rss= -p $$ | awk '{ print ($1 > 1000), ($2 > 500) }'
free | awk '{ print $1, NF }'; free -m | awk '/Mem/ { print ($2 > 100), ($2 >= $3) }'
uptime | grep -c 'load average:'; uptime -p | cut -d ' ' -f 1; uptime -s | grep -c '^20'
top -b -n 1 | sed -n '1s/ .*//p; 2s/:.*//p; 3s/:.*//p; 4s/:.*//p; 7p' | xargs
top -b -n 2 -d 0.2 -p $$ | grep -c bash; top -b -H -n 1 -p $$ | grep -c Threads
vmstat 1 2 | head -n 2 | xargs | tr -d -- -; vmstat -s | grep -c memory
pmap $$ | tail -n 1 | cut -d ' ' -f 2
sysctl kernel.ostype kernel.hostname vm.overcommit_memory kernel.pid_max | cut -d ' ' -f 1; sysctl -n kernel.ostype
pwdx $$ | cut -d ' ' -f 2 | grep -cx "$PWD"
(sleep 0.3; echo changed > file) & watch -t -g -n 0.1 'cat file 2> /dev/null' > /dev/null 2>&1 < /dev/null; cat file; wait
