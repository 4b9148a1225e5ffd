for i in 0 1 2 3 4 5 6 7 8 9; do mkdir -p t/$i; for j in 0 1 2 3 4 5 6 7 8 9; do
    mkdir t/$i/$j; for k in 0 1 2 3 4 5 6 7 8 9; do echo $i$j$k > t/$i/$j/$k; done; done; done
find t -type f | wc -l; find t -type d | wc -l; cp -a t u; diff -r t u && echo same
find u -type f | sort | xargs cat | md5sum; echo changed > u/3/3/3; diff -r t u; rm -r u/9
find u -type f | wc -l
rm -rf t u; ls -A
