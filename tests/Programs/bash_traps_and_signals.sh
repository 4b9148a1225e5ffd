# packages: bash, coreutils
trap 'echo "caught USR1"' USR1
trap 'echo "leaving with $?"' EXIT
kill -USR1 $$
(trap - EXIT; trap 'echo "child: TERM"; exit 9' TERM; while :; do sleep 0.05; done) &
child=$!
sleep 0.5
kill -TERM $child
wait $child; echo "status $?"
{ bash -c 'kill -SEGV $$'; } 2> /dev/null; echo "segv: $?"
{ bash -c 'ulimit -c 0; kill -ABRT $$'; } 2> /dev/null; echo "abrt: $?"
bash -c 'trap "" INT; kill -INT $$; echo ignored'
bash -c 'trap "echo debug >&2" DEBUG; true' 2>&1
f() { trap 'echo return' RETURN; false; }
f; echo "f: $?"
trap 'echo error in line $LINENO' ERR
false
timeout -s INT 0.3 bash -c 'trap "echo interrupted; exit 1" INT; while :; do sleep 0.05; done'
echo "timeout: $?"
