seq 1 50000 > f; sum=$(md5sum < f)
for z in gzip bzip2; do
    $z -c f > f.z; test $(wc -c < f.z) -lt $(wc -c < f) && echo smaller
    $z -dc f.z | cmp - f && echo same
done
gzip f; ls; gunzip f.gz; ls; [ "$sum" = "$(md5sum < f)" ] && echo intact
zcat f.z 2>/dev/null | head -n 1
seq 1 1000 | gzip | gunzip | tail -n 1; seq 1 9 | xz -c > /dev/null 2>&1
echo garbage | gunzip; echo $?
