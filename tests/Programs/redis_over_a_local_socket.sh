# packages: redis-server, redis-tools
redis-server --port 0 --unixsocket $PWD/socket --dir $PWD --save '' --loglevel warning > log 2>&1 &
server=$!
r() { redis-cli -s socket "$@"; }
until r ping > /dev/null 2>&1; do sleep 0.05; done
r set counter 41
r incr counter
for i in $(seq 50); do echo "lpush list $i"; done | r > /dev/null
r lrange list 0 2
r hset h a 1 b 2
r hgetall h
(r subscribe news > heard &
until [ "$(r publish news flash)" = 1 ]; do sleep 0.05; done
until grep -q flash heard; do sleep 0.05; done
cat heard
kill $!)
redis-benchmark -s socket -n 1000 -c 10 -q -t set,get,lpush 2> /dev/null | tr '\r' '\n' | grep -c 'requests per second'
# A snapshot is written by a child with the parent's memory as it was.
r save
r bgsave
until [ "$(r info persistence | tr -d '\r' | grep -c 'rdb_bgsave_in_progress:0')" = 1 ]; do sleep 0.05; done
r info persistence | tr -d '\r' | grep rdb_last_bgsave_status
r shutdown nosave
wait $server
echo $?
redis-check-rdb dump.rdb | grep -c 'RDB looks OK'
