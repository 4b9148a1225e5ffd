echo data > a; cp a b; cat b; cp -p a c; mv c d; ls; mkdir dir; cp a b dir; mv d dir; ls dir
ln a hard; stat -c '%h %s %F' a; echo more >> hard; cat a; ln -s a soft; readlink soft
cp soft copied; test -L copied; echo $?
cp -a soft kept; readlink kept; cp -r dir dir2; ls dir2; mv dir2 dir; ls dir; cp missing x
echo $?; mv a dir/; cat soft; echo $?
ln -s dir dirlink; ls dirlink; rmdir dir; echo $?; rm -r dir; ls; ln -sf b soft
readlink -f soft | sed 's|.*/||'; cp -l b linked; stat -c %h b
