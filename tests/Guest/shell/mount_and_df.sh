mkdir m; mount -t tmpfs -o size=1m none m; df m | awk 'NR == 2 { print $1, $2, $3 }'
grep " $PWD/m " /proc/mounts | awk '{ print $1, $3 }'
echo x > m/f; ls m; mount | grep -c " $PWD/m "
dd if=/dev/zero of=m/big bs=1k count=2000 2>/dev/null; echo $?; stat -c %s m/big
umount m; ls m; umount m 2>/dev/null; echo $?; mount | grep -c " on /proc type proc"
