mkfifo p; (echo through > p) & cat p; wait; (seq 1 10000 > p) & md5sum < p; wait
(cat p > out) & echo a > p; wait; cat out; (read -r x < p; echo "got $x") & echo hello > p; wait
