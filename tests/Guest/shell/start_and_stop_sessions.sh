setsid sh -c 'set -- $(cat /proc/self/stat); [ "$5" = "$6" ] && echo leader'
setsid sh -c 'echo x > /dev/tty' 2>/dev/null; echo $?
(setsid sleep 30 & echo $! > pid; wait) & sleep 0.3
nohup sh -c 'kill -HUP $$; echo survived' 2>/dev/null; read -r pid < pid
pkill=$(pidof sleep | wc -w); [ "$pkill" -ge 1 ] && echo running
for p in $(pidof sleep); do kill $p; done; wait
