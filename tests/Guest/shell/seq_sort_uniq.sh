seq 5; seq 2 2 10; seq 3 -1 1
printf '3\n10\n2\n1\n10\n' | sort; printf '3\n10\n2\n1\n10\n' | sort -n
printf '3\n10\n2\n1\n10\n' | sort -rnu
printf 'b 2\na 3\nc 1\n' | sort -k2n; printf 'x:9\ny:10\n' | sort -t: -k2
printf 'a\na\nb\na\n' | uniq -c; printf 'a\na\nb\n' | uniq -d
seq 1 20000 | sort -r | sort -n | md5sum
