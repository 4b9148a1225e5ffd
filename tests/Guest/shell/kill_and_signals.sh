kill -l 9; kill -l TERM; kill -l 15
sleep 100 & pid=$!
kill -0 $pid && echo alive
kill -9 $pid; wait $pid 2>/dev/null; echo $?
kill -0 $pid 2>/dev/null || echo gone
sh -c 'while :; do :; done' & pid=$!
kill -INT $pid; kill -TERM $pid; wait $pid 2>/dev/null; echo $?
for s in HUP INT ABRT ALRM USR1 PIPE; do
    sh -c "ulimit -c 0; kill -$s \$\$" > /dev/null 2>&1; echo "$s $?"
done
