printf 'alpha\nBeta\ngamma\nalphabet\n' > f
grep alpha f; grep -c a f; grep -i beta f; grep -v a f; grep -n g f; grep -x alpha f
grep -w alpha f
grep -E '^(alpha|gamma)$' f; grep -o 'am*' f; grep -l alpha f; grep -q nothing f; echo $?
grep alpha f missing 2>&1; echo $?
mkdir d; cp f d/g; grep -r gamma . | sort; grep -A1 Beta f; grep -m1 a f; grep -F 'a.b' f; echo $?
