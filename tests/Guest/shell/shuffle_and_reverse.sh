seq 1 100 | shuf | sort -n | md5sum; seq 1 100 | md5sum; printf '1\n2\n' > x; tac x
printf 'abc\n' | rev
