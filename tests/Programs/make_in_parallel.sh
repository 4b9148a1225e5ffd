# packages: make, gcc, libc6-dev
mkdir -p src
for i in $(seq 1 12); do echo "int f$i(int x) { return x + $i; }" > src/f$i.c; done
{ for i in $(seq 1 12); do echo "int f$i(int);"; done; echo '#include <stdio.h>'; echo 'int main(void) { int x = 0;'
  for i in $(seq 1 12); do echo "x = f$i(x);"; done; echo 'printf("%d\n", x); return 0; }'; } > src/main.c
cat > Makefile << 'END'
objects := $(patsubst src/%.c,build/%.o,$(sort $(wildcard src/*.c)))
program: $(objects)
	@$(CC) -o $@ $^ && echo linked $(words $^) objects
build/%.o: src/%.c | build
	@$(CC) -O1 -c -o $@ $<
build: ; @mkdir -p $@
.PHONY: clean fails nested
clean: ; rm -rf build program
fails: ; @false
nested: ; @$(MAKE) --no-print-directory -C . program
END
make -j 4 && ./program
make -j 4
touch -d '-1 minute' build/f3.o; make -j2 2> /dev/null; ./program
make -n clean; make clean > /dev/null; ls; make -j 3 nested
make fails 2>&1 | sed 's/make\[[0-9]*\]/make/'; echo "status ${PIPESTATUS[0]}"
make -k -j4 -f - << 'END' 2>/dev/null | sort
all: a b c d
a c d: ; @sleep 0.1; echo $@
b: ; @exit 3
END
echo "status ${PIPESTATUS[0]}"
