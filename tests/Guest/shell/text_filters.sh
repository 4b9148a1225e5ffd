printf 'one\ntwo\nthree\n' > f
head -n 1 f; tail -n 1 f; tail -c 4 f; tac f; nl f; rev f; wc f
cut -c2-3 f; printf 'a:b:c\n' | cut -d: -f1,3
tr a-z A-Z < f; tr -d o < f; printf 'aabb\n' | tr -s ab
paste f f; fold -w 2 f; expand << E
a	b
E
printf 'x\r\n' | dos2unix | od -c
cat -n f; cat -A f; printf '\001\t\n' | cat -v
printf '1\n2\n' | paste -s -d, ; printf 'k1 v1\n' | while read a b; do echo $b $a; done
