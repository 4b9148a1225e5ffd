# packages: strace
clean() { sed -E 's/0x[0-9a-f]+/ADDRESS/g; s/^\[pid +[0-9]+\] //; s/pid [0-9]+/pid PID/; s/kill\([0-9]+/kill(PID/; s/\) +=/) =/; s/si_pid=[0-9]+/si_pid=PID/; s/(si_utime|si_stime)=[0-9]+( \/\* [^*]* \*\/)?/\1=N/g'; }
echo text > file
strace -e trace=openat,read,close -P "$PWD/file" cat file 2>&1 | clean
strace -e trace=chdir,mkdir,rmdir,unlink,symlink,readlink,link,rename,getcwd,pipe,dup2,kill sh -c 'cd /; kill -0 $$; pwd' 2>&1 | clean
strace -f -o calls -e trace=execve,exit_group,wait4 sh -c '/bin/true; /bin/false; exit 3'; echo $?; grep -oE '(execve\("[^"]*"|exit_group\([0-9]|wait4\(-1).*' calls | sed -E 's/[,)].*//' | sort -u; grep -c SIGCHLD calls
strace -f -qq -e trace=none -e signal=all bash -c 'trap "echo caught" USR1; kill -USR1 $$; kill -TERM $$' 2>&1 | clean
strace -f -c -S name -U name,calls -e trace=mkdir,rmdir sh -c 'mkdir a; mkdir a; rmdir a' 2>&1 | grep -v '^strace: Process' | tr -s ' '
sh -c 'while [ ! -e go ]; do sleep 0.05; done; mkdir after; rmdir after' & pid=$!
strace -f -o trace -e trace=mkdir,rmdir -p $pid 2> /dev/null & tracer=$!
until grep -q "TracerPid:.$tracer" /proc/$pid/status; do sleep 0.05; done; touch go; wait $pid; echo $?; wait $tracer; echo $?
grep -oE '(mkdir|rmdir)\(.*' trace
strace -e inject=mkdir:error=EDQUOT -e trace=mkdir mkdir b 2>&1 | clean; ls -d b 2>&1
strace -e inject=getuid:retval=77 -e trace=getuid id -ru 2>&1 | clean
strace -y -e trace=read,lseek -P "$PWD/file" head -c 3 file 2>&1 | clean | sed "s|$PWD|DIR|"
strace -r -e trace=rmdir rmdir nothing 2>&1 | sed -E 's/^ *[0-9]+\.[0-9]+ //'
strace nothing 2>&1; strace -p 999999 2>&1; echo $?
