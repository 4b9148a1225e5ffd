# What the two sides of a terminal see when modes, flow and packets change, it is flushed, and opened again.
/tests/bin/terminal-random --helper print_actions 0 120
