# packages: gcc, libc6-dev, binutils, file
cat > sum.c << 'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static _Thread_local int mine;
static long total; static int arrived;
static void *work(void *arg)
{
    for (int i = 0; i < 10000; i++) { mine++; pthread_mutex_lock(&lock); total += (long)arg; pthread_mutex_unlock(&lock); }
    pthread_mutex_lock(&lock);
    if (++arrived == 8) pthread_cond_broadcast(&cond);
    while (arrived < 8) pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    return (void *)(long)mine;
}
int main(int argc, char **argv)
{
    pthread_t threads[8]; long sum = 0;
    for (long i = 0; i < 8; i++) if (pthread_create(&threads[i], NULL, work, (void *)i)) return 1;
    for (int i = 0; i < 8; i++) { void *result; pthread_join(threads[i], &result); sum += (long)result; }
    printf("%ld %ld %.4f %d %s\n", total, sum, sqrt(atof(argv[1])), argc, argv[1]);
    return 42;
}
END
gcc -O2 -Wall -Wextra -o sum sum.c -lm -pthread && ./sum 2; echo "status $?"
gcc -static -O1 -o static sum.c -lm && ./static 9; echo "static $?"
gcc -shared -fPIC -o libhello.so -x c - << 'END'
#include <stdio.h>
void hello(const char *who) { printf("hello, %s\n", who); }
END
echo 'void hello(const char *); int main(void) { hello("library"); }' > main.c
gcc -c main.c && gcc -o main main.o -L. -lhello -Wl,-rpath,'$ORIGIN' && ./main
echo 'int main(void) { return undefined(); }' > bad.c; gcc bad.c -o bad 2>&1 | grep -o 'undefined reference.*'; echo 'int x = ;' | gcc -c -x c - 2>&1 | grep -c error
nm main | grep -c ' T '; objdump -d sum | grep -c '<main>:'; readelf -h sum | awk '/Type|Machine/ { print $2 }'; file -b static | cut -d, -f 1,2,4
ar rcs lib.a main.o && ar t lib.a; strip sum && ./sum 3; size main.o | awk 'NR == 1 { print $1, $2 }'
gcc -E -dM - < /dev/null | grep -c __x86_64__; gcc -S -O2 -o - -x c - <<< 'int f(int a) { return a * 8; }' | grep -c 'leal\|sall'
gcc -g -fsanitize=undefined -o ub -x c - <<< 'int main(int c, char **v) { (void)v; int x = 0x7fffffff; return (x + c) == 0; }' && ./ub 2>&1 | grep -o 'runtime error: signed integer overflow'
