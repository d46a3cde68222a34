/* tests/bench/live.c - many patients at once: each a kymo stream, one ECG lead and SpO2, sent at real time to a process of its
 * own, kymo alarm. Tells how late alarms leave and what a second of a patient costs.
 *
 *   live PATIENTS SECONDS RECORD kymo alarm -r 'spo2 < 88 for 15s' ...
 *
 * RECORD's first signal is the ECG, from its beginning again where it ends, but flat from 30 to 37 s of every minute; SpO2 is
 * 96 %, but 84 % from 20 to 50 s of every minute. Sent every 100 ms, all patients in turn within that. A line of an alarm that
 * begins is late by the time on the wall at which it came less that at which its condition was met: the time in its time_s, but
 * of asystole 4 s behind that in its since_s. SECONDS 0: 24 h of one patient as fast as they are taken. */
#include "lib/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LATENCY_NS (KYMO_NS_PER_S / 10)
#define FRAMES_A_S 10
#define FLAT_FROM_S 30
#define FLAT_TO_S 37
#define ASYSTOLE_S 4.0

/* Lines of alarms of one name. */
struct lines {
    char name[40];
    size_t n;
    double worst_s;
};

enum { MOST_NAMES = 16 };

struct patient {
    int to, from;
    pid_t pid;
};

static void die(const char *what)
{
    fprintf(stderr, "live: %s\n", what);
    exit(1);
}

static void check(int rc, const struct kymo_err *e)
{
    char text[1000];

    if (rc >= 0)
        return;
    kymo_err_text(e, 0, text, sizeof text);
    die(text);
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The ECG of the record: values, rate. */
static double *read_ecg(const char *path, size_t *n, struct kymo_ratio *rate)
{
    static const char *first = "0";
    struct kymo_err e = {0};
    const struct kymo_want want = {.signal = &first, .n_signals = 1};
    struct kymo_reader *const r = kymo_open(path, &want, &e);
    struct kymo_block *b;
    double *x = NULL;

    if (!r)
        check(-1, &e);
    *rate = r->hdr.signal[0].rate;
    for (*n = 0; kymo_read(r, &b, &e) > 0; *n += b->span[0].n) {
        x = realloc(x, (*n + b->span[0].n) * sizeof *x);
        memcpy(x + *n, kymo_physical(b, 0), b->span[0].n * sizeof *x);
    }
    kymo_close(r);
    return x;
}

static void describe(struct kymo_header *h, struct kymo_ratio rate)
{
    struct kymo_err e = {0};

    kymo_header_init(h);
    h->latency_ns = LATENCY_NS;
    for (int i = 0; i < 2; i++) {
        struct kymo_signal *const s = kymo_header_signal(h, &e);
        s->label = i ? "SpO2" : "ECG";
        s->unit = i ? "%" : "mV";
        s->kind = i ? KYMO_SPO2 : KYMO_ECG;
        s->rate = i ? kymo_ratio(1, 1) : rate;
        s->gain = i ? 1 : 200;
        s->calibrated = true;
    }
}

/* Writes SECONDS of a patient to out, frame[k] (seconds * 10 + 1, or NULL) the bytes that there are before the k-th tenth. */
static void write_patient(struct kymo_output *out, const char *record, int seconds, size_t *frame)
{
    struct kymo_ratio rate;
    struct kymo_header h;
    struct kymo_err e = {0};
    struct kymo_block b;
    size_t n_ecg, bytes;
    double *const ecg = read_ecg(record, &n_ecg, &rate);

    describe(&h, rate);
    struct kymo_writer *const w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &e);
    if (!w)
        check(-1, &e);
    kymo_block_init(&b, &h);
    for (size_t i = 0; i < 2; i++)
        check(kymo_block_reserve(&b, i, 10000, &e), &e);
    for (int k = 0; k < seconds * FRAMES_A_S; k++) {
        kymo_block_clear(&b);
        for (size_t i = 0; i < 2; i++) {
            b.span[i].first = kymo_index_at(h.signal[i].rate, k * LATENCY_NS);
            b.span[i].n = (size_t)(kymo_index_at(h.signal[i].rate, (k + 1) * LATENCY_NS) - b.span[i].first);
            for (size_t j = 0; j < b.span[i].n; j++) {
                const int64_t at = b.span[i].first + (int64_t)j;
                const int second = (int)(at % 60);
                const int64_t ecg_second = kymo_time_of(rate, at) / KYMO_NS_PER_S % 60;
                const bool flat = ecg_second >= FLAT_FROM_S && ecg_second < FLAT_TO_S;
                b.span[i].digital[j] = i ? (second >= 20 && second < 50 ? 84 : 96)
                                         : flat ? 0 : (int32_t)lround(200 * ecg[(size_t)at % n_ecg]);
            }
        }
        check(kymo_write(w, &b, &e), &e);
        if (frame) {
            kymo_output_bytes(out, &bytes);
            frame[k + 1] = bytes;
        }
    }
    check(kymo_write_finish(w, &e), &e);
    kymo_writer_destroy(w);
    free(ecg);
}

static struct patient start(char *const *command)
{
    int in[2], out[2];

    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
        die("no more pipes: raise ulimit -n");
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    return (struct patient){in[1], out[0], pid};
}

/* The number behind KEY in a line of JSON. */
static double number_of(const char *line, const char *key)
{
    const char *const at = strstr(line, key);

    return at ? strtod(at + strlen(key), NULL) : (double)NAN;
}

