# packages: strace
strace -o log -e trace=openat,read,write,close cat /etc/hostname; grep -c 'write(1, "cashew' log; tail -n 1 log
strace -f -o log -e trace=execve,exit_group,clone,clone3,vfork,fork sh -c '(exit 3); /bin/true; exit 4'; echo "status $?"; grep -c 'execve("/bin/true"' log; grep -c 'exited with 3' log; grep -c 'exited with 4' log
strace -o log -e trace=kill,rt_sigaction -e signal=all sh -c 'trap "echo caught" USR1; kill -USR1 $$'; grep -c -e '--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER' log
{ strace -o log sh -c 'kill -KILL $$'; } 2> /dev/null; echo "killed: $?"; tail -n 1 log
strace -c -o counts ls / > /dev/null; grep -c 'getdents64' counts; tail -n 1 counts | awk '{ print $NF }'
strace -o log -P /etc/passwd cat /etc/passwd > /dev/null; sed 's/= .*//; s/0x[0-9a-f]*/ADDR/g' log | cut -d '(' -f 1 | sort | uniq -c | awk '{ print $1, $2 }'
strace -e inject=openat:error=ENOENT:when=3+ -o log cat /etc/hostname 2>&1; echo "injected: $?"; strace -e inject=getuid:retval=42 -o log id -u -r 2>&1 | head -n 1
sleep 100 & pid=$!; strace -o log -p $pid 2> messages & tracer=$!; until grep -q attached messages; do sleep 0.1; done; kill -INT $tracer; wait $tracer; grep -c detached messages; kill $pid; wait $pid 2> /dev/null; echo "the target: $?"
strace -y -e trace=write -o log echo hi; tr -s ' ' < log | sed 's/pipe:\[[0-9]*\]/PIPE/; s/<[^>]*>/<FILE>/' | head -n 1; strace -ff -o each sh -c 'true & wait; /bin/echo x' ; ls each.* | wc -l
