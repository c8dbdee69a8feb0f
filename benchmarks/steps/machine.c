/* What the machine allows one thread: instructions a nanosecond of straight code by its size, lines of memory by the
 * size of their table, and calls of the system on a loopback connection. Others use such a machine, too: the best of
 * rounds that are a tenth of a second apart, five seconds in all. Linux on x86-64. Usage: gcc -O2 -o machine machine.c; machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 30, MESSAGE = 190 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static double lower(double found, double figure) {
    return found == 0 || figure < found ? figure : found;
}

static void *map(size_t size, int protection) {
    void *const memory = mmap(0, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}

/* Instructions that do nothing, of four and seven bytes in turn, 4.75 each as compiled Java's are 4.8: what is left is
 * to fetch, decode and retire them. */
static int straight(uint8_t *code, int bytes) {
    static const uint8_t four[] = {0x0f, 0x1f, 0x40, 0}, seven[] = {0x0f, 0x1f, 0x80, 0, 0, 0, 0};
    int at = 0, count = 0;
    while (at < bytes - 8) {
        const int length = count++ % 4 == 3 ? sizeof seven : sizeof four;
        memcpy(code + at, length == sizeof four ? four : seven, length);
        at += length;
    }
    code[at] = 0xc3;
    return count;
}

static void instructions(const uint8_t *code, int count, double *found) {
    const int calls = 4000000 / count;
    const double start = now();
    for (int call = 0; call < calls; call++) {
        ((void (*)(void))code)();
    }
    *found = lower(*found, (now() - start) / calls / count);
}

/* A cycle through all lines in an order that no prefetcher knows. */
static void shuffle(uint64_t *table, uint64_t lines) {
    uint64_t *const order = malloc(lines * sizeof *order);
    uint64_t random = 88172645463325252ULL;
    for (uint64_t i = 0; i < lines; i++) {
        order[i] = i;
    }
    for (uint64_t i = lines - 1; i > 0; i--) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const uint64_t other = random % (i + 1), held = order[i];
        order[i] = order[other];
        order[other] = held;
    }
    for (uint64_t i = 0; i < lines; i++) {
        table[order[i] * 8] = order[(i + 1) % lines] * 8;
    }
    free(order);
}

static void follow(const uint64_t *table, uint64_t lines, int together, int round, double *found) {
    enum { HOPS = 5000, CACHED = (16 << 20) / 64 };
    uint64_t at[10], seen = 0;
    for (uint64_t line = 0; lines <= CACHED && line < lines; line++) {
        seen += table[line * 8]; /* what was measured in between took its place */
    }
    for (int chain = 0; chain < together; chain++) {
        at[chain] = (lines / together * chain + (together == 1 ? 0 : lines / 20) + 977 * round) % lines * 8;
    }
    __asm__ volatile("" : : "r"(seen));
    const double start = now();
    for (int hop = 0; hop < HOPS; hop++) {
        for (int chain = 0; chain < together; chain++) {
            at[chain] = table[at[chain]];
        }
    }
    *found = lower(*found, (now() - start) / HOPS / together);
    __asm__ volatile("" : : "m"(at));
}

static int require(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}

/* Both ends are this thread's: what write hands over by loopback has arrived when it returns. */
static void connection(int *client, int *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int listener = require(socket(AF_INET, SOCK_STREAM, 0), "socket"), on = 1;
    require(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
    require(listen(listener, 1), "listen");
    require(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname");
    *client = require(socket(AF_INET, SOCK_STREAM, 0), "socket");
    require(connect(*client, (struct sockaddr *)&address, sizeof address), "connect");
    *server = require(accept(listener, 0, 0), "accept");
    require(setsockopt(*client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
    require(fcntl(*server, F_SETFL, O_NONBLOCK), "fcntl");
}

static void calls(int client, int server, double found[3]) {
    enum { CALLS = 500 };
    char bytes[MESSAGE] = {0};
    double ns[3] = {0};
    for (int call = 0; call < CALLS; call++) {
        const double start = now();
        require((int)write(client, bytes, sizeof bytes), "write");
        const double written = now();
        require((int)read(server, bytes, sizeof bytes), "read");
        const double got = now();
        if (read(server, bytes, sizeof bytes) >= 0 || errno != EAGAIN) {
            fputs("more came than was sent\n", stderr);
            exit(1);
        }
        ns[0] += written - start;
        ns[1] += got - written;
        ns[2] += now() - got;
    }
    for (int i = 0; i < 3; i++) {
        found[i] = lower(found[i], ns[i] / CALLS);
    }
}

int main(void) {
    static const int code_kb[] = {8, 16, 24, 32, 40, 64, 128}, table_mb[] = {1, 4, 16, 64, 256};
    enum { CODES = sizeof code_kb / sizeof *code_kb, TABLES = sizeof table_mb / sizeof *table_mb };
    uint8_t *code[CODES];
    uint64_t *table[TABLES];
    int count[CODES], client, server;
    double rate[CODES] = {0}, alone[TABLES] = {0}, together[TABLES] = {0}, call[3] = {0};
    for (int i = 0; i < CODES; i++) {
        code[i] = map(1 << 18, PROT_READ | PROT_WRITE | PROT_EXEC);
        count[i] = straight(code[i], code_kb[i] * 1024);
    }
    for (int i = 0; i < TABLES; i++) {
        table[i] = map((size_t)table_mb[i] << 20, PROT_READ | PROT_WRITE);
        shuffle(table[i], ((uint64_t)table_mb[i] << 20) / 64);
    }
    connection(&client, &server);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CODES; i++) {
            instructions(code[i], count[i], &rate[i]);
        }
        for (int i = 0; i < TABLES; i++) {
            follow(table[i], ((uint64_t)table_mb[i] << 20) / 64, 1, round, &alone[i]);
            follow(table[i], ((uint64_t)table_mb[i] << 20) / 64, 10, round, &together[i]);
        }
        calls(client, server, call);
        usleep(100000);
    }
    puts("code that does nothing, instructions a nanosecond");
    for (int i = 0; i < CODES; i++) {
        printf("  %4d KB  %5.1f\n", code_kb[i], 1 / rate[i]);
    }
    puts("lines of a table, nanoseconds each: one after another, ten together");
    for (int i = 0; i < TABLES; i++) {
        printf("  %4d MB  %5.1f  %5.1f\n", table_mb[i], alone[i], together[i]);
    }
    printf("loopback TCP, %d bytes, nanoseconds a call\n  write %.0f, read %.0f, read of nothing %.0f\n", MESSAGE,
        call[0], call[1], call[2]);
    return 0;
}
