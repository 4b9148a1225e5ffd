# packages: bash, procps
# When the shell says that a job has ended depends on when it looks.
exec 2> /dev/null
set -m
sleep 100 &
first=$!
sleep 200 &
second=$!
jobs | sed 's/  */ /g'
kill -STOP %1
until [ "$(ps -o state= -p "$first")" = T ]; do sleep 0.1; done
jobs %1 | sed 's/  */ /g'
bg %1 > /dev/null
until [ "$(ps -o state= -p "$first")" = S ]; do sleep 0.1; done
jobs -r | wc -l
[ "$(ps -o pgid= -p "$first" | tr -d ' ')" = "$first" ] && echo 'a job is a group of its own'
kill %1 %2
wait $first; echo "first: $?"
wait $second; echo "second: $?"
jobs > /dev/null; jobs | wc -l
(exit 3) &
wait $!; echo "wait: $?"
{ sleep 0.2; exit 4; } & { sleep 5; exit 5; } &
wait -n; echo "wait -n: $?"
kill %%; wait
echo done
