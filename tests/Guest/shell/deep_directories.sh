i=0; while [ $i -lt 100 ]; do mkdir d; cd d; i=$((i + 1)); done; echo bottom > f
pwd | tr -cd / | wc -c | awk '{ print ($1 > 100) }'
while [ $i -gt 0 ]; do cd ..; i=$((i - 1)); done; find . -name f | wc -l; du -a . | wc -l
rm -rf d; ls -A
