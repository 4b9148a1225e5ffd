touch -- ' ' 'a b' '*' 'new
line' '-n' 'quote"' "$(printf '\303\251')" './..x'
find . -type f | wc -l
for f in *; do [ -e "./$f" ] || echo "missing $f"; done
rm -- * ..x; ls -A | wc -l
