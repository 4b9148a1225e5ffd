dd if=/dev/zero of=f bs=1000 count=3 2>/dev/null; wc -c < f
echo 0123456789 | dd bs=1 skip=3 count=4 2>/dev/null; echo
printf XX | dd of=f bs=1 seek=10 conv=notrunc 2>/dev/null; wc -c < f; od -A d -c f | head -n 3
dd if=/dev/zero of=sparse bs=1 count=0 seek=50000000 2>/dev/null; stat -c %s sparse; du -k sparse | cut -f1
dd if=/dev/zero bs=4096 count=1000 2>/dev/null | md5sum; dd if=missing 2>/dev/null; echo $?
dd if=/dev/zero of=/dev/full bs=10 count=1 2>/dev/null; echo $?; dd if=f of=g bs=7 2>&1 | head -n 2
