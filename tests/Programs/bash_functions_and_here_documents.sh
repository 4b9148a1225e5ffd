# packages: bash, coreutils
fact() { local n=$1; (( n < 2 )) && { echo 1; return; }; echo $(( n * $(fact $((n - 1))) )); }
fact 12
declare -n ref=target; target=5; ref=6; echo $target
cat << END
expanded: $((6 * 7)) $(echo inner)
END
cat << 'END' | tr a-z A-Z
not expanded: $HOME
END
cat <<< "a here string"
while IFS=: read -r user _ uid gid _ home shell; do
    [ "$uid" -lt 3 ] && echo "$user $uid $gid $home $shell"
done < /etc/passwd
select_case() { case $1 in [0-9]*) echo number ;;& *5) echo 'ends in 5' ;; *) echo other ;; esac; }
select_case 15; select_case x
set -o pipefail; false | true; echo "pipefail: $? ${PIPESTATUS[*]}"
shopt -s extglob globstar nullglob
mkdir -p d/e/f; touch d/1.c d/e/2.c d/e/f/3.c d/e/f/4.h
echo **/*.c; echo d/!(e) none*
printf '%q %5.2f|%-6s|%06d\n' "it's" 3.14159 ab 42
time_format=$(TIMEFORMAT=%R; { time sleep 0.2; } 2>&1); [[ $time_format == 0.* ]] && echo timed
exec 3>&1; echo 'to 3' >&3; exec 3>&-
echo "$BASH_SUBSHELL $( (echo $BASH_SUBSHELL) ) ${BASH_VERSINFO[0]}"
