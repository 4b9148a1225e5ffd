# packages: coreutils
umask 022
mkdir -p tree/sub; echo content > tree/file; ln tree/file tree/hard; ln -s file tree/soft; mkfifo tree/fifo
chmod 4755 tree/file; chown 1000:1234 tree/sub; touch -d '2020-02-02 02:02:02' tree/file tree/sub
stat -c '%n %A %a %u %g %h %s %F' tree/*; stat -c '%n %Y' tree/file tree/sub
ls -l --time-style=long-iso tree | sed 1d | awk '{ print $1, $2, $3, $4, $5, $6, $8, $9, $10 }' |
    grep -v 'soft\|fifo' | sort
cp -a tree copy; stat -c '%n %a %u %g %h %s %Y' copy/file copy/sub; readlink copy/soft
[ copy/file -ef copy/hard ] && echo 'hard links stay'
cp -r --reflink=auto tree/sub plain; cp --preserve=mode tree/file modefile; stat -c '%a %u' modefile
mv tree/file tree/sub/moved; mv -n copy/file tree/sub/moved; ls tree tree/sub
ln -sfn /nonexistent tree/soft; readlink -m tree/soft/x; [ -L tree/soft ] && [ ! -e tree/soft ] && echo dangling
install -D -m 0640 -o 1000 copy/hard a/b/c; stat -c '%a %u %n' a/b/c
truncate -s 1G sparse; stat -c '%s %b' sparse; truncate -s -1 sparse; stat -c %s sparse; rm sparse
dd if=/dev/zero of=dd bs=4k count=3 seek=2 conv=notrunc 2>&1 | head -n 2; stat -c %s dd
dd if=/dev/zero bs=1M count=8 2> /dev/null | sha1sum
rmdir tree/sub 2>&1; rm -r tree copy; ls
realpath -s ./x/../y | xargs basename; mktemp -u XXXX | wc -c
t=$(mktemp -d); [ -d "$t" ] && stat -c %a "$t"; rmdir "$t"
du -b --apparent-size dd; df --output=fstype /proc | tail -n 1
