# packages: findutils, coreutils
mkdir -p t/{a,b,c}/{x,y}; for f in t/*/*; do echo "$f" > "$f/file.txt"; done
touch -d '2001-01-01' t/a/x/old; chmod 600 t/b/y/file.txt; ln -s a t/link; : > t/empty; mkdir t/none
find t -name '*.txt' | sort | xargs
find t -type d -empty; find t -type f -empty | sort; find t -type l -printf '%p -> %l\n'
find t -newer t/a/x/old -name 'old' | wc -l; find t -perm 600; find t -path '*/b/*' -name '*.txt' | sort
find t -mindepth 2 -maxdepth 2 | sort | xargs
find t -size -10c -type f | sort | xargs; find -L t -samefile t/a/x/file.txt | sort | xargs
find t -name '*.txt' -exec grep -l '/x$' {} + | sort | xargs
find t -name '*.txt' -print0 | xargs -0 -n 2 -P 2 cat | sort | sha256sum | cut -c 1-20
find t -name y -prune -o -name '*.txt' -print | sort | xargs
find t -type f -delete -o -type l -delete; find t | wc -l
find / -xdev -maxdepth 2 -type f -path '/etc/*' -name passwd 2> /dev/null
find /nonexistent 2>&1; echo "status $?"
seq 1 3000 | xargs -n 100 echo | wc -l; seq 10 | xargs -I N -n 1 echo '<N>' | tail -n 1
echo a | xargs false; echo "xargs: $?"; xargs --arg-file=<(echo x y) -n 1
