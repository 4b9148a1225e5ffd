timeout 1 sh -c 'while :; do :; done'; echo $?
timeout -s KILL 1 sh -c 'trap "" TERM; while :; do :; done'; echo $?
timeout 20 true; echo $?
timeout 20 sh -c 'exit 5'; echo $?
