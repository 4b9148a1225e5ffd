# What calls picked at random do to a handful of AF_UNIX sockets, and what poll says of them after each.
/tests/bin/socket-random --helper print_calls 0 40
