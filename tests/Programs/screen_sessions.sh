# packages: screen, procps, bsdutils
export TERM=xterm SCREENDIR=$PWD/dir; mkdir -m 700 dir
screen -c /dev/null -d -m -S one bash --norc --noprofile -i
for _ in $(seq 100); do screen -ls | grep -q one && break; sleep 0.1; done; screen -ls | grep -c '\.one'
screen -S one -X stuff 'echo $((6 * 7)) > result\n'; for _ in $(seq 100); do [ -s result ] && break; sleep 0.1; done; cat result
screen -S one -X hardcopy copy; for _ in $(seq 100); do [ -s copy ] && break; sleep 0.1; done; grep -c 'result' copy
{ sleep 1; printf 'echo typed > second\r'; sleep 1; printf '\001d'; sleep 1; } | script -q -c 'stty rows 24 cols 80; screen -r one' /dev/null | grep -c detached; cat second
screen -S one -X quit; for _ in $(seq 100); do screen -ls | grep -q one || break; sleep 0.1; done; screen -ls | grep -c '\.one'; true
