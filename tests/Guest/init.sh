#!/bin/busybox sh
# Process 1 while the guest tests run: mounts, starts the runner on the console as a session of its own, powers off.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
busybox mkdir -p /proc /sys /dev /tmp /bin /sbin /usr/bin /usr/sbin /root /etc /var
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev 2>/dev/null
busybox mkdir -p /dev/pts
busybox mount -t devpts devpts /dev/pts 2>/dev/null
busybox mount -t tmpfs -o mode=1777 tmpfs /tmp
busybox --install -s
echo root:x:0:0:root:/root:/bin/sh > /etc/passwd
echo root:x:0: > /etc/group
setsid -c /tests/runner $(cat /tests/arguments 2>/dev/null)
poweroff -f
