# packages: grep, sed, coreutils
printf '%s\n' apple 'Banana split' cherry 'date 2024-05-06' elderberry fig > fruit
grep -n an fruit; grep -ic B fruit; grep -v e fruit; grep -E '^(a|c).*(e|y)$' fruit; grep -oE '[0-9]+' fruit
grep -P '(?<=date )\d{4}' -o fruit; grep -w fig fruit; grep -A 1 -B 1 cherry fruit; grep -F . fruit; echo $?
grep -rl cherry . ; grep -c . fruit /dev/null; grep -q fig fruit && echo quiet; grep x /nonexistent 2>&1; echo $?
seq 1 300000 | grep -c 7; printf 'ä\nö\n' | grep -c '^.$'; grep -z -o 'b.*c' <<< $'a\nb\nc' | tr '\0' '\n'
sed -n '2,4p;$=' fruit; sed 's/\(.*\) \(.*\)/\2 \1/' fruit | sed -n 2p; sed -E 's/([aeiou])/<\1>/g;3q' fruit
sed -i.bak '/fig/d; s/a/A/2' fruit; diff fruit.bak fruit; sed '$!N;P;D' fruit | wc -l
sed -e '1i\first' -e '$a\last' -e '/^c/c\changed' fruit; sed = fruit | sed 'N;s/\n/\t/' | head -n 2
sed ':a;N;$!ba;s/\n/,/g' fruit; sed -n '/Ban/,/date/{/cherry/!p}' fruit; sed 'y/abc/xyz/' fruit | head -n 1
echo hello | sed 's/./\U&/; s/l\+/[&]/; s/$/ \x41/'; seq 10 | sed -n '0~3p' | xargs; sed --posix 's/a*/x/g' <<< baaac
