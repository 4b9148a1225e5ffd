printf 'a\nfirst\nsecond\n.\n1p\n2s/sec/SEC/\n,p\nw f\nq\n' | ed 2>&1; cat f
