mkdir -p d/sub; echo one > d/one; echo two > d/sub/two; ln -s one d/link; ln d/one d/hard
mkfifo d/fifo
find d | sort | cpio -o -H newc 2>/dev/null > a.cpio; cpio -t < a.cpio 2>/dev/null
mkdir x; cd x; cpio -id < ../a.cpio 2>/dev/null
find d | sort; cat d/sub/two; readlink d/link; stat -c %h d/one; stat -c %F d/fifo
head -c 6 ../a.cpio; echo
