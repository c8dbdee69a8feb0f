/* What the machine allows one thread: instructions a nanosecond of straight code by its size, lines of memory by the
 * size of their table, and calls of the system on a loopback connection. Others use such a machine, too: the best of
 * rounds that are a tenth of a second apart; how far from that a piece of work is most of the time; and what is taken
 * from threads that spin on two processors and do nothing else, by what they see between two looks at a clock. Eleven
 * seconds.
 * With INSTRUCTIONS: what a relay between two connections, 10,000 messages a second, loses to so many instructions that
 * do nothing for each message, and to a thread beside it that wakes about WAKES times a second (650) and is busy for
 * BUSY microseconds (0): TURNS (10) of a second each, who begins changes; medians over them of percentiles and of
 * their ratios. Linux on x86-64.
 * Usage: gcc -O2 -pthread -o machine machine.c; machine [INSTRUCTIONS [WAKES [BUSY [TURNS]]]].
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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
    require(setsockopt(*server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
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

static int ascending(const void *one, const void *other) {
    const double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

/* A piece of work without memory or calls, over and over for three seconds, its median of every 5 ms. */
static void pace(double *slower, double *much_slower) {
    enum { WINDOWS = 600, STEPS = 2000 };
    static double window[WINDOWS], piece[20000];
    uint64_t a = 1, b = 2, c = 3, d = 4;
    for (int i = 0; i < WINDOWS; i++) {
        int pieces = 0;
        for (const double start = now(); now() - start < 5e6 && pieces < 20000; pieces++) {
            const double begun = now();
            for (int step = 0; step < STEPS; step++) {
                a += b ^ step;
                b += c ^ step;
                c += d ^ step;
                d += a ^ step;
                __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
            }
            piece[pieces] = now() - begun;
        }
        qsort(piece, pieces, sizeof *piece, ascending);
        window[i] = piece[pieces / 2];
    }
    qsort(window, WINDOWS, sizeof *window, ascending);
    const double best = window[WINDOWS / 20];
    *slower = *much_slower = 0;
    for (int i = 0; i < WINDOWS; i++) {
        *slower += window[i] > 1.2 * best ? 100.0 / WINDOWS : 0;
        *much_slower += window[i] > 1.5 * best ? 100.0 / WINDOWS : 0;
    }
}

enum { SPINNERS = 2, TAKEN = 3, SPIN_S = 3 };

struct spinner {
    pthread_t thread;
    double taken_ns[TAKEN];
    int times[TAKEN];
};

/* Gaps of 3 to 20 us, to 50, and of more: shorter ones are its own. */
static void *spin(void *argument) {
    struct spinner *const spinner = argument;
    const double end = now() + SPIN_S * 1e9;
    for (double last = now(), next; last < end; last = next) {
        next = now();
        const double gap = next - last;
        if (gap > 3000) {
            const int kind = (gap > 20000) + (gap > 50000);
            spinner->taken_ns[kind] += gap;
            spinner->times[kind]++;
        }
    }
    return 0;
}

static void spinners(struct spinner *spinner) {
    for (int i = 0; i < SPINNERS; i++) {
        cpu_set_t processor;
        CPU_ZERO(&processor);
        CPU_SET(i, &processor);
        errno = pthread_create(&spinner[i].thread, 0, spin, &spinner[i]);
        require(-errno, "pthread_create");
        pthread_setaffinity_np(spinner[i].thread, sizeof processor, &processor); /* where there are as many */
    }
    for (int i = 0; i < SPINNERS; i++) {
        pthread_join(spinner[i].thread, 0);
    }
}

enum { BARE, WORKING, HELPED, MODES, FILL = 230, BUFFER = 1 << 16 };
enum { EACH_NS = 100000, MESSAGES = 10000, LEFT_OUT = 1000, PARTS = 6, MOST_TURNS = 1000 };

static const double part_of[PARTS] = {0.1, 0.25, 0.5, 0.75, 0.9, 0.95};

