name=world
cat << END
hello $name
two plus two is $((2 + 2)) and $(echo substituted)
END
cat << 'END'
hello $name, $(not run)
END
cat <<- END
	tabs are removed
		all of them
	END
cat << ONE; cat << TWO
first
ONE
second
TWO
wc -c << END
$(seq 1 5000)
END
