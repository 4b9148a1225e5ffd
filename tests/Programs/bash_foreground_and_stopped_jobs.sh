# packages: bash, procps
exec 2> /dev/null
set -m
bash -c 'kill -STOP $$; echo continued; exit 6'
echo "stopped: $?"
jobs -s | wc -l
fg %1 > /dev/null
echo "ended: $?"
sleep 100 & disown
echo "jobs after disown: $(jobs | wc -l)"
kill $!
suspended=$(bash -c 'sleep 50 > /dev/null & pid=$!; kill -STOP $pid; while [ "$(ps -o state= -p $pid)" != T ]; do :; done
    ps -o state= -p $pid; kill -KILL $pid')
echo "state: $suspended"
