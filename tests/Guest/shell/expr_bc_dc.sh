expr 3 + 4; expr 10 / 3; expr abcdef : 'abc\(.*\)'; expr length hello; expr 1 = 2; echo $?
echo '2^64; 10/4; scale=3; 10/4' | bc; echo '3 4 + p 5 * p' | dc; factor 360
echo 'obase=16; 255' | bc
