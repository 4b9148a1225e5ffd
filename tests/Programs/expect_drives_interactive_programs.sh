# packages: expect, bc, procps
echo 'set enable-bracketed-paste off' > inputrc; export INPUTRC=$PWD/inputrc TERM=xterm
cat > shell.exp << 'END'
set timeout 20
fconfigure stdout -buffering line
log_user 0
proc must {pattern} { expect -re $pattern {} timeout { puts "no $pattern"; exit 1 } eof { puts "end before $pattern"; exit 1 } }
spawn bash --norc --noprofile -i
send "PS1='ready> '\r"; must "\nready> "
send "echo \$((6 * 7))\r"; must "\n42\r\n"; puts "arithmetic"
must "ready> "; send "sleep 300\r"; after 500; send "\x1a"; must "Stopped"; puts "^Z stops"
must "ready> "; send "jobs\r"; must "sleep 300"; must "ready> "
send "fg\r"; must "sleep 300"; after 500; send "\x03"; must "ready> "; puts "^C ends"
send "echo status \$?\r"; must "\nstatus 130"; must "ready> "
send "ech\ttab\r"; must "\ntab\r\n"; puts "completion"; must "ready> "
send "\x1b\[A\r"; must "\ntab\r\n"; puts "history"; must "ready> "
send "abc def\x17\x15echo line\x01\x1bf\x1b\[C\x1b\[Cd\x05 end\r"; must "\nldine end"; puts "editing"; must "ready> "
send "cat\r"; after 1000; send "typed\r"; must "typed\r\ntyped"; send "\x04"; must "ready> "; puts "^D ends the file"
send "stty -echo; read -s x; stty echo; echo got \$x\r"; after 500; send "secret\r"; must "got secret"; puts "no echo"; must "ready> "
send "(sleep 300 &) ; kill -HUP \$\$\r"; expect eof; puts [lindex [wait] 4]
spawn bc -q; send "2^64\r"; must "18446744073709551616"; send "scale=5; 22/7\r"; must "3.14285"; send "quit\r"; expect eof; puts "bc [lindex [wait] 3]"
spawn sh -c {trap 'stty size; exit 3' WINCH; stty size; while :; do sleep 0.1; done}; must {[0-9]+ [0-9]+}; stty rows 33 columns 77 < $spawn_out(slave,name); must "33 77"; expect eof; puts "window [lindex [wait] 3]"
END
expect shell.exp; echo "expect: $?"; pkill -x sleep; true
