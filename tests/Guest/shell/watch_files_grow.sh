echo start > log
(sleep 0.4; echo more >> log; sleep 0.4; echo end >> log) & tail -f log > seen & t=$!
wait %1 2>/dev/null || sleep 1; while ! grep -q end seen; do sleep 0.1; done; kill $t
wait $t 2>/dev/null; cat seen
