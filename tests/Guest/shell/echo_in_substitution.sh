# A pipe whose writer is a built-in: the shell must see its end.
foo=$(echo bar)
echo "[$foo]"
