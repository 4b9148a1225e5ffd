seq 1 100000 | tee copy | md5sum; md5sum < copy; seq 1 100 | tee a b > c
cmp a b && cmp b c && echo same
dd if=/dev/zero bs=1M count=20 2>/dev/null | tee /dev/null | wc -c; cat copy copy copy | wc -l
