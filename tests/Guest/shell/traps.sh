trap 'echo got usr1' USR1
kill -USR1 $$; echo after
trap 'echo got term' TERM; kill $$
trap - TERM; sh -c 'trap "echo child leaves" EXIT; exit 3'; echo $?
trap '' INT; kill -INT $$; echo "int ignored"
sh -c 'trap "exit 9" HUP; kill -HUP $$; echo not reached'; echo $?
trap 'echo bye' EXIT
(sleep 0.1; kill -USR1 $$) & wait; echo "wait interrupted or done"; wait
