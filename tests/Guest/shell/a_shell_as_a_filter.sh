printf 'echo from stdin\nread x\nthe line\necho "[$x]"\n' | sh
echo 'exit 12' | sh; echo $?
sh -c 'echo "$0 $1"' zero one
sh -s a b << 'E'
echo "$# $2"
E
sh -e -c 'false; echo unreached'; echo $?; sh -u -c 'echo $undefined' 2>/dev/null; echo $?
sh -x -c 'echo traced' 2>&1; sh -n -c 'if' 2>/dev/null; echo $?
