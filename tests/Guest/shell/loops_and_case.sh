for i in 1 2 3 4 5 6; do
    [ $i = 2 ] && continue
    [ $i = 5 ] && break
    echo $i
done
for a in x y; do for b in 1 2; do [ $b = 2 ] && continue 2; echo $a$b; done; done
until [ "$n" = aaa ]; do n=${n}a; done; echo $n
for word in apple banana cherry 42 "two words"; do
    case $word in
        a*) echo "$word: starts with a" ;;
        *[0-9]*) echo "$word: digits" ;;
        *" "*|*x) echo "$word: blank" ;;
        *) echo "$word: other" ;;
    esac
done
printf '%s\n' a b c | while read -r line; do echo "line $line"; done
