# The first key may be taken for the answer to a question about the screen: h does nothing there.
# The pauses let vi tell the escape key from an escape sequence.
keys() { for part in "$@"; do printf "$part"; sleep 0.3; done; }
printf 'one\ntwo\nthree\n' > f
keys hhh 'ddGoadded' '\033' ':wq\r' | vi f > /dev/null 2>&1; cat f
keys hhh ':%%s/t/T/g\r' ':x\r' | vi f > /dev/null 2>&1; cat f
keys hhh 'inew file' '\033' ':w\r:q\r' | vi g > /dev/null 2>&1; cat g
keys hhh 'x' ':q!\r' | vi f > /dev/null 2>&1; cat f
vi -c 'wq' h < /dev/null > /dev/null 2>&1; ls h