static void take_line(struct lines *all, const char *line, double at_s)
{
    const char *const key = "\"name\":\"", *const name = strstr(line, key);
    size_t k = 0;

    if (!name || !strstr(line, "\"state\":\"on\""))
        return;
    const char *const first = name + strlen(key);
    const size_t length = strcspn(first, "\"") < sizeof all->name ? strcspn(first, "\"") : sizeof all->name - 1;
    while (k < MOST_NAMES - 1 && all[k].n > 0 && (strlen(all[k].name) != length || strncmp(all[k].name, first, length) != 0))
        k++;
    memcpy(all[k].name, first, length);
    const bool silence = strcmp(all[k].name, "asystole") == 0;
    const double met_s = silence ? number_of(line, "\"since_s\":") + ASYSTOLE_S : number_of(line, "\"time_s\":");
    all[k].n++;
    all[k].worst_s = fmax(all[k].worst_s, at_s - met_s);
}

/* Takes the lines that have come. */
static void take_lines(struct patient *p, size_t n, double began_s, struct lines *all)
{
    for (size_t i = 0; i < n; i++) {
        struct pollfd poll_of = {.fd = p[i].from, .events = POLLIN};
        char text[65536];
        if (poll(&poll_of, 1, 0) <= 0 || !(poll_of.revents & POLLIN))
            continue;
        const ssize_t got = read(p[i].from, text, sizeof text - 1);
        const double at_s = now_s() - began_s;
        text[got > 0 ? got : 0] = '\0';
        for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            take_line(all, line, at_s);
        }
    }
}

static void put_all(int fd, const unsigned char *p, size_t n)
{
    while (n > 0) {
        const ssize_t got = write(fd, p, n);
        if (got < 0)
            die(strerror(errno));
        p += got;
        n -= (size_t)got;
    }
}

static void run(size_t n, int seconds, const char *record, char *const *command)
{
    size_t *const frame = calloc((size_t)seconds * FRAMES_A_S + 1, sizeof *frame), bytes;
    struct lines lines[MOST_NAMES] = {{.n = 0}};
    struct patient *const p = calloc(n, sizeof *p);
    struct kymo_err e = {0};
    struct kymo_output *const out = kymo_output_memory(&e);
    double behind_s = 0;

    write_patient(out, record, seconds, frame);
    const unsigned char *const all = kymo_output_bytes(out, &bytes);
    for (size_t i = 0; i < n; i++)
        p[i] = start(command);
    const double began_s = now_s() + 1;
    for (int k = 0; k < seconds * FRAMES_A_S; k++) {
        const double due_s = began_s + (k + 1) / (double)FRAMES_A_S;
        while (now_s() < due_s) {
            take_lines(p, n, began_s, lines);
            usleep(2000);
        }
        for (size_t i = 0; i < n; i++)
            put_all(p[i].to, all + frame[k], frame[k + 1] - frame[k]);
        behind_s = fmax(behind_s, now_s() - due_s);
        take_lines(p, n, began_s, lines);
    }
    for (size_t i = 0; i < n; i++) {
        put_all(p[i].to, all + frame[seconds * FRAMES_A_S], bytes - frame[seconds * FRAMES_A_S]);
        close(p[i].to);
        waitpid(p[i].pid, NULL, 0);
    }
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    const double cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("%zu patients, %d s; frames sent at most %.3f s late\n", n, seconds, behind_s);
    for (size_t k = 0; k < MOST_NAMES && lines[k].n > 0; k++)
        printf("%s: %zu alarms, the latest %.3f s behind its condition\n", lines[k].name, lines[k].n, lines[k].worst_s);
    printf("%.1f s of CPU, %.3f ms for a second of a patient; largest process %.1f MB\n", cpu_s,
           1e3 * cpu_s / ((double)n * seconds), (double)used.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
    struct kymo_err e = {0};

    if (argc < 5)
        die("usage: live PATIENTS SECONDS RECORD COMMAND...");
    const int seconds = atoi(argv[2]);
    if (seconds > 0) {
        run((size_t)atoi(argv[1]), seconds, argv[3], argv + 4);
        return 0;
    }
    struct patient p = start(argv + 4);
    struct kymo_output *out = NULL;
    dup2(p.to, STDOUT_FILENO);
    close(p.to);
    const int alarms = p.from;
    if (fork() == 0) {           /* what it says, counted */
        char text[65536];
        ssize_t got, lines = 0;
        close(STDOUT_FILENO);
        while ((got = read(alarms, text, sizeof text)) > 0)
            for (ssize_t i = 0; i < got; i++)
                lines += text[i] == '\n';
        fprintf(stderr, "%zd alarm lines\n", lines);
        _exit(0);
    }
    const double began_s = now_s();
    if (!(out = kymo_output_open(NULL, &e)))
        check(-1, &e);
    write_patient(out, argv[3], 86400, NULL);
    check(kymo_output_finish(out, &e), &e);
    kymo_output_destroy(out);
    close(STDOUT_FILENO);
    while (wait(NULL) > 0)
        ;
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    fprintf(stderr, "24 h in %.0f s, %.1f s of CPU; largest process %.1f MB\n", now_s() - began_s,
            (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec), (double)used.ru_maxrss / 1024);
    return 0;
}
