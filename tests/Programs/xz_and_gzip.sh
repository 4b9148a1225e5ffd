# packages: xz-utils, gzip, coreutils
seq 1 300000 > data
xz -T2 -1 -k --block-size=256KiB data && xz -l --robot data.xz | awk '/^file/ { print ($3 > 1 ? "blocks" : "one block") }'
xz -t data.xz && xz -dc -T2 data.xz | cmp - data && echo 'xz: same'
gzip -k -9 data && zcat data.gz | cmp - data && gzip -l data.gz | awk 'NR == 2 { print $2 }'
gzip -t data.gz && zgrep -c 99999 data.gz; cat data.gz data.gz | gunzip | wc -l
head -c 1000 data.gz | gunzip 2>&1 > /dev/null; echo "cut off: $?"
printf 'garbage' | xz -d 2>&1; echo "garbage: $?"
xz -0 < data | xzcat | sha256sum | cut -c 1-16; lzma -1 < data | unlzma | cmp - data && echo lzma
gzip -c data | (sleep 0.1; gunzip) | tail -n 1; rm data.gz; gzip data; [ ! -e data ] && gunzip data.gz && ls
