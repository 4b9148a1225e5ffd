# packages: tar, xz-utils, gzip, bzip2, zstd
mkdir -p src/deep/er; seq 1 20000 > src/numbers; head -c 300000 /dev/urandom > src/random; ln src/numbers src/hard
ln -s numbers src/soft; chmod 750 src/deep; chown 1000:1234 src/deep/er; mkfifo src/fifo; touch -d @1000000000 src/numbers
for kind in '' z j J --zstd; do
    option=${kind:+${kind/#[a-zA-Z]/-${kind:0:1}}}
    tar -c --sort=name $option -f "archive$kind" src && mkdir out && tar -x $option -p -f "archive$kind" -C out &&
        diff -r --exclude=fifo src out/src && [ -p out/src/fifo ] && [ out/src/numbers -ef out/src/hard ] &&
        stat -c '%a %u %g' out/src/deep out/src/deep/er | xargs && stat -c %Y out/src/numbers
    echo "kind '$kind': $?"
    rm -r out
done
tar tvf archive | awk '{ print $1, $2, $6, $7, $8, $9, $10, $11 }' | sed 's/ *$//' | sort -k 3
tar xOf archivez src/hard | sha256sum | cut -c 1-16
tar --delete -f archive src/random && tar tf archive | wc -l
tar -c --sort=name -f - src | (mkdir piped && cd piped && tar xf -) && ls piped/src | xargs
tar -c --exclude='*random' src | tar t | wc -l
touch src/newer; tar -uf archive src/newer && tar tf archive | tail -n 1
tar xf /etc/passwd 2>&1 | head -n 1; tar -cf gz.tar.gz --auto-compress src && file_magic=$(od -An -tx1 -N2 gz.tar.gz) && echo "$file_magic"
tar --listed-incremental=snap -cf full.tar src && echo more > src/more && tar --listed-incremental=snap -cf inc.tar src && tar tf inc.tar | grep -v '/$'
