# packages: coreutils
timeout 0.3 sleep 10; echo "timeout: $?"
{ timeout -k 0.3 1 bash -c 'trap "" TERM; while :; do sleep 0.1; done'; } 2> /dev/null; echo "killed: $?"
timeout --foreground 5 true; echo "true: $?"
stdbuf -oL printf 'line\n' | cat
env -i A=1 B=2 env | sort
env -u HOME bash -c 'echo "${HOME-unset}"'
nice -n 5 nice
nohup echo 'not hung up' 2> /dev/null | cat
[ "$(nproc)" -ge 1 ] && echo processors
id -u; id -un; groups root; whoami
uname -s -m; printenv LANG; tty; sleep 0.1; hostname 2> /dev/null || cat /etc/hostname
kill -l 9 15 17; kill -0 $$ && echo alive
echo 'a b c' | xargs -n 1 echo item
seq 3 | xargs -P 3 -I{} sh -c 'echo {}' | sort
factor 1234567890 600851475143; expr 6 \* 7; numfmt --to=iec 1048576; seq -s, 3
date -u -d @1700000000 '+%F %T %j %A'; date -d '2024-02-28 +2 days' +%F
test -w /etc && echo writable; chroot / /bin/echo chrooted; pathchk -p "$(printf 'x%.0s' {1..300})" 2>&1 | cut -c 1-40
base64 <<< 'encode me' | base64 -d; base32 <<< x; od -An -tx1 <<< abc; tsort <<< 'a b b c'
