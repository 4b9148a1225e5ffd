for i in 1 2 3 4 5 6 7 8; do (for j in $(seq 1 50); do echo "$i $j" >> log; done) & done
wait; wc -l < log; sort -n log | uniq | wc -l
for i in 1 2 3 4; do (seq 1 1000 > file.$i) & done; wait; cat file.* | wc -l; md5sum file.1 file.4
