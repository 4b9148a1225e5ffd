sh -c 'renice -n 5 -p $$ > /dev/null; cut -d" " -f19 /proc/$$/stat'
sleep 50 & renice -n 7 -p $! > /dev/null 2>&1; cut -d' ' -f19 /proc/$!/stat; kill $!
