# packages: gdb, gcc, libc6-dev
cat > p.c << 'END'
#include <stdio.h>
#include <pthread.h>
#include <unistd.h>
#include <stdlib.h>
struct point { int x, y; };
static int add(struct point p)
{
    int sum = p.x + p.y;
    return sum;
}
int counter;
static void *work(void *arg) { for (int i = 0; i < 3; i++) __atomic_add_fetch(&counter, *(int *)arg, __ATOMIC_SEQ_CST); return NULL; }
int main(int argc, char **argv)
{
    struct point p = { 3, 4 };
    printf("%d\n", add(p));
    int one = 1; pthread_t t; pthread_create(&t, NULL, work, &one); pthread_join(t, NULL);
    if (argc > 1 && argv[1][0] == 'c') *(volatile int *)0 = 1;
    if (argc > 1 && argv[1][0] == 'l') for (;;) pause();
    return counter;
}
END
gcc -g -O0 -no-pie -pthread -o p p.c
g() { gdb -q -nx -batch -iex 'set debuginfod enabled off' -iex 'set auto-load off' "$@" 2>&1 | grep -v 'libthread_db\|^$\|warning: Error disabling\|Using host' | sed 's/0x[0-9a-f]*/ADDR/g; s/process [0-9]*/process N/; s/LWP [0-9]*/LWP N/; s/Thread ADDR/Thread T/'; }
g -ex 'break add' -ex run -ex backtrace -ex 'print p' -ex next -ex 'print sum' -ex 'set var sum = 70' -ex finish -ex 'print $rip != 0' -ex continue ./p
g -ex 'watch counter' -ex run -ex continue -ex continue -ex 'delete' -ex continue ./p | grep -E 'value|exited'
g -ex 'break work' -ex run -ex 'info threads' -ex 'thread apply all -q frame function' -ex 'continue' ./p | grep -cE 'work|main'
g -ex 'run c' -ex 'backtrace' -ex 'print $_siginfo.si_signo' -ex 'x/i $pc' ./p | grep -E 'SIGSEGV|#0|\$1|=>' | cut -c 1-60
./p l > /dev/null & pid=$!; sleep 0.5; g -p $pid -ex 'print counter' -ex 'print argc' -ex 'call (int)add(p)' -ex detach 2>&1 | grep '^\$\|Detach\|Inferior'; kill -0 $pid && echo alive; kill $pid; wait $pid 2> /dev/null; echo "the target: $?"
g -ex 'catch syscall write' -ex run -ex 'info registers rip' -ex 'stepi' -ex 'stepi' -ex kill ./p | grep -c 'Catchpoint 1 (call to syscall write)'
g -ex start -ex 'tbreak work' -ex 'record' -ex 'info proc' -ex 'info sharedlibrary' ./p | grep -cE 'libc.so.6|exe ='
