touch a1 a2 b1 .hidden 'with space'; mkdir dir; touch dir/a3
echo *; echo a*; echo ?1; echo [ab]1; echo [!a]*; echo */*; echo .h*; echo nothing*
echo "*" '*' \*
set -f; echo *; set +f
for f in *; do echo "<$f>"; done
