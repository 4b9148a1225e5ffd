# With set -m every job has a process group, can be stopped and brought back.
exec 2> /dev/null
set -m
sleep 100 &
pid=$!
read -r line < /proc/$pid/stat; set -- $line
[ "$5" = $pid ] && echo "its own group"
kill -STOP $pid
while read -r line < /proc/$pid/stat; set -- $line; [ "$3" != T ]; do sleep 0.05; done
echo "state $3"
kill -CONT $pid
while read -r line < /proc/$pid/stat; set -- $line; [ "$3" = T ]; do sleep 0.05; done
echo continued
kill $pid; while kill -0 $pid; do wait $pid; sleep 0.05; done; echo ended
(exit 9) & wait $!; echo $?
sh -c 'exit 7'; echo "foreground $?"
sleep 0.1 | cat; echo "pipeline $?"
