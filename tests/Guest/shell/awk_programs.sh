printf 'ann 3 x\nbob 5 y\ncid 4 x\n' > f
awk '{ s += $2 } END { print s, NR, s / NR }' f
awk '$2 > 3 { print $1 }' f; awk -F' ' '{ c[$3]++ } END { for (k in c) print k, c[k] }' f | sort
awk 'BEGIN { printf "%05.2f|%s|%d|%c\n", 3.14159, "s", 42.9, 65 }'
awk 'BEGIN { print length("hello"), substr("hello", 2, 3), index("hello", "l"), toupper("up") }'
awk 'BEGIN { print split("a:b:c", p, ":"), p[2] }'
awk '{ gsub(/[ao]/, "_"); print }' f; awk 'NR == 2' f; awk '/b/,/c/' f
echo 'a,b' | awk -F, -v OFS=- '{ $1 = $1; print }'
awk 'function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }'
awk 'BEGIN { while (("echo one; echo two" | getline line) > 0) print "got " line }'
awk 'BEGIN { print "x" | "cat"; close("cat") }'
awk 'BEGIN { for (i = 0; i < 50000; i++) a[i % 977] += i; for (i = 0; i < 977; i++) t += a[i]; print t }'
