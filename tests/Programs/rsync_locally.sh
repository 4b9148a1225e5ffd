# packages: rsync
mkdir -p src/a/b; for i in $(seq 1 120); do seq 1 $((i * 10)) > src/a/f$i; done; ln -s f1 src/a/l; ln src/a/f1 src/a/h; chmod 600 src/a/f2; touch -d @1000000000 src/a/f3; head -c 500000 /dev/zero > src/b
rsync -aH --stats src/ dst/ | grep -E 'Number of (created|regular)|Total file size' ; diff -r src dst && stat -c %a dst/a/f2 && stat -c %Y dst/a/f3 | xargs; [ dst/a/f1 -ef dst/a/h ] && readlink dst/a/l
rsync -aHi src/ dst/; echo "nothing to do: $?"; echo more >> src/a/f9; rm src/a/f10; touch -d @1500000000 src/a; rsync -aHi --delete src/ dst/; diff -r src dst && echo same
rsync -a --exclude='f*' --include='*/' src/ few/; ls few/a; rsync -n -a --itemize-changes src/ empty/ | wc -l; ls empty 2>&1
dd if=/dev/urandom of=src/b bs=1000 seek=3 count=2 conv=notrunc 2> /dev/null; rsync -a --no-whole-file --stats src/b dst/b | awk -F: '/Matched data/ { gsub(/[^0-9]/, "", $2); print ($2 > 400000 ? "most of it matched" : "no match") }'; cmp src/b dst/b; rsync /nonexistent/x . 2>&1 | head -n 1; echo "${PIPESTATUS[0]}"
