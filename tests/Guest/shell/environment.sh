env -i A=1 B='two words' env | sort; A=once sh -c 'echo $A'; echo "[$A]"
export C=exported; sh -c 'echo $C'; unset C; sh -c 'echo "[$C]"'
env -i sh -c 'echo $PWD' | wc -l; env -u PATH sh -c 'echo ${PATH:-unset}' | wc -l
env | grep ^HOME=; A=b env | grep ^A=; readonly R=1; (R=2) 2>/dev/null; echo $?
