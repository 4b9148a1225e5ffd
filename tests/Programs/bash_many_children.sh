# packages: bash, coreutils
for i in $(seq 1 40); do (exit $((i % 7))) & pids+=($!); done
sum=0
for pid in "${pids[@]}"; do wait $pid; ((sum += $?)); done
echo "sum $sum"
for i in $(seq 1 30); do echo "line $i" | cat | cat >> out & done; wait
sort -k 2 -n out | sha256sum
seq 1 2000 | while read -r n; do (( n % 3 == 0 )) && echo $n; done | wc -l
