touch file; mkdir dir; ln -s file link; echo x > full; mkfifo fifo
for t in '-e file' '-f file' '-d dir' '-L link' '-s full' '-s file' '-p fifo' '-c /dev/null' '-x dir' \
    '-e gone' '-r full' 'abc = abc' 'abc != abc' '5 -gt 3' '-z ""' '-n x' 'full -nt gone' '-h file'; do
    if eval "[ $t ]"; then echo "$t: yes"; else echo "$t: no"; fi
done
[ a = a -a b = b ] && echo and; [ a = b -o b = b ] && echo or; [ ! a = b ] && echo not
[ x -eq 1 ] 2>/dev/null; echo $?
