/* tests/bench/make_leads.c - writes the file that bench.sh filters: make_leads DIR
 *
 * leads.edf: 24 h of twelve leads at 500 Hz (EDF, 1037 MB). The signal is our synthetic ECG, one minute of it over and over,
 * each lead a mixture of its own. */
#include "algorithms/ecgsyn.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define LEADS 12
#define RATE 500
#define SECONDS 60
#define MINUTES (24 * 60)

static int16_t minute[SECONDS][LEADS][RATE];

static int synthesise(void)
{
    static double x[2][SECONDS * RATE];
    struct kymo_err e = {0};

    for (int k = 0; k < 2; k++) {
        struct ecgsyn_options o = ecgsyn_defaults;
        o.fs_hz = RATE;
        o.duration_s = SECONDS;
        o.noise_mv = 0.02;
        o.seed = (uint64_t)k + 1;
        struct ecgsyn *s = ecgsyn_create(&o, &e);
        if (!s || ecgsyn_next(s, x[k], SECONDS * RATE) != SECONDS * RATE)
            return -1;
        ecgsyn_destroy(s);
    }
    for (int s = 0; s < SECONDS; s++)
        for (int k = 0; k < LEADS; k++)
            for (int i = 0; i < RATE; i++)
                minute[s][k][i] = (int16_t)lrint(200 * (x[0][s * RATE + i] + 0.1 * k * x[1][s * RATE + i]));
    return 0;
}

/* One field of all signals. */
static void put(FILE *f, int width, const char *text)
{
    for (int k = 0; k < LEADS; k++)
        fprintf(f, "%-*s", width, text);
}

static void put_header(FILE *f)
{
    fprintf(f, "%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8s%-4d", "0", "X", "X", "01.01.00", "00.00.00", 256 * (LEADS + 1), "",
            MINUTES * SECONDS, "1", LEADS);
    for (int k = 0; k < LEADS; k++)
        fprintf(f, "ECG %-12d", k + 1);
    put(f, 80, "");
    put(f, 8, "mV");
    put(f, 8, "-10");
    put(f, 8, "10");
    put(f, 8, "-2000");
    put(f, 8, "2000");
    put(f, 80, "");
    put(f, 8, "500");
    put(f, 32, "");
}

int main(int argc, char **argv)
{
    char path[4096] = "";

    if (argc == 2)
        snprintf(path, sizeof path, "%s/leads.edf", argv[1]);
    FILE *f = argc == 2 && synthesise() == 0 ? fopen(path, "wb") : NULL;
    if (f) {
        put_header(f);
        for (int m = 0; m < MINUTES; m++)
            fwrite(minute, sizeof minute, 1, f);
        if (fclose(f) == 0)
            return 0;
    }
    fprintf(stderr, "usage: make_leads DIR\n");
    return 1;
}