struct relay {
    volatile int mode;
    int wakes, busy;
    int desk, venue;
    uint8_t *code;
};

static void *helper(void *argument) {
    const struct relay *const relay = argument;
    for (;;) {
        usleep(relay->mode == HELPED ? 1000000 / relay->wakes : 100000);
        for (const double woken = now(); relay->mode == HELPED && now() - woken < relay->busy * 1e3;) {
            __asm__ volatile("pause");
        }
    }
    return 0;
}

/* Answers how many came, 0 when none did. A connection that ended is the end. */
static int receive(int from, char *bytes) {
    const int got = (int)read(from, bytes, BUFFER);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        fputs("the other end is gone\n", stderr);
        exit(1);
    }
    return got < 0 ? 0 : got;
}

static void send_all(int to, const char *bytes, int length) {
    for (int sent = 0; sent < length;) {
        const int taken = (int)write(to, bytes + sent, length - sent);
        require(taken < 0 && errno == EAGAIN ? 0 : taken, "write");
        sent += taken < 0 ? 0 : taken;
    }
}

static void pass(const struct relay *relay, int from, int to, int message, int *part) {
    static char bytes[BUFFER];
    const int got = receive(from, bytes);
    if (got > 0) {
        for (*part += got; *part >= message; *part -= message) {
            if (relay->mode != BARE) {
                ((void (*)(void))relay->code)();
            }
        }
        send_all(to, bytes, got);
    }
}

/* In a process of its own, as a router is. */
static void run_relay(struct relay *relay) {
    pthread_t thread;
    int in = 0, back = 0;
    errno = pthread_create(&thread, 0, helper, relay);
    require(-errno, "pthread_create");
    for (;;) {
        pass(relay, relay->desk, relay->venue, MESSAGE, &in);
        pass(relay, relay->venue, relay->desk, FILL, &back);
    }
}

/* Desk and venue of a turn: each message as its time comes, whether or not the one before is there; a fill for each. */
static void turn(int desk, int venue, double *one_way, double *both_ways) {
    static char bytes[BUFFER];
    int sent = 0, seen = 0, answered = 0, filled = 0, order_bytes = 0, fill_bytes = 0;
    const double start = now() + EACH_NS;
    while (filled < MESSAGES) {
        if (sent < MESSAGES && now() >= start + (double)sent * EACH_NS) {
            send_all(desk, bytes, MESSAGE);
            sent++;
        }
        order_bytes += receive(venue, bytes);
        const double came = now();
        for (; order_bytes >= MESSAGE; order_bytes -= MESSAGE) {
            one_way[seen] = (came - start - (double)seen * EACH_NS) / 1000;
            seen++;
        }
        for (; answered < seen; answered++) {
            send_all(venue, bytes, FILL);
        }
        fill_bytes += receive(desk, bytes);
        const double back = now();
        for (; fill_bytes >= FILL; fill_bytes -= FILL) {
            both_ways[filled] = (back - start - (double)filled * EACH_NS) / 1000;
            filled++;
        }
    }
}

static double median(double *values, int count) {
    qsort(values, count, sizeof *values, ascending);
    return (values[count / 2] + values[(count - 1) / 2]) / 2;
}

typedef double table[MODES][PARTS][MOST_TURNS];

static void add(table found, int mode, int round, double *latencies) {
    qsort(latencies + LEFT_OUT, MESSAGES - LEFT_OUT, sizeof *latencies, ascending);
    for (int p = 0; p < PARTS; p++) {
        found[mode][p][round] = latencies[LEFT_OUT + (int)(part_of[p] * (MESSAGES - LEFT_OUT))];
    }
}

