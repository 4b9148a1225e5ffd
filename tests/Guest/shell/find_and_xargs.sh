mkdir -p t/a/b t/c; touch t/one.c t/a/two.c t/a/b/three.h t/c/four; echo 12345 > t/c/big
ln -s one.c t/link
find t | sort; find t -name '*.c' | sort; find t -type d | sort; find t -type l
find t -type f -size +0
find t -name '*.h' -exec echo found {} \; ; find t -maxdepth 1 | sort
find t -name '*.c' -print0 | xargs -0 ls | sort
find t -type f | sort | xargs -n 2 echo; find t -path '*/b/*'; find t ! -name '*.c' -type f | sort
find t -type f -empty | sort; seq 1 500 | xargs echo | wc; seq 1 10 | xargs -n 3
echo a b | xargs -I{} echo '<{}>'
find t -type f -exec rm {} \;; find t -type f | wc -l; find t -depth -type d | tail -n 1
seq 1 20000 | xargs echo | wc -w
