true; echo $?
false; echo $?
false | true; echo $?
true | false; echo $?
! true; echo $?
(exit 42); echo $?
sh -c 'kill -TERM $$'; echo $?
sh -c 'kill -KILL $$' 2>/dev/null; echo $?
/no/such/program 2>/dev/null; echo $?
/dev/null 2>/dev/null; echo $?
set -o pipefail; false | true; echo $?
