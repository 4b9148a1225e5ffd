foo=$(echo bar); echo "[$foo]"
echo "$(printf 'trailing\n\n\n')|"
echo $(echo $(echo $(echo deep)))
lines=$(seq 1 2000); echo "${#lines}"
x=`echo old style`; echo "$x"
value=$(exit 3); echo $?
echo "$(seq 1 3)"
count=0; for i in $(seq 1 100); do count=$((count + i)); done; echo $count
