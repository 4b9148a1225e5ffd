// unix(7): calls picked at random on a handful of sockets. What each returns, and what poll(2) says of all of them
// afterwards, is printed; a shell case compares it with what Linux prints (shell/socket_sequences.sh).
#include "check.h"
#include "socket.h"

enum { SOCKETS = 6, STEPS = 30, EVERYTHING = 0x3fff, ACCEPTED = 900 };

static uint64_t state;
static int sockets[SOCKETS];
static int types[SOCKETS];

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static unsigned below(unsigned limit) { return (unsigned)((next() >> 16) % limit); }

#define ONE_OF(...) ((const int[]){ __VA_ARGS__ })[below(sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))]

static struct sockaddr *name_of(unsigned index)
{
    char text[16];
    snprintf(text, sizeof text, "@random%u", index);
    return name(text);
}

static void make_sockets(void)
{
    bool alike = below(2) != 0;
    int first = ONE_OF(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET);
    for (int i = 0; i < SOCKETS; i++)
    {
        types[i] = ONE_OF(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET);
        types[i] = alike || i == 0 ? first : types[i];
        sockets[i] = OK(socket(AF_UNIX, types[i] | SOCK_NONBLOCK, 0));
    }
    for (unsigned i = 2; i < SOCKETS; i++)
    {
        if (below(2) == 0)
            continue;
        struct sockaddr *address = name_of(i);
        OK(bind(sockets[i], address, name_length));
        if (types[i] != SOCK_DGRAM)
            OK(listen(sockets[i], (int)below(3)));
    }
    if (below(2) == 0)
        return;
    OK(close(sockets[0]));
    OK(close(sockets[1]));
    types[1] = first;
    OK(socketpair(AF_UNIX, first | SOCK_NONBLOCK, 0, sockets));
}

static long send_something(unsigned i, unsigned j, int step)
{
    char text[8];
    size_t length = below(6);
    bool addressed = below(4) == 0;
    memset(text, 'a' + step % 26, sizeof text);
    int flags = MSG_NOSIGNAL | ONE_OF(0, 0, 0, MSG_EOR, MSG_OOB, MSG_MORE);
    struct sockaddr *address = name_of(j);
    return addressed ? sendto(sockets[i], text, length, MSG_NOSIGNAL, address, name_length)
                     : send(sockets[i], text, length, flags);
}

static long receive_something(unsigned i)
{
    char text[16] = "";
    size_t wanted = below(8);
    int flags = ONE_OF(0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_OOB, MSG_PEEK | MSG_TRUNC, MSG_WAITALL);
    long result = recv(sockets[i], text, wanted, flags);
    int error = errno;
    if (result > 0)
        printf(" '%.*s'", (int)wanted, text);
    errno = error;
    return result;
}

static long accept_into(unsigned i, unsigned j)
{
    int accepted = accept4(sockets[i], NULL, NULL, SOCK_NONBLOCK);
    if (accepted < 0)
        return accepted;
    types[j] = types[i];
    OK(close(sockets[j]));
    sockets[j] = accepted;
    return ACCEPTED;
}

static long replace(unsigned i)
{
    OK(close(sockets[i]));
    sockets[i] = OK(socket(AF_UNIX, types[i] | SOCK_NONBLOCK, 0));
    return 0;
}

static long ask(unsigned i)
{
    int value = -1;
    int mark = -1;
    long result = below(2) != 0 ? ioctl(sockets[i], FIONREAD, &value) : (value = get_int(sockets[i], SO_ERROR), 0);
    int error = errno;
    if (types[i] == SOCK_STREAM && ioctl(sockets[i], SIOCATMARK, &mark) == 0)
        printf(" @%d", mark);
    printf(" v%d", value);
    errno = error;
    return result;
}

static long do_something(int step)
{
    unsigned i = below(SOCKETS);
    unsigned j = below(SOCKETS);
    unsigned action = below(15);
    errno = 0;
    printf(" %u,%u,%u", action, i, j);
    struct sockaddr *address = name_of(j);
    switch (action)
    {
        case 0:
            return bind(sockets[i], name_of(i), name_length);
        case 1:
            return listen(sockets[i], (int)below(3));
        case 2:
        case 3:
            return connect(sockets[i], address, name_length);
        case 4:
            return accept_into(i, j);
        case 5:
        case 6:
        case 7:
        case 8:
            return send_something(i, j, step);
        case 9:
        case 10:
        case 11:
            return receive_something(i);
        case 12:
            return shutdown(sockets[i], (int)below(3));
        case 13:
            address->sa_family = AF_UNSPEC;
            return below(3) == 0 ? replace(i) : connect(sockets[i], address, 2);
        default:
            return ask(i);
    }
}

static void run_sequence(uint64_t seed)
{
    struct pollfd all[SOCKETS];
    state = seed * 0x9E3779B97F4A7C15 + 1;
    for (int i = 0; i < 4; i++)
        next();
    make_sockets();
    printf("%d:", (int)seed);
    for (int step = 0; step < STEPS; step++)
    {
        long result = do_something(step);
        printf("=%ld", result < 0 ? -errno : result);
        for (int i = 0; i < SOCKETS; i++)
            all[i] = (struct pollfd){ .fd = sockets[i], .events = EVERYTHING };
        OK(poll(all, SOCKETS, 0));
        for (int i = 0; i < SOCKETS; i++)
            printf("%c%x", i == 0 ? '|' : ',', all[i].revents);
    }
    printf("\n");
    for (int i = 0; i < SOCKETS; i++)
        OK(close(sockets[i]));
}

// Sequences from the first seed to before the second.
HELPER(print_calls)
{
    int first = argc > 0 ? atoi(argv[0]) : 0;
    int end = argc > 1 ? atoi(argv[1]) : first + 1;
    for (int seed = first; seed < end; seed++)
        run_sequence((uint64_t)seed);
    return 0;
}
