# What a terminal makes of what is typed and written, under all its modes.
/tests/bin/terminal-random --helper print_sequences 0 80
