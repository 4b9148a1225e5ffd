printf 'one two three\nfour\n' | { read -r a b; echo "$a/$b"; read -r c; echo "$c"; read -r d; echo "$?"; }
printf 'a:b:c\n' | { IFS=: read -r x y z; echo "$x$y$z"; }
printf 'no newline' | { read -r x; echo "$? $x"; }
printf 'back\\slash\n' | { read x; echo "$x"; }
read -r first < /proc/version; echo "${first%% version*}"
