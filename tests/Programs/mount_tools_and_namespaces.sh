# packages: mount, bubblewrap
exec 2>&1
short() { sed "s|$PWD|.|g"; }
mkdir a b c d old; mount -t tmpfs base d; mount --make-private d; touch d/ns
echo '== flags'
mount -t tmpfs -o size=1m,nosuid,nodev one a; mount --bind a b; mount -o remount,bind,ro,noexec b
findmnt -rn -o TARGET,SOURCE,FSTYPE,VFS-OPTIONS,FS-OPTIONS a | short; findmnt -rn -o TARGET,VFS-OPTIONS,FS-OPTIONS b | short
mountpoint a | short; mountpoint c | short; touch b/file; touch a/file && ls b
mount -o remount,size=2m,noatime a; findmnt -rn -o OPTIONS a; df --output=size a | tail -n 1 | tr -d ' '
mount -o remount,ro a; findmnt -rn -o OPTIONS b; mount -o remount,rw a; mount | grep "on $PWD/b" | short
findmnt -rn -T a/file -o SOURCE,FSTYPE; findmnt -rn -S one -o FSTYPE | sort -u
cd a; umount "$OLDPWD/a" 2>&1 | sed 's/.*: //'; cd ..; umount -l a b; mountpoint -q a || echo gone
echo '== trees'
mount -t tmpfs two a; mkdir a/in; mount -t tmpfs three a/in; touch a/in/file
mount --bind a b; ls b/in; umount b; mount --rbind a b; ls b/in; umount -R b; ls a/in
mount --make-shared a; findmnt -rn -o PROPAGATION a; mount --make-rslave a; mount --make-runbindable a
findmnt -rn -o PROPAGATION a; mount --bind a b 2>&1 | head -n 1 | cut -d ' ' -f 3-7; mount --make-rprivate a; mount --move a c 2>&1 | sed 's/.*: //'
findmnt -rn -o TARGET,SOURCE --submounts c | short; umount --recursive c; mountpoint -q c || echo gone
echo "four $PWD/a tmpfs size=4m,noauto 0 0" > fstab; mount -T fstab a && findmnt -rn -o SOURCE,FS-OPTIONS a; umount a
echo '== namespaces'
unshare -m sh -c 'mount -t tmpfs inner c && touch c/inside && ls c'; ls c
unshare -m --propagation unchanged findmnt -rn -o PROPAGATION d
mount --make-shared d; mkdir d/dir; unshare -m --propagation slave sh -c 'findmnt -rn -o PROPAGATION d; mount -t tmpfs x d/dir; touch d/dir/x; ls d/dir'; ls d/dir
unshare -m --propagation unchanged sh -c 'mount -t tmpfs x d/dir; touch d/dir/shared'; ls d/dir; umount d/dir; mount --make-private d
unshare --mount="$PWD/d/ns" sh -c "mount -t tmpfs kept $PWD/c; touch $PWD/c/kept"; findmnt -rn -o FSTYPE d/ns
nsenter --mount="$PWD/d/ns" ls "$PWD/c"; nsenter --mount="$PWD/d/ns" findmnt -rn -o SOURCE "$PWD/c"; ls c; umount d/ns
unshare -m sh -c 'mount -t tmpfs far c; touch c/far; echo ready; exec sleep 100' > ready & pid=$!
until grep -q ready ready; do :; done; nsenter -t $pid -m ls "$PWD/c"; ls "/proc/$pid/root$PWD/c"
grep -c "$PWD/c " "/proc/$pid/mountinfo"; [ "$(readlink /proc/$pid/ns/mnt)" != "$(readlink /proc/self/ns/mnt)" ] && echo other
lsns -t mnt -rno TYPE -p $pid; kill $pid; wait $pid 2> /dev/null
unshare -m sh -c "mount -t tmpfs new a; mkdir a/old; mount --rbind / a/old; chroot a/old sh -c 'cd $PWD; ls -d d'"
echo '== sandboxes'
# The root that the system starts with cannot be exchanged: another one is put atop it first.
mkdir r
sandbox() { unshare -m sh -c 'mount --rbind / "$0/r"; cd "$0/r"; mount --move . /; exec chroot . bwrap "$@"' "$PWD" "$@"; }
sandbox --ro-bind / / --tmpfs /tmp --bind "$PWD/d" /mnt --chdir /mnt sh -c 'pwd; touch file; ls; touch /root/x; ls -A /tmp; findmnt -rn -o FSTYPE /tmp'
sandbox --tmpfs / --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev --dir /work/x \
    --setenv WHO box sh -c 'ls /; ls /dev | tr "\n" " "; echo; echo $WHO; ls /work; test -e /proc/self/status && echo proc; echo text > /dev/null; findmnt -rn -o TARGET,FSTYPE | grep -v ^/proc/ | sort'
sandbox --ro-bind / / --tmpfs /tmp --file 5 /tmp/given cat /tmp/given 5< fstab | short; ls /tmp/given 2> /dev/null
umount d; findmnt -rn -o TARGET | grep -c "$PWD" || :
