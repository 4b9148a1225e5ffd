# packages: dpkg, xz-utils, diffutils
mkdir -p p/DEBIAN p/usr/bin p/usr/share/doc/hello
printf 'Package: hello-cashew\nVersion: 1.0-1\nArchitecture: all\nMaintainer: A <a@x>\nDepends: bash (>= 4)\nDescription: a test\n' > p/DEBIAN/control
printf '#!/bin/sh\necho hello from a package\n' > p/usr/bin/hello-cashew; chmod 755 p/usr/bin/hello-cashew; seq 1 50000 > p/usr/share/doc/hello/numbers; ln -s numbers p/usr/share/doc/hello/link
for kind in gzip xz none; do dpkg-deb -b -Z$kind --root-owner-group p $kind.deb > /dev/null && dpkg -x $kind.deb out.$kind && diff -r p/usr out.$kind/usr && echo "$kind: the same"; done
dpkg-deb -c xz.deb | awk '{ print $1, $2, $3, $6, $7, $8 }'; dpkg -I xz.deb | grep -A 9 Package; dpkg-deb -f xz.deb Version Depends; out.xz/usr/bin/hello-cashew
dpkg-deb -e xz.deb control && ls control; dpkg-deb --fsys-tarfile xz.deb | tar t | wc -l; dpkg --compare-versions 1.10 gt 1.9 && echo newer; dpkg-split -s xz.deb part 450 2>&1 | head -n 1 | cut -c 1-9; head -c 100 xz.deb > cut.deb; dpkg -x cut.deb out 2>&1 | head -n 1 | cut -c 1-40; dpkg --print-architecture
mkdir -p root/var/lib/dpkg/{updates,info} && : > root/var/lib/dpkg/status && dpkg --root=root --force-depends --force-script-chrootless -i xz.deb 2>&1 | grep -v '^(Reading' ; dpkg --root=root -l hello-cashew | tail -n 1 | xargs; dpkg --root=root -L hello-cashew | tail -n 2; dpkg --root=root -V hello-cashew && echo verified; dpkg --root=root -P hello-cashew 2>&1 | tail -n 1; [ ! -e root/usr ] && echo removed
