x=1; cd /
(x=2; cd /proc; echo "$x $PWD"; exit 5); echo "$? $x $PWD"
{ x=3; }; echo $x
x=4 | true; echo $x
(trap 'echo leaving' EXIT; :); echo after
