(sleep 0.2; exit 3) & first=$!
(exit 4) & second=$!
wait $first; echo $?
wait $second; echo $?
wait $second; echo "again $?"
for i in 1 2 3 4 5; do (echo $i > result.$i) & done; wait; cat result.*
sleep 100 & kill $!; wait $! 2>/dev/null; echo $?
wait 999999; echo $?
