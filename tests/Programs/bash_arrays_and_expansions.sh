# packages: bash
list=(one two "three four")
list+=(five)
echo "${#list[@]} | ${list[2]} | ${list[@]: -1} | ${list[*]:1:2} | ${!list[*]}"
unset 'list[1]'
printf '<%s>' "${list[@]}"; echo " ${!list[*]}"
declare -A age=([ann]=31 [bob]=27)
age[cid]=$((age[ann] + age[bob]))
for name in $(printf '%s\n' "${!age[@]}" | sort); do echo "$name=${age[$name]}"; done
path=/usr/share/doc/readme.txt.gz
echo "${path##*/} ${path%.gz} ${path%%.*} ${path//r/R} ${path^^} ${path: -6:3} ${#path}"
echo "${unset:-default} ${unset:+nothing}${path:+something}"
echo {1..5} {a..e..2} {01..03}x{p,q}
mapfile -t lines < <(printf 'first\nsecond\nthird\n')
echo "${#lines[@]} ${lines[1]}"
printf -v joined '%s,' "${lines[@]}"; echo "${joined%,}"
(( 2 ** 40 > 10 ** 12 )) && echo "$((2 ** 40)) $((16#ff)) $((7 % 3)) $((1 << 20 | 3))"
[[ 2024-06-01 =~ ^([0-9]+)-([0-9]+) ]] && echo "${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
