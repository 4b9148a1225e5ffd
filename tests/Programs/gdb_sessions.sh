# packages: gdb, gcc, libc6-dev, procps
export DEBUGINFOD_URLS= LC_ALL=C
clean() { sed -E 's/0x[0-9a-f]{5,}/ADDRESS/g; s/(LWP|process|Thread ADDRESS \(LWP) [0-9]+/\1 ID/g; s/\[Inferior 1 \(process [^)]*\)/[Inferior 1/; s/New Thread ADDRESS/New Thread/' | grep -vE '^(warning:|Using host libthread_db|\[Thread debugging|Download|$)'; }
session() { gdb -nx -q -batch "$@" 2>&1 < /dev/null | clean; }
cat > steps.c <<'END'
#include <stdio.h>
#include <string.h>
struct point { int x, y; double weight; char name[8]; };
static int counter;
static int factorial(int n)
{
    counter++;
    if (n <= 1)
        return 1;
    return n * factorial(n - 1);
}
static void move(struct point *p, int by)
{
    p->x += by;
    p->y -= by;
    p->weight *= 1.5;
}
int main(int argc, char **argv)
{
    struct point p = { 1, 2, 0.5, "first" };
    int result = factorial(4);
    for (int i = 0; i < 3; i++)
        move(&p, i);
    printf("%d %d %d %s\n", result, p.x, p.y, argc > 1 ? argv[1] : "none");
    return p.x;
}
END
gcc -g -O0 -o steps steps.c
session -ex 'break factorial' -ex run -ex bt -ex next -ex 'print counter' -ex continue -ex bt -ex 'info args' -ex 'up' -ex 'print n' -ex 'delete 1' -ex finish -ex continue ./steps
session -ex 'break move if by == 2' -ex 'run given' -ex 'print *p' -ex 'p $rip == (long)move + 0' -ex 'step' -ex 'step' -ex 'set var p->x = 40' -ex finish -ex 'next' -ex 'info locals' -ex continue -ex 'print $_exitcode' ./steps
session -ex 'break main' -ex run -ex 'watch counter' -ex continue -ex continue -ex 'bt' -ex 'info watchpoints' -ex 'delete' -ex 'tbreak move' -ex continue -ex 'rwatch p->y' -ex continue -ex kill ./steps
session -ex 'break main' -ex run -ex 'print factorial(6)' -ex 'print $sp > 0' -ex 'x/s argv[0] + 0' -ex 'info signals SIGINT' -ex 'display/i $pc' -ex 'stepi' -ex 'call (int)strlen("five!")' ./steps | sed -E "s|\"$PWD/|\"|" | grep -v '^1: x/i\|^=>'
session -ex 'catch syscall write' -ex run -ex continue -ex 'continue' -ex 'info breakpoints' ./steps
session -ex 'catch fork' -ex 'catch exec' -ex 'set follow-fork-mode parent' -ex 'run' -ex 'continue' -ex 'continue' --args sh -c '/bin/true & wait' | sed -E 's/\(forked process.*//; s/, .*//' | head -n 8
cat > threads.c <<'END'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>
static pthread_barrier_t ready;
char *volatile nowhere;
int numbers[100];
static void *sleeper(void *name)
{
    pthread_setname_np(pthread_self(), name);
    pthread_barrier_wait(&ready);
    pause();
    return name;
}
static void crash(int depth)
{
    numbers[depth] = depth * depth;
    if (depth == 5)
        *nowhere = 1;
    crash(depth + 1);
}
int main(int argc, char **argv)
{
    static char *names[] = { "one", "two", "three" };
    pthread_t thread;
    pthread_barrier_init(&ready, NULL, 4);
    for (int i = 0; i < 3; i++)
        pthread_create(&thread, NULL, sleeper, names[i]);
    pthread_barrier_wait(&ready);
    if (argc > 1)
        pause();
    crash(1);
    return 0;
}
END
gcc -g -O0 -D_GNU_SOURCE -pthread -o threads threads.c; exec 2> /dev/null # what the shell says of the dead
session -ex run -ex bt -ex 'info threads' -ex 'print numbers[1]@6' -ex 'print $_siginfo.si_signo' -ex 'print $_siginfo._sifields._sigfault.si_addr' -ex 'thread apply all -s -q frame function sleeper' -ex kill ./threads | sed -E 's/ADDRESS in //; s/^#[0-9]+ +sleeper.*/sleeper/' | grep -E '^#|^sleeper|numbers|\$|signal|crash|SIG|main'
ulimit -c unlimited; (./threads) > /dev/null; ls core* | sed 's/[0-9.]*$//'; mv core* the-core
session -ex bt -ex 'print numbers[1]@6' -ex 'print $rip == crash' -ex 'p $_siginfo.si_signo' -ex 'p $_siginfo.si_code' -ex 'p $cs' -ex 'p $ss' -ex 'frame function main' -ex 'p names[1]' -ex 'p argc' -ex 'p argv[0]' ./threads the-core | grep -vE '^\[New|Core was'
session -ex 'info threads' ./threads the-core | grep -c 'Thread'; session -ex 'thread apply all bt' ./threads the-core | grep -oE '(sleeper|crash|main) \(.*\) at .*' | sed 's/^sleeper.*/sleeper/' | sort
session -ex 'info registers rax rbx eflags cs ss' -ex 'p $xmm0.v4_int32[0] == $xmm0.v4_int32[0]' ./threads the-core | grep -E '^(cs|ss|eflags|\$)'
session -ex 'info auxv' ./threads the-core | grep -E 'AT_(PAGESZ|UID|SECURE|CLKTCK|EXECFN|PHENT)' | tr -s ' '
session -ex 'info proc' -ex 'x/2i crash' ./threads the-core | grep -E 'exe|cmdline|push' | sed "s|$PWD/||" | tr -s ' \t' ' '
./threads stay & pid=$!
until [ "$(ls /proc/$pid/task | wc -l)" = 4 ] && [ "$(cat /proc/$pid/task/*/stat | grep -c ') S ')" = 4 ]; do sleep 0.05; done
session -p $pid -ex 'info threads' -ex 'detach' | grep -oE '"[a-z]+"|Detach' | sort; cut -d ' ' -f 3 /proc/$pid/stat
session -p $pid -ex 'generate-core-file made' -ex 'set var numbers[7] = 49' -ex detach > /dev/null; session -ex 'info threads' ./threads made | grep -c Thread
session -p $pid -ex 'print numbers[7]' -ex 'thread apply all -q -s print $_thread > 0' -ex 'kill' | grep '^\$'; wait $pid; echo $?