static void show(const char *way, table found, int turns) {
    static const char *const name[MODES] = {"a relay", "with instructions", "and a helper"};
    static double ratio[MOST_TURNS];
    printf("%-17s", way);
    for (int p = 0; p < PARTS; p++) {
        printf("          p%-3.0f", part_of[p] * 100);
    }
    puts("");
    for (int mode = MODES - 1; mode >= 0; mode--) { /* the bare one last: its turns are sorted then */
        printf("%-17s", name[mode]);
        for (int p = 0; p < PARTS; p++) {
            for (int i = 0; i < turns; i++) {
                ratio[i] = found[mode][p][i] / found[BARE][p][i];
            }
            const double x = median(ratio, turns);
            printf("  %5.1f %4.2f x", median(found[mode][p], turns), x);
        }
        puts("");
    }
}

static int relays(int instructions, int wakes, int busy, int turns) {
    static table one_way, both_ways;
    static double there[MESSAGES], back[MESSAGES];
    int desk, venue;
    struct relay *const relay = mmap(0, sizeof *relay, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(relay == MAP_FAILED ? -1 : 0, "mmap");
    relay->code = map((size_t)instructions * 5 + 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    straight(relay->code, instructions * 19 / 4);
    relay->wakes = wakes;
    relay->busy = busy;
    connection(&desk, &relay->desk);
    connection(&venue, &relay->venue);
    require(fcntl(desk, F_SETFL, O_NONBLOCK), "fcntl");
    require(fcntl(venue, F_SETFL, O_NONBLOCK), "fcntl");
    const pid_t child = require(fork(), "fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(desk);
        close(venue);
        run_relay(relay);
    }
    close(relay->desk);
    close(relay->venue);
    for (int round = -1; round < turns; round++) { /* the first one warms all */
        for (int i = 0; i < MODES; i++) {
            relay->mode = (i + round + 1) % MODES;
            turn(desk, venue, there, back);
            if (round >= 0) {
                add(one_way, relay->mode, round, there);
                add(both_ways, relay->mode, round, back);
            }
        }
    }
    kill(child, SIGKILL);
    printf("10000 messages/s, %d instructions a message each way, %d wakes/s of %d us; us, and of the bare relay\n",
        instructions, wakes, busy);
    show("one way", one_way, turns);
    show("both ways", both_ways, turns);
    return 0;
}

static int limits(void) {
    static const int code_kb[] = {8, 16, 24, 32, 40, 64, 128}, table_mb[] = {1, 4, 16, 64, 256};
    enum { CODES = sizeof code_kb / sizeof *code_kb, TABLES = sizeof table_mb / sizeof *table_mb };
    uint8_t *code[CODES];
    uint64_t *table[TABLES];
    int count[CODES], client, server;
    double slower, much_slower;
    struct spinner spinner[SPINNERS] = {0};
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
    pace(&slower, &much_slower);
    printf("a piece of work: %.0f %% of windows of 5 ms take 1.2 times the best twentieth's, %.0f %% 1.5 times\n",
        slower, much_slower);
    spinners(spinner);
    puts("taken from a thread that spins, times a second, microseconds each: of 3 to 20 us, to 50, of more");
    for (int i = 0; i < SPINNERS; i++) {
        printf(" ");
        for (int kind = 0; kind < TAKEN; kind++) {
            printf("  %4d of %5.1f", spinner[i].times[kind] / SPIN_S,
                spinner[i].taken_ns[kind] / (spinner[i].times[kind] > 0 ? spinner[i].times[kind] : 1) / 1000);
        }
        puts("");
    }
    return 0;
}

int main(int argc, char **argv) {
    const int instructions = argc > 1 ? atoi(argv[1]) : 1, wakes = argc > 2 ? atoi(argv[2]) : 650;
    const int busy = argc > 3 ? atoi(argv[3]) : 0, turns = argc > 4 ? atoi(argv[4]) : 10;
    if (instructions < 1 || instructions > 1000000 || wakes < 1 || wakes > 10000 || busy < 0 || busy > 10000
        || turns < 1 || turns > MOST_TURNS) {
        fputs("usage: machine [INSTRUCTIONS [WAKES [BUSY [TURNS]]]]\n", stderr);
        return 2;
    }
    return argc > 1 ? relays(instructions, wakes, busy, turns) : limits();
}
