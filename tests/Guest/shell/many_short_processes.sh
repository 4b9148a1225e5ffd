i=0; while [ $i -lt 150 ]; do /bin/busybox true || echo failed; i=$((i + 1)); done; echo $i
i=0; while [ $i -lt 100 ]; do x=$(echo $i); [ "$x" = $i ] || echo wrong; i=$((i + 1)); done; echo $i
