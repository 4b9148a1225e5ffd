#!/bin/busybox sh
# Process 1 while the guest tests run: mounts, starts the runner on the console in a session of its own,
# powers off.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
busybox mkdir -p /proc /sys /dev /tmp /bin /sbin /usr/bin /usr/sbin /root /etc /var
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev 2>/dev/null
busybox mkdir -p /dev/pts
busybox mount -t devpts devpts /dev/pts 2>/dev/null
busybox mount -t tmpfs -o mode=1777 tmpfs /tmp
busybox --install -s
for module in /modules/*.ko; do [ -e "$module" ] && insmod "$module"; done
# Two ordinary users, for the scripts that give root up.
cat > /etc/passwd << END
root:x:0:0:root:/root:/bin/sh
user:x:1000:1000::/:/bin/sh
other:x:1234:1234::/:/bin/sh
END
cat > /etc/group << END
root:x:0:
user:x:1000:
other:x:1234:
END
setsid -c /tests/runner $(cat /tests/arguments 2>/dev/null)
poweroff -f
