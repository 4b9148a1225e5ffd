# packages: coreutils, diffutils
seq 1 100000 > numbers
split -b 100K numbers part.; ls part.* | xargs
cat part.* | cmp - numbers && echo whole
split -n l/4 --numeric-suffixes numbers quarter.; cat quarter.?? | cmp - numbers && ls quarter.* | xargs
split -l 30000 --filter='sha256sum | cut -c 1-12 > $FILE.sum' numbers f.; cat f.*.sum
tee a b c < numbers | wc -c
cmp a b && cmp b c && echo equal
csplit -s numbers 1000 50000; wc -l xx*
join <(printf '1 a\n2 b\n3 c\n') <(printf '1 x\n3 z\n')
comm -12 <(seq 1 10) <(seq 5 15) | xargs
printf 'a\tb\tc\n1\t2\t3\n' | cut -f 1,3
tac numbers | head -n 2; nl -w 4 <(echo x; echo y); fold -w 7 <<< 'a long line to be folded'
expand <(printf 'a\tb\n'); shuf -i 1-1000 | sort -n | sha256sum | cut -c 1-16
yes 'to be ended by a pipe' | head -n 50000 | sha256sum
tr -dc 'a-f0-9' < /dev/urandom | head -c 4096 | wc -c
