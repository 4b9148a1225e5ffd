(sleep 0.6; echo three) & (sleep 0.3; echo two) & echo one; wait; echo four
usleep 1000; sleep 0; time -f '' true 2>/dev/null; echo $?
start=$(date +%s); sleep 1; end=$(date +%s); [ $((end - start)) -ge 1 ] && echo slept
