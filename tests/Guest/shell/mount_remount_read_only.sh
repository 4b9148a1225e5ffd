mkdir m; mount -t tmpfs none m; echo x > m/f; mount -o remount,ro m; echo y > m/f; echo $?
cat m/f; touch m/g; echo $?
mount -o remount,rw m; echo y > m/f; cat m/f; umount m
