# packages: coreutils
seq 1 200000 | sort -R --random-source=/init > shuffled
sort -n --parallel=4 -S 1M shuffled | sha256sum
sort -n -r shuffled | head -n 3
sort -n -S 64K -T . shuffled | md5sum
seq 1 200000 | sha1sum
seq 1 200000 | b2sum | cut -c 1-32
seq 1 200000 | cksum
sha256sum shuffled > sums; sha256sum -c sums
echo x >> shuffled; sha256sum -c sums 2>&1
printf '%s\n' 10K 2M 512 1G | sort -h | xargs
printf 'b 2\na 3\nc 1\n' | sort -k 2,2n
printf 'v1.10\nv1.9\nv1.2\n' | sort -V | xargs
sort -u <(seq 5) <(seq 3 8) | xargs
sort -m <(seq 1 2 9) <(seq 2 2 10) | xargs
