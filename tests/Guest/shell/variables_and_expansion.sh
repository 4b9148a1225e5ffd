# Parameter expansion in all its forms.
name=cashew
path=/usr/local/lib/libc.so.6
echo "${name}nut ${#name} ${name:-other} ${missing:-default} ${missing-unset} ${name:+set}"
echo "${path##*/} ${path%/*} ${path#*/} ${path%%.*}"
echo "${name:1:3} ${name/s/S} ${name//[aeiou]/_}"
: "${assigned:=value}"; echo "$assigned"
set -- one "two words" three
echo "$# $1 $2 $*"
for word in "$@"; do echo "<$word>"; done
for word in $*; do echo "[$word]"; done
