echo 'single $x `y` \n' "double \"quoted\" \$x" plain\ blank
printf '%s|' a 'b c' "d  e" f\ g ''; echo
x='a   b'; echo $x; echo "$x"
IFS=:; y=1:2::3; set -- $y; echo $#; for i; do printf '<%s>' "$i"; done; echo
eval 'z="e v a l"; echo "$z"'
