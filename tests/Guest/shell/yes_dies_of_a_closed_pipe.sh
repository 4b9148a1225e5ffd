yes | head -n 3
yes | head -c 1000000 | wc -c
{ yes; echo "yes: $?" >&2; } 2>&1 >/dev/full | cut -d: -f1 | sort -u
sh -c 'yes; echo the shell goes on >&2' | true; echo done
cat /dev/zero | head -c 300000 | md5sum
