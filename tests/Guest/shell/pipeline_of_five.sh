seq 1 1000 | grep 7 | sed 's/7/seven/' | sort -r | head -n 5
seq 1 10000 | cat | cat | cat | cat | cat | wc -l
