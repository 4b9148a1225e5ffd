seq 1 100000 > f
md5sum f; sha1sum f; sha256sum f; sha512sum f | cut -c1-32; crc32 f; md5sum < f
sha256sum f > sums; sha256sum -c sums; echo x >> f; sha256sum -c sums 2>/dev/null; echo $?
dd if=/dev/zero bs=1M count=10 2>/dev/null | md5sum
base64 < /dev/null; seq 1 20 | base64 | base64 -d | md5sum
