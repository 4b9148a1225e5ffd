#!/bin/sh
# Compiles the guest tests: build.sh OUTPUT makes OUTPUT/tests/{runner,bin,shell}.
# A first line `// build: static static-pie` compiles a program twice; the second one is named NAME-pie.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=${1:?usage: build.sh OUTPUT}
flags="-O1 -s -Wall -Wextra -Werror -I $here"

# Debian's musl-gcc has no -static-pie: its start file that relocates itself must be named by hand.
musl=/usr/lib/x86_64-linux-musl
static() { musl-gcc -static $flags -o "$2" "$1"; }
static_pie()
{
    musl-gcc -static -nostartfiles -fPIE $flags -Wl,-pie,--no-dynamic-linker,-z,text -o "$2" \
        "$musl/rcrt1.o" "$musl/crti.o" "$1" "$musl/crtn.o"
}

rm -rf "$output/tests"
mkdir -p "$output/tests/bin" "$output/tests/shell"
static "$here/runner.c" "$output/tests/runner"
for source in $(cd "$here" && find . -mindepth 2 -name '*.c' | sed 's|^\./||'); do
    name=$(echo "${source%.c}" | tr / -)
    target=$output/tests/bin/$name
    static "$here/$source" "$target"
    case $(head -n 1 "$here/$source") in
        *"build:"*static-pie*) static_pie "$here/$source" "$target-pie" ;;
    esac
done
cp "$here"/shell/*.sh "$here"/shell/*.out "$output/tests/shell/"
