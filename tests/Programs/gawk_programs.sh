# packages: gawk, coreutils
awk --version | head -n 1 | cut -c 1-7
printf '%s\n' 'ann 31 paris' 'bob 27 rome' 'cid 45 paris' > people
awk '{ n[$3]++; s[$3] += $2 } END { for (c in n) print c, n[c], s[c] / n[c] }' people | sort
awk 'BEGIN { PROCINFO["sorted_in"] = "@val_num_desc" } { a[$1] = $2 } END { for (k in a) print k, a[k] }' people
awk -F: -v OFS=, '$3 == 0 { print $1, $6 }' /etc/passwd
awk 'BEGIN { while (("seq 3" | getline line) > 0) sum += line; close("seq 3"); print sum }'
awk 'BEGIN { print "z\na\nm" | "sort"; close("sort"); print "sorted" }'
awk 'BEGIN { cmd = "cat"; print "through a coprocess" |& cmd; close(cmd, "to"); cmd |& getline x; print x }'
awk '{ $2 = ""; print; print NF, NR, length($0) > "/dev/stderr" }' people 2>&1
awk 'BEGIN { print match("foobar", /o+/), RSTART, RLENGTH, substr("hello", 2, 3), toupper("x"), gensub(/(.)(.)/, "\\2\\1", "g", "abcd") }'
awk 'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } BEGIN { print fib(18) }'
awk 'BEGIN { printf "%5.2f|%-5s|%05d|%x|%c\n", 3.14159, "ab", 42, 255, 65; print strtonum("0x1F"), 2 ** 10, int(-3.7), 1e300 * 1e300 }'
seq 1 100000 | awk '{ s += $1; q += $1 * $1 } END { print s, q }'
awk 'BEGIN { print strftime("%Y-%m-%d", 86400 * 365, 1); print systime() > 1700000000; exit 3 }'; echo $?
awk 'BEGINFILE { print FILENAME } END { print NR }' people people; awk 'NR % 2 { next } 1' people; rm -f 1700000000
awk 'BEGIN { system("echo from system; exit 2"); print ENVIRON["HOME"] }'; awk 'BEGIN{FIELDWIDTHS="1 2 3"}{print $2}' <<< abcdef
