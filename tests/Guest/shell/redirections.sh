echo one > file
echo two >> file
cat < file
cat file missing > out 2> err; echo $?
cat out; cat err
{ echo to-out; echo to-err >&2; } > both 2>&1; cat both
exec 3> third; echo third >&3; exec 3>&-; cat third
exec 4< file; read -r a <&4; read -r b <&4; echo "$a $b"; exec 4<&-
echo x 1>&- 2>/dev/null; echo "closed: $?"
cat <&- 2>/dev/null; echo "no input: $?"
: > file; wc -c < file
set -C; echo y > third 2>/dev/null; echo "noclobber: $?"; echo z >| third; cat third
