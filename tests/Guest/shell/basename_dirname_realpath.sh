mkdir -p a/b; touch a/b/f; ln -s a/b link; ln -s ../../a a/b/up
basename /x/y.c .c; dirname /x/y.c; dirname y; basename /; cd /
realpath /proc/../dev/./null; cd - > /dev/null
top=$(pwd -P); realpath link/f | sed "s|$top|TOP|"
readlink -f link/up/b/f | sed "s|$top|TOP|"; cd link; pwd | sed "s|$top|TOP|"
pwd -P | sed "s|$top|TOP|"; cd ..; pwd | sed "s|$top|TOP|"
