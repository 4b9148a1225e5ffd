# packages: bash, coreutils
coproc CALC { while read -r a b; do echo $((a * b)); done; }
pid=$CALC_PID
for i in 3 7 12; do
    echo "$i 11" >&"${CALC[1]}"
    read -r product <&"${CALC[0]}"
    echo "$i x 11 = $product"
done
eval "exec ${CALC[1]}>&-"
wait "$pid"; echo "coprocess: $?"
diff <(printf '%s\n' a b c) <(printf '%s\n' a x c); echo "diff: $?"
seq 1 5 | tee >(sed 's/^/copy /' > copy) > original
until [ "$(wc -l < copy)" = 5 ]; do sleep 0.05; done
paste -d: original copy
paste <(seq 3) <(seq 4 6) <(seq 7 9)
exec 7<> file; echo written >&7; exec 7>&-; cat file
