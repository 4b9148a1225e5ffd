#!/bin/sh
# Runs the guest tests on a Linux kernel in QEMU: linux.sh VMLINUZ BUSYBOX [RUNNER ARGUMENT...]
# VMLINUZ is a kernel with serial ports and virtio built in (Debian's linux-image-cloud-amd64), BUSYBOX a
# static one (Debian's busybox-static). GUEST_TIMEOUT bounds the run, in seconds;
# GUEST_APPEND goes to the kernel, which hands NAME=VALUE on to the tests' environment: GUEST_LOOPS=10000.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=${1:?usage: linux.sh VMLINUZ BUSYBOX [RUNNER ARGUMENT...]}
busybox=${2:?usage: linux.sh VMLINUZ BUSYBOX [RUNNER ARGUMENT...]}
shift 2
output=$here/../../artifacts/guest
root=$output/root
rm -rf "$root"
mkdir -p "$root/bin"
"$here/build.sh" "$output"
cp -r "$output/tests" "$root/tests"
cp "$busybox" "$root/bin/busybox"
cp "$here/init.sh" "$root/init"
for module in ${GUEST_MODULES:-}; do
    mkdir -p "$root/modules"
    cp "$module" "$root/modules/"
done
chmod +x "$root/init"
echo "$@" > "$root/tests/arguments"
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) > "$output/initramfs.cpio"

report=$output/report.txt
: > "$report"
timeout "${GUEST_TIMEOUT:-300}" qemu-system-x86_64 -accel tcg -cpu max -M q35 -m 512M -nodefaults -no-reboot \
    -display none -serial "file:$output/console.txt" -serial "file:$report" -kernel "$kernel" \
    -initrd "$output/initramfs.cpio" -append "console=ttyS0 quiet panic=-1 ${GUEST_APPEND:-}" < /dev/null
grep '^TEST fail' "$report" || true
tail -n 1 "$report"
tail -n 1 "$report" | grep -q ', 0 failed$'
