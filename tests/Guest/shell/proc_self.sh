cat /proc/self/comm; tr '\0' '\n' < /proc/self/cmdline | head -n 3
[ "$(readlink /proc/$$/cwd)" = "$PWD" ] && echo cwd
readlink /proc/self/exe | sed 's|.*/||'
ls /proc/self/fd | tr '\n' ' '; echo; exec 5< /dev/null; readlink /proc/$$/fd/5
awk '/^Threads/ { print $2 }' /proc/self/status; grep -c '\[stack\]' /proc/self/maps
awk '$1 == "MemTotal:" { print $3 }' /proc/meminfo; [ -e /proc/999999 ]; echo $?
cat /proc/sys/kernel/ostype; ls /proc | grep -c '^1$'
