f() { local x=inside; echo "$x $1 $#"; return 7; }
x=outside
f a b; echo "$? $x"
fib() { if [ $1 -lt 2 ]; then echo $1; else echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); fi; }
fib 9
g() { echo first; g() { echo second; }; }; g; g
unset -f g; g 2>/dev/null; echo $?
