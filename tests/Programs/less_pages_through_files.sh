# packages: less, bsdutils
export TERM=xterm LESS=
seq 1 1000 > numbers
{ sleep 1; printf 'G'; sleep 0.5; printf '?^500$\r'; sleep 0.5; printf 'q'; } |
    script -q -e -c 'stty rows 10 cols 40; less numbers' /dev/null > screen; echo "less: $?"
tr -d '\r' < screen | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\x1b[=>]//g' > text
for line in 1 9 501 508 1000; do grep -cx ":*$line" text; done
less numbers | tail -n 1; less -F -X /etc/hostname; seq 3 | less | wc -l
{ sleep 1; printf ' '; sleep 0.5; printf 'q'; } | script -q -c 'stty rows 6 cols 40; more numbers' /dev/null | tr -d '\r' | grep -cx '[1-9]\|10'
