seq 1 20 > a; sed 's/10/ten/;5d' a > b; diff a b > p; echo $?; sed '1,2s/\t.*//' p
cmp a b | sed 's/.*differ/differ/'
diff a a; echo $?; diff -u a b > u; cp a c; patch c < u; cmp b c && echo patched
patch -R c < u; cmp a c && echo reversed; diff -q a b
true
