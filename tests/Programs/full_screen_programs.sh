# packages: expect, htop, mc, libcom-err2, nano, procps, ncurses-bin
export TERM=xterm LANG=C.UTF-8 HOME=$PWD; mkdir -p .config
echo 'set enable-bracketed-paste off' > inputrc; export INPUTRC=$PWD/inputrc
cat > screens.exp << 'EOF'
set timeout 40
log_user 0
set stty_init "rows 24 columns 80"
proc must {pattern} { expect -re $pattern {} timeout { puts "no $pattern"; exit 1 } eof { puts "end before $pattern: $expect_out(buffer)"; exit 1 } }
proc ends {what} { expect eof; puts "$what [lindex [wait] 3]" }
spawn nano -I new.txt; must "\\^X"; send "first line\rsecond"; send "\x0f"; must "File Name to Write"; send "\r"; must "Wrote 2 lines"; send "\x18"; ends "nano"
spawn nano -I new.txt; must "second"; send "\x17second\r"; send "\x0b"; send "\x18"; must "Save modified"; send "y"; must "File Name"; send "\r"; ends "nano again"
spawn top -d 1; must "load average"; must "PID"; send "q"; ends "top"
spawn top -b -n 1; must "load average"; ends "top in a batch"
spawn htop -d 5 -C; must "CPU"; must "Load average"; send "\x1b\[B"; send "q"; ends "htop"
spawn mc -d -b -u; must "Help"; must "Quit"; send "\t"; send "\x1b0"; expect { -re "want to quit" { send "\r"; exp_continue } eof {} timeout { puts "mc stays"; exit 1 } }; puts "mc [lindex [wait] 3]"
spawn bash --norc --noprofile -i; send "PS1='ready> '\r"; must "\nready> "
send "echo one two\r"; must "\none two\r\n"; must "ready> "; send "true\r"; must "ready> "
send "\x12one"; must "reverse-i-search"; send "\r"; must "\none two\r\n"; puts "search"; must "ready> "
send "echo a.b-c\x1b\x7f\x1b\x7fx\r"; must "\na.x\r\n"; puts "words"; must "ready> "
send "sleep 100 & sleep 200\r"; after 700; send "\x1a"; must "Stopped"; must "ready> "; send "kill %1 %2; wait; echo done\r"; must "\ndone\r\n"; puts "jobs"; must "ready> "
send "stty rows 30 columns 90; printf '%s ' \$LINES; stty size\r"; must "30 90\r\n"; puts "size"; must "ready> "
send "tput cup 2 3 | od -An -c | tr -s ' '\r"; must {\\?033 \[ 3 ; 4 H}; puts "terminfo"; must "ready> "
send "exit 5\r"; ends "bash"
EOF
expect screens.exp; echo "expect: $?"; cat new.txt
